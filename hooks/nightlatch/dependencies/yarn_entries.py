"""The lines of `yarn.lock`, of every version, as entries."""

from __future__ import annotations

from nightlatch.dependencies.package import UnparsableError

INDENTS = (2, 4, 6)
LONGEST_LINE = 1024 * 1024


class Entry:
    """One entry: the descriptors that it answers, its line, its fields and the tables below it."""

    __slots__ = ("descriptors", "fields", "line", "tables")

    def __init__(self, descriptors: list[str], line: int) -> None:
        self.descriptors = descriptors
        self.line = line
        self.fields: dict[str, str] = {}
        self.tables: dict[str, dict[str, str]] = {}


def read_entries(text: str) -> list[Entry]:
    """Read the lines. Whatever has another shape than Yarn gives it is refused."""
    reader = _Reader()
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r")
        if len(line) > LONGEST_LINE:
            raise UnparsableError(f"line {number}: longer than any that Yarn writes")
        if line.strip() and not line.startswith("#"):
            said = line.lstrip(" ")
            reader.take(said, len(line) - len(said), number)
    return reader.entries


class _Reader:
    """The lines one by one: an entry begins without indentation, its fields have two blanks, tables' fields four."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._seen: set[str] = set()
        self._long_key = ""
        self._below: dict[str, str] | None = None

    def take(self, said: str, indent: int, number: int) -> None:
        if indent == 0 and said.startswith("? "):
            self._long_key = said[2:]
        elif indent == 0:
            self._begin(said, number)
        elif not self.entries or indent not in INDENTS:
            raise UnparsableError(f"line {number}: not what Yarn writes")
        elif indent == INDENTS[0] and said.endswith(":"):
            self._below = self.entries[-1].tables.setdefault(_unquoted(said[:-1]), {})
        else:
            if indent == INDENTS[0]:
                self._below = None
            fields = self.entries[-1].fields if self._below is None else self._below
            if indent != INDENTS[2] and not said.endswith(":"):  # deeper (dependenciesMeta) nothing matters here
                _note(fields, said, number)

    def _begin(self, said: str, number: int) -> None:
        key = self._long_key if said == ":" else said[:-1] if said.endswith(":") else ""
        entry = Entry(_descriptors(key, number), number)
        if not self._seen.isdisjoint(entry.descriptors):
            raise UnparsableError(f"line {number}: an entry that stands twice")
        self._seen.update(entry.descriptors)
        self.entries.append(entry)
        self._long_key = ""
        self._below = None


def _note(fields: dict[str, str], said: str, number: int) -> None:
    """Note a field: `name: value`, `name value`, either of them quoted."""
    name, rest = _word(said)
    if rest[:1] == ":" and rest[1:2] in (" ", ""):
        rest = rest[1:]
    value = _unquoted(rest.strip())
    if not name or name in fields or not rest.startswith(" "):
        raise UnparsableError(f"line {number}: not what Yarn writes")
    fields[name] = value


def _word(said: str) -> tuple[str, str]:
    """The word at the beginning, and the rest: a colon ends it only in front of a blank."""
    if said.startswith('"'):
        end = said.find('"', 1)
        return (said[1:end], said[end + 1 :]) if end > 0 else ("", said)
    end = said.find(" ")
    end = len(said) if end < 0 else end
    return (said[: end - 1], said[end - 1 :]) if said[end - 1 : end] == ":" else (said[:end], said[end:])


def _unquoted(word: str) -> str:
    if len(word) > 1 and word[0] == word[-1] == '"':
        word = word[1:-1]
        if "\\" in word:
            word = word.replace('\\"', '"').replace("\\\\", "\\")
    return word


def _descriptors(key: str, number: int) -> list[str]:
    """The descriptors of an entry: in version 1 each is quoted by itself, in berry all of them together."""
    if not key:
        raise UnparsableError(f"line {number}: not what Yarn writes")
    parts = key.split('", "') if key.startswith('"') and '", "' in key else [key]
    words = [word.strip() for part in parts for word in part.split(", ")]
    return [_unquoted(word) if word.startswith('"') and word.endswith('"') else word.strip('"') for word in words]
