"""`CODEOWNERS`: who must approve a change of a path.

Sources of the format: docs.github.com, about code owners; docs.gitlab.com, syntax of the CODEOWNERS file. The last
line that matches counts, in GitLab the last of each section; a line without owners takes them away.
"""

from __future__ import annotations

from nightlatch.core.paths import PatternError, compile_patterns, matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.paths import Compiled

    Line = tuple[Compiled, int, bool]

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where GitHub looks, the first that there is counts; and GitLab, which has one place of its own."""

MOST_LINES = 100_000
"""Either service takes no larger files than a few megabytes."""


class TooLongError(Exception):
    """A file has more lines than are read."""


class Owners:
    """The lines of a file.

    sections  for each section its lines: the compiled pattern, how many folders deep what it matches lies (-1: any),
              and whether someone owns it
    """

    __slots__ = ("_by_name", "sections")

    def __init__(self) -> None:
        self.sections: dict[str, list[Line]] = {}
        self._by_name: dict[str, dict[str, list[int]]] = {}

    def add(self, section: str, compiled: Compiled, depth: int, *, owned: bool) -> None:
        """Add a line. It is found again by a name that it spells out: no other path can have it."""
        lines = self.sections.setdefault(section, [])
        names = self._by_name.setdefault(section, {})
        names.setdefault(_name_in(compiled), []).append(len(lines))
        lines.append((compiled, depth, owned))

    def has(self, path: str) -> bool:
        """Whether someone owns a path whose approval a section demands."""
        return any(self._owned(section, path) for section in self.sections)

    def _owned(self, section: str, path: str) -> bool:
        depth, lines, names = path.count("/"), self.sections[section], self._by_name[section]
        numbers = sorted((one for name in {"", *path.split("/")} for one in names.get(name, ())), reverse=True)
        likely = (lines[number] for number in numbers)
        return next((owned for compiled, at, owned in likely if at in (-1, depth) and matches(compiled, path)), False)


def _name_in(compiled: Compiled) -> str:
    """The last component of a pattern that is a plain name; empty where none is."""
    components = [one for pattern in compiled[0] for run in pattern[3] for one in run]
    return next((one for one in reversed(components) if isinstance(one, str)), "")


def parse(text: str) -> Owners:
    """Read a file. A line that neither service would take says nothing. Raises TooLongError."""
    owners = Owners()
    section, default, is_optional = "", False, False
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise TooLongError(f"more than {MOST_LINES} lines")
    for line in lines:
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        heading = _heading(stripped)
        if heading is not None:
            section, default, is_optional = heading
            continue
        words = _words(stripped)
        names = [word for word in words[1:] if "@" in word]
        pattern = words[0]
        is_taken_back = pattern.startswith("!")
        compiled = _compiled(pattern.removeprefix("!"))
        if compiled is not None and not is_optional:
            owned = not is_taken_back and bool(names or default)
            owners.add(section, compiled, _depth(pattern), owned=owned)
    return owners


def _heading(line: str) -> tuple[str, bool, bool] | None:
    """The name of a section, whether it has owners of its own, and whether it is optional; None for any other line.

    `[Name]`, `[Name][2]`, `^[Name]`, each with owners behind it.
    """
    text = line.removeprefix("^")
    name, closed, rest = text[1:].partition("]")
    if not text.startswith("[") or not closed:
        return None
    if rest[:1] not in ("", " ", "\t", "["):
        return None
    return name.strip().lower(), "@" in rest, line.startswith("^")


def _words(line: str) -> list[str]:
    """The pattern and what follows. A blank in a pattern is escaped; a comment may end a line."""
    words = [""]
    escaped = False
    for character in line:
        if character.isspace() and not escaped:
            if words[-1]:
                words.append("")
        elif character == "#" and not escaped and not words[-1]:
            break
        else:
            words[-1] += character
        escaped = character == "\\" and not escaped
    return [word for word in words if word]


def _compiled(pattern: str) -> Compiled | None:
    """A pattern as gitignore has it. Raises nothing: one that can't match is no line."""
    try:
        return compile_patterns([pattern if "/" in pattern.rstrip("/") or pattern.endswith("/") else f"**/{pattern}"])
    except PatternError:
        return None


def _depth(pattern: str) -> int:
    """`docs/*` takes what lies in the folder itself, and nothing of the folders below; -1 for every other pattern."""
    plain = pattern.removeprefix("!").removeprefix("/")
    return plain.count("/") if plain.endswith("/*") and "**" not in plain else -1
