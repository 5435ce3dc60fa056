"""Text with its escapes taken out: a token that is written in parts or in code numbers is a token all the same."""

from __future__ import annotations

SIGNS = ("\\u00", "\\x", "%", "\0", '"', "'")
"""Without any of these nothing is escaped, and no text is put together from parts."""


def unescaped(text: str) -> str:
    r"""The text with `\u0067`, `\x67` and `%67` as `g`, without NULs, and with `"a" + "b"` as `"ab"`."""
    if not any(sign in text for sign in SIGNS):
        return text
    import re

    text = text.replace("\0", "")
    text = re.sub(r"(?:\\u00|\\x|%)([2-7][0-9a-fA-F])", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"([\"'])[ \t]{0,8}\+[ \t]{0,8}\1", "", text)
