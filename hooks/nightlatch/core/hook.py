"""What a hook is: a name, its rules, and a pure function from files to findings."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Protocol

    from nightlatch.core.config import Config
    from nightlatch.core.errors import ConfigError
    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding
    from nightlatch.core.rule import Rule
    from nightlatch.core.whole import WholeSource

    class Source(Protocol):
        """What a hook is given: files to check, and where to say what was not checked.

        root  the folder that paths count from; "" where single contents are checked
        """

        root: str

        def files(self, wanted: Callable[[str], bool] | None = None) -> Iterator[File]:
            """Read and yield each file whose path is wanted; a message of a commit has an empty path."""

        def skip(self, path: str, reason: str) -> None:
            """Note a path as passed over."""

        def leave_unchecked(self, path: str, reason: str) -> None:
            """Note a path as unchecked: exit 2, unless the configuration accepts it with a reason."""

        def changed(self, paths: Sequence[str]) -> list[str]:
            """Those of the paths at which the change differs from what it is based on; none without a base.

            Whatever `exclude` says. The three below answer for paths that were asked for here.
            """

        def base(self, path: str) -> bytes | None:
            """What stood at a path before the change, or None. Raises UnreadableError."""

        def current(self, path: str) -> bytes | None:
            """What stands there now, or None. Raises UnreadableError."""

        def where(self, path: str) -> str:
            """How errors call what stands at a path now."""

        def touched(self) -> list[str] | None:
            """The paths that a commit changes, deleted ones among them; None where no commit is being made."""

        def whole(self) -> WholeSource | None:
            """All files that stand where those of the selection do; None where single contents are checked."""

        def before(self) -> WholeSource | None:
            """All files before the change; None where nothing stood there."""

    Check = Callable[[Source, "Options"], Iterator[Finding]]


class Options:
    """What a hook may know beside the files: its own part of the configuration, and the profile.

    plugins  the files and modules of other tools' plugins that the command line names
    settings what options of a hook's own are given on the command line
    kept     for the hook's own use: a run may ask it many times, and what took long to make is made once
    """

    __slots__ = ("_config", "_name", "kept", "plugins", "settings")

    def __init__(
        self, config: Config, name: str, plugins: Sequence[str] = (), settings: Mapping[str, str] | None = None
    ) -> None:
        self.settings = settings or {}
        self._config = config
        self._name = name
        self.plugins = plugins
        self.kept: dict[str, object] = {}

    @property
    def configured(self) -> bool:
        """Whether there is a configuration file at all; without one every value is the default."""
        return bool(self._config.where)

    @property
    def section(self) -> dict[str, object]:
        """The hook's section of the configuration, complete with its defaults."""
        return self._config.section(self._name)

    def section_of(self, name: str) -> dict[str, object]:
        """Another section: a hook that guards the configuration looks into them all."""
        return self._config.section(name)

    @property
    def profile(self) -> str:
        """`standard` or `strict`."""
        return self._config.profile

    def severity(self, rule_id: str, default: str, path: str | None) -> str:
        """What the configuration makes of a rule's finding at a path: see `Config.severity`."""
        return self._config.severity(rule_id, default, path)

    def wrong(self, key: str, what: str, remedy: str) -> ConfigError:
        """The error to raise for a key of the hook's section (`custom-rules[0].id`), with its place in the file."""
        from nightlatch.core.errors import ConfigError

        trail = f"{self._name}.{key}"
        return ConfigError(self._config.where, *(self._config.place(trail) or (0, 0)), f"`{trail}` {what}", remedy)

    def parse_config(self, raw: bytes | None, where: str) -> Config:
        """Another configuration than the one in force; the defaults for None. Raises ConfigError."""
        return self._config.beside(raw, where)


class Hook:
    """One hook.

    name     as on the command line
    summary  one sentence: what it guards
    rules    everything it can find by itself
    check    yields findings; it neither prints nor exits nor reads the environment
    whole    True where it checks the state that a change leads to, and not each commit of a range: it is
             asked once, with the files of the range's end. Where it is False the hook looks at each file
             by itself, and the files may be shared out among processes
    """

    __slots__ = ("_prepare", "_rules_for", "check", "name", "rules", "summary", "whole")

    def __init__(
        self,
        name: str,
        summary: str,
        rules: Sequence[Rule],
        check: Check,
        *,
        whole: bool = False,
        rules_for: Callable[[Options], Sequence[Rule]] | None = None,
        prepare: Callable[[Options, int], None] | None = None,
    ) -> None:
        self.name = name
        self.summary = summary
        self.rules = rules
        self.check = check
        self.whole = whole
        self._rules_for = rules_for
        self._prepare = prepare

    @property
    def takes_rules(self) -> bool:
        """Whether a configuration may add rules of its own."""
        return self._rules_for is not None

    def rules_for(self, options: Options) -> Sequence[Rule]:
        """The rules that are looked for under these options, those that the configuration adds among them.

        Raises ConfigError where these are wrong.
        """
        return self.rules if self._rules_for is None else self._rules_for(options)

    def prepare(self, options: Options, count: int) -> None:
        """Make what is worth making once, before the check of so many files or commits is shared out."""
        if self._prepare is not None:
            self._prepare(options, count)
