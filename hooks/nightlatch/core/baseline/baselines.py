"""What allows the findings of a run beside their notes."""

from __future__ import annotations

from nightlatch.core.baseline.entry import BY, NAME, NOT_ASKED_FOR, Entry
from nightlatch.core.baseline.selected import content_at, existence, read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nightlatch.core.baseline.matcher import Matcher
    from nightlatch.core.config import Config
    from nightlatch.core.detect_secrets_baseline import DetectSecretsBaseline
    from nightlatch.core.discover import Selection
    from nightlatch.core.finding import Finding
    from nightlatch.core.suppress import Note


class Baselines:
    """What allows the findings of a run beside their notes: the own baseline, and one of detect-secrets.

    own, foreign   give them once they are needed: most commits find nothing
    """

    def __init__(
        self,
        own: Callable[[], Matcher] | None,
        foreign: Callable[[], DetectSecretsBaseline | None] | None,
        today: str,
    ) -> None:
        self._own = own
        self._matcher: Matcher | None = None
        self._foreign = foreign
        self._loaded: DetectSecretsBaseline | None = None
        self._today = today

    def note_for(self, finding: Finding) -> Note | None:
        """The note that allows a finding, if there is one. An entry that has expired says so in the message.

        A finding about a weakened guard has none: a baseline is such a guard itself.
        """
        if finding.floored:
            return None
        from nightlatch.core.suppress import Note

        own = self._own_matcher()
        entry = own.entry_for(finding) if own else None
        if entry and not entry.is_expired(self._today):
            return Note(BY, entry.reason)
        note = self._foreign_note(finding)
        if entry and not note:
            finding.message += f" (its entry in the baseline expired on {entry.expires})"
        return note

    def unused(self, rules: Iterable[str], passed_over: Iterable[str]) -> list[Entry]:
        """The entries of the own baseline that a check of the whole tree had no need of.

        rules        the rules that were looked for
        passed_over  paths that were not checked: what they hold is not known
        """
        own = self._own_matcher()
        if own is None:
            return []
        from nightlatch.core.text import shown_path

        looked_for, unknown = set(rules), {shown_path(path) for path in passed_over}
        return [entry for entry in own.unused() if entry.rule in looked_for and entry.path not in unknown]

    def _own_matcher(self) -> Matcher | None:
        if self._own:
            self._matcher, self._own = self._own(), None
        return self._matcher

    def _foreign_note(self, finding: Finding) -> Note | None:
        if self._foreign and finding.value is not None:
            self._loaded, self._foreign = self._foreign(), None
        return self._loaded.note_for(finding) if self._loaded else None


def find_baselines(named: str | None, selection: Selection, configuration: Config, today: str) -> Baselines:
    """The baselines that go with a selection. A range is judged by those of the commit that it starts from.

    named  the value of --baseline; None for the file at the root, if there is one
    Raises ConfigError where one that counts can't be read or isn't valid.
    """
    if named == NOT_ASKED_FOR:
        return Baselines(None, None, today)
    from nightlatch.core.detect_secrets_baseline import finder

    found = (read(named, named), named) if named is not None else content_at(selection, NAME)
    own = _matcher_of(*found, selection) if found else None
    return Baselines(own, finder(selection, configuration), today)


def _matcher_of(raw: bytes, where: str, selection: Selection) -> Callable[[], Matcher]:
    """What gives the matcher once it is needed. Raises ConfigError at once where the baseline isn't valid."""
    from nightlatch.core.baseline.reading import load, require_valid

    def matcher() -> Matcher:
        from nightlatch.core.baseline.matcher import Matcher

        return Matcher(load(raw, where), existence(selection))

    require_valid(raw, where)
    return matcher
