"""What `package.json` and the lockfiles of npm, pnpm and Yarn say of the dependencies, compared."""

from __future__ import annotations

from nightlatch.dependencies.documents import json_table, table, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from nightlatch.dependencies.package import Lockfile

"""Name → the versions that are asked for, as the manifest writes them."""

Wanted = dict[str, str]
"""Name → the versions that are asked for, as the manifest writes them."""

NPM_SECTIONS = ("peerDependencies", "devDependencies", "dependencies", "optionalDependencies")
"""Where a name stands in several, the later section counts."""

PNPM_SECTIONS = ("devDependencies", "dependencies", "optionalDependencies")
YARN_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies")


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


def npm(lockfile: Lockfile, project: str, text: str) -> list[str] | None:
    manifest = json_table(text)
    projects = lockfile.data.get("projects")
    if isinstance(projects, dict):
        return _compared(_sections(manifest, NPM_SECTIONS), _sections(projects.get(project, {}), NPM_SECTIONS))
    installed = {package.key for package in lockfile.packages}
    wanted = _sections(manifest, ("devDependencies", "dependencies"))
    return [f"{name} is not in the lockfile" for name in wanted if f"node_modules/{name}" not in installed]


def pnpm(lockfile: Lockfile, project: str, text: str) -> list[str] | None:
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


def yarn(lockfile: Lockfile, project: str, text: str) -> list[str] | None:
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
