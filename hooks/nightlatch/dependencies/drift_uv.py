"""What `pyproject.toml` and `uv.lock` say of the dependencies, compared."""

from __future__ import annotations

from nightlatch.dependencies.documents import items, table, text_of, toml_table
from nightlatch.dependencies.package import pypi_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from nightlatch.dependencies.package import Lockfile


def _projects(lockfile: Lockfile) -> list[str]:
    projects = lockfile.data["projects"]
    sources = [table(project.get("source")) for project in projects] if isinstance(projects, list) else []
    return [text_of(source.get("editable") or source.get("virtual")) for source in sources]


def members(lockfile: Lockfile) -> list[str]:
    """The folders of the projects that the lockfile stands for, and not of others that they use as they are."""
    projects, named = lockfile.data["projects"], lockfile.data["members"]
    if lockfile.path.endswith(".py.lock") or not (isinstance(projects, list) and isinstance(named, list)):
        return []
    pairs = zip(projects, _projects(lockfile), strict=True)
    return [place for project, place in pairs if place == "." or project.get("name") in named]


def uv(lockfile: Lockfile, project: str, text: str) -> list[str] | None:
    """Requirements are compared by name, extras and versions: markers are written anew by uv."""
    projects = lockfile.data["projects"]
    if not isinstance(projects, list):
        return None
    block = next(found for found, place in zip(projects, _projects(lockfile), strict=True) if place == project)
    document = toml_table(text)
    metadata, head = table(block.get("metadata")), table(document.get("project"))
    dynamic = items(head.get("dynamic"))
    if "dependencies" in dynamic or "optional-dependencies" in dynamic:
        return None
    elsewhere = {pypi_name(name) for name in table(table(table(document.get("tool")).get("uv")).get("sources"))}
    optional = table(head.get("optional-dependencies"))
    stated = [text_of(need) for need in items(head.get("dependencies"))]
    stated += [text_of(need) for group in optional.values() for need in items(group)]
    own = pypi_name(text_of(head.get("name")))
    manifest = {_stated(need, elsewhere) for need in stated} - {(own, "")}
    locked = {_locked(need, elsewhere) for need in items(metadata.get("requires-dist"))} - {(own, "")}
    manifest = {need for need in manifest if need[0] != own}
    locked = {need for need in locked if need[0] != own}
    groups = _groups(document)
    if groups is not None:
        manifest |= {_stated(need, elsewhere) for need in groups}
        development = table(metadata.get("requires-dev")).values()
        locked |= {_locked(need, elsewhere) for group in development for need in items(group)}
    return _told(manifest, locked)


def _told(manifest: set[tuple[str, str]], locked: set[tuple[str, str]]) -> list[str]:
    found = [f"{name} {versions}".strip() + " is not in the lockfile" for name, versions in sorted(manifest - locked)]
    gone = sorted(locked - manifest)
    return found + [f"{name} {versions}".strip() + " is no longer in the manifest" for name, versions in gone]


def _groups(document: Mapping[str, Any]) -> list[str] | None:
    """What the development groups ask for; None where one includes another in a way that isn't known."""
    found: list[str] = []
    for group in table(document.get("dependency-groups")).values():
        for need in items(group):
            if isinstance(need, str):
                found.append(need)
            elif not isinstance(need, dict) or set(need) != {"include-group"}:
                return None
    uv = table(table(document.get("tool")).get("uv"))
    return found + [text_of(need) for need in items(uv.get("dev-dependencies"))]


def _stated(requirement: str, elsewhere: set[str]) -> tuple[str, str]:
    """Name and versions of `name[extra]>=1,<2; marker`."""
    said = requirement.partition(";")[0].strip()
    end = next((place for place, letter in enumerate(said) if letter in " [<>=!~@("), len(said))
    name, rest = pypi_name(said[:end]), said[end:].strip()
    if rest.startswith("["):
        rest = rest.partition("]")[2].strip()
    is_elsewhere = rest.startswith("@") or name in elsewhere
    return name, "" if is_elsewhere else _ordered(rest.strip("()"))


def _locked(need: object, elsewhere: set[str]) -> tuple[str, str]:
    entry = table(need)
    name = pypi_name(text_of(entry.get("name")))
    has_other_source = name in elsewhere or any(key in entry for key in ("git", "url", "path", "directory", "editable"))
    return name, "" if has_other_source else _ordered(text_of(entry.get("specifier")))


def _ordered(versions: str) -> str:
    """The clauses in one order and without blanks: programs differ in how they write them."""
    return ",".join(sorted("".join(clause.split()) for clause in versions.split(",") if clause.strip()))
