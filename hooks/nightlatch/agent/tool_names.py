"""What the agents call their tools and their arguments. Names are compared in small letters, without `_` and `-`."""

from __future__ import annotations

SHELLS = frozenset(
    (
        "bash",
        "shell",
        "sh",
        "exec",
        "execcommand",
        "executebash",
        "executecommand",
        "localshell",
        "runcommand",
        "runinterminal",
        "runshellcommand",
        "runterminalcmd",
        "runterminalcommand",
        "shellcommand",
        "terminal",
    )
)
POWERSHELLS = frozenset(("powershell", "pwsh"))
READERS = frozenset(("read", "readfile", "view", "viewfile", "notebookread", "readnotebook", "opentextfile"))
READERS_OF_MANY = frozenset(("readmanyfiles", "readfiles", "readmultiplefiles"))
WRITERS = frozenset(("write", "writefile", "writetofile", "create", "createfile", "createnewfile", "tabwrite"))
EDITORS = frozenset(
    (
        "edit",
        "editfile",
        "multiedit",
        "strreplace",
        "searchreplace",
        "replace",
        "replacestringinfile",
        "multireplacestringinfile",
        "inserteditintofile",
        "notebookedit",
        "editnotebook",
        "editnotebookfile",
    )
)
EDITORS_WITH_COMMANDS = frozenset(("strreplaceeditor", "strreplacebasededittool", "texteditor"))
"""One tool for all that is done to files: its argument `command` says what."""

DELETERS = frozenset(("delete", "deletefile"))
PATCHERS = frozenset(("applypatch",))
SEARCHERS = frozenset(("grep", "grepsearch", "ripgrep", "rg", "searchfilecontent"))
LISTERS = frozenset(("glob", "ls", "list", "listdir", "listdirectory", "filesearch", "globfilesearch"))
PROSE = frozenset(
    (
        "agent",
        "askuserquestion",
        "bashoutput",
        "enterplanmode",
        "exitplanmode",
        "killbash",
        "killshell",
        "skill",
        "slashcommand",
        "task",
        "taskcreate",
        "taskoutput",
        "taskstop",
        "taskupdate",
        "todoread",
        "todowrite",
        "toolsearch",
        "updateplan",
        "websearch",
    )
)
"""Tools whose texts are for people and models: no argument is a file."""

SENT = frozenset(("agent", "task", "websearch"))
"""Those of them whose texts go to somebody else."""

TYPING = frozenset(("writestdin", "sendinput", "sendtoterminal", "writebash", "writepowershell"))
"""Tools that type into a program that runs."""

PATHS = (
    "file_path",
    "filePath",
    "path",
    "notebook_path",
    "target_file",
    "target_notebook",
    "file",
    "filename",
    "absolute_path",
    "target_directory",
    "dir_path",
    "directory",
)
"""The arguments of an agent's own tools that name the file, the likeliest first."""

OF_FOLDERS = ("target_directory", "dir_path", "directory")
"""Those of them that name a folder, beside a file."""

SEVERAL = ("attachments", "paths", "files", "file_paths", "filePaths")
GLOBS = ("include", "includes", "patterns", "globs")
FOLDERS = ("workdir", "working_directory", "workingDirectory", "cwd", "directory", "dir_path")
"""The arguments of a shell that name the folder in which a command starts."""

TYPED = ("chars", "input", "text", "data")
OLD = ("old_string", "old_str", "oldString", "oldText")
NEW = ("new_string", "new_str", "newString", "newText", "new_source", "code_edit", "code", "insert_text")
CONTENTS = ("content", "contents", "file_text", "text")
COMMANDS = ("command", "cmd", "commandLine", "command_line", "script", "chars")
PATCHES = ("command", "input", "patch")
FIRST_LINE = ("startLine", "start_line", "start_line_one_indexed", "start_line_number_base_one")
LAST_LINE = ("endLine", "end_line", "end_line_one_indexed_inclusive", "end_line_number_base_one")

# Tools of MCP servers and those that are not known: their names and arguments are words that say what they do.

WORDS_OF_PATHS = frozenset(
    (
        "path",
        "paths",
        "file",
        "files",
        "filename",
        "filenames",
        "filepath",
        "filepaths",
        "source",
        "destination",
        "src",
        "dst",
        "dest",
        "from",
        "to",
        "target",
        "targets",
        "directory",
        "directories",
        "dir",
        "dirs",
        "folder",
        "folders",
        "root",
        "uri",
        "url",
        "location",
        "input",
        "output",
        "attachment",
        "attachments",
    )
)
WORDS_OF_PROSE = frozenset(
    (
        "body",
        "title",
        "text",
        "message",
        "content",
        "contents",
        "description",
        "prompt",
        "query",
        "comment",
        "summary",
        "name",
        "label",
        "labels",
        "subject",
        "note",
        "notes",
        "reason",
        "question",
        "thought",
        "explanation",
    )
)
WORDS_OF_SQL = frozenset(("sql", "query", "queries", "statement", "statements", "migration", "ddl"))
WORDS_OF_SQL_ALONE = frozenset(("sql", "ddl"))
"""An argument of this name is SQL whatever the tool is called."""

WORDS_OF_REVISIONS = frozenset(("revision", "rev", "ref", "commit", "treeish", "object"))
CODES = ("code", "source", "python", "javascript", "js", "cell")
"""Arguments that hold code, of a tool that runs it."""

WORDS_OF_INTERPRETERS = frozenset(
    ("repl", "eval", "evaluate", "python", "ipython", "jupyter", "kernel", "interpreter", "sandbox", "notebook", "node")
)
WORDS_OF_JAVASCRIPT = frozenset(
    ("js", "javascript", "node", "typescript", "ts", "deno", "bun", "browser", "playwright", "puppeteer")
)
WORDS_OF_PYTHON = frozenset(("python", "py", "ipython", "jupyter", "kernel", "notebook"))
WORDS_OF_SEARCHING = frozenset(("search", "grep", "ripgrep", "rg"))
SEARCHED_FOR = ("pattern", "query", "regex", "substring_pattern", "search", "text")
NO_PATHS = (
    "name_path",
    "namePath",
    "name_path_pattern",
    "symbol_path",
    "key_path",
    "keyPath",
    "json_path",
    "jsonPath",
    "css_path",
    "memory_file_name",
    "memory_name",
)
"""Paths through something else than a file system, and names of what a server keeps by itself."""

REMOTES = frozenset(("github", "gitlab", "bitbucket", "gitea", "forgejo"))
"""Servers whose files lie in repositories on the network: no relative path that they write is one here."""

OWN_DATABASES = {"copilot": ("sql",)}
"""Tools that know no database but the one in which the agent keeps its own lists."""

WORDS_OF_DATABASES = frozenset(
    (
        "sql",
        "postgres",
        "postgresql",
        "pg",
        "mysql",
        "mariadb",
        "sqlite",
        "duckdb",
        "database",
        "db",
        "supabase",
        "neon",
        "snowflake",
        "bigquery",
        "clickhouse",
        "cockroach",
        "cockroachdb",
        "mssql",
        "sqlserver",
        "oracle",
        "redshift",
        "prisma",
        "drizzle",
        "planetscale",
        "turso",
        "libsql",
        "d1",
    )
)
WORDS_OF_SHELLS = frozenset(
    (
        "shell",
        "bash",
        "exec",
        "execute",
        "run",
        "command",
        "commander",
        "terminal",
        "process",
    )
)
WORDS_OF_WRITING = frozenset(
    (
        "write",
        "create",
        "edit",
        "update",
        "append",
        "save",
        "put",
        "replace",
        "insert",
        "patch",
        "delete",
        "remove",
        "rename",
        "move",
        "unlink",
        "truncate",
        "upload",
        "overwrite",
        "mkdir",
        "touch",
        "modify",
        "set",
    )
)
WORDS_OF_REMOVING = frozenset(
    (
        "delete",
        "remove",
        "unlink",
    )
)
WORDS_OF_MOVING = frozenset(
    (
        "move",
        "rename",
    )
)
WORDS_OF_COPYING = frozenset(
    (
        "copy",
        "duplicate",
    )
)
WORDS_OF_METADATA = frozenset(
    (
        "list",
        "tree",
        "info",
        "stat",
        "stats",
        "exists",
        "glob",
        "find",
        "search",
        "metadata",
    )
)


VERBS_OF_LOOKING = frozenset(
    ("get", "list", "read", "search", "find", "show", "view", "fetch", "describe", "count", "check", "explain")
)
FURTHER_VERBS = frozenset(
    ("add", "apply", "approve", "assign", "cancel", "click", "close", "comment", "commit", "deploy", "drop", "drag",
     "execute", "fill", "fork", "install", "kill", "merge", "post", "press", "publish", "push", "reopen", "reply",
     "restart", "run", "send", "start", "stop", "submit", "transfer", "trigger", "type", "uninstall")
)  # fmt: skip
"""What tools do beyond looking and writing files."""


def changes_something(tool: str) -> bool:
    """Whether the name of an MCP server's tool says that it does more than look: `mcp__x__create_issue`."""
    words = words_of(tool.rpartition("__")[2])
    if words[:1] and words[0] in VERBS_OF_LOOKING and "or" not in words:
        return False
    return not (WORDS_OF_WRITING | FURTHER_VERBS).isdisjoint(words)


def normal(name: str) -> str:
    """A tool's name for comparison."""
    return name.lower().replace("_", "").replace("-", "")


def words_of(name: str) -> list[str]:
    """The words of a name: `mcp__fs__readTextFile` is mcp, fs, read, text, file."""
    spaced = "".join(f" {letter}" if letter.isupper() else letter for letter in name)
    if name.isupper():
        spaced = name
    return "".join(letter if letter.isalnum() else " " for letter in spaced).lower().split()
