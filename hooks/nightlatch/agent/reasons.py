"""Why a call isn't let through, in two parts: what it would do, and what the agent is to do instead.

A denial tells the agent both; a question is put to a person, who is told the first. No text of a file is ever quoted.
"""

from __future__ import annotations

import os

from nightlatch.agent.call import ASK
from nightlatch.agent.effects import Bypass, CredentialsShown, GitOutput, GitTree, Unresolved
from nightlatch.core.text import one_line, shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.agent.call import Call
    from nightlatch.agent.place import Place
    from nightlatch.core.finding import Finding

TEMPLATES = (".env.example", ".env.sample", ".env.template")

NO_OTHER_WAY = "Don't try another way: tell the user what you need, and why."
FOR_A_PERSON = "Let it pass only if that is what you want."
MOST_REASONS = 3
LONGEST_PIECE = 100
"""Characters of a piece of the call: what a line of a terminal takes."""


class Reason:
    """One of them: `what` the call would do, and what the agent is to do `instead`."""

    __slots__ = ("instead", "what")

    def __init__(self, what: str, instead: str) -> None:
        self.what = what
        self.instead = instead


def told(reasons: Sequence[Reason], *, to_a_person: bool) -> str:
    """The first few reasons as one text, each thing said once."""
    first = list({(reason.what, reason.instead): reason for reason in reasons}.values())[:MOST_REASONS]
    whats = _without_common_opening([reason.what for reason in first])
    if to_a_person:
        return " ".join([*dict.fromkeys(whats), FOR_A_PERSON])
    pairs = zip(whats, first, strict=True)
    return " ".join(dict.fromkeys(part for what, reason in pairs for part in (what, reason.instead)))


def _without_common_opening(whats: list[str]) -> list[str]:
    """Sentences that begin as the first one does, up to its colon, go on from there."""
    before, colon, _ = whats[0].partition(": ")
    rests = [what.removeprefix(before + colon) if colon else what for what in whats[1:]]
    return [whats[0], *(rest[:1].upper() + rest[1:] for rest in rests)]


def partial(shown: str, path: str, lines: int, rule: str, call: Call) -> Reason:
    """A part of a file that is read whole or not at all; with the exact call to make."""
    reads = call.tool if call.tool in ("Read", "read_file", "view") else "Read"
    argument = next((name for name in ("file_path", "filePath", "path") if name in call.arguments), "file_path")
    real = shown_path(os.path.normpath(path))
    return Reason(
        f"{shown} is read whole or not at all (rule {rule}): it has {lines} lines, and this call reads only a part.",
        f'Make this call instead: {reads} with {argument}="{one_line(real)}" and no offset and no limit.',
    )


def reading(shown: str, path: str, via: str, rule: str, *, decision: str, place: Place) -> Reason:
    """A closed file, or one that is to be asked for.

    shown  the path as it is told, path the absolute one
    """
    is_env = os.path.basename(path).lower().startswith(".env")
    template = _template_beside(path, place) if is_env else ""
    instead = f"The names of the variables stand in {template}, which you may read. " if template else ""
    closed = "which a person is asked about" if decision == ASK else "which is closed to agents"
    return Reason(f"{_told(via)} would read {shown}, {closed} (rule {rule}).", f"{instead}{NO_OTHER_WAY}")


def _template_beside(path: str, place: Place) -> str:
    """The template in a file's own folder, as it is told; empty where there is none."""
    folder = os.path.dirname(os.path.normpath(path))
    name = next((name for name in TEMPLATES if place.exists(os.path.join(folder, name))), "")
    is_at_root = os.path.realpath(folder) == place.root
    return one_line(shown_path(name if is_at_root or not name else os.path.join(folder, name)))


def searching(shown: str, via: str) -> Reason:
    """A search that would show lines of a closed file."""
    program = via.partition(" ")[0]
    left_out = {
        "git": f"`-- . ':!/{shown}'`",
        "rg": f"`-g '!{shown.rpartition('/')[2]}'`",
        "grep": f"`--exclude='{shown.rpartition('/')[2]}'`",
    }.get("grep" if program.endswith("grep") else program, f'the glob "!{shown.rpartition("/")[2]}"')
    return Reason(
        f"{_told(via)} would show lines of {shown}, which is closed to agents.",
        f"Search without it: add {left_out}, or ask only for the names of files.",
    )


def showing(shown: str, output: GitOutput, closed: Sequence[str], *, is_top: bool) -> Reason:
    """A closed file that git tracks and would print.

    shown   the first of them, as it is told
    closed  all of them, relative to the folder that git runs in
    is_top  whether that is the top of the repository
    """
    more = f" and {len(closed) - 1} more" if len(closed) > 1 else ""
    what = f"{output.via} would show lines of {shown}{more}, which git tracks and which agents may not read."
    if len(closed) > MOST_EXCLUDED:
        return Reason(what, "Name the files that you need behind --, or ask only for names: --stat.")
    excluded = " ".join("'" + f":!{one}".replace("'", "'\\''") + "'" for one in closed)
    if output.name == "stash":
        instead = f"Run this instead: `git diff 'stash@{{0}}^1' 'stash@{{0}}' -- {'.' if is_top else ':/'} {excluded}`."
    elif output.has_paths:
        instead = f"Leave it out: add `{excluded}` behind the paths."
    else:
        instead = f"Leave it out: add `-- {'.' if is_top else ':/'} {excluded}`."
    return Reason(what, one_line(shown_path(instead)))


MOST_EXCLUDED = 10


def bringing_back(tree: GitTree, changed: Sequence[str]) -> Reason:
    """Guard files that a command of git would make what they were."""
    from nightlatch.protected_files.built_in import GUARDS_ID

    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    source = "another commit" if tree.revision else "the index"
    what = (
        f"{tree.via} would bring {one_line(shown_path(changed[0]))}{more} back from {source}, which an agent may not "
        f"write (rule {GUARDS_ID})."
    )
    if tree.pathspecs is None or len(changed) > MOST_EXCLUDED:
        return Reason(what, "Name the files that you need behind --, without these, or have the user do it.")
    quoted = ("'" + f":(top,exclude){one}".replace("'", "'\\''") + "'" for one in changed)
    plain = " ".join(quoted).replace(":(top,exclude)", ":!") if _is_at_top(tree) else " ".join(quoted)
    return Reason(what, one_line(shown_path(f"Leave it out: add `{plain}` behind the paths.")))


def _is_at_top(tree: GitTree) -> bool:
    return os.path.lexists(os.path.join(tree.folder, ".git"))


def unclear_tree(tree: GitTree) -> Reason:
    """Files of a commit that isn't known, guard files perhaps among them."""
    what = f"It can't be told whether {tree.via} would bring guard files back from that commit."
    return Reason(what, "Name the files that you need behind --.")


def too_many(shown: str) -> Reason:
    """A folder with more files than are looked at."""
    return Reason(
        f"{shown} holds so many files that it can't be told whether one of them is closed to agents.",
        "Name the folder or the files below it that you need.",
    )


def naming(shown: str, via: str) -> Reason:
    """A closed file that code names, without a call that is known to read it."""
    return Reason(f"{_told(via)} runs code that names {shown}, which is closed to agents.", NO_OTHER_WAY)


def acting(action: str, shown: str, via: str, rule: str, decision: str) -> Reason:
    """What doesn't show the content, where a rule says something of it."""
    what = "hand {} to another program" if action == "consume" else "look at {}, its mode or its name, or change them"
    closed = "which a person is asked about" if decision == ASK else "which agents may not do"
    return Reason(f"{_told(via)} would {what.format(shown)}, {closed} (rule {rule}).", NO_OTHER_WAY)


def writing(shown: str, rule: str, decision: str, *, is_removal: bool) -> Reason:
    """A file that may not be changed, or not without a person."""
    what = "removed or moved" if is_removal else "written"
    if decision == ASK:
        said = f"{shown} would be {what}, which a person is asked about (rule {rule})."
    else:
        said = f"{shown} may not be {what} by an agent (rule {rule})."
    return Reason(said, "Leave it as it is, and tell the user which change you would make.")


def not_readable(shown: str) -> Reason:
    """A place outside `read-allowed`."""
    return Reason(f"{shown} lies outside what agents may read here (protected-files.read-allowed).", NO_OTHER_WAY)


def not_writable(shown: str) -> Reason:
    """A place outside `write-allowed`."""
    return Reason(
        f"{shown} lies outside what agents may write here (protected-files.write-allowed).",
        "Write to one of the folders named there, or ask the user to make this change.",
    )


def not_executable(shown: str) -> Reason:
    """A program outside `execute-allowed`."""
    what = f"{shown} is not among what agents may run here (protected-files.execute-allowed)."
    return Reason(what, NO_OTHER_WAY)


def opaque_sql(via: str) -> Reason:
    """SQL that can't be seen."""
    return Reason(
        f"{_told(via)} gives a database SQL that can't be seen from here.",
        "Write the statements out in the call, or in a file that is there and may be read.",
    )


def sql(kind: str, what: str, via: str) -> Reason:
    """SQL that the policy says something of."""
    instead = {
        "destructive": "Narrow it with WHERE, or ask the user to run it themselves.",
        "schema-change": "Put the change into a migration, or have the user agree to it.",
    }.get(kind, "Write out what it does, or have the user agree to it.")
    shown = f": {one_line(what)}" if what else ""
    if kind == "destructive" and what.partition(" ")[0].upper() not in NARROWED:
        instead = "Have the user run it themselves, where it is meant."
    return Reason(f"{_told(via)} runs SQL that is {kind}{shown}.", instead)


NARROWED = ("DELETE", "UPDATE")
"""Statements that may be harmless with a condition."""


def secret(found: Finding, where: str) -> Reason:
    """A secret in what is to be written or shown; never its value."""
    note = " A note beside it allows it." if found.note else ""
    return Reason(
        f"A secret stands in {where}: {one_line(found.message)} (rule {found.rule.id}).{note}",
        ("A note that allows it must be a person's. " if found.note else "")
        + "Take it from the environment or a secret manager instead, and name only the variable.",
    )


def of(effect: Bypass | CredentialsShown | Unresolved) -> Reason:
    """An effect that speaks for itself."""
    if isinstance(effect, Bypass):
        return Reason(
            f"{_told(effect.what)} would pass the checks by.",
            "Do it without that: if a check fails, mend what it finds, or tell the user.",
        )
    if isinstance(effect, CredentialsShown):
        return Reason(
            f"{_told(effect.via)} prints credentials.",
            "Use them where they are, without showing them, or have the user agree.",
        )
    return Reason(
        f"It can't be told what this would do: {_told(effect.what)} is {one_line(effect.why)}.",
        "Write the file's name or the command out.",
    )


def _told(words: str) -> str:
    """A piece of the call for a sentence: on one line, and not long."""
    line = one_line(shown_path(words))
    return line if len(line) <= LONGEST_PIECE else line[: LONGEST_PIECE - 1] + "…"
