"""What belongs to development and not into a production file: names and values."""

from __future__ import annotations

import re

from nightlatch.env_files.database_address import is_local
from nightlatch.env_files.environments import DEVELOPMENT, TEST, VARIABLES, environment_named

ON = frozenset((b"true", b"1", b"yes", b"on", b"y", b"enabled", b"*"))
VERBOSE = frozenset((b"debug", b"trace", b"verbose", b"silly", b"all"))

DEBUG_NAMES = re.compile(r"(?:[A-Z0-9_]+_)?(?:DEBUG|DEBUG_MODE|DEBUGGER|DEVTOOLS|DISPLAY_ERRORS|SHOW_ERRORS)")
LEVEL_NAMES = re.compile(r"(?:[A-Z0-9_]+_)?LOG_?LEVEL")
SWITCHES = {
    "NODE_TLS_REJECT_UNAUTHORIZED": (frozenset((b"0",)), "1"),
    "PYTHONHTTPSVERIFY": (frozenset((b"0",)), "1"),
    "GIT_SSL_NO_VERIFY": (frozenset((b"true", b"1")), "false"),
    "SSL_VERIFY": (frozenset((b"false", b"0", b"no")), "true"),
    "DISABLE_AUTH": (ON, "false"),
    "SKIP_AUTH": (ON, "false"),
    "AUTH_DISABLED": (ON, "false"),
}
"""Name → the values that switch a check off, and one that leaves it on."""

ORIGIN_NAMES = re.compile(
    r"(?:[A-Z0-9_]+_)?(?:CORS_ORIGINS?|CORS_ALLOWED_ORIGINS?|ALLOWED_ORIGINS?|CORS_ALLOW_ORIGINS?|ALLOWED_HOSTS"
    r"|ORIGIN_WHITELIST|CORS)"
)
HOST_NAMES = re.compile(
    r"(?:[A-Z0-9_]+_)?(?:DB|DATABASE|POSTGRES|PG|MYSQL|MONGO|REDIS|SMTP|MAIL|EMAIL|RABBITMQ|KAFKA|API)_?(?:HOST|HOSTNAME|SERVER)"
)
URL_START = re.compile(rb"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#@]*@)?(?P<host>\[[^\]]*\]|[^/?#:,]*)")
PRIVATE_HOST = re.compile(rb"10\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|169\.254\.|f[cd][0-9a-f]{2}:|\[f[cd]")
INNER_ENDINGS = (b".local", b".internal", b".svc", b".cluster.local", b".lan", b".localhost", b".test", b".intranet")
NAMESPACES = re.compile(r"(?:XMLNS|NAMESPACE|SCHEMA|NAME_?ID|CLAIM|AUDIENCE|ISSUER|ENTITY_?ID|PROXY)")
"""Names whose `http://` is no address that anything calls, or is one by custom."""

PRODUCTION_LABEL = re.compile(rb"(?:^|[.-])(?:prod|production|prd)(?:[.-]|$)")
NOT_OURS = (b".logic.azure.com",)
"""Hosts of providers that have `prod` in everyone's name."""

PRODUCTION_PART = re.compile(rb"(?:^|[^a-z0-9])prod(?:uction)?(?:[^a-z0-9]|$)")


def development_setting(key: str, value: bytes) -> tuple[str, str]:
    """What a setting switches on that belongs to development, in words that follow its name; and the right value.

    Both are empty where it switches on nothing of the kind.
    """
    name, lowered = key.upper(), value.strip().lower()
    if name in VARIABLES and environment_named(lowered.decode("ascii", "replace")) in (DEVELOPMENT, TEST):
        return "names another environment", "production"
    if DEBUG_NAMES.fullmatch(name) and (lowered in ON or lowered.endswith(b":*")):
        return "switches debugging on", "false"
    wrong, right = SWITCHES.get(name, (frozenset(), ""))
    return ("switches a check off", right) if lowered in wrong else ("", "")


def is_verbose_log(key: str, value: bytes) -> bool:
    """Whether a log's level tells more than production should keep."""
    return LEVEL_NAMES.fullmatch(key.upper()) is not None and value.strip().lower() in VERBOSE


def loose_address(key: str, value: bytes) -> str:
    """What is too local or too open in an address for production, in words that follow its name; or nothing."""
    name = key.upper()
    if ORIGIN_NAMES.fullmatch(name) and b"*" in (part.strip(b" \"'[]") for part in value.split(b",")):
        return "lets every origin in"
    if HOST_NAMES.fullmatch(name) and is_local(value):
        return "is this machine"
    for part in value.split(b",")[:32]:
        found = URL_START.match(part.strip())
        if found is None:
            continue
        host = found["host"].lower()
        if is_local(host) or host.endswith(b".localhost"):
            return "leads to this machine"
        if found["scheme"].lower() in (b"http", b"ws") and _is_open(host) and not NAMESPACES.search(name):
            return "goes without TLS"
    return ""


def _is_open(host: bytes) -> bool:
    """Whether a host is reached over the open network."""
    return b"." in host and not host.endswith(INNER_ENDINGS) and not PRIVATE_HOST.match(host) and b"$" not in host


def production_host(value: bytes) -> bool:
    """Whether an address names a production host."""
    found = URL_START.match(value)
    host = found["host"].lower() if found else b""
    return bool(host) and not host.endswith(NOT_OURS) and PRODUCTION_LABEL.search(host) is not None


def says_production(value: bytes) -> bool:
    """Whether a credential says of itself that it is production's."""
    return PRODUCTION_PART.search(value.lower()) is not None
