"""Plugins of detect-secrets, run on each line of each file: `--detect-secrets-plugin FILE|MODULE`.

Only the command line names them: a repository's configuration never makes its code run. detect-secrets is an
optional dependency and its import is slow, so this module is imported when a plugin is named and not before.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout

from nightlatch.core.errors import NightlatchError, UsageError
from nightlatch.core.files import decoded
from nightlatch.core.optional_package import how_to_add
from nightlatch.secrets.scan import OVERLAP, SLICE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType
    from typing import Any

    from detect_secrets.plugins.base import BasePlugin

    from nightlatch.core.files import File

    Severity = Callable[[str, str, str | None], str]

OPTION = "--detect-secrets-plugin"


class Hit:
    """What a plugin found.

    kind    what the plugin calls it
    places  every place of the value in its line, the first one first; the whole line where the plugin has made
            the value from something else. In bytes of the file
    """

    __slots__ = ("kind", "places", "value")

    def __init__(self, kind: str, value: bytes, places: Sequence[tuple[int, int]]) -> None:
        self.kind = kind
        self.value = value
        self.places = places

    @property
    def message(self) -> str:
        """What is told: the plugin's name for it, and never the value."""
        return f"{self.kind} (found by a plugin of detect-secrets)"


class Plugins:
    """Plugins that are ready to run.

    severity  what the configuration makes of a rule, from its id, its own severity and a path
    """

    def __init__(self, plugins: Sequence[BasePlugin], severity: Severity) -> None:
        self._plugins = plugins
        self.severity = severity

    def hits(self, file: File) -> list[Hit]:
        """What they find in a file, each value once a line, in order of place. Raises NightlatchError."""
        from detect_secrets.util.code_snippet import get_code_snippet

        raw = file.text.split(b"\n")
        lines = [_readable(decoded(line)) for line in raw]
        hits: dict[tuple[int, str], Hit] = {}
        start = 0
        for number, line in enumerate(raw, start=1):
            context = get_code_snippet(lines, number)
            for first, piece in _pieces(line):
                for kind, value in self._secrets(file.path, number, piece, context):
                    places = _places(value, piece, start + first)
                    hit = hits.setdefault((number, value), Hit(kind, _bytes(value, file, places), places))
                    hit.places = sorted({*hit.places, *places})
            start += len(line) + 1
        return sorted(hits.values(), key=lambda hit: (hit.places[0], hit.kind))

    def _secrets(self, path: str, number: int, piece: bytes, context: Any) -> Iterator[tuple[str, str]]:
        """Kind and value of each secret that a plugin sees in a line, called as detect-secrets calls it."""
        from detect_secrets.util.inject import call_function_with_arguments

        line = _readable(decoded(piece)).rstrip()
        for plugin in self._plugins if line else ():
            try:
                with _silence():
                    found: Any = call_function_with_arguments(
                        plugin.analyze_line, filename=path, line=line, line_number=number, context=context
                    )
                    secrets = sorted({(str(secret.type), str(secret.secret_value)) for secret in found or ()})
                    told = plugin.secret_type
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - the plugin is not ours: what it does is told, nothing passes
                raise _failed(plugin, path, number, error) from None
            for kind, value in secrets:
                if value:  # what an optional group of an expression leaves; detect-secrets drops it too
                    yield kind if kind == told else kind.replace(value, "***"), value


def load(names: Sequence[str], severity: Severity) -> Plugins:
    """The plugins in these files and modules, in their order. Raises UsageError where one can't be had.

    severity  as in `Plugins`
    """
    try:
        from detect_secrets.core.plugins import util
    except ImportError:
        what = f"{OPTION} needs the package detect-secrets, which isn't installed."
        raise UsageError(what, how_to_add("detect-secrets")) from None
    classes: list[type[BasePlugin]] = []
    for name in names:
        found: list[type[BasePlugin]] = list(util.get_plugins_from_module(_module(name)))
        if not found:
            raise _unusable(
                name,
                "it holds no plugin",
                "A plugin is a class below detect_secrets.plugins.base.BasePlugin that has a secret_type.",
            )
        classes.extend(found)
    return Plugins([_made(plugin) for plugin in dict.fromkeys(classes)], severity)


def _module(name: str) -> ModuleType:
    """Import a file by its path, or a module that is installed, without leaving compiled files in the folder."""
    is_file = name.endswith(".py") or "/" in name or os.sep in name or os.path.lexists(name)
    load: Callable[[str], ModuleType] = _from_file if is_file else _installed
    kept = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        with _silence():
            return load(name)
    except (NightlatchError, KeyboardInterrupt):
        raise
    except BaseException as error:  # noqa: BLE001 - the code is not ours
        raise _unusable(name, f"importing it failed: {_told(error)}", "Mend it, or leave it out.") from None
    finally:
        sys.dont_write_bytecode = kept


@contextmanager
def _silence() -> Iterator[None]:
    """What a plugin prints is dropped: it may quote a line, and would stand in the middle of a report."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        yield


def _from_file(name: str) -> ModuleType:
    from detect_secrets.exceptions import InvalidFile
    from detect_secrets.util.importlib import import_file_as_module

    if not os.path.lexists(name):
        raise _unusable(name, "there is no such file", "A FILE counts from the current folder.")
    if not os.path.isfile(name):
        raise _unusable(name, "it is not a regular file", "Name the file that holds the plugin.")
    try:
        return import_file_as_module(name)
    except InvalidFile:
        raise _unusable(name, "its name doesn't end in .py", "Name a Python file, or a module.") from None


def _installed(name: str) -> ModuleType:
    from importlib import import_module

    if not all(part.isidentifier() for part in name.split(".")):
        raise _unusable(name, "it is neither a file nor the name of a module", "A FILE counts from the current folder.")
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise _unusable(
                name, "no such module is installed", "For a file give its path: modules of this folder aren't imported."
            ) from None
        raise


def _made(plugin: type[BasePlugin]) -> BasePlugin:
    try:
        with _silence():
            return plugin()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - the code is not ours
        raise UsageError(
            f"{OPTION}: the plugin {plugin.__name__} can't be made: {_told(error)}.",
            "It must have every method of a plugin, and take no arguments or have defaults for them.",
        ) from None


def _unusable(name: str, what: str, remedy: str) -> UsageError:
    return UsageError(f"{OPTION} {name}: {what}.", remedy)


def _failed(plugin: BasePlugin, path: str, number: int, error: BaseException) -> NightlatchError:
    """A plugin that fails has not checked the line."""
    place = f"{path}, line {number}" if path else f"a message, line {number}"
    return NightlatchError(
        f"The plugin {type(plugin).__name__} of detect-secrets failed on {place}: {_told(error)}.",
        f"Mend the plugin, or leave {OPTION} out.",
    )


def _told(error: BaseException) -> str:
    """An error's kind and place. Its text may hold what stands in a line."""
    kind = type(error).__name__
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"{kind}, {error.name}"
    file, line = (error.filename, error.lineno) if isinstance(error, SyntaxError) else _origin(error)
    return f"{kind} ({os.path.basename(file)}, line {line})" if file and file != __file__ else kind


def _origin(error: BaseException) -> tuple[str, int]:
    """The file and the line that raised it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return (trace.tb_frame.f_code.co_filename, trace.tb_lineno) if trace else ("", 0)


def _readable(line: str) -> str:
    """A line as plugins can take it: half a character can't be encoded, as they do to hash a value."""
    if line.isascii():
        return line
    return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in line)


def _pieces(line: bytes) -> Iterator[tuple[int, bytes]]:
    """A line, or the overlapping slices of a very long one, as the engine has them, each with its start."""
    if len(line) <= SLICE + OVERLAP:
        yield 0, line
        return
    for start in range(0, len(line), SLICE):
        yield start, line[start : start + SLICE + OVERLAP]


def _places(value: str, piece: bytes, start: int) -> list[tuple[int, int]]:
    """Where a value stands in a piece of a line that starts at an offset of the file."""
    text = decoded(piece)
    shown = _readable(text)
    places = []
    found = shown.find(value)
    while found >= 0:
        first = start + _size(text[:found])
        places.append((first, first + _size(text[found : found + len(value)])))
        found = shown.find(value, found + len(value))
    stripped = piece.strip()
    first = start + piece.find(stripped)
    return places or [(first, first + len(stripped))]


def _bytes(value: str, file: File, places: Sequence[tuple[int, int]]) -> bytes:
    """The value as the file has it; a plugin is shown other characters for bytes that are not UTF-8."""
    there = file.text[slice(*places[0])]
    return there if _readable(decoded(there)) == value else value.encode("utf-8", "replace")


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))
