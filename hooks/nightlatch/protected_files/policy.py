"""The policy of the section `protected-files`: what it says of one path, or of one kind of act.

Pure: it looks at no file. Who asks gives every spelling of the path, and where each lies.
"""

from __future__ import annotations

from nightlatch.core import paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from nightlatch.core.paths import Compiled, Pattern

    Places = Sequence[tuple[str, str]]
    """One spelling of a path: (base, the path relative to it) for each base that it lies below, the innermost first."""

READ = "read"
WRITE = "write"
METADATA = "metadata"
CONSUME = "consume"
ACTIONS = (READ, WRITE, METADATA, CONSUME)

ALLOW = "allow"
WHOLE = "whole"
ASK = "ask"
DENY = "deny"
RANKS = {ALLOW: 0, WHOLE: 1, ASK: 2, DENY: 3}
"""Of several rules the one that weighs most counts."""

SCRATCH = (("tmp",), ("var", "tmp"), ("private", "tmp"), ("private", "var", "tmp"))
"""How the patterns for folders of scratch files begin."""

MODES = ("", "auto", "ask", "explore")
"""The modes from the loosest to the strictest; the first is that of no configuration."""

PLACES_ALLOWED = (READ, WRITE, "execute")
"""What a list of its own may allow in some places only: `read-allowed` and so on."""

DEFAULTS: Mapping[str, Any] = {
    "sql": {"destructive": DENY, "schema-change": ASK, "opaque": ASK},
    "hook-bypass": DENY,
    "credentials-on-stdout": ASK,
    "unresolved-command": ASK,
    "secrets-in-content": DENY,
}
"""What counts where the configuration has no section: the schema's own defaults, without the cost of reading it."""


class Rule:
    """One rule. `words` has a word of the configuration for each action that the rule names."""

    __slots__ = ("compiled", "id", "words")

    def __init__(self, id: str, compiled: Compiled, words: Mapping[str, str]) -> None:
        self.id = id
        self.compiled = compiled
        self.words = words

    def fits(self, spellings: Sequence[Places], *, is_dir: bool = False) -> bool:
        """Whether the rule is about the file: by any of its spellings, in their own case or in any."""
        return any(
            paths.verdict_at(self.compiled, places, is_dir=is_dir, ignore_case=ignore_case) is True
            for places in spellings
            for ignore_case in (False, True)
        )


class Policy:
    """What agents may do.

    mode          explore, ask or auto; empty where no configuration says it
    rules         the rules for files, of the configuration or built in
    allowed       action (`read`, `write`, `execute`) → the lists that must all allow it; none: everywhere that no
                  rule closes
    acts          the other words: `sql` with three of its own, `hook-bypass` and so on
    lists_closed  whether the configuration lists the closed files itself: see `lists_closed`
    apart         folders that are no scratch space, wherever they lie: absolute, without the first `/`
    """

    __slots__ = ("acts", "allowed", "apart", "lists_closed", "mode", "rules")

    def __init__(
        self,
        rules: Sequence[Rule] = (),
        *,
        mode: str = "",
        allowed: Mapping[str, Sequence[Compiled]] | None = None,
        acts: Mapping[str, Any] | None = None,
        lists_closed: bool = False,
        apart: Sequence[str] = (),
    ) -> None:
        self.rules = tuple(rules)
        self.mode = mode
        self.allowed = allowed or {}
        self.acts = acts or DEFAULTS
        self.lists_closed = lists_closed
        self.apart = apart

    def words(self, action: str, spellings: Sequence[Places], *, is_dir: bool = False) -> Iterator[tuple[str, Rule]]:
        """Yield the word of each rule that is about a file and names the action, with the rule."""
        for rule in self.rules:
            word = rule.words.get(action)
            if word and word != ALLOW and rule.fits(spellings, is_dir=is_dir):
                yield word, rule

    def is_allowed(self, action: str, spellings: Sequence[Places], *, ignore_case: bool, is_dir: bool = False) -> bool:
        """Whether an action is allowed in this place: each spelling must lie where it is.

        ignore_case  whether the file system does: what is allowed must be the very file
        """
        return all(
            paths.verdict_at(
                _without_scratch(compiled, places, self.apart), places, is_dir=is_dir, ignore_case=ignore_case
            )
            is True
            for compiled in self.allowed.get(action, ())
            for places in spellings
        )

    def completed(self, rules: Sequence[Rule], apart: Sequence[str]) -> Policy:
        """The same with further rules, and with the folders that are no scratch space."""
        return Policy(
            (*self.rules, *rules),
            mode=self.mode,
            allowed=self.allowed,
            acts=self.acts,
            lists_closed=self.lists_closed,
            apart=apart,
        )

    def under(self, section: Mapping[str, Any], names: Callable[[str], bool]) -> Policy:
        """The same under a floor: what each of the two closes is closed, and of two words the stricter one counts.

        section  the floor's section, as the schema has read it
        names    whether the floor itself has a key of its section, such as `mode` or `sql.opaque`: others say nothing
        """
        floor = policy_of(section)
        acts = {key: word for key, word in self.acts.items() if key != "sql"}
        joined: dict[str, Any] = _stricter(acts, floor.acts, names)
        joined["sql"] = _stricter(self.acts["sql"], floor.acts["sql"], lambda key: names(f"sql.{key}"))
        return Policy(
            (*self.rules, *floor.rules),
            mode=max(self.mode, floor.mode, key=MODES.index) if names("mode") else self.mode,
            allowed={name: (*self.allowed.get(name, ()), *floor.allowed[name]) for name in PLACES_ALLOWED},
            acts=joined,
            lists_closed=self.lists_closed,
            apart=self.apart,
        )


def lists_closed(section: Mapping[str, Any]) -> bool:
    """Whether a section lists the files that are closed for reading: its list takes the place of the built-in one.

    Rules about anything else (`read: whole`, `write: ask`) leave the built-in list in force.
    """
    return any(rule[READ] == DENY for rule in section["rules"])


def policy_of(section: Mapping[str, Any]) -> Policy:
    """The policy of a section that the schema has read."""
    allowed = {name: _compiled(section[f"{name}-allowed"]) for name in PLACES_ALLOWED}
    acts = {name: section[name] for name in DEFAULTS}
    rules = [
        Rule(rule["id"], rule["paths"]["compiled"], {name: rule[name] for name in ACTIONS if rule[name]})
        for rule in section["rules"]
    ]
    return Policy(rules, mode=section["mode"], allowed=allowed, acts=acts, lists_closed=lists_closed(section))


def _stricter(words: Mapping[str, str], floor: Mapping[str, str], names: Callable[[str], bool]) -> dict[str, str]:
    """Key → of the two words the one that weighs more, where the floor names the key."""
    return {key: max(word, floor[key], key=RANKS.__getitem__) if names(key) else word for key, word in words.items()}


def _without_scratch(compiled: Compiled, places: Places, apart: Sequence[str]) -> Compiled:
    """What is allowed, for one place: `//tmp/**` opens scratch space, not a project or a home that lies in it.

    Only where the list speaks of the project itself: else such a pattern may be meant for all that is there.
    """
    path = places[-1][1]
    around = [folder for folder in apart if path.startswith(f"{folder}/")]
    if not around or not any(pattern[0] == "root" for pattern in compiled[0]):
        return compiled
    exact, folded = (tuple(one for one in part if not _is_scratch_around(one, around)) for part in compiled)
    return exact, folded


def _is_scratch_around(pattern: Pattern, folders: Sequence[str]) -> bool:
    """Whether a pattern opens scratch space that holds one of the folders."""
    base, _, _, runs = pattern
    if base != "fs" or not any(runs[0][: len(scratch)] == scratch for scratch in SCRATCH):
        return False
    alone = ((base, False, False, runs),)
    return any(paths.verdict((alone, alone), folder, base="fs", is_dir=True) for folder in folders)


def _compiled(patterns: Mapping[str, Any]) -> tuple[Compiled, ...]:
    """The list that allows some places, or none where it is empty."""
    return (patterns["compiled"],) if patterns["patterns"] else ()
