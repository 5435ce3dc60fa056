"""How an env file is written: ENV101 to ENV104."""

from __future__ import annotations

import re

from nightlatch.core.rule import ERROR, WARNING
from nightlatch.core.text import plural
from nightlatch.env_files import rules_of_contents as rules
from nightlatch.env_files.dotenv_readers import groups
from nightlatch.env_files.dotenv_tokens import AFTER_THE_QUOTE, NAME_WITHOUT_VALUE, UNTERMINATED
from nightlatch.env_files.placeholders import looks_random
from nightlatch.env_files.variables import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.env_files.dotenv_tokens import Assignment, Stray
    from nightlatch.env_files.variables import Contents, Variable

PASS_ON = ("compose", "docker-run")
"""Readers to which a name alone means the variable of their own environment."""

PLAIN = re.compile(rb"[A-Za-z0-9_./:@%+,=?&!*~^()<>;|\[\]{}-]*")
"""Values that all readers but a shell take as they stand."""

COMMAND_START = re.compile(rb"(?<!\\)\$\((?!\))")
ARITHMETIC = re.compile(rb"[0-9A-Za-z_$+*/%<>=!&|^~?:,() \t-]*")
TWO_WORDS = re.compile(rb"[0-9A-Za-z_$][ \t]+[0-9A-Za-z_$]")
LONGEST_ARITHMETIC = 300
REFERENCE = re.compile(rb"\$\{?[A-Za-z_]")
NAMED = re.compile(rb"\$\{?([A-Za-z0-9_]+)")
BACKTICK = re.compile(rb"(?<!\\)`")

QUOTE_IT = "Put single quotes around the value."
CAUSES = (
    (lambda token: token.sign == b":", "it is written with a colon", "Write = in place of the colon."),
    (lambda token: token.marked, "a byte order mark stands before it", "Save the file as UTF-8 without a mark."),
    (
        lambda token: token.export not in (b"", b"export "),
        "more stands behind export than one blank",
        "Leave one blank.",
    ),
    (lambda token: token.quote == b"`", "it stands in backticks", "Put it in single or double quotes."),
    (
        lambda token: token.rest.lstrip().startswith(b"#"),
        "a comment follows the sign, which some take for the value",
        "Put the comment on a line of its own.",
    ),
    (lambda token: b"$" in token.raw, "of a `$`, which some replace by a variable", None),
    (lambda token: b"\\" in token.raw, "of a backslash", None),
    (lambda token: b"#" in token.rest, "of a `#`, which begins a comment for some", QUOTE_IT),
    (
        lambda token: bool(token.quote),
        "of its quotes",
        "Leave them out: docker run takes them for a part of the value.",
    ),
    (lambda token: token.spaced, "of the blanks around the sign", "Write NAME=value without blanks."),
)
"""What readers disagree on, how the message says it, and what to do; the first that fits counts."""


def check(contents: Contents) -> None:
    """Note what is wrong with the way a file is written."""
    _strays(contents)
    first: dict[str, Variable] = {}
    for variable in contents.variables:
        _duplicate(contents, variable, first)
        if not _faulty(contents, variable) and not _command(contents, variable):
            _disagreement(contents, variable)


def _severity(contents: Contents) -> str:
    """Nothing is run with a template: what is wrong in it is worth a warning."""
    return WARNING if contents.is_template else ERROR


def _strays(contents: Contents) -> None:
    """Lines that set nothing; those that follow each other are told together."""
    if "bash" in contents.readers:
        return
    run: list[Stray] = []
    for stray in contents.strays:
        is_name = stray.fault == NAME_WITHOUT_VALUE and not looks_random(contents.file.text[stray.start : stray.stop])
        if is_name and any(name in PASS_ON for name in contents.readers):
            _name_alone(contents, stray)
            continue
        if run and contents.file.text.count(b"\n", run[-1].stop, stray.start) > 1:
            _told(contents, run)
            run = []
        run.append(stray)
    _told(contents, run)


def _name_alone(contents: Contents, stray: Stray) -> None:
    if not all(name in PASS_ON for name in contents.readers):
        contents.problems.append(
            Problem(
                rules.NOT_PORTABLE,
                stray.start,
                stray.stop,
                "A name without a value: compose passes its own variable on, other readers drop the line",
                fix="Write NAME= for an empty value, or delete the line.",
            )
        )


def _told(contents: Contents, run: list[Stray]) -> None:
    if run:
        more = f", and {plural(len(run) - 1, 'line')} after it" if len(run) > 1 else ""
        contents.problems.append(
            Problem(
                rules.SYNTAX,
                run[0].start,
                run[0].stop,
                f"This line is no assignment and no comment{more}: readers drop it",
                severity=_severity(contents),
                fix="Write it as NAME=value, a comment with # in front, and a value of several lines in quotes.",
            )
        )


def _duplicate(contents: Contents, variable: Variable, first: dict[str, Variable]) -> None:
    earlier = first.setdefault(variable.key, variable)
    if earlier is variable or _continues(variable):
        return
    contents.problems.append(
        Problem(
            rules.DUPLICATE,
            variable.token.key_start,
            variable.token.key_start + len(variable.token.key),
            f"{variable.shown} is set in line {earlier.line} already",
            severity=_severity(contents),
            fix=f"Delete this line or line {earlier.line}.",
        )
    )


def _continues(variable: Variable) -> bool:
    """Whether a variable adds to what it was: `PATH=$PATH:/opt/bin`."""
    return b"$" in variable.value and variable.token.key in NAMED.findall(variable.value)


def _faulty(contents: Contents, variable: Variable) -> bool:
    token = variable.token
    if token.fault == UNTERMINATED:
        message = f"The quote before the value of {variable.shown} is never closed"
        fix = "Close the quote at the end of the value."
    elif token.fault == AFTER_THE_QUOTE and not set(contents.readers) <= {"bash"}:
        message = f"Something stands behind the closing quote of {variable.shown}"
        fix = "Put the whole value in one pair of quotes, and a blank and a # before a comment."
    else:
        return False
    contents.at(rules.SYNTAX, variable, message, severity=_severity(contents), fix=fix)
    return True


def _command(contents: Contents, variable: Variable) -> bool:
    token = variable.token
    if token.quote == b"'" or (b"$(" not in token.raw and "bash" not in contents.readers):
        return False
    raw = token.raw if token.quote else token.raw.partition(b" #")[0]
    by_shell = "bash" in contents.readers and (token.quote == b"`" or BACKTICK.search(raw))
    if not by_shell and not _substitutes(raw):
        return False
    contents.at(
        rules.COMMAND,
        variable,
        f"A command stands in the value of {variable.shown}: dotenvx and shells run it",
        severity=_severity(contents),
    )
    return True


def _substitutes(raw: bytes) -> bool:
    """Whether a command stands in `$(…)`. `$((…))` is arithmetic only as long as it can be nothing else."""
    last = raw.rfind(b")")
    starts = (found for found in COMMAND_START.finditer(raw, 0, max(last, 0)))
    return any(not _is_arithmetic(raw[found.end() : found.end() + LONGEST_ARITHMETIC]) for found in starts)


def _is_arithmetic(rest: bytes) -> bool:
    """Whether what follows `$(` is a bracket of numbers, operators and names that closes before the next `)`."""
    if not rest.startswith(b"("):
        return False
    depth = 0
    for place, sign in enumerate(rest):
        depth += (sign == ord("(")) - (sign == ord(")"))
        if depth == 0:
            inner = rest[1:place]
            is_closed = rest[place + 1 : place + 2] == b")"
            return is_closed and ARITHMETIC.fullmatch(inner) is not None and not TWO_WORDS.search(inner)
    return False


def _disagreement(contents: Contents, variable: Variable) -> None:
    token, readers = variable.token, contents.readers
    if _is_plain(token) and "bash" not in readers and "docker-run" not in readers:
        return
    found = groups(token, readers)
    is_meant = contents.is_template and REFERENCE.search(token.raw)  # who wrote the template knows what replaces it
    if len(found) > 1 and not is_meant:
        named = "; ".join(", ".join(names) for names in found)
        cause, fix = next(
            ((cause, fix) for fits, cause, fix in CAUSES if fits(token)), ("of blanks or signs", QUOTE_IT)
        )
        contents.at(
            rules.NOT_PORTABLE,
            variable,
            f"Readers disagree on {variable.shown} because {cause}: {named}",
            fix=fix,
            data={"readers": [list(names) for names in found]},
        )


def _is_plain(token: Assignment) -> bool:
    """Whether a value is so simple that no reader but a shell's takes it otherwise: most are."""
    if token.sign == b":" or token.marked or token.export not in (b"", b"export ") or b"\t" in token.rest:
        return False
    is_alone = token.quote in (b'"', b"'") or token.rest.strip() == token.raw
    return is_alone and PLAIN.fullmatch(token.raw) is not None
