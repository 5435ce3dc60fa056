"""Two lists of labels, compared: set and case exactly, and the order where someone relies on it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.enum_parity.code_enum import CodeEnum, CodeLabel
    from nightlatch.enum_parity.database_enum import DatabaseEnum, Label

EXACT = "exact"
CODE_WITHIN_DB = "code-within-db"
DB_WITHIN_CODE = "db-within-code"
MODES = (EXACT, CODE_WITHIN_DB, DB_WITHIN_CODE)

EQUAL = "equal"
ORDER = "order"
DIFFERS = "differs"


class Difference:
    """How an enum of the code differs from one of the database.

    only_in_code, only_in_database  the labels, each with its place, as far as the mode minds
    is_other_order                  whether the labels are the same and their order is not
    """

    __slots__ = ("is_other_order", "only_in_code", "only_in_database")

    def __init__(self, code: CodeEnum, database: DatabaseEnum, mode: str = EXACT) -> None:
        in_code, in_database = set(code.texts), set(database.texts)
        self.only_in_code: list[CodeLabel] = []
        self.only_in_database: list[Label] = []
        if mode != DB_WITHIN_CODE:
            self.only_in_code = [label for label in code.labels if label.text not in in_database]
        if mode != CODE_WITHIN_DB:
            self.only_in_database = [label for label in database.labels if label.text not in in_code]
        common = [text for text in code.texts if text in in_database]
        self.is_other_order = common != [text for text in database.texts if text in in_code]

    @property
    def state(self) -> str:
        """`equal`, `order` or `differs`."""
        if self.only_in_code or self.only_in_database:
            return DIFFERS
        return ORDER if self.is_other_order else EQUAL
