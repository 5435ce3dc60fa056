"""A search through a folder that shows what it finds: whether it would show lines of a file that is closed."""

from __future__ import annotations

import os

from nightlatch.agent.below import candidates, files_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nightlatch.agent.situation import Situation
    from nightlatch.core.paths import Compiled
    from nightlatch.protected_files.policy import Rule

MOST_BYTES = 1024 * 1024
SHORTEST_WORD = 2
EVERYTHING = ("*", "**", "**/*")
"""Globs that narrow nothing."""


class Search:
    """A search in a folder.

    folder   absolute
    via      the tool
    pattern  what is searched for: a regular expression, as a rule
    globs    the file names that it is narrowed to; none: all
    """

    __slots__ = ("folder", "globs", "pattern", "via")

    def __init__(self, folder: str, via: str, pattern: str, globs: Sequence[str] = ()) -> None:
        self.folder = folder
        self.via = via
        self.pattern = pattern
        self.globs = globs


def closed_files_shown(search: Search, now: Situation) -> Iterator[str]:
    """Yield the closed files of which the search would show lines, as far as can be told without running it.

    A search that is narrowed to files of which most are closed is meant for them. Else one counts that holds the
    words of what is searched for: a search for other things passes it by. Raises TooManyError where not all of the
    folder could be looked at.
    """
    is_searched, is_narrowed = _files_of(search)
    closed: list[str] = []
    words = _words(search.pattern)
    for path in candidates(search.folder, "read", now, within_packages=True):
        if is_searched(path) and now.is_closed(path):
            closed.append(path)
            if _holds(now.place.read_text(path, MOST_BYTES), words):
                yield path
    if is_narrowed and closed and not _are_more(search.folder, is_searched, 2 * len(closed)):
        yield from closed


def only_files_read_whole(search: Search, now: Situation) -> Iterator[tuple[str, Rule]]:
    """Yield the files that are read whole or not at all, where the search goes through nothing else."""
    is_searched, _is_narrowed = _files_of(search)
    found = []
    for path in candidates(search.folder, "read", now):
        if is_searched(path):
            rule = now.read_whole(path)
            if rule is None:
                return
            found.append((path, rule))
    if found and not _are_more(search.folder, is_searched, len(found)):
        words = _words(search.pattern)
        yield from (one for one in found if _holds(now.place.read_text(one[0], MOST_BYTES), words))


def _files_of(search: Search) -> tuple[Callable[[str], bool], bool]:
    """What tells whether a file is searched, by its path; and whether the search is narrowed to some at all."""
    globs = [part for glob in search.globs for part in _alternatives(glob)]
    wanted = _compiled([part for part in globs if not part.startswith("!") and part not in EVERYTHING])
    unwanted = _compiled([part[1:] for part in globs if part.startswith("!")])

    def is_searched(path: str) -> bool:
        return (wanted is None or _fits(wanted, path, search.folder)) and (
            unwanted is None or not _fits(unwanted, path, search.folder)
        )

    return is_searched, wanted is not None


def _are_more(folder: str, is_searched: Callable[[str], bool], count: int) -> bool:
    """Whether more files than a number are searched at all."""
    files = (os.path.join(current, name) for current, names in files_below(folder) for name in names)
    for path in files:
        count -= is_searched(path)
        if count < 0:
            return True
    return False


def _compiled(globs: Sequence[str]) -> Compiled | None:
    """The globs as path patterns; None where there are none, or one can't be understood: then nothing is narrowed."""
    from nightlatch.core.paths import PatternError, compile_patterns

    try:
        return compile_patterns(globs) if globs else None
    except PatternError:
        return None


def _alternatives(glob: str) -> list[str]:
    """`*.{ts,tsx}` as `*.ts` and `*.tsx`; only one pair of braces is taken apart."""
    before, opened, rest = glob.partition("{")
    inner, closed, after = rest.partition("}")
    if not opened or not closed or "{" in after:
        return [part.strip() for part in glob.split(",") if part.strip()] if not opened else [glob]
    return [before + part + after for part in inner.split(",")]


def _fits(globs: Compiled, path: str, folder: str) -> bool:
    from nightlatch.core.paths import matches

    return matches(globs, os.path.relpath(path, folder).replace(os.sep, "/"))


def _words(pattern: str) -> list[list[str]]:
    """For each alternative of an expression the literal words in it, in small letters.

    Without a word anything may match; the signs of the expression only ever part words, so that none is invented.
    """
    alternatives = []
    for part in pattern.replace("\\|", "|").split("|"):
        plain = "".join(letter if letter.isalnum() or letter == "_" else " " for letter in _without_escapes(part))
        alternatives.append([word.lower() for word in plain.split() if len(word) >= SHORTEST_WORD])
    return alternatives


def _without_escapes(text: str) -> str:
    r"""Without `\w` and the like, character classes and optional letters, whose letters are not literal."""
    kept = []
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 2
            kept.append(" ")
        elif text[at] == "[":
            close = text.find("]", at + 2)
            at = len(text) if close < 0 else close + 1
            kept.append(" ")
        elif text[at] in "?*{" and kept:
            kept[-1] = " "
            close = text.find("}", at) if text[at] == "{" else at
            at = len(text) if close < 0 else close + 1
        else:
            kept.append(text[at])
            at += 1
    return "".join(kept)


def _holds(text: str | None, alternatives: list[list[str]]) -> bool:
    """Whether a text may match: it can't be read, or holds every word of an alternative."""
    if text is None:
        return True
    lowered = text.lower()
    return any(all(word in lowered for word in words) for words in alternatives)
