"""pip's requirements files: `requirements.txt`, constraints, what pip-compile and `uv pip compile` write.

The format: https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

from nightlatch.dependencies.package import (
    GIT,
    LOCAL,
    PYPI,
    URL,
    Lockfile,
    Package,
    UnparsableError,
    pypi_name,
)

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
FLAGS = ("--no-index", "--pre", "--prefer-binary", "--require-hashes")
OF_A_REQUIREMENT = ("--hash", "--config-settings", "--config-setting", "-C", "--global-option", "--install-option")
"""Options as pip takes them, on a line of their own and behind a requirement."""

WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
ALNUM = WORD - frozenset("._-")
OPERATORS = ("===", "~=", "==", "!=", "<=", ">=", "<", ">")
ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar")
REPOSITORIES = ("git+", "hg+", "svn+", "bzr+")


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
    packages: list[Package] = []
    options: list[Option] = []
    parents: dict[str, list[str]] = {}
    current = None
    for line, words, comment in _logical_lines(text):
        if words.startswith("-"):
            for option in _options(words, line):
                if option.name in EDITABLES:
                    packages.append(_requirement(option.value, path, line, editable=True))
                else:
                    options.append(option)
            current = None
        elif words:
            current = _requirement(words, path, line)
            packages.append(current)
        if comment and current is not None:
            _note_parents(comment, parents.setdefault(current.name, []))
    _join(packages, parents)
    return Lockfile(path, "pip", PYPI, packages, data={"options": options})


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


def _requirement(words: str, path: str, line: int, *, editable: bool = False) -> Package:
    """One requirement, with its hashes."""
    said, hashes = _without_options(words, line)
    requirement = said.strip().strip("\"'") if editable else said.strip()
    name, rest = _name(requirement)
    if editable or _is_address(requirement):
        return _from_address(requirement, path, line, hashes)
    if not name:
        raise UnparsableError(f"line {line}: not a requirement that pip takes")
    rest = _after_extras(rest, line)
    if rest.startswith("@"):
        address = rest[1:].split(" ;")[0].strip()
        return _from_address(address, path, line, hashes, name=name)
    wanted = rest.partition(";")[0].strip()
    version = _pinned(wanted, line)
    return Package(
        PYPI, pypi_name(name), version, wanted="" if version else wanted, line=line, path=path, key=f"{line}",
        hashes=hashes, is_direct=True,
    )  # fmt: skip


def _without_options(words: str, line: int) -> tuple[str, list[str]]:
    """A requirement without the options behind it, and the hashes among these."""
    kept: list[str] = []
    hashes: list[str] = []
    rest = iter(words.split())
    for word in rest:
        name, _, value = word.partition("=")
        if not word.startswith("-"):
            kept.append(word)
        elif name not in OF_A_REQUIREMENT:
            raise UnparsableError(f"line {line}: an option that pip doesn't take behind a requirement")
        else:
            value = value or next(rest, "")
            if name == "--hash":
                hashes.append(value)
    return " ".join(kept), hashes


def _name(requirement: str) -> tuple[str, str]:
    """The name at the beginning, and the rest."""
    end = 0
    while end < len(requirement) and requirement[end] in WORD:
        end += 1
    name = requirement[:end]
    is_name = bool(name) and name[0] in ALNUM and name[-1] in ALNUM
    return (name, requirement[end:].strip()) if is_name else ("", requirement)


def _is_address(requirement: str) -> bool:
    """Whether it is a URL or a file, and no name. As pip decides it."""
    bare = requirement.partition(" ;")[0].partition("[")[0].strip().lower()
    if " @ " in requirement or ("@" in requirement and _name(requirement)[1].lstrip().startswith(("@", "["))):
        return False
    return (
        "://" in bare
        or bare.startswith((".", "/", "file:", *REPOSITORIES))
        or bare.endswith(ARCHIVES)
        or ("/" in bare and not any(operator in bare for operator in OPERATORS))
    )


def _from_address(address: str, path: str, line: int, hashes: list[str], *, name: str = "") -> Package:
    address = address.partition(" ;")[0].strip()
    address, _, fragment = address.partition("#")
    fields = dict(field.partition("=")[::2] for field in fragment.split("&")) if fragment else {}
    name = name or _name(fields.get("egg", ""))[0]
    hashes += [
        f"{key}:{value}" for key, value in fields.items() if key in ("sha256", "sha384", "sha512", "sha1", "md5")
    ]
    file_name = address.rpartition("/")[2]
    version = ""
    if file_name.endswith(".whl") and file_name.count("-") >= 4:  # noqa: PLR2004 - PEP 427: name, version and three tags
        name, version = name or file_name.split("-")[0], file_name.split("-")[1]
    if address.startswith(REPOSITORIES):
        source = GIT
    elif "://" in address and not address.startswith("file:"):
        source = URL
    else:
        source = LOCAL
    if not address:
        raise UnparsableError(f"line {line}: a requirement without a name or an address")
    return Package(
        PYPI, pypi_name(name), version, line=line, path=path, key=f"{line}", source=source, url=address,
        hashes=hashes, is_direct=True,
    )  # fmt: skip


def _after_extras(rest: str, line: int) -> str:
    if not rest.startswith("["):
        return rest
    extras, bracket, rest = rest[1:].partition("]")
    if not bracket or not all(letter in WORD or letter in ", " for letter in extras):
        raise UnparsableError(f"line {line}: extras without an end")
    return rest.strip()


def _pinned(specifiers: str, line: int) -> str:
    """The one version that the specifiers allow, or ""."""
    version = ""
    specifiers = specifiers.strip()
    if specifiers.startswith("(") and specifiers.endswith(")"):
        specifiers = specifiers[1:-1]
    for clause in filter(None, (part.strip() for part in specifiers.split(","))):
        operator = next((known for known in OPERATORS if clause.startswith(known)), "")
        wanted = clause[len(operator) :].strip()
        if not operator or not wanted or " " in wanted or not wanted.isprintable() or wanted[0] in "<>=!~;":
            raise UnparsableError(f"line {line}: not a requirement that pip takes")
        if operator in ("==", "===") and not wanted.endswith(".*"):
            version = wanted
    return version


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
        names = [word for word in brought_by if not word.startswith("-") and not _name(word)[1]]
        if names and len(names) == len(brought_by):
            package.is_direct = False
        for name in names:
            needs.setdefault(pypi_name(name), []).append(package.name)
    for package in packages:
        package.needs = needs.get(package.name, ())
