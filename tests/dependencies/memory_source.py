"""The hook asked about files that stand nowhere but in memory, and about what they were before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from nightlatch.core import config
from nightlatch.core.advisories.database import Database
from nightlatch.core.files import File
from nightlatch.core.finding import Finding
from nightlatch.core.hook import Options
from nightlatch.core.source import Endless
from nightlatch.dependencies.hook import check
from nightlatch.registry import load_schema


class MemorySource(Endless):
    """Path → text. before: the same before a change, where one is checked."""

    def __init__(self, files: Mapping[str, str], before: Mapping[str, str] | None = None) -> None:
        self._files = {path: text.encode("utf-8", "surrogatepass") for path, text in files.items()}
        self._before = {path: text.encode() for path, text in (before or {}).items()}
        self._is_change = before is not None
        self.unchecked: list[str] = []

    def files(self, wanted: Callable[[str], bool] | None = None) -> Iterator[File]:
        return (File(path, data) for path, data in self._files.items() if wanted is None or wanted(path))

    def skip(self, path: str, reason: str) -> None:
        """Nobody asks for it here."""

    def leave_unchecked(self, path: str, reason: str) -> None:
        self.unchecked.append(f"{path}: {reason}")

    def includes(self, path: str) -> bool:
        return bool(path)

    def changed(self, paths: Sequence[str]) -> list[str]:
        return [path for path in paths if self._is_change and self._files.get(path) != self._before.get(path)]

    def base(self, path: str) -> bytes | None:
        return self._before.get(path)

    def current(self, path: str) -> bytes | None:
        return self._files.get(path)

    @property
    def is_change(self) -> bool:
        return self._is_change

    @property
    def is_whole(self) -> bool:
        return True


def findings(source: MemorySource, database: Callable[[], Database] | None) -> list[Finding]:
    """What the hook finds, with the advisories of a database that is opened for it; without any for None."""

    def advisories(ecosystems: Sequence[str], *, is_required: bool) -> Database | None:
        assert ecosystems
        assert is_required
        return None if database is None else database()

    options = Options(config.load(None, "", load_schema), "dependencies", advisories=advisories, today="2026-06-01")
    return list(check(source, options))
