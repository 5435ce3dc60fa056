"""Whether a package's address is that of another package or version: registries say both in the file's name.

npm: https://docs.npmjs.com/cli/configuring-npm/package-json#urls-as-dependencies; PyPI: wheels and source archives
as the standard names them.
"""

from __future__ import annotations

from nightlatch.dependencies.package import NPM, REGISTRY, pypi_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.dependencies.package import Package

ARCHIVES = (".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar.Z", ".tar")
WHEEL_PARTS = (5, 6)
LONGEST_NAME = 255
"""No file system takes a longer one."""


def differs(package: Package) -> str:
    """What the address names instead of this package and version; "" where it names them, or nothing."""
    if package.source != REGISTRY or not package.version:
        return ""
    if package.ecosystem == NPM:
        return _of_npm(package) if "/-/" in package.url else ""
    return next(filter(None, (_of_pypi(package, file) for file in package.files)), "")


def _of_npm(package: Package) -> str:
    """`…/name/-/name-1.0.0.tgz`, `…/@scope/name/-/name-1.0.0.tgz`."""
    above, _, file = _decoded(package.url.partition("?")[0].partition("#")[0]).rpartition("/-/")
    *_, scope, bare = ("", *above.split("/"))
    name = f"{scope}/{bare}" if scope.startswith("@") else bare
    file = file.rpartition("/")[2]
    stem = next((file.removesuffix(ending) for ending in ARCHIVES if file.endswith(ending)), "")
    version = stem.removeprefix(f"{bare}-") if stem.startswith(f"{bare}-") else ""
    if name.lower() != package.name.lower() or not version:
        return f"{name}@{version or file}"
    return "" if _same_of_npm(version, package.version) else f"{name}@{version}"


def _same_of_npm(one: str, other: str) -> bool:
    """Build metadata is no part of the file's name everywhere."""
    return one.partition("+")[0].removeprefix("v") == other.partition("+")[0].removeprefix("v")


def _of_pypi(package: Package, file: str) -> str:
    file = _decoded(file.partition("?")[0].partition("#")[0]).rpartition("/")[2]
    if len(file) > LONGEST_NAME:
        return file
    if file.endswith(".whl"):
        parts = file[:-4].split("-")
        if len(parts) not in WHEEL_PARTS:
            return file
        return "" if _same(package, parts[0], parts[1]) else f"{parts[0]}@{parts[1]}"
    stem = next((file.removesuffix(ending) for ending in ARCHIVES if file.endswith(ending)), "")
    if not stem:
        return ""
    cuts = (place for place, letter in enumerate(stem) if letter == "-")
    return "" if any(_same(package, stem[:place], stem[place + 1 :]) for place in cuts) else stem


def _same(package: Package, name: str, version: str) -> bool:
    return pypi_name(name) == package.name and (version == package.version or _equal(version, package.version))


def _equal(one: str, other: str) -> bool:
    """Whether two versions are the same under PEP 440; only asked where their texts differ."""
    from nightlatch.core.advisories.pep440 import key

    if "_" in one and "+" not in one:
        one = one.replace("_", "+", 1)  # a local part, as older programs wrote it
    try:
        return key(one.replace("_", ".")) == key(other)
    except ValueError:
        return one.replace("_", "-").lower() == other.replace("_", "-").lower()


def _decoded(url: str) -> str:
    if "%" not in url:
        return url
    from urllib.parse import unquote

    return unquote(url)
