"""pnpm's `pnpm-lock.yaml`, of pnpm 6 to 11 (lockfileVersion 5.3 to 9).

The format: https://github.com/pnpm/spec/tree/master/lockfile
"""

from __future__ import annotations

from nightlatch.dependencies.documents import table, text_of
from nightlatch.dependencies.package import GIT, LOCAL, NPM, REGISTRY, URL, Lockfile, Package, UnparsableError
from nightlatch.dependencies.pnpm_documents import documents, field, fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from nightlatch.dependencies.pnpm_documents import Part
    from nightlatch.dependencies.yaml_document import Field

SECTIONS = ("dependencies", "devDependencies", "optionalDependencies")
NEEDS = ("dependencies", "optionalDependencies")
OLD, MIDDLE, NEW = "5", "6", "9"
VERSIONS = (OLD, MIDDLE, NEW)
LOCAL_STARTS = ("file:", "link:", "workspace:")
OF_SNAPSHOTS = frozenset(("dependencies", "optionalDependencies", "optional", "transitivePeerDependencies"))


def parse(path: str, text: str) -> Lockfile:
    """The packages that pnpm installs from it. Raises UnparsableError.

    `data["projects"]` maps the folder of each project (`.` is the lockfile's own) to {name: specifier}.
    `data["overrides"]` are the names whose specifiers pnpm replaces, `data["settings"]` its settings.
    """
    packages: dict[str, Package] = {}
    projects: dict[str, dict[str, str] | None] = {}
    data: dict[str, object] = {"projects": projects, "overrides": {}, "settings": {}, "hooks": False}
    asked_for: list[tuple[str, str]] = []
    for parts in documents(text):
        version = _version(parts)
        found = dict(_packages(path, parts, version))
        if version == NEW:
            _read_snapshots(found, parts)
        for key, package in found.items():
            packages.setdefault(key, package)
        _read_projects(parts, version, projects, asked_for)
        data |= _settings(parts)
    direct = {_key(name, version_, packages) for name, version_ in asked_for}
    for key, package in packages.items():
        package.is_direct = key in direct
    return Lockfile(path, "pnpm", NPM, list(packages.values()), data=data, resolve=_resolver(packages))


def crude_count(text: str) -> int:
    """How many packages there are: the keys one level below `packages:`, where the snapshots of peers count once."""
    count = 0
    inside = False
    for line in text.split("\n"):
        if line[:1] not in ("", " ", "#", "\r"):
            inside = line.rstrip() == "packages:"
        elif inside and line.startswith("  ") and line[2:3] not in ("", " ", ":", "#", "\r"):
            count += 1
    return count


def _version(parts: dict[str, Part]) -> str:
    if "lockfileVersion" not in parts:
        raise UnparsableError("it names no lockfileVersion")
    written = field(parts["lockfileVersion"], "lockfileVersion").text()
    version = written.partition(".")[0]
    if version not in VERSIONS:
        raise UnparsableError("a lockfileVersion that is not known here (5.3 to 9.0 are)")
    return version


def _refuse_another(line: int, entry: dict[str, Any], name: str, pinned: str) -> None:
    """The key is what pnpm installs. Raises UnparsableError where the entry calls itself something else."""
    if (text_of(entry.get("name")) or name) != name or (text_of(entry.get("version")) or pinned) != pinned:
        raise UnparsableError(f"line {line}: an entry that calls itself something else than its key")


def _packages(path: str, parts: dict[str, Part], version: str) -> Iterator[tuple[str, Package]]:
    for key, line, written in fields(parts, "packages"):
        entry = table(written.plain())
        name, pinned = _name_and_version(key, version)
        is_elsewhere = "/" in pinned or ":" in pinned
        resolution = table(entry.get("resolution"))
        of_registry = bool(pinned) and not is_elsewhere
        source, url, hashes = _resolution(resolution, of_registry=of_registry, is_elsewhere=is_elsewhere)
        if source == LOCAL or pinned.startswith(LOCAL_STARTS):
            pinned = ""
        if not is_elsewhere:
            _refuse_another(line, entry, name, pinned)
        pinned = text_of(entry.get("version")) or pinned
        yield (
            key,
            Package(
                NPM,
                text_of(entry.get("name")) or name,
                pinned,
                line=line,
                path=path,
                key=key,
                source=source,
                url=url,
                hashes=hashes,
                needs=[f"{need}\0{wanted}" for section in NEEDS for need, wanted in table(entry.get(section)).items()],
                has_script=entry.get("requiresBuild") == "true",
            ),
        )


def _read_snapshots(packages: dict[str, Package], parts: dict[str, Part]) -> None:
    """What is installed are the snapshots, each of a package, with its needs. Raises UnparsableError.

    The two must be the same: a snapshot with fields of a package would be installed as what it says itself.
    """
    seen = set()
    for key, line, written in fields(parts, "snapshots"):
        package = packages.get(key.partition("(")[0])
        if package is None:
            raise UnparsableError(f"line {line}: a snapshot of a package that `packages` does not list")
        entry = written.fields()
        if not OF_SNAPSHOTS.issuperset(entry):
            raise UnparsableError(f"line {line}: a snapshot with fields that pnpm writes in `packages`")
        seen.add(package.key)
        needs = [_needs(entry[section].fields()) for section in NEEDS if section in entry]
        package.needs = [*package.needs, *(need for each in needs for need in each)]
    missing = next((package for key, package in packages.items() if key not in seen), None)
    if missing is not None:
        raise UnparsableError(f"line {missing.line}: a package without its snapshot")


def _needs(entry: dict[str, Field]) -> list[str]:
    return [f"{name}\0{wanted.text()}" for name, wanted in entry.items()]


def _resolution(resolution: dict[str, Any], *, of_registry: bool, is_elsewhere: bool) -> tuple[str, str, list[str]]:
    """Source, address and hashes. A registry's package has no address unless it is an unusual one.

    of_registry   whether the key names a version, which only a registry has, whatever the entry says of its address
    is_elsewhere  whether the key says that it was not asked for from a registry
    """
    kind = text_of(resolution.get("type"))
    if kind == "git":
        address = f"{text_of(resolution.get('repo'))}#{text_of(resolution.get('commit'))}"
        return REGISTRY if of_registry else GIT, address, []
    if kind == "directory" or "directory" in resolution:
        return (REGISTRY, f"file:{text_of(resolution.get('directory'))}", []) if of_registry else (LOCAL, "", [])
    tarball = text_of(resolution.get("tarball"))
    hashes = text_of(resolution.get("integrity")).split()
    if not tarball:
        return REGISTRY, "", hashes
    if tarball.startswith("file:") and not of_registry:
        return LOCAL, tarball, hashes
    return (URL if is_elsewhere else REGISTRY), tarball, hashes


def _name_and_version(key: str, version: str) -> tuple[str, str]:
    """What a key names: `/name/1.0.0_peers` (5), `/name@1.0.0(peers)` (6), `name@1.0.0` (9)."""
    bare = key.removeprefix("/").partition("(")[0]
    if version == OLD:
        if not key.startswith("/"):
            return "", bare  # from another host than the registry's, which the key names
        words = bare.split("/")
        size = 2 if words[0].startswith("@") else 1
        return "/".join(words[:size]), "/".join(words[size:]).partition("_")[0]
    name, _, pinned = bare[1:].partition("@")
    return bare[:1] + name, pinned


def _read_projects(
    parts: dict[str, Part],
    version: str,
    projects: dict[str, dict[str, str] | None],
    asked_for: list[tuple[str, str]],
) -> None:
    """Note what each project asks for, and what that was resolved to."""
    importers = {name: sections.fields() for name, _, sections in fields(parts, "importers")}
    if not importers:
        keys = (key for key in (*SECTIONS, "specifiers") if key in parts)
        importers = {".": {key: field(parts[key], key) for key in keys}}
    for folder, sections in importers.items():
        specifiers = table(sections["specifiers"].plain()) if "specifiers" in sections and version == OLD else {}
        specifiers = {name: text_of(value) for name, value in specifiers.items()}
        for section in SECTIONS:
            for name, value in table(sections[section].plain() if section in sections else None).items():
                if isinstance(value, dict):
                    specifiers[name] = text_of(value.get("specifier"))
                    value = value.get("version")  # noqa: PLW2901 - the older form is the value itself
                asked_for.append((name, text_of(value)))
        projects[folder] = specifiers


def _settings(parts: dict[str, Part]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key in ("overrides", "settings", "catalogs"):
        if key in parts:
            found[key] = table(field(parts[key], key).plain())
    if "pnpmfileChecksum" in parts or "packageExtensionsChecksum" in parts:
        found["hooks"] = True
    return found


def _key(name: str, wanted: str, packages: dict[str, Package]) -> str:
    """The key of what a dependency was resolved to, in every version's way to write it; "" where there is none."""
    bare = wanted.partition("(")[0]
    candidates = (
        f"{name}@{wanted}", f"{name}@{bare}", wanted, bare, f"/{name}@{wanted}", f"/{name}/{wanted}",
        f"/{wanted}", f"/{bare}",
    )  # fmt: skip
    return next((key for key in candidates if key in packages), "")


def _resolver(packages: dict[str, Package]) -> Callable[[Package, str], Package | None]:
    def resolve(_package: Package, need: str) -> Package | None:
        name, _, wanted = need.partition("\0")
        return packages.get(_key(name, wanted, packages))

    return resolve
