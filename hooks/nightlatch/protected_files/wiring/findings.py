"""Faults of the registrations as findings, with what to do about each."""

from __future__ import annotations

from nightlatch.core.files import File
from nightlatch.core.finding import Finding
from nightlatch.core.rule import ERROR, WARNING
from nightlatch.protected_files.agents import named
from nightlatch.protected_files.rules import NOT_WIRED
from nightlatch.protected_files.wiring.command import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nightlatch.protected_files.wiring.judge import Fault

PERSONAL = ".claude/settings.local.json"


def finding(fault: Fault, files: Mapping[str, bytes], deny: Sequence[str], *, is_strict: bool) -> Finding:
    """A finding; its data tell `--fix` what to write.

    What is bad is an error; what is only not there is a warning, or an error under `strict`.
    """
    name, path, offset, sentence, is_bad, mend = fault
    severity = ERROR if is_bad or is_strict else WARNING
    data: dict[str, object] = {"agent": name, "mend": mend, "deny": list(deny)}
    fix = remedy(name, path, can_mend=bool(mend))
    raw = files.get(path)
    if raw is None or offset < 0:
        message = f"{sentence}."
        return Finding(NOT_WIRED, message, path=path or None, anchor=sentence, severity=severity, data=data, fix=fix)
    file = File(path, raw)
    start = min(offset, max(len(raw) - 1, 0))
    result = file.finding(NOT_WIRED, start, min(start + 1, len(raw)), f"{sentence}.", severity=severity, data=data)
    result.fix = fix
    return result


def remedy(name: str, path: str, *, can_mend: bool) -> str:
    """What to do, word for word."""
    agent = named(name)
    target = path if path and path in (*agent.files, path) and not path.endswith(".toml") else agent.files[0]
    target = agent.files[0] if path == PERSONAL else target
    run = f"Run: nightlatch protected-files --fix; then: git add {target}"
    if can_mend:
        return run
    if path.endswith(".toml"):
        return f"In {path} write, by hand: command = '{written(name, closes=True)}'; or take it out there, and {run}"
    return f"Mend {path} by hand (it must be valid JSON). {run}"
