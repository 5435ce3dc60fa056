"""Values that are text: of a form, a day, a regular expression, one of some words."""

from __future__ import annotations

from nightlatch.core.schema.node import Node, Reading, called, expect
from nightlatch.core.schema.value import TEXT, Value
from nightlatch.core.text import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    Json = dict[str, object]


class Form:
    """A named form of a text. The pattern must fit the whole text, and mean the same in Python and ECMAScript."""

    __slots__ = ("name", "pattern")

    def __init__(self, name: str, pattern: str) -> None:
        self.name = name
        self.pattern = pattern

    def fits(self, text: str) -> bool:
        import re

        return re.fullmatch(self.pattern, text) is not None

    def anchored(self) -> str:
        return f"^(?:{self.pattern})$"


NOT_BLANK = Form("text that isn't blank", r"[\s\S]*\S[\s\S]*")
# Bounded, since compiling a pattern takes quadratic time at worst.
PATTERN = Form("a path pattern of at most 4096 characters", r"(?=[\s\S]*\S)[\s\S]{1,4096}")
ONE_PATTERN = Form(f"{PATTERN.name} that doesn't begin with !", f"(?!!){PATTERN.pattern}")
DATE = Form("a date such as 2027-01-31", r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")


class Text(Node):
    """A text, of a named form where one is given."""

    __slots__ = ("form",)

    def __init__(self, doc: str, form: Form | None = None) -> None:
        super().__init__(doc)
        self.form = form

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        expect(TEXT, value, reading, trail)
        if self.form is not None and not self.form.fits(value.text()):
            raise reading.wrong(value, f"{called(trail)} must be {self.form.name}")
        return value.text()

    def kind_shown(self) -> str:
        return self.form.name if self.form else "text"

    def json(self) -> Json:
        return {"type": "string", "pattern": self.form.anchored()} if self.form else {"type": "string"}


class Date(Text):
    """A day of the calendar, kept as text: ISO dates sort as they read."""

    __slots__ = ()

    def __init__(self, doc: str) -> None:
        super().__init__(doc, DATE)

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        from datetime import date

        super().read(value, reading, trail)
        try:
            return date.fromisoformat(value.text()).isoformat()
        except ValueError:
            raise reading.wrong(value, f"{called(trail)} is no day of the calendar") from None


_REGEX_FAULTS = (
    "missing ), unterminated subpattern",
    "unbalanced parenthesis",
    "unterminated character set",
    "nothing to repeat",
    "multiple repeat",
    "min repeat greater than max repeat",
    "bad escape (end of pattern)",
    "global flags not at the start of the expression",
)
"""What Python says of an expression and that quotes nothing of it."""


def regex_fault(error: re.error) -> str:
    """Where an expression is wrong and, if that can be said without a piece of it, what is."""
    what = f": {error.msg}" if error.msg in _REGEX_FAULTS else ""
    return f"{what}, at its character {error.pos + 1}" if error.pos is not None else what


class Regex(Text):
    """A regular expression for Python's `re`."""

    __slots__ = ()

    def __init__(self, doc: str) -> None:
        super().__init__(doc, Form("a regular expression of 1 to 1000 characters", r"[\s\S]{1,1000}"))

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        import re
        import warnings

        text = super().read(value, reading, trail)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # a FutureWarning would go to standard error
                re.compile(value.text())
        except re.error as error:
            what = f"{called(trail)} is no valid regular expression{regex_fault(error)}"
            raise reading.wrong(value, what) from None
        except (OverflowError, RecursionError):
            raise reading.wrong(value, f"{called(trail)} is no valid regular expression") from None
        return text


_SAYS_OFF = ("no", "none", "false", "never", "disable", "disabled", "ignore", "skip")
"""What people write who mean `off`."""


class Choice(Node):
    """One of some words."""

    __slots__ = ("words",)

    def __init__(self, doc: str, words: tuple[str, ...]) -> None:
        super().__init__(doc)
        self.words = words

    def read(self, value: Value, reading: Reading, trail: str) -> object:
        if value.kind == TEXT and value.data in self.words:
            return value.data
        is_no = "off" in self.words and (value.data is False or value.text().lower() in _SAYS_OFF)
        hint = "Did you mean off?" if is_no else nearest(value.text(), self.words).strip()
        raise reading.wrong(value, f"{called(trail)} must be one of {', '.join(self.words)}", hint)

    def kind_shown(self) -> str:
        return ", ".join(f"`{word}`" for word in self.words)

    def json(self) -> Json:
        return {"type": "string", "enum": list(self.words)}


class Severity(Choice):
    """How much a finding weighs, or that it isn't looked for."""

    __slots__ = ()

    def __init__(self, doc: str) -> None:
        super().__init__(doc, ("error", "warning", "info", "off"))


class RuleId(Text):
    """The id of a rule."""

    __slots__ = ()

    def __init__(self, doc: str, form: Form) -> None:
        super().__init__(doc, form)
