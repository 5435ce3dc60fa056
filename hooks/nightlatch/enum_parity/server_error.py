"""The errors that PostgreSQL would answer with, by the names that an EXCEPTION clause knows them by."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.enum_parity.catalog import Thing

SYNTAX = "syntax_error"
DUPLICATE_OBJECT = "duplicate_object"
DUPLICATE_TABLE = "duplicate_table"
DUPLICATE_COLUMN = "duplicate_column"
DUPLICATE_SCHEMA = "duplicate_schema"
UNDEFINED_OBJECT = "undefined_object"
UNDEFINED_TABLE = "undefined_table"
UNDEFINED_COLUMN = "undefined_column"
NO_SCHEMA = "invalid_schema_name"
BAD_VALUE = "invalid_parameter_value"
BAD_TEXT = "invalid_text_representation"
BAD_NAME = "invalid_name"
NOT_UNIQUE = "unique_violation"
IN_USE = "dependent_objects_still_exist"
WRONG_KIND = "wrong_object_type"
BAD_TABLE = "invalid_table_definition"
RAISED = "raise_exception"
ABORTED = "in_failed_sql_transaction"
NO_SAVEPOINT = "invalid_savepoint_specification"
NO_TRANSACTION = "no_active_sql_transaction"
RESERVED = "reserved_name"
UNSUPPORTED = "feature_not_supported"

STATES = {
    "42601": SYNTAX,
    "42710": DUPLICATE_OBJECT,
    "42P07": DUPLICATE_TABLE,
    "42701": DUPLICATE_COLUMN,
    "42P06": DUPLICATE_SCHEMA,
    "42704": UNDEFINED_OBJECT,
    "42P01": UNDEFINED_TABLE,
    "42703": UNDEFINED_COLUMN,
    "3F000": NO_SCHEMA,
    "22023": BAD_VALUE,
    "22P02": BAD_TEXT,
    "42602": BAD_NAME,
    "23505": NOT_UNIQUE,
    "2BP01": IN_USE,
    "42809": WRONG_KIND,
    "42P16": BAD_TABLE,
    "P0001": RAISED,
    "25P02": ABORTED,
    "3B001": NO_SAVEPOINT,
    "25P01": NO_TRANSACTION,
    "42939": RESERVED,
    "0A000": UNSUPPORTED,
}
"""SQLSTATE → the condition's name (PostgreSQL manual, appendix A)."""

CLASSES = {
    "syntax_error_or_access_rule_violation": (
        SYNTAX, DUPLICATE_OBJECT, DUPLICATE_TABLE, DUPLICATE_COLUMN, DUPLICATE_SCHEMA, UNDEFINED_OBJECT,
        UNDEFINED_TABLE, UNDEFINED_COLUMN, BAD_NAME, WRONG_KIND, BAD_TABLE, RESERVED,
    ),
    "data_exception": (BAD_VALUE, BAD_TEXT),
    "integrity_constraint_violation": (NOT_UNIQUE,),
    "plpgsql_error": (RAISED,),
}  # fmt: skip
"""Condition that stands for a whole class → its conditions."""


class ServerError(Exception):
    """PostgreSQL would refuse the statement.

    code   the condition's name
    what   what is wrong, for people
    thing  the type or table that it is about, where there is one
    same   True where the refused statement would have led to the very state that is there
    """

    def __init__(self, code: str, what: str, thing: Thing | None = None, *, same: bool = False) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.thing = thing
        self.same = same

    def matches(self, condition: str) -> bool:
        """Whether a WHEN clause with this condition catches it."""
        return condition in (self.code, "others") or self.code in CLASSES.get(condition, ())
