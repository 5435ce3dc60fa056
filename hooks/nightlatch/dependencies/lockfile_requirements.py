"""pip's requirements files: `requirements.txt`, constraints, what pip-compile and `uv pip compile` write.

The format: https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

from nightlatch.dependencies.package import PYPI, Lockfile, Package, UnparsableError, pypi_name
from nightlatch.dependencies.requirement import OPERATORS, name_of, requirement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

INCLUDES = ("-r", "--requirement")
CONSTRAINTS = ("-c", "--constraint")
EDITABLES = ("-e", "--editable")
WITH_VALUE = (
    "-i", "--index-url", "--pypi-url", "--extra-index-url", "-f", "--find-links", "--trusted-host", "--no-binary",
    "--only-binary", "--use-feature", "--uploaded-prior-to", *INCLUDES, *CONSTRAINTS, *EDITABLES,
)  # fmt: skip
ENCODINGS = ("utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii")
FLAGS = ("--no-index", "--pre", "--prefer-binary", "--require-hashes")
"""Options as pip takes them on a line of their own."""


class Option:
    """An option on a line of its own: its name, its value ("" for a flag) and its line."""

    __slots__ = ("line", "name", "value")

    def __init__(self, name: str, value: str, line: int) -> None:
        self.name = name
        self.value = value
        self.line = line


def parse(path: str, text: str) -> Lockfile:
    """The requirements of one file; included files are for the caller to read. Raises UnparsableError.

    `data["options"]` are the file's options.
    """
    _refuse_encodings(text)
    packages: list[Package] = []
    options: list[Option] = []
    parents: dict[str, list[str]] = {}
    current = None
    for line, words, comment in _logical_lines(text):
        if words.startswith("-"):
            for option in _options(words, line):
                if option.name in EDITABLES:
                    packages.append(requirement(option.value, path, line, editable=True))
                else:
                    options.append(option)
            current = None
        elif words:
            current = requirement(words, path, line)
            packages.append(current)
        if comment and current is not None:
            _note_parents(comment, parents.setdefault(current.name, []))
    _join(packages, parents)
    return Lockfile(path, "pip", PYPI, packages, data={"options": options})


def _refuse_encodings(text: str) -> None:
    """A comment may name the encoding in which pip reads the file: lines may stand in it that nobody else sees."""
    for number, line in enumerate(text.split("\n", 2)[:2], 1):
        before, word, after = line.partition("coding")
        if word and before.lstrip().startswith("#") and after[:1] in (":", "="):
            named = after[1:].strip().partition(" ")[0].lower().replace("_", "-")
            if named not in ENCODINGS:
                raise UnparsableError(f"line {number}: it names an encoding: write it in UTF-8, and without that line")


def is_prose(text: str) -> bool:
    """Whether no line of a text that can't be read looks like a requirement with a version, an address or an option."""
    lines = text.split("\n")
    return not any(sign in text for sign in (*OPERATORS, "://", "--")) and not any(
        line.lstrip().startswith(WITH_VALUE) and line.lstrip()[2:3] in (" ", "\t") for line in lines
    )


def crude_count(text: str) -> int:
    """How many requirements there are, by the look of the physical lines."""
    count = 0
    goes_on = False
    for line in text.replace("\r", "\n").split("\n"):
        start = line.strip()[:1]
        if start and start != "#" and not goes_on and (start != "-" or line.split()[0].split("=")[0] in EDITABLES):
            count += 1
        goes_on = line.endswith("\\") and not (start == "#" or " #" in line or "\t#" in line)
    return count


def _logical_lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Each line with its number, what it says and its comment; joined where one ends with a backslash."""
    parts: list[str] = []
    first = 0
    number = 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        first = first or number
        said, comment = _without_comment(line)
        if line.endswith("\\") and not comment:
            parts.append(line.rstrip("\\"))
            continue
        yield first, "".join((*parts, said)).strip(), comment
        parts, first = [], 0
    if parts:
        yield first, "".join(parts).strip(), ""


def _without_comment(line: str) -> tuple[str, str]:
    """A `#` begins a comment at the start of a line and behind a blank."""
    start = line.find("#")
    while start > 0 and not line[start - 1].isspace():
        start = line.find("#", start + 1)
    return (line, "") if start < 0 else (line[:start], line[start:])


def _options(words: str, line: int) -> Iterator[Option]:
    """The options of a line: `--name value`, `--name=value`, `-nvalue`, and several of them in a row."""
    rest = iter(words.split())
    for word in rest:
        name, _, value = word.partition("=") if word.startswith("--") else (word[:2], "", word[2:].removeprefix("="))
        if name in WITH_VALUE:
            value = value or next(rest, "")
        if (name in FLAGS and value) or (name in WITH_VALUE and not value) or name not in (*FLAGS, *WITH_VALUE):
            raise UnparsableError(f"line {line}: an option that is not known to pip's requirements files")
        yield Option(name, value, line)


def _note_parents(comment: str, parents: list[str]) -> None:
    """Who brought it along, as pip-compile and uv say it: `# via NAME`, or `# via` and a line for each."""
    said = comment.lstrip("#").strip()
    if said.startswith("via"):
        parents.append("")
        said = said[3:].strip()
    if said and parents:
        parents.extend(word.strip() for word in said.split(","))


def _join(packages: list[Package], parents: dict[str, list[str]]) -> None:
    """Turn who brought what into what needs what."""
    needs: dict[str, list[str]] = {}
    for package in packages:
        brought_by = [word for word in parents.get(package.name, ()) if word]
        names = [word for word in brought_by if not word.startswith("-") and not name_of(word)[1]]
        if names and len(names) == len(brought_by):
            package.is_direct = False
        for name in names:
            needs.setdefault(pypi_name(name), []).append(package.name)
    for package in packages:
        package.needs = needs.get(package.name, ())
