"""Findings and results for the tests of the reports, the hostile ones among them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nightlatch import __version__
from nightlatch.core.finding import Finding, add_fingerprints
from nightlatch.core.rule import INFO, WARNING, Rule
from nightlatch.core.run import COMMITS, Result
from nightlatch.core.source import Remark
from nightlatch.core.suppress import Note
from tests.support.results import result_of

GOLDEN = Path(__file__).parent / "golden"
SCHEMAS = Path(__file__).parent.parent / "schemas"

RULE = Rule(id="SEC999", name="test-rule", summary="A test", why="It can go wrong.", fix="Mend it.")
OTHER = Rule(id="SEC100", name="other-rule", severity=WARNING, summary="Another", why="It may.", fix="Look at it.")
SQL = Rule(id="SQL100", name="sql-rule", summary="A third", why="It will.", fix="Leave it.")
COMMIT = "0123456789abcdef0123456789abcdef01234567"

HOSTILE = (
    "a\n::error::x",
    "a\r\n::set-output name=x::y",
    "::stop-commands::x",
    "  ::warning file=b::x",
    "##[error]x ##vso[task.complete]y",
    "a\x1b[2J\x1b]0;title\x07\x7f\x9b31m",
    "a\u202eb\u2066c\u200f\ufeff\ufffe\uffff",
    "a]]><failure/><!-- & &lt; ' \" -->",
    "</failure></testcase>",
    "a\udcff\ud800b",
    "a\0b\x0b\x0c\x85\u2028c",
    "a | b `c` ``d`` \\| \\` e\\",
    "<img src=x onerror=y><script>z</script>",
    "[click](https://acme-corp.io) ![x](https://acme-corp.io/y) @acme #1 www.acme-corp.io",
    "a%0A::error::b,line=9:c",
    "| x |\n|---|\n# y\n```\n",
    "a/" + "x" * 5_000,
    "é中😀 b",
)
"""What a repository's author may call a file, or write in a rule of a configuration."""


def finding(rule: Rule = RULE, **changes: Any) -> Finding:
    values: dict[str, Any] = {"path": "src/a.py", "span": (3, 5, 3, 9)} | changes
    commit, hook, message = values.pop("commit", None), values.pop("hook", "secrets"), values.pop("message", "A test")
    made = Finding(rule, message, **values)
    made.commit = commit
    made.hook = hook
    return made


def remark(path: str, reason: str = "unreadable", hook: str = "secrets") -> Remark:
    return Remark(path, reason, hook)


def result_with(
    *findings: Finding, hooks: Iterable[str] = ("secrets",), unchecked: Iterable[Remark] = (), **changes: Any
) -> Result:
    """A run that ended with these."""
    named = [made.hook for made in findings]
    result = result_of(*findings)
    for made, hook in zip(findings, named, strict=True):
        made.hook = hook
    result.hooks = [*hooks]
    result.tally.unchecked = [*unchecked]
    for name, value in changes.items():
        setattr(result, name, value)
    return result


def everything() -> Result:
    """One of each: what the golden files are made of."""
    result = result_with(
        finding(path=None, span=None),
        finding(path=None, data={"in": "commit message"}, commit=COMMIT),
        finding(OTHER, path="logo.svg", span=None, data={"advisory": "GHSA-1"}),
        finding(path="src/a b.py", commit=COMMIT, span=(3, 5, 4, 2)),
        finding(severity=INFO, fix=""),
        finding(SQL, path="ü\udcff/x|y`z].sql", hook="sql"),
        hooks=("secrets", "sql", "containers"),
        unchecked=(remark("b", hook="sql"), remark(COMMITS, "1 of 2 commits is missing"), remark("c,d")),
        exit_code=2,
    )
    allowed = finding(OTHER, path="src/c.py", note=Note("inline", "a fixture"))
    result.suppressed = [allowed]
    add_fingerprints(result.suppressed)
    result.tally.skipped = [remark("logo.png", "binary without text")]
    return result


def hostile() -> list[Result]:
    """A result for each hostile text, which stands wherever a text can stand."""
    return [
        result_with(
            finding(path=text, message=text, fix=text),
            finding(Rule(id="ACME001", name=text, summary=text, why=text, fix=text), message=text, path=None),
            unchecked=(remark(text, text),),
        )
        for text in HOSTILE
    ]


def golden(name: str) -> str:
    return (GOLDEN / name).read_text(encoding="utf-8")


def without_version(text: str) -> str:
    return text.replace(f'"version": "{__version__}"', '"version": "0"')
