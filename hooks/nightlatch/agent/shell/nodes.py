"""The nodes of tree-sitter's tree of a script: their text, and the words among them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.grammar import Node


def node_text(node: Node) -> str:
    """What stands in the script."""
    return (node.text or b"").decode("utf-8", "surrogateescape")


def word_sources(nodes: list[Node]) -> list[str]:
    """The sources of words: nodes that touch one another are one word."""
    found: list[str] = []
    end = -1
    for node in nodes:
        if node.type in ("comment", ";", "&", "\n"):
            continue
        if node.start_byte == end and found:
            found[-1] += node_text(node)
        else:
            found.append(node_text(node))
        end = node.end_byte
    return found


def swallowed(redirect: Node) -> list[str]:
    """Words behind a redirection's target, which are the command's: `echo a > f b`."""
    targets = word_sources([child for child in redirect.children if child.is_named and child.type != "file_descriptor"])
    return targets[1:]


def assigned_name(node: Node) -> str:
    """The variable that an assignment is of."""
    return node_text(node).partition("=")[0].rstrip("+").partition("[")[0]


def descendants(node: Node, types: tuple[str, ...]) -> list[Node]:
    """The topmost nodes of these types below a node."""
    found: list[Node] = []
    for child in node.children:
        if child.type in types:
            found.append(child)
        else:
            found += descendants(child, types)
    return found


def first_error(node: Node) -> str:
    """The first text that the grammar could not read."""
    if node.type == "ERROR" or node.is_missing:
        return node_text(node)
    return next((text for child in node.children if child.has_error and (text := first_error(child))), "")
