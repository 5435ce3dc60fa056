"""The verbs of SQL, by what they do where nothing else decides."""

from __future__ import annotations

from typing import Final

DESTRUCTIVE: Final = "destructive"
SCHEMA_CHANGE: Final = "schema-change"
OPAQUE: Final = "opaque"
WRITE: Final = "write"
READ: Final = "read"

VERBS: Final[dict[str, str]] = {
    "drop": DESTRUCTIVE, "truncate": DESTRUCTIVE, "flush": DESTRUCTIVE, "purge": DESTRUCTIVE, "detach": WRITE,
    "create": SCHEMA_CHANGE, "alter": SCHEMA_CHANGE, "grant": SCHEMA_CHANGE, "revoke": SCHEMA_CHANGE,
    "comment": SCHEMA_CHANGE, "rename": SCHEMA_CHANGE, "reassign": SCHEMA_CHANGE, "security": SCHEMA_CHANGE,
    "reindex": WRITE, "cluster": WRITE, "refresh": WRITE, "vacuum": WRITE, "optimize": WRITE, "import": SCHEMA_CHANGE,
    "insert": WRITE, "update": WRITE, "delete": WRITE, "merge": WRITE, "replace": WRITE, "copy": WRITE, "load": WRITE,
    "lock": WRITE, "unlock": WRITE, "attach": WRITE, "upsert": WRITE, "notify": WRITE, "analyze": WRITE,
    "do": OPAQUE, "execute": OPAQUE, "exec": OPAQUE, "call": OPAQUE, "prepare": OPAQUE, "declare": READ,
    "handler": READ, "eval": OPAQUE,
    "select": READ, "with": READ, "values": READ, "table": READ, "show": READ, "explain": READ, "describe": READ,
    "desc": READ, "fetch": READ, "move": READ, "close": READ, "begin": READ, "start": READ, "commit": READ, "end": READ,
    "rollback": READ, "abort": READ, "savepoint": READ, "release": READ, "set": READ, "reset": READ, "use": READ,
    "listen": READ, "unlisten": READ, "discard": READ, "checkpoint": READ, "pragma": READ, "go": READ, "print": READ,
    "deallocate": READ, "delimiter": READ, "help": READ, "status": READ, "summarize": READ, "from": READ, "if": OPAQUE,
    "install": WRITE, "export": READ, "kill": WRITE, "shutdown": DESTRUCTIVE, "restore": DESTRUCTIVE, "backup": READ,
    "exit": READ, "quit": READ, "source": OPAQUE, "tee": READ, "system": OPAQUE, "while": OPAQUE, "raise": READ,
}  # fmt: skip
"""First word of a statement → its kind."""

HARMLESS_META = frozenset(
    {"d", "dt", "du", "di", "dv", "df", "dn", "l", "list", "x", "timing", "pset", "echo", "q", "quit", "conninfo", "c",
     "connect", "encoding", "a", "t", "h", "help", "?", "p", "r", "g", "gx", "gset", "G", "set", "unset", "qecho",
     "warn", "if",
     "elif", "else", "endif", "errverbose", "s", "w", "z", "dp", "dd", "dx", "sf", "sv", "watch", "crosstabview",
     "prompt",
     "s+", "restrict", "unrestrict", "gdesc", "f", "html", "pager", "copyright", "u", "bind"}
)  # fmt: skip
"""psql's own commands that neither include a file nor run a program."""
