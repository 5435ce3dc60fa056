"""The section of the hook `protected-files`: the policy that also answers coding agents."""

from __future__ import annotations

from nightlatch.core.schema.containers import ListOf, Map
from nightlatch.core.schema.node import Key
from nightlatch.core.schema.path_patterns import PathPatterns
from nightlatch.core.schema.texts import Choice, Form, Text

VERDICTS = ("allow", "ask", "deny")

_RULE_NAME = Form("a name of letters, digits, - and _", "[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def _verdict(doc: str) -> Choice:
    return Choice(doc, VERDICTS)


_RULE = Map(
    "One rule. What it doesn't name it doesn't touch.",
    Key("id", Text("The rule's name, for messages.", _RULE_NAME), required=True),
    Key(
        "paths",
        PathPatterns(
            "The files. `/` is the repository's root, `~/` the home folder, `//` the file system's root. "
            "The last pattern that fits wins.",
            least=1,
        ),
        required=True,
    ),
    Key("read", Choice("Reading the content. `whole`: not in parts.", ("whole", *VERDICTS))),
    Key("write", _verdict("Writing, moving and deleting.")),
    Key("metadata", _verdict("What doesn't show the content: listing, modes, sizes.")),
    Key("consume", _verdict("Handing the file to a program that doesn't show it (`--env-file`).")),
)

KEY = Key(
    "protected-files",
    Map(
        "What coding agents may read, write and run.",
        Key(
            "mode",
            Choice(
                "The ceiling over the session's own mode. `explore`: agents only look. `ask`: where the session asks "
                "nobody, removing files and running programs is asked about. `auto`: none.",
                ("explore", "ask", "auto"),
            ),
            default="auto",
        ),
        Key(
            "rules",
            ListOf(
                "Files with a rule of their own. Between rules the strictest wins. "
                "Built-in rules close the usual secret files until one of these says `read: deny`: "
                "then you have listed the closed files yourself, and the built-in list no longer counts.",
                _RULE,
                unique="id",
            ),
        ),
        Key("read-allowed", PathPatterns("Where agents may read. Empty: everywhere that no rule closes.")),
        Key("write-allowed", PathPatterns("Where agents may write. Empty: everywhere that no rule closes.")),
        Key("execute-allowed", PathPatterns("What agents may run, by place or by bare name. Empty: everything.")),
        Key(
            "sql",
            Map(
                "SQL that an agent runs.",
                Key("destructive", _verdict("What loses data: DROP, TRUNCATE, DELETE without WHERE."), default="deny"),
                Key("schema-change", _verdict("What changes tables and types."), default="ask"),
                Key("opaque", _verdict("What can't be seen from outside: a script, a procedure."), default="ask"),
            ),
        ),
        Key("hook-bypass", _verdict("Passing the hooks by, as with `git commit --no-verify`."), default="deny"),
        Key("credentials-on-stdout", _verdict("Commands that print a credential."), default="ask"),
        Key("unresolved-command", _verdict("Commands whose target can't be found out."), default="ask"),
        Key("secrets-in-content", _verdict("A secret in what is to be written."), default="deny"),
    ),
)
