"""A file or a folder of the working tree gets another mode. No link is followed on the way."""

from __future__ import annotations

import os
import stat

from nightlatch.core.hook import Fixed

NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)


def close(tree: str, path: str, seen: int, closed: int) -> Fixed:
    """Give a file or a folder its mode, if it is still the one that was seen."""
    try:
        descriptor = _opened(tree, path)
    except OSError as error:
        return Fixed(path, f"mode {seen:03o} was left, for it can't be opened ({_reason(error)})")
    try:
        status = os.fstat(descriptor)
        is_ours = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
        if not is_ours or stat.S_IMODE(status.st_mode) != seen:
            return Fixed(path, f"mode {seen:03o} was left, for it changed meanwhile")
        os.fchmod(descriptor, closed)
    except OSError as error:
        return Fixed(path, f"mode {seen:03o} was left, for it can't be changed ({_reason(error)})")
    finally:
        os.close(descriptor)
    return Fixed(path, f"mode {seen:03o} is now {closed:03o}")


def _opened(tree: str, path: str) -> int:
    """A descriptor of a path below the tree, of which no part is a link. Raises OSError."""
    here = os.open(tree, os.O_RDONLY)
    for part in path.split("/"):
        try:
            there = os.open(part, os.O_RDONLY | NO_LINK, dir_fd=here)
        finally:
            os.close(here)
        here = there
    return here


def _reason(error: OSError) -> str:
    return (error.strerror or "unreadable").lower()
