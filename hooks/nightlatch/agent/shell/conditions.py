"""Conditions that can be told before: `[ -f .env ]` holds where the file is there and nothing takes it away first.

That a file isn't there is never relied on: an earlier command may make it.
"""

from __future__ import annotations

import os.path

from nightlatch.agent.shell.nodes import node_text, word_sources
from nightlatch.agent.shell.words import WordError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.agent.shell.grammar import Node
    from nightlatch.agent.shell.interpreter import Interpreter
    from nightlatch.agent.shell.state import State

_TESTS: dict[str, Callable[[str], bool]] = {
    "-f": os.path.isfile, "-e": os.path.exists, "-d": os.path.isdir, "-r": os.path.isfile,
}  # fmt: skip
_RUNNING = ("interpreters", "scheduled")


def outcome(node: Node, shell: Interpreter, state: State) -> bool | None:
    """Whether a condition holds; None where that can't be told."""
    words = _words(node)
    is_negated = words[:1] == ["!"]
    words = words[is_negated:]
    if len(words) != 2 or words[0] not in _TESTS or _may_be_gone(shell) or state.mounts is not None:  # noqa: PLR2004
        return None
    try:
        found = shell.words_of(words[1], state)
    except WordError:
        return None
    path = found[0].text if len(found) == 1 else None
    folder = state.folders[0] if len(state.folders) == 1 else None
    if not path or folder is None or not _TESTS[words[0]](os.path.join(folder, path)):
        return None
    return not is_negated


def _words(node: Node) -> list[str]:
    """`-f`, `file` of `[ -f file ]` and `test -f file`, with a `!` before them; empty for anything else."""
    if node.type == "test_command":
        inner = node.children[1] if len(node.children) > 1 else node
        if inner.type != "unary_expression":
            return []
        if node_text(inner.children[0]) == "!":
            rest = inner.children[-1]
            return ["!", *word_sources(rest.children)] if rest.type == "unary_expression" else []
        return word_sources(inner.children)
    if node.type == "command":
        words = word_sources(node.children)
        return words[1:] if words[:1] == ["test"] else []
    return []


def _may_be_gone(shell: Interpreter) -> bool:
    """Whether something may have been taken away before, by a removal or by a script that nobody follows."""
    from nightlatch.agent.effects import Execute, Write
    from nightlatch.agent.shell.commands.index import THEMES

    return any(
        effect.is_removal
        if isinstance(effect, Write)
        else isinstance(effect, Execute) and ("/" in effect.path or THEMES.get(effect.path) in _RUNNING)
        for effect in shell.trace.effects
    )
