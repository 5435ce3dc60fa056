"""Development and production apart: ENV108 to ENV112.

Values are compared by a hash under a key that is made anew for each run and kept nowhere.
"""

from __future__ import annotations

import os

from nightlatch.core.rule import ERROR, WARNING
from nightlatch.core.text import shown_path
from nightlatch.env_files import rules_of_contents as rules
from nightlatch.env_files.database_address import address_of, addresses_in_parts
from nightlatch.env_files.environments import DEVELOPMENT, PRODUCTION, STAGING, TEST, UNKNOWN
from nightlatch.env_files.key_names import OWN_CHOICE, PASSWORD, PRODUCTION_WORDS, public_prefix, words_of
from nightlatch.env_files.placeholders import why_no_secret
from nightlatch.env_files.production_settings import (
    development_setting,
    is_verbose_log,
    loose_address,
    production_host,
    says_production,
)
from nightlatch.env_files.vendor_formats import LIVE, PUBLIC, is_known_to_all, vendor_format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nightlatch.env_files.database_address import Address
    from nightlatch.env_files.variables import Contents, Variable

LEAST_SECRET = 8
OF_OUR_OWN = "Put here what this gives, and tell the service behind it: openssl rand -hex 32"
RANKS = {PRODUCTION: 2, STAGING: 1, DEVELOPMENT: 0, TEST: 0}
"""What is told of two files is told in the one of the higher rank."""


def check(every: Sequence[Contents]) -> None:
    """Note what connects the environments of a repository's env files, and what is in the wrong one."""
    real = [contents for contents in every if not contents.is_template]
    beside_production = {_folder(contents.path) for contents in real if contents.environment in (PRODUCTION, STAGING)}
    ranked = [(contents, _rank(contents, beside_production)) for contents in real]
    for contents, rank in ranked:
        if contents.environment == PRODUCTION:
            _in_production(contents)
        elif rank == 0:
            _in_development(contents)
    if len({rank for _, rank in ranked} - {None}) > 1:
        shared = _same_database(ranked)
        _same_secret(ranked, shared)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _rank(contents: Contents, beside_production: set[str]) -> int | None:
    """How near to production a file is; None where it isn't known.

    beside_production  the folders with files for production or staging: a plain `.env` beside `.env.production` is
                       loaded in development, alone or before the other
    """
    if contents.environment != UNKNOWN:
        return RANKS[contents.environment]
    return 0 if _folder(contents.path) in beside_production else None


def _in_production(contents: Contents) -> None:
    for variable in contents.variables:
        if not variable.value:
            continue
        setting, right = development_setting(variable.key, variable.value)
        if setting:
            contents.at(
                rules.DEBUG_IN_PRODUCTION,
                variable,
                f"{variable.shown} {setting} in a production file",
                fix=f"Write {variable.shown}={right} in this file.",
            )
            continue
        if is_verbose_log(variable.key, variable.value):
            contents.at(
                rules.DEBUG_IN_PRODUCTION,
                variable,
                f"{variable.shown} writes more than production should keep",
                severity=WARNING,
                fix="Set it to info or higher in this file.",
            )
        loose = loose_address(variable.key, variable.value)
        if loose:
            contents.at(rules.LOOSE_IN_PRODUCTION, variable, f"{variable.shown} {loose}, in a production file")


def _in_development(contents: Contents) -> None:
    for variable in contents.variables:
        value = variable.value
        if variable.is_opaque:
            continue
        form = vendor_format(value)
        address = address_of(value)
        message, severity = "", ERROR
        if form is not None and (form.kind == LIVE or (form.kind == PUBLIC and b"_live_" in form.prefix)):
            message = f"{variable.shown} is {form.label}"
        elif production_host(value):
            message = f"{variable.shown} leads to a production host"
            severity = ERROR if address is not None or variable.secret else WARNING
        elif variable.secret and says_production(value):
            message = f"{variable.shown} says of itself that it is production's"
        elif (variable.secret or address) and PRODUCTION_WORDS & set(words_of(variable.key)):
            message = f"{variable.shown} is named for production"
            severity = WARNING
        if message and not why_no_secret(value, variable.key):
            contents.at(
                rules.PRODUCTION_IN_DEVELOPMENT, variable, f"{message}, in a file for development", severity=severity
            )


def _same_database(ranked: Sequence[tuple[Contents, int | None]]) -> set[Variable]:
    """Note databases of two environments, and return the variables that were told of."""
    places = [
        (address.identity, (rank, contents, variable, address))
        for contents, rank in ranked
        if rank is not None
        for variable, address in _addresses(contents)
    ]
    told: set[Variable] = set()
    seen: dict[bytes, list[tuple[int, Contents, Variable, Address]]] = {}
    for identity, place in places:
        seen.setdefault(identity, []).append(place)
    for group in seen.values():
        lowest = min(group, key=lambda place: place[0])
        for rank, contents, variable, address in group:
            if rank > lowest[0]:
                told.add(variable)
                contents.at(
                    rules.SAME_DATABASE,
                    variable,
                    f"{variable.shown} leads to the database that {_place(lowest[1], lowest[2])} leads to",
                    severity=WARNING if address.is_local else None,
                )
    return told


def _addresses(contents: Contents) -> Iterator[tuple[Variable, Address]]:
    by_key = {variable.key: variable for variable in contents.variables}
    for variable in by_key.values():
        address = None if variable.is_opaque or b"$" in variable.value else address_of(variable.value)
        if address is not None and address.host:
            yield variable, address
    plain = {key: variable.value for key, variable in by_key.items() if not variable.is_opaque}
    for key, address in addresses_in_parts(plain):
        yield by_key[key], address


def _same_secret(ranked: Sequence[tuple[Contents, int | None]], told: set[Variable]) -> None:
    keyed = _hash()
    seen: dict[bytes, list[tuple[int, Contents, Variable]]] = {}
    for contents, rank in ranked:
        for variable in contents.variables if rank is not None else ():
            secret = _secret(variable)
            if secret and variable not in told:
                seen.setdefault(keyed(secret), []).append((rank or 0, contents, variable))
    for group in seen.values():
        lowest = min(group, key=lambda place: place[0])
        for rank, contents, variable in group:
            if rank > lowest[0]:
                contents.at(
                    rules.SAME_SECRET,
                    variable,
                    f"{variable.shown} has the same value as {_place(lowest[1], lowest[2])}",
                    fix=OF_OUR_OWN if variable.secret in (OWN_CHOICE, PASSWORD) else None,
                )


def _secret(variable: Variable) -> bytes:
    """What of a value is worth comparing: a secret that somebody chose, or the password in an address."""
    if variable.is_opaque or public_prefix(variable.key) or is_known_to_all(variable.value):
        return b""
    address = address_of(variable.value)
    value = address.password if address else variable.value if variable.secret else b""
    if len(value) < LEAST_SECRET or b"$" in value[:2] or why_no_secret(value, variable.key):
        return b""
    return value


def _hash() -> Callable[[bytes], bytes]:
    """A hash that nobody can repeat after this run."""
    from hashlib import blake2b

    key = os.urandom(32)
    return lambda value: blake2b(value, key=key, digest_size=16).digest()


def _place(contents: Contents, variable: Variable) -> str:
    return f"{variable.shown} in {shown_path(contents.path)}:{variable.line}"
