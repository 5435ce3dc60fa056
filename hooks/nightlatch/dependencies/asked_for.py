"""What a manifest asks for, where no lockfile says which versions come of it: names and ranges."""

from __future__ import annotations

from nightlatch.dependencies.documents import items, json_table, table, toml_table
from nightlatch.dependencies.lines import Lines
from nightlatch.dependencies.lockfile_requirements import parse
from nightlatch.dependencies.package import NPM, PYPI, Lockfile, Package, UnparsableError, pypi_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

NPM_SECTIONS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
OTHER_SOURCES = ("file:", "link:", "portal:", "workspace:", "git", "http:", "https:", "ssh:", "bitbucket:", "gist:")
OF_POETRY = ("^", "~")


def read(path: str, text: str) -> Lockfile:
    """The packages that a manifest asks a registry for, as a lockfile that pins none of them. Raises UnparsableError.

    path  of a `package.json`, a `pyproject.toml` or a `Pipfile`
    """
    is_npm = path.endswith(".json")
    wanted = _of_npm(json_table(text)) if is_npm else _of_python(toml_table(text), path)
    lines: dict[str, int] = {}
    packages = []
    for name, versions in wanted:
        if name not in lines:
            lines[name] = Lines(text).find(f'"{name}"' if is_npm else name) if len(lines) < MOST_LINES else 1
        real = name if is_npm else pypi_name(name)
        versions, real = _of_alias(versions, real)  # noqa: PLW2901 - what stands behind the alias
        ecosystem = NPM if is_npm else PYPI
        packages.append(
            Package(ecosystem, real, "", wanted=versions, line=lines[name], path=path, key=f"{name} {versions}")
        )
    return Lockfile(path, "npm" if is_npm else "pip", NPM if is_npm else PYPI, packages)


MOST_LINES = 1_000
"""For so many names the line is looked for; a manifest with more of them isn't written by people."""


def _of_alias(versions: str, name: str) -> tuple[str, str]:
    if not versions.startswith("npm:"):
        return versions, name
    real, _, wanted = versions[4:].rpartition("@")
    return (wanted, real) if real else ("", versions[4:])


def _of_npm(manifest: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for section in NPM_SECTIONS:
        for name, versions in table(manifest.get(section)).items():
            if not isinstance(versions, str):
                raise UnparsableError("something stands where a range of versions should")
            is_elsewhere = versions.startswith(OTHER_SOURCES) or ("/" in versions and not versions.startswith("npm:"))
            if not is_elsewhere:
                yield name, versions


def _of_python(document: dict[str, Any], path: str) -> Iterator[tuple[str, str]]:
    project, tool = table(document.get("project")), table(document.get("tool"))
    optional, groups = table(project.get("optional-dependencies")), table(document.get("dependency-groups"))
    stated = items(project.get("dependencies"))
    stated = stated + [need for group in (*optional.values(), *groups.values()) for need in items(group)]
    for need in stated:
        if isinstance(need, str):
            yield from _stated(need, path)
    poetry = table(tool.get("poetry"))
    of_groups = [table(group).get("dependencies") for group in table(poetry.get("group")).values()]
    tables = [poetry.get("dependencies"), poetry.get("dev-dependencies"), *of_groups]
    if path.endswith("Pipfile"):
        tables += [document.get("packages"), document.get("dev-packages")]
    for one in tables:
        for name, said in table(one).items():
            if name != "python" and not (isinstance(said, dict) and {"git", "url", "path", "file"} & set(said)):
                yield name, _of_table(said)


def _stated(requirement: str, path: str) -> Iterator[tuple[str, str]]:
    """Name and versions of `name[extra]>=1,<2; marker`. What comes from an address is none of a registry's."""
    for package in parse(path, " ".join(requirement.split())).packages:
        if package.name and not package.url:
            yield package.name, package.wanted or f"=={package.version}"


def _of_table(said: object) -> str:
    """The versions as PEP 440 writes them; what Poetry alone understands is kept by its lower end."""
    if isinstance(said, dict):
        said = said.get("version")
    if not isinstance(said, str) or said in ("*", "latest"):
        return ""
    clauses = [clause.strip() for clause in said.split(",")]
    kept = [f">={clause[1:]}" if clause.startswith(OF_POETRY) and clause[1:2] != "=" else clause for clause in clauses]
    return ",".join(f"=={clause}" if clause[:1].isdigit() else clause for clause in kept)
