"""What is known of one list of labels in the database: the record that code enums are compared with."""

from __future__ import annotations

ENUM = "enum"
CHECK = "check"


class Label:
    """One label, and where it came from.

    text        the label as the database stores it
    path, line  the statement that brought it, line counted from 1; line 0 where the source has no lines
    """

    __slots__ = ("line", "path", "text")

    def __init__(self, text: str, path: str, line: int) -> None:
        self.text = text
        self.path = path
        self.line = line

    def __repr__(self) -> str:
        return f"Label({self.text!r}, {self.place!r})"

    @property
    def place(self) -> str:
        """`path:line`."""
        return f"{self.path}:{self.line}" if self.line else self.path


class DatabaseEnum:
    """A list of labels as the database has it, after everything that was replayed.

    name        `schema.type` of an enum type, `schema.domain` of a domain, `schema.table.column` of a CHECK; each
                part as the database stores it (folded to lower case unless it was quoted)
    kind        `enum`, or `check` for the list of a CHECK constraint on a column or a domain
    labels      in the database's order; that of a CHECK is as written
    path, line  the statement that created it
    source      the folder or file that the state was replayed from, with `/`; where a repository holds several
                databases, this tells them apart
    reason      why the state can't be known for sure; empty where it can
    constraint  the name of the CHECK constraint that another list may take the place of; empty where it, or another
                one of the column, says more than this list
    tool        what keeps the migrations, such as `drizzle`; empty where it isn't known
    """

    __slots__ = ("constraint", "kind", "labels", "line", "name", "path", "reason", "source", "tool")

    def __init__(
        self,
        name: str,
        kind: str,
        labels: tuple[Label, ...],
        path: str,
        line: int,
        *,
        source: str = "",
        reason: str = "",
        constraint: str = "",
        tool: str = "",
    ) -> None:
        self.name = name
        self.kind = kind
        self.labels = labels
        self.path = path
        self.line = line
        self.source = source
        self.reason = reason
        self.constraint = constraint
        self.tool = tool

    def __repr__(self) -> str:
        return f"DatabaseEnum({self.name!r}, {self.kind!r}, {self.texts!r}, {self.reason!r})"

    @property
    def certain(self) -> bool:
        """Whether the labels are known for sure."""
        return not self.reason

    @property
    def texts(self) -> tuple[str, ...]:
        """The labels alone, in order."""
        return tuple(label.text for label in self.labels)
