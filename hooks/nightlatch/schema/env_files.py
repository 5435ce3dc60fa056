"""The section of the hook `env-files`."""

from __future__ import annotations

from nightlatch.core.schema.containers import Map, OpenMap
from nightlatch.core.schema.node import Key
from nightlatch.core.schema.numbers import Integer
from nightlatch.core.schema.path_patterns import PathPatterns
from nightlatch.core.schema.texts import Choice, Form, Text

DIALECTS = ("dotenv", "node", "next", "vite", "compose", "docker-run", "bash")
FORMATS = ("url", "email", "uuid", "hex", "base64", "base64url", "jwt", "integer", "boolean")

ENVIRONMENTS = ("production", "staging", "development", "test")

_WORD = Form("a part of a file's name, such as `acceptance` of `.env.acceptance`", "[A-Za-z0-9]+")
_FILE = Form(
    "a path relative to the repository's root, with / and without ..", r"(?!/)(?!(?:.*/)?\.\.(?:/|$))[^\\:]*[^\\:\s/]"
)
_VARIABLE = Form("the name of an environment variable", "[A-Za-z_][A-Za-z0-9_]*")

KEY = Key(
    "env-files",
    Map(
        "Secret files, and what stands in `.env` files.",
        Key("dialect", Choice("Who reads the `.env` files: the readers differ in quoting and order.", DIALECTS)),
        Key(
            "required",
            OpenMap(
                "Variables that must be set.",
                _VARIABLE,
                Map(
                    "What the variable's value must be like.",
                    Key("min-length", Integer("The least number of characters.", 1, 100_000)),
                    Key("format", Choice("The form of the value.", FORMATS)),
                ),
            ),
        ),
        Key(
            "environments",
            OpenMap(
                "Words in the names of env files, and the environments that they stand for, beside the usual ones.",
                _WORD,
                Choice("An environment.", ENVIRONMENTS),
            ),
        ),
        Key(
            "ledger",
            Text("The file that says when secrets were last replaced: lines of `NAME,class,YYYY-MM-DD`.", _FILE),
            default=".nightlatch-rotation.csv",
        ),
        Key(
            "secret-files",
            PathPatterns(
                "Files that only their owner may read, beside those that are known by name. "
                "A pattern with `!` in front takes a file out."
            ),
        ),
        Key("secret-folders", PathPatterns("Folders that only their owner may enter (mode 700).")),
        Key("logs", PathPatterns("Logs and folders of logs: mode 640 at most for a file, 750 for a folder.")),
    ),
)
