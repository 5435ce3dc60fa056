"""What is wrong with single packages of a lockfile: hashes, addresses, sources, install scripts."""

from __future__ import annotations

from nightlatch.core.text import plural
from nightlatch.dependencies.addresses import is_insecure, parsed
from nightlatch.dependencies.package import GIT, NPM, REGISTRY, URL
from nightlatch.dependencies.place import address, named, word
from nightlatch.dependencies.remedy import rewrite
from nightlatch.dependencies.rules import (
    ADDRESS_DIFFERS,
    INSECURE_ADDRESS,
    INSTALL_SCRIPT,
    MOVING_SOURCE,
    NO_HASH,
    NO_REGISTRY,
    ODD_ADDRESS,
    WEAK_HASH,
)
from nightlatch.dependencies.tarball import differs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.core.rule import Rule
    from nightlatch.dependencies.package import Lockfile, Package
    from nightlatch.dependencies.place import Page

WEAK = ("sha1", "md5")
HEX = frozenset("0123456789abcdef")
COMMIT_LENGTHS = (40, 64)


def check(page: Page, lockfile: Lockfile, packages: Sequence[Package], before: Lockfile | None) -> Iterator[Finding]:
    """Yield what is wrong with these packages of a lockfile.

    packages  those that count: of a change, the ones that it brings
    before    the lockfile before the change; None where there was none, or where no change is judged
    """
    if lockfile.is_requirements:
        yield from _each(page, packages)
        return
    yield from _hashes(page, lockfile, packages)
    yield from _each(page, packages)
    if before is not None:
        yield from _scripts(page, packages, before)


def _each(page: Page, packages: Sequence[Package]) -> Iterator[Finding]:
    for package in packages:
        yield from _addresses(page, package)
        yield from _source(page, package)
        other = differs(package)
        if other:
            yield page.finding(
                ADDRESS_DIFFERS,
                package.line,
                f"{shown(package)} is downloaded as {word(other)}",
                about=(package.name, package.version, other),
                data=facts(package),
            )


def shown(package: Package) -> str:
    """`name@version` for a message."""
    name = package.name or "a requirement"
    return word(f"{name}@{package.version}" if package.version else name)


def facts(package: Package) -> dict[str, object]:
    """What every finding about one package tells to programs."""
    return {"ecosystem": package.ecosystem, "package": package.name, "version": package.version}


def _hashes(page: Page, lockfile: Lockfile, packages: Sequence[Package]) -> Iterator[Finding]:
    """One finding for the lockfile: hashes come and go for all of them at once."""
    lacking = [one for one in packages if one.source == REGISTRY and not (one.hashes and all(one.hashes))]
    weak = [one for one in packages if one.hashes and all(one.hashes) and _is_weak(one)]
    fix = f"Write the lockfile anew, with hashes: {rewrite(lockfile)}    (versions that nothing pins may move with it)"
    if lacking:
        yield _summed(page, NO_HASH, lacking, "without a hash", fix)
    if weak:
        yield _summed(page, WEAK_HASH, weak, "with nothing better than SHA-1 or MD5", fix)


def _summed(page: Page, rule: Rule, packages: Sequence[Package], fault: str, fix: str) -> Finding:
    """A version that is locked in several places counts once: it is named once, too."""
    names = list(dict.fromkeys(f"{one.name}@{one.version}" for one in packages))
    return page.finding(
        rule,
        packages[0].line,
        f"{plural(len(names), 'package')} {fault}: {named(names)}",
        fix=fix,
        data={"packages": [word(name) for name in names]},
    )


def _is_weak(package: Package) -> bool:
    """Of several hashes of one file npm takes the best; a file of PyPI is installed by its own."""
    algorithms = [hash.replace("-", ":").partition(":")[0].lower() for hash in package.hashes]
    tried = all if package.ecosystem == NPM else any
    return tried(algorithm in WEAK for algorithm in algorithms)


def _addresses(page: Page, package: Package) -> Iterator[Finding]:
    """One finding for what is read without TLS, one for what nobody can say where it leads."""
    everywhere = list(dict.fromkeys((package.url, package.registry, *package.files)))
    insecure = next(filter(is_insecure, everywhere), "")
    if insecure:
        yield page.finding(
            INSECURE_ADDRESS,
            package.line,
            f"{shown(package)} is downloaded without TLS: {address(insecure)}",
            about=(package.name, package.version),
            fix=(
                f"In line {package.line} and below, write https:// in place of http://. If the host has no TLS, name a "
                "registry that has in the package manager's settings, and write the lockfile anew."
            ),
            data=facts(package),
        )
    fault = next(filter(None, (parsed(url).fault for url in everywhere)), "")
    if fault:
        yield page.finding(
            ODD_ADDRESS,
            package.line,
            f"nobody can say where {shown(package)} is downloaded from: {fault}",
            about=(package.name, package.version),
            data=facts(package),
        )


def _source(page: Page, package: Package) -> Iterator[Finding]:
    if package.source not in (GIT, URL):
        return
    is_fixed = _names_commit(package.url) or (package.source == URL and any(package.hashes))
    rule = NO_REGISTRY if is_fixed else MOVING_SOURCE
    what = "a git repository" if package.source == GIT else "a URL"
    lack = "" if is_fixed else (", without a commit" if package.source == GIT else ", without a hash")
    yield page.finding(
        rule,
        package.line,
        f"{shown(package)} comes from {what}{lack}: {address(package.url)}",
        about=(package.name, address(package.url)),
        data=facts(package),
    )


def _names_commit(url: str) -> bool:
    """Whether a part of an address is a commit's full hash."""
    for mark in "#@/=&?:":
        url = url.replace(mark, " ")
    parts = url.removesuffix(".git").split()
    return any(_is_commit(part) or _is_commit(part.partition(".")[0]) for part in parts)


def _is_commit(part: str) -> bool:
    return len(part) in COMMIT_LENGTHS and HEX.issuperset(part)


def _scripts(page: Page, packages: Sequence[Package], before: Lockfile) -> Iterator[Finding]:
    known = {one.name for one in before.packages if one.has_script}
    told: set[str] = set()
    for package in packages:
        if package.has_script and package.name not in known and package.name not in told:
            told.add(package.name)
            yield page.finding(
                INSTALL_SCRIPT,
                package.line,
                f"{shown(package)} runs a script when it is installed",
                about=(package.name,),
                data=facts(package),
            )
