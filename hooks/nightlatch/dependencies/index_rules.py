"""The addresses that the options of a requirements file name: indexes, and pages with links."""

from __future__ import annotations

from nightlatch.dependencies.addresses import is_insecure, parsed
from nightlatch.dependencies.includes import options_of, targets
from nightlatch.dependencies.package import REGISTRY
from nightlatch.dependencies.place import address, word
from nightlatch.dependencies.rules import EXTRA_INDEX, FOREIGN_HOST, INSECURE_ADDRESS, MOVING_SOURCE, ODD_ADDRESS
from nightlatch.dependencies.settings import registries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.finding import Finding
    from nightlatch.dependencies.lockfile_requirements import Option
    from nightlatch.dependencies.package import Lockfile
    from nightlatch.dependencies.place import Page
    from nightlatch.dependencies.tree import Tree

FIRST_INDEX = ("-i", "--index-url", "--pypi-url")
FURTHER_PLACES = ("--extra-index-url", "-f", "--find-links")
INDEXES = (*FIRST_INDEX, *FURTHER_PLACES)
ANY_HOST = "--trusted-host"


def indexes(lockfile: Lockfile) -> Iterator[Option]:
    """The options that say where packages are looked for, folders aside."""
    for option in options_of(lockfile):
        if option.name in INDEXES and (":" in option.value or option.value.startswith(("//", "\\"))):
            yield option


def check(page: Page, lockfile: Lockfile, tree: Tree) -> Iterator[Finding]:
    """Yield what is wrong with the addresses of a requirements file's options."""
    of_registry = [one for one in lockfile.packages if one.source == REGISTRY]
    is_hashed = bool(of_registry) and all(one.hashes for one in of_registry)
    settled = {registry.origin for registry in registries(lockfile, tree)}
    for option in options_of(lockfile):
        if option.name == ANY_HOST:
            host = option.value.rpartition("@")[2]
            message = f"{ANY_HOST} switches the check of {word(host)}'s certificate off"
            fix = "Delete the option; let the host have a certificate that is trusted."
            yield page.finding(INSECURE_ADDRESS, option.line, message, about=(ANY_HOST, host), fix=fix)
    for option in indexes(lockfile):
        yield from _of_index(page, option, settled, is_hashed=is_hashed)
    for target in targets(lockfile):
        if target.is_constraint and "://" in target.value:
            where = address(target.value)
            message = f"the versions are narrowed down by what {where} says at the time"
            fix = "Keep a copy of the file in the repository, and name that."
            yield page.finding(MOVING_SOURCE, target.line, message, about=(target.option, where), fix=fix)


def _of_index(page: Page, option: Option, settled: set[str], *, is_hashed: bool) -> Iterator[Finding]:
    where = address(option.value)
    found = parsed(option.value)
    about = (option.name, where)
    if found.fault:
        message = f"nobody can say where {option.name} leads: {found.fault}"
        yield page.finding(ODD_ADDRESS, option.line, message, about=about, fix="Write the address out, with its host.")
    elif settled and found.origin not in settled and not found.scheme.startswith("file"):
        others = ", ".join(sorted(word(origin) for origin in settled if origin))
        message = f"{option.name} names {where}, while the settings name {others}"
        yield page.finding(FOREIGN_HOST, option.line, message, about=about)
    if is_insecure(option.value):
        message = f"{option.name} names an address without TLS: {where}"
        yield page.finding(INSECURE_ADDRESS, option.line, message, about=about)
    if option.name in FURTHER_PLACES and not is_hashed:
        message = f"{where} is asked for every package, beside the first index"
        yield page.finding(EXTRA_INDEX, option.line, message, about=(where,))
