"""The record that every reader of code gives: one enum of the code, with its labels and their places."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class CodeLabel:
    """A label as the database would store it, and where it stands: a file and a line, counted from 1."""

    __slots__ = ("line", "path", "text")

    def __init__(self, text: str, path: str, line: int) -> None:
        self.text = text
        self.path = path
        self.line = line


class CodeEnum:
    """An enum of the code.

    path, line  where it is declared, the line counted from 1
    symbol      its name there (`UserRole`, `users.role`)
    kind        what it is: pgEnum, mysqlEnum, enum, union, array, object, zod, prisma, sqlalchemy, …
    labels      what the database stores, in the order of the code; each once
    binding     the type or `table.column` of the database that the code itself names, or "": with a schema
                where the code names one
    schema      whether that binding names its schema
    is_check    whether the binding is a table's column and not a type
    comment     the type that a `parity:` comment names, or ""
    is_ordered  whether the order of its labels is anyone's promise
    through     the places of the declarations that the labels of a binding came through
    values      of an enum whose members' names are stored, their values: what somebody may have meant
    fault       why the labels can't be known, or ""; they are then not to be compared
    """

    __slots__ = (
        "binding",
        "comment",
        "fault",
        "is_check",
        "is_ordered",
        "kind",
        "labels",
        "line",
        "path",
        "symbol",
        "through",
        "values",
    )

    def __init__(
        self,
        path: str,
        line: int,
        symbol: str,
        kind: str,
        labels: Sequence[CodeLabel],
        *,
        binding: str = "",
        is_check: bool = False,
        comment: str = "",
        is_ordered: bool = True,
        fault: str = "",
        through: Collection[str] = (),
        values: Sequence[str] = (),
    ) -> None:
        self.path = path
        self.line = line
        self.symbol = symbol
        self.kind = kind
        self.labels = once(labels)
        self.binding = binding
        self.is_check = is_check
        self.comment = comment
        self.is_ordered = is_ordered
        self.fault = fault
        self.through = frozenset(through)
        self.values = values

    def copy(self) -> CodeEnum:
        """The same without its comment."""
        return CodeEnum(
            self.path,
            self.line,
            self.symbol,
            self.kind,
            self.labels,
            binding=self.binding,
            is_check=self.is_check,
            is_ordered=self.is_ordered,
            fault=self.fault,
            through=self.through,
            values=self.values,
        )

    @property
    def texts(self) -> list[str]:
        """The labels alone."""
        return [label.text for label in self.labels]

    @property
    def place(self) -> str:
        """How the configuration and `--list` name it."""
        return f"{self.path}::{self.symbol}"


def once(labels: Sequence[CodeLabel]) -> list[CodeLabel]:
    """The first of each text: two members with one value are one label."""
    known: dict[str, CodeLabel] = {}
    for label in labels:
        known.setdefault(label.text, label)
    return list(known.values())
