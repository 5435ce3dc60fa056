"""Why a call is refused, in words that tell the agent what to do instead. No text of a file is ever quoted."""

from __future__ import annotations

import os

from nightlatch.agent.effects import Bypass, CredentialsShown, Unresolved
from nightlatch.core.text import one_line, shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.call import Call
    from nightlatch.agent.place import Place
    from nightlatch.core.finding import Finding

TEMPLATES = (".env.example", ".env.sample", ".env.template")

NO_OTHER_WAY = "Don't try another way: tell the user what you need, and why."


def partial(shown: str, path: str, lines: int, rule: str, call: Call) -> str:
    """A part of a file that is read whole or not at all; with the exact call to make."""
    reads = call.tool if call.tool in ("Read", "read_file", "view") else "Read"
    argument = next((name for name in ("file_path", "filePath", "path") if name in call.arguments), "file_path")
    real = shown_path(os.path.normpath(path))
    return (
        f"{shown} is read whole or not at all (rule {rule}): it has {lines} lines, and this call reads only a part."
        f' Make this call instead: {reads} with {argument}="{one_line(real)}" and no offset and no limit.'
    )


def reading(shown: str, via: str, rule: str, place: Place) -> str:
    """A closed file."""
    template = next((name for name in TEMPLATES if place.exists(os.path.join(place.root, name))), "")
    is_env = shown.rpartition("/")[2].lower().startswith(".env")
    instead = f"The names of the variables stand in {template}, which you may read. " if is_env and template else ""
    return f"{_told(via)} would read {shown}, which is closed to agents (rule {rule}). {instead}{NO_OTHER_WAY}"


def searching(shown: str, via: str) -> str:
    """A search that would show lines of a closed file."""
    name = shown.rpartition("/")[2]
    return (
        f"{_told(via)} would show lines of {shown}, which is closed to agents."
        f' Search without it: add the glob "!{name}", or ask only for the names of files.'
    )


def too_many(shown: str) -> str:
    """A folder with more files than are looked at."""
    return (
        f"{shown} holds so many files that it can't be told whether one of them is closed to agents."
        " Name the folder or the files below it that you need."
    )


def naming(shown: str, via: str) -> str:
    """A closed file that code names, without a call that is known to read it."""
    return f"{_told(via)} runs code that names {shown}, which is closed to agents. {NO_OTHER_WAY}"


def acting(action: str, shown: str, via: str, rule: str) -> str:
    """What doesn't show the content, where a rule says something of it."""
    what = "be handed to another program" if action == "consume" else "be looked at or changed, nor its mode or name"
    return f"{_told(via)}: {shown} may not {what} (rule {rule}). {NO_OTHER_WAY}"


def writing(shown: str, rule: str, *, is_removal: bool) -> str:
    """A file that may not be changed."""
    what = "removed or moved" if is_removal else "written"
    return (
        f"{shown} may not be {what} by an agent (rule {rule})."
        " Leave it as it is, and tell the user which change you would make."
    )


def not_readable(shown: str) -> str:
    """A place outside `read-allowed`."""
    return f"{shown} lies outside what agents may read here (read-allowed in .nightlatch.yaml). {NO_OTHER_WAY}"


def not_writable(shown: str) -> str:
    """A place outside `write-allowed`."""
    return (
        f"{shown} lies outside what agents may write here (write-allowed in .nightlatch.yaml)."
        " Write to one of the folders named there, or ask the user to make this change."
    )


def not_executable(shown: str) -> str:
    """A program outside `execute-allowed`."""
    return f"{shown} is not among what agents may run here (execute-allowed in .nightlatch.yaml). {NO_OTHER_WAY}"


def opaque_sql(via: str) -> str:
    """SQL that can't be seen."""
    return (
        f"{_told(via)} gives a database SQL that can't be seen from here."
        " Write the statements out in the call, or in a file that the call names."
    )


def sql(kind: str, what: str, via: str) -> str:
    """SQL that the policy says something of."""
    instead = {
        "destructive": "Narrow it with WHERE, or ask the user to run it themselves.",
        "schema-change": "Put the change into a migration, or have the user agree to it.",
    }.get(kind, "Write out what it does, or have the user agree to it.")
    shown = f": {one_line(what)}" if what else ""
    if not what and kind == "destructive":
        instead = "Have the user run it themselves, where it is meant."
    return f"{_told(via)} runs SQL that is {kind}{shown}. {instead}"


def secret(found: Finding, where: str) -> str:
    """A secret in what is to be written or shown; never its value."""
    note = " A note that allows it must be a person's." if found.note else ""
    return (
        f"A secret stands in {where}: {one_line(found.message)} (rule {found.rule.id}).{note}"
        " Take it from the environment or a secret manager instead, and name only the variable."
    )


def of(effect: Bypass | CredentialsShown | Unresolved) -> str:
    """An effect that speaks for itself."""
    if isinstance(effect, Bypass):
        return (
            f"{_told(effect.what)} would pass the checks by."
            " Do it without that: if a check fails, mend what it finds, or tell the user."
        )
    if isinstance(effect, CredentialsShown):
        return (
            f"{_told(effect.via)} prints credentials."
            " Use them where they are, without showing them, or have the user agree."
        )
    return (
        f"It can't be told what this would do: {_told(effect.what)} is {one_line(effect.why)}."
        " Write the file's name or the command out."
    )


def _told(words: str) -> str:
    """A piece of the call for a sentence: on one line, and not long."""
    line = one_line(shown_path(words))
    return line if len(line) <= 100 else line[:99] + "…"  # noqa: PLR2004 - what a line of a terminal takes
