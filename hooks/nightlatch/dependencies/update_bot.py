"""Whether Dependabot or Renovate looks after every lockfile's ecosystem.

https://docs.github.com/en/code-security/dependabot, https://docs.renovatebot.com/configuration-options/#enabledmanagers
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from nightlatch.core.text import plural
from nightlatch.dependencies.documents import items, json_table, table, text_of
from nightlatch.dependencies.names import UPDATE_BOTS
from nightlatch.dependencies.package import UnparsableError
from nightlatch.dependencies.place import named, word
from nightlatch.dependencies.rules import NO_UPDATE_BOT
from nightlatch.dependencies.tree import folder_of
from nightlatch.dependencies.yaml_document import yaml_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.dependencies.package import Lockfile
    from nightlatch.dependencies.tree import Tree

DEPENDABOT = {
    "npm": ("npm",),
    "pnpm": ("npm",),
    "yarn": ("npm",),
    "uv": ("uv",),
    "poetry": ("pip",),
    "pipenv": ("pip",),
    "pip": ("pip", "uv"),
}
"""Manager → Dependabot's names for its ecosystem, of which any will do."""

RENOVATE = {
    "npm": ("npm",),
    "pnpm": ("npm",),
    "yarn": ("npm",),
    "uv": ("pep621",),
    "poetry": ("poetry", "pep621"),
    "pipenv": ("pipenv",),
    "pip": ("pip_requirements", "pip-compile"),
}
"""The same for Renovate's managers."""


MANIFEST = "package.json"
MOST_PARTS = 100


def check(lockfiles: Iterable[Lockfile], tree: Tree) -> Iterator[Finding]:
    """Yield one finding that names what no bot looks after, at the first such lockfile."""
    seen = list(lockfiles)
    tree.look_for([MANIFEST])
    told = list(_told(tree)) if seen else []
    uncovered = [lockfile for lockfile in seen if not any(_covers(one, lockfile) for one in told)]
    managers = list(dict.fromkeys(lockfile.manager for lockfile in uncovered))
    page = tree.page(uncovered[0].path) if uncovered else None
    if page is not None:
        names = " and ".join(dict.fromkeys(DEPENDABOT[manager][0] for manager in managers))
        folders = list(dict.fromkeys(f"/{folder_of(lockfile.path)}" for lockfile in uncovered))
        yield page.finding(
            NO_UPDATE_BOT,
            1,
            f"no update bot is told of {plural(len(uncovered), 'lockfile')}: {named([one.path for one in uncovered])}",
            about=managers,
            fix=f"In .github/dependabot.yml, write an entry with the package-ecosystem {names} "
            f"and the directories {named(folders)}; or use Renovate.",
            data={"lockfiles": [word(lockfile.path) for lockfile in uncovered]},
        )


class Coverage:
    """What one entry of a bot's configuration says.

    names    manager → the bot's names for its ecosystem, of which any will do
    enabled  the names that it looks after; None for all
    folders  the folders that it looks into, which may hold `*` and `**`; None for all
    """

    __slots__ = ("enabled", "folders", "names")

    def __init__(
        self, names: Mapping[str, Sequence[str]], enabled: set[str] | None, folders: list[str] | None = None
    ) -> None:
        self.names = names
        self.enabled = enabled
        self.folders = folders


def _covers(entry: Coverage, lockfile: Lockfile) -> bool:
    if entry.enabled is not None and entry.enabled.isdisjoint(entry.names[lockfile.manager]):
        return False
    return entry.folders is None or any(_is_in(folder_of(lockfile.path), folder) for folder in entry.folders)


def _is_in(folder: str, pattern: str) -> bool:
    """Whether a folder is meant by one of Dependabot's: `/`, `/docs`, `/packages/*`, `**/*`.

    https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference
    """
    here, wanted = folder.split("/") if folder else [], [part for part in pattern.split("/") if part not in ("", ".")]
    return _matches(here, wanted[:MOST_PARTS])


def _matches(here: Sequence[str], wanted: Sequence[str]) -> bool:
    """Part by part; `**` stands for any number of them. States that can be reached, so that nothing is tried twice."""
    states = {0}
    for part in [*here, None]:
        for state in sorted(states):  # a double star may also stand for nothing
            while state < len(wanted) and wanted[state] == "**":
                state += 1  # noqa: PLW2901 - on to the next part
                states.add(state)
        if part is None:
            break
        alive = {state for state in states if state < len(wanted)}
        states = {state for state in alive if wanted[state] == "**"}
        states |= {state + 1 for state in alive if wanted[state] != "**" and fnmatchcase(part, wanted[state])}
    return len(wanted) in states


def _told(tree: Tree) -> Iterator[Coverage]:
    """What the bots of the repository are told. A configuration that can't be read is unchecked, and covers all."""
    for path in (*sorted(UPDATE_BOTS), MANIFEST):
        page = tree.page(path)
        if page is None:
            continue
        try:
            yield from _dependabot(page.text) if "dependabot" in path else _renovate(page.text, path)
        except UnparsableError as error:
            tree.leave_unchecked(path, str(error))
            yield Coverage(RENOVATE, None)


def _dependabot(text: str) -> Iterator[Coverage]:
    """An entry each."""
    updates = yaml_fields(text).get("updates")
    for item in items(updates.plain()) if updates is not None else ():
        entry = table(item)
        folders = [entry.get("directory"), *items(entry.get("directories"))]
        named_folders = [text_of(folder) for folder in folders if folder is not None]
        yield Coverage(DEPENDABOT, {str(entry.get("package-ecosystem"))}, named_folders or ["/"])


def _renovate(text: str, path: str) -> Iterator[Coverage]:
    """Renovate looks everywhere, at all managers unless it is limited to some. In package.json under its own key."""
    if path.endswith("5") or (path != MANIFEST and "//" in text.replace("://", "")):
        yield Coverage(RENOVATE, None)  # with comments: it is there, and what it is limited to is its own affair
        return
    document = json_table(text)
    if path == MANIFEST:
        if "renovate" not in document:
            return
        document = table(document["renovate"])
    enabled = document.get("enabledManagers")
    yield Coverage(RENOVATE, None if enabled is None else {str(name) for name in items(enabled)})
