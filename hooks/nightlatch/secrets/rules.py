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

RULES = (*FORMATS, *AI, *CLOUD, *CODE_HOSTING, *MESSAGING, *PAYMENTS, *OBSERVABILITY, *PRODUCTIVITY)

CONFIRMATIONS = {
    "SEC001": "private_key:confirm_pem",
    "SEC002": "private_key:confirm_encrypted_pem",
    "SEC003": "private_key:confirm_putty",
    "SEC004": "private_key:confirm_jwk",
    "SEC010": "jwt:confirm",
    "SEC011": "url_password:confirm_url",
    "SEC012": "url_password:confirm_connection_string",
}
"""Rule → module and function that reads what a pattern can't; imported when a candidate is there."""
