"""A file of an agent's settings, read in that agent's own form."""

from __future__ import annotations

from nightlatch.protected_files.wiring import claude_code, codex, copilot, cursor, document
from nightlatch.protected_files.wiring.document import Document, UnfitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from nightlatch.protected_files.wiring.registration import Reading

PROTOCOLS: dict[str, ModuleType] = {
    "claude-code": claude_code,
    "codex": codex,
    "copilot": copilot,
    "cursor": cursor,
}
"""An agent's name → the module that knows its form: `reading` and `wire`."""


def read(agent: str, path: str, raw: bytes) -> tuple[Document, Reading]:
    """What a file says. Raises UnfitError where the agent would not take it."""
    found = _toml(raw) if path.endswith(".toml") else document.read(raw)
    reading: Reading = PROTOCOLS[agent].reading(path, found.data)
    return found, reading


def _toml(raw: bytes) -> Document:
    import tomllib

    if len(raw) > document.MOST_BYTES:
        raise UnfitError(f"it is larger than {document.MOST_BYTES >> 20} MiB")
    try:
        data: dict[str, Any] = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise UnfitError("it isn't UTF-8") from None
    except (tomllib.TOMLDecodeError, RecursionError):
        raise UnfitError("it isn't valid TOML, and Codex doesn't start with it") from None
    return Document("", data)  # places are told by JSON alone
