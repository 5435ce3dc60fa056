"""nightlatch and other scanners side by side, on the corpora that `bench.corpora` makes.

    python -m bench.peers CORPORA [--mode tree] [--corpus NAME…] [--only NAME…] [--runs 3] [--bin FOLDER]

Prints a table for each corpus: medians of interleaved runs, and ratios to the first row. A scanner that is not
installed has a line that says so. README.md beside this file says what each figure means and what is not measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.corpora import describe, load
from bench.jobs import JOBS, Job
from bench.measure import install
from bench.rounds import Bench, rows
from bench.table import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.corpora import Corpus

RUNS = {"commit": 20, "tree": 3, "history": 3}


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    asked = parser().parse_args(words)
    corpora = asked.corpora.resolve()
    with tempfile.TemporaryDirectory() as scratch:
        own = asked.nightlatch.absolute().parent if asked.nightlatch else install(Path(scratch) / "environment")
        programs = os.pathsep.join([str(own), *(str(folder.absolute()) for folder in asked.bin), os.environ["PATH"]])
        bench = Bench(programs, asked.limit, Path(scratch))
        jobs = [job for job in JOBS if not asked.only or any(job.name.startswith(name) for name in asked.only)]
        introduce(bench, jobs)
        for corpus in load(corpora):
            if chosen(corpus, asked.mode, asked.corpus):
                count = asked.runs or RUNS[corpus.mode]
                print(f"\n{describe(corpus)}; {count} rounds\n", flush=True)
                print("\n".join(table(rows(bench, jobs, corpora, corpus, count), corpus.mode)), flush=True)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("corpora", type=Path)
    made.add_argument("--mode", choices=tuple(RUNS))
    made.add_argument("--corpus", nargs="+", default=[], help="names of corpora; default: all of the mode")
    made.add_argument("--only", nargs="+", default=[], help="how the names of the rows begin")
    made.add_argument("--runs", type=int, help=f"rounds after the warm-up; default: {RUNS}")
    made.add_argument("--limit", type=int, default=900, help="seconds after which a run is stopped")
    made.add_argument("--bin", nargs="+", type=Path, default=[], help="folders where the peers' programs lie")
    made.add_argument("--nightlatch", type=Path, help="the command to measure; default: this checkout, installed anew")
    return made


def introduce(bench: Bench, jobs: Sequence[Job]) -> None:
    """Say what is measured where."""
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for version in dict.fromkeys(f"{job.name.partition(',')[0]}: {bench.version(job)}" for job in jobs):
        print(version)


def chosen(corpus: Corpus, mode: str | None, names: Sequence[str]) -> bool:
    """Whether this corpus is asked for."""
    return corpus.name in names if names else mode in (None, corpus.mode)


if __name__ == "__main__":
    main()
