"""The section of the hook `dependencies`."""

from __future__ import annotations

from nightlatch.core.schema.containers import ListOf, Map
from nightlatch.core.schema.node import Key
from nightlatch.core.schema.texts import NOT_BLANK, Choice, Date, Form, Text
from nightlatch.schema.general import reason

_ADVISORY = Form("the id of an advisory, such as CVE-2026-1234", "[A-Za-z][A-Za-z0-9]*(?:[-:._][A-Za-z0-9]+)+")

KEY = Key(
    "dependencies",
    Map(
        "Vulnerable and malicious packages, and the lockfiles.",
        Key(
            "advisories",
            Choice(
                "`required`: without advisory data the lockfiles count as unchecked. "
                "`if-present`: they are compared only where there is data.",
                ("required", "if-present"),
            ),
            default="required",
        ),
        Key(
            "fail-on",
            Choice("The severity of an advisory from which on it is an error.", ("low", "medium", "high", "critical")),
            default="high",
        ),
        Key(
            "ignore",
            ListOf(
                "Advisories that don't count here.",
                Map(
                    "One advisory.",
                    Key("id", Text("Its id, or one of its aliases.", _ADVISORY), required=True),
                    Key("package", Text("Only for this package.", NOT_BLANK)),
                    reason(),
                    Key("expires", Date("The last day on which the entry counts: needed, and at most 180 days ahead.")),
                ),
            ),
        ),
    ),
)
