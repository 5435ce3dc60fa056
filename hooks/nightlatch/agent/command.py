"""`nightlatch agent-hook`: an event on standard input, an answer in that agent's form. Whatever fails is denied."""

from __future__ import annotations

import os

from nightlatch.agent.call import DENY, Answer, Verdict, refuse_two_shapes
from nightlatch.agent.in_time import EndedError, InTime
from nightlatch.core.errors import ConfigError, NightlatchError, unforeseen
from nightlatch.core.text import one_line, shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nightlatch.agent.call import Agent, Call
    from nightlatch.agent.record import Record

DENIED = 2
"""The exit code that denies with every agent that knows exit codes."""

AGENTS = ("claude-code", "codex", "cursor", "copilot", "auto")

USAGE = """\
usage: nightlatch agent-hook --agent claude-code|codex|cursor|copilot|auto

Answers a coding agent's tool call: the event on standard input, the answer in
that agent's form. How it is wired, and what it can't do: docs/agent-hook.md
"""


def command(words: Sequence[str], variables: Mapping[str, str] | None = None) -> int:
    """Answer one event; the exit code that goes with the answer. Raises nothing."""
    try:
        if list(words) in (["--help"], ["-h"]):
            return _tell(Answer(USAGE))
        with InTime():
            answer = answered(_named(words), os.environ if variables is None else variables)
    except BaseException as error:  # noqa: BLE001 - a hook that fails in any other way lets the call run
        answer = Answer("", _reason_of(error), DENIED)
    return _tell(answer)


def _named(words: Sequence[str]) -> str:
    """The agent that the command line names. Raises UsageError."""
    option, _, name = "=".join(words).partition("=")
    if option != "--agent" or name not in AGENTS:
        from nightlatch.core.errors import UsageError

        raise UsageError("The hook's command line names no agent that is known.", USAGE.partition("\n")[0])
    return name


def answered(name: str, variables: Mapping[str, str], data: bytes | None = None) -> Answer:
    """The answer to an event. A failure is a denial, in the agent's own form if it is known. Raises nothing.

    name  the agent, or `auto`
    data  the event; None: it is read from standard input
    """
    agent = None if name == "auto" else _agent(name)
    record = None
    try:
        from nightlatch.agent.json_input import event_of, read_all
        from nightlatch.agent.record import Record

        record = Record(name, variables)
        event = event_of(read_all(0) if data is None else data)
        if agent is None:
            from nightlatch.agent import auto

            agent = auto.agent_of(event, variables)
        refuse_two_shapes(event)
        record.call = agent.parse(event, variables)
        if record.call is None:
            return Answer(error="nightlatch: this event is not about a call to come; nothing is checked.")
        verdict = _decided(record.call, variables, record)
    except BaseException as error:  # noqa: BLE001 - as above: MemoryError and interruptions among them
        verdict = Verdict(DENY, _reason_of(error))
    return _logged(agent, verdict, record)


def _logged(agent: Agent | None, verdict: Verdict, record: Record | None) -> Answer:
    """The answer, when the decision is in the log. Without the log nothing is let through that would be denied;

    what would pass still does, with a note, but under `profile: strict`.
    """
    try:
        if record is not None:
            record.write(verdict)
    except BaseException as error:  # noqa: BLE001 - as above
        note = f"nightlatch: the decision could not be written to the audit log ({_kind_of(error)})."
        if record is not None and record.is_strict and verdict.decision != DENY:
            verdict = Verdict(DENY, f"{note} Under `profile: strict` nothing runs without it. {_LOG_REMEDY}")
        answer = _in_its_form(agent, verdict)
        told = answer.error if note in answer.error else f"{answer.error} {note}".strip()
        return Answer(answer.output, told, answer.code)
    return _in_its_form(agent, verdict)


_LOG_REMEDY = "Ask the user to look at the log's folder: whether it is there, may be written to, and has room."


def _in_its_form(agent: Agent | None, verdict: Verdict) -> Answer:
    return Answer("", verdict.reason, DENIED) if agent is None else agent.answer(verdict)


def _kind_of(error: BaseException) -> str:
    """The system's own words for an error, or its kind."""
    return (error.strerror or "").lower() if isinstance(error, OSError) and error.strerror else type(error).__name__


def _agent(name: str) -> Agent:
    from nightlatch.core.lazy import module

    agent: Agent = module(f"nightlatch.agent.{name.replace('-', '_')}")
    return agent


def _decided(call: Call, variables: Mapping[str, str], record: Record) -> Verdict:
    from nightlatch.agent.engine import decide

    return decide(call, variables, record)


def _reason_of(error: BaseException) -> str:
    """What to tell of a failure; never the text of an error that may hold what was read."""
    if isinstance(error, ConfigError):  # an agent may not write these files: the remedy is not for it to follow
        what, remedy = error.what, f"{_sentence(error.remedy)} {_FOR_THE_USER}".lstrip()
    elif isinstance(error, (NightlatchError, EndedError)):
        what, remedy = error.what, error.remedy
    elif isinstance(error, Exception):
        what, remedy = unforeseen(error)
    else:
        what, remedy = f"The check was interrupted ({type(error).__name__}).", "Try again."
    return f"nightlatch could not check this call, so it is refused. {_sentence(what)} {_sentence(remedy)}".strip()


_FOR_THE_USER = "Only the user can mend this: tell them. Until then every call is refused."


def _sentence(text: str) -> str:
    """A text with its full stop: some errors are written to stand in a table."""
    return f"{text}." if text and text[-1] not in ".!?:;" else text


def _tell(answer: Answer) -> int:
    """Write the answer and give its exit code. What can't be told of a question or a denial is a denial.

    Then there is a reason on standard error in any case: an agent may take an exit code alone for a failure.
    """
    try:
        _write(1, answer.output)
    except OSError:
        answer = Answer("", answer.error or "nightlatch: the answer can't be written to standard output.", DENIED)
    try:
        if answer.error:
            _write(2, f"{one_line(shown_path(answer.error))}\n")
    except OSError:
        return DENIED if answer.output or answer.code else PASSED
    return answer.code


PASSED = 0


def _write(descriptor: int, text: str) -> None:
    data = memoryview(text.encode("utf-8", "replace"))
    while data:
        data = data[os.write(descriptor, data) :]
