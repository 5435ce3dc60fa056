"""Text that can be printed: paths and messages may hold whatever a repository's author chose."""

from __future__ import annotations

LEAST_OF_A_BEGINNING = 3
"""So many characters of a word tell what it was to become, if one alone begins with them."""


def shown_path(path: str) -> str:
    """A path for reports: bytes that are not UTF-8 (surrogate escapes) become `%XX`."""
    if path.isascii():
        return path
    return "".join(_shown_character(character) for character in path)


def _shown_character(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"%{ord(character) - 0xDC00:02X}"
    return "%EF%BF%BD" if "\ud800" <= character <= "\udfff" else character


def one_line(text: str) -> str:
    """The text without anything that a terminal or a CI system's log would act upon.

    Control characters, and the invisible ones that reorder or hide text, become escapes as
    Python writes them; so do the starts of GitHub's and Azure's log commands, `::` in front and `##[` anywhere.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(_escaped(character) for character in text)
    text = text.replace("##[", "#\\x23[").replace("##vso[", "#\\x23vso[")
    stripped = text.lstrip()
    return "\\x3a" + stripped[1:] if stripped.startswith("::") else text


def _escaped(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode()


def plural(count: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def nearest(word: str, known: tuple[str, ...]) -> str:
    """` Did you mean X?` for the likeliest of the known words, or nothing."""
    from difflib import get_close_matches

    folded = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), folded, 1)
    if not close and len(word) >= LEAST_OF_A_BEGINNING:
        begun = [name for name in folded if name.startswith(word.lower())]
        close = begun if len(begun) == 1 else []
    return f" Did you mean {folded[close[0]]}?" if close else ""
