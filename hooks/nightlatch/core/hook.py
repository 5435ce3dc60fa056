"""What a hook is: a name, its rules, and a pure function from files to findings."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Protocol

    from nightlatch.core.advisories.database import Database
    from nightlatch.core.advisories.opinion import Opinion
    from nightlatch.core.config import Config
    from nightlatch.core.errors import ConfigError
    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding
    from nightlatch.core.git import Git
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

            A path that ends with `/` stands for the files in that folder. Whatever `exclude` says. The three below
            answer for paths that were asked for here.
            """

        def base(self, path: str) -> bytes | None:
            """What stood at a path before the change, or None. Raises UnreadableError."""

        def current(self, path: str) -> bytes | None:
            """What stands there now, or None. Raises UnreadableError."""

        def where(self, path: str) -> str:
            """How errors call what stands at a path now."""

        @property
        def tree(self) -> str | None:
            """The top folder of the working tree; None where commits or a message are checked, and no tree."""

        @property
        def git(self) -> Git | None:
            """The runner for the repository; None outside git."""

        @property
        def scope(self) -> Sequence[str]:
            """The PATHs that the check is narrowed to, relative to the tree, `.` for the whole; none: the whole."""

        def includes(self, path: str) -> bool:
            """Whether the configuration lets a path be looked at; where it doesn't, that is noted as skipped."""

        def beside(self, path: str) -> Iterator[File]:
            """Read a file of the working tree that `files` may not know, such as one that git ignores.

            What can't be read is noted as unchecked. Two readings of one file come where NULs leave it open.
            """

        @property
        def is_change(self) -> bool:
            """Whether a change is checked (what is staged, or a range of commits), and not files as they are."""

        @property
        def is_whole(self) -> bool:
            """Whether every file that there is was selected."""

        def removed(self, wanted: Callable[[str], bool]) -> list[str]:
            """The wanted paths that what is staged takes away; none for any other selection."""

        def touched(self) -> Mapping[str, str] | None:
            """The paths that a commit changes, each with git's name of its content; None where none is being made.

            Deleted ones are among them, under a name of zeros.
            """

        def whole(self) -> WholeSource | None:
            """All files that stand where those of the selection do; None where single contents are checked."""

        def before(self) -> WholeSource | None:
            """All files before the change; None where nothing stood there."""

    Check = Callable[[Source, "Options"], Iterator[Finding]]
    Fix = Callable[[str, Sequence[Finding], Git | None], Iterator["Fixed"]]

    class OpenAdvisories(Protocol):
        """The door to the database of advisories, through which alone environment, clock and network come in."""

        def __call__(self, ecosystems: Sequence[str], *, is_required: bool) -> Database | None:
            """See `Options.open_advisories`."""

    AskOnline = Callable[[str, Sequence[tuple[str, str]]], Sequence[Opinion]]
    """The door to other audits: an ecosystem, and packages as (name, version). Raises NightlatchError."""


class Options:
    """What a hook may know beside the files: its own part of the configuration, and the profile.

    plugins  the files and modules of other tools' plugins that the command line names
    in_ci    whether a CI system has checked this out: what is true of a person's own checkout is not asked of it
    advisories  the door to the database of advisories; None where the command has none
    today    an ISO date, in UTC: exceptions that expire are judged by it
    ask_other_audits  the door to audits over the network; None unless the command line asks for it (--online)
    settings what options of a hook's own are given on the command line
    kept     for the hook's own use: a run may ask it many times, and what took long to make is made once
    """

    __slots__ = ("_advisories", "_config", "_name", "ask_other_audits", "in_ci", "kept", "plugins", "settings", "today")

    def __init__(
        self,
        config: Config,
        name: str,
        plugins: Sequence[str] = (),
        advisories: OpenAdvisories | None = None,
        *,
        settings: Mapping[str, str] | None = None,
        in_ci: bool = False,
        today: str = "",
    ) -> None:
        self.settings = settings or {}
        self._config = config
        self._name = name
        self.plugins = plugins
        self.in_ci = in_ci
        self._advisories = advisories
        self.today = today
        self.ask_other_audits: AskOnline | None = None
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

    def open_advisories(self, ecosystems: Sequence[str], *, is_required: bool) -> Database | None:
        """The database of advisories, whole and fresh for each of these ecosystems; to be asked for when it is needed.

        is_required  False: where an ecosystem has no data it is left out, and nothing is fetched; None without any.
                     True: what was never there is fetched, within a time limit
        Raises AdvisoriesError where there is none, or none that can be relied upon.
        """
        if self._advisories is None:
            from nightlatch.core.advisories.database import NoAdvisoriesError

            if is_required:
                raise NoAdvisoriesError("This command has no advisory data.", "Run: nightlatch dependencies")
            return None
        return self._advisories(ecosystems, is_required=is_required)

    @property
    def is_online(self) -> bool:
        """Whether other audits are to be asked too."""
        return self.ask_other_audits is not None

    def ask_online(self, ecosystem: str, packages: Sequence[tuple[str, str]]) -> Sequence[Opinion]:
        """What the other audit of an ecosystem says of packages; nothing unless `is_online`. Raises NightlatchError."""
        return () if self.ask_other_audits is None else self.ask_other_audits(ecosystem, packages)

    def wrong(self, key: str, what: str, remedy: str) -> ConfigError:
        """The error to raise for a key of the hook's section (`custom-rules[0].id`), with its place in the file."""
        from nightlatch.core.errors import ConfigError

        trail = f"{self._name}.{key}"
        return ConfigError(self._config.where, *(self._config.place(trail) or (0, 0)), f"`{trail}` {what}", remedy)

    def parse_config(self, raw: bytes | None, where: str) -> Config:
        """Another configuration than the one in force; the defaults for None. Raises ConfigError."""
        return self._config.beside(raw, where)


class Fixed:
    """Something that --fix has done, or could not do.

    path        relative to the top of the working tree
    what        what was done, as it follows the path: `mode 644 is now 600`
    is_content  whether a file's content was changed, which belongs into a commit
    is_failure  whether it would have done harm and was taken back: exit code 2
    """

    __slots__ = ("is_content", "is_failure", "path", "what")

    def __init__(self, path: str, what: str, *, is_content: bool = False, is_failure: bool = False) -> None:
        self.path = path
        self.what = what
        self.is_content = is_content
        self.is_failure = is_failure


class Hook:
    """One hook.

    name     as on the command line
    summary  one sentence: what it guards
    rules    everything it can find by itself
    check    yields findings; it neither prints nor exits nor reads the environment
    whole    True where it checks the state that a change leads to, and not each commit of a range: it is
             asked once, with the files of the range's end. Where it is False the hook looks at each file
             by itself, and the files may be shared out among processes
    contents None, or what such a hook looks for in every content that the commits of a range bring, also where a
             later commit takes it out again
    fix      None, or what mends findings in the working tree: it gets the tree's top folder, the findings that
             are shown, and the runner of git, if there is a repository; it yields what it did. Whatever it leaves
             is found again
    """

    __slots__ = ("_prepare", "_rules_for", "check", "contents", "fix", "name", "rules", "summary", "whole")

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
        fix: Fix | None = None,
        contents: Check | None = None,
    ) -> None:
        self.name = name
        self.summary = summary
        self.rules = rules
        self.check = check
        self.whole = whole
        self.fix = fix
        self.contents = contents
        self._rules_for = rules_for
        self._prepare = prepare

    @property
    def takes_rules(self) -> bool:
        """Whether a configuration may add rules of its own."""
        return self._rules_for is not None

    def for_contents(self) -> Hook | None:
        """The hook that looks at each content of a range for a hook that checks the whole; None where none does."""
        return None if self.contents is None else Hook(self.name, self.summary, self.rules, self.contents)

    def rules_for(self, options: Options) -> Sequence[Rule]:
        """The rules that are looked for under these options, those that the configuration adds among them.

        Raises ConfigError where these are wrong.
        """
        return self.rules if self._rules_for is None else self._rules_for(options)

    def prepare(self, options: Options, count: int) -> None:
        """Make what is worth making once, before the check of so many files or commits is shared out."""
        if self._prepare is not None:
            self._prepare(options, count)
