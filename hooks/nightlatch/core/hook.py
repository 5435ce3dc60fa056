"""What a hook is: a name, its rules, and a pure function from files to findings."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Protocol

    from nightlatch.core.config import Config
    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding
    from nightlatch.core.rule import Rule

    class Source(Protocol):
        """What a hook is given: files to check, and where to say what was not checked."""

        def files(self, wanted: Callable[[str], bool] | None = None) -> Iterator[File]:
            """Read and yield each file whose path is wanted; a message of a commit has an empty path."""

        def skip(self, path: str, reason: str) -> None:
            """Note a path as passed over."""

        def leave_unchecked(self, path: str, reason: str) -> None:
            """Note a path as unchecked: exit 2, unless the configuration accepts it with a reason."""

    Check = Callable[[Source, "Options"], Iterator[Finding]]


class Options:
    """What a hook may know beside the files: its own part of the configuration, and the profile."""

    __slots__ = ("_config", "_name")

    def __init__(self, config: Config, name: str) -> None:
        self._config = config
        self._name = name

    @property
    def configured(self) -> bool:
        """Whether there is a configuration file at all; without one every value is the default."""
        return bool(self._config.where)

    @property
    def section(self) -> dict[str, object]:
        """The hook's section of the configuration, complete with its defaults."""
        return self._config.section(self._name)

    @property
    def profile(self) -> str:
        """`standard` or `strict`."""
        return self._config.profile


class Hook:
    """One hook.

    name     as on the command line
    summary  one sentence: what it guards
    rules    everything it can find
    check    yields findings; it neither prints nor exits nor reads the environment
    """

    __slots__ = ("check", "name", "rules", "summary")

    def __init__(self, name: str, summary: str, rules: Sequence[Rule], check: Check) -> None:
        self.name = name
        self.summary = summary
        self.rules = rules
        self.check = check
