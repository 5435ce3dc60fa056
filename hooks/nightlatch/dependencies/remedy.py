"""What to do, as the command of the manager that wrote the lockfile."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.dependencies.package import Lockfile, Package

SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@/._-+!")
"""What a name or a version may hold to stand in a command that a person will paste."""

REWRITE = {
    "npm": "rm -rf node_modules {file} && npm install --package-lock-only",
    "pnpm": "rm {file} && pnpm install --lockfile-only",
    "yarn": "rm {file} && yarn install",
    "uv": "rm {file} && uv lock",
    "poetry": "poetry lock --regenerate",
    "pipenv": "pipenv lock",
    "pip": "pip lock -r requirements.txt -o {file}",
}
RENEW = {
    "npm": "npm install --package-lock-only",
    "pnpm": "pnpm install --lockfile-only",
    "yarn": "yarn install",
    "uv": "uv lock",
    "poetry": "poetry lock",
    "pipenv": "pipenv lock",
    "pip": "pip lock -r requirements.txt -o {file}",
}
MANAGERS = {
    "package-lock.json": "npm",
    "npm-shrinkwrap.json": "npm",
    "pnpm-lock.yaml": "pnpm",
    "yarn.lock": "yarn",
    "uv.lock": "uv",
    "poetry.lock": "poetry",
    "Pipfile.lock": "pipenv",
}
"""Lockfile → the program that writes it."""

DIRECT = {
    "npm": "npm install --package-lock-only {name}@{version}",
    "pnpm": "pnpm update {name}@{version}",
    "yarn": "yarn up {name}@{version}",
    "uv": "uv lock --upgrade-package {name}=={version}",
    "poetry": "poetry add {name}@{version}",
    "pipenv": "pipenv upgrade {name}=={version}",
}
"""How a package that the manifest asks for goes to a version."""

ASKED_FOR = {"uv": "If pyproject.toml pins or bounds {name} below {version}, raise that first; then run"}
"""What comes before the command where it doesn't change the manifest itself."""

BELOW = {
    "npm": "npm update --package-lock-only {name}",
    "pnpm": "pnpm update --depth Infinity {name}",
    "yarn": "yarn up --recursive {name}",
    "uv": "uv lock --upgrade-package {name}=={version}",
    "poetry": "poetry update {name}",
    "pipenv": "pipenv upgrade {name}=={version}",
}
"""How a package that another one brings goes to a newer version, where the other's range takes it."""

FORCE = {
    "npm": 'under "overrides" in package.json: "{name}": "{version}"',
    "pnpm": 'under `overrides` in pnpm-workspace.yaml: "{name}": "{version}"',
    "yarn": 'under "resolutions" in package.json: "{name}": "{version}"',
    "uv": 'under [tool.uv] in pyproject.toml: constraint-dependencies = ["{name}>={version}"]',
    "poetry": "in pyproject.toml, as a dependency of your own: {name} >={version}",
    "pipenv": 'under [packages] in Pipfile: {name} = ">={version}"',
}
"""Where one says it when the other's range does not."""

YARN_1 = {
    "direct": "yarn upgrade {name}@{version}",
    "below": "yarn upgrade {name}",
    "rewrite": "rm {file} && yarn install",
}


def rewrite(lockfile: Lockfile) -> str:
    """The command that writes a lockfile anew, from nothing."""
    return _in_folder(lockfile, REWRITE[lockfile.manager].format(file=_name(lockfile.path)))


def renew(lockfile: Lockfile) -> str:
    """The command that brings a lockfile up to its manifest."""
    return _in_folder(lockfile, RENEW[lockfile.manager].format(file=_name(lockfile.path)))


def where_damaged(path: str) -> str:
    """What to do about a lockfile that can't be read; empty where no program writes it by itself."""
    name = path.rpartition("/")[2]
    manager = MANAGERS.get(name)
    if manager is None or not SAFE.issuperset(path):
        return ""
    anew = _in_folder_of(path, RENEW[manager].format(file=name))
    return f". Where it is damaged or cut off: git checkout HEAD -- {path}; or write it anew: rm {path} && {anew}"


def upgrade(lockfile: Lockfile, package: Package, fixed: str | None, *, has_source: bool = False) -> str:
    """How a package goes to the version that clears its advisories, in words that can be followed.

    has_source  whether the file that a requirements file is made from is there
    """
    if fixed is None:
        return "No version is fixed. Replace the package, or take it out."
    if not (SAFE.issuperset(package.name) and SAFE.issuperset(fixed)):
        return "Go to the fixed version by hand: its name holds signs that no command should."
    words = {"name": package.name, "version": fixed}
    if lockfile.is_requirements:
        return _requirement(package, lockfile, words, has_source=has_source)
    if lockfile.manager == "pip":
        return f"Raise {package.name} to {fixed} in what {_name(lockfile.path)} is made from, then: {renew(lockfile)}"
    is_yarn_1 = lockfile.manager == "yarn" and not lockfile.data.get("berry")
    if package.is_direct:
        command = YARN_1["direct"] if is_yarn_1 else DIRECT[lockfile.manager]
        first = ASKED_FOR.get(lockfile.manager, "Run").format(**words)
        return f"{first}: {_in_folder(lockfile, command.format(**words))}"
    command = YARN_1["below"] if is_yarn_1 else BELOW[lockfile.manager]
    force = FORCE[lockfile.manager].format(**words)
    command = _in_folder(lockfile, command.format(**words))
    return f"Run: {command}; if it stays below {fixed}, write {force}, then: {renew(lockfile)}"


def source_of(path: str) -> str:
    """The file that a compiled requirements file is made from, as pip-compile names it."""
    stem, dot, ending = path.rpartition(".")
    return f"{stem if dot and '/' not in ending else path}.in"


def compiled(lockfile: Lockfile, *, has_source: bool) -> str:
    """How a requirements file gets exact versions with hashes. has_source: whether the file `source_of` is there."""
    path, source = lockfile.path, source_of(lockfile.path)
    if not SAFE.issuperset(path):
        return "Compile it, with hashes: uv pip compile --generate-hashes (or pip-compile with the same option)"
    if path == source:
        target = source.removesuffix(".in") + ".txt"
        return f"Compile it, and install what comes out: uv pip compile --generate-hashes {source} -o {target}"
    first = "Compile it anew" if has_source else f"Move what you ask for to a new file {source}, and compile that"
    return f"{first}: uv pip compile --generate-hashes {source} -o {path}"


def _requirement(package: Package, lockfile: Lockfile, words: dict[str, str], *, has_source: bool) -> str:
    """A compiled file is compiled anew; one by hand is edited."""
    line = "{name}=={version}".format(**words)
    source = source_of(lockfile.path)
    if package.hashes and has_source and SAFE.issuperset(lockfile.path):
        first = f"If {source} asks for less than {line}, raise that first; then run"
        return f"{first}: uv pip compile --generate-hashes --upgrade-package {line} {source} -o {lockfile.path}"
    place = f"line {package.line} of {_name(lockfile.path)}"
    if package.hashes:
        return f"Put in {place} what this prints: echo {line} | uv pip compile --no-deps --generate-hashes -"
    return f"Write in {place}: {line}"


def _name(path: str) -> str:
    name = path.rpartition("/")[2]
    return name if SAFE.issuperset(name) else "the lockfile"


def _in_folder(lockfile: Lockfile, command: str) -> str:
    return _in_folder_of(lockfile.path, command)


def _in_folder_of(path: str, command: str) -> str:
    folder = path.rpartition("/")[0]
    if not folder or not SAFE.issuperset(folder):
        return command
    return f"(cd {folder} && {command})"
