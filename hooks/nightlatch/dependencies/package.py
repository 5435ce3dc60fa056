"""What every parser gives: the packages of a lockfile, each with its line, and how they depend on each other."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PYPI = "PyPI"
NPM = "npm"
ECOSYSTEMS = (PYPI, NPM)
"""As OSV's records name them."""

REGISTRY = "registry"
GIT = "git"
URL = "url"
LOCAL = "local"
BUNDLED = "bundled"


class Package:
    """One package as a lockfile pins it.

    ecosystem  PyPI or npm
    name       as the ecosystem compares names: PEP 503's form for PyPI, as it is for npm
    version    as the lockfile writes it; "" where it pins none
    line       where it stands in the lockfile, counted from 1
    path       the lockfile's path
    key        what names it within the lockfile, and nothing else there
    source     where it was asked for from: `registry`, `git`, `url`, `local` (a folder or a file of one's own), or
               `bundled` (it lies in the package that needs it). What stands in `url` may say otherwise
    url        the address that it is downloaded from, or "" where the lockfile has none. May hold a credential
    registry   the index that it is looked up in, or "" where the lockfile names none. May hold a credential
    wanted     the versions that are asked for, where it pins none
    hashes     as the lockfile writes them, such as `sha512-…` (npm) and `sha256:…` (PyPI); the algorithm comes first
    needs      what it depends on, in the lockfile's own words: see `Lockfile.resolve`
    is_direct  whether the manifest asks for it
    has_script whether it runs a script of its own when it is installed, as far as the lockfile says
    files      the names of the files that may be installed, where the lockfile lists them
    """

    __slots__ = (
        "ecosystem",
        "files",
        "has_script",
        "hashes",
        "is_direct",
        "key",
        "line",
        "name",
        "needs",
        "path",
        "registry",
        "source",
        "url",
        "version",
        "wanted",
    )

    def __init__(
        self,
        ecosystem: str,
        name: str,
        version: str,
        *,
        line: int,
        path: str,
        key: str = "",
        source: str = REGISTRY,
        url: str = "",
        registry: str = "",
        wanted: str = "",
        hashes: Sequence[str] = (),
        needs: Sequence[str] = (),
        is_direct: bool = False,
        has_script: bool = False,
        files: Sequence[str] = (),
    ) -> None:
        self.ecosystem = ecosystem
        self.name = name
        self.version = version
        self.line = line
        self.path = path
        self.key = key or f"{name}@{version}"
        self.source = source
        self.url = url
        self.registry = registry
        self.wanted = wanted
        self.hashes = hashes
        self.needs = needs
        self.is_direct = is_direct
        self.has_script = has_script
        self.files = files

    def __repr__(self) -> str:
        return f"<Package {self.ecosystem} {self.name}@{self.version} {self.path}:{self.line}>"

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes it another package than before: everything but its place."""
        return (
            *(self.ecosystem, self.name, self.version, self.wanted, self.source, self.url, self.registry),
            *(tuple(self.hashes), tuple(self.files), self.has_script),
        )


class Lockfile:
    """A lockfile that was read.

    path       relative to the root
    manager    the program that writes it: `npm`, `pnpm`, `yarn`, `uv`, `poetry`, `pipenv`, `pip`
    ecosystem  PyPI or npm
    packages   in the order of the file, but what it says of the project itself and of folders beside it
    data       what the parser understood of the rest, for the rules of this format
    resolve    (package, one of its needs) → the package of this lockfile that the need means, or None
    """

    __slots__ = ("data", "ecosystem", "manager", "packages", "path", "resolve")

    def __init__(
        self,
        path: str,
        manager: str,
        ecosystem: str,
        packages: list[Package],
        *,
        data: dict[str, object] | None = None,
        resolve: Callable[[Package, str], Package | None] | None = None,
    ) -> None:
        self.path = path
        self.manager = manager
        self.ecosystem = ecosystem
        self.packages = packages
        self.data = data or {}
        self.resolve = resolve or by_name(packages)

    @property
    def is_requirements(self) -> bool:
        """Whether it is a requirements file of pip, which people write by hand too."""
        return "options" in self.data


class UnparsableError(Exception):
    """A lockfile can't be read as what its name says. The text says why; it holds no content of the file."""


def by_name(packages: Sequence[Package]) -> Callable[[Package, str], Package | None]:
    """Resolve a need that is nothing but a name, where a lockfile has each name once or nearly so."""
    known: dict[str, Package] = {}

    def resolve(_package: Package, need: str) -> Package | None:
        if not known:
            for package in packages:
                known.setdefault(package.name, package)
        return known.get(need)

    return resolve


def pypi_name(name: str) -> str:
    """PEP 503's normal form: lower case, each run of `-`, `_` and `.` a single dash."""
    name = name.lower().replace("_", "-").replace(".", "-")
    while "--" in name:
        name = name.replace("--", "-")
    return name
