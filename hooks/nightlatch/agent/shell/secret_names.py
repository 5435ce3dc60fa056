"""Variables whose names say that they hold a credential."""

from __future__ import annotations

_PARTS = frozenset(
    {"TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "APIKEY", "CREDENTIALS", "PAT", "PGPASSWORD"}
)
_ENDINGS = ("API_KEY", "SECRET_KEY", "PRIVATE_KEY", "ACCESS_KEY", "ENCRYPTION_KEY", "SIGNING_KEY", "AUTH_KEY")
_ADDRESSES = ("DATABASE_URL", "DATABASE_URI", "DATABASE_DSN", "DB_URL", "DB_URI", "DB_DSN", "POSTGRES_URL",
              "POSTGRESQL_URL", "PG_URL", "MYSQL_URL", "MONGO_URL", "MONGO_URI", "MONGODB_URL", "MONGODB_URI",
              "REDIS_URL", "AMQP_URL", "RABBITMQ_URL", "CONNECTION_STRING")  # fmt: skip
"""Addresses of databases, which mostly hold a password."""

_HARMLESS = ("_FILE", "_PATH", "_NAME", "_URL", "_ID", "_TYPE", "_LENGTH", "_COUNT", "_EXPIRY", "_DIR", "_ARN")


def is_credential(name: str) -> bool:
    """Whether a variable of this name holds a credential: `GITHUB_TOKEN`, but not `TOKEN_FILE`."""
    upper = name.upper()
    is_secret = not _PARTS.isdisjoint(upper.split("_")) or upper.endswith(_ENDINGS)
    is_harmless = upper.endswith(_HARMLESS) and not upper.endswith(_ADDRESSES)
    return name.isidentifier() and (is_secret or upper.endswith(_ADDRESSES)) and not is_harmless
