"""What `--fix` does: it closes files, and lets git ignore what it should. No link is followed on the way."""

from __future__ import annotations

from nightlatch.core.file_modes import close

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.core.git import Git
    from nightlatch.core.hook import Fixed


def mend(tree: str, findings: Sequence[Finding], git: Git | None) -> Iterator[Fixed]:
    """Mend what the findings say in their data; yield what was done, and what could not be. Raises GitError."""
    lines: dict[str, None] = {}
    for finding in findings:
        mode, closed, more = (finding.data.get(key) for key in ("mode", "to", "lines"))
        if finding.path and isinstance(mode, str) and isinstance(closed, str):
            yield close(tree, finding.path, int(mode, 8), int(closed, 8))
        if isinstance(more, list):
            lines.update(dict.fromkeys(str(line) for line in more))
    if lines and git is not None:
        from nightlatch.env_files.ignore_file import add

        yield add(git.at(tree), tree, sorted(lines, key=lambda line: line.startswith("!")))
