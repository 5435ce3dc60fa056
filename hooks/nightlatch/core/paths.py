r"""Path patterns of the configuration: which paths a list of them matches.

The format is gitignore(5)'s, and a list works as one `.gitignore` at the root would. What differs from git:

- `/` starts a pattern at the repository's root, `~/` at the home folder, `//` at the file system's root; `\~/` is
  a folder named `~`. A pattern without a slash, or with none but a trailing one, holds in all three.
- A leading `#` is a character like any other, since YAML has its own comments.
- `?` and `[…]` stand for one character, where git takes one byte; `**\/` is the same as `**/`.
- `ignore_case` folds all of Unicode as file systems do (`ß` is `ss`), where git folds ASCII.
- A pattern that can never match is an error, where git says nothing.

It imports nothing, since every commit waits for it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# A pattern is cut at each `**` into runs of components, a component at each `*` into pieces of characters.
# What lies between two cuts has a fixed length, so its leftmost place is the best one: no backtracking.
CharClass = tuple[bool, bool, str]  # negated, in either case, both ends of each range: `[a-f_]` is "af__"
Piece = tuple[str | CharClass, ...]  # a character or a class for each character
Component = str | tuple[Piece, ...]  # literal text, or pieces with a `*` between each two
Run = tuple[Component, ...]  # components with a `/` between each two
Pattern = tuple[str, bool, bool, tuple[Run, ...]]  # base, negated, folders only, runs with a `**` between each two
Compiled = tuple[tuple[Pattern, ...], tuple[Pattern, ...]]  # as written, and for `ignore_case`

BASES = ("root", "home", "fs")
_ANY_BASE = ""
_PREFIXES = (("~/", "home"), ("//", "fs"), ("/", "root"))
_ANY_CHARACTER: CharClass = (True, False, "")
_ANY_NAME: Component = ((), ())
# The ranges of git's own tables, which know ASCII only and count neither \v nor \f as space.
POSIX_CLASSES = {
    "alnum": "09AZaz",
    "alpha": "AZaz",
    "blank": "\t\t  ",
    "cntrl": "\0\x1f\x7f\x7f",
    "digit": "09",
    "graph": "!~",
    "lower": "az",
    "print": " ~",
    "punct": "!/:@[`{~",
    "space": "\t\n\r\r  ",
    "upper": "AZ",
    "xdigit": "09AFaf",
}


class PatternError(ValueError):
    """A pattern that can never match; `pattern` is its text as it was given."""

    def __init__(self, pattern: str, reason: str) -> None:
        super().__init__(f"the path pattern '{pattern}' can never match: {reason}")
        self.pattern = pattern


def compile_patterns(patterns: Sequence[str]) -> Compiled:
    """Patterns, in their order, to plain tuples that survive `marshal`. Raises PatternError."""
    exact = tuple(_compile_pattern(pattern, fold=False) for pattern in patterns)
    return exact, tuple(_compile_pattern(pattern, fold=True) for pattern in patterns)


def matches(
    compiled: Compiled, path: str, *, base: str = "root", is_dir: bool = False, ignore_case: bool = False
) -> bool:
    """Whether the verdict on `path` is True; the arguments are those of `verdict`."""
    return verdict(compiled, path, base=base, is_dir=is_dir, ignore_case=ignore_case) is True


def verdict(
    compiled: Compiled, path: str, *, base: str = "root", is_dir: bool = False, ignore_case: bool = False
) -> bool | None:
    """True if the last pattern that matches is a plain one, False if it is a negated one, None without any.

    `path` is relative to `base` ("root", "home" or "fs") and normalised: `/` between components, no `.`, `..` or
    doubled slash. A trailing slash says `is_dir`. What lies in a matched folder is matched, whatever later patterns
    say. The base itself is never matched.
    """
    if base not in BASES:
        raise ValueError(f"paths have no base {base!r}")
    stripped = path.rstrip("/")
    if not stripped:
        return None
    is_dir = is_dir or stripped != path
    parts = (stripped.casefold() if ignore_case else stripped).split("/")
    whole = len(parts)
    verdicts: list[bool | None] = [None] * (whole + 1)
    for pattern_base, negated, dir_only, runs in compiled[ignore_case]:
        if pattern_base in (base, _ANY_BASE):
            for depth in _matched_depths(runs, parts):
                if depth < whole or is_dir or not dir_only:
                    verdicts[depth] = not negated
    return True in verdicts[:whole] or verdicts[whole]


def verdict_at(
    compiled: Compiled, places: Sequence[tuple[str, str]], *, is_dir: bool = False, ignore_case: bool = False
) -> bool | None:
    """As `verdict`, for a path that lies below several bases at once: of all patterns the last that matches counts.

    places  (base, the path relative to it), the innermost base first: there a pattern without a base looks
    """
    views = [(base, (path.casefold() if ignore_case else path).strip("/").split("/")) for base, path in places if path]
    if not views:
        return None
    known = dict(reversed(views))
    innermost = views[0][1]
    whole = max(len(parts) for _, parts in views)
    verdicts: list[bool | None] = [None] * (whole + 1)
    for pattern_base, negated, dir_only, runs in compiled[ignore_case]:
        parts = innermost if pattern_base == _ANY_BASE else known.get(pattern_base)
        if parts is None:
            continue
        above = whole - len(parts)
        for depth in _matched_depths(runs, parts):
            if depth < len(parts) or is_dir or not dir_only:
                verdicts[above + depth] = not negated
    return True in verdicts[:whole] or verdicts[whole]


def _matched_depths(runs: tuple[Run, ...], parts: list[str]) -> list[int]:
    """The numbers of leading parts that the runs match: all of them is the path itself, fewer are its parents."""
    first, last = runs[0], runs[-1]
    if not _run_fits(first, parts, 0):
        return []
    start = len(first)
    if len(runs) == 1:
        return [start]
    for run in runs[1:-1]:
        while not _run_fits(run, parts, start):
            start += 1
            if start > len(parts):
                return []
        start += len(run)
    return [at + len(last) for at in range(start, len(parts)) if _run_fits(last, parts, at)]


def _run_fits(run: Run, parts: list[str], start: int) -> bool:
    """Whether the components of `run` match the parts from `start` on, one each."""
    if start + len(run) > len(parts):
        return False
    for component in run:
        if not component_fits(component, parts[start]):
            return False
        start += 1
    return True


def component_fits(component: Component, text: str) -> bool:
    """Whether the pieces, in their order and with anything in between, make up the whole of `text`."""
    if isinstance(component, str):
        return component == text
    first, last = component[0], component[-1]
    start, end = len(first), len(text) - len(last)
    if len(component) == 1:
        return end == 0 and _piece_fits(first, text, 0)
    if end < start or not _piece_fits(first, text, 0) or not _piece_fits(last, text, end):
        return False
    for piece in component[1:-1]:
        while not _piece_fits(piece, text, start):
            start += 1
            if start > end:
                return False
        start += len(piece)
    return start <= end


def _piece_fits(piece: Piece, text: str, start: int) -> bool:
    """Whether `piece` matches the characters of `text` from `start` on."""
    if start + len(piece) > len(text):
        return False
    for token in piece:
        char = text[start]
        if not (token == char if isinstance(token, str) else _in_class(token, char)):
            return False
        start += 1
    return True


def _in_class(char_class: CharClass, char: str) -> bool:
    """Whether the class, its negation regarded, takes the character."""
    negated, fold, ranges = char_class
    for index in range(0, len(ranges), 2):
        low, high = ranges[index], ranges[index + 1]
        if low <= char <= high or (fold and low <= char.upper() <= high):
            return not negated
    return negated


def _compile_pattern(pattern: str, *, fold: bool) -> Pattern:
    """One pattern to its compiled form; `fold` makes it one for case-folded paths."""
    text = _without_trailing_spaces(pattern)
    negated = text.startswith("!")
    base, body = _split_base(text[negated:])
    dir_only = body.endswith("/")
    try:
        components = _parse_components(body[: len(body) - dir_only], fold=fold)
        return base, negated, dir_only, _split_runs(components, floating=base == _ANY_BASE)
    except ValueError as error:
        raise PatternError(pattern, str(error)) from None


def _without_trailing_spaces(text: str) -> str:
    """`text` without its trailing spaces, except one that a backslash escapes."""
    stripped = text.rstrip(" ")
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    return text[: len(stripped) + backslashes % 2]


def _split_base(text: str) -> tuple[str, str]:
    """A pattern without its `!` to the base that it holds in and what it says below that."""
    for prefix, base in _PREFIXES:
        if text.startswith(prefix):
            return base, text[len(prefix) :]
    return ("root" if "/" in text[:-1] else _ANY_BASE), text


def _parse_components(body: str, *, fold: bool) -> list[Component]:
    """What stands between the slashes of a pattern. Raises ValueError with the reason where git never matches."""
    if not body:
        raise ValueError("it names no path; `/**`, `~/**` or `//**` is everything below")
    components: list[list[list[str | CharClass]]] = [[[]]]
    at = 0
    while at < len(body):
        escaped = body[at] == "\\"
        if escaped and at + 1 == len(body):
            raise ValueError(r"it ends in a lone backslash; `\\` is the character itself")
        char = body[at + escaped]
        if char == "[" and not escaped:
            negated, ranges, at = _parse_class(body, at + 1)
            components[-1][-1].append((negated, fold, ranges))
            continue
        at += 1 + escaped
        if char == "/":
            components.append([[]])
        elif char == "*" and not escaped:
            components[-1].append([])
        elif char == "?" and not escaped:
            components[-1][-1].append(_ANY_CHARACTER)
        else:
            components[-1][-1].extend(char.casefold() if fold else char)
    return [_as_component(pieces) for pieces in components]


def _as_component(pieces: list[list[str | CharClass]]) -> Component:
    """The pieces of a component as tuples, or as one text where they are one and literal."""
    literals = [token for token in pieces[0] if isinstance(token, str)]
    if len(pieces) == 1 and len(literals) == len(pieces[0]):
        return "".join(literals)
    return tuple(tuple(piece) for piece in pieces)


def _parse_class(body: str, at: int) -> tuple[bool, str, int]:
    """The class after a `[`: whether it is negated, its ranges, and where the pattern goes on."""
    negated = body[at : at + 1] in ("!", "^")
    at += negated
    ranges = previous = ""
    while not ranges or body[at : at + 1] != "]":
        name = _posix_name(body, at)
        if name:
            ranges += POSIX_CLASSES[name]
            previous, at = "", at + len(f"[:{name}:]")
        elif previous and body[at : at + 1] == "-" and body[at + 1 : at + 2] != "]":
            end, at = _parse_member(body, at + 1)
            ranges += previous + end
            previous = ""
        else:
            previous, at = _parse_member(body, at)
            ranges += previous * 2
    return negated, ranges, at + 1


def _posix_name(body: str, at: int) -> str:
    """The name in a `[:name:]` at `at`, or an empty text where there is none."""
    close = body.find("]", at + 2) if body.startswith("[:", at) else -1
    if close <= at + 2 or body[close - 1] != ":":
        return ""
    name = body[at + 2 : close - 1]
    if name not in POSIX_CLASSES:
        raise ValueError(f"there is no class `[:{name}:]`; there are {', '.join(POSIX_CLASSES)}")
    return name


def _parse_member(body: str, at: int) -> tuple[str, int]:
    """The character of a class at `at`, which a backslash may escape, and where the class goes on."""
    at += body.startswith("\\", at)
    if at >= len(body):
        raise ValueError(r"a `[` has no closing `]`; `\[` is the character itself")
    return body[at], at + 1


def _split_runs(components: list[Component], *, floating: bool) -> tuple[Run, ...]:
    """Components to the runs between each `**`, of which a floating pattern has one in front.

    Raises ValueError if there is a component that no path has.
    """
    runs: list[list[Component]] = [[], []] if floating else [[]]
    for component in components:
        if component in ("", ".", ".."):
            raise ValueError("a path has no empty component and no `.` or `..`")
        if not any(component) and len(component) > len(_ANY_NAME):  # asterisks alone, and more than one
            runs.append([])
        else:
            runs[-1].append(component)
    # `a/**` is what lies in `a`, without `a` itself.
    if not runs[-1]:
        runs[-1].append(_ANY_NAME)
    return tuple(tuple(run) for run in runs)
