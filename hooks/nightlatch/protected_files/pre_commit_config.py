"""`.pre-commit-config.yaml` before and after a change: whether nightlatch is still started, and for as much.

What a hook's keys mean: https://pre-commit.com/#pre-commit-configyaml---hooks
"""

from __future__ import annotations

import os

from nightlatch.core.config_yaml import parsed
from nightlatch.core.weakening import Weakening

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.core.schema.value import Value

NAME = ".pre-commit-config.yaml"
EVERY_HOOK = "nightlatch"
IDS = frozenset(
    {
        EVERY_HOOK,
        "check-code-gates",
        "check-commit-message",
        "check-containers",
        "check-dependencies",
        "check-enum-parity",
        "check-env-files",
        "check-posture",
        "check-prod-config",
        "check-protected-files",
        "check-secrets",
        "check-sql",
    }
)
"""What nightlatch's manifest calls its hooks: a test compares."""

NARROWING = (
    "additional_dependencies",
    "always_run",
    "entry",
    "exclude",
    "exclude_types",
    "files",
    "language",
    "pass_filenames",
    "types",
    "types_or",
)
STRICTER_ARGUMENTS = ("--fail-on=warning", "--verbose", "-v")
FIRST_STAGES = frozenset({"pre-commit"})
INSTALLED = "default_install_hook_types"
"""What `pre-commit install` sets up; without the key the first stage alone."""

OLD_STAGES = {"commit": "pre-commit", "merge-commit": "pre-merge-commit", "push": "pre-push"}
"""Names of stages that pre-commit still takes."""

Place = tuple[int, int]


class Fault(Weakening):
    """A weakening with its place; the whole file where it has none."""

    __slots__ = ("place",)

    def __init__(self, sentence: str, place: Place | None = None) -> None:
        super().__init__("", sentence)
        self.place = place


class Started:
    """A hook of nightlatch as a file starts it."""

    __slots__ = ("id", "keys", "place", "repo", "settings")

    def __init__(self, repo: str, hook: Value) -> None:
        self.repo = repo
        self.place = (hook.line, hook.column)
        self.keys = {key.text(): (key.line, key.column) for key, _ in hook.pairs()}
        self.settings = {key.text(): _plain(value) for key, value in hook.pairs()}
        self.id = str(self.settings.get("id", ""))


def weakened(before: bytes | None, after: bytes | None) -> list[Fault]:
    """What a later version starts less often or for less. Raises ConfigError where it can't be read."""
    if before is None:
        return []
    old = _read(before)
    if not old.hooks:
        return []
    if after is None:
        return [Fault(f"{NAME} was deleted: nothing starts {', '.join(sorted(old.hooks))} any more")]
    new = _read(after)
    return [*_hooks(old, new), *_general(old.general, new), *_not_installed(old, new)]


class _File:
    """The hooks of nightlatch by their ids, and what narrows all hooks of the file."""

    def __init__(self) -> None:
        self.hooks: dict[str, list[Started]] = {}
        self.general: dict[str, object] = {}
        self.places: dict[str, Place] = {}


def _read(raw: bytes) -> _File:
    file = _File()
    for key, value in parsed(raw, NAME).pairs():
        if key.text() in ("exclude", "files", "ci", INSTALLED):
            file.general[key.text()] = _skipped_by_service(value) if key.text() == "ci" else _plain(value)
            file.places[key.text()] = (key.line, key.column)
        elif key.text() == "repos":
            for started in _started(value):
                file.hooks.setdefault(started.id, []).append(started)
    return file


def _skipped_by_service(value: Value) -> object:
    """What pre-commit.ci leaves out of nightlatch."""
    skipped = next((_plain(inner) for key, inner in value.pairs() if key.text() == "skip"), None)
    return sorted(IDS & {str(name) for name in skipped}) if isinstance(skipped, list) else []


def _started(repos: Value) -> Iterator[Started]:
    for repo in repos.items():
        inner = {key.text(): value for key, value in repo.pairs()}
        address = inner["repo"].text() if "repo" in inner else ""
        for hook in inner["hooks"].items() if "hooks" in inner else ():
            started = Started(address, hook)
            if _is_ours(started):
                yield started


def _is_ours(started: Started) -> bool:
    program = str(started.settings.get("entry", "")).split(maxsplit=1)[:1]
    address = started.repo.rstrip("/").removesuffix(".git").replace("\\", "/").replace(":", "/")
    return (
        started.id in IDS
        or address.rpartition("/")[2] == EVERY_HOOK
        or any(os.path.basename(word) == EVERY_HOOK for word in program)
    )


def _plain(value: Value) -> object:
    """A scalar, or a list of them; of anything else only its size counts."""
    if value.items():
        return [_plain(item) for item in value.items()]
    return value.size if value.pairs() else value.data


def _hooks(old: _File, new: _File) -> Iterator[Fault]:
    for name, each in old.hooks.items():
        if name in new.hooks:
            for started in each:
                yield from min((list(_less(started, other)) for other in new.hooks[name]), key=len)
        elif EVERY_HOOK not in new.hooks:
            yield Fault(f"{name} is no longer started")


def _less(old: Started, new: Started) -> Iterator[Fault]:
    if old.repo != new.repo:
        yield Fault(f"{new.id}: it comes from another repository now", new.place)
    for key in NARROWING:
        if key in new.settings and new.settings[key] != old.settings.get(key):
            yield Fault(f"{new.id}: `{key}` {'changed' if key in old.settings else 'was added'}", new.keys[key])
    if key := _loosened_arguments(old.settings, new.settings):
        yield Fault(f"{new.id}: `args` {key}", new.keys.get("args", new.place))
    lost = sorted(_lost_stages(_stages(old.settings), _stages(new.settings)))
    if lost:
        yield Fault(f"{new.id}: it no longer runs at {', '.join(lost)}", new.keys.get("stages", new.place))


def _loosened_arguments(old: Mapping[str, object], new: Mapping[str, object]) -> str:
    """What happened to the arguments, apart from those that only make a check stricter."""
    before, after = _arguments(old), _arguments(new)
    lost = [word for word in STRICTER_ARGUMENTS[:1] if word in before and word not in after]
    if lost:
        return f"lost {lost[0]}"
    one, other = ([word for word in words if word not in STRICTER_ARGUMENTS] for words in (before, after))
    return "changed" if one != other else ""


def _arguments(settings: Mapping[str, object]) -> list[str]:
    words = settings.get("args")
    if not isinstance(words, list):
        return []
    text = "\0".join(str(word) for word in words if word != "--")
    return text.replace("--fail-on\0", "--fail-on=").split("\0") if text else []


def _stages(settings: Mapping[str, object]) -> frozenset[str] | None:
    """Where a hook runs, or None where the manifest says it."""
    stages = settings.get("stages")
    if not isinstance(stages, list):
        return None
    return frozenset(OLD_STAGES.get(str(stage), str(stage)) for stage in stages)


def _lost_stages(old: frozenset[str] | None, new: frozenset[str] | None) -> frozenset[str]:
    if new is None:
        return frozenset()
    return (FIRST_STAGES if old is None else old - {"manual"}) - new


def _general(old: Mapping[str, object], new: _File) -> Iterator[Fault]:
    """What holds for all hooks of the file."""
    for key, value in new.general.items():
        if key == "ci":
            for name in _newly(old.get(key), value):
                yield Fault(f"{name}: pre-commit.ci skips it now", new.places[key])
        elif key != INSTALLED and value != old.get(key):
            yield Fault(f"`{key}` of the whole file {'changed' if key in old else 'was added'}", new.places[key])


def _not_installed(old: _File, new: _File) -> Iterator[Fault]:
    """Stages at which a fresh clone no longer runs anything."""
    before, after = (_installed(file.general.get(INSTALLED)) for file in (old, new))
    lost = sorted(before.intersection(OLD_STAGES.values()) - after)
    if lost:
        yield Fault(f"`{INSTALLED}` leaves out {', '.join(lost)} now", new.places.get(INSTALLED))


def _installed(types: object) -> frozenset[str]:
    return frozenset(map(str, types)) if isinstance(types, list) else FIRST_STAGES


def _newly(before: object, after: object) -> Sequence[str]:
    known = before if isinstance(before, list) else []
    return [name for name in after if name not in known] if isinstance(after, list) else []
