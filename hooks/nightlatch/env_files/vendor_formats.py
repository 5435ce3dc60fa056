"""How the credentials of providers begin that an env file is likely to hold."""

from __future__ import annotations

import re

LIVE = "live"
TEST = "test"
PUBLIC = "public"
BROWSER = "browser"
SECRET = "secret"  # noqa: S105 - a kind of credential

BODY = re.compile(rb"[A-Za-z0-9_.+/=-]+")


class VendorFormat:
    """What a provider's credential looks like.

    label   how messages call it
    prefix  how it begins
    least   how many characters it has at least, the prefix among them
    kind    LIVE or TEST where the provider tells them apart, PUBLIC where everyone may know it, BROWSER where it
            is often made for browsers, else SECRET
    """

    __slots__ = ("kind", "label", "least", "prefix")

    def __init__(self, label: str, prefix: str, least: int, kind: str = SECRET) -> None:
        self.label = label
        self.prefix = prefix.encode()
        self.least = least
        self.kind = kind


AGE_KEY = ("AGE", "SECRET", "KEY", "1")
"""How the key begins that opens what age has encrypted: in parts, since a whole one reads like a key."""

VENDORS = (
    VendorFormat("a Stripe live key", "sk_live_", 28, LIVE),
    VendorFormat("a Stripe live key", "rk_live_", 28, LIVE),
    VendorFormat("a Stripe live publishable key", "pk_live_", 20, PUBLIC),
    VendorFormat("a Stripe test key", "sk_test_", 28, TEST),
    VendorFormat("a Stripe test key", "rk_test_", 28, TEST),
    VendorFormat("a Stripe test publishable key", "pk_test_", 20, PUBLIC),
    VendorFormat("a Stripe webhook secret", "whsec_", 32),
    VendorFormat("an Anthropic key", "sk-ant-", 60),
    VendorFormat("an OpenAI key", "sk-proj-", 60),
    VendorFormat("an OpenRouter key", "sk-or-v1-", 60),
    VendorFormat("an OpenAI key", "sk-", 40),
    VendorFormat("a GitHub token", "ghp_", 40),
    VendorFormat("a GitHub token", "gho_", 40),
    VendorFormat("a GitHub token", "ghu_", 40),
    VendorFormat("a GitHub token", "ghs_", 40),
    VendorFormat("a GitHub token", "github_pat_", 60),
    VendorFormat("a GitLab token", "glpat-", 26),
    VendorFormat("an Apify token", "apify_api_", 40),
    VendorFormat("a Slack token", "xoxb-", 40),
    VendorFormat("a Slack token", "xoxp-", 40),
    VendorFormat("a Slack token", "xapp-", 40),
    VendorFormat("a SendGrid key", "SG.", 60),
    VendorFormat("a Resend key", "re_", 30),
    VendorFormat("a Groq key", "gsk_", 50),
    VendorFormat("a Hugging Face token", "hf_", 34),
    VendorFormat("an npm token", "npm_", 38),
    VendorFormat("a Replicate token", "r8_", 38),
    VendorFormat("an AWS access key", "AKIA", 20),
    VendorFormat("an AWS access key", "ASIA", 20),
    VendorFormat("a Google API key", "AIza", 39, BROWSER),
    VendorFormat("a Supabase secret key", "sb_secret_", 30),
    VendorFormat("a DigitalOcean token", "dop_v1_", 60),
    VendorFormat("a PostHog personal key", "phx_", 40),
    VendorFormat("a Linear key", "lin_api_", 40),
    VendorFormat("a Doppler token", "dp.st.", 40),
    VendorFormat("a Vault token", "hvs.", 40),
    VendorFormat("an age key", "-".join(AGE_KEY), 60),
)
"""The formats; of two that fit, the one that stands first."""

PREFIXES = tuple(form.prefix for form in VENDORS)
PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")

IN_A_VALUE = re.compile(
    rb"https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9_+/-]{20,}"
    rb"|https://(?:[a-z]{1,10}\.)?discord(?:app)?\.com/api/webhooks/[0-9]{10,}/[A-Za-z0-9_-]{30,}"
    rb"|(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{30,}"
)
"""What is a secret wherever in a value it stands: the addresses of webhooks, the keys in Azure's connections."""

WORD = re.compile(rb"[A-Za-z0-9_.+/=-]{20,}")
LONGEST_WORD = 4096

KNOWN_TO_ALL = (
    b"Eby8vdM02xNOcqFlqUwJPL",  # Azure's storage emulator
    b"C2y6yDjf5/R+ob0N8A7Cgv30",  # Azure's Cosmos DB emulator
    b"eyJpc3MiOiJzdXBhYmFzZS1kZW1v",  # the payload of Supabase's keys for local development
    b"6LeIxAcTAAAAA",  # reCAPTCHA's keys for tests
    b"1x00000000000000000000",  # Turnstile's keys for tests
    b"ac0974bec39a17e36ba4",  # the first account of a local chain
)
"""Parts of credentials that their providers publish for everyone's development."""

SERVICE_ROLE = (b"c2VydmljZV9yb2xl", b"NlcnZpY2Vfcm9sZ", b"zZXJ2aWNlX3JvbG")
"""`service_role` in base64, at each of the three offsets: the key of Supabase that may do everything."""


def vendor_format(value: bytes) -> VendorFormat | None:
    """The provider's format that a value has, from end to end; None for what is too short or holds other signs."""
    if not value.startswith(PREFIXES):
        return None
    for form in VENDORS:
        if value.startswith(form.prefix) and len(value) >= form.least and BODY.fullmatch(value):
            return form
    return None


def first_credential(text: bytes) -> tuple[int, int] | None:
    """Where in a text of any format a provider's secret or a private key stands; None where there is none."""
    for word in WORD.finditer(text):
        for part in re.finditer(rb"[^=/]+", word[0][:LONGEST_WORD]):
            form = vendor_format(part[0])
            if form is not None and form.kind in (SECRET, LIVE) and not is_known_to_all(part[0]):
                return word.start() + part.start(), word.start() + part.end()
    found = PRIVATE_KEY.search(text) or IN_A_VALUE.search(text)
    return found.span() if found and not is_known_to_all(text[found.start() : found.end()]) else None


def is_known_to_all(value: bytes) -> bool:
    """Whether a credential is one that its provider publishes."""
    return any(part in value for part in KNOWN_TO_ALL)


def is_service_role(value: bytes) -> bool:
    """Whether a value is a token that says of itself that it may do everything."""
    return value.startswith(b"eyJ") and any(part in value for part in SERVICE_ROLE)
