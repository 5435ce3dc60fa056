"""The hooks by name. Each is imported only when it is asked for."""

from __future__ import annotations

from nightlatch.core.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.hook import Hook

MODULES = {
    "secrets": "nightlatch.secrets.hook",
}


def load(name: str) -> Hook:
    """The hook of this name. Raises UsageError where this installation has none."""
    from importlib import import_module

    module = MODULES.get(name)
    if module is None:
        raise UsageError(f"This version of nightlatch has no hook {name}.", f"It has: {', '.join(MODULES)}.")
    package = module.rpartition(".")[0]
    try:
        hook: Hook = import_module(module).HOOK
    except ModuleNotFoundError as error:
        if error.name not in (package, module):
            raise
        raise UsageError(f"The hook {name} is not part of this installation.", "Install nightlatch again.") from None
    return hook


def load_all() -> list[Hook]:
    """Every hook that this installation has, in the order of the table."""
    from importlib.util import find_spec

    return [load(name) for name, module in MODULES.items() if find_spec(module.rpartition(".")[0])]
