"""What a call is judged by, in one project: the configuration, the policy with what is built in, and the place."""

from __future__ import annotations

import os

from nightlatch.agent.place import VARIABLES, Place
from nightlatch.agent.root import project_of
from nightlatch.agent.spelling import as_posix, below, every_place, spellings
from nightlatch.core import audit_log, cache, config

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nightlatch.core.config import Config
    from nightlatch.core.schema.containers import Map
    from nightlatch.protected_files.policy import Policy, Rule

SECTION = "protected-files"
_IGNORED = ("--no-literal-pathspecs", "check-ignore", "--stdin", "-z", "--no-index")
"""What a search leaves out, tracked or not."""

POLICY_OF_ORGANISATION = "NIGHTLATCH_POLICY"


class Situation:
    """One project, for one call.

    config  its configuration, under the organisation's policy
    policy  what agents may do there, with the rules that are built in
    place   its folders and the door to its files
    log     where decisions are written to
    """

    __slots__ = ("config", "log", "place", "policy")

    def __init__(self, config: Config, policy: Policy, place: Place, log: audit_log.Settings) -> None:
        self.config = config
        self.policy = policy
        self.place = place
        self.log = log

    def in_project(self, path: str) -> str:
        """A path as it is told to a person: relative to the project where it lies there."""
        from nightlatch.core.text import one_line, shown_path

        plain = as_posix(os.path.normpath(path))
        return one_line(shown_path(below(plain, as_posix(self.place.root)) or plain))

    def is_closed(self, path: str) -> bool:
        """Whether the content of a file is closed to agents, or to be asked for."""
        return self.reading(path) in ("ask", "deny")

    def reading(self, path: str) -> str:
        """The weightiest word of the rules about reading a file; `allow` without one."""
        from nightlatch.protected_files import policy

        places = every_place(path, self.place)
        words = [word for word, _ in self.policy.words(policy.READ, places)]
        if self.is_secret_by_name(path):
            words.append(policy.DENY)
        return max(words, key=policy.RANKS.__getitem__, default=policy.ALLOW)

    def read_whole(self, path: str) -> Rule | None:
        """The rule by which a file is read whole or not at all; None without one."""
        from nightlatch.protected_files import policy

        found = (
            rule for word, rule in self.policy.words(policy.READ, every_place(path, self.place)) if word == "whole"
        )
        return next(found, None)

    def has_word(self, action: str, path: str) -> bool:
        """Whether a rule says anything of an action on a file but to allow it."""
        return any(True for _ in self.policy.words(action, every_place(path, self.place)))

    def may_be_secret(self, path: str) -> bool:
        """Whether a file may be a secret by its name, unless rules list the closed files: before a look at the file."""
        if self.policy.lists_closed:
            return False
        from nightlatch.core.secret_files import kind_at

        return kind_at(as_posix(path)) is not None

    def is_ignored(self, path: str) -> bool:
        """Whether git ignores a file, so that a search passes it over; False where git can't say."""
        from nightlatch.core.errors import GitError
        from nightlatch.core.git import Git

        try:
            return bool(Git(self.place.root, os.environ).answers(*_IGNORED, asked=os.fsencode(path) + b"\0"))
        except GitError:
            return False

    def is_tracked(self, path: str) -> bool:
        """Whether git tracks a file; True where git can't say."""
        from nightlatch.core.errors import GitError
        from nightlatch.core.git import Git

        try:
            return bool(Git(os.path.dirname(path), os.environ).run("ls-files", "-z", "--", os.path.basename(path)))
        except GitError:
            return True

    def is_secret_by_name(self, path: str) -> bool:
        """Whether a file is a secret by its name, unless the configuration's rules list the closed files."""
        if self.policy.lists_closed:
            return False
        from nightlatch.agent.secret_file import is_secret

        return is_secret(spellings(path), self.place)


def situation(root: str, variables: Mapping[str, str]) -> Situation:
    """The situation in a project. Raises NightlatchError where its configuration can't be read or isn't valid.

    root  a folder in the project
    """
    project = project_of(root)
    loaded = _configuration(project, variables)
    log = audit_log.Settings.of(loaded.section("audit-log") if loaded.where else None, variables)
    home = audit_log.home_of(variables)
    known = {name: variables[name] for name in VARIABLES if name in variables}
    _refuse_log_in_project(log, project)
    place = Place(project, os.path.realpath(home) if home else "", known)
    return Situation(loaded, _policy(loaded, log, place, variables), place, log)


def _configuration(project: str, variables: Mapping[str, str]) -> Config:
    path = os.path.join(project, config.NAME)
    raw = config.read(path) if os.path.lexists(path) else None
    loaded = config.load(raw, config.NAME, _load_schema)
    named = variables.get(POLICY_OF_ORGANISATION)
    if named:
        from nightlatch.core.policy import governed

        return governed(loaded, named, "", _load_schema)  # a guard file wherever it lies
    return loaded


def _refuse_log_in_project(log: audit_log.Settings, project: str) -> None:
    """A log within the project could be written by whoever it is about.

    The default place is a guard file wherever it lies: a home folder, or `/`, may be a project too.
    """
    if log.is_own or below(as_posix(os.path.realpath(log.path)), as_posix(project)) is None:
        return
    from nightlatch.core.errors import ConfigError

    what = "`audit-log.path` lies in the project."
    raise ConfigError(config.NAME, 0, 0, what, "Name a place outside it, or leave it at `default`.")


def _linked_to(place: Place) -> list[str]:
    """Where guard files really lie that are links, or lie in a folder that is one."""
    from nightlatch.protected_files.built_in import LINKABLE

    named = [os.path.join(folder, name) for folder in (place.root, place.home) if folder for name in LINKABLE]
    return [real for path in named if os.path.lexists(path) and (real := os.path.realpath(path)) != path]


def _load_schema() -> Map:
    from nightlatch.schema import SCHEMA

    return SCHEMA


def _policy(loaded: Config, log: audit_log.Settings, place: Place, variables: Mapping[str, str]) -> Policy:
    """The configuration's policy under the organisation's, and beneath both what is built in."""
    from nightlatch.protected_files import built_in, policy

    is_configured = bool(loaded.where and loaded.place(SECTION))
    own = policy.policy_of(loaded.section(SECTION)) if is_configured else policy.Policy()
    floor = loaded.floor
    if floor is not None and floor.place(SECTION):
        own = own.under(floor.section(SECTION), lambda key: floor.place(f"{SECTION}.{key}") is not None)
    kept = (cache.folder(), log.folder if log.is_own else "", variables.get(POLICY_OF_ORGANISATION), *_linked_to(place))
    rules = built_in.guards(_spelled(kept), _spelled(() if log.is_own else (log.path,)))
    if not own.lists_closed:
        rules = (*rules, built_in.secrets())
    apart = [as_posix(one).lstrip("/") for one in (place.root, os.path.dirname(place.root), place.home) if one]
    return own.completed(rules, [one for one in apart if one])


def _spelled(paths: Iterable[str | None]) -> list[str]:
    """Every spelling of some paths; those that aren't known are left out."""
    return [as_posix(one) for path in paths if path for one in spellings(path)]
