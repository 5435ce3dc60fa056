"""`CODEOWNERS`: who must approve a change of a path.

Sources of the format: docs.github.com, about code owners; docs.gitlab.com, syntax of the CODEOWNERS file. The last
line that matches counts, in GitLab the last of each section; a line without owners takes them away.
"""

from __future__ import annotations

from nightlatch.core.paths import PatternError, compile_patterns, matches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.paths import Compiled

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where GitHub looks, the first that there is counts; and GitLab, which has one place of its own."""

MOST_LINES = 20_000


class Owners:
    """The lines of a file.

    sections  for each section its lines: the compiled pattern, how many folders deep what it matches lies (-1: any),
              and whether someone owns it
    """

    __slots__ = ("sections",)

    def __init__(self) -> None:
        self.sections: dict[str, list[tuple[Compiled, int, bool]]] = {}

    def has(self, path: str) -> bool:
        """Whether someone owns a path whose approval a section demands."""
        return any(self._owned(lines, path) for lines in self.sections.values())

    @staticmethod
    def _owned(lines: list[tuple[Compiled, int, bool]], path: str) -> bool:
        depth = path.count("/")
        found = (owned for compiled, at, owned in reversed(lines) if at in (-1, depth) and matches(compiled, path))
        return next(found, False)


def parse(text: str) -> Owners:
    """Read a file. A line that neither service would take says nothing."""
    owners = Owners()
    section, default, is_optional = "", False, False
    for line in text.splitlines()[:MOST_LINES]:
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
            owners.sections.setdefault(section, []).append((compiled, _depth(pattern), owned))
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
