"""Commands that follow links read what lies at their ends; those that keep links as links don't."""

from __future__ import annotations

import pytest

from tests.support.agent import Project

CALLS = {
    "grep -R not-real docs": "deny",
    "grep --dereference-recursive not-real docs": "deny",
    "grep -r not-real docs": "pass",
    "rg -L not-real docs": "deny",
    "rg --follow not-real docs": "deny",
    "rg not-real docs": "pass",
    "cp -rL docs src/x": "deny",
    "cp -r docs src/x": "pass",
    "tar chf - docs": "deny",
    "tar --dereference -cf - docs": "deny",
    "tar cf - docs": "pass",
    "tar cf - --exclude=x docs": "pass",
    "zip -r src/a.zip docs": "deny",
    "zip -ry src/a.zip docs": "pass",
    "rsync -aL docs/ host:docs": "deny",
    "rsync -a --exclude '*.tmp' docs/ host:docs": "pass",
    "scp -r docs host:docs": "deny",
    "grep -R 'line 1' tests": "pass",
    "grep -R 'line 1' src": "deny",
}


@pytest.mark.parametrize(("command", "expected"), CALLS.items(), ids=CALLS)
def test_what_a_command_reads_through_links(untouched: Project, command: str, expected: str) -> None:
    """`docs/notes.txt` is a link to `.env`, `docs/arch.md` one within the folder, `src/linked` one to `~/.ssh`."""
    assert untouched.decision("Bash", {"command": command}) == expected
