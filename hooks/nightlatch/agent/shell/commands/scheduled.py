"""Commands that are run later or by somebody else: `at`, `crontab`, a Makefile, another agent."""

from __future__ import annotations

from nightlatch.agent.shell.arguments import parsed, roles
from nightlatch.agent.shell.usage import Usage
from nightlatch.agent.shell.values import Stream, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

_UNGUARDED = frozenset(
    {"--dangerously-skip-permissions", "--allow-dangerously-skip-permissions",
     "--dangerously-bypass-approvals-and-sandbox", "--yolo", "--full-auto", "--allow-all-tools", "--yes-always",
     "bypasspermissions", "--permission-mode=bypasspermissions"}
)  # fmt: skip


def later(call: Call) -> Stream | None:
    """`at now`, `batch`: what flows in, or the file behind `-f`, is commands."""
    file = parsed(call.words, roles("-f:value -q:value -t:value")).value("-f")
    if file is not None:
        from nightlatch.agent.shell.script_file import run_script

        return run_script(call.named("sh", []), file, [])
    return _flowing(call)


def _flowing(call: Call) -> Stream | None:
    if call.stdin is None:
        return None
    call.read_stdin()
    word = call.stdin.word
    if word is None:
        call.unresolved(Word(call.stdin.source or "what flows in"), f"the command that {call.name} runs")
        return None
    return call.shell.script(word.shown, call.state.copy(), None)


def table(call: Call) -> None:
    """`crontab -`, `crontab file`: behind the five fields of each line stands a command."""
    operands = parsed(call.words, roles("-u:value")).operands
    text = call.file_text(operands[0]) if operands else None
    if operands and operands[0].text not in ("-", "/dev/stdin"):
        call.read(operands[0])
    elif call.stdin is not None:
        text = call.stdin.shown
    if operands and text is None:
        call.unresolved(operands[0], "the commands that crontab runs")
    for line in (text or "").splitlines():
        fields = line.split(None, 1 if line.startswith("@") else 5)
        if fields and not line.startswith("#"):
            call.shell.script(fields[-1], call.state.copy(), None)


def make(call: Call) -> None:
    """`make`; of a Makefile that is named or flows in the recipes are followed, whichever target is asked for."""
    arguments = parsed(
        call.words, roles("-f:value --file:value --makefile:value -C:value --directory:value -j:optional -l:optional "
                          "-I:value -o:value -W:value --eval:value")
    )  # fmt: skip
    for word in arguments.values("-f", "--file", "--makefile"):
        if word.text not in ("-", "/dev/stdin"):
            call.read(word)
        elif call.stdin is not None:
            call.read_stdin()
        _recipes(call, call.file_text(word))
    for word in arguments.values("--eval"):
        _recipes(call, word.shown)


def _recipes(call: Call, text: str | None) -> None:
    for line in (text or "").splitlines():
        command = line.partition(";")[2] if not line.startswith("\t") and ":" in line.partition(";")[0] else line
        if command.startswith("\t") or command is not line:
            call.shell.script(command.strip().lstrip("@-+").replace("$$", "$"), call.state.copy(), None)


def agent(call: Call) -> None:
    """Another coding agent: one that is told to ask nobody is asked about."""
    for word in call.words:
        if (word.text or "").lower() in _UNGUARDED:
            call.unresolved(Word(f"{call.name} {word.shown}"), "an agent that asks nobody")


def terminal(call: Call) -> Stream | None:
    """`tmux`, `screen`, `expect`: what is typed into a terminal, or started in one."""
    if call.name == "screen":
        rest = parsed(call.words, roles("-S:value -c:value -X -t:value -T:value -p:value"), stops=True).operands
        return call.run(rest) if rest else None
    for number, word in enumerate(call.words):
        text = word.shown
        if call.name == "expect":
            for line in text.replace(";", "\n").splitlines():
                spawned = line.strip().removeprefix("spawn ")
                if spawned != line.strip():
                    call.shell.script(spawned, call.state.copy(), None)
        elif " " in text.strip() or (number and call.words[0].text in ("send-keys", "send")):
            call.shell.script(text, call.state.copy(), None)
    return None


COMMANDS: dict[str, Usage] = {
    "at": Usage(handler=later), "batch": Usage(handler=later), "crontab": Usage(handler=table),
    **{name: Usage(handler=make) for name in ("gmake", "make", "parallel-make", "remake")},
    "tmux": Usage(handler=terminal), "screen": Usage(handler=terminal), "expect": Usage(handler=terminal),
    **{name: Usage(handler=agent) for name in ("claude", "codex", "gemini", "copilot", "cursor-agent", "aider")},
}  # fmt: skip
