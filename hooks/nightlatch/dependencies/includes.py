"""Which files stand behind a lockfile: what requirements files include, and what symbolic links lead to.

pip's rules: https://pip.pypa.io/en/stable/reference/requirements-file-format/. A path is relative to the file that
names it.
"""

from __future__ import annotations

from nightlatch.dependencies.addresses import parsed
from nightlatch.dependencies.lockfile_requirements import CONSTRAINTS, INCLUDES, Option
from nightlatch.dependencies.tree import folder_of, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from nightlatch.dependencies.package import Lockfile

LONGEST_PATH = 1_000
MOVE_IT = "keep it in the repository and include it there, or name this file under accept-unchecked"


class Target:
    """A file that another one leads to.

    line    the line that says so
    path    where it stands in the repository; "" where it can't be read here
    fault   what it is instead, and what to do; "" where it may be there
    option  what includes it, as pip calls it: `-r`, `-c` and their long forms; "" for a symbolic link
    value   what stands behind the option
    """

    __slots__ = ("fault", "line", "option", "path", "value")

    def __init__(self, line: int, path: str = "", fault: str = "", option: str = "", value: str = "") -> None:
        self.line = line
        self.path = path
        self.fault = fault
        self.option = option
        self.value = value

    @property
    def is_constraint(self) -> bool:
        """Whether it only narrows down what other lines ask for."""
        return self.option in CONSTRAINTS


def options_of(lockfile: Lockfile) -> list[Option]:
    """The options of a requirements file."""
    options = lockfile.data.get("options")
    return [option for option in options if isinstance(option, Option)] if isinstance(options, list) else []


def targets(lockfile: Lockfile) -> list[Target]:
    """The files that a requirements file includes, in its order."""
    wanted = (*INCLUDES, *CONSTRAINTS)
    return [_target(lockfile.path, option) for option in options_of(lockfile) if option.name in wanted]


def _target(of: str, option: Option) -> Target:
    path = fault = ""
    if is_address(option):
        fault = f"a file behind an address, and nothing is downloaded here: {MOVE_IT}"
    elif "$" in option.value:
        fault = f"a file whose place the environment decides: {MOVE_IT}"
    else:
        path, fault = placed(of, option.value)
    return Target(option.line, path, fault, option.name, option.value)


def is_address(option: Option) -> bool:
    """Whether pip would download what an option names."""
    return "://" in option.value or bool(parsed(option.value).scheme)


def placed(of: str, named: str) -> tuple[str, str]:
    """The path in the repository that a relative one means beside the file `of`, or why there is none."""
    path = "" if named.startswith(("/", "~")) else joined(folder_of(of), named)
    if not path:
        return "", f"a file outside of the repository: {MOVE_IT}"
    if len(path) > LONGEST_PATH or not path.isprintable():
        return "", "a path that no file has: correct it"
    return path, ""


def pins(lockfile: Lockfile, others: Mapping[str, Lockfile]) -> dict[str, str]:
    """The versions that its constraints pin, those of included files among them."""
    found: dict[str, str] = {}
    seen = {lockfile.path}
    todo = list(targets(lockfile))
    while todo:
        target = todo.pop()
        other = others.get(target.path)
        if other is None or target.path in seen:
            continue
        seen.add(target.path)
        if target.is_constraint:
            found.update((one.name, one.version) for one in other.packages if one.version)
        todo.extend(targets(other))
    return found


def constraints(others: Mapping[str, Lockfile]) -> set[str]:
    """The paths of the files that others name as constraints."""
    return {target.path for other in others.values() for target in targets(other) if target.is_constraint}
