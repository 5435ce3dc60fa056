"""Yarn's `yarn.lock`: version 1, and what Yarn 2 and newer (berry) writes.

The formats: https://classic.yarnpkg.com/lang/en/docs/yarn-lock/ and https://yarnpkg.com/configuration/yarnrc
"""

from __future__ import annotations

from nightlatch.dependencies.package import GIT, LOCAL, NPM, REGISTRY, URL, Lockfile, Package, UnparsableError
from nightlatch.dependencies.yarn_entries import Entry, read_entries

METADATA = "__metadata"
HEADS_OF_V1 = "# yarn lockfile v1"
OWN = ("workspace:", "link:", "portal:")
LOCAL_STARTS = ("file:", *OWN)
GIT_STARTS = ("git+", "git:", "git@", "ssh:", "github:")


def parse(path: str, text: str) -> Lockfile:
    """The packages that Yarn installs from it. Raises UnparsableError.

    `data["descriptors"]` are all that the lockfile answers, `data["projects"]` (berry) maps the folder of each
    project to {name: range}; None in version 1, which notes nothing of them.
    """
    entries = read_entries(text)
    is_berry = any(METADATA in entry.descriptors for entry in entries)
    if not is_berry and HEADS_OF_V1 not in text[:1000] and entries:
        raise UnparsableError("neither the head of Yarn's version 1 nor the metadata of a newer one")
    packages: list[Package] = []
    answers: dict[str, Package] = {}
    projects: dict[str, dict[str, str]] = {}
    for entry in entries:
        if METADATA in entry.descriptors:
            continue
        package = _of_berry(path, entry, projects) if is_berry else _of_v1(path, entry)
        if package is not None:
            packages.append(package)
            answers.update(dict.fromkeys(entry.descriptors, package))
    _mark_direct(packages, answers, projects, is_berry=is_berry)
    data: dict[str, object] = {
        "descriptors": {descriptor for entry in entries for descriptor in entry.descriptors},
        "projects": projects if is_berry else None,
        "counted": len(entries),
        "berry": is_berry,
    }
    return Lockfile(path, "yarn", NPM, packages, data=data, resolve=lambda _, need: _answer(answers, need))


def crude_count(text: str) -> int:
    """How many entries there are, the metadata among them: the versions one level below."""
    return sum(line.startswith(("  version ", "  version:", '  "version"')) for line in text.split("\n"))


def _split(descriptor: str) -> tuple[str, str]:
    """Name and range of `name@range`, where the name may begin with `@`."""
    name, _, wanted = descriptor[1:].partition("@")
    return descriptor[:1] + name, wanted


def _of_v1(path: str, entry: Entry) -> Package | None:
    name, wanted = _split(entry.descriptors[0])
    if wanted.startswith("npm:"):
        name = _split(wanted[4:])[0] if "@" in wanted[5:] else wanted[4:]
    resolved = entry.fields.get("resolved", "")
    address, _, fragment = resolved.partition("#")
    hashes = entry.fields.get("integrity", "").split()
    is_hash = len(fragment) == 40 and address.endswith((".tgz", ".tar.gz"))  # noqa: PLR2004 - a SHA-1 in hexadecimal
    if not hashes and is_hash:
        hashes = [f"sha1-{fragment}"]
    return Package(
        NPM,
        name,
        entry.fields.get("version", ""),
        line=entry.line,
        path=path,
        key=entry.descriptors[0],
        source=_source([_split(one)[1] for one in entry.descriptors], address),
        url=address if is_hash else resolved,
        hashes=hashes,
        needs=_needs(entry, ""),
    )


def _source(asked_for: list[str], address: str) -> str:
    """Where it was asked for from: a range of versions, or a tag, is a registry's whatever the address says."""
    elsewhere = [wanted for wanted in asked_for if not _is_of_registry(wanted)]
    if not elsewhere:
        return REGISTRY
    if elsewhere[0].startswith(LOCAL_STARTS) or address.startswith("file:"):
        return LOCAL
    is_git = address.startswith(GIT_STARTS) or address.endswith(".git")
    return GIT if is_git else URL


def _is_of_registry(wanted: str) -> bool:
    return wanted.startswith("npm:") or not (":" in wanted or "/" in wanted)


def _of_berry(path: str, entry: Entry, projects: dict[str, dict[str, str]]) -> Package | None:
    """None for a project of the workspace, and for a folder that is linked."""
    resolution = entry.fields.get("resolution", "")
    name, locator = _split(resolution)
    if locator.startswith(OWN):
        if locator.startswith("workspace:"):
            projects[locator.removeprefix("workspace:")] = dict(entry.tables.get("dependencies", {}))
        return None
    protocol = locator.partition(":")[0]
    checksum = entry.fields.get("checksum", "").rpartition("/")[2]
    hashes = [f"sha512:{checksum}"] if checksum else []
    if not checksum and ("conditions" in entry.fields or protocol == "patch"):
        hashes = ["none:conditional"]
    version = entry.fields.get("version", "")
    if protocol == "npm" and locator.removeprefix("npm:").partition("::")[0] != version:
        raise UnparsableError(f"line {entry.line}: a version that is not that of its resolution")
    archive = locator.partition("__archiveUrl=")[2].partition("&")[0]
    source = {"npm": REGISTRY, "patch": REGISTRY, "file": LOCAL}.get(protocol)
    is_git = "#commit=" in locator or locator.startswith(GIT_STARTS)
    source = source or (GIT if is_git else URL)
    is_asked_of_registry = all(_is_of_registry(_split(one)[1]) for one in entry.descriptors)
    if source != REGISTRY and is_asked_of_registry:
        source, archive = REGISTRY, locator  # nobody asked for that
    return Package(
        NPM,
        name,
        version,
        line=entry.line,
        path=path,
        key=resolution,
        source=source,
        url=_unescaped(archive) if archive else "" if source == REGISTRY else locator,
        hashes=hashes,
        needs=_needs(entry, "npm:"),
    )


def _unescaped(text: str) -> str:
    from urllib.parse import unquote

    return unquote(text)


def _needs(entry: Entry, protocol: str) -> list[str]:
    """The descriptors of what it depends on. Where a range names no protocol, berry means npm's."""
    found = []
    for section in ("dependencies", "optionalDependencies"):
        for name, wanted in entry.tables.get(section, {}).items():
            has_protocol = not protocol or ":" in wanted
            found.append(f"{name}@{wanted}" if has_protocol else f"{name}@{protocol}{wanted}")
    return found


def _answer(answers: dict[str, Package], need: str) -> Package | None:
    return answers.get(need)


def _mark_direct(
    packages: list[Package], answers: dict[str, Package], projects: dict[str, dict[str, str]], *, is_berry: bool
) -> None:
    """Version 1 says nothing of the projects: direct is what nothing else needs."""
    if is_berry:
        for needs in projects.values():
            for name, wanted in needs.items():
                found = answers.get(f"{name}@{wanted}" if ":" in wanted else f"{name}@npm:{wanted}")
                if found:
                    found.is_direct = True
        return
    needed = {id(answers[need]) for package in packages for need in package.needs if need in answers}
    for package in packages:
        package.is_direct = id(package) not in needed
