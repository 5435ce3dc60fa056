"""A baseline where the selection has it: on disk, in the index, or in the commit that a range starts from."""

from __future__ import annotations

import os

from nightlatch.core.baseline.entry import MAX_BYTES, NAME
from nightlatch.core.errors import ConfigError
from nightlatch.core.files import UnreadableError, over_the_bound, read_from_tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nightlatch.core.discover import Selection


def content_at(selection: Selection, path: str) -> tuple[bytes, str] | None:
    """The bytes and the label of a file that judges the selection, or None where there is none.

    path  relative to the root
    """
    span, git = selection.span, selection.git
    if git and span and (span.base or span.tip):
        commit = span.base or span.tip
        if not git.run("ls-tree", "-z", "--full-tree", commit, "--", path):
            return None
        where = f"{commit[:12]}:{path}"
        return _bounded(git.run("cat-file", "blob", f"{commit}:{path}"), where), where
    full = os.path.join(selection.root, path)
    return (read(full, path), path) if os.path.lexists(full) else None


def existence(selection: Selection) -> Callable[[str], bool]:
    """Tells of a path, as reports show it, whether the checked tree has it."""
    from nightlatch.core.discover import STAGED
    from nightlatch.core.text import shown_path

    span, git = selection.span, selection.git
    if git and span and span.tip:
        listing: tuple[str, ...] = ("ls-tree", "-r", "-z", "--full-tree", "--name-only", span.tip)
    elif git and selection.selector == STAGED:
        listing = ("ls-files", "-z", "--full-name", "--", selection.root)
    else:
        return lambda path: any(os.path.lexists(os.path.join(selection.root, one)) for one in _spellings(path))
    known: list[set[str]] = []

    def is_listed(path: str) -> bool:
        if not known:
            known.append({shown_path(os.fsdecode(name)) for name in git.run(*listing).split(b"\0")})
        return path in known[0]

    return is_listed


def _spellings(path: str) -> Iterator[str]:
    """A path that is shown with `%FF` was written so, or holds that byte."""
    yield path
    if "%" in path:
        import re

        raw = re.sub(
            rb"%([89A-F][0-9A-F])", lambda found: bytes.fromhex(found[1].decode()), path.encode("utf-8", "replace")
        )
        yield os.fsdecode(raw)


def read(path: str, where: str) -> bytes:
    """The bytes of a baseline. A link is followed, but only to a regular file; never waits. Raises ConfigError."""
    try:
        return read_from_tree(os.path.realpath(path), MAX_BYTES)
    except FileNotFoundError:
        from shlex import quote

        option = "" if where == NAME else f" --baseline {quote(where)}"
        remedy = f"Make it with: nightlatch baseline create{option}"
        raise ConfigError(where, 0, 0, "there is no such file.", remedy) from None
    except (UnreadableError, ValueError) as error:
        what = str(error) if isinstance(error, UnreadableError) else "its name can't be opened"
        raise ConfigError(where, 0, 0, f"the baseline can't be read: {what}.", "Mend or remove the file.") from None


def _bounded(raw: bytes, where: str) -> bytes:
    if len(raw) > MAX_BYTES:
        what = f"the baseline can't be read: {over_the_bound(len(raw), MAX_BYTES)}."
        raise ConfigError(where, 0, 0, what, "Remove entries.")
    return raw
