"""A package that nightlatch does without, until somebody asks for what needs it."""

from __future__ import annotations


def how_to_add(package: str) -> str:
    """What to do where a package isn't there. It goes beside nightlatch, wherever that was installed.

    nightlatch itself is never named as something to install: it is on no package registry, and whoever took its
    name there would be installed in its place.
    """
    return (
        f"Add {package} to the environment that nightlatch runs in: pipx inject nightlatch {package}, or that "
        f"environment's python -m pip install {package}; with pre-commit and prek, below the hook's id: "
        f"additional_dependencies: [{package}]"
    )
