"""SQL that code on a command line hands to a database: which texts take data away, and who runs them.

A text alone is no deed: what prints, logs, writes, compares or parses it runs nothing.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.code import Finder

UNKNOWN_PART = "unknown_part"
"""Stands where a name or a value is put into a statement."""

_NAME = r"[\w.$\"`\[\]%{}?:]+"
_NAMES = rf"{_NAME}(?:\s*,\s*{_NAME})*"
_KINDS = (
    r"(?:(?:materialized|foreign|temporary|unique)\s+)?"
    r"(?:table|database|schema|view|index|sequence|type|function|procedure|trigger|role|user|extension|keyspace|column)"
)
_STATEMENT = re.compile(
    rf"\s*(?:drop\s+{_KINDS}\s+(?:concurrently\s+)?(?:if\s+exists\s+)?{_NAMES}(?:\s+(?:cascade|restrict|purge))*"
    rf"|truncate\s+(?:table\s+)?(?:only\s+)?{_NAMES}(?:\s+(?:restart|continue|identity|cascade|restrict))*"
    rf"|delete\s+from\s+(?:only\s+)?{_NAME}(?:\s+(?:as\s+)?\w+)?(?:\s+(?:where|using|returning|limit)\s[\s\S]*)?"
    rf"|update\s+(?:only\s+)?{_NAME}\s+set\s+{_NAME}\s*=[\s\S]*"
    rf"|alter\s+table\s+(?:if\s+exists\s+)?{_NAME}\s+drop\s[\s\S]*)\s*(?:;[\s\S]*)?",
    re.IGNORECASE,
)
_LONGEST = 20_000

RUNNERS = frozenset(
    {"execute", "executescript", "executemany", "execute_sql", "exec_driver_sql", "execute_batch", "executeupdate",
     "executequery", "executeraw", "executerawunsafe", "queryraw", "queryrawunsafe", "raw", "text", "sql", "query",
     "queryobject", "queryarray", "read_sql", "read_sql_query", "run", "run_sql", "runsql", "run_query", "exec", "do",
     "prepare", "unsafe", "batch", "fetch", "fetchrow", "fetchval", "fetch_all", "fetch_one", "command", "mysqli_query",
     "pg_query", "sqlite_query", "multi_query", "exec_query", "exec_update", "exec_delete", "exec_params",
     "simple_query", "batch_execute", "statement", "unprepared", "select_all", "selectall_arrayref", "$queryraw",
     "$executeraw"}
)  # fmt: skip
"""Functions, methods and tags of templates that hand a text to a database, in small letters."""

_ANY_TASK = frozenset({"run", "command", "do", "fetch", "exec", "batch", "text"})
"""Those of them that other things have too."""

_HARMLESS = (
    "print", "log", "puts", "put", "echo", "say", "warn", "info", "debug", "error", "critical", "fatal", "write",
    "append_text", "pprint", "p", "inspect", "dump", "stringify", "repr", "str", "len", "type", "json", "parse",
    "token", "lex", "lint", "format", "valid", "verify", "class", "is", "has", "test", "it", "describe", "check",
    "assert", "expect", "equal", "match", "search", "find", "sub", "gsub", "replace", "split", "strip", "count",
    "index", "starts", "ends", "includes", "include", "contain", "compile", "encode", "decode", "escape", "quote",
    "hash", "sha", "md5", "lower", "upper", "explain", "normalize", "fingerprint", "redact", "mask", "transpile",
    "raises", "return", "throw", "raise", "die", "case", "when", "in", "of", "if", "elsif", "else", "and", "or",
    "not", "typeof", "await", "yield", "import", "from", "export", "default", "add_argument", "prop", "rewrite",
)  # fmt: skip
"""What a function's name starts with, in small letters, or ends with after an underscore, that runs nothing."""


def report(callee: str, text: str, finder: Finder) -> None:
    """Say what it means that a text is handed to what has this name; nothing where it is no statement."""
    name = callee.rpartition(".")[2].lower()
    if finder.call.state.is_script or not name or not is_statement(text):
        return
    if name in RUNNERS and not (name in _ANY_TASK and _is_prose(text)):
        finder.sql(text)
    elif not _is_harmless(name) and not _is_prose(text) and _takes_data(text):
        finder.unresolved(text.strip(), f"SQL that takes data away, where {name} runs it")


def _is_harmless(name: str) -> bool:
    return name.startswith(_HARMLESS) or name.endswith(("error", "exception"))


def is_statement(text: str) -> bool:
    """Whether a text as a whole is a statement that may take data away, or begins with one and a semicolon."""
    return len(text) <= _LONGEST and _STATEMENT.fullmatch(text) is not None


def _takes_data(text: str) -> bool:
    from nightlatch.agent.sql import classify
    from nightlatch.agent.sql.verbs import DESTRUCTIVE

    return any(statement.kind == DESTRUCTIVE for statement in classify(text))


def _is_prose(text: str) -> bool:
    """`Delete from cart` is a label: whoever writes SQL writes its words in capitals or none."""
    first = text.split(None, 1)[0]
    return first[:1].isupper() and first[1:].islower()


WHOLE_TABLES: dict[str, tuple[str, ...]] = {
    "python": (
        r"(?<=\w)\.drop_all\(", r"\.objects(?:\.all\(\))?\.delete\(\)", r"(?<=\w)\.drop_database\(",
        r"(?<=\w)\.drop_tables?\(",
    ),
    "ruby": (
        r"\b[A-Z]\w*(?:\.all|\.unscoped)?\.(?:delete_all|destroy_all)\b",
        r"\b(?:drop_table|drop_database)\b[\s(:]",
    ),
    "javascript": (
        r"(?<=\w)\.deleteMany\((?:\{\})?\)", r"\)\.(?:truncate|del|delete)\(\)", r"\.schema\.drop\w+\(",
        r"\.sync\(\{force:true", r"\.destroy\(\{(?:truncate:true|where:\{\})", r"\.dropDatabase\(", r"\.dropSchema\(",
    ),
}  # fmt: skip
"""Language → patterns of its code, without blanks, that takes away all rows of a table, or tables."""


def report_whole_tables(text: str, language: str, finder: Finder) -> None:
    """Say so where code on the command line takes tables away by the methods of an object mapper."""
    if finder.call.state.is_script:
        return
    squeezed = text if language == "ruby" else "".join(text.split())
    for pattern in WHOLE_TABLES.get(language, ()):
        found = re.search(pattern, squeezed)
        if found is not None:
            what = "".join(letter for letter in found[0] if letter.isalnum() or letter in "_.").strip(".")
            finder.call.sql(f"DROP DATABASE {what.replace('.', '_') or 'all'}", f"{finder.call.name}: {what}")
