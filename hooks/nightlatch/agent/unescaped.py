"""Text with its escapes taken out: a token that is written in parts or in code numbers is a token all the same."""

from __future__ import annotations

import re


def unescaped(text: str) -> str:
    r"""The text with `\u0067`, `\x67` and `%67` as `g`, without NULs, and with `"a" + "b"` as `"ab"`."""
    text = text.replace("\0", "")
    text = re.sub(r"(?:\\u00|\\x|%)([2-7][0-9a-fA-F])", lambda found: chr(int(found[1], 16)), text)
    return re.sub(r"([\"'])[ \t]{0,8}\+[ \t]{0,8}\1", "", text)
