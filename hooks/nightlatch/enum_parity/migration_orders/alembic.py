"""Alembic: each revision names the one before it. Read statically, never imported."""

from __future__ import annotations

import ast
import posixpath
import re
from graphlib import CycleError, TopologicalSorter

from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, joined
from nightlatch.enum_parity.migration_orders.python_text import PythonText

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.enum_parity.migration_orders.migration_set import Script, Tree

_ASSIGNED = re.compile(r"^(?:revision|down_revision|depends_on)\b", re.MULTILINE)
_PLAIN = re.compile(
    r"""^(revision|down_revision|depends_on)[ \t]*(?::[^=\n]+)?=[ \t]*(?:None|["']([^"'\n\\]*)["'])[ \t]*(?:\#.*)?$""",
    re.MULTILINE,
)
SETTINGS = "alembic.ini"
_LOCATIONS = re.compile(r"^version_locations[ \t]*=(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_SEPARATOR = re.compile(r"[\s,:;]+")
_MARK = re.compile(r"^(?:down_)?revision\b", re.MULTILINE)


class _Links:
    """What a revision's file says of its place: its name, and those of the revisions that it follows."""

    __slots__ = ("after", "name")

    def __init__(self, name: str, after: Sequence[str]) -> None:
        self.name = name
        self.after = after


def locations(path: str, text: str) -> list[str]:
    """The folders of revisions that an alembic.ini names, which are below it or beside it."""
    above = posixpath.dirname(path)
    found = _LOCATIONS.search(text)
    words = _SEPARATOR.split(found[1].replace("%(here)s/", "")) if found else []
    folders = (posixpath.normpath(posixpath.join(above, word)) for word in words if word)
    return [folder for folder in folders if not folder.startswith(("..", "/", "."))]


def find(tree: Tree) -> Iterator[MigrationSet]:
    """Each history: the revisions of a folder, and of folders whose revisions follow those of another one."""
    histories: list[tuple[str, dict[str, _Links | None]]] = []
    for folder in sorted(tree.folders):
        revisions = _revisions(tree, folder)
        if revisions:
            _add(histories, folder, revisions)
    for folder, revisions in histories:
        yield tree.take(_set(folder, revisions))


def _add(
    histories: list[tuple[str, dict[str, _Links | None]]], folder: str, revisions: dict[str, _Links | None]
) -> None:
    """Put a folder's revisions to the history that they belong to: one side follows the other.

    Two folders that are whole are two databases', though they may have revisions of one name.
    """
    for _, others in histories:
        if _names(others) & _missing(revisions) or _names(revisions) & _missing(others):
            others.update(revisions)
            return
    histories.append((folder, revisions))


def _revisions(tree: Tree, folder: str) -> dict[str, _Links | None]:
    """Path and place of each revision of a folder; None where Python can't read it."""
    found: dict[str, _Links | None] = {}
    for name in tree.free(folder, ".py"):
        path = joined(folder, name)
        text = tree.text(path)
        if "upgrade" in text and _MARK.search(text):
            try:
                links = _read(text)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                found[path] = None
                continue
            if links.name:
                found[path] = links
    return found if any(found.values()) or _is_usual(folder) else {}


def _is_usual(folder: str) -> bool:
    return "versions" in folder.split("/") or folder.rpartition("/")[2] in ("migrations", "alembic")


def _read(text: str) -> _Links:
    """By the lines themselves where these are plain, as nearly everywhere; else as Python."""
    plain = _PLAIN.findall(text)
    if len(plain) == len(_ASSIGNED.findall(text)):
        names = [name for variable, name in plain if variable == "revision"]
        return _Links(names[-1] if names else "", [name for variable, name in plain if variable != "revision" and name])
    known = PythonText(ast.parse(text))
    name = known.text(known.names.get("revision"))
    after = [*_each(known, "down_revision"), *_each(known, "depends_on")]
    return _Links(name or "", after)


def _each(known: PythonText, name: str) -> list[str]:
    """One name, or several where branches are merged."""
    value = known.names.get(name)
    one = known.text(value)
    return [one] if one is not None else known.texts(value) or []


def _names(revisions: dict[str, _Links | None]) -> set[str]:
    return {links.name for links in revisions.values() if links}


def _followed(revisions: dict[str, _Links | None]) -> set[str]:
    return {name for links in revisions.values() if links for name in links.after}


def _missing(revisions: dict[str, _Links | None]) -> set[str]:
    return _followed(revisions) - _names(revisions)


def _set(folder: str, revisions: dict[str, _Links | None]) -> MigrationSet:
    path_of = {links.name: path for path, links in revisions.items() if links}
    graph = {
        path: [path_of[name] for name in links.after if name in path_of] for path, links in revisions.items() if links
    }
    doubts = [(path, "it is no Python that can be read") for path, links in sorted(revisions.items()) if links is None]
    unknown = sorted(_missing(revisions))
    if unknown:
        doubts.append((folder, f"the revision {unknown[0]}, which others follow, isn't there"))
    try:
        ordered = list(TopologicalSorter({path: graph[path] for path in sorted(graph)}).static_order())
    except CycleError:
        ordered = sorted(graph)
        doubts.append((folder, "the revisions follow each other in a circle"))
    return MigrationSet(folder, "alembic", ordered, cut=cut, doubts=doubts)


def cut(path: str, text: str) -> Sequence[Script]:
    """The SQL that a revision's upgrade() comes to."""
    from nightlatch.enum_parity.migration_orders.alembic_flow import scripts

    return scripts(path, text)
