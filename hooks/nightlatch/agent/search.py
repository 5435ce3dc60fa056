"""A search through a folder that shows what it finds: whether it would show lines of a file that is closed."""

from __future__ import annotations

import os

from nightlatch.agent.below import TooManyError, candidates, files_below

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
    globs = [part for glob in search.globs for one in glob.split() for part in _alternatives(one)]
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
    """`*.{ts,tsx}` as `*.ts` and `*.tsx`, the innermost braces first. Raises TooManyError."""
    found = [glob]
    while len(found) <= MOST_GLOBS and any("{" in one and "}" in one.partition("{")[2] for one in found):
        found = [one for part in found for one in _without_innermost(part)]
    if len(found) > MOST_GLOBS:
        raise TooManyError
    return [part for one in found for part in (one.split(",") if one == glob else [one]) if part]


MOST_GLOBS = 200


def _without_innermost(glob: str) -> list[str]:
    before, closed, after = glob.partition("}")
    start, opened, inner = before.rpartition("{")
    return [start + part + after for part in inner.split(",")] if opened and closed else [glob.replace("}", "", 1)]


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
    kept: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] not in ("(", ")", "?", "{"):  # of the basic form, signs
            kept.append(" ")
            is_code = text[at + 1 : at + 2] in _CODES
            at += 2
            while is_code and at < len(text) and (text[at].isalnum() or text[at] in "_{}"):
                at += 1
        elif text[at] == "\\":
            at += 1
        elif text[at] == "[":
            close = text.find("]", at + 2)
            at = len(text) if close < 0 else close + 1
            kept.append(" ")
        elif text.startswith("(?", at) and text[at + 2 : at + 3] != ":":
            return ""  # flags, names, looks around: no word of it is sure
        elif text[at] in "?*{" and kept:
            start = _group_before(kept)
            kept[start:] = " " * (len(kept) - start)
            close = text.find("}", at) if text[at] == "{" else at
            at = len(text) if close < 0 else close + 1
        else:
            kept.append(text[at])
            at += 1
    return "".join(kept)


_CODES = tuple("0123456789xuUpPoNc")


def _group_before(kept: Sequence[str]) -> int:
    """Where what a sign repeats begins: its group, of which another alternative may hold the start."""
    depth = 0
    for at in range(len(kept) - 1, -1, -1):
        depth += (kept[at] == ")") - (kept[at] == "(")
        if depth <= 0:
            return at
    return 0


def _holds(text: str | None, alternatives: list[list[str]]) -> bool:
    """Whether a text may match: it can't be read, or holds every word of an alternative."""
    if text is None:
        return True
    lowered = text.lower()
    return any(all(word in lowered for word in words) for words in alternatives)
