"""Whoever ends the check, and the end of its time, get a denial: an agent that hears nothing lets the call run."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nightlatch.agent import in_time
from nightlatch.agent.command import command
from nightlatch.agent.in_time import EndedError, InTime
from tests.support.agent import Project
from tests.support.repository import COMMAND, environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither these signals nor the timer")


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_time, "SECONDS", 0.05)


def endless(*_words: object) -> None:
    while True:
        pass


def swallowing() -> None:
    try:
        endless()
    except EndedError:
        endless()


@pytest.mark.usefixtures("soon")
def test_what_takes_too_long_is_ended() -> None:
    with pytest.raises(EndedError, match="can't be checked within"), InTime():
        endless()


@pytest.mark.usefixtures("soon")
def test_what_swallows_the_first_end_meets_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_time, "AGAIN", 0.05)
    with pytest.raises(EndedError), InTime():
        swallowing()


@pytest.mark.usefixtures("soon")
def test_a_check_that_takes_too_long_is_a_denial_in_the_agents_own_form(
    tree: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nightlatch.agent.command._decided", endless)
    monkeypatch.setattr("nightlatch.agent.json_input.read_all", lambda _: b'{"tool_name":"Bash","tool_input":{}}')
    monkeypatch.setattr("nightlatch.agent.claude_code.parse", lambda *_: object())
    assert command(["--agent", "claude-code"], tree.variables) == 2
    said = capfd.readouterr()
    assert "can't be checked within" in said.err
    assert '"deny"' in said.out


@pytest.mark.usefixtures("soon")
def test_nothing_is_left_of_it_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGALRM)
    with InTime():
        pass
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGALRM)) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_from_outside_is_a_denial(tree: Project, name: str) -> None:
    process = subprocess.Popen(
        [COMMAND, "agent-hook", "--agent", "claude-code"],
        cwd=tree.root,
        env=environment() | tree.variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(b'{"tool_name": ')
    process.stdin.flush()
    with pytest.raises(subprocess.TimeoutExpired):  # it waits for the rest of the event
        process.wait(2)
    process.send_signal(getattr(signal, name))
    out, err = process.communicate(timeout=20)
    assert process.returncode == 2
    assert b"interrupted" in err
    assert b'"deny"' in out
    assert b"Traceback" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_an_answer_that_can_t_be_written_still_has_its_reason(tree: Project) -> None:
    event = tree.event("Bash", {"command": "cat .env"})
    with open("/dev/full", "wb") as full:
        outcome = subprocess.run(
            [COMMAND, "agent-hook", "--agent", "codex"],
            cwd=tree.root,
            env=environment() | tree.variables,
            input=json.dumps(event).encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=30,
            check=False,
        )
    assert outcome.returncode == 2
    assert outcome.stderr
