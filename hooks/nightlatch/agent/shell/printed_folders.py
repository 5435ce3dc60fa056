"""Folders of their own that programs print when they are asked: `npm root`, `brew --prefix`, `module.__file__`.

What is read below them is a tool's or a package's. Where it may be the project's, its root stands for it.
"""

from __future__ import annotations

from nightlatch.agent.shell.values import Stream, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ast

    from nightlatch.agent.shell.call import Call

ELSEWHERE = "/usr/local/lib"
"""Stands for a folder of a tool: outside the project, and nothing in it is anybody's secret."""

_TOOL = "{tool}"
FOLDERS: dict[str, dict[tuple[str, ...], str]] = {
    "npm": {
        ("root",): "{root}/node_modules", ("root", "-g"): _TOOL, ("prefix",): "{root}", ("prefix", "-g"): _TOOL,
        ("bin",): "{root}/node_modules/.bin", ("config", "get", "cache"): _TOOL, ("config", "get", "prefix"): _TOOL,
        ("config", "get", "userconfig"): "{home}/.npmrc", ("config", "get", "globalconfig"): _TOOL,
    },
    "pnpm": {("root",): "{root}/node_modules", ("root", "-g"): _TOOL, ("store", "path"): _TOOL,
             ("store", "path", "--silent"): _TOOL, ("bin",): "{root}/node_modules/.bin"},
    "yarn": {("cache", "dir"): _TOOL, ("bin",): "{root}/node_modules/.bin", ("global", "dir"): _TOOL},
    "brew": {("--prefix",): _TOOL, ("--cellar",): _TOOL, ("--repository",): _TOOL, ("--cache",): _TOOL},
    "gem": {("env", "gemdir"): _TOOL, ("env", "home"): _TOOL}, "rustup": {("show", "home"): _TOOL},
    "poetry": {("env", "info", "--path"): "{root}/.venv", ("env", "info", "-p"): "{root}/.venv"},
    "uv": {("cache", "dir"): _TOOL, ("python", "dir"): _TOOL, ("tool", "dir"): _TOOL},
    "pip": {("cache", "dir"): _TOOL}, "conda": {("info", "--base"): _TOOL}, "xcode-select": {("-p",): _TOOL},
    "xcrun": {("--show-sdk-path",): _TOOL}, "python3-config": {("--prefix",): _TOOL},
    "pg_config": {("--bindir",): _TOOL},
}  # fmt: skip
"""Program → its words → what it prints."""


def told(call: Call) -> Stream | None:
    """The folder that a call prints; None where it prints something else."""
    table = FOLDERS.get(call.name)
    if table is None:
        return None
    words = tuple(word.text or "" for word in call.words)
    found = table.get(words) or (table.get(words[:1]) if call.name == "brew" else None)
    if found is None:
        return None
    place = {"{root}": call.place.root, "{home}": call.place.home, _TOOL: f"{ELSEWHERE}/{call.name}"}
    for mark, path in place.items():
        found = found.replace(mark, path)
    return Stream(Word(found + "\n"))


_PYTHON_CALLS = frozenset(
    {"os.path.dirname", "os.path.abspath", "os.path.realpath", "str", "Path", "pathlib.Path", "dirname"}
)
_PYTHON_FOLDERS = ("site.getsitepackages()", "sysconfig.get_path", "sys.prefix", "sys.base_prefix", "sys.executable")


def told_by_python(code: str) -> Stream | None:
    """`import x; print(x.__file__)`: a module's file, or its folder; None for any other code."""
    import ast

    try:
        body = ast.parse(code.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    last = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    if not all(isinstance(node, ast.Import | ast.ImportFrom) for node in body[:-1]):
        return None
    if not isinstance(last, ast.Call) or ast.unparse(last.func) != "print" or len(last.args) != 1 or last.keywords:
        return None
    shown = ast.unparse(last.args[0])
    if shown.startswith(_PYTHON_FOLDERS):
        return Stream(Word(f"{ELSEWHERE}/python\n"))
    return _module(last.args[0])


def _module(node: ast.expr) -> Stream | None:
    """What stands in `print(…)`, where nothing but a module's own file and the folders above it is named."""
    import ast

    depth, at = 0, node
    while True:
        if isinstance(at, ast.Call) and ast.unparse(at.func) in _PYTHON_CALLS and len(at.args) == 1:
            depth += ast.unparse(at.func).endswith("dirname")
            at = at.args[0]
        elif isinstance(at, ast.Attribute) and at.attr == "parent":
            depth += 1
            at = at.value
        elif isinstance(at, ast.Subscript) and ast.unparse(at.slice) == "0":
            at = at.value
        else:
            break
    if not isinstance(at, ast.Attribute) or at.attr not in ("__file__", "__path__"):
        return None
    name = ast.unparse(at.value).replace(".", "/")
    depth += at.attr == "__path__"
    path = f"{name}/__init__.py" if depth == 0 else name if depth == 1 else ""
    return Stream(Word(f"{ELSEWHERE}/python/{path}\n"))


def told_by_node(call: Call, code: str) -> Stream | None:
    """`console.log(require.resolve('x'))`: a package's file; None for any other code."""
    squeezed = "".join(code.split()).rstrip(";").replace('"', "'")
    start, end = "console.log(require.resolve('", "'))"
    name = squeezed[len(start) : -len(end)]
    if not squeezed.startswith(start) or not squeezed.endswith(end) or "'" in name or not name:
        return None
    path = name if name[:1] in "./" else f"{call.place.root}/node_modules/{name}"
    return Stream(Word(path + "\n"))
