"""Faults of the registrations as findings, with what to do about each."""

from __future__ import annotations

from nightlatch.core.files import File
from nightlatch.core.finding import Finding
from nightlatch.core.rule import ERROR, WARNING
from nightlatch.protected_files.agents import named
from nightlatch.protected_files.rules import NOT_WIRED
from nightlatch.protected_files.wiring.judge import is_written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nightlatch.protected_files.wiring.judge import Fault

PERSONAL = ".claude/settings.local.json"


def finding(fault: Fault, files: Mapping[str, bytes], deny: Sequence[str], *, is_strict: bool) -> Finding:
    """A finding; its data tell `--fix` what to write.

    What is bad is an error; what is only not there is a warning, or an error under `strict`.
    """
    name, path, offset, sentence, is_bad, mend, by_hand = fault
    severity = ERROR if is_bad or is_strict else WARNING
    data: dict[str, object] = {"agent": name, "mend": mend, "deny": list(deny)}
    fix = remedy(name, path if offset >= 0 else "") if mend else by_hand
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


def remedy(name: str, path: str) -> str:
    """What to do, word for word: `--fix`, and the file that it writes."""
    agent = named(name)
    target = path if path and (is_written(agent, path) or path != PERSONAL) else agent.files[0]
    return f"Run: nightlatch protected-files --fix; then: git add {target}"
