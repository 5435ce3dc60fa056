"""YAML as a tree of nodes with their lines: nothing is constructed, aliases and keys that stand twice are refused."""

from __future__ import annotations

from nightlatch.dependencies.documents import MOST_CHARACTERS, MOST_DEPTH
from nightlatch.dependencies.package import UnparsableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import yaml


class Field:
    """One key of a mapping: its line (counted from 1 within the text) and its value, not yet looked into."""

    __slots__ = ("line", "node")

    def __init__(self, line: int, node: yaml.Node) -> None:
        self.line = line
        self.node = node

    def fields(self) -> dict[str, Field]:
        """The keys of a mapping; none where there is nothing. Raises UnparsableError."""
        return fields(self.node)

    def plain(self) -> Any:
        """Dicts, lists and texts: every scalar as it is written. Raises UnparsableError."""
        return plain(self.node)

    def text(self) -> str:
        """The characters of a scalar. Raises UnparsableError."""
        if not hasattr(self.node, "value") or not isinstance(self.node.value, str):
            raise UnparsableError("something stands where a text should")
        return str(self.node.value)


def yaml_fields(text: str) -> dict[str, Field]:
    """The keys of the mapping that a YAML document is; none for an empty one. Raises UnparsableError."""
    import yaml

    if len(text) > MOST_CHARACTERS:
        raise UnparsableError(f"larger than {MOST_CHARACTERS // (1024 * 1024)} MiB")
    _refuse_depth(text)
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)(text)
    try:
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark is not None else ""
        raise UnparsableError(f"{where}no valid YAML") from None
    except (RecursionError, ValueError):
        raise UnparsableError("no YAML that can be read: nested too deeply") from None
    finally:
        loader.dispose()
    return fields(node) if node is not None else {}


def fields(node: yaml.Node) -> dict[str, Field]:
    """The keys of a mapping node; none for an empty scalar."""
    import yaml

    if isinstance(node, yaml.ScalarNode) and node.value in ("", "~", "null"):
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise UnparsableError("something stands where a table should")
    found: dict[str, Field] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise UnparsableError("a key that is no text")
        found[key.value] = Field(key.start_mark.line + 1, value)
    if len(found) != len(node.value):
        raise UnparsableError("a key stands twice in the same mapping")
    return found


def plain(node: yaml.Node) -> Any:
    """Dicts, lists and texts."""
    import yaml

    if isinstance(node, yaml.MappingNode):
        return {key: field.plain() for key, field in fields(node).items()}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    return node.value


def _refuse_depth(text: str) -> None:
    """The C loader's composer calls itself for every level, and a stack has an end. Aliases may make much of little."""
    import re

    in_a_row = r"(?m)^[ \t]*+(?:[-?:][ \t]++){9}"  # each of them begins a level
    if _may_be_deep(text) or re.search(r"[&*][^\s,'\"\]}]", text) or re.search(in_a_row, text):
        _refuse_by_events(text)
    if re.search(rf"(?m)^ {{{MOST_DEPTH * 4},}}\S", text):
        raise UnparsableError("nested too deeply")


def _may_be_deep(text: str) -> bool:
    """Whether so many brackets are open at once, those in texts and comments included."""
    depth = 0
    for bracket in text if max(text.count("["), text.count("{")) > MOST_DEPTH else "":
        depth += (bracket in "[{") - (bracket in "]}" and depth > 0)
        if depth > MOST_DEPTH:
            return True
    return False


def _refuse_by_events(text: str) -> None:
    """Read it event by event, for which the parser needs no stack. Raises UnparsableError."""
    import yaml

    depth = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise UnparsableError("it has anchors or aliases, which no package manager writes")
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MOST_DEPTH:
                raise UnparsableError("nested too deeply")
    except yaml.YAMLError:
        raise UnparsableError("no valid YAML") from None
