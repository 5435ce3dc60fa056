"""Lockfiles of every format, small and as their programs write them, from the cases."""

from __future__ import annotations

from tests.dependencies.test_cases import CASES, read

NAMES = {
    "package-lock.json": "npm-sources",
    "pnpm-lock.yaml": "pnpm-vulnerable",
    "yarn.lock": "yarn-berry",
    "uv.lock": "uv-git",
    "poetry.lock": "poetry",
    "pylock.dev.toml": "pylock",
    "Pipfile.lock": "pipenv",
    "requirements.txt": "pip-sources",
}
"""File name → the case that has one."""


def texts() -> dict[str, str]:
    """A lockfile of each format, by its name."""
    found = {name: read(CASES / f"{case}.txt")[0][name] for name, case in NAMES.items()}
    return found | {"old/yarn.lock": read(CASES / "yarn-1-clean.txt")[0]["yarn.lock"]}
