"""Who may import whom: read from the sources, whether an import runs at the start, later, or for types alone."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nightlatch.registry import MODULES
from tests.support.repository import run

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
HOOKS = ROOT / "hooks"
PACKAGE = "nightlatch"

PARTS = {*(module.split(".")[1] for module in MODULES.values()), "core", "report", "schema", "agent"}
"""The folders of the package. What lies beside them is the command line."""

MAY_IMPORT = {
    "core": {"core"},
    "report": {"core", "report"},
    "schema": {"core", "schema"},
}
"""Part → the parts that it may import. A hook may import core and itself; the command line and the agents, all."""

THIRD_PARTY = {
    "detect_secrets": {"nightlatch.secrets.detect_secrets_plugin", "nightlatch.secrets.foreign_plugins"},
    "packaging": {"nightlatch.core.advisories.pep440"},
    "pg8000": {"nightlatch.enum_parity.live_postgres"},
    "rich": {"nightlatch.core.progress"},
    "tree_sitter": {
        "nightlatch.agent.shell.grammar",
        "nightlatch.enum_parity.typescript",
        "nightlatch.enum_parity.typescript_expressions",
        "nightlatch.enum_parity.typescript_nodes",
    },
    "tree_sitter_typescript": {"nightlatch.enum_parity.typescript"},
    "yaml": {"nightlatch.advisories.inputs", "nightlatch.core.config_yaml", "nightlatch.dependencies.yaml_document"},
}
"""Distribution's module → the modules that may import it."""

AT_START = "at the start"
LATER = "later"
FOR_TYPES = "for types"


@dataclass(frozen=True)
class Import:
    """One imported module, and when: at the start, later (inside a function, or by its name), or for types."""

    target: str
    when: str
    line: int
    wildcard: bool = False


@dataclass(frozen=True)
class Module:
    name: str
    path: Path
    tree: ast.Module
    imports: tuple[Import, ...]

    def says(self, found: Import) -> str:
        return f"{self.path.relative_to(ROOT)}:{found.line}: imports {found.target} ({found.when})"


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(HOOKS).with_suffix("").parts).removesuffix(".__init__")


PATHS = {module_name(path): path for path in sorted((HOOKS / PACKAGE).rglob("*.py"))}


def part_of(name: str) -> str:
    first = name.removeprefix(PACKAGE).lstrip(".").partition(".")[0]
    return first if first in PARTS else ""


def read(name: str, source: str, path: Path) -> Module:
    tree = ast.parse(source)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    return Module(name, path, tree, tuple(_imports(tree, package, AT_START)))


def _imports(node: ast.AST, package: str, when: str) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for name in child.names:
                yield Import(name.name, when, child.lineno)
        elif isinstance(child, ast.ImportFrom):
            yield from _imports_from(child, package, when)
        elif isinstance(child, ast.Constant) and isinstance(child.value, str):
            named = child.value.partition(":")[0].rstrip(".")
            if "." in named and named in PATHS:
                yield Import(named, LATER, child.lineno)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for statement in child.body:
                yield from _imports(ast.Module([statement], []), package, FOR_TYPES)
            yield from _imports(ast.Module(child.orelse, []), package, when)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, package, LATER if inside and when == AT_START else when)


def _imports_from(node: ast.ImportFrom, package: str, when: str) -> Iterator[Import]:
    """The modules that `from X import a, b` loads: X.a where that is a module, else X."""
    above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
    origin = ".".join([*above, *([node.module] if node.module else [])])
    for name in node.names:
        inner = f"{origin}.{name.name}"
        yield Import(inner if inner in PATHS else origin, when, node.lineno, wildcard=name.name == "*")


@cache
def modules() -> tuple[Module, ...]:
    return tuple(read(name, path.read_text(encoding="utf-8"), path) for name, path in PATHS.items())


def layer_faults(module: Module) -> list[str]:
    """What a module imports of the package and may not."""
    part = part_of(module.name)
    if part in ("", "agent"):
        wrong = [found for found in module.imports if found.when == AT_START and is_hook(part_of(found.target))]
    else:
        allowed = MAY_IMPORT.get(part, {part, "core"})
        wrong = [
            found
            for found in module.imports
            if found.target.startswith(PACKAGE + ".") and part_of(found.target) not in allowed
        ]
    return [module.says(found) for found in wrong]


def is_hook(part: str) -> bool:
    return part not in ("", "agent", *MAY_IMPORT)


def third_party_faults(module: Module) -> list[str]:
    return [
        module.says(found)
        for found in module.imports
        if (top := found.target.partition(".")[0]) not in (PACKAGE, *sys.stdlib_module_names)
        and module.name not in THIRD_PARTY.get(top, set())
    ]


def test_every_folder_has_a_place_in_the_house() -> None:
    folders = {path.name for path in (HOOKS / PACKAGE).iterdir() if (path / "__init__.py").exists()}
    assert folders <= PARTS | {"advisories", "baseline", "ci", "online"}  # the folders of commands


def test_who_may_import_whom() -> None:
    assert [fault for module in modules() for fault in layer_faults(module)] == []


def test_third_party_imports_stand_in_named_modules() -> None:
    assert [fault for module in modules() for fault in third_party_faults(module)] == []
    used = {(found.target.partition(".")[0], module.name) for module in modules() for found in module.imports}
    unused = [(name, place) for name, places in THIRD_PARTY.items() for place in places if (name, place) not in used]
    assert unused == []


def test_no_wildcards() -> None:
    assert [module.says(found) for module in modules() for found in module.imports if found.wildcard] == []


def test_no_cycles_at_import_time() -> None:
    graph = {
        module.name: {found.target for found in module.imports if found.when == AT_START and found.target in PATHS}
        - {module.name}
        for module in modules()
    }
    tuple(TopologicalSorter(graph).static_order())  # raises CycleError, which names the cycle


def test_annotations_are_never_evaluated() -> None:
    """Every module that defines a function or a class; tables of data have nothing to annotate."""
    defining = (ast.FunctionDef, ast.ClassDef)
    missing = [
        module.name
        for module in modules()
        if any(isinstance(node, defining) for node in module.tree.body)
        and not any(found.target == "__future__" for found in module.imports)
    ]
    assert missing == []


@pytest.mark.parametrize("folder", [".", "hooks", "docs", "bench", ".ci"])
def test_nothing_shadows_the_standard_library(folder: str) -> None:
    """These folders come first on sys.path, for tests and when a script in them is started."""
    names = {path.stem for path in (ROOT / folder).glob("*") if path.suffix == ".py" or path.is_dir()}
    assert not names & sys.stdlib_module_names


def test_no_way_to_start_with_python_m_alone() -> None:
    """`python -m` puts the scanned repository first on sys.path; the templates' module is started isolated."""
    assert [path.parent.name for path in HOOKS.rglob("__main__.py")] == ["ci"]
    outcome = run(sys.executable, "-m", "nightlatch.ci", "github", cwd=ROOT / "hooks")
    assert (outcome.code, "isolated" in outcome.err) == (2, True), outcome


FAULTY = {
    "a hook imports another": ("secrets.x", "import nightlatch.sql.hook"),
    "a hook imports a report": ("secrets.x", "def f():\n    from nightlatch.report import formats"),
    "a hook imports the command line": ("secrets.x", "from nightlatch import registry"),
    "a hook imports a report for types": ("secrets.x", "if TYPE_CHECKING:\n    import nightlatch.report.formats"),
    "a hook imports a report relatively": ("secrets.x", "from ..report import formats"),
    "core imports a report": ("core.x", "from nightlatch.report.formats import FORMATS"),
    "core imports the schema": ("core.x", "from nightlatch.schema import SCHEMA"),
    "core names a hook": ("core.x", "TABLE = {'a': 'nightlatch.secrets.hook:HOOK'}"),
    "a report imports the command line": ("report.x", "from nightlatch.cli import main"),
    "the schema imports a hook": ("schema.x", "import nightlatch.secrets.rules"),
    "the command line imports a hook at its start": ("cli", "import nightlatch.secrets.hook"),
    "third party": ("core.x", "try:\n    import requests\nexcept ImportError:\n    pass"),
    "yaml elsewhere": ("core.x", "def f():\n    import yaml"),
    "detect-secrets on the way of every commit": ("secrets.hook", "def f():\n    import detect_secrets.plugins.base"),
}


@pytest.mark.parametrize(("name", "source"), FAULTY.values(), ids=FAULTY)
def test_the_reader_sees_what_is_wrong(name: str, source: str) -> None:
    module = read(f"{PACKAGE}.{name}", source, HOOKS / PACKAGE / (name.replace(".", "/") + ".py"))
    assert layer_faults(module) or third_party_faults(module)


FAULTLESS = {
    "a hook imports core and itself": ("secrets.x", "from nightlatch.core import rule\nimport nightlatch.secrets.scan"),
    "the version": ("core.x", "from nightlatch import __version__"),
    "the command line imports a hook later": ("cli", "def f():\n    import nightlatch.secrets.hook"),
    "standard library": ("core.x", "import os.path\nfrom json import loads"),
    "yaml in its place": ("core.config_yaml", "import yaml"),
}


@pytest.mark.parametrize(("name", "source"), FAULTLESS.values(), ids=FAULTLESS)
def test_the_reader_lets_pass_what_is_right(name: str, source: str) -> None:
    module = read(f"{PACKAGE}.{name}", source, HOOKS / PACKAGE / (name.replace(".", "/") + ".py"))
    assert not layer_faults(module)
    assert not third_party_faults(module)
