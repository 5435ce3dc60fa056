"""The keys that belong to no hook."""

from __future__ import annotations

from nightlatch.core.schema.containers import ListOf, Map, OpenMap
from nightlatch.core.schema.node import Key
from nightlatch.core.schema.numbers import Integer, Size, Version
from nightlatch.core.schema.path_patterns import PathPattern, PathPatterns
from nightlatch.core.schema.texts import NOT_BLANK, Choice, Date, Form, Severity, Text

PREFIXES = {
    "secrets": "SEC",
    "env-files": "ENV",
    "enum-parity": "ENUM",
    "dependencies": "DEP",
    "protected-files": "PRO",
    "sql": "SQL",
    "containers": "CON",
    "prod-config": "CFG",
    "code-gates": "CODE",
    "posture": "POS",
}
"""Each hook, and what its rules' ids begin with."""

_PREFIX = f"(?:{'|'.join(PREFIXES.values())})"
_CUSTOM = f"(?!{_PREFIX}[0-9])[A-Z][A-Z0-9]{{1,15}}[0-9]{{3}}"  # SEC0011 is a slip, not an id of one's own

RULE_ID = Form("the id of a rule, such as SEC012 or, for one of your own, ACME001", f"{_PREFIX}[0-9]{{3}}|{_CUSTOM}")
CUSTOM_RULE_ID = Form(
    "an id of your own, such as ACME001: capitals and three digits, and not the prefix of a hook",
    _CUSTOM,
)


def rules(doc: str) -> OpenMap:
    """A map from rules to severities."""
    return OpenMap(doc, RULE_ID, Severity("`off` means that the rule isn't looked for."))


def expires() -> Key:
    """The key for the last day on which an exception counts."""
    return Key("expires", Date("The last day on which the entry counts. Without it, it counts for ever."))


def reason() -> Key:
    """The key without which no exception is made."""
    return Key("reason", Text("Why. Reports show it.", NOT_BLANK), required=True)


KEYS = (
    Key("version", Version("The version of this file's format.", (1,)), default=1),
    Key(
        "profile",
        Choice(
            "`strict` makes an error of something good that is absent; else it is a warning.", ("standard", "strict")
        ),
        default="standard",
    ),
    Key(
        "hooks",
        ListOf(
            "The hooks that `nightlatch run` runs. Without it: all that apply to the repository.",
            Choice("A hook.", tuple(PREFIXES)),
            least=1,
            distinct=True,
        ),
        default=None,
    ),
    Key("exclude", PathPatterns("Files that no hook looks at. They are counted as skipped.")),
    Key("rules", rules("The severity of rules, by id. Without it each rule has its own.")),
    Key(
        "overrides",
        ListOf(
            "Severities for a part of the tree. Of several entries that name a file and a rule, the last wins.",
            Map(
                "One part of the tree.",
                Key("paths", PathPatterns("The files.", least=1), required=True),
                Key("rules", rules("The severities there."), required=True),
            ),
        ),
    ),
    Key(
        "accept-unchecked",
        ListOf(
            "Files that can't be checked, and that are let through all the same.",
            Map(
                "One exception.",
                Key(
                    "path",
                    PathPattern(
                        "The file as the report names it, or a pattern. "
                        "`(advisories)` stands for the data on vulnerable packages."
                    ),
                    required=True,
                ),
                reason(),
                expires(),
            ),
        ),
    ),
)

_LOG_PLACE = Form(
    "`default`, or a path of the file system that begins with / or ~/ (on Windows with a drive)",
    r"default|(?:~?[/\\]|[A-Za-z]:[/\\])[\s\S]*\S[\s\S]*",
)

AUDIT_LOG = Key(
    "audit-log",
    Map(
        "The log of every decision about a coding agent's tool call.",
        Key(
            "path",
            Text(
                "The file, outside the repository. `default`: nightlatch's own, in the user's folder for state.",
                _LOG_PLACE,
            ),
            default="default",
        ),
        Key("max-size", Size("The size at which a new file is begun."), default="10M"),
        Key("files", Integer("How many files are kept.", 1, 1000), default=10),
        Key("days", Integer("For how many days they are kept.", 1, 36500), default=90),
    ),
)
