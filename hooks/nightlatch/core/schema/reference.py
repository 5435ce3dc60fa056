"""What is written from a schema for people and editors: a Markdown reference, and a JSON Schema."""

from __future__ import annotations

from nightlatch.core.schema.containers import Map, described

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from nightlatch.core.schema.node import Key

    Json = dict[str, object]


def json_schema(schema: Map, title: str) -> str:
    """The whole schema as JSON Schema (draft 2020-12), for editors. Ends with a newline."""
    import json

    head: Json = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return json.dumps({**head, **described(schema)}, indent=2, ensure_ascii=False) + "\n"


def markdown(schema: Map) -> str:
    """The reference of all keys: a heading for each key at the top, a table of the keys below it."""
    return "\n".join(line for key in schema.keys.values() for line in _section(key))


def _section(key: Key) -> Iterable[str]:
    yield from (f"## `{key.name}`", "", key.node.doc, "", f"Type: {key.node.kind_shown()}.{_default_sentence(key)}", "")
    below = list(key.node.inner())
    if not below:
        return
    yield "| key | type | default | meaning |"
    yield "|---|---|---|---|"
    for suffix, inner in below:
        yield _row(key.name + suffix, inner)
    yield ""


def _row(path: str, key: Key) -> str:
    cells = (f"`{path}`", key.node.kind_shown(), _default_cell(key), key.node.doc)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default_cell(key: Key) -> str:
    if key.required:
        return "required"
    return f"`{_yaml_word(key.default_written())}`" if key.has_default() else "none"


def _default_sentence(key: Key) -> str:
    return f" Default: `{_yaml_word(key.default_written())}`." if key.has_default() else ""


def _yaml_word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(_yaml_word(item) for item in value)}]"
    return str(value)
