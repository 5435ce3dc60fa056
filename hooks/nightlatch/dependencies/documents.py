"""JSON, TOML and YAML from a stranger's hand: bounded, without keys that stand twice, errors without content."""

from __future__ import annotations

from nightlatch.dependencies.package import UnparsableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

MOST_CHARACTERS = 32 * 1024 * 1024
MOST_DEPTH = 100
SHORT = 10_000
"""Up to so many characters the standard library's TOML takes no time that anybody would notice."""


def json_table(text: str) -> dict[str, Any]:
    """The object that a JSON document is. Raises UnparsableError."""
    import json

    _refuse_large(text)
    try:
        document = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_without_twins)
        if "\\ud" in text or "\\uD" in text:
            json.dumps(document, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise UnparsableError(f"line {error.lineno}: no valid JSON") from None
    except UnicodeEncodeError:
        raise UnparsableError("half of a character that is written as two: no text holds that") from None
    except (RecursionError, ValueError):
        raise UnparsableError("no JSON that can be read: nested too deeply, or a number beyond all bounds") from None
    return _as_table(document)


def toml_table(text: str) -> dict[str, Any]:
    """The table that a TOML document is. Raises UnparsableError."""
    _refuse_large(text)
    if len(text) > SHORT:
        from nightlatch.dependencies.toml_lines import quick_table

        found = quick_table(text)
        if found is not None:
            return found
    import tomllib

    _refuse_long_keys(text)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = str(error).rpartition("(")[2].rstrip(")")
        where = f" ({place})" if place.startswith("at ") and place.isascii() else ""
        raise UnparsableError(f"no valid TOML{where}") from None
    except (RecursionError, ValueError):
        raise UnparsableError("no TOML that can be read: nested too deeply, or a number beyond all bounds") from None


def table(value: object) -> dict[str, Any]:
    """A table; an empty one where there is nothing. Raises UnparsableError."""
    return {} if value is None else _as_table(value)


def items(value: object) -> list[Any]:
    """A list; an empty one where there is nothing. Raises UnparsableError."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnparsableError("something stands where a list should")
    return value


def tables(value: object) -> Iterator[dict[str, Any]]:
    """The tables of a list. Raises UnparsableError."""
    return (_as_table(item) for item in items(value))


def text_of(value: object) -> str:
    """A text; "" where there is nothing. Raises UnparsableError."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnparsableError("something stands where a text should")
    return value


def _as_table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UnparsableError("something stands where a table should")
    return value


def _refuse_large(text: str) -> None:
    if len(text) > MOST_CHARACTERS:
        raise UnparsableError(f"larger than {MOST_CHARACTERS // (1024 * 1024)} MiB")


def _refuse_long_keys(text: str) -> None:
    """The library takes time by the square of the number of a key's parts."""
    import re

    part = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
    if re.search(rf"(?<![A-Za-z0-9_-]){part}(?:[ \t]*+\.[ \t]*+{part}){{{MOST_DEPTH},}}", text):
        raise UnparsableError(f"a key of more than {MOST_DEPTH} parts")


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Programs differ in which of two equal keys they take: one could hide behind the other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnparsableError("a key stands twice in the same object")
    return found
