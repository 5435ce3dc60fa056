"""What a command of a shell would do, told without running it.

`effects_of` is the door; `powershell.py` is the same for PowerShell.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.effects import Effect
    from nightlatch.agent.place import Place
    from nightlatch.agent.shell.interpreter import Interpreter
    from nightlatch.agent.shell.values import Stream


def effects_of(command: str, folder: str, place: Place) -> list[Effect]:
    """What a command of bash, zsh or sh would do, in order, each effect once.

    command  as it would be given to `bash -c`
    folder   where it starts, absolute
    place    the project's root, the home folder, and the door to the files
    """
    from nightlatch.agent.shell.fast import plain_commands

    command = command.replace("\0", "")  # a shell drops it
    commands = plain_commands(command)
    if commands is not None:
        return follow_plain(commands, folder, place)
    return follow_parsed(command, folder, place)


def follow_plain(commands: list[list[str]], folder: str, place: Place) -> list[Effect]:
    """The effects of commands in which nothing is to be expanded: no grammar is loaded for them."""
    from nightlatch.agent.shell.interpreter import Interpreter
    from nightlatch.agent.shell.state import State
    from nightlatch.agent.shell.trace import TooMuchError
    from nightlatch.agent.shell.values import Word

    shell = Interpreter(place, folder)
    state = State(folder)
    try:
        for words in commands:
            _show(shell, shell.command([Word(word) for word in words], state, None))
    except TooMuchError:
        return _too_much(shell.trace.effects)
    return shell.trace.effects


def follow_parsed(command: str, folder: str, place: Place) -> list[Effect]:
    """The effects of any command, by the grammar of bash."""
    from nightlatch.agent.shell.interpreter import Interpreter
    from nightlatch.agent.shell.state import State
    from nightlatch.agent.shell.trace import TooMuchError

    shell = Interpreter(place, folder)
    try:
        _show(shell, shell.script(command, State(folder)))
    except TooMuchError:
        return _too_much(shell.trace.effects)
    return shell.trace.effects


def _show(shell: Interpreter, printed: Stream) -> None:
    """What a command prints in the end is seen: credentials of the environment among it."""
    if printed.prints:
        from nightlatch.agent.effects import CredentialsShown

        for name in printed.prints:
            shell.trace.add(CredentialsShown(f"${name}"))


def _too_much(found: list[Effect]) -> list[Effect]:
    from nightlatch.agent.effects import Unresolved

    return [*found, Unresolved("the command", "more than can be followed: give it in parts")]
