"""The redirections of a command: what flows in, and the files that what it prints goes to."""

from __future__ import annotations

import os.path

from nightlatch.agent.shell.call import Call
from nightlatch.agent.shell.flow import Flow
from nightlatch.agent.shell.nodes import node_text, word_sources
from nightlatch.agent.shell.prepare import STRING_MARK
from nightlatch.agent.shell.values import Stream, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.grammar import Node
    from nightlatch.agent.shell.interpreter import Interpreter
    from nightlatch.agent.shell.state import State


class Redirects:
    """The redirections of one command, taken in order.

    stdin         what flows into the command
    moves_output  whether what it prints goes elsewhere
    """

    def __init__(self, shell: Interpreter, state: State, stdin: Stream | None) -> None:
        self.stdin = stdin
        self.moves_output = False
        self._is_silent = False
        self._call = Call(shell, state, "the redirection", [], None)
        self._shell = shell
        self._state = state
        self._targets: list[Word] = []
        self._errors: list[Word] = []
        self._opened: dict[int, Stream] = {}
        self._is_fed = False
        self._appends = False

    def add(self, node: Node) -> None:
        """One redirection more. Raises WordError."""
        number = next((node_text(child) for child in node.children if child.type == "file_descriptor"), "")
        operator = next((child.type for child in node.children if not child.is_named), "")
        sources = word_sources([child for child in node.children if child.is_named and child.type != "file_descriptor"])
        if not sources:
            return
        if sources[0].startswith(STRING_MARK) or self._shell.is_document(sources[0]):
            source = sources[0].removeprefix(STRING_MARK)
            text = self._shell.text_of(source, self._state)
            self._feed(number, Stream(text, files=self._shell.files_in(source, self._state)))
            return
        words = self._shell.words_of(sources[0], self._state)
        if operator == "<" and len(words) > 1:
            self._feed(number, self._several(words))  # zsh reads them all
            return
        for word in words:
            self._wire(operator, number, word)

    def _several(self, words: list[Word]) -> Stream:
        """Several files that are opened for input at once."""
        opened = [self.input_from(word) for word in words]
        return Stream(files=tuple(path for stream in opened for path in stream.files), is_raw=True, source="<")

    def _wire(self, operator: str, number: str, word: Word) -> None:
        if operator == "<":
            self._feed(number, self.input_from(word))
        elif operator == "<&":
            known = word.text or ""
            if known.rstrip("-").isdigit():
                opened = self._opened.get(int(known.rstrip("-"))) or self._state.descriptors.get(int(known.rstrip("-")))
                if opened is not None:
                    self._feed(number, opened)
        elif (operator == ">&" and (word.text or "").rstrip("-").isdigit()) or (operator == ">&" and word.text == "-"):
            if number in ("", "1"):
                self.moves_output, self._is_silent = True, False
            return
        elif number in ("", "1") or operator.startswith("&"):
            self._targets.append(word)
            self._appends = self._appends or operator.endswith(">>")
            self.moves_output, self._is_silent = True, word.text == "/dev/null"
        else:
            self._errors.append(word)

    def flow(self, outer: Flow) -> Flow:
        """Where what the command prints goes, by these redirections and by what stands around it."""
        if not self.moves_output:
            return outer
        return Flow(is_silent=self._is_silent)

    def _feed(self, number: str, stream: Stream) -> None:
        if number in ("", "0"):
            self.stdin = stream
            self._is_fed = True
        else:
            self._opened[int(number) if number.isdigit() else 10] = stream
            self._state.descriptors = self._state.descriptors | self._opened

    def input_from(self, word: Word) -> Stream:
        """What a file that is opened for input holds. Nobody has read it yet."""
        held = self._shell.process_stream(word.text or "")
        if held is not None:
            return held
        if word.text is None:
            self._call.unresolved(word, "the file that is read")
        named = self._call.paths(word)
        paths = tuple(self._call.origins(named) or named)
        place = self._shell.place

        def load() -> Word | None:
            text = place.read_text(paths[0]) if len(paths) == 1 and word.text is not None else None
            return None if text is None else Word(text)

        return Stream(load=load, files=paths, is_raw=True, source=f"< {word.shown}")

    def bare_input(self) -> Stream:
        """What `$(< file)` gives: the file itself, read by the shell."""
        if not self._is_fed or self.stdin is None:
            return Stream(Word(""))
        reader = Call(self._shell, self._state, "$(<…)", [], self.stdin)
        reader.read_stdin()
        return self.stdin

    def finished(self, printed: Stream) -> Stream:
        """What is left to flow on once the files have been written."""
        for word in self._errors:
            self._call.write(word)
        for word in self._targets:
            self._call.write(word, printed.shown)
            if printed.patch is not None and not self._appends:
                for name in self._call.paths(word):
                    self._state.patches[os.path.normpath(name)] = printed.patch
            for name in self._call.paths(word) if printed.files else []:
                for path in printed.files:
                    self._state.add_twin(name, path, is_copy=True)
        return printed if not self._targets else Stream(Word(""))
