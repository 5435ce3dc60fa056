"""Who may use what in a catalog, so that a DROP needn't look at every table.

Nothing is ever taken out: what is listed here was so at some time, and whoever asks looks whether it still is. So a
rollback has nothing to take back.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nightlatch.enum_parity.catalog import Table, Thing, Type


class Index:
    """What was ever noted.

    holders   a type → the tables that have had a column of it
    domains   a type → the domains that have stood on it
    children  a table → those that have inherited from it
    named     the name of a constraint → the tables and domains that have had one of that name
    """

    __slots__ = ("children", "domains", "holders", "named")

    def __init__(self) -> None:
        self.holders: dict[Type, dict[Table, None]] = {}
        self.domains: dict[Type, dict[Type, None]] = {}
        self.children: dict[Table, dict[Table, None]] = {}
        self.named: dict[str, dict[Thing, None]] = {}

    def note(self, owner: Any, name: str, value: Any) -> None:
        """Note what an attribute of a type or table is from now on."""
        if name == "columns":
            for of in value.values():
                self.note_column(owner, of)
        elif name == "parents":
            for parent in value:
                self.children.setdefault(parent, {})[owner] = None
        elif name in ("checks", "constraints"):
            for constraint in value:
                self.note_constraint(owner, constraint)
        elif name == "base" and value is not None:
            self.domains.setdefault(value, {})[owner] = None

    def note_column(self, table: Table, of: Type | None) -> None:
        """Note that a table has a column of a type; None where no script made the type."""
        if of is not None:
            self.holders.setdefault(of, {})[table] = None

    def note_constraint(self, owner: Thing, name: str) -> None:
        """Note that a table or a domain has a constraint of a name."""
        self.named.setdefault(name, {})[owner] = None
