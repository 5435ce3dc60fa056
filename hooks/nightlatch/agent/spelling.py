"""The spellings of a path: the rules must hold whichever of them is used, and whatever links lie on the way."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.agent.place import Place

IS_WINDOWS = sys.platform == "win32"
IGNORES_CASE = sys.platform in ("win32", "darwin")
"""Whether the file system takes `A` for `a`, as a rule."""

_LINKED_ON_MACOS = ("/private/tmp/", "/private/var/", "/private/etc/")


def absolute(path: str, folder: str, home: str) -> str:
    """The path that a tool opens: `~` and `file://` made out, relative ones from the folder. Links are not followed.

    Raises EventError where no path can be so.
    `..` stays where it is, since the system goes through links before it goes up.
    """
    if path[:7].lower() == "file://":
        path = _of_address(path[7:])
    if path == "~" or path.startswith(("~/", "~\\")):
        path = home + path[1:]
    if not _can_be_a_path(path):
        from nightlatch.core.errors import EventError

        raise EventError("A path in the call has a character that no path has.", "Write the path without it.")
    return os.path.join(folder or os.sep, path)


def _can_be_a_path(path: str) -> bool:
    """Whether the system takes it: no NUL, and no half of a character."""
    if path.isascii():
        return "\0" not in path
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _of_address(rest: str) -> str:
    """The path of a `file:` address."""
    from urllib.parse import unquote

    path = unquote(rest.removeprefix("localhost"))
    return path[1:] if IS_WINDOWS and path[2:3] == ":" else path


def spellings(path: str) -> list[str]:
    """Each way in which an absolute path can be said: as it is written, and where it really leads.

    Both readings of `link/../x` are among them: the text's, and the system's, which follows the link first.
    """
    plain = os.path.normpath(path)
    found = [plain, os.path.realpath(plain)]
    if ".." in path:
        found.append(os.path.realpath(path))
    if not path.isascii():
        found += [_composed(one) for one in found]
    return list(dict.fromkeys(as_posix(one) for one in found))


def _composed(path: str) -> str:
    """With letters and their accents in one character each: file systems differ in how they keep them."""
    from unicodedata import normalize

    return normalize("NFC", path)


def as_posix(path: str, *, is_windows: bool = IS_WINDOWS) -> str:
    r"""With `/`, and without what Windows passes over: `\\?\`, streams, dots and blanks at a name's end."""
    if not is_windows:
        return path
    path = path.replace("\\", "/")
    path = path[4:] if path.startswith(("//?/", "//./")) else path
    drive, rest = (path[:2], path[2:]) if path[1:2] == ":" else ("", path)
    names = [name.partition(":")[0] for name in rest.split("/")]
    return drive.upper() + "/".join(name if name in (".", "..") else name.rstrip(" .") for name in names)


def places(path: str, place: Place) -> list[tuple[str, str]]:
    """Where a spelling lies: (base, the path relative to it), the innermost base first."""
    found = []
    worktrees = (("root", folder) for folder in place.worktrees)
    for base, folder in (("root", place.root), ("home", place.home), *worktrees):
        relative = below(path, as_posix(folder)) if folder else None
        if relative:
            found.append((base, relative))
    found.sort(key=lambda one: len(one[1]))
    return [*found, ("fs", path.lstrip("/"))]


def below(path: str, folder: str) -> str | None:
    """The path relative to a folder that holds it, by whole components; None where it lies elsewhere."""
    if folder == "/":
        return path[1:]
    start = folder + "/"
    if path.startswith(start):
        return path[len(start) :]
    if IGNORES_CASE and path.casefold().startswith(start.casefold()):
        return path[len(start) :]
    return None


def every_place(path: str, place: Place) -> list[Sequence[tuple[str, str]]]:
    """The places of every spelling of an absolute path."""
    return [places(_without_private(_through_base(one, place)), place) for one in spellings(path)]


def _through_base(path: str, place: Place) -> str:
    """A spelling that comes into the project or the home folder through a link, as if it came in by the door.

    Else what a rule excepts by `/tests/fixtures/**` would not be excepted where the whole project is linked to.
    """
    bases = [as_posix(folder) for folder in (place.root, place.home, *place.worktrees) if folder]
    if any(below(path, folder) for folder in bases):
        return path
    above, rest = os.path.split(path)
    while rest and os.path.dirname(above) != above:
        real = as_posix(os.path.realpath(above))
        if real in bases:
            return f"{real}/{rest}"
        if not any(below(real, folder) for folder in bases):
            return path
        above, name = os.path.split(above)
        rest = f"{name}/{rest}"
    return path


def _without_private(path: str) -> str:
    """On macOS /tmp, /var and /etc are links into /private: both mean the same in a pattern."""
    if sys.platform == "darwin" and path.startswith(_LINKED_ON_MACOS):
        return path[len("/private") :]
    return path
