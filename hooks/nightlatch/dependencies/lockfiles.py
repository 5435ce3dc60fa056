"""Which file is a lockfile, and the reading of one: its parser's total is compared with a crude count."""

from __future__ import annotations

from nightlatch.core.lazy import attribute
from nightlatch.dependencies.names import is_pylock, is_requirements
from nightlatch.dependencies.package import Lockfile, UnparsableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGE = "nightlatch.dependencies."
BY_NAME = {
    "package-lock.json": "lockfile_npm",
    "npm-shrinkwrap.json": "lockfile_npm",
    "pnpm-lock.yaml": "lockfile_pnpm",
    "yarn.lock": "lockfile_yarn",
    "uv.lock": "lockfile_uv",
    "poetry.lock": "lockfile_poetry",
    "pylock.toml": "lockfile_pylock",
    "Pipfile.lock": "lockfile_pipfile",
}
"""File name → the module that parses it."""

OF_JSON = ("lockfile_npm", "lockfile_pipfile")
ODD_ENDS = frozenset("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
"""What ends a line for `str.splitlines`, and so for pip, and not for others."""

REQUIREMENTS = "lockfile_requirements"
UV = "lockfile_uv"
PYLOCK = "lockfile_pylock"


def format_of(path: str) -> str:
    """The module that parses a file of this name, or "" where it is none that is known."""
    name = path.rpartition("/")[2]
    known = BY_NAME.get(name, "")
    if known:
        return known
    if is_pylock(name):
        return PYLOCK
    if name.endswith(".py.lock"):
        return UV
    return REQUIREMENTS if is_requirements(path) else ""


def read(path: str, text: str, module: str = "") -> Lockfile:
    """Parse a lockfile.

    module  the one that parses it, where its name doesn't tell: see `format_of`

    Raises UnparsableError, also where the parser's total is not what a crude count says, and where a line ends in a
    way that only some programs take for an end: what one of them skips as a comment another would install.
    """
    module = module or format_of(path)
    if module not in OF_JSON and not ODD_ENDS.isdisjoint(text.replace("\r\n", "\n")):
        raise UnparsableError("a line ends with a character that programs disagree on")
    parser = PACKAGE + module
    parse: Callable[[str, str], Lockfile] = attribute(f"{parser}:parse")  # type: ignore[assignment] # by its name
    crude_count: Callable[[str], int] = attribute(f"{parser}:crude_count")  # type: ignore[assignment] # the same
    lockfile = parse(path, text)
    total = lockfile.data.get("counted", len(lockfile.packages))
    counted = crude_count(text)
    if total != counted:
        raise UnparsableError(f"{total} entries were read, but {counted} seem to stand there")
    return lockfile
