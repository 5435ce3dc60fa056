"""Words expanded as bash does: braces, tilde, parameters, commands, arithmetic, splitting, names in folders.

Where a variable may have several values, so may a word: each is followed, up to `MOST_ALTERNATIVES`.
"""

from __future__ import annotations

from nightlatch.agent.shell.braces import MOST_WORDS, brace_expanded
from nightlatch.agent.shell.folders import matching
from nightlatch.agent.shell.parameters import Parameter, applied, as_one, values_of
from nightlatch.agent.shell.patterns import is_pattern, plain, quoted
from nightlatch.agent.shell.values import Unknown, Word, merged
from nightlatch.agent.shell.words import ARITHMETIC, COMMAND, PARAMETER, TEXT, Piece, WordError, pieces, quoted_pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from nightlatch.agent.place import Place
    from nightlatch.agent.shell.state import Mount, State, Value
    from nightlatch.agent.shell.values import Stream

    class Shell(Protocol):
        """Who runs what stands inside a word."""

        place: Place

        def substituted(self, text: str, state: State) -> Stream:
            """What the commands of `$(…)` print."""

        def process(self, text: str, state: State, *, is_input: bool) -> Word:
            """The name that `<(…)` or `>(…)` stands for."""


MOST_ALTERNATIVES = 16
MOST_FIELDS = 2_000


class _Chunk:
    """A stretch of a word: known text or an unknown part; `breaks` where splitting ends a field before it."""

    __slots__ = ("breaks", "is_quoted", "part")

    def __init__(self, part: str | Unknown, *, is_quoted: bool, breaks: bool = False) -> None:
        self.part = part
        self.is_quoted = is_quoted
        self.breaks = breaks


def fields(source: str, state: State, shell: Shell) -> list[list[Word]]:
    """The ways a word can be expanded to fields: at least one. Raises WordError."""
    ways: list[list[Word]] = [[]]
    words = brace_expanded(pieces(source))
    if len(words) > MOST_WORDS:
        return [[Word(Unknown(source))]]
    for word in words:
        expanded = [_globbed(chunks, state, shell) for chunks in _ways(word, state, shell)]
        ways = [[*before, *after] for before in ways for after in expanded]
        if len(ways) > MOST_ALTERNATIVES or len(ways[0]) > MOST_FIELDS:
            return [[Word(Unknown(source))]]
    return ways


def single(source: str, state: State, shell: Shell) -> list[Word]:
    """The ways a word can be expanded where nothing splits it: a pattern of `case`. Raises WordError."""
    return [_one(chunks) for chunks in _ways(pieces(source), state, shell, splits=False)]


def assigned(source: str, state: State, shell: Shell) -> list[Word]:
    """The values that an assignment's right side can have: a tilde in front is the home folder. Raises WordError."""
    ways = _ways(pieces(source), state, shell, splits=False)
    return [_one([_home(chunks[0], state, shell), *chunks[1:]]) if chunks else Word("") for chunks in ways]


def document(source: str, state: State, shell: Shell) -> Word:
    """The body of a here-document. Raises WordError."""
    ways = _ways(quoted_pieces(source), state, shell, splits=False)
    return _one(ways[0]) if len(ways) == 1 else Word(Unknown(source))


def _one(chunks: list[_Chunk]) -> Word:
    return merged(chunk.part for chunk in chunks)


def _ways(word: list[Piece], state: State, shell: Shell, *, splits: bool = True) -> list[list[_Chunk]]:
    ways: list[list[_Chunk]] = [[]]
    for piece in word:
        options = _options(piece, state, shell, splits=splits)
        ways = [[*before, *after] for before in ways for after in options]
        if len(ways) > MOST_ALTERNATIVES:
            return [[_Chunk(Unknown("".join(piece.source for piece in word)), is_quoted=True)]]
    return ways


def _options(piece: Piece, state: State, shell: Shell, *, splits: bool) -> list[list[_Chunk]]:
    if piece.kind == TEXT:
        return [[_Chunk(piece.text, is_quoted=piece.is_quoted)]]
    if piece.kind == PARAMETER:
        return _parameter(piece, state, shell, splits=splits)
    if piece.kind == COMMAND:
        printed = shell.substituted(piece.text, state).word
        value = Word(Unknown(piece.source)) if printed is None else _stripped(printed)
        return [_chunks([value], piece, _separators(state), splits=splits)]
    if piece.kind == ARITHMETIC:
        return [[_Chunk(_calculated(piece, state, shell), is_quoted=True)]]
    return [[_Chunk(part, is_quoted=True) for part in shell.process(
        piece.text, state, is_input=piece.source.startswith("<")).parts]]  # fmt: skip


def _parameter(piece: Piece, state: State, shell: Shell, *, splits: bool) -> list[list[_Chunk]]:
    parameter = Parameter(piece.text)
    found: list[Value] = []
    values = values_of(parameter, state, shell.place, piece.source)
    for value in values:
        found += _defaults(parameter, value, state, shell)
    result: list[list[_Chunk]] = []
    for value in found:
        if parameter.operator == "@" and parameter.rest == "P":
            for word in value:  # `${x@P}`: expanded as a prompt is, with what stands in it run
                document(word.text or "", state, shell)
        changed = applied(parameter, value, piece.source)
        words = changed if parameter.is_list or not piece.is_quoted else [as_one(changed)]
        result.append(_chunks(words, piece, _separators(state), splits=splits))
    return result[:MOST_ALTERNATIVES] or [[]]


def _defaults(parameter: Parameter, value: Value, state: State, shell: Shell) -> list[Value]:
    """What `:-`, `:=`, `:+` and their kin make of a value; the variable may be set where nobody knows."""
    operator = parameter.operator
    if operator not in (":-", "-", ":=", "=", ":+", "+"):
        return [value]
    others: list[Value] = [[word] for word in single(parameter.rest, state, shell)]
    if operator in (":=", "="):
        state.assign(parameter.name, [value, *others])
    is_set = any(isinstance(part, Unknown) for word in value for part in word.parts)
    if is_set:
        return [[], *others] if operator in (":+", "+") else [value, *others]
    is_empty = not value or value == [] or all(word.text == "" for word in value)
    if operator in (":+", "+"):
        return [[]] if is_empty else others
    return others if is_empty else [value]


def _chunks(words: list[Word], piece: Piece, separators: str | None, *, splits: bool) -> list[_Chunk]:
    """The words of a value put into the word that they stand in."""
    found: list[_Chunk] = []
    for number, word in enumerate(words):
        parted = word if separators is None or piece.is_quoted else _respaced(word, separators)
        found += _split(parted, number > 0, is_quoted=piece.is_quoted or not splits)
    return found


def _separators(state: State) -> str | None:
    """What parts words, where the script has set it (IFS) to something else than blanks."""
    separators = state.text("IFS")
    return separators if separators and separators.strip() else None


def _respaced(word: Word, separators: str) -> Word:
    """A word whose separators are blanks."""
    table = dict.fromkeys(map(ord, separators), " ")
    return Word(*(part if isinstance(part, Unknown) else part.translate(table) for part in word.parts))


def _split(word: Word, breaks: bool, *, is_quoted: bool) -> list[_Chunk]:  # noqa: FBT001 - one word to the next
    found: list[_Chunk] = []
    for part in word.parts:
        if isinstance(part, Unknown) or is_quoted:
            found.append(_Chunk(part, is_quoted=is_quoted, breaks=breaks))
            breaks = False
            continue
        if part[:1].isspace():
            breaks = True
        for text in part.split():
            found.append(_Chunk(text, is_quoted=False, breaks=breaks))
            breaks = True
        breaks = part[-1:].isspace()
    if breaks and not found:
        found.append(_Chunk("", is_quoted=is_quoted, breaks=True))
    return found


def _stripped(word: Word) -> Word:
    """What a command prints, without the line ends at its end."""
    last = word.suffix
    return merged([*word.parts[:-1], last.rstrip("\n")]) if last else word


def _globbed(chunks: list[_Chunk], state: State, shell: Shell) -> list[Word]:
    """The fields of a word: split, with home for a tilde and names for patterns."""
    found: list[Word] = []
    current: list[_Chunk] = []
    for chunk in chunks:
        if chunk.breaks and current:
            found += _names(current, state, shell)
            current = []
        current.append(chunk)
    if any(chunk.is_quoted or chunk.part != "" for chunk in current):
        found += _names(current, state, shell)
    return found


def _names(chunks: list[_Chunk], state: State, shell: Shell) -> list[Word]:
    known = [_home(chunk, state, shell) if number == 0 else chunk for number, chunk in enumerate(chunks)]
    is_glob = any(not chunk.is_quoted and isinstance(chunk.part, str) and is_pattern(chunk.part) for chunk in known)
    word = merged(chunk.part for chunk in known)
    if not is_glob:
        return [word]
    if word.text is None or len(state.folders) != 1 or state.folders[0] is None:
        return [word if word.text is not None else Word(Unknown(word.shown))]
    pattern = "".join(
        chunk.part if not chunk.is_quoted else quoted(chunk.part) for chunk in known if isinstance(chunk.part, str)
    )
    names = _matching(pattern, state.folders[0], state, shell.place)
    if names is None:
        return [Word(Unknown(word.shown))]
    return [Word(name) for name in names] or [Word(plain(pattern))]


def _matching(pattern: str, folder: str, state: State, place: Place) -> list[str] | None:
    """The names that a pattern stands for; below a name that this call makes itself, those where it leads."""
    dots = state.shows_dots or "GLOBIGNORE" in state.variables
    start = pattern if pattern.startswith("/") else f"{folder.rstrip('/')}/{pattern}"
    if state.mounts is not None:
        return _inside_container(start, state.mounts, place, dots=dots)
    found = matching(place, folder, pattern, dots=dots)
    if found or not state.twins:
        return found
    below: list[str] = []
    for origin in state.origins(start):
        below += matching(place, "/", origin, dots=dots) or []
    return below


def _inside_container(pattern: str, mounts: tuple[Mount, ...], place: Place, *, dots: bool) -> list[str] | None:
    """The names in a container, as it spells them. Of what isn't mounted, hidden files of the project count alone."""
    for mount in sorted(mounts, key=lambda mount: -len(mount.inside)):
        top = mount.inside.rstrip("/") + "/"
        if pattern.startswith(top):
            found = matching(place, mount.outside, pattern[len(top) :], dots=dots)
            return None if found is None else [top + name for name in found]
    if not pattern.rpartition("/")[2].startswith("."):
        return []
    found = matching(place, place.root, pattern.lstrip("/"), dots=dots)
    return None if found is None else ["/" + name for name in found]


def _home(chunk: _Chunk, state: State, shell: Shell) -> _Chunk:
    if chunk.is_quoted or not isinstance(chunk.part, str) or not chunk.part.startswith("~"):
        return chunk
    if chunk.part[1:2] in ("-", "+") and chunk.part[2:3] in ("", "/"):
        here = state.folders[0] if len(state.folders) == 1 else None
        folder = state.text("OLDPWD") if chunk.part[1] == "-" else here
        return _Chunk(Unknown(chunk.part) if folder is None else folder + chunk.part[2:], is_quoted=True)
    return _Chunk(with_home(chunk.part, shell.place), is_quoted=False)


def with_home(text: str, place: Place) -> str:
    """A text whose leading `~` is the home folder; a `~name` other than the own stays."""
    user, slash, rest = text[1:].partition("/")
    own = place.home.rpartition("/")[2]
    return f"{place.home}{slash}{rest}" if place.home and user in ("", own) else text


def _calculated(piece: Piece, state: State, shell: Shell) -> str | Unknown:
    """A number where it is plain to see; commands inside are run all the same."""
    text = piece.text.strip()
    try:
        for way in _ways(quoted_pieces(text), state, shell, splits=False):
            inner = _one(way).text
            if inner is not None and inner.strip().lstrip("-").isdigit() and len(inner) < 10:  # noqa: PLR2004 - small
                return inner.strip()
    except WordError:
        pass
    return Unknown(piece.source, is_plain=True)
