"""What SQL would do to a database: whether it takes data away, changes the schema, writes, reads, or can't be told."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.sql.statement import Statement


def classify(text: str) -> list[Statement]:
    """The statements of a text, in order, each with its kind. Never raises: what can't be read is opaque."""
    from nightlatch.agent.sql.statement import statements

    return statements(text)
