"""Which files the hook looks at, by their names alone."""

from __future__ import annotations

LOCKFILES = frozenset(
    {
        "package-lock.json",
        "npm-shrinkwrap.json",
        "pnpm-lock.yaml",
        "yarn.lock",
        "uv.lock",
        "poetry.lock",
        "pylock.toml",
        "Pipfile.lock",
    }
)
"""Lockfiles that are read; requirements files beside them."""

MANIFESTS = frozenset({"package.json", "pyproject.toml", "Pipfile"})
RIVALS = frozenset({"bun.lock", "bun.lockb", "pdm.lock"})
"""Lockfiles that may stand for the same manifest as those above."""

SETTINGS = frozenset(
    {
        ".npmrc", "pnpm-workspace.yaml", ".yarnrc.yml", ".yarnrc", "bunfig.toml", "uv.toml", "poetry.toml", "pip.conf",
        "pip.ini",
    }
)  # fmt: skip
UPDATE_BOTS = frozenset(
    {
        ".github/dependabot.yml", ".github/dependabot.yaml", "renovate.json", "renovate.json5", ".renovaterc",
        ".renovaterc.json", ".renovaterc.json5", ".github/renovate.json", ".github/renovate.json5",
        ".gitlab/renovate.json", ".gitlab/renovate.json5",
    }
)  # fmt: skip

OTHER_LOCKFILES = {
    "bun.lock": "bun", "bun.lockb": "bun", "Cargo.lock": "cargo audit", "go.sum": "govulncheck",
    "Gemfile.lock": "bundle audit", "gems.locked": "bundle audit", "composer.lock": "composer audit", "pdm.lock": "",
    "packages.lock.json": "dotnet list package --vulnerable", "gradle.lockfile": "", "mix.lock": "mix hex.audit",
    "pubspec.lock": "", "Podfile.lock": "", "Package.resolved": "", "Cartfile.resolved": "", "deno.lock": "",
    "flake.lock": "", "conda-lock.yml": "", "pixi.lock": "", "paket.lock": "", "shard.lock": "", "rebar.lock": "",
    ".terraform.lock.hcl": "", "conan.lock": "", "stack.yaml.lock": "", "cabal.project.freeze": "",
    "Chart.lock": "", "renv.lock": "", "go.work.sum": "govulncheck", "maven.lockfile": "",
}  # fmt: skip
"""Lockfiles that nothing here reads, and the command that checks one, where its ecosystem has it."""

ENDINGS = (".lock", ".lockb", ".lockfile", "-lock.json", "-lock.yaml", "-lock.yml", ".lock.json", ".lock.hcl")
OF_REQUIREMENTS = ("requirements", "constraints", "reqs")
INCLUDED = (".txt", ".in", ".pip", ".req", ".reqs", ".requirements")
VENDORED = "node_modules/"


def is_of_interest(path: str) -> bool:
    """Whether the hook reads a file of this path."""
    name = path[path.rfind("/") + 1 :]
    if name in LOCKFILES or name in MANIFESTS or name in SETTINGS or path in UPDATE_BOTS:
        is_ours = True
    else:
        is_ours = is_requirements(path) or is_pylock(name) or looks_like_a_lockfile(name)
    return is_ours and f"/{VENDORED}" not in f"/{path}"


def may_be_included(path: str) -> bool:
    """Whether a requirements file is likely to include a file of this name, beside those that `is_requirements`."""
    return path.endswith(INCLUDED) and not is_requirements(path) and f"/{VENDORED}" not in f"/{path}"


def looks_like_a_lockfile(name: str) -> bool:
    """Whether a file of this name is a lockfile, as far as anybody can say: known or not."""
    return name in LOCKFILES or name in OTHER_LOCKFILES or name.endswith(ENDINGS)


def is_pylock(name: str) -> bool:
    """The names that the standard gives: `pylock.toml`, `pylock.dev.toml`."""
    return name.startswith("pylock.") and name.endswith(".toml")


def is_requirements(path: str) -> bool:
    """Whether it is a requirements or constraints file, by its name or by its folder's."""
    if not path.lower().endswith(".txt"):
        return False
    *_, folder, name = ("", "", *path.lower().split("/"))
    words = [word.rstrip("0123456789") for word in name[:-4].replace("_", "-").replace(".", "-").split("-")]
    return folder in ("requirements", "constraints") or any(word in OF_REQUIREMENTS for word in words)
