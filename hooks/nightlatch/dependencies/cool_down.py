"""The least age of a version, as each package manager is told it: present, in its own unit, in a place that is read.

npm      `.npmrc`, min-release-age, days
pnpm     `pnpm-workspace.yaml`, minimumReleaseAge, or `.npmrc`, minimum-release-age; minutes. Not in package.json
Yarn 4   `.yarnrc.yml`, npmMinimalAgeGate, minutes, or a text with its unit
Bun      `bunfig.toml`, install.minimumReleaseAge, seconds
uv       `pyproject.toml` or `uv.toml`, exclude-newer, a time or a duration as text
pip      `pip.conf` or a requirements file, uploaded-prior-to, a time or an ISO 8601 duration
Poetry   `poetry.toml`, solver.min-release-age, days
"""

from __future__ import annotations

from nightlatch.dependencies.documents import json_table, table, toml_table
from nightlatch.dependencies.lines import Lines
from nightlatch.dependencies.package import UnparsableError
from nightlatch.dependencies.place import word
from nightlatch.dependencies.rules import NO_COOL_DOWN, WRONG_COOL_DOWN
from nightlatch.dependencies.settings import ini_lines, places
from nightlatch.dependencies.yaml_document import yaml_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nightlatch.core.finding import Finding
    from nightlatch.dependencies.package import Lockfile
    from nightlatch.dependencies.place import Page
    from nightlatch.dependencies.tree import Tree

MINUTE, HOUR, DAY = 60, 3_600, 86_400
LONGEST = 366 * DAY
SHORTEST = HOUR
NOT_READ = "pnpm."
"""No policy is longer than a year or shorter than an hour: such a value was meant in another unit."""

UNITS = {"npm": DAY, "pnpm": MINUTE, "yarn": MINUTE, "bun": 1, "poetry": DAY}
WORDS = {DAY: "days", MINUTE: "minutes", 1: "seconds"}
WEEK = {
    "npm": "min-release-age=7 in .npmrc (days)",
    "pnpm": "minimumReleaseAge: 10080 in pnpm-workspace.yaml (minutes)",
    "yarn": 'npmMinimalAgeGate: "7d" in .yarnrc.yml',
    "bun": "minimumReleaseAge = 604800 under [install] in bunfig.toml (seconds)",
    "uv": 'exclude-newer = "7 days" under [tool.uv] in pyproject.toml',
    "pip": "uploaded-prior-to = P7D under [install] in pip.conf",
    "poetry": "min-release-age = 7 under [solver] in poetry.toml (days)",
}
"""A week, for each manager."""


INI_KEYS = {
    ".npmrc": {"min-release-age": "npm", "minimum-release-age": "pnpm"},
    "pip.conf": {"uploaded-prior-to": "pip"},
    "pip.ini": {"uploaded-prior-to": "pip"},
}
YAML_KEYS = {".yarnrc.yml": ("yarn", "npmMinimalAgeGate"), "pnpm-workspace.yaml": ("pnpm", "minimumReleaseAge")}
TOML_KEYS = {
    "bunfig.toml": ("bun", ("install",), "minimumReleaseAge"),
    "poetry.toml": ("poetry", ("solver",), "min-release-age"),
    "uv.toml": ("uv", (), "exclude-newer"),
    "pyproject.toml": ("uv", ("tool", "uv"), "exclude-newer"),
}
"""File → where the setting stands in it, and whose it is."""


class Setting:
    """One setting as it is written: manager, key, value, and its line."""

    __slots__ = ("key", "line", "manager", "value")

    def __init__(self, manager: str, key: str, value: str, line: int) -> None:
        self.manager = manager
        self.key = key
        self.value = value
        self.line = line


def check_file(page: Page, tree: Tree) -> Iterator[Finding]:
    """Yield what is wrong with the settings of one file. One that can't be read is unchecked."""
    try:
        found = list(_settings(page))
    except UnparsableError as error:
        tree.leave_unchecked(page.path, str(error))
        return
    for setting in found:
        fault = _fault(setting)
        if fault:
            yield page.finding(
                WRONG_COOL_DOWN,
                setting.line,
                f"{setting.key} {fault}",
                about=(setting.manager, setting.key),
                fix=f"A week is {WEEK[setting.manager]}.",
            )


def missing(lockfiles: Iterable[Lockfile], tree: Tree) -> Iterator[Finding]:
    """Yield a finding for each manager that has a lockfile here and nowhere a least age, at its first lockfile."""
    told: set[str] = set()
    for lockfile in lockfiles:
        manager = lockfile.manager
        if (
            manager in told
            or manager not in UNITS | {"uv": 0}
            or (manager == "yarn" and not lockfile.data.get("berry"))
        ):
            continue
        page = tree.page(lockfile.path)
        if page is not None and not any(_has(manager, path, tree) for path in places(lockfile)):
            told.add(manager)
            yield page.finding(
                NO_COOL_DOWN, 1, f"{manager} takes a version as soon as it is published", about=(manager,),
                fix=f"For a week, write {WEEK[manager]}.",
            )  # fmt: skip


def _has(manager: str, path: str, tree: Tree) -> bool:
    page = tree.page(path)
    try:
        return page is not None and any(setting.manager == manager for setting in _settings(page))
    except UnparsableError:
        return True  # said to be unchecked by `check_file`


def _settings(page: Page) -> Iterator[Setting]:
    name = page.path.rpartition("/")[2]
    if name in INI_KEYS:
        for line, key, value in ini_lines(page.text):
            manager = INI_KEYS[name].get(key.replace("_", "-"))
            if manager:
                yield Setting(manager, key, value, line)
    elif name in YAML_KEYS:
        manager, key = YAML_KEYS[name]
        field = yaml_fields(page.text).get(key)
        if field is not None:
            yield Setting(manager, key, field.text(), field.line)
    elif name == "package.json":
        if "minimumReleaseAge" in page.text and "minimumReleaseAge" in table(json_table(page.text).get("pnpm")):
            yield Setting("pnpm", f"{NOT_READ}minimumReleaseAge", "", Lines(page.text).find('"minimumReleaseAge"'))
    elif name in TOML_KEYS:
        yield from _of_toml(name, page.text)


def _of_toml(name: str, text: str) -> Iterator[Setting]:
    manager, above, key = TOML_KEYS[name]
    if key not in text:
        return
    found = toml_table(text)
    for part in above:
        found = table(found.get(part))
    if key in found:
        yield Setting(manager, key, str(found[key]), Lines(text).find(key))


def _fault(setting: Setting) -> str:
    """What is wrong with a value; "" where nothing is. Switched off in plain words is somebody's decision."""
    if setting.key.startswith(NOT_READ):
        return "stands in package.json, where pnpm doesn't read it: it belongs into pnpm-workspace.yaml"
    value = setting.value.strip()
    unit = UNITS.get(setting.manager)
    if unit is None:
        is_bare = value.isdigit()
        return "is a bare number, and neither a time nor a duration with its unit" if is_bare else ""
    if setting.manager == "yarn" and value[:1].isdigit() and not value.isdigit():
        return ""  # with its unit
    try:
        seconds = float(value) * unit
    except ValueError:
        return f"is no number of {WORDS[unit]}"
    if seconds and not SHORTEST <= seconds <= LONGEST:
        return f"counts {WORDS[unit]}: {word(value)} of them is {'next to nothing' if seconds < SHORTEST else 'years'}"
    return ""
