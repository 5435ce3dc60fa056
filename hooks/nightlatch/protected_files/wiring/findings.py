"""Faults of the registrations as findings, with what to do about each."""

from __future__ import annotations

from nightlatch.core.files import File
from nightlatch.core.finding import Finding
from nightlatch.core.rule import ERROR, WARNING
from nightlatch.protected_files.agents import named
from nightlatch.protected_files.rules import NOT_WIRED
from nightlatch.protected_files.wiring import installation
from nightlatch.protected_files.wiring.judge import DENY, ENABLE, is_written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nightlatch.protected_files.wiring.judge import Fault

PERSONAL = ".claude/settings.local.json"


def finding(
    fault: Fault,
    files: Mapping[str, bytes],
    deny: Sequence[str],
    place: tuple[str, str],
    *,
    is_strict: bool,
    is_own: bool,
) -> Finding:
    """A finding; its data tell `--fix` what to write.

    What is bad is an error; what is only not there is a warning, or an error under `strict`, but where one person's
    own settings are all that there is.

    place   the top folder of the working tree, and the home folder
    is_own  whether the agent is set up for one person alone
    """
    name, path, offset, sentence, is_bad, mend, by_hand = fault
    severity = ERROR if is_bad or (is_strict and not is_own) else WARNING
    target = _own_target(name, files) if is_own else _target(name, path if offset >= 0 else "")
    target = path if mend == ENABLE else target
    data: dict[str, object] = {"agent": name, "mend": mend, "deny": list(deny), "own": is_own, "target": target}
    fix = by_hand
    if mend:
        is_missing = mend not in (DENY, ENABLE) and not installation.is_startable(*place)
        fix = remedy(target, is_own=is_own, is_missing=is_missing)
    raw = files.get(path)
    if raw is None or offset < 0:
        message = f"{sentence}."
        return Finding(NOT_WIRED, message, path=path or None, anchor=sentence, severity=severity, data=data, fix=fix)
    file = File(path, raw)
    start = min(offset, max(len(raw) - 1, 0))
    result = file.finding(NOT_WIRED, start, min(start + 1, len(raw)), f"{sentence}.", severity=severity, data=data)
    result.fix = fix
    result.takes_notes = path.endswith(".toml")
    return result


def remedy(target: str, *, is_own: bool = False, is_missing: bool = False) -> str:
    """What to do, word for word: `--fix`, and the file that it writes.

    is_own      whether git ignores the file
    is_missing  whether no nightlatch would be found by what `--fix` writes now
    """
    run = "nightlatch protected-files --fix"
    if is_missing:
        run = f"{installation.INSTALL} (outside the project, where no agent can write); then: {run}"
    return f"Run: {run}" if is_own or target == PERSONAL else f"Run: {run}; then: git add {target}"


def _target(name: str, path: str) -> str:
    """The file that `--fix` changes for a fault in a file; empty: in none."""
    agent = named(name)
    return path if path and (is_written(agent, path) or path != PERSONAL) else agent.files[0]


def _own_target(name: str, files: Mapping[str, bytes]) -> str:
    """The same where git ignores all of them: the one that is there, and in Claude Code's case a person's own."""
    agent = named(name)
    usual = PERSONAL if PERSONAL in agent.files else agent.files[0]
    return next((path for path in agent.files if path in files and path.endswith(".json")), usual)
