"""The section of the hook `enum-parity`."""

from __future__ import annotations

from nightlatch.core.schema.containers import ListOf, Map
from nightlatch.core.schema.node import Key
from nightlatch.core.schema.texts import NOT_BLANK, Choice, Form, Text

_CODE = Form("a file and a name, such as src/roles.ts::UserRole", r"[\s\S]*[^\s:]::[^\s:]+")
_ORDERS = ("off", "warn", "strict")

KEY = Key(
    "enum-parity",
    Map(
        "Enums of the database and of the code.",
        Key(
            "pairs",
            ListOf(
                "Pairs that belong together and that the names don't show.",
                Map(
                    "One pair.",
                    Key(
                        "db",
                        Text("The enum's schema and name, or `table.column` for a CHECK.", NOT_BLANK),
                        required=True,
                    ),
                    Key("code", Text("The file, `::` and the enum's name there.", _CODE), required=True),
                    Key(
                        "mode",
                        Choice(
                            "`code-within-db`: the code may know fewer labels; `db-within-code`: the database may.",
                            ("exact", "code-within-db", "db-within-code"),
                        ),
                        default="exact",
                    ),
                    Key("order", Choice("As `order` below, for this pair.", _ORDERS)),
                ),
            ),
        ),
        Key(
            "order",
            Choice(
                "The same labels in another order: nothing, a warning or an error. A CHECK's list has no order.",
                _ORDERS,
            ),
            default="warn",
        ),
    ),
)
