"""An env file as its variables, and the problems that were found in it."""

from __future__ import annotations

import re

from nightlatch.env_files.dotenv_readers import value_of
from nightlatch.env_files.dotenv_tokens import Assignment, Stray, tokens
from nightlatch.env_files.environments import VARIABLES, environment_named
from nightlatch.env_files.key_formats import leads_elsewhere, vendor_of
from nightlatch.env_files.key_names import OWN_CHOICE, secret_class
from nightlatch.env_files.placeholders import is_encrypted, is_reference, looks_random
from nightlatch.env_files.vendor_formats import vendor_format

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.core.files import File
    from nightlatch.core.finding import Finding
    from nightlatch.core.rule import Rule
    from nightlatch.env_files.env_file import EnvFile

MOST_TOKENS = 100_000
"""A file with more assignments and other lines than this isn't checked, and that is said."""

MOST_OF_A_RULE = 100
"""So many problems of one rule are told of a file; the last one says how many there are."""

LONGEST_NAME = 64
PADDING = (b"", b"=")
"""What follows the sign in the last line of base64, which looks like a name without a value."""

NO_VALUE = (b"null", b"none", b"(null)")
"""What stands for no value, as Laravel reads it; not for a secret of one's own, which would be the word."""

COMMENTED_OUT = re.compile(rb"^[ \t]*#[# \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=", re.MULTILINE)
ENCRYPTS = re.compile(rb"(?:sops_|DOTENV_PUBLIC_KEY)")


class TooLongError(Exception):
    """A file has more than MOST_TOKENS lines that say something."""


class Variable:
    """A variable of an env file.

    key     its name
    line    the line of its name, counted from 1; 0 where nobody counted
    token   where it stands, and how it is written
    value   its value, as the file's readers take it
    secret  the class of secret that its name tells, see `key_names`
    """

    __slots__ = ("key", "line", "secret", "token", "value")

    def __init__(self, token: Assignment, readers: Sequence[str], line: int = 0) -> None:
        self.token = token
        self.line = line
        self.key = token.key.decode("ascii")
        self.value = value_of(token, readers)
        self.secret = secret_class(self.key)

    @property
    def is_opaque(self) -> bool:
        """Whether nothing can be said about the value: there is none, it is encrypted, or it stands elsewhere."""
        is_none = self.value.lower() in NO_VALUE and self.secret != OWN_CHOICE
        return not self.value or is_none or is_encrypted(self.value) or is_reference(self.value)

    @property
    def shown(self) -> str:
        """The name for messages. A line of a key without quotes may look like a name: such a one isn't shown."""
        is_usual = self.key.isupper() and "_" in self.key
        is_base64 = self.token.raw in PADDING and not is_usual and not self.key.islower() and not self.key.isupper()
        if len(self.key) > LONGEST_NAME or vendor_format(self.token.key) or is_base64:
            return "this variable"
        return self.key if is_usual or not looks_random(self.token.key) else "this variable"


class Problem:
    """What is wrong, from byte to byte of a file; the arguments of `File.finding`, and a fix of its own."""

    __slots__ = ("data", "end", "fix", "message", "rule", "severity", "start", "value")

    def __init__(
        self,
        rule: Rule,
        start: int,
        end: int,
        message: str,
        *,
        severity: str | None = None,
        fix: str | None = None,
        data: dict[str, object] | None = None,
        value: bytes | None = None,
    ) -> None:
        self.rule = rule
        self.start = start
        self.end = end
        self.message = message
        self.severity = severity
        self.fix = fix
        self.data = data
        self.value = value


class Contents:
    """What stands in an env file. Raises TooLongError.

    path         relative to the root
    readers      who reads it, see `dotenv_readers`
    is_template  whether it is a template
    environment  what it is for, see `environments`; where its name doesn't say it, what its own NODE_ENV says
    variables    in order
    elsewhere    the vendors for whose interfaces the file names another server
    strays       lines that are neither assignments nor comments
    problems     found so far
    """

    __slots__ = (
        "elsewhere",
        "environment",
        "file",
        "is_template",
        "path",
        "problems",
        "readers",
        "strays",
        "variables",
    )

    def __init__(self, env_file: EnvFile, readers: Sequence[str], environment: str) -> None:
        self.path = env_file.path
        self.file: File = env_file.readings[0]
        self.readers = readers
        self.is_template = env_file.is_template
        self.variables: list[Variable] = []
        self.strays: list[Stray] = []
        self.problems: list[Problem] = []
        self._read()
        self.elsewhere = {
            vendor_of(variable.key) for variable in self.variables if variable.value and leads_elsewhere(variable.key)
        }
        self.environment = environment or self._environment_inside()

    def _read(self) -> None:
        """Take the file apart. Raises TooLongError."""
        text = self.file.text
        line, known = 1, 0
        for count, token in enumerate(tokens(text)):
            if count >= MOST_TOKENS:
                raise TooLongError
            line += text.count(b"\n", known, token.start)
            known = token.start
            if isinstance(token, Assignment):
                self.variables.append(Variable(token, self.readers, line))
            else:
                self.strays.append(token)

    def _environment_inside(self) -> str:
        values = {variable.key: variable.value for variable in self.variables if variable.key in VARIABLES}
        told = (environment_named(values[name].decode("ascii", "replace")) for name in VARIABLES if name in values)
        return next((name for name in told if name), "")

    def values(self) -> dict[str, bytes]:
        """Name → value; of a variable that is set twice the last."""
        return {variable.key: variable.value for variable in self.variables}

    def commented_out(self) -> set[str]:
        """The names of variables that stand in comments, as `# NAME=`."""
        return {found[1].decode("ascii") for found in COMMENTED_OUT.finditer(self.file.text)}

    def at(
        self,
        rule: Rule,
        variable: Variable,
        message: str,
        *,
        severity: str | None = None,
        fix: str | None = None,
        data: dict[str, object] | None = None,
    ) -> None:
        """Note a problem with a variable's value."""
        token = variable.token
        start, end = token.value_start, token.value_stop
        if start == end:
            start, end = token.key_start, token.key_start + len(token.key)
        value = variable.value if variable.secret else None
        self.problems.append(Problem(rule, start, end, message, severity=severity, fix=fix, data=data, value=value))

    def findings(self) -> Iterator[Finding]:
        """The problems as findings, in order of place."""
        if not self.problems:
            return
        self.file.mask(self._values())
        counts: dict[str, int] = {}
        for problem in self.problems:
            counts[problem.rule.id] = counts.get(problem.rule.id, 0) + 1
        told: dict[str, int] = {}
        for problem in sorted(self.problems, key=lambda problem: (problem.start, problem.rule.id, problem.message)):
            identity = problem.rule.id
            told[identity] = told.get(identity, 0) + 1
            if told[identity] <= MOST_OF_A_RULE:
                more = counts[identity] - MOST_OF_A_RULE if told[identity] == MOST_OF_A_RULE else 0
                yield self._finding(problem, more)

    def _finding(self, problem: Problem, more: int) -> Finding:
        message = f"{problem.message} (and {more} more of this rule in the file)" if more > 0 else problem.message
        finding = self.file.finding(
            problem.rule,
            problem.start,
            problem.end,
            message,
            severity=problem.severity,
            data=problem.data,
            value=problem.value,
        )
        if problem.fix is not None:
            finding.fix = problem.fix
        return finding

    def _values(self) -> list[tuple[int, int]]:
        """Where anything stands that may be a secret: every value, every line that isn't understood."""
        spans = [(stray.start, stray.stop) for stray in self.strays]
        for variable in self.variables:
            token = variable.token
            start = token.value_start if variable.shown == variable.key else token.key_start
            if token.value_stop > start:
                spans.append((start, token.value_stop))
        return spans
