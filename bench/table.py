"""Rows as a Markdown table, with ratios to the first row."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.measure import Usage
    from bench.rounds import Row

COLUMNS = {
    "commit": ("", "wall ms", "ratio", "CPU ms", "ratio", "largest MB", "exit"),
    "tree": ("", "wall s", "ratio", "CPU s", "ratio", "largest MB", "all MB", "found", "exit"),
}
MILLI = 1000


def table(rows: Sequence[Row], mode: str) -> list[str]:
    """The lines of the table. Whoever could not be measured has a line that says why."""
    heads = COLUMNS["commit" if mode == "commit" else "tree"]
    lines = [line(heads), line(["---", *["---:"] * (len(heads) - 1)])]
    base = next((row for row in rows if row.runs), None)
    for row in rows:
        cells = figures(row, base, mode) if row.runs and base else [row.missing]
        lines.append(line([row.job.name, *cells, *[""] * (len(heads) - 1 - len(cells))]))
    return lines


def figures(row: Row, base: Row, mode: str) -> list[str]:
    """The cells of a row that was measured."""
    scale, places = (MILLI, 0) if mode == "commit" else (1, 2)
    times = [
        text
        for pick in (wall, cpu)
        for text in (f"{median(row.runs, pick) * scale:.{places}f}", f"{ratio(row.runs, base.runs, pick):.2f}")
    ]
    memory = [f"{max(run.largest for run in row.runs):.0f}"]
    if mode != "commit":
        memory += [f"{row.first.together:.0f}" if row.first and row.first.together else "?", str(row.findings)]
    return [*times, *memory, str(row.runs[-1].code)]


def wall(run: Usage) -> float:
    """Seconds from start to end."""
    return run.wall


def cpu(run: Usage) -> float:
    """Seconds of work on any core."""
    return run.cpu


def median(runs: Sequence[Usage], pick: Callable[[Usage], float]) -> float:
    """The median of one figure."""
    return statistics.median(pick(run) for run in runs)


def ratio(runs: Sequence[Usage], base: Sequence[Usage], pick: Callable[[Usage], float]) -> float:
    """The median of the ratios, round by round."""
    return statistics.median(pick(run) / pick(other) for run, other in zip(runs, base, strict=True))


def line(cells: Sequence[str]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(cells)} |"
