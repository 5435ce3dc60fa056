"""Registries that a change brings, in settings, manifests and requirements files."""

from __future__ import annotations

from nightlatch.dependencies.index_rules import indexes
from nightlatch.dependencies.lines import Lines
from nightlatch.dependencies.package import UnparsableError
from nightlatch.dependencies.place import address, word
from nightlatch.dependencies.rules import REGISTRY_CHANGES
from nightlatch.dependencies.settings import named_in
from nightlatch.dependencies.tree import and_above, folder_of, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.finding import Finding
    from nightlatch.dependencies.package import Lockfile
    from nightlatch.dependencies.place import Page
    from nightlatch.dependencies.settings import Registry
    from nightlatch.dependencies.tree import Tree


def of_settings(page: Page, tree: Tree) -> Iterator[Finding]:
    """Yield a finding for each registry that a file of settings names since the change. Unreadable: others say so."""
    if not tree.has_base or page.path.endswith("package.json"):
        return
    try:
        now = named_in(page.path, page.text)
    except UnparsableError:
        return
    known = {_identity(registry) for registry in _settled(page.path, tree)} if now else set()
    for registry in now:
        if _identity(registry) not in known:
            whose = f"packages of {word(registry.scope)}" if registry.scope else "packages"
            line = Lines(page.text).find(registry.url)
            yield _finding(page, line, f"{whose} may come from {address(registry.url)} from now on", registry.url)


def of_requirements(page: Page, lockfile: Lockfile, before: Lockfile | None, tree: Tree) -> Iterator[Finding]:
    """Yield a finding for each index that a requirements file names since the change."""
    if not tree.has_base:
        return
    known = {option.value.rstrip("/") for option in indexes(before)} if before is not None else set()
    for option in indexes(lockfile):
        if option.value.rstrip("/") not in known:
            message = f"packages may come from {address(option.value)} from now on"
            yield _finding(page, option.line, message, option.value)


def _settled(path: str, tree: Tree) -> Iterator[Registry]:
    """What the file itself and those of its name above it said before the change."""
    name = path.rpartition("/")[2]
    paths = [joined(folder, name) for folder in and_above(folder_of(path))]
    tree.look_for(paths)
    for one in paths:
        text = tree.settled(one)
        if text is not None:
            try:
                yield from named_in(one, text)
            except UnparsableError:
                continue


def _identity(registry: Registry) -> tuple[str, str]:
    return registry.scope, registry.url.rstrip("/")


def _finding(page: Page, line: int, message: str, url: str) -> Finding:
    return page.finding(REGISTRY_CHANGES, line, message, about=(address(url),))
