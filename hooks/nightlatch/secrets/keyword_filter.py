"""The filter of the standard library alone: a rule can match only where one of its keywords stands."""

from __future__ import annotations

from nightlatch.secrets.base64_text import holds_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from re import Pattern

    from nightlatch.secrets.secret_rule import SecretRule

    Trie = dict[str, "Trie"]

END = ""
"""Marks in a trie that a word ends here."""

WORTH_A_TRIE = 256 * 1024
"""From so many bytes on, one search for all keywords is compiled: it is thrice as fast, and costs 50 ms first."""


class KeywordFilter:
    """Names the rules of which a keyword stands in a text."""

    name = "standard library"

    def __init__(self, rules: Sequence[SecretRule]) -> None:
        self._rules_of: dict[bytes, list[int]] = {}
        for index, rule in enumerate(rules):
            for keyword in rule.keywords:
                self._rules_of.setdefault(keyword.encode(), []).append(index)
        self._searched = 0
        self._trie: _Trie | None = None

    def candidates(self, text: bytes) -> list[int]:
        """The indexes of the rules that can match in the text, in order."""
        if not self._rules_of:
            return []
        lowered = text.lower()
        found: set[int] = set()
        for keyword in self._present(lowered):
            found.update(self._rules_of[keyword])
        return sorted(found)

    def holds_base64(self, text: bytes) -> bool:
        """Whether text in base64 may stand in the text that was just searched."""
        return holds_text(text)

    def _present(self, lowered: bytes) -> Sequence[bytes] | set[bytes]:
        self._searched += len(lowered)
        if self._trie is None and self._searched >= WORTH_A_TRIE:
            self._trie = _Trie(list(self._rules_of))
        if self._trie is not None:
            return self._trie.present(lowered)
        return [keyword for keyword in self._rules_of if keyword in lowered]


class _Trie:
    """One regular expression that finds every one of many words at once."""

    def __init__(self, words: Sequence[bytes]) -> None:
        self._pattern = _compiled([word.decode() for word in words])
        self._within = {word: [other for other in words if word.startswith(other)] for word in words}

    def present(self, text: bytes) -> set[bytes]:
        """Those of the words that stand in the text, at whatever place, within each other too."""
        longest = set(self._pattern.findall(text))
        return {word for found in longest for word in self._within[found]}


def _compiled(words: Sequence[str]) -> Pattern[bytes]:
    """At each place of a text, the longest of the words that begins there. The look ahead lets them overlap."""
    import re

    root: Trie = {}
    for word in words:
        node = root
        for character in word:
            node = node.setdefault(character, {})
        node[END] = {}
    return re.compile(b"(?=(" + _expression(root).encode() + b"))")


def _expression(node: Mapping[str, Trie]) -> str:
    import re

    branches = [re.escape(character) + _expression(rest) for character, rest in sorted(node.items()) if character]
    if not branches:
        return ""
    joined = "(?:" + "|".join(branches) + ")"
    return joined + "?" if END in node else joined
