"""Each effect of a call against the policy: what is to be denied or asked about, and what to do instead."""

from __future__ import annotations

import os

from nightlatch.agent import effects, reasons
from nightlatch.agent.below import TooManyError, candidates
from nightlatch.agent.call import ASK, DENY
from nightlatch.agent.search import Search, closed_files_shown
from nightlatch.agent.spelling import IGNORES_CASE, every_place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from nightlatch.agent.call import Call
    from nightlatch.agent.effects import Effect
    from nightlatch.agent.situation import Situation
    from nightlatch.protected_files.policy import Places, Rule

    Objection = tuple[str, reasons.Reason, str]
    """(decision, reason, the rule's name)"""

READ, WRITE, METADATA, CONSUME = "read", "write", "metadata", "consume"

DECISIONS = {"ask": ASK, "deny": DENY}
"""A word of the configuration → the decision that it means; other words mean none."""

ALWAYS_WRITABLE = frozenset(("/dev/null", "/dev/zero", "/dev/stdout", "/dev/stderr", "/dev/tty", "NUL", "nul"))
ANY_NAME = "file"
"""What is written into a folder has some name there: `//tmp/**` is what lies in it, not the folder."""

MOST_LINES_FILE = 16 * 1024 * 1024
MOST_OBJECTIONS = 20


def objections(found: Iterable[Effect], call: Call, now: Situation) -> Iterator[Objection]:
    """Yield what speaks against a call, effect by effect."""
    from nightlatch.agent import modes

    yield from modes.of_tool(call, now)
    for effect in found:
        yield from modes.objections(effect, call, now)
        try:
            yield from _JUDGES[type(effect)](effect, call, now)
        except TooManyError:
            yield (
                ASK,
                reasons.too_many(now.in_project(getattr(effect, "path", "") or getattr(effect, "folder", ""))),
                "read",
            )


def _read(effect: effects.Read, call: Call, now: Situation) -> Iterator[Objection]:
    if now.place.is_folder(effect.path):
        yield from _read_folder(effect, call, now)
        return
    places = every_place(effect.path, now.place)
    shown = now.in_project(effect.path)
    for word, rule in _words(READ, effect.path, places, now):
        if word == effects.WHOLE:
            lines = _lines_left_out(effect, now)
            if lines:
                yield DENY, reasons.partial(shown, effect.path, lines, rule.id, call), rule.id
        else:
            decision = DECISIONS[word]
            yield (
                decision,
                reasons.reading(shown, effect.path, effect.via, rule.id, decision=decision, place=now.place),
                rule.id,
            )
    if not now.policy.is_allowed(READ, places, ignore_case=IGNORES_CASE):
        yield DENY, reasons.not_readable(shown), "read-allowed"


def _read_folder(effect: effects.Read, call: Call, now: Situation) -> Iterator[Objection]:
    """Everything below a folder is read, but for a search, of which nothing is known but where it looks."""
    if effect.window.kind != effects.WHOLE:
        return
    for path in candidates(effect.path, READ, now):
        if now.is_closed(path):
            yield from _read(effects.Read(path, effect.via), call, now)
            return


def _lines_left_out(effect: effects.Read, now: Situation) -> int:
    """How many lines the file has, where the call reads only a part of them; 0 where it reads the whole."""
    window = effect.window
    if window.kind == effects.WHOLE or (window.kind == effects.LINES and window.first <= 1 and window.last is None):
        return 0
    if not now.place.exists(effect.path):
        return 0
    text = now.place.read_text(effect.path, MOST_LINES_FILE)
    lines = 1 if text is None else text.count("\n") + (not text.endswith("\n"))
    if text is not None and window.kind == effects.LINES and window.first <= 1 and (window.last or 0) >= lines:
        return 0
    if text is not None and window.kind == effects.LAST and window.count >= lines:
        return 0
    return max(lines, 1)


def _metadata(effect: effects.Metadata, call: Call, now: Situation) -> Iterator[Objection]:  # noqa: ARG001 - the functions of the table are alike
    yield from _by_rules(METADATA, effect.path, effect.via, now)


def _hand_over(effect: effects.HandOver, call: Call, now: Situation) -> Iterator[Objection]:  # noqa: ARG001 - the functions of the table are alike
    yield from _by_rules(CONSUME, effect.path, effect.via, now)


def _by_rules(action: str, path: str, via: str, now: Situation) -> Iterator[Objection]:
    for word, rule in _words(action, path, every_place(path, now.place), now):
        if word in DECISIONS:
            decision = DECISIONS[word]
            yield decision, reasons.acting(action, now.in_project(path), via, rule.id, decision), rule.id


def _write(effect: effects.Write, call: Call, now: Situation) -> Iterator[Objection]:
    if _is_stream(effect.path):
        return
    places = every_place(effect.path, now.place)
    shown = now.in_project(effect.path)
    told: set[str] = set()
    for word, rule in _words(WRITE, effect.path, places, now):
        if word in DECISIONS and word not in told:
            told.add(word)
            decision = DECISIONS[word]
            yield decision, reasons.writing(shown, rule.id, decision, is_removal=effect.is_removal), rule.id
    is_into_folder = not effect.is_removal and now.place.is_folder(effect.path)
    target = every_place(os.path.join(effect.path, ANY_NAME), now.place) if is_into_folder else places
    if not now.policy.is_allowed(WRITE, target, ignore_case=IGNORES_CASE):
        yield DENY, reasons.not_writable(shown), "write-allowed"
    if effect.is_removal and now.place.is_folder(effect.path):
        yield from _remove_folder(effect, now)
    if effect.content:
        before = now.place.read_text(effect.path, MOST_LINES_FILE) or ""
        yield from _content_of(
            effect.content, f"what is to be written to {shown}", call, now, path=shown, before=before
        )


def _is_stream(path: str) -> bool:
    """Whether it is a device that keeps nothing, or a stream that the command has open already."""
    plain = os.path.normpath(path)
    return plain in ALWAYS_WRITABLE or (plain.startswith("/dev/fd/") and plain[8:].isdecimal())


def _remove_folder(effect: effects.Write, now: Situation) -> Iterator[Objection]:
    """What lies below goes too. The first file of each kind of decision is enough."""
    told: set[str] = set()
    for path in candidates(effect.path, WRITE, now):
        for word, rule in _words(WRITE, path, every_place(path, now.place), now):
            if word in DECISIONS and word not in told:
                told.add(word)
                decision = DECISIONS[word]
                yield decision, reasons.writing(now.in_project(path), rule.id, decision, is_removal=True), rule.id
        if DENY in told:
            return


def _words(action: str, path: str, places: list[Places], now: Situation) -> Iterator[tuple[str, Rule]]:
    """The words of the rules about a path, of those by name that are built in, and of a second name of the file."""
    is_dir = now.place.is_folder(path)
    yield from now.policy.words(action, places, is_dir=is_dir)
    if action in (READ, WRITE):
        from nightlatch.protected_files.built_in import SECRETS_ID
        from nightlatch.protected_files.policy import Rule

        is_new = action == WRITE and not now.place.exists(path)  # a file that is made from a template holds no secret
        if now.is_secret_by_name(path) and not is_new:
            yield DENY, Rule(SECRETS_ID, ((), ()), {})
        from nightlatch.agent.hard_links import other_names

        for other in other_names(path, now.place):
            yield from now.policy.words(action, every_place(other, now.place))
            if now.is_secret_by_name(other):
                yield DENY, Rule(SECRETS_ID, ((), ()), {})


def _execute(effect: effects.Execute, call: Call, now: Situation) -> Iterator[Objection]:  # noqa: ARG001 - the functions of the table are alike
    if not now.policy.allowed.get("execute"):
        return
    from nightlatch.agent.programs import is_allowed

    if not is_allowed(effect.path, now):
        yield DENY, reasons.not_executable(now.in_project(effect.path)), "execute-allowed"


def _sql(effect: effects.Sql, call: Call, now: Situation) -> Iterator[Objection]:
    words: Mapping[str, str] = now.policy.acts["sql"]
    if effect.text is None:
        if words["opaque"] in DECISIONS:
            yield DECISIONS[words["opaque"]], reasons.opaque_sql(effect.via), "sql.opaque"
        return
    from nightlatch.agent.sql import classify

    for statement in classify(effect.text):
        word = words.get(statement.kind)
        if word in DECISIONS:
            what = statement.what if _is_in_call(statement.what, call) else ""
            yield DECISIONS[word], reasons.sql(statement.kind, what, effect.via), f"sql.{statement.kind}"


def _is_in_call(what: str, call: Call) -> bool:
    """Whether each name and word of a statement stands in the call itself: those of a file are never quoted."""
    from nightlatch.agent.mcp import texts_of

    given = " ".join(text for _, text in texts_of(call.arguments)).lower()
    return all(word in given for word in _plain_words(what))


def _plain_words(text: str) -> list[str]:
    spaced = "".join(letter if letter.isalnum() or letter == "_" else " " for letter in text)
    return [word for word in spaced.lower().split() if word not in _OUR_WORDS]


_OUR_WORDS = frozenset(
    {"a", "an", "be", "by", "closed", "condition", "deeply", "in", "is", "it", "known", "long", "nested", "never", "of",
     "or", "program", "read", "runs", "sql", "t", "that", "the", "to", "too", "true", "where", "which", "whose", "with",
     "without"}
)  # fmt: skip
"""Words that `Statement.what` may have of its own."""


def _content(effect: effects.Content, call: Call, now: Situation) -> Iterator[Objection]:
    yield from _content_of(effect.text, effect.where, call, now)


def _content_of(
    text: str, where: str, call: Call, now: Situation, *, path: str = "", before: str = ""
) -> Iterator[Objection]:
    """A secret in a text. A note in it that allows the secret is the agent's own word: a person is asked."""
    from nightlatch.agent.content import findings

    word: str = now.policy.acts["secrets-in-content"]
    for found in findings(text, path, before, now.config):
        if found.value:
            call.secrets.add(found.value.decode("utf-8", "replace"))
        if word in DECISIONS:
            decision = ASK if found.note else DECISIONS[word]
            yield decision, reasons.secret(found, where), found.rule.id


def _by_word(key: str) -> Callable[[Any, Call, Situation], Iterator[Objection]]:
    def judged(effect: Any, call: Call, now: Situation) -> Iterator[Objection]:  # noqa: ARG001 - the functions of the table are alike
        word = now.policy.acts[key]
        if word in DECISIONS:
            yield DECISIONS[word], reasons.of(effect), key

    return judged


def _search(effect: Search, call: Call, now: Situation) -> Iterator[Objection]:
    for path in closed_files_shown(effect, now):
        if _is_searched(effect, path, now):
            yield DENY, reasons.searching(now.in_project(path), effect.via), "read"
            return
    from nightlatch.agent.search import only_files_read_whole

    for path, rule in only_files_read_whole(effect, now):
        lines = _lines_left_out(effects.Read(path, effect.via, effects.Window(effects.SOME)), now)
        if lines:
            yield DENY, reasons.partial(now.in_project(path), path, lines, rule.id, call), rule.id
            return


def _is_searched(effect: Search, path: str, now: Situation) -> bool:
    """Whether a search looks into a file: git's into those that it tracks, grep into all, others not into ignored ones.

    Globs of its own go before what is ignored.
    """
    if effect.via == "git grep":
        return now.is_tracked(path)
    return bool(effect.globs) or effect.via.startswith("grep") or not now.is_ignored(path)


def _git_output(effect: effects.GitOutput, call: Call, now: Situation) -> Iterator[Objection]:
    from nightlatch.agent.git_output import OF_SETTINGS
    from nightlatch.agent.git_output import closed_files_shown as closed_files_printed

    if effect.name in OF_SETTINGS:
        from nightlatch.agent.git_settings import shows_credentials

        if shows_credentials(effect.name, effect.words, effect.folder):
            yield from _by_word("credentials-on-stdout")(effects.CredentialsShown(effect.via), call, now)
        return
    closed = closed_files_printed(effect, now)
    if closed:
        is_top = now.place.exists(os.path.join(effect.folder, ".git"))
        shown = now.in_project(os.path.join(effect.folder, closed[0]))
        yield DENY, reasons.showing(shown, effect, closed, is_top=is_top), "read"


def _git_tree(effect: effects.GitTree, call: Call, now: Situation) -> Iterator[Objection]:  # noqa: ARG001 - the functions of the table are alike
    """Guard files among some paths are denied; where the whole tree becomes another, a person is asked."""
    from nightlatch.agent.git_trees import Unclear, covers_guards, guard_files_changed
    from nightlatch.protected_files.built_in import GUARDS_ID

    try:
        changed = guard_files_changed(effect, now)
    except Unclear:
        if effect.pathspecs is not None and covers_guards(effect.pathspecs):
            yield ASK, reasons.unclear_tree(effect), GUARDS_ID
        return
    if changed:
        is_plumbing = effect.via == "git read-tree"
        yield (
            (ASK if effect.pathspecs is None and not is_plumbing else DENY),
            reasons.bringing_back(effect, changed),
            GUARDS_ID,
        )


def _named(effect: effects.Named, call: Call, now: Situation) -> Iterator[Objection]:  # noqa: ARG001 - the functions of the table are alike
    if now.is_closed(effect.path) and not now.place.is_folder(effect.path):
        yield ASK, reasons.naming(now.in_project(effect.path), effect.via), "read"


_JUDGES: Mapping[type, Callable[[Any, Call, Situation], Iterator[Objection]]] = {
    effects.Read: _read,
    effects.Metadata: _metadata,
    effects.HandOver: _hand_over,
    effects.Write: _write,
    effects.Execute: _execute,
    effects.Sql: _sql,
    effects.Content: _content,
    effects.Bypass: _by_word("hook-bypass"),
    effects.CredentialsShown: _by_word("credentials-on-stdout"),
    effects.Unresolved: _by_word("unresolved-command"),
    effects.Named: _named,
    Search: _search,
    effects.GitOutput: _git_output,
    effects.GitTree: _git_tree,
}
