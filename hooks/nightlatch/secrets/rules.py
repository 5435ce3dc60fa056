"""Every rule of the `secrets` hook, in the order of their ids, and the confirmations that some need."""

from __future__ import annotations

from nightlatch.secrets.formats import RULES as FORMATS
from nightlatch.secrets.providers.ai import RULES as AI
from nightlatch.secrets.providers.cloud import RULES as CLOUD
from nightlatch.secrets.providers.code_hosting import RULES as CODE_HOSTING
from nightlatch.secrets.providers.messaging import RULES as MESSAGING
from nightlatch.secrets.providers.observability import RULES as OBSERVABILITY
from nightlatch.secrets.providers.payments import RULES as PAYMENTS
from nightlatch.secrets.providers.productivity import RULES as PRODUCTIVITY
from nightlatch.secrets.secret_rule import SecretRule

RULES = (*FORMATS, *AI, *CLOUD, *CODE_HOSTING, *MESSAGING, *PAYMENTS, *OBSERVABILITY, *PRODUCTIVITY)

PLUGIN = SecretRule(
    id="SEC090",
    name="detect-secrets-plugin",
    provider="",
    summary="A secret that a plugin of detect-secrets finds",
    pattern="",
    keywords=(),
    revoke="where it was issued",
    positive=(),
    negative=(),
)
"""What the plugins find that the command line names (`foreign_plugins.py`): no pattern of ours stands behind it."""

ALL = (*FORMATS, PLUGIN, *RULES[len(FORMATS) :])
"""The same with that one. `RULES` are those that the engines search for."""

CONFIRMATIONS = {
    "SEC001": "private_key:confirm_pem",
    "SEC002": "private_key:confirm_encrypted_pem",
    "SEC003": "private_key:confirm_putty",
    "SEC004": "private_key:confirm_jwk",
    "SEC010": "jwt:confirm",
    "SEC011": "url_password:confirm_url",
    "SEC012": "url_password:confirm_connection_string",
    "SEC013": "lookalike:confirm_no_identifiers",
    "SEC107": "firebase:confirm_secret",
    "SEC143": "firebase:confirm_client",
    "SEC334": "lookalike:confirm_no_identifiers",
    "SEC335": "basic_auth:confirm_npm",
    "SEC336": "basic_auth:confirm_pair",
    "SEC410": "lookalike:confirm_named",
    "SEC412": "lookalike:confirm_no_identifiers",
    "SEC415": "lookalike:confirm_no_file",
    "SEC431": "lookalike:confirm_not_weak",
    "SEC738": "lookalike:confirm_no_identifiers",
}
"""Rule → module and function that reads what a pattern can't; imported when a candidate is there."""
