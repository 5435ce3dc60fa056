"""Whether a file is a secret by its name, where no configuration says what is: the kinds of `core/secret_files.py`."""

from __future__ import annotations

from nightlatch.agent.git_settings import FILE, holds_credentials
from nightlatch.core.secret_files import ENV_ENCRYPTED, TEMPLATE, kind_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.agent.place import Place

MOST_BYTES = 256 * 1024

OPEN = (TEMPLATE, ENV_ENCRYPTED)
"""Kinds that are made to be committed."""


def is_secret(paths: Sequence[str], place: Place) -> bool:
    """Whether any spelling of a file has the name of a secret, and its content doesn't show that it is none.

    paths  absolute, with `/`
    """
    return any(_is_secret(path, place) for path in paths)


def _is_secret(path: str, place: Place) -> bool:
    if path.endswith(FILE):
        return holds_credentials(place.read_text(path, MOST_BYTES) or "")
    kind = kind_at(path)
    if kind is None or kind in OPEN:
        return False
    # A `.pem` may hold a certificate, an `.npmrc` nothing but a registry: their content tells. What is not there
    # yet gets its content from the call, which is looked at by itself.
    if not kind.marks or not place.exists(path):
        return not kind.marks
    text = place.read_text(path, MOST_BYTES)
    if text is None:
        return True
    lowered = text.lower()
    return any(mark.decode().lower() in lowered for mark in kind.marks)
