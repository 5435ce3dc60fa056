"""An env file or a template that was found and read, as the checks of contents get it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.core.files import File


class EnvFile:
    """An env file or a template of one, written as `NAME=value` lines.

    path         relative to the root, with `/`
    readings     what it holds: as it is staged where it is staged, else as the working tree has it, even where git
                 ignores it. Two where NUL bytes leave its encoding open (see `core/files.py`), else one
    is_template  whether its name says that it holds no value of anyone's
    is_tracked   whether git tracks it; None where that isn't known, outside git
    """

    __slots__ = ("is_template", "is_tracked", "path", "readings")

    def __init__(self, path: str, readings: Sequence[File], *, is_template: bool, is_tracked: bool | None) -> None:
        self.path = path
        self.readings = readings
        self.is_template = is_template
        self.is_tracked = is_tracked


def is_name_of_another(text: bytes) -> bool:
    """Whether a text is what git stores for a link: `../.env` and nothing else."""
    return b"\n" not in text and b"=" not in text and (b"/" in text or text.startswith(b".env"))
