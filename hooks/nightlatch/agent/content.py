"""The write gate: text that is about to be kept or shown passes the checks that a commit would pass.

Each hook that looks at one content by itself is asked through the same door; `GATES` names them.
"""

from __future__ import annotations

from nightlatch.core.rule import INFO, OFF

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.config import Config
    from nightlatch.core.finding import Finding

SIGNS = ("\\", "%", "\0", "&#", '"+', "'+", "`+", '" ', "' ", "` ", '"\n', "'\n", '"\r', "'\r", '".', "'.")
"""Without any of these no text has escapes, and none is put together from parts."""

GATES = ("secrets",)
"""The hooks that are asked, by their names on the command line."""


def findings(text: str, path: str, before: str, config: Config) -> list[Finding]:
    """What the checks find in a text and that doesn't stand in the file already.

    path    relative to the project's root; empty for text that goes into no file
    before  what the file holds now
    Raises NightlatchError where a check can't be done.
    """
    if config.excluded(path):
        return []
    found = _new_ones(text, path, before, config)
    if found:
        return found
    is_shell = not path
    if not _may_be_escaped(text, is_shell=is_shell):
        return []
    from nightlatch.agent.unescaped import unescaped

    plain = unescaped(text, is_shell=is_shell)
    return [] if plain == text else _new_ones(plain, path, unescaped(before, is_shell=is_shell), config)


def _may_be_escaped(text: str, *, is_shell: bool) -> bool:
    """Whether it is worth taking escapes out: without any regular expression, and true rather too often."""
    return any(sign in text for sign in SIGNS) or (is_shell and any(_is_within(text, quote) for quote in "\"'"))


def _is_within(text: str, quote: str) -> bool:
    """Whether a quotation mark stands within a word: behind a letter, and before one or another mark."""
    parts = text.split(quote)
    behind = (after[:1] for after in parts[1:])
    return any(
        before[-1:].isalnum() and (after.isalnum() or after in ("", '"', "'"))
        for before, after in zip(parts, behind, strict=False)
    )


def _new_ones(text: str, path: str, before: str, config: Config) -> list[Finding]:
    data = text.encode("utf-8", "surrogatepass")
    old = before.encode("utf-8", "surrogateescape")
    return [found for name in GATES for found in _of(name, path, data, config) if _counts(found, old, config)]


def _of(name: str, path: str, data: bytes, config: Config) -> Iterator[Finding]:
    if name == "secrets" and not _may_hold_secrets(data, config):
        return
    from nightlatch.agent.content_source import ContentSource
    from nightlatch.core.hook import Options
    from nightlatch.registry import load

    yield from load(name).check(ContentSource(path, data), Options(config, name))


def _may_hold_secrets(data: bytes, config: Config) -> bool:
    """Whether it is worth loading all rules: with rules of a team's own, always."""
    if config.where and config.section("secrets")["custom-rules"]:
        return True
    from nightlatch.secrets.first_look import may_hold

    return may_hold(data)


def _counts(found: Finding, old: bytes, config: Config) -> bool:
    """Whether a finding is of some weight, and its value new to the file."""
    if config.severity(found.rule.id, found.severity, found.path) in (OFF, INFO):
        return False
    return not (found.value and found.value in old)
