"""The section of the hook `secrets`."""

from __future__ import annotations

from nightlatch.core.schema.containers import ListOf, Map
from nightlatch.core.schema.node import Key
from nightlatch.core.schema.numbers import Number
from nightlatch.core.schema.texts import NOT_BLANK, Form, Regex, RuleId, Text
from nightlatch.schema.general import CUSTOM_RULE_ID

_FILE_IN_THE_REPOSITORY = Form(
    "a path relative to the repository's root, with / and without ..",
    r"(?!/)(?!(?:[\s\S]*/)?\.\.(?:/|$))(?![A-Za-z]:)[^\\]*[^\\\s/]",
)

_CUSTOM_RULE = Map(
    "One rule.",
    Key("id", RuleId("The rule's id.", CUSTOM_RULE_ID), required=True),
    Key(
        "pattern",
        Regex(
            "What the secret looks like, for Python's `re` over bytes, with an end to every repeat and without "
            "look-around. A group named `secret` narrows the value down."
        ),
        required=True,
    ),
    Key(
        "keywords",
        ListOf(
            "Texts of which each match holds one, in any case: only lines with one are searched.",
            Text("A text of at least three characters.", NOT_BLANK),
            least=1,
        ),
        required=True,
    ),
    Key("entropy", Number("The least entropy of the value, in bits a character.", 0, 8)),
    Key("examples", ListOf("Values that the rule must find.", Text("A made-up value.", NOT_BLANK))),
)

KEY = Key(
    "secrets",
    Map(
        "Credentials in files, commits and the history.",
        Key(
            "detect-secrets-baseline",
            Text("A baseline of detect-secrets, honoured as it is.", _FILE_IN_THE_REPOSITORY),
        ),
        Key("custom-rules", ListOf("Rules of your own.", _CUSTOM_RULE, unique="id")),
    ),
)
