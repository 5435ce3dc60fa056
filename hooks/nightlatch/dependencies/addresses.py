"""Addresses as package managers read them: scheme, host and port, and what makes two programs read two hosts.

npm and its kin follow the URL standard (https://url.spec.whatwg.org/#url-parsing), pip and uv RFC 3986. What the two
read differently, such as a backslash in front of an `@`, is a fault here: nobody can say where it leads.
"""

from __future__ import annotations

import re

PLAIN_SCHEMES = frozenset(("http", "git", "git+http", "git+git", "hg+http", "svn+http", "svn", "svn+svn", "ftp"))
"""What is read over a network without TLS and without SSH."""

WITH_HOST = frozenset(
    (
        "http", "https", "ftp", "ftps", "git", "ssh", "svn", "git+http", "git+https", "git+ssh", "git+git", "hg+http",
        "hg+https", "hg+ssh", "svn+http", "svn+https", "svn+ssh", "svn+svn", "bzr+http", "bzr+https", "bzr+ssh",
    )
)  # fmt: skip
"""Schemes that name a host, and nothing without one."""

DEFAULT_PORTS = {"http": "80", "https": "443", "ftp": "21"}
NOT_IN_USER = frozenset("@[]<>\\^")
LONGEST = 8_192
LONGEST_HOST = 253

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*")
_DOTTED = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}")
_IPV6 = re.compile(r"\[[0-9a-f:.]+\]")
_SCP = re.compile(r"[A-Za-z0-9._-]+@([A-Za-z0-9.-]+):(?!//)\S+")


class Address:
    """One address, taken apart.

    scheme  in lower case; "" where there is none, as in a file's name
    origin  what it is downloaded from: `host`, or `host:port` where the port isn't the scheme's own; `scheme:` where
            the scheme names no host (`file:`, `github:`); "" for a name or a path without a scheme
    fault   why nobody can say where it leads; "" where everybody can
    """

    __slots__ = ("fault", "host", "origin", "scheme")

    def __init__(self, scheme: str = "", host: str = "", port: str = "", fault: str = "") -> None:
        self.scheme = scheme
        self.host = host
        self.fault = fault
        self.origin = (f"{host}:{port}" if port else host) or (f"{scheme}:" if scheme else "")


def parsed(text: str) -> Address:
    """Take an address apart. Never raises: see `Address.fault`."""
    if len(text) > LONGEST:
        return Address(fault="it is longer than any address")
    if not text.isascii() or not text.isprintable() or " " in text.partition("?")[0].partition("#")[0]:
        return _of_odd_signs(text)
    found = _SCHEME.fullmatch(text)
    if found is None:
        return _without_scheme(text)
    scheme, rest = found[1].lower(), found[2]
    if scheme not in WITH_HOST:
        return Address(scheme)
    if not rest.startswith("//") or rest.startswith("///"):
        return Address(scheme, fault="two slashes do not follow its scheme")
    return _with_host(scheme, rest[2:])


def _without_scheme(text: str) -> Address:
    """A file's name, a path, or what ssh and git take: `git@host:owner/name`."""
    scp = _SCP.fullmatch(text)
    if scp:
        return Address("ssh", scp[1].lower())
    return Address(fault="it begins without a scheme") if text.startswith(("//", "\\")) else Address()


def _of_odd_signs(text: str) -> Address:
    """Blanks and the like are common in a file's name, and nowhere in an address."""
    found = _SCHEME.fullmatch(text.strip())
    if found and found[1].lower() in WITH_HOST:
        return Address(found[1].lower(), fault="it holds a sign that no address has")
    return Address(fault="" if found is None else "it holds a sign that no address has")


def _with_host(scheme: str, rest: str) -> Address:
    if "\\" in rest.partition("?")[0].partition("#")[0]:
        return Address(scheme, fault="it holds a backslash, which some programs take for a slash")
    end = min((place for place in map(rest.find, "/?#") if place >= 0), default=len(rest))
    user, _, named = rest[:end].rpartition("@")
    if not NOT_IN_USER.isdisjoint(user):
        return Address(scheme, fault="what stands in front of its host is no user")
    host, port = _without_port(named.lower())
    host = host.removesuffix(".")
    if port and not (port.isdigit() and int(port[:6]) < 65_536):  # noqa: PLR2004 - the highest port there is
        if scheme in DEFAULT_PORTS or not _HOST.fullmatch(host):
            return Address(scheme, fault="what stands behind its host is no port")
        port = ""  # git+ssh://git@host:owner/name is what git calls the short form
    if not _is_host(host):
        return Address(scheme, fault="it names no host that everybody reads alike" if host else "it names no host")
    port = port.lstrip("0")
    return Address(scheme, host, "" if port == DEFAULT_PORTS.get(scheme) else port)


def _without_port(named: str) -> tuple[str, str]:
    if named.startswith("["):
        host, bracket, rest = named.partition("]")
        return host + bracket, rest.removeprefix(":")
    host, _, port = named.partition(":")
    return host, port


def _is_host(host: str) -> bool:
    """A name, an IPv6 address in brackets, or an IPv4 one of four plain numbers: `0x7f.1` is one for some."""
    if host.startswith("["):
        return _IPV6.fullmatch(host) is not None and _is_ipv6(host[1:-1])
    if len(host) > LONGEST_HOST or _HOST.fullmatch(host) is None:
        return False
    last = host.rpartition(".")[2]
    is_number = last.isdigit() or last.startswith("0x")
    return not is_number or (_DOTTED.fullmatch(host) is not None and all(int(one) < 256 for one in host.split(".")))  # noqa: PLR2004 - a byte


def _is_ipv6(text: str) -> bool:
    from ipaddress import AddressValueError, IPv6Address

    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def is_own_machine(host: str) -> bool:
    """Whether it is this machine, that no network lies in front of."""
    return host == "localhost" or host.endswith(".localhost") or host == "[::1]" or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    return host.startswith("127.") and _DOTTED.fullmatch(host) is not None


def is_insecure(text: str) -> bool:
    """Whether an address is read without TLS over a network."""
    found = parsed(text)
    return found.scheme in PLAIN_SCHEMES and not is_own_machine(found.host)
