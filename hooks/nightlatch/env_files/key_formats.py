"""What the value of a well-known variable looks like: prefixes and lengths, as their providers give them."""

from __future__ import annotations

import re


class KeyFormat:
    """What a variable's value must be like.

    label     how messages call the value
    prefixes  of which it begins with one; none: any
    least     the least number of characters
    other     a pattern of values without a prefix that are right too, for `re.fullmatch`
    how       how to make one, where the team makes it itself
    """

    __slots__ = ("how", "label", "least", "other", "prefixes")

    def __init__(self, label: str, *prefixes: str, least: int = 0, other: str = "", how: str = "") -> None:
        self.label = label
        self.prefixes = tuple(prefix.encode() for prefix in prefixes)
        self.least = least
        self.other = re.compile(other.encode()) if other else None
        self.how = how


HEX_32 = "openssl rand -hex 32"
BASE64_32 = "openssl rand -base64 32"
UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

SIGNING = KeyFormat("a signing secret", least=32, how=HEX_32)
ENCRYPTING = KeyFormat("an encryption key", least=32, how=HEX_32)

FORMATS = {
    "JWT_SECRET": SIGNING,
    "JWT_SECRET_KEY": SIGNING,
    "JWT_ACCESS_SECRET": SIGNING,
    "JWT_REFRESH_SECRET": SIGNING,
    "ACCESS_TOKEN_SECRET": SIGNING,
    "REFRESH_TOKEN_SECRET": SIGNING,
    "SESSION_SECRET": SIGNING,
    "COOKIE_SECRET": SIGNING,
    "AUTH_SECRET": SIGNING,
    "NEXTAUTH_SECRET": SIGNING,
    "BETTER_AUTH_SECRET": SIGNING,
    "SECRET_KEY_BASE": SIGNING,
    "ENCRYPTION_KEY": ENCRYPTING,
    "ENCRYPTION_SECRET": ENCRYPTING,
    "ANTHROPIC_API_KEY": KeyFormat("an Anthropic key", "sk-ant-", least=20),
    "CLAUDE_API_KEY": KeyFormat("an Anthropic key", "sk-ant-", least=20),
    "OPENAI_API_KEY": KeyFormat("an OpenAI key", "sk-", "sess-", least=20),
    "EXA_API_KEY": KeyFormat("an Exa key", "exa-", "exa_", least=16, other=UUID),
    "GITHUB_TOKEN": KeyFormat(
        "a GitHub token", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", least=36, other="[0-9a-f]{40}"
    ),
    "GH_TOKEN": KeyFormat(
        "a GitHub token", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", least=36, other="[0-9a-f]{40}"
    ),
    "APIFY_TOKEN": KeyFormat("an Apify token", "apify_api_", least=20),
    "APIFY_API_TOKEN": KeyFormat("an Apify token", "apify_api_", least=20),
    "STRIPE_SECRET_KEY": KeyFormat("a Stripe secret key", "sk_live_", "sk_test_", "rk_live_", "rk_test_", least=20),
    "STRIPE_PUBLISHABLE_KEY": KeyFormat("a Stripe publishable key", "pk_live_", "pk_test_", least=20),
    "STRIPE_WEBHOOK_SECRET": KeyFormat("a Stripe webhook secret", "whsec_", least=20),
    "SLACK_BOT_TOKEN": KeyFormat("a Slack bot token", "xoxb-", least=20),
    "SLACK_APP_TOKEN": KeyFormat("a Slack app token", "xapp-", least=20),
    "SENDGRID_API_KEY": KeyFormat("a SendGrid key", "SG.", least=40),
    "RESEND_API_KEY": KeyFormat("a Resend key", "re_", least=20),
    "GROQ_API_KEY": KeyFormat("a Groq key", "gsk_", least=40),
    "HUGGINGFACE_TOKEN": KeyFormat("a Hugging Face token", "hf_", least=30),
    "HF_TOKEN": KeyFormat("a Hugging Face token", "hf_", least=30),
    "NPM_TOKEN": KeyFormat("an npm token", "npm_", least=36, other=UUID),
    "REPLICATE_API_TOKEN": KeyFormat("a Replicate token", "r8_", least=30),
    "AWS_ACCESS_KEY_ID": KeyFormat("an AWS access key's id", "AKIA", "ASIA", least=20),
    "AWS_SECRET_ACCESS_KEY": KeyFormat("an AWS secret access key", least=40),
    "CLERK_SECRET_KEY": KeyFormat("a Clerk secret key", "sk_live_", "sk_test_", least=20),
}
"""Name → format. A name counts with anything before it too: `MY_APP_JWT_SECRET`."""

ELSEWHERE = ("BASE_URL", "API_BASE", "BASE", "ENDPOINT", "API_URL", "HOST", "PROXY_URL", "API_ENDPOINT")
"""Words of a vendor's variable that leads to another server, whose keys look as they like."""

LONGEST_SECONDS = {
    "JWT_EXPIRY": 7 * 86400,
    "JWT_EXPIRES_IN": 7 * 86400,
    "JWT_EXPIRATION": 7 * 86400,
    "ACCESS_TOKEN_EXPIRY": 7 * 86400,
    "ACCESS_TOKEN_EXPIRES_IN": 7 * 86400,
    "REFRESH_TOKEN_EXPIRY": 30 * 86400,
    "REFRESH_TOKEN_EXPIRES_IN": 30 * 86400,
}
"""Name of a lifetime → how long it may be at most: a session of seven days, a refresh token of thirty."""

LONGEST_NAME = 200
UNITS = {"": 0, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "y": 365 * 86400}
LIFETIME = re.compile(rb"([0-9]{1,9}) ?(s|m|h|d|w|y)")

HEX = "[0-9a-fA-F]+"
VALUE_FORMATS = {
    name: re.compile(pattern.encode())
    for name, pattern in {
        "url": r"[A-Za-z][A-Za-z0-9+.-]*://[^\s]+",
        "email": r"[^@\s]+@[^@\s]+\.[^@\s.]+",
        "uuid": UUID,
        "hex": HEX,
        "base64": r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?",
        "base64url": r"[A-Za-z0-9_-]+={0,2}",
        "jwt": r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*",
        "integer": r"[+-]?[0-9]+",
        "boolean": r"true|false|0|1",
    }.items()
}
"""The configuration's `format` → what a value of it matches from end to end."""


def format_of(key: str) -> KeyFormat | None:
    """The format of a variable's value, if its name is known: the longest known ending of the name counts."""
    name = key.upper() if len(key) <= LONGEST_NAME else ""
    while name:
        if name in FORMATS:
            return FORMATS[name]
        name = name.partition("_")[2]
    return None


def leads_elsewhere(key: str) -> bool:
    """Whether a variable holds the address of another server than the vendor's own."""
    name = key.upper()
    return any(ending in name for ending in ELSEWHERE)


def vendor_of(key: str) -> str:
    """`OPENAI` of `OPENAI_API_KEY`."""
    return key.upper().partition("_")[0]


def seconds_of(value: bytes) -> int | None:
    """How long `7d` is; None without a unit, since the readers of a bare number disagree on it."""
    found = LIFETIME.fullmatch(value.strip().lower())
    return int(found[1]) * UNITS[found[2].decode()] if found else None
