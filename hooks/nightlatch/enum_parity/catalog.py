"""What a database holds of what matters here: schemas, types, tables, and the CHECKs on them.

Every change goes through a journal, so that a rollback takes back exactly what was done since.
"""

from __future__ import annotations

from nightlatch.enum_parity.catalog_index import Index
from nightlatch.enum_parity.database_enum import CHECK, ENUM, DatabaseEnum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from nightlatch.enum_parity.database_enum import Label

DOMAIN = "domain"
COMPOSITE = "composite"
OTHER = "other"
ROW = "row"
"""Kinds of types beside ENUM. ROW is a table's own type, OTHER a range, a base type or a shell."""

TEMPORARY = "pg_temp"
_SYSTEM = ("pg_catalog", "information_schema", TEMPORARY)


class Check:
    """A CHECK constraint of a table or a domain.

    name     of the constraint
    columns  the columns that it speaks of; empty for a domain's
    lists    column → the labels that it allows; the column is empty for a domain's. Empty where it is no list
    doubt    why the lists may not be the whole of what it says; empty where they are
    is_plain whether it is one list and nothing else
    """

    __slots__ = ("columns", "doubt", "is_plain", "line", "lists", "name", "path")

    def __init__(
        self,
        name: str,
        columns: tuple[str, ...],
        lists: dict[str, tuple[Label, ...]],
        place: tuple[str, int],
        doubt: str = "",
        *,
        is_plain: bool = False,
    ) -> None:
        self.name = name
        self.is_plain = is_plain
        self.columns = columns
        self.lists = lists
        self.path, self.line = place
        self.doubt = doubt


class Thing:
    """What types and tables have in common.

    name, schema  where it stands
    path, line    the statement that created it
    doubts        why its state may differ from what is known here
    """

    def __init__(self, name: str, schema: str, path: str, line: int) -> None:
        self.name = name
        self.schema = schema
        self.path = path
        self.line = line
        self.doubts: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """`schema.name`."""
        return f"{self.schema}.{self.name}"


class Type(Thing):
    """A type that a script made.

    kind    ENUM, DOMAIN, COMPOSITE, ROW or OTHER
    labels  of an enum
    base    of a domain: the type that it stands on, where a script made that one too
    checks  of a domain, by name
    table   the table whose rows it describes, for ROW; the attributes, for COMPOSITE
    """

    def __init__(self, name: str, schema: str, kind: str, path: str, line: int) -> None:
        super().__init__(name, schema, path, line)
        self.kind = kind
        self.labels: tuple[Label, ...] = ()
        self.base: Type | None = None
        self.checks: dict[str, Check] = {}
        self.table: Table | None = None


class Table(Thing):
    """A table, or whatever else has columns: a view, the attributes of a composite type.

    columns      name → the type, where a script made that one; else None. In the order of the table
    checks       name → the CHECK
    constraints  the names of all other constraints that are known
    parents      the tables that it inherits from, or is a partition of
    row          its own type
    is_view      a view's columns aren't known
    known        False where its creation was never seen, so that it may have columns that are not known
    """

    def __init__(self, name: str, schema: str, path: str, line: int) -> None:
        super().__init__(name, schema, path, line)
        self.columns: dict[str, Type | None] = {}
        self.checks: dict[str, Check] = {}
        self.constraints: dict[str, bool] = {}
        self.parents: tuple[Table, ...] = ()
        self.row: Type | None = None
        self.is_view = False
        self.known = True


class Schema:
    """A schema; `known` is False where its creation was never seen."""

    def __init__(self, name: str, *, known: bool = True) -> None:
        self.name = name
        self.known = known
        self.types: dict[str, Type] = {}
        self.tables: dict[str, Table] = {}


class Journal:
    """What was done, so that it can be taken back."""

    def __init__(self) -> None:
        self.index = Index()
        self._steps: list[tuple[Thing | None, bool, Callable[[], Any]]] = []

    @property
    def mark(self) -> int:
        """Where the journal stands now."""
        return len(self._steps)

    def put(self, mapping: dict[str, Any], key: str, value: Any, owner: Thing | None) -> None:
        """Set a key of a mapping. The owner is the type or table whose state it is."""
        if key in mapping:
            before = mapping[key]
            self._steps.append((owner, False, lambda: mapping.__setitem__(key, before)))
        else:
            self._steps.append((owner, False, lambda: mapping.pop(key)))
        mapping[key] = value
        if isinstance(owner, Table) and mapping is owner.columns:
            self.index.note_column(owner, value)
        elif owner is not None and any(mapping is names for names in _constraints_of(owner)):
            self.index.note_constraint(owner, key)

    def remove(self, mapping: dict[str, Any], key: str, owner: Thing | None) -> None:
        """Remove a key from a mapping; where it is taken back, the order is too, but for a schema's own things.

        owner  as in `put`; the thing itself where it is dropped, None where it only moves within the schemas
        """
        thing = mapping[key]
        if owner is None or thing is owner:
            self._steps.append((owner, owner is not None, lambda: mapping.__setitem__(key, thing)))
            del mapping[key]
            return
        whole = dict(mapping)
        self._steps.append((owner, False, lambda: _restore(mapping, whole)))
        del mapping[key]

    def assign(self, owner: Any, name: str, value: Any) -> None:
        """Set an attribute."""
        before = getattr(owner, name)
        thing = owner if isinstance(owner, Thing) else None
        self._steps.append((thing, False, lambda: setattr(owner, name, before)))
        setattr(owner, name, value)
        self.index.note(owner, name, value)

    def undo(self, mark: int) -> None:
        """Take back what was done since."""
        while len(self._steps) > mark:
            self._steps.pop()[2]()

    def touched(self, mark: int) -> list[Thing]:
        """The types and tables that were changed since, in order, each once."""
        return list(dict.fromkeys(owner for owner, _, _ in self._steps[mark:] if owner is not None))

    def removed(self, mark: int) -> list[Thing]:
        """Those that were dropped since."""
        return list(dict.fromkeys(owner for owner, gone, _ in self._steps[mark:] if gone and owner is not None))

    def forget(self) -> None:
        """Keep all: nothing before now can be taken back any more."""
        self._steps.clear()


def _restore(mapping: dict[str, Any], whole: dict[str, Any]) -> None:
    mapping.clear()
    mapping.update(whole)


class Catalog:
    """All schemas, and the journal of their changes."""

    def __init__(self) -> None:
        self.journal = Journal()
        self.schemas: dict[str, Schema] = {name: Schema(name) for name in ("public", TEMPORARY, "pg_catalog")}

    def types(self) -> Iterator[Type]:
        """Every type."""
        for schema in self.schemas.values():
            yield from schema.types.values()

    def tables(self) -> Iterator[Table]:
        """Every table and view."""
        for schema in self.schemas.values():
            yield from schema.tables.values()

    def doubt(self, thing: Thing, reason: str) -> None:
        """Note why the state of a type or table may differ from what is known."""
        if reason not in thing.doubts:
            self.journal.assign(thing, "doubts", (*thing.doubts, reason))

    def users(self, type_: Type) -> Iterator[tuple[Table, str]]:
        """The columns and attributes of that type."""
        for table in self.journal.index.holders.get(type_, ()):
            if self.holds(table):
                for column, of in table.columns.items():
                    if of is type_:
                        yield table, column

    def domains(self, type_: Type) -> Iterator[Type]:
        """The domains that stand on that type."""
        known = self.journal.index.domains.get(type_, ())
        return (domain for domain in known if domain.base is type_ and self.holds(domain))

    def children(self, table: Table) -> Iterator[Table]:
        """The tables that inherit from that one."""
        known = self.journal.index.children.get(table, ())
        return (child for child in known if table in child.parents and self.holds(child))

    def holds(self, thing: Thing) -> bool:
        """Whether a type or a table is there, or the composite type whose attributes it has."""
        schema = self.schemas.get(thing.schema)
        if schema is None:
            return False
        type_ = schema.types.get(thing.name)
        if isinstance(thing, Type):
            return type_ is thing
        is_composite = type_ is not None and type_.kind == COMPOSITE and type_.table is thing
        return schema.tables.get(thing.name) is thing or is_composite

    def constraint_names(self, schema: str) -> ConstraintNames:
        """The names of all constraints in a schema."""
        return ConstraintNames(self, schema)

    def enums(self, source: str = "") -> list[DatabaseEnum]:
        """Every list of labels, sorted by name."""
        found = [*self._enum_types(source), *self._domain_lists(source), *self._column_lists(source)]
        return sorted(found, key=lambda enum: (enum.name, enum.kind))

    def _enum_types(self, source: str) -> Iterator[DatabaseEnum]:
        for type_ in self.types():
            if type_.kind == ENUM and type_.schema not in _SYSTEM:
                reason = "; ".join(type_.doubts)
                yield DatabaseEnum(
                    type_.full_name, ENUM, type_.labels, type_.path, type_.line, source=source, reason=reason
                )

    def _domain_lists(self, source: str) -> Iterator[DatabaseEnum]:
        for type_ in self.types():
            if type_.kind == DOMAIN and type_.schema not in _SYSTEM:
                checks = [check for check in type_.checks.values() if "" in check.lists]
                if checks:
                    yield _list(type_.full_name, "", checks, type_, source)

    def _column_lists(self, source: str) -> Iterator[DatabaseEnum]:
        for table in self.tables():
            if table.schema in _SYSTEM:
                continue
            by_column: dict[str, list[Check]] = {}
            for check in table.checks.values():
                for column in check.lists:
                    by_column.setdefault(column, []).append(check)
            for column, checks in by_column.items():
                yield _list(f"{table.full_name}.{column}", column, checks, table, source)


class ConstraintNames:
    """The names of all constraints in a schema: only asked about, never listed."""

    def __init__(self, catalog: Catalog, schema: str) -> None:
        self._catalog = catalog
        self._schema = schema

    def __contains__(self, name: object) -> bool:
        owners = self._catalog.journal.index.named.get(name, ()) if isinstance(name, str) else ()
        return any(
            owner.schema == self._schema
            and any(name in names for names in _constraints_of(owner))
            and self._catalog.holds(owner)
            for owner in owners
        )


def _constraints_of(owner: Thing) -> tuple[dict[str, Any], ...]:
    if isinstance(owner, Table):
        return owner.checks, owner.constraints
    return (owner.checks,) if isinstance(owner, Type) else ()


def _list(name: str, column: str, checks: list[Check], owner: Thing, source: str) -> DatabaseEnum:
    """What several CHECKs of a column allow together: what each of them allows."""
    first = checks[0]
    allowed = [{label.text for label in check.lists[column]} for check in checks]
    labels = tuple(label for label in first.lists[column] if all(label.text in texts for texts in allowed))
    doubts = dict.fromkeys((*owner.doubts, *(check.doubt for check in checks if check.doubt)))
    constraint = first.name if len(checks) == 1 and first.is_plain else ""
    return DatabaseEnum(
        name, CHECK, labels, first.path, first.line, source=source, reason="; ".join(doubts), constraint=constraint
    )
