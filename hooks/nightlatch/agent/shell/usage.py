"""How a program is used, as data: which of its options take a value and what that is, what its operands are."""

from __future__ import annotations

from nightlatch.agent.shell.arguments import Arguments, parsed, roles
from nightlatch.agent.shell.values import Stream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

    from nightlatch.agent.effects import Window
    from nightlatch.agent.shell.call import Call
    from nightlatch.agent.shell.values import Word

    Handler = Callable[[Call], Stream | None]
    Windows = Callable[[Call, Arguments], Window | None]
    Transform = Callable[[Call, Arguments, str], str | None]

NOTHING: Final = "nothing"
READ: Final = "read"
LOOK: Final = "look"
WRITE: Final = "write"
REMOVE: Final = "remove"
HAND: Final = "hand"
VALUE: Final = "value"


class Usage:
    """One program.

    operands   what its operands are: READ, LOOK, WRITE, REMOVE, HAND or NOTHING
    options    `-n:value -f:read --output:write -q`: an option's value is one of the same, `value` (none of them) or
               `optional` (only attached); an option without a role takes no value
    skip       how many operands come first that are none (a pattern, a mode), unless one of `skip_unless` is given
    window     the part of a file that is read; without: the whole
    quiet      options that leave nothing but counts, names or the exit code
    passes     whether it prints what it reads as it is
    transform  what it makes of a text that it reads; None where that isn't known
    handler    does all of it instead
    """

    __slots__ = (
        "handler", "operands", "options", "passes", "quiet", "single_dash", "skip", "skip_unless", "transform",
        "window",
    )  # fmt: skip

    def __init__(
        self,
        operands: str = NOTHING,
        options: str = "",
        *,
        skip: int = 0,
        skip_unless: str = "",
        window: Windows | None = None,
        quiet: str = "",
        passes: bool = False,
        transform: Transform | None = None,
        handler: Handler | None = None,
        single_dash: bool = False,
    ) -> None:
        self.operands = operands
        self.options = options
        self.skip = skip
        self.skip_unless = skip_unless
        self.window = window
        self.quiet = quiet
        self.passes = passes
        self.transform = transform
        self.handler = handler
        self.single_dash = single_dash

    def arguments(self, call: Call) -> Arguments:
        """The call's words told apart."""
        return parsed(call.words, roles(self.options), single_dash=self.single_dash)

    def follow(self, call: Call) -> Stream | None:
        """Say what the call does; gives what it prints, None where nobody knows."""
        if self.handler is not None:
            return self.handler(call)
        arguments = self.arguments(call)
        table = roles(self.options)
        for name, value in arguments.options:
            if value is not None:
                act(call, table.get(name, VALUE), value)
        operands = arguments.operands
        if not (self.skip_unless and arguments.has(*self.skip_unless.split())):
            operands = operands[self.skip :]
        return self._operands(call, arguments, operands)

    def _operands(self, call: Call, arguments: Arguments, operands: list[Word]) -> Stream | None:
        role = self.operands
        if role == READ and self.quiet and arguments.has(*self.quiet.split()):
            role = LOOK
        window = self.window(call, arguments) if self.window is not None else None
        goes_down = arguments.has("-r", "-R", "--recursive")
        for word in operands:
            is_skipped = role == READ and not goes_down and call.is_folder(word)
            act(call, LOOK if is_skipped else role, word, window)
        from_stdin = not operands or any(word.text in ("-", "/dev/stdin") for word in operands)
        if role not in (READ, LOOK):
            return None
        if from_stdin:
            (call.read_stdin(window) if role == READ else call.look_at_stdin())
        if role == LOOK:
            return None
        return self._printed(call, arguments, operands, from_stdin=from_stdin)

    def _printed(self, call: Call, arguments: Arguments, operands: list[Word], *, from_stdin: bool) -> Stream | None:
        from nightlatch.agent.shell.values import Word as Made

        transform = self.transform
        files = tuple(path for word in operands for path in call.paths(word)) if self.passes else ()
        if from_stdin and call.stdin is not None and self.passes:
            files = (*files, *call.stdin.files)
        if not self.passes and transform is None:
            return None
        if operands and not from_stdin:
            texts = [call.shell.opened(word, call) for word in operands]
        else:
            texts = [call.stdin if call.stdin is not None else Stream()]

        def load() -> Made | None:
            known = [stream.text for stream in texts]
            if any(text is None for text in known):
                words = [stream.word for stream in texts]
                return words[0] if self.passes and transform is None and len(words) == 1 else None
            text = "".join(text for text in known if text is not None)
            made = text if transform is None else transform(call, arguments, text)
            return None if made is None else Made(made)

        printed = Stream(load=load, files=files, source=f"$({call.name} …)")
        printed.prints = call.stdin.prints if from_stdin and call.stdin is not None else ()
        return printed


def act(call: Call, role: str, word: Word, window: Window | None = None) -> None:
    """Do with a word what its role says."""
    if role == READ:
        held = call.shell.process_stream(word.text or "")
        if held is None and word.text != "-":
            call.read(word, window)
    elif role == LOOK:
        call.look(word)
    elif role == WRITE:
        call.write(word)
    elif role == REMOVE:
        call.write(word, is_removal=True)
    elif role == HAND:
        call.hand_over(word)
