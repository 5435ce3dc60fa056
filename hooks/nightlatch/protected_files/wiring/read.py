"""A file of an agent's settings, read in that agent's own form."""

from __future__ import annotations

import re

from nightlatch.protected_files.wiring import claude_code, codex, copilot, cursor, document
from nightlatch.protected_files.wiring.document import Document, UnfitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    from nightlatch.protected_files.wiring.registration import Reading

MOST_DOTS = 200
"""In one line, outside quotes: the time that Python's reader takes for a key grows with the square of its parts."""

_QUOTED = re.compile(rb"\"(?:[^\"\\\n]|\\[^\n])*\"|'[^'\n]*'")
_PLACE = re.compile(r"\(at line ([0-9]+), column ([0-9]+)\)$")

PROTOCOLS: dict[str, ModuleType] = {
    "claude-code": claude_code,
    "codex": codex,
    "copilot": copilot,
    "cursor": cursor,
}
"""An agent's name → the module that knows its form: `reading`, `wire` and `enable`."""


def read(agent: str, path: str, raw: bytes) -> tuple[Document, Reading]:
    """What a file says. Raises UnfitError where the agent would not take it."""
    found = _toml(raw) if path.endswith(".toml") else document.read(raw)
    reading: Reading = PROTOCOLS[agent].reading(path, found.data)
    return found, reading


def _toml(raw: bytes) -> Document:
    import tomllib

    if len(raw) > document.MOST_BYTES:
        raise UnfitError(f"it is larger than {document.MOST_BYTES >> 20} MiB")
    if any(line.count(b".") > MOST_DOTS for line in _QUOTED.sub(b"", raw).splitlines()):
        raise UnfitError(f"a line in it has more than {MOST_DOTS} dots")
    try:
        data: dict[str, Any] = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise UnfitError("it isn't UTF-8", document.AS_UTF_8) from None
    except RecursionError:
        raise UnfitError("it is nested too deep") from None
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        place = f" (line {found[1]}, column {found[2]})" if found else ""
        raise UnfitError(f"it isn't valid TOML{place}, and Codex doesn't start with it") from None
    except ValueError:  # what Python turns into no number, for its length
        raise UnfitError("a number in it has too many digits") from None
    return Document("", data)  # places are told by JSON alone
