"""JSON as text: what every report in JSON has in common."""

from __future__ import annotations

import json


def json_text(value: object) -> str:
    """The value as JSON: escaped to ASCII, harmless in a log, with a newline at its end."""
    return _harmless(json.dumps(value, indent=2)) + "\n"


def _harmless(text: str) -> str:
    """The same JSON without `##[` and `##vso[`, which some CI systems take for commands wherever they stand."""
    return text.replace("##[", "#\\u0023[").replace("##vso[", "#\\u0023vso[")
