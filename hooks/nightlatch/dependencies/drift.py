"""Whether a lockfile belongs to its manifest: what both say of the dependencies is compared.

Each comparison gives the differences in words; None where the two can't be compared.
"""

from __future__ import annotations

from nightlatch.core.lazy import attribute
from nightlatch.dependencies.documents import json_table, table, toml_table
from nightlatch.dependencies.tree import folder_of, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.dependencies.package import Lockfile

    Comparison = Callable[[Lockfile, str, str], list[str] | None]
    """(lockfile, project, manifest) → the differences in words."""

HERE = "nightlatch.dependencies."
COMPARISONS = {
    "npm": "drift_javascript:npm",
    "pnpm": "drift_javascript:pnpm",
    "yarn": "drift_javascript:yarn",
    "uv": "drift_uv:uv",
    "poetry": "drift_hashes:poetry",
    "pipenv": "drift_hashes:pipenv",
}
"""Manager → its comparison, which is imported when it is needed."""

OF_NPM = (
    *("dependencies", "devDependencies", "optionalDependencies", "peerDependencies"),
    *("resolutions", "overrides", "workspaces"),
)
"""What `package.json` says of dependencies."""


def manifests(lockfile: Lockfile) -> dict[str, str]:
    """The manifests that a lockfile stands for: path → the project's name in the lockfile."""
    folder = folder_of(lockfile.path)
    if lockfile.manager in ("npm", "pnpm") or lockfile.data.get("berry"):
        projects = lockfile.data.get("projects")
        names = list(projects) if isinstance(projects, dict) else [""]
        return {joined(folder, f"{name}/package.json"): name for name in names}
    name = {"yarn": "package.json", "pipenv": "Pipfile", "uv": "pyproject.toml", "poetry": "pyproject.toml"}
    if lockfile.manager == "uv":
        from nightlatch.dependencies.drift_uv import members

        return {joined(folder, f"{place}/pyproject.toml"): place for place in members(lockfile)}
    return {joined(folder, name[lockfile.manager]): ""} if lockfile.manager in name else {}


def differences(lockfile: Lockfile, project: str, text: str) -> list[str] | None:
    """What a manifest asks for and the lockfile doesn't know, or the other way round.

    project  the manifest's name in the lockfile, as `manifests` gives it
    text     the manifest
    Raises UnparsableError where the manifest can't be read.
    """
    name = COMPARISONS.get(lockfile.manager)
    if name is None:
        return None
    comparison: Comparison = attribute(HERE + name)  # type: ignore[assignment] # by its name
    return comparison(lockfile, project, text)


def asked_for(path: str, text: str) -> object:
    """What a manifest says of dependencies, to be compared with an earlier version of it. Raises UnparsableError."""
    if path.endswith(".json"):
        manifest = json_table(text)
        return {key: manifest.get(key) for key in OF_NPM}
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
