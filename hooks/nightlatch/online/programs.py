"""Where another audit's program is found, and what of the environment it gets: nothing that leads into the repository.

What is checked may bring a program of the same name along: in `node_modules/.bin`, in an environment that was
committed, beside the file. The folders of PATH that lie in the repository, or that depend on the current folder,
count neither for the program nor for what it starts by name in turn (npm begins with `env node`).
"""

from __future__ import annotations

import os
import shutil

from nightlatch.core.errors import NightlatchError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WITHOUT = ("PIP_AUDIT_OUTPUT", "PIP_AUDIT_LOGLEVEL")
"""Variables by which a program would answer elsewhere, or say more than its answer."""

_MODULES = "node_modules"


class OnlineError(NightlatchError):
    """Another audit gave no answer, or none that can be relied upon."""


def found(name: str, environ: Mapping[str, str], remedy: str) -> tuple[str, dict[str, str]]:
    """The program's place, and the environment to start it with. Raises OnlineError where it isn't to be started."""
    folders, passed_over = _folders(environ.get("PATH", ""))
    for folder in folders:
        program = _in_folder(name, folder)
        if program is not None and not _is_inside(program):
            clean = {key: value for key, value in environ.items() if key not in WITHOUT}
            return program, clean | {"PATH": os.pathsep.join(folders)}
    for folder in passed_over:
        if _in_folder(name, folder) is not None:
            what = f"{name} stands in the repository ({folder}): it is not started from there."
            raise OnlineError(what, f"{remedy} A program of the repository could be anybody's.")
    raise OnlineError(f"{name} isn't installed: --online asks it.", remedy)


def _folders(path: str) -> tuple[list[str], list[str]]:
    """The folders of PATH that count, and those in the repository; what depends on the current folder is neither."""
    absolute = [folder for folder in path.split(os.pathsep) if os.path.isabs(folder)]
    inside = [folder for folder in absolute if _is_inside(folder) or _MODULES in folder.split(os.sep)]
    return [folder for folder in absolute if folder not in inside], inside


def _in_folder(name: str, folder: str) -> str | None:
    """A program in this very folder: on Windows `which` looks into the current one first."""
    program = shutil.which(name, path=folder)
    return program if program is not None and os.path.dirname(program) == folder.rstrip(os.sep) else None


def _is_inside(path: str) -> bool:
    """Whether a path leads into the repository around the current folder, or below that folder where there is none."""
    real = os.path.realpath(path)
    return any(real == root or real.startswith(root.rstrip(os.sep) + os.sep) for root in _roots())


def _roots() -> Iterator[str]:
    folder = here = os.path.realpath(os.getcwd())
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            break
        folder = above
    else:
        yield folder
        return
    if here != os.path.dirname(here):
        yield here
