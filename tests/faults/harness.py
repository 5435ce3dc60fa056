"""What the tests of faults share: the command run in every format, and what no output may ever hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightlatch.report.formats import FORMATS
from tests.support.repository import COMMAND, Outcome, environment, run
from tests.support.samples import Sample

NOBODY = 65534
"""A user who owns nothing."""

GIT = str(shutil.which("git"))

ACTED_UPON = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What a terminal would act upon: control characters but the newline, and those that reorder text."""

AZURE_COMMAND = re.compile(r"##(?:vso)?\[")
"""What Azure Pipelines acts upon wherever it stands in a line of a log."""


@dataclass
class Verdict:
    """How one command ended in every format: always with the same exit code."""

    outcomes: dict[str, Outcome]

    @property
    def code(self) -> int:
        return self.outcomes["json"].code

    @property
    def text(self) -> Outcome:
        return self.outcomes["text"]

    @property
    def report(self) -> dict[str, Any]:
        return self.outcomes["json"].json()

    def found(self) -> list[tuple[str, str]]:
        """Rule and path of each finding."""
        return [(finding["rule"], finding["path"]) for finding in self.report["findings"]]

    def unchecked(self) -> dict[str, str]:
        """Path → reason of what was left unchecked."""
        return {remark["path"]: remark["reason"] for remark in self.report["unchecked"]}

    def skipped(self) -> dict[str, str]:
        """Path → reason of what was passed over."""
        return {remark["path"]: remark["reason"] for remark in self.report["skipped"]}


def inspect(
    folder: Path,
    sample: Sample,
    *arguments: str | bytes,
    env: dict[str, str] | None = None,
    before: tuple[str, ...] = (),
) -> Verdict:
    """Run the sample's hook in every format and hold each output to what is promised for all of them.

    Two runs: the plain one, which is read without argparse, and one that writes every other format at once. That a
    report's file is what standard output would be is asked by the tests of output.

    before   a command that starts the command
    """
    text = run(*before, COMMAND, sample.hook, *arguments, cwd=folder, env=env)
    with tempfile.TemporaryDirectory() as reports:
        files = {name: Path(reports, name) for name in FORMATS if name not in ("text", "json")}
        options = [word for name, file in files.items() for word in ("--report", f"{name}={file}")]
        made = run(*before, COMMAND, sample.hook, "--format", "json", *options, *arguments, cwd=folder, env=env)
        outcomes = {"text": text, "json": made}
        for name, file in files.items():
            outcomes[name] = Outcome(made.code, file.read_text(encoding="utf-8") if file.exists() else "", made.err)
    for outcome in outcomes.values():
        assert_harmless(outcome, sample)
    assert text.code == made.code, outcomes
    return Verdict(outcomes)


OUR_COMMAND = re.compile(
    r"^::(?:error|warning|notice) (?:file=[^:,\n]*,)?(?:line=\d+,endLine=\d+,)?(?:col=\d+,endColumn=\d+,)?"
    r"title=[^:,\n]*::",
    re.MULTILINE,
)
"""The beginning of each line of the format `github`: commands of our own making."""


def assert_harmless(outcome: Outcome, sample: Sample) -> None:
    """No secret, no traceback, nothing that a terminal or a CI system's log would act upon."""
    for output in (outcome.out, outcome.err):
        assert "Traceback" not in output
        assert "Exception ignored" not in output
        assert not any(value in output for value in sample.secrets())
        assert not ACTED_UPON.search(output), output
        foreign = OUR_COMMAND.sub("", output)
        assert not any(line.lstrip().startswith("::") for line in foreign.split("\n")), output
        if not output.startswith("{"):  # JSON has a test of its own
            assert not AZURE_COMMAND.search(output), output


def assert_found(verdict: Verdict, sample: Sample, path: str | None = None, *, code: int = 1) -> None:
    """The sample is refused, by name, in every format.

    path   where it lies, as JSON shows it
    code   2 where something else is unchecked beside it
    """
    where = path or sample.path
    assert verdict.code == code, verdict.outcomes
    assert (sample.rule, where) in verdict.found()
    assert sample.rule in verdict.text.out


def assert_unchecked(verdict: Verdict, path: str, reason: str) -> None:
    """The path is said to be unchecked, and why, to people and to programs.

    reason   a regular expression
    """
    assert verdict.code == 2, verdict.outcomes
    assert path in verdict.unchecked(), verdict.outcomes
    assert re.search(reason, verdict.unchecked()[path]), verdict.unchecked()
    lines = [line for line in verdict.text.out.splitlines() if path in line]
    assert any("unchecked" in line and re.search(reason, line) for line in lines), verdict.text.out


def assert_refused(outcome: Outcome, *words: str) -> None:
    """The run as a whole failed: exit 2, and a sentence on standard error that holds each of the words."""
    assert outcome.code == 2, outcome
    assert outcome.err.startswith("nightlatch: "), outcome
    assert "unforeseen" not in outcome.err, outcome
    missing = [word for word in words if word not in outcome.err]
    assert not missing, (missing, outcome.err)


def assert_all_refused(verdict: Verdict, *words: str) -> None:
    """The same in every format, with nothing on standard output."""
    for outcome in verdict.outcomes.values():
        assert_refused(outcome, *words)
        assert not outcome.out


def shell(script: str, *arguments: str, cwd: Path, env: dict[str, str] | None = None) -> Outcome:
    """Run a line of shell that starts the command as `"$@"`."""
    return run("sh", "-c", script, "sh", COMMAND, *arguments, cwd=cwd, env=env)


def fake_git(folder: Path, script: str) -> dict[str, str]:
    """An environment whose git is this shell script; `"$GIT" "$@"` in it calls the real one."""
    program(folder / "git", f"GIT='{GIT}'\n{script}\n")
    return environment(PATH=f"{folder}{os.pathsep}{os.environ['PATH']}")


def program(path: Path, script: str) -> str:
    """Write an executable shell script and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def give_away(folder: Path) -> None:
    """Let everything in a folder belong to nobody."""
    for parent, _, names in os.walk(folder):
        for path in (parent, *(os.path.join(parent, name) for name in names)):
            os.lchown(path, NOBODY, NOBODY)


def plain_git(
    *arguments: str, cwd: Path, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git as its users do, whatever comes of it."""
    return subprocess.run(
        ("git", *arguments),
        cwd=cwd,
        env=environment() if env is None else env,
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
