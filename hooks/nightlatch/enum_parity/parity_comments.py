"""`parity: public.user_role` in a comment: which type a declaration is to be compared with."""

from __future__ import annotations

import re

_TARGET = re.compile(r'(?:[\w$-]+|"[^"\n]+")(?:\.(?:[\w$-]+|"[^"\n]+"))*')


def target_of(after: str) -> tuple[str, bool] | None:
    """The name at the beginning of what follows `parity:` in a comment, and whether nothing else stands there.

    None where there is no name.
    """
    text = after.strip()
    found = _TARGET.match(text)
    return (found.group(), found.end() == len(text)) if found else None
