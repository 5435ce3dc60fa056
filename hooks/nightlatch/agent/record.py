"""One decision for the audit log: who wanted what, and what was answered. No content, and no secret."""

from __future__ import annotations

import os
import time

from nightlatch.agent import tool_names as names
from nightlatch.agent.call import ASK, DENY, PASS
from nightlatch.core import audit_log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from nightlatch.agent.call import Call, Verdict
    from nightlatch.agent.situation import Situation

MOST_CHARACTERS = 2000
MOST_OF_A_NAME = 200
SIGNS_OF_VALUES = ("=", ":", "-", "bearer", "basic")
"""Of these one stands wherever `core/redact.py` masks anything: the rest needs no regular expressions."""
SHOWN = ("file_path", "filePath", "path", "notebook_path", "target_file", "glob", "url")
COMMANDS = ("command", "cmd")

STATUS = {PASS: "passed", ASK: "asked", DENY: "denied"}
LEVELS = {PASS: "info", ASK: "warn", DENY: "warn"}
RISKS = {PASS: "low", ASK: "medium", DENY: "high"}
EVENTS = {"execute": "commandExecution", "read": "fileAccess", "write": "fileAccess"}
"""Kind of an action → the event that the log's format has for it."""


class Record:
    """What the log is told of one event; filled in while it is read and judged.

    call       once it is known
    is_judged  whether all of it was looked at: before, its arguments may hold a secret that nobody has seen
    is_strict  whether a call that can't be logged is refused
    """

    __slots__ = ("_agent", "_mode", "_project", "_settings", "_started", "_variables", "call", "is_judged", "is_strict")

    def __init__(self, agent: str, variables: Mapping[str, str]) -> None:
        self._agent = agent
        self._variables = variables
        self._started = time.monotonic()
        self._settings: audit_log.Settings | None = None
        self._project = ""
        self._mode = ""
        self.is_strict = False
        self.is_judged = False
        self.call: Call | None = None

    def in_situation(self, now: Situation) -> None:
        """The project that the call is judged in; of several the first one's log counts."""
        if self._settings is None:
            self._settings = now.log
            self._project = now.place.root
            self._mode = now.policy.mode
        self.is_strict = self.is_strict or now.config.profile == "strict"

    def write(self, verdict: Verdict) -> None:
        """Write the line. Raises OSError where it can't be written, and ValueError where it can't be put in words."""
        settings = self._settings or audit_log.Settings.of(None, self._variables)
        audit_log.write(self._entry(verdict), settings)

    def _entry(self, verdict: Verdict) -> dict[str, object]:
        """The fields of the log's format, in its order."""
        call = self.call
        kind = _kind(call.tool) if call else "unreadable"
        return {
            "timestamp": audit_log.timestamp(),
            "level": LEVELS[verdict.decision],
            "event": EVENTS.get(kind, "authorization"),
            "actor": {
                "type": "agent",
                "id": call.agent if call else self._agent,
                "session": call.session[:MOST_OF_A_NAME] if call else "",
            },
            "action": {"type": kind} | (self._action(call) if call else {}),
            "context": {
                "project": os.path.basename(self._project),
                "root": self._project,
                "folder": call.folder if call else "",
                "mode": self._mode,
                "session_mode": call.mode if call else "",
            },
            "result": {
                "status": STATUS[verdict.decision],
                "reason": self._without_secrets(verdict.reason),
                "duration": round((time.monotonic() - self._started) * 1000),
            },
            "security": {
                "approved": verdict.decision == PASS,
                "approvedBy": "policy",
                "riskLevel": RISKS[verdict.decision],
                "rules": list(verdict.rules),
            },
        }

    def _action(self, call: Call) -> dict[str, object]:
        action: dict[str, object] = {"tool": call.tool[:MOST_OF_A_NAME]}
        for name in (*COMMANDS, *SHOWN) if self.is_judged else ():
            value = call.arguments.get(name)
            if isinstance(value, str):
                action["command" if name in COMMANDS else name] = _shown(self._without_secrets(value))
        return action

    def _without_secrets(self, text: str) -> str:
        for secret in sorted(self.call.secrets if self.call else (), key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


def _shown(text: str) -> str:
    """A bounded text in which no value stands beside its name."""
    lowered = text.lower()
    if not any(sign in lowered for sign in SIGNS_OF_VALUES):
        return text[:MOST_CHARACTERS]
    from nightlatch.core.redact import redacted

    return redacted(text)[:MOST_CHARACTERS]


def _kind(tool: str) -> str:
    """`execute`, `read`, `write`, or `tool` for any other."""
    name = names.normal(tool)
    if name in names.SHELLS or name in names.POWERSHELLS:
        return "execute"
    if name in names.READERS or name in names.SEARCHERS or name in names.LISTERS:
        return "read"
    is_write = any(name in group for group in (names.WRITERS, names.EDITORS, names.DELETERS, names.PATCHERS))
    return "write" if is_write else "tool"
