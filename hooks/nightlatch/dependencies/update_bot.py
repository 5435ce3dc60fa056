"""Whether Dependabot or Renovate looks after every lockfile's ecosystem.

https://docs.github.com/en/code-security/dependabot, https://docs.renovatebot.com/configuration-options/#enabledmanagers
"""

from __future__ import annotations

from nightlatch.dependencies.documents import items, json_table, table
from nightlatch.dependencies.names import UPDATE_BOTS
from nightlatch.dependencies.package import UnparsableError
from nightlatch.dependencies.place import word
from nightlatch.dependencies.rules import NO_UPDATE_BOT
from nightlatch.dependencies.yaml_document import yaml_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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


def check(lockfiles: Iterable[Lockfile], tree: Tree) -> Iterator[Finding]:
    """Yield one finding that names what no bot looks after, at the first such lockfile."""
    seen = list(lockfiles)
    uncovered = [lockfile for lockfile in seen if not _is_covered(lockfile.manager, tree)]
    managers = list(dict.fromkeys(lockfile.manager for lockfile in uncovered))
    page = tree.page(uncovered[0].path) if uncovered else None
    if page is not None:
        names = " and ".join(dict.fromkeys(DEPENDABOT[manager][0] for manager in managers))
        yield page.finding(
            NO_UPDATE_BOT,
            1,
            f"no update bot is told of the lockfiles of {', '.join(managers)}",
            about=managers,
            fix=f"In .github/dependabot.yml, write an entry with the package-ecosystem {names}; or use Renovate.",
        )


def _is_covered(manager: str, tree: Tree) -> bool:
    for path in sorted(UPDATE_BOTS):
        page = tree.page(path)
        if page is None:
            continue
        try:
            covered = _dependabot(page.text) if "dependabot" in path else _renovate(page.text, path)
        except UnparsableError as error:
            tree.leave_unchecked(path, str(error))
            return True
        names = DEPENDABOT if "dependabot" in path else RENOVATE
        if covered is None or not covered.isdisjoint(names[manager]):
            return True
    return False


def _dependabot(text: str) -> set[str]:
    """The ecosystems that Dependabot is told to look after."""
    updates = yaml_fields(text).get("updates")
    entries = updates.plain() if updates is not None else []
    return {str(table(entry).get("package-ecosystem")) for entry in items(entries)}


def _renovate(text: str, path: str) -> set[str] | None:
    """The managers that Renovate is limited to; None where it looks after all of them."""
    if path.endswith("5") or "//" in text.replace("://", ""):
        return None  # JSON with comments: Renovate is there, and what it is limited to is its own affair
    enabled = json_table(text).get("enabledManagers")
    return None if enabled is None else {word(str(name)) for name in items(enabled)}
