"""What is wrong with a requirements file as a whole: open versions, missing hashes, a second index."""

from __future__ import annotations

from nightlatch.core.text import plural
from nightlatch.dependencies.addresses import is_insecure
from nightlatch.dependencies.lockfile_requirements import CONSTRAINTS, INCLUDES, Option
from nightlatch.dependencies.package import REGISTRY
from nightlatch.dependencies.place import address, named, word
from nightlatch.dependencies.rules import EXTRA_INDEX, INSECURE_ADDRESS, NO_HASH, UNPINNED
from nightlatch.dependencies.tree import folder_of, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.dependencies.package import Lockfile, Package
    from nightlatch.dependencies.place import Page

INDEXES = ("-i", "--index-url", "--extra-index-url", "-f", "--find-links")
ANY_HOST = "--trusted-host"


def options_of(lockfile: Lockfile) -> list[Option]:
    """The options of a requirements file."""
    options = lockfile.data.get("options")
    return [option for option in options if isinstance(option, Option)] if isinstance(options, list) else []


def included(lockfile: Lockfile) -> Iterator[tuple[str, Option]]:
    """The files that it includes, as paths of the repository, with the option that names each."""
    for option in options_of(lockfile):
        if option.name in (*INCLUDES, *CONSTRAINTS) and "://" not in option.value:
            path = joined(folder_of(lockfile.path), option.value)
            if path and not option.value.startswith("/"):
                yield path, option


def pins(lockfile: Lockfile, others: Mapping[str, Lockfile]) -> dict[str, str]:
    """The versions that its constraints pin, those of included files among them."""
    found: dict[str, str] = {}
    seen = {lockfile.path}
    todo = list(included(lockfile))
    while todo:
        path, option = todo.pop()
        other = others.get(path)
        if other is None or path in seen:
            continue
        seen.add(path)
        if option.name in CONSTRAINTS:
            found.update((one.name, one.version) for one in other.packages if one.version)
        todo.extend(included(other))
    return found


def is_constraints(lockfile: Lockfile, others: Mapping[str, Lockfile]) -> bool:
    """Whether it only narrows down what other files ask for."""
    return "constraints" in lockfile.path.rpartition("/")[2] or any(
        path == lockfile.path and option.name in CONSTRAINTS
        for other in others.values()
        for path, option in included(other)
    )


def check(
    page: Page, lockfile: Lockfile, packages: Sequence[Package], others: Mapping[str, Lockfile]
) -> Iterator[Finding]:
    """Yield what is wrong with a requirements file.

    packages  those that count: of a change, the ones that it brings
    others    the requirements files that are known, by path
    """
    yield from _addresses(page, lockfile)
    known = pins(lockfile, others)
    of_registry = [one for one in packages if one.source == REGISTRY]
    unpinned = [one for one in of_registry if not one.version and one.name not in known]
    if is_constraints(lockfile, others):
        return
    if unpinned:
        count = plural(len(unpinned), "requirement")
        yield page.finding(
            UNPINNED,
            unpinned[0].line,
            f"{count} without an exact version: {named([one.name for one in unpinned])}",
            fix=_compile(lockfile),
            data={"packages": [word(one.name) for one in unpinned]},
        )
        return  # without versions there is nothing to hash
    lacking = [one for one in of_registry if not one.hashes]
    if lacking:
        count = plural(len(lacking), "requirement")
        yield page.finding(
            NO_HASH,
            lacking[0].line,
            f"{count} without a hash: {named([f'{one.name}=={one.version}' for one in lacking])}",
            fix=_compile(lockfile),
            data={"packages": [word(f"{one.name}=={one.version}") for one in lacking]},
        )


def _compile(lockfile: Lockfile) -> str:
    stem = lockfile.path.removesuffix(".txt")
    return (
        f"Keep what you ask for in {stem}.in, and compile it: "
        f"uv pip compile --generate-hashes {stem}.in -o {lockfile.path} (or pip-compile with the same option)"
    )


def _addresses(page: Page, lockfile: Lockfile) -> Iterator[Finding]:
    of_registry = [one for one in lockfile.packages if one.source == REGISTRY]
    is_hashed = bool(of_registry) and all(one.hashes for one in of_registry)
    for option in options_of(lockfile):
        where = address(option.value)
        if option.name == ANY_HOST:
            host = option.value.rpartition("@")[2]
            message = f"{ANY_HOST} switches the check of {word(host)}'s certificate off"
            fix = "Delete the option; let the host have a certificate that is trusted."
            yield page.finding(INSECURE_ADDRESS, option.line, message, about=(ANY_HOST, host), fix=fix)
        elif option.name in INDEXES and is_insecure(option.value):
            message = f"{option.name} names an address without TLS: {where}"
            yield page.finding(INSECURE_ADDRESS, option.line, message, about=(option.name, where))
        if option.name == "--extra-index-url" and not is_hashed:
            message = f"{where} is asked for every package, beside the first index"
            yield page.finding(EXTRA_INDEX, option.line, message, about=(where,))
