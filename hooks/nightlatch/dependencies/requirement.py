"""One requirement as pip takes it: a name with versions, or an address, with its hashes.

https://pip.pypa.io/en/stable/reference/requirement-specifiers/
"""

from __future__ import annotations

from nightlatch.dependencies.package import GIT, LOCAL, PYPI, URL, Package, UnparsableError, pypi_name

OF_A_REQUIREMENT = ("--hash", "--config-settings", "--config-setting", "-C", "--global-option", "--install-option")
"""Options as pip takes them behind a requirement."""

WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
ALNUM = WORD - frozenset("._-")
OPERATORS = ("===", "~=", "==", "!=", "<=", ">=", "<", ">")
ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar")
REPOSITORIES = ("git+", "hg+", "svn+", "bzr+")


def requirement(words: str, path: str, line: int, *, editable: bool = False) -> Package:
    """One requirement, with its hashes."""
    said, hashes = _without_options(words, line)
    requirement = said.strip().strip("\"'") if editable else said.strip()
    name, rest = name_of(requirement)
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


def name_of(requirement: str) -> tuple[str, str]:
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
    if " @ " in requirement or ("@" in requirement and name_of(requirement)[1].lstrip().startswith(("@", "["))):
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
    name = name or name_of(fields.get("egg", ""))[0]
    hashes += [
        f"{key}:{value}" for key, value in fields.items() if key in ("sha256", "sha384", "sha512", "sha1", "md5")
    ]
    file_name = address.rpartition("/")[2]
    version = ""
    if file_name.endswith(".whl") and file_name.count("-") >= 4:  # noqa: PLR2004 - PEP 427: name, version and three tags
        name, version = name or file_name.split("-")[0], file_name.split("-")[1]
    version = version or _of_source_archive(name, file_name)
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


def _of_source_archive(name: str, file_name: str) -> str:
    """The version in `name-1.0.tar.gz`, where the name is that of the requirement; "" where there is none."""
    stem = next((file_name.removesuffix(ending) for ending in ARCHIVES[1:] if file_name.endswith(ending)), "")
    named, _, version = stem.rpartition("-")
    return version if name and version[:1].isdigit() and pypi_name(named) == pypi_name(name) else ""


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
