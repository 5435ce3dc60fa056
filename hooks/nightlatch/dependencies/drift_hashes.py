"""The hashes that Poetry and Pipenv note of the manifest, compared with it."""

from __future__ import annotations

from nightlatch.dependencies.documents import table, text_of, toml_table
from nightlatch.dependencies.package import UnparsableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from nightlatch.dependencies.package import Lockfile

POETRY_KEYS = ("dependencies", "source", "extras", "dev-dependencies")


def poetry(lockfile: Lockfile, _project: str, text: str) -> list[str] | None:
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


def pipenv(lockfile: Lockfile, _project: str, text: str) -> list[str] | None:
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
