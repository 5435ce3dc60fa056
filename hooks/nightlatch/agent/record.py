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
    from nightlatch.core.config import Config

MOST_CHARACTERS = 2000
MOST_OF_A_NAME = 200
SHORTEST_TOKEN = 20
SIGNS_OF_VALUES = ("=", ":", "-", "bearer", "basic", "password", "identified")
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

    __slots__ = (
        "_agent",
        "_config",
        "_mode",
        "_project",
        "_settings",
        "_started",
        "_variables",
        "call",
        "is_judged",
        "is_strict",
    )

    def __init__(self, agent: str, variables: Mapping[str, str]) -> None:
        self._agent = agent
        self._variables = variables
        self._started = time.monotonic()
        self._settings: audit_log.Settings | None = None
        self._config: Config | None = None
        self._project = ""
        self._mode = ""
        self.is_strict = False
        self.is_judged = False
        self.call: Call | None = None

    def in_situation(self, now: Situation) -> None:
        """The project that the call is judged in; of several the first one's log counts."""
        if self._settings is None:
            self._settings = now.log
            self._config = now.config
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
        action = {"type": kind} | (self._action(call) if call else {})
        return {
            "timestamp": audit_log.timestamp(),
            "level": LEVELS[verdict.decision],
            "event": EVENTS.get(kind, "authorization"),
            "actor": {
                "type": "agent",
                "id": call.agent if call else self._agent,
                "session": call.session[:MOST_OF_A_NAME] if call else "",
            },
            "action": action,
            "context": {
                "project": os.path.basename(self._project),
                "root": self._project,
                "folder": call.folder[:MOST_CHARACTERS] if call else "",
                "mode": self._mode,
                "session_mode": call.mode[:MOST_OF_A_NAME] if call else "",
            },
            "result": {
                "status": STATUS[verdict.decision],
                "reason": _shown(self._without_secrets(verdict.reason)),
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
        action: dict[str, object] = {"tool": self._masked(call.tool[:MOST_OF_A_NAME], is_command=False)}
        for name in (*COMMANDS, *SHOWN) if self.is_judged else ():
            value = call.arguments.get(name)
            if isinstance(value, str):
                action["command" if name in COMMANDS else name] = self._masked(value, is_command=name in COMMANDS)
        return action

    def _masked(self, value: str, *, is_command: bool) -> str:
        """An argument as the log may have it.

        A secret that was found in a command and doesn't stand in it as it is (in parts, encoded) leaves the first word.
        """
        found = self._found_in(value)
        secrets = self.call.secrets if self.call else set()
        if any(secret not in value for secret in found):
            return f"{value.split(maxsplit=1)[0][:MOST_OF_A_NAME]} ***" if is_command else "***"
        if is_command and any(secret not in value for secret in secrets):
            return f"{value.split(maxsplit=1)[0][:MOST_OF_A_NAME] if value.strip() else ''} ***"
        return _shown(self._without_secrets(value))

    def _found_in(self, value: str) -> list[str]:
        """The secrets in an argument: a token may be the name of a file, too, which nothing else has looked at."""
        if self._config is None or self.call is None or not _has_long_word(value):
            return []
        from nightlatch.agent.content import findings

        known = findings(value, "", "", self._config)
        secrets = [found.value.decode("utf-8", "replace") for found in known if found.value]
        self.call.secrets.update(secrets)
        return secrets

    def _without_secrets(self, text: str) -> str:
        for secret in sorted(self.call.secrets if self.call else (), key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


def _has_long_word(text: str) -> bool:
    """Whether a part of a path or a command is long enough for a token."""
    return any(len(part) >= SHORTEST_TOKEN for part in text.replace("/", " ").replace(".", " ").split())


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
