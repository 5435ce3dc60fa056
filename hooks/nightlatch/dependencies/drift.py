"""Whether a lockfile belongs to its manifest: what both say of the dependencies is compared.

Each comparison gives the differences in words; None where the two can't be compared.
"""

from __future__ import annotations

from nightlatch.dependencies.documents import items, json_table, table, text_of, toml_table
from nightlatch.dependencies.package import UnparsableError, pypi_name
from nightlatch.dependencies.tree import folder_of, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from nightlatch.dependencies.package import Lockfile

Wanted = dict[str, str]
"""Name → the versions that are asked for, as the manifest writes them."""

NPM_SECTIONS = ("peerDependencies", "devDependencies", "dependencies", "optionalDependencies")
"""Where a name stands in several, the later section counts."""

PNPM_SECTIONS = ("devDependencies", "dependencies", "optionalDependencies")
POETRY_KEYS = ("dependencies", "source", "extras", "dev-dependencies")
YARN_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies")


def manifests(lockfile: Lockfile) -> dict[str, str]:
    """The manifests that a lockfile stands for: path → the project's name in the lockfile."""
    folder = folder_of(lockfile.path)
    if lockfile.manager in ("npm", "pnpm") or lockfile.data.get("berry"):
        projects = lockfile.data.get("projects")
        names = list(projects) if isinstance(projects, dict) else [""]
        return {joined(folder, f"{name}/package.json"): name for name in names}
    name = {"yarn": "package.json", "pipenv": "Pipfile", "uv": "pyproject.toml", "poetry": "pyproject.toml"}
    if lockfile.manager == "uv":
        return {joined(folder, f"{place}/pyproject.toml"): place for place in _uv_members(lockfile)}
    return {joined(folder, name[lockfile.manager]): ""} if lockfile.manager in name else {}


def differences(lockfile: Lockfile, project: str, text: str) -> list[str] | None:
    """What a manifest asks for and the lockfile doesn't know, or the other way round.

    project  the manifest's name in the lockfile, as `manifests` gives it
    text     the manifest
    Raises UnparsableError where the manifest can't be read.
    """
    comparison = {
        "npm": _npm, "pnpm": _pnpm, "yarn": _yarn, "uv": _uv, "poetry": _poetry, "pipenv": _pipenv,
    }.get(lockfile.manager)  # fmt: skip
    return comparison(lockfile, project, text) if comparison else None


def asked_for(path: str, text: str) -> object:
    """What a manifest says of dependencies, to be compared with an earlier version of it. Raises UnparsableError."""
    if path.endswith(".json"):
        manifest = json_table(text)
        return {key: manifest.get(key) for key in (*NPM_SECTIONS, "resolutions", "overrides", "workspaces")}
    document = toml_table(text)
    if path.endswith("Pipfile"):
        return {key: value for key, value in document.items() if key not in ("scripts", "pipenv")}
    project, tool = table(document.get("project")), table(document.get("tool"))
    poetry, uv = table(tool.get("poetry")), table(tool.get("uv"))
    return [
        *(project.get(key) for key in ("dependencies", "optional-dependencies")),
        document.get("dependency-groups"),
        *(poetry.get(key) for key in ("dependencies", "dev-dependencies", "group", "extras", "source")),
        *(uv.get(key) for key in ("sources", "dev-dependencies", "override-dependencies", "constraint-dependencies")),
    ]


def _compared(manifest: Wanted, locked: Wanted) -> list[str]:
    found = [f"{name} is not in the lockfile" for name in manifest if name not in locked]
    found += [f"{name} is no longer in the manifest" for name in locked if name not in manifest]
    found += [
        f"{name} is asked for as {wanted or '*'}, locked as {locked[name] or '*'}"
        for name, wanted in manifest.items()
        if name in locked and locked[name] != wanted
    ]
    return found


def _sections(manifest: Mapping[str, Any], names: tuple[str, ...]) -> Wanted:
    return {name: text_of(wanted) for key in names for name, wanted in table(manifest.get(key)).items()}


def _npm(lockfile: Lockfile, project: str, text: str) -> list[str] | None:
    manifest = json_table(text)
    projects = lockfile.data.get("projects")
    if isinstance(projects, dict):
        return _compared(_sections(manifest, NPM_SECTIONS), _sections(projects.get(project, {}), NPM_SECTIONS))
    installed = {package.key for package in lockfile.packages}
    wanted = _sections(manifest, ("devDependencies", "dependencies"))
    return [f"{name} is not in the lockfile" for name in wanted if f"node_modules/{name}" not in installed]


def _pnpm(lockfile: Lockfile, project: str, text: str) -> list[str] | None:
    """Where the project's own hooks or overrides rewrite the manifest, the lockfile has what they made of it."""
    projects = lockfile.data["projects"]
    locked = projects.get(project) if isinstance(projects, dict) else None
    if locked is None or lockfile.data["hooks"]:
        return None
    manifest = json_table(text)
    wanted = _sections(manifest, PNPM_SECTIONS)
    settings = table(lockfile.data["settings"])
    peers = table(manifest.get("peerDependencies"))
    if settings.get("autoInstallPeers") == "true":
        wanted = {name: text_of(value) for name, value in peers.items()} | wanted
    if settings.get("excludeLinksFromLockfile") == "true":
        wanted = {name: value for name, value in wanted.items() if not value.startswith("link:")}
    overridden = {_last_name(key) for key in table(lockfile.data["overrides"])}
    installed_for_others = set(peers) - set(wanted)  # some versions note them without saying so
    return _compared(
        {name: value for name, value in wanted.items() if name not in overridden},
        {name: value for name, value in locked.items() if name not in overridden | installed_for_others},
    )


def _last_name(selector: str) -> str:
    """The package that an override is about: `name`, `name@range`, `parent>name@range`; a range may hold `>` too."""
    start = 0
    for place in range(1, len(selector) - 1):
        if selector[place] == ">" and selector[place - 1] not in " |@" and selector[place + 1] != "=":
            start = place + 1
    last = selector[start:]
    return last[:1] + last[1:].partition("@")[0]


def _yarn(lockfile: Lockfile, project: str, text: str) -> list[str] | None:
    manifest = json_table(text)
    wanted = _sections(manifest, YARN_SECTIONS)
    projects = lockfile.data["projects"]
    if isinstance(projects, dict):
        if project not in projects:
            return None
        locked = {name: value.removeprefix("npm:") for name, value in projects[project].items()}
        return _compared({name: value.removeprefix("npm:") for name, value in wanted.items()}, locked)
    return _yarn_1(lockfile, manifest, wanted)


def _yarn_1(lockfile: Lockfile, manifest: Mapping[str, Any], wanted: Wanted) -> list[str] | None:
    """Version 1 notes nothing of the manifest: each of its ranges must have been answered."""
    descriptors = lockfile.data["descriptors"]
    if not isinstance(descriptors, set):
        return None
    replaced = {_yarn_name(key) for key in table(manifest.get("resolutions"))}
    has_workspaces = bool(manifest.get("workspaces"))
    known = {descriptor[:1] + descriptor[1:].partition("@")[0] for descriptor in descriptors}
    found = []
    for name, value in wanted.items():
        if f"{name}@{value}" in descriptors or name in replaced or value.startswith(("link:", "workspace:", "file:")):
            continue
        if name in known:
            found.append(f"{name} is asked for as {value or '*'}, and the lockfile answers other ranges")
        elif not has_workspaces:
            found.append(f"{name} is not in the lockfile")
    return found


def _yarn_name(pattern: str) -> str:
    """The package that a resolution is about: `name`, `**/name`, `parent/name`, `parent/**/@scope/name`."""
    *_, before, last = ("", *pattern.split("/"))
    last = last[:1] + last[1:].partition("@")[0]
    return f"{before}/{last}" if before.startswith("@") else last


def _uv_projects(lockfile: Lockfile) -> list[str]:
    projects = lockfile.data["projects"]
    sources = [table(project.get("source")) for project in projects] if isinstance(projects, list) else []
    return [text_of(source.get("editable") or source.get("virtual")) for source in sources]


def _uv_members(lockfile: Lockfile) -> list[str]:
    """The folders of the projects that the lockfile stands for, and not of others that they use as they are."""
    projects, members = lockfile.data["projects"], lockfile.data["members"]
    if lockfile.path.endswith(".py.lock") or not (isinstance(projects, list) and isinstance(members, list)):
        return []
    pairs = zip(projects, _uv_projects(lockfile), strict=True)
    return [place for project, place in pairs if place == "." or project.get("name") in members]


def _uv(lockfile: Lockfile, project: str, text: str) -> list[str] | None:
    """Requirements are compared by name, extras and versions: markers are written anew by uv."""
    projects = lockfile.data["projects"]
    if not isinstance(projects, list):
        return None
    block = next(found for found, place in zip(projects, _uv_projects(lockfile), strict=True) if place == project)
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


def _poetry(lockfile: Lockfile, _project: str, text: str) -> list[str] | None:
    """Poetry notes a hash of what the manifest says; which parts of it went in has changed over the years."""
    noted = text_of(lockfile.data["content-hash"])
    document = toml_table(text)
    if not noted or noted in _poetry_hashes(document):
        return []
    return ["its content-hash is that of another version of the manifest"]


def _poetry_hashes(document: Mapping[str, Any]) -> Iterator[str]:
    """The hash as Poetry makes it since 2.3, and as it was made before: without the standard's groups."""
    poetry = table(table(document.get("tool")).get("poetry"))
    project = table(document.get("project"))
    keys = ("requires-python", "dependencies", "optional-dependencies")
    standard = {key: project[key] for key in keys if project.get(key) is not None}
    of_project = {"project": standard} if standard else {}
    for groups in (table(document.get("dependency-groups")), {}):
        of_groups = {"dependency-groups": groups} if groups else {}
        if of_project or of_groups:
            own = {key: poetry[key] for key in (*POETRY_KEYS, "group") if poetry.get(key) is not None}
            yield _hash({**of_project, **of_groups, "tool": {"poetry": own}})
        else:
            of_group = {"group": poetry["group"]} if poetry.get("group") is not None else {}
            yield _hash({key: poetry.get(key) for key in POETRY_KEYS} | of_group)


def _hash(content: object) -> str:
    import json
    from hashlib import sha256

    try:
        return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    except TypeError:
        raise UnparsableError("a date or a time stands where a requirement should") from None


def _pipenv(lockfile: Lockfile, _project: str, text: str) -> list[str] | None:
    """The hash that Pipenv notes of the manifest."""
    import json
    from hashlib import sha256

    noted = text_of(lockfile.data["hash"])
    document = toml_table(text)
    if "source" not in document:
        return None  # then Pipenv hashes its own default, whatever that is in its version
    known = ("source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv", "default", "develop")
    content = {
        "_meta": {"sources": document["source"], "requires": document.get("requires", {})},
        "default": document.get("packages", {}),
        "develop": document.get("dev-packages", {}),
        **{key: value for key, value in document.items() if key not in known},
    }
    try:
        found = sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    except TypeError:
        raise UnparsableError("a date or a time stands where a requirement should") from None
    return [] if not noted or noted == found else ["its hash is that of another version of the manifest"]
