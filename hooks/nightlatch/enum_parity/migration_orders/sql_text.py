"""How texts and names are written in SQL, and how a statement is written of which only a part is known."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def opaque(text: str) -> str:
    """A statement of which only a part is known: the replay doubts what that part names; everything where it is empty.

    A part that isn't about types or CHECKs makes nothing doubtful.
    """
    return block(f"EXECUTE {quoted(text)} || unknown();")


def conditional(statement: str) -> str:
    """A statement of which nobody knows whether it runs: what it touches is doubtful."""
    return block(f"IF unknown() THEN EXECUTE {quoted(statement)}; END IF;")


def block(body: str) -> str:
    """A block of PL/pgSQL, in dollar quotes that the body doesn't hold."""
    tag = "$nightlatch$"
    while tag in body:
        tag = tag[:-1] + "_$"
    return f"DO {tag} BEGIN {body} END {tag};"


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def quoted_name(*names: str | None) -> str:
    """A name as SQL writes it, with its schema in front where there is one."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names if name)


def quoted_list(texts: Sequence[str]) -> str:
    """`'a', 'b'`."""
    return ", ".join(quoted(text) for text in texts)
