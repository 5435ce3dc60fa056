"""Python code, by its syntax tree: the files that it opens, where their names are written or put together plainly."""

from __future__ import annotations

import ast

from nightlatch.agent.shell.python_walks import Walks
from nightlatch.agent.shell.secret_names import is_credential
from nightlatch.agent.shell.sql_in_code import UNKNOWN_PART, report, report_whole_tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.agent.shell.code import Finder

    Values = list[str]

_READS = frozenset(
    {"linecache.getlines", "linecache.getline", "fileinput.input", "json.load_path", "dotenv_values",
    "dotenv.dotenv_values",
     "pd.read_csv", "pandas.read_csv", "pd.read_json", "np.loadtxt", "np.genfromtxt", "configparser.read",
     "tokenize.open", "runpy.run_path", "mmap.open"}
)  # fmt: skip
_IMPORTS = frozenset({"__import__", "importlib.import_module", "import_module"})
_FETCHES = frozenset({"urllib.request.urlopen", "urlopen", "urllib.request.urlretrieve", "urlretrieve"})
_HANDS = frozenset({"load_dotenv", "dotenv.load_dotenv"})
_REMOVES = frozenset({"os.remove", "os.unlink", "os.rmdir", "shutil.rmtree", "os.truncate"})
_COPIES = frozenset(
    {"shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree", "os.link", "os.symlink",
    "shutil.make_archive_"}
)  # fmt: skip
_MOVES = frozenset({"os.rename", "os.replace", "shutil.move", "os.renames"})
_SHELLS = frozenset(
    {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "commands.getoutput"}
)
_PROGRAMS = frozenset(
    {"subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen",
     "run", "check_output", "check_call", "Popen", "asyncio.create_subprocess_shell"}
)  # fmt: skip
_PATHS = frozenset({"Path", "pathlib.Path", "PurePath", "pathlib.PurePath", "PosixPath", "pathlib.PosixPath"})
_SAME = frozenset(
    {"str", "os.path.abspath", "os.path.realpath", "os.path.normpath", "os.fspath", "os.fsencode", "os.fsdecode"}
)
MOST_VALUES = 500


def find(text: str, finder: Finder) -> None:
    """Report what the code does. Code that Python can't read, and that opens something, is unresolved."""
    try:
        tree = _parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        for line in text.splitlines():
            if line.lstrip().startswith("!"):
                finder.shell(line.lstrip()[1:], line)  # IPython's way to run a command
        if any(name in text for name in ("open", "read", "Path", "system", "subprocess")):
            finder.unresolved(text, "code that can't be read as Python")
        return
    report_whole_tables(text, "python", finder)
    finder.takes_part = not finder.call.state.is_script and _takes_part(tree)
    try:
        _Reader(finder).visit(tree)
    except RecursionError:
        finder.unresolved(text, "code that is nested too deeply")


def _parsed(text: str) -> ast.Module:
    """The syntax tree. What Python would warn of is for whoever runs the code. Raises as ast.parse does."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


class _Reader(ast.NodeVisitor):
    """Goes through the code in the order in which it stands."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.known: dict[str, Values] = {}
        self.modules: dict[str, str] = {}
        self.walks = Walks(self)
        self.loaded: list[str] = []

    # names

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.asname:
                self.modules[alias.asname] = alias.name

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self.modules[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self._bind(target, self.values(node.value))
            self.walks.bind(target, node.value)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self._bind(node.target, self.values(node.value))

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.iter)
        self._bind(node.target, self.values(node.iter))
        outer = dict(self.walks.bound)
        self.walks.bind(node.target, node.iter)
        for statement in (*node.body, *node.orelse):
            self.visit(statement)
        self.walks.bound = outer | {name: walk for name, walk in self.walks.bound.items() if name not in outer}

    def visit_If(self, node: ast.If) -> None:
        """Behind `if not name.endswith('.py'): continue` the name has that ending."""
        self.visit(node.test)
        outer, known = dict(self.walks.bound), self._narrow(node.test, holds=True)
        for statement in node.body:
            self.visit(statement)
        self.walks.bound = outer | {name: walk for name, walk in self.walks.bound.items() if name not in outer}
        self.known |= known
        for statement in node.orelse:
            self.visit(statement)
        if all(isinstance(statement, ast.Continue | ast.Break | ast.Return) for statement in node.body):
            self._narrow(node.test, holds=False)

    def _narrow(self, test: ast.expr, *, holds: bool) -> dict[str, Values]:
        """Leave out what a condition leaves out; gives the values as they were."""
        before: dict[str, Values] = {}
        for name, endings in self.walks.narrow(test, holds=holds).items():
            if name in self.known:
                before[name] = self.known[name]
                self.known[name] = [value for value in self.known[name] if value.endswith(endings)]
        return before

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self.visit(node.iter)
        self._bind(node.target, self.values(node.iter))
        self.walks.bind(node.target, node.iter)
        for condition in node.ifs:
            self.visit(condition)
            self._narrow(condition, holds=True)

    def _comprehended(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        for generator in node.generators:
            self.visit(generator)
        for part in ast.iter_child_nodes(node):
            if not isinstance(part, ast.comprehension):
                self.visit(part)

    visit_ListComp = _comprehended  # noqa: N815 - ast's names, here and below
    visit_SetComp = _comprehended  # noqa: N815 - `ast` calls it so
    visit_GeneratorExp = _comprehended  # noqa: N815 - `ast` calls it so
    visit_DictComp = _comprehended  # noqa: N815 - `ast` calls it so

    def _bind(self, target: ast.expr, values: Values | None) -> None:
        if isinstance(target, ast.Name):
            if values is None:
                self.known.pop(target.id, None)
            else:
                self.known[target.id] = values

    # values

    def values(self, node: ast.expr | None) -> Values | None:  # noqa: PLR0911 - one form after the other
        """The texts that an expression can be; of a list its items. None where nobody knows."""
        if isinstance(node, ast.Constant):
            if isinstance(node.value, bytes):
                return [node.value.decode("utf-8", "surrogateescape")]
            return [str(node.value)] if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            return self.known.get(node.id)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return self._all(node.elts)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Div):
            mark = "/" if isinstance(node.op, ast.Div) else ""
            return self._crossed([node.left, node.right], mark)
        if isinstance(node, ast.JoinedStr):
            return self._crossed(
                [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values], ""
            )
        if isinstance(node, ast.IfExp):
            return self._all([node.body, node.orelse])
        if isinstance(node, ast.Call):
            return self._called(node)
        if isinstance(node, ast.Subscript):
            return self._item(node)
        return None

    def _all(self, nodes: list[ast.expr]) -> Values | None:
        found: Values = []
        for node in nodes:
            values = self.values(node)
            if values is None:
                return None
            found += values
        return found

    def _crossed(self, nodes: list[ast.expr], mark: str) -> Values | None:
        found = [""]
        for number, node in enumerate(nodes):
            values = self.values(node)
            if values is None or len(found) * len(values) > MOST_VALUES:
                return None
            found = [before + (mark if number else "") + value for before in found for value in values]
        return found

    def _item(self, node: ast.Subscript) -> Values | None:
        if ast.unparse(node.value) == "sys.argv" and isinstance(node.slice, ast.Constant):
            number = node.slice.value
            words = self.finder.arguments
            if isinstance(number, int) and 0 < number <= len(words) and words[number - 1].text is not None:
                return [words[number - 1].text or ""]
        if ast.unparse(node) == "sys.argv[1:]":
            texts = [word.text for word in self.finder.arguments]
            return None if None in texts else [text for text in texts if text is not None]
        if (
            isinstance(node.slice, ast.Slice)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            step = node.slice.step
            if (
                isinstance(step, ast.UnaryOp)
                and ast.unparse(step) == "-1"
                and node.slice.lower is node.slice.upper is None
            ):
                return [node.value.value[::-1]]
        return self.values(node.value) if isinstance(node.slice, ast.Constant) else None

    def _called(self, node: ast.Call) -> Values | None:  # noqa: PLR0911 - one form after the other
        name = self.name(node.func)
        if name in _PATHS and not node.args:
            return ["."]
        if name in _PATHS or name in ("os.path.join", "posixpath.join"):
            return self._crossed(list(node.args), "/")
        if name in _SAME and node.args:
            return self.values(node.args[0])
        if name in ("os.path.expanduser", "os.path.expandvars") and node.args:
            return self._at_home(self.values(node.args[0]))
        if name in ("Path.home", "pathlib.Path.home"):
            return [self.finder.call.place.home]
        if name in ("os.getcwd", "Path.cwd", "pathlib.Path.cwd"):
            return ["."]
        if (
            name == "chr"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, int)
        ):
            return [chr(node.args[0].value)]
        if name in ("base64.b64decode", "b64decode", "bytes.fromhex", "codecs.decode", "binascii.unhexlify"):
            return self._decoded(name, node)
        if name in ("glob.glob", "glob.iglob", "glob", "os.listdir", "os.walk", "sorted", "reversed", "list", "set"):
            return self._names(name, node)
        return self._method(node)

    def _at_home(self, values: Values | None) -> Values | None:
        home = self.finder.call.place.home
        if values is None:
            return None
        return [home + value[1:] if value.startswith("~") else value.replace("$HOME", home) for value in values]

    def _decoded(self, name: str, node: ast.Call) -> Values | None:
        import binascii

        values = self.values(node.args[0]) if node.args else None
        if values is None:
            return None
        decode = binascii.a2b_base64 if "64" in name else binascii.unhexlify
        try:
            return [decode(value.encode()).decode("utf-8", "replace") for value in values]
        except (ValueError, UnicodeError):
            return None

    def _names(self, name: str, node: ast.Call) -> Values | None:
        if name in ("sorted", "reversed", "list", "set"):
            return self.values(node.args[0]) if node.args else None
        patterns = self.values(node.args[0]) if node.args else None
        if patterns is None or "glob" not in name:
            return None
        return self._matching(patterns)

    def _matching(self, patterns: Values) -> Values | None:
        from nightlatch.agent.shell.folders import matching

        call = self.finder.call
        found: Values = []
        for pattern in patterns:
            names = matching(call.place, call.state.folders[0] or call.shell.folder, pattern)
            if names is None:
                return None
            found += names
        return found

    def _method(self, node: ast.Call) -> Values | None:  # noqa: C901, PLR0911 - one form after the other
        if not isinstance(node.func, ast.Attribute):
            return None
        method = node.func.attr
        if method in ("rglob", "glob") and node.args:
            bases, patterns = self.values(node.func.value), self.values(node.args[0])
            if bases is None or patterns is None:
                return None
            middle = "/**/" if method == "rglob" else "/"
            return self._matching([base + middle + pattern for base in bases for pattern in patterns])
        inner = self.values(node.func.value)
        if inner is None:
            return None
        if method == "join" and node.args and isinstance(node.args[0], ast.List | ast.Tuple) and len(inner) == 1:
            return self._crossed(list(node.args[0].elts), inner[0])
        if method == "joinpath":
            return self._crossed([node.func.value, *node.args], "/")
        if method == "expanduser":
            return self._at_home(inner)
        if method in ("decode", "encode", "strip", "resolve", "absolute", "as_posix", "rstrip", "split", "splitlines"):
            return [part for value in inner for part in value.split()] if method.startswith("split") else inner
        if method == "lower":
            return [value.lower() for value in inner]
        if method == "replace" and len(node.args) > 1:
            old, new = self.values(node.args[0]), self.values(node.args[1])
            return [value.replace(old[0], new[0]) for value in inner] if old and new else None
        return None

    def name(self, node: ast.expr) -> str:
        """The dotted name of what is called, through the imports; empty where it has none."""
        if isinstance(node, ast.Name):
            return self.modules.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            inner = self.name(node.value)
            return f"{inner}.{node.attr}" if inner else ""
        if isinstance(node, ast.Call) and self.name(node.func) in _IMPORTS and node.args:
            return str(getattr(node.args[0], "value", ""))
        return ""

    # calls

    def visit_Call(self, node: ast.Call) -> None:
        name = self.name(node.func)
        self._known_call(name, node)
        if isinstance(node.func, ast.Attribute):
            self._path_method(node.func, node)
        self._statements(node)
        self.generic_visit(node)

    def _statements(self, node: ast.Call) -> None:
        """Texts that are handed over and may be SQL."""
        if self.name(node.func) in _PROGRAMS | _SHELLS:
            return
        callee = node.func.id if isinstance(node.func, ast.Name) else _last_name(node.func)
        callee = self.modules.get(callee, callee) if isinstance(node.func, ast.Name) else callee
        for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
            if isinstance(argument, ast.List | ast.Tuple | ast.Set):
                continue
            for text in self.values(argument) or self._filled(argument):
                report(callee, text, self.finder)

    def _filled(self, node: ast.expr) -> Values:
        """A text with its unknown parts marked: `f"DROP TABLE {name}"`, `"…%s" % name`, `"…{}".format(name)`."""
        if isinstance(node, ast.JoinedStr):
            return [
                "".join(str(part.value) if isinstance(part, ast.Constant) else UNKNOWN_PART for part in node.values)
            ]
        if isinstance(node, ast.BinOp):
            left = (self.values(node.left) or self._filled(node.left)) if isinstance(node.op, ast.Mod | ast.Add) else []
            return [text + UNKNOWN_PART for text in left] if isinstance(node.op, ast.Add) else left
        if isinstance(node, ast.Call) and _last_name(node.func) == "format" and isinstance(node.func, ast.Attribute):
            return self.values(node.func.value) or []
        return []

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if self.name(node) in ("os.environ", "os.environb"):
            self.finder.environment("os.environ", is_printed=False)
        self.generic_visit(node)

    def _known_call(self, name: str, node: ast.Call) -> None:
        first = node.args[0] if node.args else _keyword(node, "file", "path", "filename", "src", "args", "dotenv_path")
        act = next((act for names, act in _ACTS if name in names), None)
        if act is not None:
            act(self, name, first, node)
        elif name.startswith(("os.exec", "os.spawn")):
            self.follow_program(name, first, node)
        elif _last_name(node.func) in _EXECUTING and first is not None:
            for text in self.values(first) or []:
                self.finder.sql(text)

    def follow_read(self, name: str, first: ast.expr | None, node: ast.Call) -> None:
        del name
        self._each(first, _source(node), self.finder.read)

    def follow_fetch(self, name: str, first: ast.expr | None, node: ast.Call) -> None:
        """`urlopen('file:///…')`."""
        del name
        for address in self.values(first) or []:
            if address.startswith("file:"):
                self.finder.read("/" + address.removeprefix("file:").lstrip("/"), _source(node))

    def follow_hand(self, name: str, first: ast.expr | None, node: ast.Call) -> None:
        """`load_dotenv()`: `.env` where no file is named."""
        del name, node
        for path in (self.values(first) if first is not None else [".env"]) or []:
            self.finder.hand_over(path)
            self.loaded.append(path)

    def follow_remove(self, name: str, first: ast.expr | None, node: ast.Call) -> None:
        del name
        self._each(first, _source(node), lambda path, code: self.finder.write(path, code, is_removal=True))

    def follow_shell(self, name: str, first: ast.expr | None, node: ast.Call) -> None:
        del name
        self._each(first, _source(node), self.finder.shell)

    def follow_evaluate(self, name: str, first: ast.expr | None, node: ast.Call) -> None:
        del name
        self._evaluated(first, _source(node))

    def follow_print(self, name: str, first: ast.expr | None, node: ast.Call) -> None:
        del name, first
        for argument in node.args:
            if self._is_environment(argument):
                self._shown("os.environ", is_secret=True)
            for variable in self._variables(argument):
                self._shown(f"os.environ['{variable}']", is_secret=is_credential(variable))

    def _shown(self, source: str, *, is_secret: bool) -> None:
        """The environment, or a variable of it, is printed; what was loaded into it is."""
        for path in self.loaded:
            self.finder.read(path, source)
        if is_secret:
            self.finder.call.shows_credentials(source)

    def _variables(self, node: ast.expr) -> list[str]:
        """The variables of the environment whose values a printed expression has: alone, joined, in an f-string."""
        if isinstance(node, ast.JoinedStr):
            return [name for part in node.values if isinstance(part, ast.FormattedValue)
                    for name in self._variables(part.value)]  # fmt: skip
        if isinstance(node, ast.BinOp):
            return [*self._variables(node.left), *self._variables(node.right)]
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript):
            key = node.slice if self.name(node.value) == "os.environ" else None
            if key is None:
                return self._variables(node.value)  # `os.environ['X'][:4]`
        elif isinstance(node, ast.Call) and self.name(node.func) in _LOOKING_UP and node.args:
            key = node.args[0]
        return [key.value] if isinstance(key, ast.Constant) and isinstance(key.value, str) else []

    def follow_look_up(self, name: str, first: ast.expr | None, node: ast.Call) -> None:
        del name, first, node
        self.finder.environment("os.getenv", is_printed=False)

    def _is_environment(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Call) and node.args:
            return self._is_environment(node.args[0]) and self.name(node.func) in ("dict", "str", "repr", "json.dumps")
        return self.name(node) == "os.environ"

    def _evaluated(self, node: ast.expr | None, source: str) -> None:
        values = self.values(node)
        if values is None:
            if isinstance(node, ast.Call) and self.name(node.func) == "compile" and node.args:
                self._evaluated(node.args[0], source)
                return
            if not (isinstance(node, ast.Call) and _reads_file(node)):
                self.finder.unresolved(source, "the code that python evaluates")
            return
        for value in values:
            find(value, self.finder)

    def _each(self, node: ast.expr | None, source: str, act: Callable[[str | None, str], None]) -> None:
        values = self.values(node)
        walk = self.walks.of(node) if values is None else []
        if walk and act == self.finder.read:
            for folder, pattern in walk:
                self.finder.search(folder, pattern)
            return
        if walk and all("." in pattern for _, pattern in walk):
            values = [f"{folder}/{pattern}" for folder, pattern in walk]  # an ending, which no guard file has
        for value in values if values is not None else [None]:
            act(value, source)

    def follow_open(self, name: str, first: ast.expr | None, node: ast.Call) -> None:
        del name
        source = _source(node)
        mode_node = node.args[1] if len(node.args) > 1 else _keyword(node, "mode")
        modes = self.values(mode_node) if mode_node is not None else ["r"]
        if isinstance(first, ast.Constant) and isinstance(first.value, int):
            return  # a descriptor
        mode = modes[0] if modes else ast.unparse(mode_node) if mode_node is not None else "r"
        if any(letter in mode for letter in "wax+") or "O_W" in mode or "O_RDWR" in mode or "O_CREAT" in mode:
            self._each(first, source, self.finder.write)
        if not any(letter in mode for letter in "wax") or "+" in mode or "O_RDONLY" in mode:
            self._each(first, source, self.finder.read)

    def follow_two(self, name: str, first: ast.expr | None, node: ast.Call) -> None:
        second = node.args[1] if len(node.args) > 1 else _keyword(node, "dst")
        source = _source(node)
        self._each(first, source, self.finder.read)
        if name in _MOVES:
            self._each(first, source, lambda path, code: self.finder.write(path, code, is_removal=True))
        self._each(second, source, self.finder.write)

    def follow_program(self, name: str, first: ast.expr | None, node: ast.Call) -> None:
        source = _source(node)
        shell = _keyword(node, "shell")
        is_shell = (isinstance(shell, ast.Constant) and bool(shell.value)) or name.endswith("_shell")
        if name in ("run", "check_output", "check_call", "Popen") and name not in self.modules:
            return
        if isinstance(first, ast.List | ast.Tuple):
            words = [values[0] if (values := self.values(item)) and len(values) == 1 else None for item in first.elts]
            if is_shell:
                self.finder.shell(words[0] if words else None, source)
            else:
                self.finder.command(words, source)
            return
        values = self.values(first)
        if name.startswith(("os.exec", "os.spawn")):
            self.finder.command([*values] if values else [None], source)
            return
        for value in values if values is not None else [None]:
            self.finder.shell(value, source)

    def _path_method(self, function: ast.Attribute, node: ast.Call) -> None:
        """`Path('x').read_text()` and its like; `open('x').write('…')` brings the content along."""
        method = function.attr
        source = ast.unparse(node)[:60]
        if method in ("read_text", "read_bytes") or (method == "open" and self._is_path(function.value)):
            mode = (self.values(node.args[0]) if node.args else None) or ["r"]
            if any(letter in mode[0] for letter in "wax+") and method == "open":
                self._each(function.value, source, self.finder.write)
            else:
                self._each(function.value, source, self.finder.read)
        elif method in ("write_text", "write_bytes", "touch") and self._is_path(
            function.value, strict=method == "touch"
        ):
            content = self.values(node.args[0]) if node.args else None
            text = content[0] if content else None
            self._each(function.value, source, lambda path, code: self.finder.write(path, code, text))
        elif method in ("unlink", "rmdir") and self._is_path(function.value):
            self._each(function.value, source, lambda path, code: self.finder.write(path, code, is_removal=True))
        elif method in ("rename", "replace") and self._is_path(function.value, strict=True):
            self._each(function.value, source, self.finder.read)
            self._each(node.args[0] if node.args else None, source, self.finder.write)
        elif method == "write" and isinstance(function.value, ast.Call) and function.value.args:
            content = self.values(node.args[0]) if node.args else None
            if self.name(function.value.func) in ("open", "io.open") and content:
                self._each(function.value.args[0], source, lambda path, code: self.finder.write(path, code, content[0]))

    def _is_path(self, node: ast.expr, *, strict: bool = False) -> bool:
        if isinstance(node, ast.Call):
            return self.name(node.func) in _PATHS
        if isinstance(node, ast.BinOp):
            return isinstance(node.op, ast.Div)
        return isinstance(node, ast.Name) and (node.id in self.known if strict else node.id not in self.modules)


_OPENS = frozenset({"open", "io.open", "codecs.open", "gzip.open", "builtins.open", "os.open", "bz2.open"})
_LOOKING_UP = frozenset({"os.getenv", "getenv", "os.environ.get", "environ.get"})
_PRINTS = frozenset({"print", "pprint.pprint", "pprint", "sys.stdout.write", "json.dumps"})
_EXECUTING = frozenset({"execute", "executescript", "executemany", "raw"})
"""Methods of a database's cursor."""
_ACTS: tuple[tuple[frozenset[str], Callable[[_Reader, str, ast.expr | None, ast.Call], None]], ...] = (
    (_OPENS, _Reader.follow_open), (_READS, _Reader.follow_read), (_FETCHES, _Reader.follow_fetch),
    (_HANDS, _Reader.follow_hand), (_REMOVES, _Reader.follow_remove), (_COPIES | _MOVES, _Reader.follow_two),
    (_SHELLS, _Reader.follow_shell), (_PROGRAMS, _Reader.follow_program), (_PRINTS, _Reader.follow_print),
    (frozenset({"exec", "eval"}), _Reader.follow_evaluate),
    (frozenset({"os.getenv", "getenv"}), _Reader.follow_look_up),
)  # fmt: skip
"""Functions by their dotted names, and what follows a call of them."""


_KEEPING = frozenset(
    {"read", "readlines", "splitlines", "split", "decode", "strip", "rstrip", "readline", "list", "iter", "enumerate"}
)
"""Methods and functions that give what they get of a file's content, or its lines."""


def _takes_part(tree: ast.AST) -> bool:
    """Whether some of a file's lines or characters are taken out of what was read: `open(x).readlines()[:20]`."""
    held: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and _is_content(node.value, held):
            held |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            held |= {node.optional_vars.id} if _is_content(node.context_expr, held) else set()
    return any(_is_part(node, held) for node in ast.walk(tree))


def _is_part(node: ast.AST, held: set[str]) -> bool:
    if isinstance(node, ast.Subscript):
        return _is_content(node.value, held)
    if not isinstance(node, ast.Call):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else _last_name(node.func)
    if name == "readline" or (name == "read" and node.args):
        return isinstance(node.func, ast.Attribute) and _is_content(node.func.value, held)
    return name in ("islice", "next") and bool(node.args) and _is_content(node.args[0], held)


def _is_content(node: ast.expr, held: set[str]) -> bool:
    """Whether an expression is a file that is open, or what stands in it."""
    if isinstance(node, ast.Name):
        return node.id in held
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):
        if node.func.attr in ("open", "read_text", "read_bytes"):
            return True
        return node.func.attr in _KEEPING and _is_content(node.func.value, held)
    if isinstance(node.func, ast.Name):
        return node.func.id == "open" or (
            node.func.id in _KEEPING and bool(node.args) and _is_content(node.args[0], held)
        )
    return False


def _reads_file(node: ast.Call) -> bool:
    """`exec(open('x').read())`: what it evaluates is a file that is reported as read anyway."""
    return isinstance(node.func, ast.Attribute) and node.func.attr in ("read", "read_text")


def _source(node: ast.Call) -> str:
    """A call as it is written, for a reason."""
    return ast.unparse(node)[:60]


def _keyword(node: ast.Call, *names: str) -> ast.expr | None:
    return next((keyword.value for keyword in node.keywords if keyword.arg in names), None)


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""
