"""Lockfiles and their manifests: whether both are there, once, in the same change, and of one mind."""

from __future__ import annotations

from nightlatch.core.text import plural
from nightlatch.dependencies.documents import items, json_table, table, toml_table
from nightlatch.dependencies.names import VENDORED, is_pylock
from nightlatch.dependencies.package import UnparsableError
from nightlatch.dependencies.place import named, word
from nightlatch.dependencies.remedy import renew
from nightlatch.dependencies.rules import DRIFT, NO_LOCKFILE, NOT_STAGED, TWO_LOCKFILES
from nightlatch.dependencies.tree import and_above, folder_of, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.dependencies.package import Lockfile
    from nightlatch.dependencies.place import Page
    from nightlatch.dependencies.tree import Tree

JAVASCRIPT = {
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "Yarn",
    "bun.lock": "Bun",
    "bun.lockb": "Bun",
}
PYTHON = {"uv.lock": "uv", "poetry.lock": "Poetry", "Pipfile.lock": "Pipenv", "pdm.lock": "PDM"}
MANIFESTS = {"package.json": JAVASCRIPT, "pyproject.toml": PYTHON, "Pipfile": PYTHON}
"""Manifest → the lockfiles that may stand for it, with the program of each."""

MADE_BY = {
    "package.json": "npm install --package-lock-only    (or pnpm install, or yarn install)",
    "pyproject.toml": "uv lock    (or poetry lock)",
    "Pipfile": "pipenv lock",
}
"""Manifest → the command that makes a lockfile for it."""

MOST_DIFFERENCES = 3


def lockfile_names(manifest: str) -> tuple[str, ...]:
    """The names of the lockfiles that may stand for a manifest of this name."""
    return tuple(MANIFESTS.get(manifest.rpartition("/")[2], ()))


def drift(page: Page, lockfile: Lockfile, tree: Tree) -> Iterator[Finding]:
    """Yield a finding for each manifest that says something else than its lockfile."""
    from nightlatch.dependencies.drift import manifests

    of_projects = manifests(lockfile)
    tree.look_for(of_projects)
    for path, project in of_projects.items():
        manifest = tree.page(path)
        found = _different(lockfile, project, manifest, tree)
        if manifest is not None and found:
            yield page.finding(
                DRIFT,
                1,
                f"{word(path)} and the lockfile differ: {_some(found)}",
                about=(path,),
                fix=f"Run: {renew(lockfile)}, and commit {word(lockfile.path)} together with {word(path)}.",
                data={"manifest": word(path), "differences": [word(one) for one in found]},
            )


def not_staged(path: str, lockfiles: Callable[[str], Lockfile | None], tree: Tree) -> Iterator[Finding]:
    """Yield a finding where a change touches what a manifest asks for, and not the lockfile that disagrees with it.

    lockfiles  path → the lockfile there, read when it is asked for
    """
    from nightlatch.dependencies.drift import asked_for, manifests

    page, before = tree.page(path), tree.base(path)
    if page is None or before is None:
        return
    try:
        if asked_for(path, before) == asked_for(path, page.text):
            return
    except UnparsableError:
        return  # what it is now is judged where it is compared; what it was can't be mended
    found = _standing_for(path, tree)
    if not found or found in tree.touched:
        return
    lockfile = lockfiles(found)
    project = manifests(lockfile).get(path) if lockfile is not None else None
    if lockfile is None or project is None:
        return
    differs = _different(lockfile, project, page, tree)
    if differs:
        yield page.finding(
            NOT_STAGED,
            1,
            f"its dependencies change, and {word(found)} is not part of the change: {_some(differs)}",
            about=(found,),
            fix=f"Run: {renew(lockfile)}, then: git add {word(found)}",
            data={"lockfile": word(found), "differences": [word(one) for one in differs]},
        )


def _standing_for(path: str, tree: Tree) -> str:
    """The nearest lockfile that may stand for a manifest; "" where there is none."""
    candidates = [joined(folder, name) for folder in and_above(folder_of(path)) for name in lockfile_names(path)]
    tree.look_for(candidates)
    return next((one for one in candidates if tree.page(one) is not None), "")


def _different(lockfile: Lockfile, project: str, manifest: Page | None, tree: Tree) -> list[str]:
    """The differences; none where there is nothing to compare with. A manifest that can't be read is unchecked."""
    from nightlatch.dependencies.drift import differences

    if manifest is None:
        return []
    try:
        return differences(lockfile, project, manifest.text) or []
    except UnparsableError as error:
        tree.leave_unchecked(manifest.path, str(error))
        return []


def _some(found: list[str]) -> str:
    more = len(found) - MOST_DIFFERENCES
    return "; ".join(word(one) for one in found[:MOST_DIFFERENCES]) + (f"; and {more} more" if more > 0 else "")


def two(tree: Tree) -> Iterator[Finding]:
    """Yield a finding where two programs have a lockfile for one manifest; of a change where one of them is new."""
    folders = dict.fromkeys(
        folder_of(path) for path in tree.touched if path.rpartition("/")[2] in (*JAVASCRIPT, *PYTHON)
    )
    for names in (JAVASCRIPT, PYTHON):
        tree.look_for(joined(folder, name) for folder in folders for name in names)
        for folder in folders:
            there = [path for name in names if tree.page(path := joined(folder, name)) is not None]
            programs = list(dict.fromkeys(names[path.rpartition("/")[2]] for path in there))
            is_news = not tree.is_change or any(path in tree.touched and tree.base(path) is None for path in there)
            page = tree.page(there[-1]) if there else None
            if len(programs) > 1 and is_news and page is not None:
                yield page.finding(
                    TWO_LOCKFILES,
                    1,
                    f"{' and '.join(word(path) for path in there)} stand for the same manifest: "
                    f"which of them counts depends on whether {' or '.join(programs)} is used",
                    about=programs,
                    data={"lockfiles": [word(path) for path in there]},
                )


def missing(tree: Tree) -> Iterator[Finding]:
    """Yield a finding where manifests ask for dependencies and no lockfile stands for them: one for each ecosystem.

    Of a change only where it takes a lockfile away: a project without one is no news.
    """
    for name, names in MANIFESTS.items():
        if tree.is_change:
            gone = [path for path in tree.removed if path.rpartition("/")[2] in names]
            candidates = [joined(folder_of(path), name) for path in gone]
            tree.look_for(candidates)
        else:
            candidates = [path for path in tree.touched if path.rpartition("/")[2] == name]
        alone = [path for path in candidates if _asks(path, tree) and not has_lockfile(path, tree)]
        page = tree.page(alone[0]) if alone else None
        if page is not None:
            lost = [path for path in tree.removed if path.rpartition("/")[2] in names] if tree.is_change else []
            yield page.finding(
                NO_LOCKFILE,
                1,
                f"{plural(len(alone), 'manifest')} with dependencies and without a lockfile: {named(alone)}"
                + (f"; this change takes {named(lost)} away" if lost else ""),
                about=(name,),
                fix=_back(lost) if lost else f"Make a lockfile, and commit it: {MADE_BY[name]}",
                data={"manifests": [word(path) for path in alone]},
            )


def _back(lost: Sequence[str]) -> str:
    """How a lockfile that a change takes away comes back."""
    from shlex import quote

    lockfiles = " ".join(quote(word(path)) for path in lost[:MOST_DIFFERENCES])
    return (
        f"Bring it back: git checkout HEAD -- {lockfiles}    (where the change is committed: HEAD~1 in place of HEAD); "
        "or commit the one that takes its place."
    )


def has_lockfile(path: str, tree: Tree) -> bool:
    """Whether any lockfile stands beside a manifest or above it, a compiled requirements file among them."""
    if _standing_for(path, tree):
        return True
    if path.endswith("package.json"):
        return False
    folder = folder_of(path)
    beside = [other for other in tree.paths() if folder_of(other) in (folder, joined(folder, "requirements"))]
    return any(is_pylock(other.rpartition("/")[2]) or _is_hashed(other, tree) for other in beside)


def _is_hashed(path: str, tree: Tree) -> bool:
    page = tree.page(path) if path.endswith(".txt") else None
    return page is not None and b"--hash=" in page.file.text


def _asks(path: str, tree: Tree) -> bool:
    """Whether a manifest asks for anything that is installed with it. One that can't be read is unchecked."""
    page = tree.page(path)
    if page is None or VENDORED in path:
        return False
    try:
        if path.endswith(".json"):
            manifest = json_table(page.text)
            return any(table(manifest.get(key)) for key in ("dependencies", "devDependencies", "optionalDependencies"))
        document = toml_table(page.text)
        if path.endswith("Pipfile"):
            return bool(table(document.get("packages")) or table(document.get("dev-packages")))
        poetry = table(table(document.get("tool")).get("poetry"))
        of_poetry = set(table(poetry.get("dependencies"))) - {"python"}
        return bool(items(table(document.get("project")).get("dependencies")) or of_poetry)
    except UnparsableError as error:
        tree.leave_unchecked(path, str(error))
        return False
