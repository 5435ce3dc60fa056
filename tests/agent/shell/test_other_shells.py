"""Shells and languages that a shell starts and that have readers of their own, or none."""

from __future__ import annotations

import base64

import pytest

from tests.support.agent import Project

ENCODED = base64.b64encode("gc .env".encode("utf-16-le")).decode()

CALLS = {
    'pwsh -c "gc .env"': "deny",
    'pwsh -NoProfile -Command "Get-Content .env"': "deny",
    'powershell.exe -ExecutionPolicy Bypass -NoProfile -Command "gc .env"': "deny",
    "powershell gc .env": "deny",
    "pwsh -comm 'rm .nightlatch.yaml'": "deny",
    "pwsh -c \"psql -c 'drop table x'\"": "deny",
    "echo 'gc .env' | pwsh -": "deny",
    "echo 'gc .env' | pwsh -Command -": "deny",
    f"pwsh -EncodedCommand {ENCODED}": "deny",
    "pwsh -EncodedCommand $UNKNOWN": "ask",
    'cmd /c "type .env"': "deny",
    'cmd.exe /C "type .env"': "deny",
    "pwsh -c 'Get-ChildItem src'": "pass",
    "pwsh -NoProfile -Command 'Get-Content README.md'": "pass",
    "pwsh --version": "pass",
    "cmd /c dir": "pass",
    "R -e \"readLines('.env')\"": "ask",
    "Rscript -e 'readLines(\".env\")'": "ask",
    "julia -e 'print(read(\".env\", String))'": "ask",
    "elixir -e 'IO.puts File.read!(\".env\")'": "ask",
    "octave --eval 'type .env'": "ask",
    "m4 <<< 'include(.env)'": "ask",
    "bc .env": "deny",
    "bc < .env": "deny",
    "echo '2 + 2' | bc": "pass",
    "bc <<< '3 * 4'": "pass",
    "julia -e 'println(1 + 1)'": "pass",
    "Rscript scripts/plot.R": "pass",
    "elixir -e 'IO.puts 1'": "pass",
}


@pytest.mark.parametrize(("command", "expected"), CALLS.items(), ids=CALLS)
def test_what_they_are_given_is_followed(untouched: Project, command: str, expected: str) -> None:
    assert untouched.decision("Bash", {"command": command}) == expected
