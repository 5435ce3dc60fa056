"""What a word, a variable or a stream can hold before the command runs: text, and parts that nobody knows yet."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Patch = tuple[str, tuple[str, ...]]


class Unknown:
    """A part of a word that only running would tell.

    source    as it stands in the command, short: `$FILE`, `$(curl …)`
    is_plain  whether it can only be a number, a date or a hash, so that it never spells a file's name of interest
    """

    __slots__ = ("is_plain", "source")

    def __init__(self, source: str, *, is_plain: bool = False) -> None:
        self.source = source if len(source) <= MOST_SHOWN else source[: MOST_SHOWN - 1] + "…"
        self.is_plain = is_plain


MOST_SHOWN = 60


class Word:
    """One word as a program receives it: known text and unknown parts, in order."""

    __slots__ = ("parts",)

    def __init__(self, *parts: str | Unknown) -> None:
        self.parts = parts

    @property
    def text(self) -> str | None:
        """The word, where all of it is known (a plain unknown stands as 0); else None."""
        if len(self.parts) == 1 and isinstance(self.parts[0], str):
            return self.parts[0]
        if any(isinstance(part, Unknown) and not part.is_plain for part in self.parts):
            return None
        return "".join("0" if isinstance(part, Unknown) else part for part in self.parts)

    @property
    def shown(self) -> str:
        """The word for people, and for whoever looks at its content: unknown parts as they stand in the command."""
        return "".join(part.source if isinstance(part, Unknown) else part for part in self.parts)

    @property
    def prefix(self) -> str:
        """The known text that it starts with."""
        return self.parts[0] if self.parts and isinstance(self.parts[0], str) else ""

    @property
    def suffix(self) -> str:
        """The known text that it ends with."""
        return self.parts[-1] if self.parts and isinstance(self.parts[-1], str) else ""

    def cut(self, start: int) -> Word:
        """The word without its first characters, which must be known."""
        return Word(self.prefix[start:], *self.parts[1:])

    def __repr__(self) -> str:
        return f"Word({self.shown!r})"


def joined(words: Iterable[Word], separator: str = " ") -> Word:
    """Words as one, as `echo` or `"$*"` join them."""
    parts: list[str | Unknown] = []
    for number, word in enumerate(words):
        parts += [separator, *word.parts] if number else word.parts
    return merged(parts)


def merged(parts: Iterable[str | Unknown]) -> Word:
    """A word of parts, neighbouring texts joined."""
    result: list[str | Unknown] = []
    for part in parts:
        if isinstance(part, str) and result and isinstance(result[-1], str):
            result[-1] += part
        elif part != "":
            result.append(part)
    return Word(*result) if result else Word("")


def lines_of(word: Word) -> list[Word]:
    """A word cut at its line ends, the last empty line left out."""
    lines: list[list[str | Unknown]] = [[]]
    for part in word.parts:
        if isinstance(part, Unknown):
            lines[-1].append(part)
            continue
        first, *more = part.split("\n")
        lines[-1].append(first)
        lines += [[line] for line in more]
    if not any(lines[-1]):
        lines.pop()
    return [merged(line) for line in lines]


class Stream:
    """What flows into a program or out of it.

    word    its content as far as it is known; None: ask `load`, if there is one
    load    reads the content when somebody wants it; gives None where it can't be known
    files   absolute paths of the files whose content it is
    is_raw  whether `files` are opened by a redirection and nobody has read them yet: the program decides how it does
    source  what people call it: `curl …`, `< file`
    prints  variables with the names of credentials whose values it has
    patch   where it is what `git diff` prints: the commit (empty: the index) and the files that it compares
    """

    __slots__ = ("_load", "_word", "files", "is_raw", "patch", "prints", "source")

    def __init__(
        self,
        word: Word | None = None,
        *,
        load: Callable[[], Word | None] | None = None,
        files: tuple[str, ...] = (),
        is_raw: bool = False,
        source: str = "",
    ) -> None:
        self._word = word
        self._load = load
        self.files = files
        self.is_raw = is_raw
        self.source = source
        self.prints: tuple[str, ...] = ()
        self.patch: Patch | None = None

    @property
    def word(self) -> Word | None:
        """Its content; None where nothing is known of it."""
        if self._load is not None:
            self._word, self._load = self._load(), None
        return self._word

    @property
    def text(self) -> str | None:
        """Its content, where all of it is known."""
        word = self.word
        return None if word is None else word.text

    @property
    def shown(self) -> str | None:
        """Its content for whoever looks for secrets in it; None where nothing is known."""
        word = self.word
        return None if word is None else word.shown


def unknown_stream(source: str) -> Stream:
    """What a program prints that nobody can tell beforehand."""
    return Stream(source=source)
