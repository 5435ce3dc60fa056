"""Run every scanner on one corpus, round by round, so that a drift of the machine's speed meets all alike."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bench.jobs import STAGED_FILES, Job
from bench.measure import Usage, measured, with_bytecode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.corpora import Corpus

NOT_INSTALLED = "not installed"


@dataclass
class Row:
    """What became of a job: its runs, what it found in the first, or why there are none."""

    job: Job
    first: Usage | None = None
    runs: list[Usage] = field(default_factory=list)
    findings: int | None = None
    missing: str = ""


@dataclass(frozen=True)
class Bench:
    """How everything is run: the folders where programs are looked for first, and the seconds that a run may take."""

    programs: str
    limit: int
    scratch: Path

    def installed(self, job: Job) -> bool:
        """Whether each of the job's programs is there."""
        return all(shutil.which(program, path=self.programs) for program in job.programs)

    def version(self, job: Job) -> str:
        """What it says of its version, or that it is not there."""
        if not self.installed(job):
            return NOT_INSTALLED
        said = subprocess.run(
            self.located(job.version), check=False, capture_output=True, encoding="utf-8", env=self.environment(job)
        )
        return (said.stdout or said.stderr).strip().splitlines()[0]

    def located(self, command: Sequence[str]) -> list[str]:
        """The command with its program's whole path."""
        return [shutil.which(command[0], path=self.programs) or command[0], *command[1:]]

    def environment(self, job: Job) -> dict[str, str]:
        """The environment of a job: no scanner's settings but the job's own."""
        prefixes = ("NIGHTLATCH_", "GITLEAKS_", "BETTERLEAKS_", "KF_", "KINGFISHER_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}
        return with_bytecode(kept) | job.environment | {"PATH": self.programs}


def rows(bench: Bench, jobs: Sequence[Job], corpora: Path, corpus: Corpus, count: int) -> list[Row]:
    """A row for each job. The first run of each only warms up, and is watched for its memory."""
    made = [Row(job, missing=obstacle(bench, job, corpus)) for job in jobs]
    for row in made:
        if not row.missing:
            warm_up(bench, row, corpora, corpus)
    for number in range(count):
        turn = [row for row in made if not row.missing]
        start = number % max(1, len(turn))
        for row in turn[start:] + turn[:start]:
            row.runs.append(one(bench, row.job, corpora, corpus, watch=False))
    return made


def obstacle(bench: Bench, job: Job, corpus: Corpus) -> str:
    """Why a job can't be run, or nothing."""
    if not bench.installed(job):
        return NOT_INSTALLED
    return "" if corpus.mode in job.commands else f"has no {corpus.mode} mode"


def warm_up(bench: Bench, row: Row, corpora: Path, corpus: Corpus) -> None:
    """Fill its cache folder by a scan of a tiny repository, run it once, and see whether it can do the work."""
    fill_cache(bench, row.job, corpora)
    row.first = one(bench, row.job, corpora, corpus, watch=corpus.mode != "commit")
    if row.first.stopped:
        row.missing = f"stopped after {bench.limit} s"
    elif corpus.mode == "commit":
        row.missing = "" if row.first.code in (0, *row.job.found) else f"failed with exit code {row.first.code}"
    else:
        row.findings = counted(output_of(bench))
        row.missing = "" if row.findings is not None else f"no report, exit code {row.first.code}"


def fill_cache(bench: Bench, job: Job, corpora: Path) -> None:
    """Have the scanner compile its rules into a cache folder of its own."""
    folder = cache_of(bench, job)
    if not job.cache or folder.exists():
        return
    folder.mkdir(mode=0o700)
    environment = bench.environment(job) | job.filling | {job.cache: str(folder)}
    subprocess.run(
        bench.located(job.commands["commit"]),
        cwd=corpora / "commit-1",
        env=environment,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def cache_of(bench: Bench, job: Job) -> Path:
    """Where a scanner's compiled rules lie."""
    return bench.scratch / f"cache of {job.name}"


def output_of(bench: Bench) -> Path:
    """Where the last run's standard output lies."""
    return bench.scratch / "output"


def one(bench: Bench, job: Job, corpora: Path, corpus: Corpus, *, watch: bool) -> Usage:
    """One run, with a cache folder that holds the compiled rules and nothing of an earlier run."""
    folder = corpora / corpus.folder
    print(f"  {corpus.name}: {job.name}", file=sys.stderr, flush=True)
    command = with_staged(bench.located(job.commands[corpus.mode]), folder)
    with tempfile.TemporaryDirectory(dir=bench.scratch) as fresh:
        environment = bench.environment(job)
        if job.cache:
            shutil.copytree(cache_of(bench, job), fresh, dirs_exist_ok=True)
            environment[job.cache] = fresh
        return measured(command, folder, environment, output_of(bench), bench.limit, watch=watch)


def with_staged(command: Sequence[str], folder: Path) -> list[str]:
    """The command with the names of the staged files where it wants them."""
    if STAGED_FILES not in command:
        return list(command)
    listed = subprocess.run(
        ["git", "diff", "--staged", "--name-only", "-z"], cwd=folder, check=True, capture_output=True
    )
    names = [os.fsdecode(name) for name in listed.stdout.split(b"\0")[:-1]]
    return [word for place in command for word in (names if place == STAGED_FILES else [place])]


def counted(output: Path) -> int | None:
    """How many findings a JSON report holds; None where there is no report."""
    try:
        report: Any = json.loads(output.read_bytes())
    except ValueError:
        return None
    if isinstance(report, dict) and "results" in report:
        return sum(len(found) for found in report["results"].values())
    found = report.get("findings") if isinstance(report, dict) else report
    return len(found or ())
