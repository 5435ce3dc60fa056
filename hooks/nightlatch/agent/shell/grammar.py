"""tree-sitter's grammar of bash: loaded when a command has to be parsed, and only then.

The packages' own `__init__` modules import much that parsing doesn't need (importlib.resources, typing): twice the
time of all the rest. So their extension modules are loaded by themselves, under the names they have anyway.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from tree_sitter import Node as Node  # noqa: PLC0414 - the package's other modules take the name from here


def parse(source: bytes) -> Node:
    """The root node of a script's tree. Raises ImportError where the grammar isn't installed."""
    parser = _binding("tree_sitter")
    tree = parser.Parser(parser.Language(_binding("tree_sitter_bash").language())).parse(source)
    root: Node = tree.root_node
    return root


def _binding(package: str) -> ModuleType:
    """The extension module of a package, without the package itself."""
    name = f"{package}._binding"
    loaded = sys.modules.get(name)
    if loaded is not None:
        return loaded
    spec = PathFinder.find_spec(package)
    inner = PathFinder.find_spec(name, spec.submodule_search_locations) if spec else None
    if inner is None or inner.loader is None:
        raise ImportError(f"{package} is not installed: install nightlatch with its dependencies", name=package)
    from importlib.util import module_from_spec

    module = module_from_spec(inner)
    sys.modules[name] = module
    inner.loader.exec_module(module)
    return module
