"""A JSON file that people edit: what it says, or a clear word of why it can't be read."""

from __future__ import annotations

from nightlatch.core.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


CONFLICT_MARKERS = ("<<<<<<< ", "=======", "||||||| ", ">>>>>>> ")


def parsed_text(raw: bytes, where: str) -> str:
    """A JSON file's text. Raises ConfigError where it isn't UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(where, line, 1, "the file is not UTF-8.", "Save it as UTF-8.") from None


def parsed(text: str, where: str, as_object: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """What a JSON text says. Raises ConfigError where it is none; conflict markers are named as what they are.

    as_object  makes an object from its pairs, where a dict isn't wanted
    """
    import json

    try:
        return json.loads(text, object_pairs_hook=as_object, parse_constant=_refuse_constant)
    except RecursionError:
        raise ConfigError(where, 0, 0, "the JSON is nested too deeply.", "Mend or remove the file.") from None
    except json.JSONDecodeError as error:
        for number, line in enumerate(text.split("\n"), 1):
            if line.startswith(CONFLICT_MARKERS):
                remedy = "Keep the lines of both sides, without the markers."
                raise ConfigError(where, number, 1, "a merge left its conflict markers.", remedy) from None
        raise ConfigError(where, error.lineno, error.colno, "this is not JSON.", "Mend or remove the file.") from None
    except ValueError:
        raise ConfigError(where, 0, 0, "a number in the JSON is none.", "Mend or remove the file.") from None


def _refuse_constant(_name: str) -> None:
    raise ValueError
