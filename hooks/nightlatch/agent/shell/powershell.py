"""What a command of PowerShell would do: cmdlets with their aliases and parameters, .NET's file calls, programs.

Its own small reader of words, since no grammar is at hand: quotes, backticks, variables with plain values, pipelines,
redirections, script blocks, here-strings. What is a program of any system goes through the tables of `commands/`.
"""

from __future__ import annotations

from nightlatch.agent.effects import LAST, LINES, SOME, Window
from nightlatch.agent.shell.call import Call
from nightlatch.agent.shell.interpreter import Interpreter
from nightlatch.agent.shell.powershell_words import KEYWORDS, Item, statements, summands
from nightlatch.agent.shell.state import State
from nightlatch.agent.shell.trace import TooMuchError
from nightlatch.agent.shell.values import Stream, Unknown, Word, lines_of, merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.agent.effects import Effect
    from nightlatch.agent.place import Place

MOST_DEPTH = 12
MOST_TURNS = 100
MOST_CHARACTERS = 256 * 1024

ALIASES = {
    "gc": "get-content", "type": "get-content", "cat": "get-content", "sc": "set-content", "ac": "add-content",
    "clc": "clear-content", "cp": "copy-item", "copy": "copy-item", "cpi": "copy-item", "mv": "move-item",
    "move": "move-item", "mi": "move-item", "rm": "remove-item", "del": "remove-item", "erase": "remove-item",
    "rd": "remove-item", "ri": "remove-item", "rmdir": "remove-item", "ren": "rename-item", "rni": "rename-item",
    "ni": "new-item", "gi": "get-item", "gci": "get-childitem", "ls": "get-childitem", "dir": "get-childitem",
    "sls": "select-string", "iex": "invoke-expression", "cd": "set-location", "sl": "set-location",
    "chdir": "set-location", "pushd": "push-location", "popd": "pop-location", "pwd": "get-location",
    "gl": "get-location",
    "echo": "write-output", "write": "write-output", "foreach": "foreach-object", "%": "foreach-object",
    "?": "where-object", "where": "where-object", "select": "select-object", "iwr": "invoke-webrequest",
    "irm": "invoke-restmethod", "saps": "start-process", "start": "start-process", "ipcsv": "import-csv",
    "fhx": "format-hex", "tee": "tee-object", "measure": "measure-object", "icm": "invoke-command",
    "sort": "sort-object",
    "gp": "get-itemproperty", "gv": "get-variable", "md": "mkdir", "ii": "invoke-item", "compare": "compare-object",
}  # fmt: skip

READERS = frozenset(
    {"get-content", "select-string", "import-csv", "format-hex", "import-clixml", "import-powershelldatafile",
     "select-xml"}
)  # fmt: skip
WRITERS = frozenset(
    {"set-content", "add-content", "out-file", "clear-content", "tee-object", "export-csv", "export-clixml", "new-item"}
)
LOOKING = frozenset(
    {"get-childitem", "get-item", "test-path", "resolve-path", "get-itemproperty", "split-path", "join-path",
     "get-filehash", "get-acl", "set-acl", "set-itemproperty", "convert-path", "measure-object"}
)  # fmt: skip
SILENT = frozenset(
    {"write-output", "write-host", "write-verbose", "write-error", "write-warning", "where-object", "select-object",
     "sort-object", "group-object", "format-table", "format-list", "out-null", "out-string", "out-host", "get-process",
     "get-date", "get-location", "start-sleep", "get-command", "get-help", "get-member", "convertto-json",
     "convertfrom-json",
     "get-service", "stop-process", "set-strictmode", "clear-host", "get-random", "new-object", "add-type",
     "import-module",
     "get-module", "install-module", "pop-location", "wait-process", "set-variable", "test-connection", "get-host",
     "mkdir",
     "convertto-csv", "convertfrom-csv", "get-history", "foreach-object", "set-executionpolicy", "get-variable", "tee"}
)  # fmt: skip
SWITCHES = frozenset(
    {"-raw", "-wait", "-force", "-recurse", "-append", "-nonewline", "-noclobber", "-quiet", "-casesensitive", "-list",
     "-simplematch", "-notmatch", "-allmatches", "-whatif", "-confirm", "-verbose", "-passthru", "-nonewwindow",
     "-usebasicparsing", "-hidden", "-file", "-directory", "-name", "-notypeinformation", "-asbytestream", "-noprofile",
     "-noninteractive", "-nologo", "-unique", "-asplaintext", "-compress"}
)  # fmt: skip
_PATHS = ("-path", "-literalpath", "-filepath", "-pspath", "-lp", "-fullname", "-outfile", "-infile")


def effects_of(command: str, folder: str, place: Place) -> list[Effect]:
    """What a command of PowerShell would do, in order, each effect once.

    command  as it would be given to `pwsh -Command`
    folder   where it starts, absolute
    place    the project's root, the home folder, and the door to the files
    """
    shell = Interpreter(place, folder)
    try:
        Runner(shell, State(folder)).run(command)
    except TooMuchError:
        from nightlatch.agent.effects import Unresolved

        return [*shell.trace.effects, Unresolved("the command", "more than can be followed: give it in parts")]
    return shell.trace.effects


class Runner:
    """Follows a script of PowerShell."""

    def __init__(self, shell: Interpreter, state: State, depth: int = 0) -> None:
        self.shell = shell
        self.state = state
        self.depth = depth

    def run(self, text: str) -> Stream | None:
        """Follow all of its statements; gives what the last one has."""
        if self.depth > MOST_DEPTH or len(text) > MOST_CHARACTERS:
            self._call("the command").unresolved(Word(text[:40]), "what so large or so deeply nested a command does")
            return None
        stream: Stream | None = None
        for pipeline in statements(text):
            stream = None
            for number, items in enumerate(pipeline):
                stream = self._command(items, stream if number else None)
        return stream

    def _call(self, name: str, stdin: Stream | None = None) -> Call:
        return Call(self.shell, self.state, name, [], stdin)

    def _inner(self, text: str) -> Stream | None:
        return Runner(self.shell, self.state, self.depth + 1).run(text)

    def _command(self, items: list[Item], stdin: Stream | None) -> Stream | None:
        self.shell.trace.step()
        items = self._redirected(items, stdin)
        if items and items[0].text.lower() == "foreach" and len(items) > 1 and items[1].text.startswith("("):
            self._bind_loop(items[1].blocks[0])
        held = self._blocks(items, stdin)
        if not items:
            return None
        if self._assignment(items):
            return None
        if items[0].text in ("&", ".") and not items[0].is_quoted:
            return self._invoked(items, stdin)
        if items[0].is_value:
            return self._value(items, held)
        if items[0].text.lower() in KEYWORDS - {"foreach"} or (
            items[0].text.lower() == "foreach" and items[1:] and items[1].blocks
        ):
            rest = [item for item in items[1:] if not item.blocks]
            return self._command(rest, stdin) if rest else None
        return self._named(self.word(items[0]), items[1:], stdin)

    def _blocks(self, items: list[Item], stdin: Stream | None) -> tuple[str, ...]:
        """Follow the scripts in brackets; gives the files whose content they have.

        Behind a pipeline (`'a' | % { … }`) they run once for each thing that flows in, which is `$_` then.
        """
        values = [Word(Unknown("$_"))]
        if stdin is not None and stdin.word is not None and stdin.text is not None:
            values = [Word(line) for line in stdin.text.splitlines()[:MOST_TURNS]] or values
        held: list[str] = []
        for item in items:
            for block in item.blocks:
                for value in values if stdin is not None else [None]:
                    if value is not None:
                        self.state.assign("_", [[value]])
                    stream = self._inner(block)
                    held += stream.files if stream is not None else ()
        return tuple(held)

    def word(self, item: Item) -> Word:
        """An item as the program gets it: variables with their values."""
        parts: list[str | Unknown] = []
        for part in item.parts:
            if not part.startswith("\0"):
                parts.append(part if not parts or item.is_quoted else _without_member(part))
                continue
            parts += self._variable(part[1:]).parts
        word = merged(parts)
        if word.prefix.startswith("~") and not item.is_quoted:
            word = merged([self.shell.place.home + word.prefix[1:], *word.parts[1:]])
        if not item.is_quoted and "\\" in word.prefix + word.suffix:
            word = Word(*(part if isinstance(part, Unknown) else part.replace("\\", "/") for part in word.parts))
        return word

    def _variable(self, name: str) -> Word:
        lower = name.lower()
        if name.startswith("("):
            return self._constant(name[1:].removesuffix(")")) or Word(Unknown(f"${name}"))
        if lower in ("pwd", "psscriptroot") and self.state.folders[0] is not None:
            return Word(self.state.folders[0])
        if lower in ("home", "env:home", "env:userprofile"):
            return Word(self.shell.place.home)
        if lower == "null":
            return Word("")
        values = self.state.variables.get(lower)
        if values and len(values) == 1 and values[0]:
            return values[0][0] if len(values[0]) == 1 else Word(Unknown(f"${name}"))
        return Word(Unknown(f"${name}"))

    def _constant(self, text: str) -> Word | None:
        """What brackets hold, where it is a text: `(".e" + "nv")`, `(Join-Path a b)`, `(Get-Item a)`."""
        parts = [self._one(part) for part in summands(text)]
        if len(parts) > 1:
            known = [word for word in parts if word is not None]
            return merged(part for word in known for part in word.parts) if len(known) == len(parts) else None
        if parts[0] is not None:
            return parts[0]
        read = statements(text)
        items = read[0][0] if len(read) == 1 and len(read[0]) == 1 else []
        if not items or any(item.blocks for item in items):
            return None
        name = ALIASES.get(items[0].text.lower(), items[0].text.lower())
        words = self._parameters(items[1:])[1]
        if name in _SAME and words and not items[0].is_value:
            kept = words if name == "join-path" else words[:1]
            return merged(part for number, word in enumerate(kept) for part in ("/" * bool(number), *word.parts))
        return None

    def _one(self, text: str) -> Word | None:
        """A text in quotes, or a variable; None for anything else."""
        read = statements(text)
        items = read[0][0] if len(read) == 1 and len(read[0]) == 1 else []
        is_one = len(items) == 1 and items[0].is_value and not items[0].blocks and len(items[0].parts) == 1
        return self.word(items[0]) if is_one else None

    def _bind_loop(self, text: str) -> None:
        """`foreach ($f in 'a', 'b')`: the variable has each of the values."""
        name, found, values = text.strip().partition(" in ")
        if not found:
            return
        words = [self.word(item) for line in statements(values) for items in line for item in items if item.text != ","]
        name = name.strip("$ ").lower()
        if len(words) == 1:
            self.state.assign(name, [words])
        elif words:
            self.state.assign(name, [[Word(Unknown(f"${name}"))]])
            call = self._call("foreach")
            for word in words:
                if word.text is not None and any(call.place.exists(path) for path in call.paths(word)):
                    call.read(word)

    def _assignment(self, items: list[Item]) -> bool:
        """`$x = …`: a plain value is kept, else its right side is followed."""
        if (
            len(items) < 3  # noqa: PLR2004 - name, sign, value
            or items[1].text not in ("=", "+=")
            or not items[0].parts[:1]
            or not items[0].parts[0].startswith("\0")
        ):
            return False
        name = items[0].parts[0][1:].lower()
        rest = items[2:]
        if len(rest) == 1 and not rest[0].is_value and (rest[0].is_quoted or rest[0].parts[0].startswith("\0")):
            value = self.word(rest[0])
            if name.startswith("env:"):
                from nightlatch.agent.shell.commands.git import switch

                found = switch(name[4:].upper(), value)
                if found:
                    self._call(name).bypass(found)
                self.state.assign(name[4:].upper(), [[value]])
            self.state.assign(name, [[value]])
            return True
        joined_value = self._joined(rest)
        stream = None if joined_value is not None else self._command(rest, None)
        if stream is not None and stream.files:
            self.state.contents[name] = stream.files
        value = joined_value or (stream.word if stream is not None else None) or Word(Unknown(f"${name}"))
        self.state.assign(name, [[value]])
        return True

    def _joined(self, items: list[Item]) -> Word | None:
        """`'.e' + 'nv'`."""
        if len(items) < 3 or any(item.text != "+" for item in items[1::2]) or not items[0].is_quoted:  # noqa: PLR2004 - so many words make the form
            return None
        return merged(part for item in items[::2] for part in self.word(item).parts)

    def _invoked(self, items: list[Item], stdin: Stream | None) -> Stream | None:
        """`& name …`, `. script`, `& { … }`."""
        if len(items) < 2 or (items[1].blocks and items[1].text.startswith("{")):  # noqa: PLR2004 - so many words make the form
            return None
        word = self.word(items[1])
        if word.text is None:
            self._call("&").unresolved(word, "the program that is run")
            return None
        return self._named(word, items[2:], stdin)

    def _value(self, items: list[Item], held: tuple[str, ...]) -> Stream | None:
        """A statement that is an expression: a text, .NET's calls, `$env:NAME`."""
        text = "".join(item.text for item in items)
        held = (*held, *self._held(items))
        for path in held if "[" in text.lstrip("[") else ():
            self._call("[…]").read_path(path, Window(SOME))  # `(gc file)[0..3]`
        place = text.lower().find("system.io.")
        text = text if place < 0 else text[:place] + text[place + len("system.") :]
        lower = text.lower()
        call = self._call("[IO.File]")
        for name in ("readalltext", "readalllines", "readallbytes", "readlines", "openread", "opentext", "open"):
            self._method(call, lower, text, f"[io.file]::{name}(", is_read=True)
        for name in (
            "writealltext",
            "writealllines",
            "writeallbytes",
            "appendalltext",
            "delete",
            "create",
            "openwrite",
            "createtext",
        ):
            self._method(call, lower, text, f"[io.file]::{name}(", is_read=False)
        for name in ("copy", "move", "replace"):
            self._method(call, lower, text, f"[io.file]::{name}(", is_read=True)
        if "streamreader]" in lower and "::new(" in lower:
            self._method(call, lower, text, "::new(", is_read=True)
        if ".opentext(" in lower or ".openread(" in lower or ".readtoend(" in lower:
            self._named_files(call, text)
            self._opened(call, items)
        if "getenvironmentvariable" in lower or lower.startswith("$env:"):
            self._environment(items, lower)
        if ".invoke(" in lower and "scriptblock]::create" in lower:
            call.unresolved(Word(text[:60]), "the command that is run")
        parts = [item for item in items if item.is_quoted or item.parts[0].startswith("\0")]
        if len(parts) == len(items) == 1:
            return Stream(merged([*self.word(items[0]).parts, "\n"]), files=held)
        return Stream(files=held) if held else None

    def _held(self, items: list[Item]) -> tuple[str, ...]:
        """The files whose content the variables among some items have."""
        names = [part[1:].lower() for item in items for part in item.parts if part.startswith("\0")]
        return tuple(path for name in names for path in self.state.contents.get(name, ()))

    def _opened(self, call: Call, items: list[Item]) -> None:
        """`$f.OpenText()` and `(Get-Item file).OpenText()`, where the file is known."""
        for item in items:
            for part in item.parts:
                text = (self._variable(part[1:]).text or "").strip() if part.startswith("\0") else ""
                if text and any(call.place.exists(path) for path in call.paths(Word(text))):
                    call.read(Word(text))

    def _named_files(self, call: Call, text: str) -> None:
        """Texts in quotes where a file is opened: `(New-Object IO.StreamReader ".env").ReadToEnd()`."""
        for quote in ("'", '"'):
            for part in text.split(quote)[1::2]:
                if any(call.place.exists(path) for path in call.paths(Word(part.replace("\\", "/")))):
                    call.read(Word(part.replace("\\", "/")))

    def _environment(self, items: list[Item], lower: str) -> None:
        from nightlatch.agent.shell.environment_filters import HARMLESS

        del items
        name = lower.removeprefix("$env:").strip("()").upper() if lower.startswith("$env:") else ""
        if name not in HARMLESS:
            self._call(f"$env:{name}").shows_credentials(f"$env:{name}" if name else "GetEnvironmentVariable")

    def _method(self, call: Call, lower: str, text: str, name: str, *, is_read: bool) -> None:
        place = lower.find(name)
        if place < 0:
            return
        inside = text[place + len(name) :].partition(")[")[0]
        pieces = [items for line in statements(inside.replace(",", " ").rstrip(")")) for items in line]
        words = [self.word(item) for item in pieces[0]] if pieces else []
        words = [Word(word.text.rstrip(")").replace("\\", "/")) if word.text is not None else word for word in words]
        if not words:
            return
        if is_read:
            call.read(words[0], Window(SOME) if ")[" in text else None)
            if len(words) > 1 and name.endswith(("copy(", "move(", "replace(")):
                call.write(words[1])
        else:
            call.write(words[0], words[1].shown if len(words) > 1 else None, is_removal=name.endswith("delete("))

    def _redirected(self, items: list[Item], stdin: Stream | None) -> list[Item]:
        kept: list[Item] = []
        rest = list(items)
        while rest:
            item = rest.pop(0)
            bare = item.text.lstrip("123456*") if not item.is_quoted else ""
            if bare in (">", ">>") and rest:
                target = self.word(rest.pop(0))
                if target.text not in ("$null", ""):
                    shown = " ".join(self.word(word).shown for word in kept if word.is_quoted) or None
                    self._call("the redirection", stdin).write(target, shown)
            elif bare == "<" and rest:
                rest.pop(0)
            else:
                kept.append(item)
        return kept

    # cmdlets

    def _named(self, name: Word, items: list[Item], stdin: Stream | None) -> Stream | None:
        if name.text is None:
            self._call("&").unresolved(name, "the program that is run")
            return None
        lower = name.text.lower()
        if lower == "invoke-sqlcmd":
            return self._program(lower, items, stdin)
        base = lower.rpartition("/")[2].removesuffix(".exe")
        cmdlet = ALIASES.get(base, base) if "/" not in lower else base
        if base in ("curl", "wget") and stdin is None:
            cmdlet = base
        if cmdlet in READERS | WRITERS | LOOKING | SILENT or ("-" in cmdlet and cmdlet.partition("-")[0] in _VERBS):
            return self._cmdlet(cmdlet, items, stdin)
        if base in ("pwsh", "powershell"):
            return self._nested(items)
        if "/" in lower and lower.rpartition("/")[2].startswith("."):
            self._call(".").read_if_there(name)  # `. ./.env`: no script, what can't be understood of it is printed
        return self._program(name.text, items, stdin)

    def _program(self, name: str, items: list[Item], stdin: Stream | None) -> Stream | None:
        words = [self.word(item) for item in items if item.text != "--%"]
        return self.shell.command([Word(name), *words], self.state, stdin)

    def _nested(self, items: list[Item]) -> Stream | None:
        """`pwsh -Command '…'`, `-EncodedCommand …`, `-File x.ps1`."""
        words = [self.word(item) for item in items]
        for place, word in enumerate(words):
            option = (word.text or "").lower()
            following = words[place + 1] if place + 1 < len(words) else Word("")
            if (
                len(option) > 1
                and ("-encodedcommand".startswith(option) or option == "-ec")
                and option not in ("-ex", "-exec")
            ):
                self._encoded(following)
                return None
            if len(option) > 1 and "-command".startswith(option) and option.startswith("-c"):
                self._text(
                    merged([part for rest in words[place + 1 :] for part in (*rest.parts, " ")]),
                    "the command that pwsh runs",
                )
                return None
            if len(option) > 1 and "-file".startswith(option) and option.startswith("-f"):
                self._script(following)
                return None
        rest = [word for word in words if not word.prefix.startswith("-")]
        if rest:
            self._text(
                merged([part for word in rest for part in (*word.parts, " ")]), "the command that powershell runs"
            )
        return None

    def _encoded(self, word: Word) -> None:
        import binascii

        try:
            text = binascii.a2b_base64((word.text or "\0").encode()).decode("utf-16-le")
        except (ValueError, UnicodeError):
            self._call("pwsh").unresolved(word, "the command that pwsh runs")
            return
        self._inner(text)

    def _text(self, word: Word, why: str) -> None:
        if word.text is None:
            self._call("pwsh").unresolved(word, why)
        self._inner(word.text if word.text is not None else word.shown)

    def _script(self, word: Word) -> None:
        call = self._call("pwsh")
        for path in call.paths(word):
            call.execute(path)
        text = call.file_text(word) if word.text is not None else None
        if text is not None:
            twin = self.state.copy()
            twin.is_script = True
            Runner(self.shell, twin, self.depth + 1).run(text)

    def _cmdlet(self, name: str, items: list[Item], stdin: Stream | None) -> Stream | None:
        options, operands = self._parameters(items)
        call = self._call(name, stdin)
        call.words = operands
        follow = _CMDLETS.get(name)
        if follow is not None:
            return follow(self, call, options)
        if name in READERS:
            return self._reads(call, name, options, operands, stdin)
        if name in WRITERS:
            self._writes(call, name, options, operands, stdin)
        return self._looks(call, name, options, operands) if name in LOOKING else None

    def follow_evaluates(self, call: Call, options: dict[str, list[Word]]) -> None:
        del options
        flowing = call.stdin.word if call.stdin is not None else None
        text = call.words[0] if call.words else flowing or Word(Unknown("the pipeline"))
        self._text(text, "the command that Invoke-Expression runs")

    def follow_items(self, call: Call, options: dict[str, list[Word]]) -> None:
        self._copies(call, call.name, options, call.words)

    def follow_removed(self, call: Call, options: dict[str, list[Word]]) -> None:
        """What is named, or what flows in."""
        del options
        word = call.stdin.word if call.stdin is not None else None
        for single in call.words or (lines_of(word) if word is not None else []):
            self._removes(call, single)

    def follow_goes(self, call: Call, options: dict[str, list[Word]]) -> None:
        from nightlatch.agent.shell.commands.builtins import change_folder

        del options
        change_folder(call.named("cd", call.words))

    def follow_started(self, call: Call, options: dict[str, list[Word]]) -> None:
        self._starts(options, call.words)

    def follow_fetches(self, call: Call, options: dict[str, list[Word]]) -> None:
        for key, act in (("-infile", call.read), ("-outfile", call.write), ("-destination", call.write)):
            for word in options.get(key, []):
                act(word)

    def follow_selects(self, call: Call, options: dict[str, list[Word]]) -> Stream | None:
        window = _window(options)
        for path in call.stdin.files if call.stdin is not None and window is not None else ():
            call.read_path(path, window)
        return call.stdin

    def follow_shows(self, call: Call, options: dict[str, list[Word]]) -> None:
        del options
        call.shows_credentials(call.name)

    def follow_packs(self, call: Call, options: dict[str, list[Word]]) -> None:
        for word in call.words[:1]:
            call.read(word)
        for word in options.get("-destinationpath", call.words[1:2]):
            call.write(word)

    def follow_unpacks(self, call: Call, options: dict[str, list[Word]]) -> None:
        """Which files come out nobody knows; the folder is told."""
        for word in options.get("-destinationpath", call.words[1:2]) or [Word(".")]:
            call.write(merged([*word.parts, "/*"]))

    def follow_prints(self, call: Call, options: dict[str, list[Word]]) -> Stream:
        del options
        return Stream(merged([part for word in call.words for part in (*word.parts, "\n")]))

    def _parameters(self, items: list[Item]) -> tuple[dict[str, list[Word]], list[Word]]:
        """Parameters by name in small letters, and what stands alone or behind `-Path`."""
        options: dict[str, list[Word]] = {}
        operands: list[Word] = []
        rest = [item for item in items if item.text != ","]
        while rest:
            item = rest.pop(0)
            key = item.text.lower()
            is_option = not item.is_quoted and key.startswith("-") and key[1:2].isalpha()
            if not is_option:
                if not item.blocks or not item.text.startswith("{"):
                    operands += self._listed(item)
                continue
            name, colon, value = key.partition(":")
            if colon and value:
                name, given = _full(name), Word(item.text.partition(":")[2].strip("'\""))
                options.setdefault(name, []).append(given)
                if name in _PATHS[:6]:
                    operands.append(given)
                continue
            name = _full(name)
            if name in SWITCHES or not rest:
                options.setdefault(name, [])
                continue
            words = self._listed(rest.pop(0))
            options.setdefault(name, []).extend(words)
            if name in _PATHS[:6]:
                operands += words
        return options, operands

    def _listed(self, item: Item) -> list[Word]:
        """`a,b` are two words."""
        word = self.word(item)
        if item.is_quoted or word.text is None or "," not in word.text:
            return [word]
        return [Word(part.strip("'\"")) for part in word.text.split(",") if part]

    def _reads(
        self, call: Call, name: str, options: dict[str, list[Word]], operands: list[Word], stdin: Stream | None
    ) -> Stream | None:
        window = _window(options) if name == "get-content" else None
        if name == "select-string":
            window = Window(SOME)
            has_pattern = "-pattern" in options
            paths = options.get("-path", []) + options.get("-literalpath", [])
            operands = paths or (operands if has_pattern else operands[1:])
        for word in operands:
            if (word.text or "").lower().startswith("env:"):
                call.shows_credentials(f"{name} {word.text}")
                continue
            for single in self._globbed(call, word):
                call.read(single, window)
        if not operands and stdin is not None:
            self._piped(call, stdin, window)
        if name != "get-content":
            return None
        files = tuple(path for word in operands for path in call.paths(word))
        if not operands:
            return stdin
        opened = call.shell.opened(operands[0], call)
        return Stream(load=lambda: opened.word, files=files)

    def _piped(self, call: Call, stdin: Stream, window: Window | None) -> None:
        """Names that flow in (`Get-ChildItem … | Get-Content`)."""
        word = stdin.word
        if word is None and stdin.source.startswith("names"):
            call.unresolved(Word(stdin.source), f"the file that {call.name} reads")
        for line in (word.text or "").splitlines() if word is not None else []:
            for single in self._globbed(call, Word(line)):
                call.read(single, window)
        for path in stdin.files if window is not None else ():
            call.read_path(path, window)

    def _globbed(self, call: Call, word: Word) -> list[Word]:
        from nightlatch.agent.shell.folders import matching
        from nightlatch.agent.shell.patterns import is_pattern

        folder = self.state.folders[0]
        word = _with_slashes(word)
        if word.text is None or not is_pattern(word.text) or folder is None:
            return [word]
        names = matching(call.place, folder, word.text, dots=True)
        return [Word(Unknown(word.text))] if names is None else [Word(name) for name in names] or [word]

    def _writes(
        self, call: Call, name: str, options: dict[str, list[Word]], operands: list[Word], stdin: Stream | None
    ) -> None:
        content = options.get("-value") or operands[1:2]
        text = content[0].shown if content else (stdin.shown if stdin is not None else None)
        if name == "tee-object":
            operands = options.get("-filepath", operands[:1])
        if name == "new-item" and any(
            (word.text or "").lower() == "directory" for word in options.get("-itemtype", []) + options.get("-type", [])
        ):
            for word in operands[:1]:
                call.look(word)
            return
        targets = (
            options.get("-path", []) + options.get("-literalpath", []) + options.get("-filepath", []) or operands[:1]
        )
        if name == "new-item" and "-target" in options:
            from nightlatch.agent.shell.commands.files import link

            link(call.named("new-item", [Word("-s"), *options["-target"][:1], *targets[:1]]))
            return
        if name == "new-item" and "-name" in options and options["-name"]:
            base = targets[0].shown if targets else "."
            targets = [Word(f"{base}/{options['-name'][0].shown}")]
        for word in targets:
            if (word.text or "").lower().startswith("env:"):
                continue
            for single in self._globbed(call, word):
                call.write(single, text)

    def _copies(self, call: Call, name: str, options: dict[str, list[Word]], operands: list[Word]) -> None:
        from nightlatch.agent.shell.commands.files import copy, move

        target = options.get("-destination", []) + options.get("-newname", [])
        sources = [
            single for word in (operands[:1] if not target else operands) for single in self._globbed(call, word)
        ]
        targets = target or operands[1:2]
        if not targets:
            for word in sources:
                call.read(word)
            return
        (copy if name == "copy-item" else move)(call.named(name, [*sources, targets[0]]))

    def _removes(self, call: Call, word: Word) -> None:
        from nightlatch.agent.shell.commands.files import remove

        text = (word.text or "").lower()
        if text.startswith("env:"):
            return
        remove(call.named("remove-item", self._globbed(call, word)))

    def _looks(self, call: Call, name: str, options: dict[str, list[Word]], operands: list[Word]) -> Stream | None:
        for word in operands:
            if (word.text or "").lower().startswith("env:"):
                from nightlatch.agent.shell.environment_filters import HARMLESS

                variable = (word.text or "").partition(":")[2].lstrip("\\/").upper()
                if name in ("get-childitem", "get-item") and variable not in HARMLESS:
                    call.shows_credentials(f"{name} {word.text}")
                continue
            call.look(word)
        if name not in ("get-childitem", "get-item", "resolve-path"):
            return None
        found = [single for word in operands for single in self._globbed(call, word)]
        if found and all(word.text is not None and not call.is_folder(word) for word in found):
            return Stream(Word("".join(f"{word.text}\n" for word in found)), source="names")
        return self._below(options, operands) if name == "get-childitem" else Stream(source=f"names of {name}")

    def _below(self, options: dict[str, list[Word]], operands: list[Word]) -> Stream:
        """What `Get-ChildItem` finds in folders, as patterns: whoever reads it looks what there is."""
        given = [options[name][0].text for name in ("-filter", "-include") if options.get(name)]
        pattern = given[0] if given else "*"
        middle = "/**/" if "-recurse" in options else "/"
        folders = [word.text for word in operands] or ["."]
        if pattern is None or None in folders:
            return Stream(source="names of get-childitem")
        return Stream(Word("".join(f"{folder}{middle}{pattern}\n" for folder in folders)), source="names")

    def _starts(self, options: dict[str, list[Word]], operands: list[Word]) -> None:
        arguments = options.get("-argumentlist", []) + options.get("-args", []) or operands[1:]
        if operands:
            words = [part for word in arguments for part in (word.text or word.shown).split()]
            lower = (operands[0].text or "").lower().removesuffix(".exe")
            if lower in ("pwsh", "powershell"):
                self._inner(" ".join(["pwsh", *words]))
            else:
                self.shell.command([operands[0], *(Word(word) for word in words)], self.state, None)


_CMDLETS: dict[str, Callable[[Runner, Call, dict[str, list[Word]]], Stream | None]] = {
    "invoke-expression": Runner.follow_evaluates, "remove-item": Runner.follow_removed,
    "start-process": Runner.follow_started, "select-object": Runner.follow_selects,
    **dict.fromkeys(("copy-item", "move-item", "rename-item"), Runner.follow_items),
    **dict.fromkeys(("set-location", "push-location"), Runner.follow_goes),
    **dict.fromkeys(("invoke-webrequest", "invoke-restmethod", "start-bitstransfer"), Runner.follow_fetches),
    **dict.fromkeys(("get-clipboard", "get-secret", "get-storedcredential"), Runner.follow_shows),
    "compress-archive": Runner.follow_packs, "expand-archive": Runner.follow_unpacks,
    "write-output": Runner.follow_prints,
}  # fmt: skip
"""Cmdlets that are followed in a way of their own."""

_VERBS = frozenset({"get", "set", "add", "remove", "new", "copy", "move", "rename", "clear", "invoke", "start", "stop",
"test",
                    "out", "write", "read", "import", "export", "convertto", "convertfrom", "select", "where",
                    "foreach",
                    "sort", "group", "measure", "format", "join", "split", "resolve", "push", "pop", "tee", "compare",
                    "compress", "expand", "update", "install", "enable", "disable", "wait", "unblock"})  # fmt: skip
_NAMES = (
    "-path", "-literalpath", "-filepath", "-totalcount", "-tail", "-head", "-first", "-last", "-pattern", "-value",
    "-destination", "-destinationpath", "-newname", "-itemtype", "-argumentlist", "-encoding", "-raw", "-recurse",
    "-force", "-append", "-filter", "-include", "-exclude", "-name", "-target", "-infile", "-outfile", "-uri",
    "-command", "-delimiter",
)  # fmt: skip


_SAME = frozenset({"join-path", "get-item", "resolve-path", "convert-path"})
"""Cmdlets whose value is the path that they are given, or paths put together."""

_MEMBERS = (".fullname", ".name", ".path", ".pspath", ".providerpath")


def _without_member(text: str) -> str:
    """What stands behind a variable, without a member that is its name: `$_.FullName`."""
    member = next((name for name in _MEMBERS if text.lower().startswith(name)), "")
    return text[len(member) :]


def _with_slashes(word: Word) -> Word:
    return Word(*(part if isinstance(part, Unknown) else part.replace("\\", "/") for part in word.parts))


def _full(name: str) -> str:
    """A parameter that is cut short is the one that it can only be."""
    if name in _NAMES or name in SWITCHES:
        return name
    if len(name) > 1 and "-path".startswith(name):
        return "-path"
    found = [known for known in _NAMES if known.startswith(name)]
    return found[0] if len(found) == 1 else name


def _window(options: dict[str, list[Word]]) -> Window | None:
    for key in ("-totalcount", "-head", "-first"):
        if key in options:
            number = options[key][0].text if options[key] else None
            return Window(LINES, 1, int(number)) if number is not None and number.isdigit() else Window(SOME)
    for key in ("-tail", "-last"):
        if key in options:
            number = options[key][0].text if options[key] else None
            return Window(LAST, count=int(number)) if number is not None and number.isdigit() else Window(SOME)
    return None
