"""Brace expansion: `.env{,.local}`, `{1..3}`, on the pieces of a word, before anything else is put in place."""

from __future__ import annotations

from nightlatch.agent.shell.words import TEXT, Piece

MOST_WORDS = 200


def brace_expanded(pieces: list[Piece]) -> list[list[Piece]]:
    """The words that a word becomes: at least itself. More than `MOST_WORDS` are cut off by the caller's bound."""
    opened = _first_group(pieces)
    if opened is None:
        return [pieces]
    before, alternatives, after = opened
    words: list[list[Piece]] = []
    tails = brace_expanded(after)
    for alternative in alternatives:
        for middle in brace_expanded(alternative):
            for tail in tails:
                if len(words) > MOST_WORDS:
                    return words
                words.append([*before, *middle, *tail])
    return words


def _first_group(pieces: list[Piece]) -> tuple[list[Piece], list[list[Piece]], list[Piece]] | None:
    """The first group in braces that has alternatives: what stands before it, these, and what stands behind it."""
    for number, piece in enumerate(pieces):
        if piece.kind != TEXT or piece.is_quoted:
            continue
        at = piece.text.find("{")
        while at >= 0:
            found = _alternatives(pieces, number, at)
            if found is not None:
                before = [*pieces[:number], *_text(piece.text[:at])]
                return before, found[0], found[1]
            at = piece.text.find("{", at + 1)
    return None


def _alternatives(pieces: list[Piece], number: int, at: int) -> tuple[list[list[Piece]], list[Piece]] | None:
    """The alternatives of the group that opens here, and the pieces behind it; None where it is none."""
    found: list[list[Piece]] = [[]]
    depth = 0
    for place in range(number, len(pieces)):
        piece = pieces[place]
        if piece.kind != TEXT or piece.is_quoted:
            found[-1].append(piece)
            continue
        start = at + 1 if place == number else 0
        for position in range(start, len(piece.text)):
            character = piece.text[position]
            if character == "," and depth == 0:
                found[-1] += _text(piece.text[start:position])
                found.append([])
                start = position + 1
            elif character == "{":
                depth += 1
            elif character == "}" and depth:
                depth -= 1
            elif character == "}":
                found[-1] += _text(piece.text[start:position])
                after = [*_text(piece.text[position + 1 :]), *pieces[place + 1 :]]
                return _counted(found, after)
        found[-1] += _text(piece.text[start:])
    return None


def _counted(found: list[list[Piece]], after: list[Piece]) -> tuple[list[list[Piece]], list[Piece]] | None:
    """Alternatives between commas as they are; a single one only where it is a range."""
    if len(found) > 1:
        return found, after
    steps = _range("".join(piece.text for piece in found[0])) if found[0] else None
    if steps is None or any(piece.kind != TEXT or piece.is_quoted for piece in found[0]):
        return None
    return [_text(step) for step in steps], after


def _range(text: str) -> list[str] | None:
    ends = text.split("..")
    if len(ends) not in (2, 3):
        return None
    first, last = ends[0], ends[1]
    if _is_number(first) and _is_number(last):
        low, high = int(first), int(last)
        width = max(len(first), len(last)) if first.startswith("0") or last.startswith("0") else 0
        return [str(value).zfill(width) for value in _between(low, high)]
    if len(first) == len(last) == 1 and first.isascii() and last.isascii():
        return [chr(code) for code in _between(ord(first), ord(last))]
    return None


def _between(low: int, high: int) -> range:
    """Both ends included; a step is passed over, so that there is rather one word too many."""
    if low <= high:
        return range(low, min(high, low + MOST_WORDS) + 1)
    return range(low, max(high, low - MOST_WORDS) - 1, -1)


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= 9  # noqa: PLR2004 - far beyond any real range


def _text(text: str) -> list[Piece]:
    return [Piece(TEXT, text, text, is_quoted=False)] if text else []
