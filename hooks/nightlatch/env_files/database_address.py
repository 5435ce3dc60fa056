"""Which database an address leads to: scheme, host, port and name, without the user."""

from __future__ import annotations

import re

SCHEMES = {
    b"postgres": (b"postgres", b"5432"),
    b"postgresql": (b"postgres", b"5432"),
    b"mysql": (b"mysql", b"3306"),
    b"mariadb": (b"mysql", b"3306"),
    b"mongodb": (b"mongodb", b"27017"),
    b"mongodb+srv": (b"mongodb", b""),
    b"redis": (b"redis", b"6379"),
    b"rediss": (b"redis", b"6379"),
    b"sqlserver": (b"sqlserver", b"1433"),
    b"mssql": (b"sqlserver", b"1433"),
    b"cockroachdb": (b"postgres", b"26257"),
    b"libsql": (b"libsql", b""),
    b"clickhouse": (b"clickhouse", b""),
}
"""Scheme → what counts as the same, and its port."""

URL = re.compile(rb"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:(?P<login>[^/?#]*)@)?(?P<host>[^/?#@]*)(?P<path>[^?#]*)")
PORT = re.compile(rb":([0-9]*)$")

FAMILIES = {
    "POSTGRES": (b"postgres", b"5432"),
    "PG": (b"postgres", b"5432"),
    "MYSQL": (b"mysql", b"3306"),
    "MONGO": (b"mongodb", b"27017"),
    "DB": (b"database", b""),
    "DATABASE": (b"database", b""),
}
HOSTS = ("HOST", "HOSTNAME", "SERVER")
NAMES = ("DATABASE", "DB", "NAME", "DBNAME")
PORTS = ("PORT",)

LOCAL_HOSTS = (b"localhost", b"127.0.0.1", b"0.0.0.0", b"[::1]", b"::1", b"host.docker.internal")


class Address:
    """What an address says.

    scheme, host, port, name  of the database; the port may be the scheme's usual one
    login                     user and password, as they stand
    """

    __slots__ = ("host", "login", "name", "port", "scheme")

    def __init__(self, scheme: bytes, host: bytes, port: bytes, name: bytes, login: bytes = b"") -> None:
        self.scheme = scheme
        self.host = host
        self.port = port
        self.name = name
        self.login = login

    @property
    def identity(self) -> bytes:
        """What two addresses of the same database share."""
        return b"\0".join((self.scheme, self.host.replace(b"-pooler.", b"."), self.port, self.name))

    @property
    def password(self) -> bytes:
        """The password of the login, percent-encoded as it stands."""
        return self.login.partition(b":")[2]

    @property
    def is_local(self) -> bool:
        """Whether the host is this machine, or a bare name that means another in each network."""
        return is_local(self.host) or b"." not in self.host


def is_local(host: bytes) -> bool:
    """Whether a host is this machine."""
    return host.lower() in LOCAL_HOSTS or host.startswith(b"127.")


def address_of(value: bytes) -> Address | None:
    """The address in a URL of a database; None where it is none."""
    found = URL.match(value)
    known = SCHEMES.get(found["scheme"].lower()) if found else None
    if found is None or known is None:
        return None
    scheme, usual = known
    port = PORT.search(found["host"])
    host = found["host"][: port.start()] if port else found["host"]
    name = found["path"].strip(b"/") or (b"0" if scheme == b"redis" else b"")
    return Address(scheme, host.lower(), (port[1] if port else b"") or usual, name, found["login"] or b"")


def addresses_in_parts(values: dict[str, bytes]) -> list[tuple[str, Address]]:
    """The addresses that stand in several variables (`DB_HOST`, `DB_PORT`, `DB_NAME`), with the host's variable."""
    found = []
    for family, (scheme, usual) in FAMILIES.items():
        sign = "" if family == "PG" else "_"
        host, name, port = (_first(values, family, sign, endings) for endings in (HOSTS, NAMES, PORTS))
        if host and name:
            number = values[port] if port else usual
            found.append((host, Address(scheme, values[host].lower(), number or usual, values[name])))
    return found


def _first(values: dict[str, bytes], family: str, sign: str, endings: tuple[str, ...]) -> str:
    names = (f"{family}{sign}{ending}" for ending in endings)
    return next((name for name in names if values.get(name)), "")
