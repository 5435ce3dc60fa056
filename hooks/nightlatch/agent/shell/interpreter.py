"""A script followed statement by statement, as bash would run it, without running anything.

Every branch is taken, each loop's body is followed for the values that are known, and what a command prints flows on
where it can be known. The work is bounded (`trace.py`); past the bound the whole command is unresolved.
"""

from __future__ import annotations

from nightlatch.agent.effects import SOME, Bypass, Unresolved, Window
from nightlatch.agent.shell.command import run_command
from nightlatch.agent.shell.expand import assigned, document, fields, single
from nightlatch.agent.shell.flow import NOWHERE, Flow
from nightlatch.agent.shell.nodes import assigned_name, descendants, first_error, node_text, swallowed, word_sources
from nightlatch.agent.shell.prepare import HereDocument, here_document, prepared, without_marks
from nightlatch.agent.shell.trace import Trace
from nightlatch.agent.shell.values import Stream, Unknown, Word, joined, lines_of, merged
from nightlatch.agent.shell.words import WordError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.place import Place
    from nightlatch.agent.shell.call import Call
    from nightlatch.agent.shell.grammar import Node
    from nightlatch.agent.shell.redirects import Redirects
    from nightlatch.agent.shell.state import State

MOST_DEPTH = 24
"""How deeply shells, functions and substitutions are followed into one another."""

MOST_TURNS = 300
MOST_CHARACTERS = 512 * 1024
_REDIRECTS = ("file_redirect", "herestring_redirect")
_NO_WORDS = (*_REDIRECTS, "variable_assignment")
MOST_WAYS = 32
PROCESS_NAME = "/dev/fd/process-"
_SUBSTITUTIONS = ("command_substitution", "process_substitution", "expansion")
_PASSIVE = ("comment", "command_name", "variable_name", ";", "&", "\n", ";;")


def _leads_nowhere(redirects: list[Node]) -> bool:
    """Whether what is printed is thrown away."""
    texts = ["".join(node_text(child).split()) for child in redirects]
    return any(text in (">/dev/null", "1>/dev/null", "&>/dev/null") for text in texts)


class Interpreter:
    """Follows scripts.

    place   where, and the door to the files
    folder  where the command starts, absolute
    trace   what was found
    flow    where what is printed goes just now
    printed_files  commands of `$(…)` → the files whose content they print
    is_looping  whether the condition of a loop is followed, which reads line by line
    """

    def __init__(self, place: Place, folder: str) -> None:
        self.place = place
        self.folder = folder
        self.trace = Trace()
        self.flow = Flow()
        self.is_looping = False
        self.printed_files: dict[str, tuple[str, ...]] = {}
        self._depth = 0
        self._documents: list[HereDocument] = []
        self._processes: list[Stream] = []
        self._substituted: set[str] = set()

    # scripts and commands

    def script(self, text: str, state: State, stdin: Stream | None = None) -> Stream:
        """Follow a script; gives what it prints. What the grammar can't read is unresolved where it matters."""
        if len(text) > MOST_CHARACTERS:
            self._unresolved(text[:40], "what so large a command does", state)
            return Stream()
        outer, self._documents = self._documents, []
        try:
            return self._prepared(prepared(without_marks(_encodable(text)), self._documents), state, stdin)
        finally:
            self._documents = outer

    def _prepared(self, text: str, state: State, stdin: Stream | None) -> Stream:
        """Follow a script that is prepared for the grammar; its here-documents are at hand."""
        from nightlatch.agent.shell.grammar import parse

        if self._depth >= MOST_DEPTH:
            self._unresolved(text[:40], "what so deeply nested a command does", state)
            return Stream()
        self._depth += 1
        try:
            root = parse(text.encode("utf-8", "surrogateescape"))
            if root.has_error:
                self._check_errors(root, state)
            printed = self._all(root.children, state, stdin)
            if "$(" in text or "<(" in text or ">(" in text:
                self._run_the_rest(root, state)
        except RecursionError:
            self._unresolved(text[:40], "what so deeply nested a command does", state)
            return Stream()
        finally:
            self._depth -= 1
        return printed

    def _run_the_rest(self, root: Node, state: State) -> None:
        """What is substituted runs wherever it stands: in a pattern, an index, a condition that nobody looked into."""
        for node in descendants(root, _SUBSTITUTIONS):
            for inner in _inside(node):
                if inner not in self._substituted and not _is_in_function(node):
                    self.substituted(inner, state)

    def command(self, words: list[Word], state: State, stdin: Stream | None) -> Stream:
        """Follow one command whose words are expanded."""
        self.trace.step()
        if self._depth >= MOST_DEPTH:
            self._unresolved(joined(words).shown, "what so deeply nested a command does", state)
            return Stream()
        self._depth += 1
        try:
            return run_command(self, words, state, stdin)
        finally:
            self._depth -= 1

    def substituted(self, text: str, state: State) -> Stream:
        """What the commands of `$(…)` print; `$(< file)` is that file's content."""
        self._substituted.add(text)
        printed = self._apart(text, state)
        if printed.files:
            self.printed_files[text] = printed.files
        return printed

    def _apart(self, text: str, state: State) -> Stream:
        """Follow commands whose output goes elsewhere than that of the command that they stand in."""
        outer, self.flow = self.flow, Flow()
        try:
            return self._prepared(prepared(text, self._documents), state.copy(), None)
        finally:
            self.flow = outer

    def process(self, text: str, state: State, *, is_input: bool) -> Word:
        """The name that `<(…)` or `>(…)` stands for: one that nobody protects; its content flows elsewhere."""
        self._substituted.add(text)
        stream = self._apart(text, state)
        if not is_input:
            return Word("/dev/fd/63")
        self._processes.append(stream)
        return Word(f"{PROCESS_NAME}{len(self._processes) - 1}")

    def process_stream(self, path: str) -> Stream | None:
        """What flows behind a name that `process` gave."""
        return self._processes[int(path[len(PROCESS_NAME) :])] if path.startswith(PROCESS_NAME) else None

    def opened(self, word: Word, call: Call) -> Stream:
        """What a file holds that a command names. Who asks has said that it is read."""
        held = self.process_stream(word.text or "")
        if held is not None:
            return held

        def load() -> Word | None:
            text = call.file_text(word)
            return None if text is None else Word(text)

        return Stream(load=load)

    def _unresolved(self, what: str, why: str, state: State) -> None:
        if not state.is_script:
            self.trace.add(Unresolved(" ".join(what.split())[:60], why))

    def _check_errors(self, root: Node, state: State) -> None:
        from nightlatch.agent.shell.sensitive import mentions_what_matters

        text = node_text(root)
        if mentions_what_matters(text):
            self._unresolved(first_error(root) or text, "what the shell makes of it", state)

    # statements

    def _all(self, nodes: list[Node], state: State, stdin: Stream | None) -> Stream:
        return together([self._statement(node, state, stdin) for node in nodes if node.type not in _PASSIVE])

    def _statement(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        try:
            follow = _STATEMENTS.get(node.type)
            if follow is not None:
                return follow(self, node, state, stdin)
            if node.is_named:
                return self._all(node.children, state, stdin)
        except WordError:
            self._unresolved(node_text(node), "what the shell makes of it", state)
        return Stream(Word(""))

    def follow_command(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        """A command with its assignments, words and redirections."""
        redirects = [child for child in node.children if child.type in _REDIRECTS]
        assignments = [child for child in node.children if child.type == "variable_assignment"]
        sources = word_sources([child for child in node.children if child.type not in _NO_WORDS])
        for redirect in redirects:
            sources += swallowed(redirect)
        return self._run(sources, assignments, redirects, state, stdin)

    def _run(
        self, sources: list[str], assignments: list[Node], redirects: list[Node], state: State, stdin: Stream | None
    ) -> Stream:
        from nightlatch.agent.shell.redirects import Redirects

        wired = Redirects(self, state, stdin)
        for redirect in redirects:
            wired.add(redirect)
        if not sources:
            for assignment in assignments:
                self._assign(assignment, state)
            return wired.finished(wired.bare_input())
        before = {name: state.variables.get(name) for name in map(assigned_name, assignments)}
        for assignment in assignments:
            self._assign(assignment, state)
        ways = [words for words in self._argument_lists(sources, state) if words]
        outer, self.flow = self.flow, wired.flow(self.flow)
        try:
            printed = [self.command([Word(*word.parts) for word in words], state, wired.stdin) for words in ways]
        finally:
            self.flow = outer
        if self.printed_files or state.contents:
            self._keep_files(sources, printed, state)
        for name, value in before.items():
            if value is None:
                state.variables.pop(name, None)
            else:
                state.variables[name] = value
        return wired.finished(together(printed) if len(printed) != 1 else printed[0])

    def _keep_files(self, sources: list[str], printed: list[Stream], state: State) -> None:
        """What is printed of a file's content stays that file's."""
        from nightlatch.agent.shell.contents import PRINTING, files_in

        held = files_in(self, sources, state)
        if held and sources[0] in PRINTING:
            for stream in printed:
                stream.files = held

    def _argument_lists(self, sources: list[str], state: State) -> list[list[Word]]:
        """The ways that a command's words can be expanded, all together bounded."""
        ways: list[list[Word]] = [[]]
        for source in sources:
            options = fields(source, state, self)
            if len(options) == 1:
                for way in ways:
                    way.extend(options[0])
                continue
            if len(ways) * len(options) > MOST_WAYS:
                # each word's ways by themselves: a program reads all its operands anyway
                options = [[word for option in options for word in option]]
            ways = [[*before, *after] for before in ways for after in options]
        return ways

    def words_of(self, source: str, state: State) -> list[Word]:
        """The fields of a word in all its ways, one after the other. Raises WordError."""
        return [word for way in fields(source, state, self) for word in way]

    def text_of(self, source: str, state: State) -> Word:
        """A here-string's word. Raises WordError."""
        held = here_document(source, self._documents)
        if held is None:
            ways = assigned(source, state, self)
            return merged([*(ways[0].parts if len(ways) == 1 else (Unknown(source),)), "\n"])
        return Word(held.text) if held.is_literal else document(held.text, state, self)

    def files_in(self, source: str, state: State) -> tuple[str, ...]:
        """The files whose content a here-string's word, or a here-document, has."""
        if not (self.printed_files or state.contents):
            return ()
        from nightlatch.agent.shell.contents import files_in

        held = here_document(source, self._documents)
        return files_in(self, [source if held is None else f'"{held.text}"'], state)

    def is_document(self, source: str) -> bool:
        """Whether a redirection's target is the mark of a here-document."""
        return here_document(source, self._documents) is not None

    def _assign(self, node: Node, state: State, *, environment: bool = False) -> None:
        from nightlatch.agent.shell.variables import assign

        source = node_text(node)
        array = next((child for child in node.children if child.type == "array"), None)
        items = None if array is None else word_sources(array.children[1:-1])
        assign(self, source, items, state, environment=environment)
        if self.printed_files or state.contents:
            from nightlatch.agent.shell.contents import files_in

            state.contents[assigned_name(node)] = files_in(self, [source.partition("=")[2], *(items or [])], state)

    def follow_declaration(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        """`export`, `declare`, `local`: a command whose words may be assignments."""
        words = [Word(node_text(node.children[0]))]
        rest: list[Node] = []
        refers = any(node_text(child) in ("-n", "-gn", "-ng") for child in node.children[1:])
        for child in node.children[1:]:
            if child.type == "variable_assignment" and refers and words[0].text != "export":
                self._refer(child, state)
                words.append(Word(assigned_name(child)))
            elif child.type == "variable_assignment":
                self._assign(child, state, environment=node_text(node.children[0]) in ("export", "declare", "typeset"))
                words.append(Word(assigned_name(child)))
            elif child.type not in _REDIRECTS:
                rest.append(child)
        for source in word_sources(rest):
            words += self.words_of(source, state)
        return self.command(words, state, stdin)

    def _refer(self, node: Node, state: State) -> None:
        """`declare -n name=other`: from now on the one is the other."""
        for word in assigned(node_text(node).partition("=")[2], state, self):
            if word.text is not None and word.text.isidentifier() and word.text != assigned_name(node):
                state.references[assigned_name(node)] = word.text

    def follow_unset(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        from nightlatch.agent.shell.variables import POLICY

        del stdin
        for child in node.children[1:]:
            state.variables[node_text(child)] = [[]]
            if node_text(child) == POLICY:
                self.trace.add(Bypass(f"unset {POLICY}"))
        return Stream(Word(""))

    def follow_assignments(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        del stdin
        nodes = node.children if node.type == "variable_assignments" else [node]
        for child in nodes:
            self._assign(child, state)
        return Stream(Word(""))

    def follow_redirected(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        from nightlatch.agent.shell.redirects import Redirects

        redirects = [child for child in node.children if child.type in _REDIRECTS]
        body = next((child for child in node.children if child.type not in _REDIRECTS), None)
        if body is None:
            return self._run([], [], redirects, state, stdin)
        return self._redirect_last(body, redirects, state, stdin, Redirects)

    def _redirect_last(
        self, body: Node, redirects: list[Node], state: State, stdin: Stream | None, wiring: type[Redirects]
    ) -> Stream:
        """The grammar lets a redirection embrace a whole pipeline or list: it is the last command's."""
        if body.type == "pipeline":
            return self.follow_pipeline(body, state, stdin, redirects)
        if body.type == "list":
            first = self._statement(body.children[0], state, stdin)
            return together([first, self._redirect_last(body.children[-1], redirects, state, stdin, wiring)])
        if body.type == "command":
            inner = [child for child in body.children if child.type in _REDIRECTS]
            assignments = [child for child in body.children if child.type == "variable_assignment"]
            sources = word_sources([child for child in body.children if child.type not in _NO_WORDS])
            for redirect in (*inner, *redirects):
                sources += swallowed(redirect)
            return self._run(sources, assignments, [*inner, *redirects], state, stdin)
        wired = wiring(self, state, stdin)
        for redirect in redirects:
            wired.add(redirect)
        outer, self.flow = self.flow, wired.flow(self.flow)
        try:
            return wired.finished(self._statement(body, state, wired.stdin))
        finally:
            self.flow = outer

    def follow_pipeline(
        self, node: Node, state: State, stdin: Stream | None, redirects: list[Node] | None = None
    ) -> Stream:
        """Each command in a shell of its own, but for the last one, whose variables zsh keeps."""
        from nightlatch.agent.shell.redirects import Redirects

        parts = [child for child in node.children if child.is_named and child.type != "comment"]
        stream, outer = stdin, self.flow
        try:
            for number, part in enumerate(parts):
                twin = state.copy()
                is_last = number == len(parts) - 1
                self.flow = (
                    outer
                    if is_last
                    else Flow([*parts[number + 1 :], *outer.behind], None if outer.behind else redirects)
                )
                if redirects and is_last:
                    stream = self._redirect_last(part, redirects, twin, stream, Redirects)
                else:
                    stream = self._statement(part, twin, stream)
                if is_last:
                    state.join(twin)
        finally:
            self.flow = outer
        return stream if stream is not None else Stream(Word(""))

    def filters(self, state: State) -> list[list[Word]]:
        """The words of the commands that what is printed just now goes on through, up to one that isn't plain."""
        found: list[list[Word]] = []
        for node in self.flow.behind:
            body = node.children[0] if node.type == "redirected_statement" else node
            if body.type != "command":
                break
            sources = word_sources([child for child in body.children if child.type not in _NO_WORDS])
            found.append([word for source in sources for word in self.words_of(source, state)])
            redirects = [child for child in node.children if child.type in _REDIRECTS] if body is not node else []
            at_end = self.flow.redirects if node is self.flow.behind[-1] else []
            if _leads_nowhere(redirects or at_end):
                found.append([Word(NOWHERE)])
            if redirects:
                break
        return found

    def follow_subshell(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        return self._all(node.children, state.copy(), stdin)

    def follow_list(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        """`a && b`, `a || b`: what follows a condition that is known may never run."""
        from nightlatch.agent.shell.conditions import outcome

        parts = [child for child in node.children if child.is_named]
        operator = next((child.type for child in node.children if not child.is_named), "")
        known = outcome(parts[0], self, state) if len(parts) > 1 else None
        if known is not None and known == (operator == "||"):
            self._pass_over(parts[1:])
            parts = parts[:1]
        return self._all(parts, state, stdin)

    def follow_if(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        """The conditions one after the other; each branch by itself, then all joined, with none taken too."""
        from nightlatch.agent.shell.conditions import outcome

        streams: list[Stream] = []
        ends: list[State] = []
        condition: list[Node] = []
        branch: list[Node] = []
        is_branch = is_left_out = False
        for child in node.children:
            if child.type == "then":
                is_left_out = len(condition) == 1 and outcome(condition[0], self, state) is False
                streams.append(self._all(condition, state, stdin))
                is_branch = True
            elif child.type == "elif_clause":
                twin = state.copy()
                streams.append(self.follow_if(child, twin, stdin))
                ends.append(twin)
            elif child.type == "else_clause":
                twin = state.copy()
                streams.append(self._all(child.children, twin, stdin))
                ends.append(twin)
            elif child.is_named:
                (branch if is_branch else condition).append(child)
        twin = state.copy()
        if is_left_out:
            self._pass_over(branch)
        else:
            streams.append(self._all(branch, twin, stdin))
        for end in (twin, *ends):
            state.join(end)
        return together(streams)

    def follow_case(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        streams: list[Stream] = []
        ends: list[State] = []
        for child in node.children:
            if child.type == "case_item":
                twin = state.copy()
                after = next((place for place, part in enumerate(child.children) if part.type == ")"), 0)
                streams.append(self._all(child.children[after + 1 :], twin, stdin))
                ends.append(twin)
            elif child.is_named and child.type != "comment":
                single(node_text(child), state, self)
        for end in ends:
            state.join(end)
        return together(streams)

    def follow_for(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        """The body for each value that is known."""
        name = next((node_text(child) for child in node.children if child.type == "variable_name"), "")
        body = [child for child in node.children if child.type in ("do_group", "compound_statement")]
        has_list = any(child.type == "in" for child in node.children)
        skipped = ("for", "select", "in", "variable_name", ";", "\n", "comment", "do_group", "compound_statement")
        sources = word_sources([child for child in node.children if child.type not in skipped])
        given = state.arguments if state.knows_arguments else [Word(Unknown("$@"))]
        values = given if not has_list else [word for s in sources for word in self.words_of(s, state)]
        before = state.copy()
        streams = []
        for value in values[:MOST_TURNS]:
            state.assign(name, [[value]])
            streams.append(self._all(body, state, stdin))
        if not values:
            self._pass_over(body)
        if len(values) > MOST_TURNS:
            state.assign(name, [[Word(Unknown(f"${name}"))]])
            streams.append(self._all(body, state, stdin))
        state.join(before)
        return together(streams)

    def follow_loop(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        """`while` and `until`: twice, since a later turn sees what an earlier one set; `while read` line by line."""
        from nightlatch.agent.shell.call import Call

        before = state.copy()
        body = [child for child in node.children if child.type == "do_group"]
        skipped = ("while", "until", "do_group")
        condition = [child for child in node.children if child.type not in skipped]
        streams: list[Stream] = []
        if _reads_lines(condition) and stdin is not None:
            window = Window(SOME) if _breaks(body) else None  # line by line, it is the whole
            Call(self, state, "read", [], stdin).read_stdin(window)
        lines = _known_lines(condition, stdin)
        if lines is not None:
            for line in lines[:MOST_TURNS]:
                inner = Stream(merged([*line.parts, "\n"]), files=stdin.files if stdin else (), source="read")
                self._condition(condition, state, inner)
                streams.append(self._all(body, state, inner))
        if lines is not None and not lines:
            self._pass_over(body)
        if lines is None or len(lines) > MOST_TURNS:
            for _ in range(2):
                streams += [self._condition(condition, state, stdin), self._all(body, state, stdin)]
        state.join(before)
        return together(streams)

    def _pass_over(self, body: list[Node]) -> None:
        """What is substituted in a loop that never turns doesn't run."""
        for part in body:
            for node in descendants(part, _SUBSTITUTIONS):
                self._substituted.update(_inside(node))

    def _condition(self, nodes: list[Node], state: State, stdin: Stream | None) -> Stream:
        outer, self.is_looping = self.is_looping, True
        try:
            return self._all(nodes, state, stdin)
        finally:
            self.is_looping = outer

    def follow_c_for(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        for child in node.children:
            if child.type == "variable_assignment":
                name = assigned_name(child)
                state.assign(name, [[Word(Unknown(f"${name}", is_plain=True))]])
        before = state.copy()
        body = [child for child in node.children if child.type in ("do_group", "compound_statement")]
        streams = [self._all(body, state, stdin) for _ in range(2)]
        state.join(before)
        return together(streams)

    def follow_function(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        from nightlatch.agent.shell.state import Function

        del stdin
        name = next((node_text(child) for child in node.children if child.type == "word"), "")
        if name:
            state.functions[name] = [Function(node, self._documents)]
        return Stream(Word(""))

    def function(self, name: str, arguments: list[Word], state: State, stdin: Stream | None) -> Stream:
        """Follow a call of a function that the script has defined."""
        from nightlatch.agent.shell.redirects import Redirects

        streams: list[Stream] = []
        outer, documents, knew = state.arguments, self._documents, state.knows_arguments
        for function in state.functions[name]:
            state.arguments, self._documents, state.knows_arguments = arguments, function.documents, True
            parts = [child for child in function.body.children if child.is_named and child.type != "word"]
            redirects = [child for child in parts if child.type in _REDIRECTS]
            wired = Redirects(self, state, stdin)
            for redirect in redirects:
                wired.add(redirect)
            body = [child for child in parts if child not in redirects]
            streams.append(wired.finished(self._all(body, state, wired.stdin)))
        state.arguments, self._documents, state.knows_arguments = outer, documents, knew
        return together(streams)

    def follow_test(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        """`[[ … ]]` and `[ … ]`: files are asked about, not read; what is substituted in it runs."""
        from nightlatch.agent.shell.call import Call

        del stdin
        call = Call(self, state, "test", [], None)
        for found in descendants(node, ("unary_expression",)):
            for source in word_sources(found.children[1:]):
                for word in self.words_of(source, state):
                    call.look(word)
        for found in descendants(node, ("command_substitution", "string")):
            self.words_of(node_text(found), state)
        return Stream(Word(""))

    def _arithmetic(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        del stdin
        for found in descendants(node, ("command_substitution",)):
            self.words_of(node_text(found), state)
        return Stream(Word(""))

    def follow_compound(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        if node.children and node.children[0].type == "((":
            return self._arithmetic(node, state, stdin)
        return self._all(node.children, state, stdin)

    def follow_bare_redirect(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        return self._run([], [], [node], state, stdin)

    def follow_error(self, node: Node, state: State, stdin: Stream | None) -> Stream:
        """What the grammar could not read: what is a statement in it is followed all the same."""
        return self._all([child for child in node.children if child.type in _STATEMENTS], state, stdin)


_STATEMENTS = {
    "command": Interpreter.follow_command,
    "declaration_command": Interpreter.follow_declaration,
    "unset_command": Interpreter.follow_unset,
    "variable_assignment": Interpreter.follow_assignments,
    "variable_assignments": Interpreter.follow_assignments,
    "redirected_statement": Interpreter.follow_redirected,
    "pipeline": Interpreter.follow_pipeline,
    "list": Interpreter.follow_list,
    "subshell": Interpreter.follow_subshell,
    "if_statement": Interpreter.follow_if,
    "case_statement": Interpreter.follow_case,
    "for_statement": Interpreter.follow_for,
    "while_statement": Interpreter.follow_loop,
    "c_style_for_statement": Interpreter.follow_c_for,
    "function_definition": Interpreter.follow_function,
    "test_command": Interpreter.follow_test,
    "compound_statement": Interpreter.follow_compound,
    "file_redirect": Interpreter.follow_bare_redirect,
    "herestring_redirect": Interpreter.follow_bare_redirect,
    "ERROR": Interpreter.follow_error,
}


def _inside(node: Node) -> list[str]:
    """What a substitution runs; of `${…}`, whose patterns the grammar takes for plain text, all within."""
    from nightlatch.agent.shell.words import closing

    text = node_text(node).lstrip()  # the grammar counts a blank before it in
    if node.type != "expansion":
        return [text[2:-1]]
    found: list[str] = []
    at = text.find("$(")
    while at >= 0 and not text.startswith("$((", at):
        try:
            end = closing(text, at + 2, ")")
        except WordError:
            break
        found.append(text[at + 2 : end])
        at = text.find("$(", end)
    return found


def _is_in_function(node: Node) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.type == "function_definition":
            return True
        parent = parent.parent
    return False


def together(streams: list[Stream]) -> Stream:
    """What several commands print one after the other."""
    if len(streams) == 1:
        return streams[0]
    prints = tuple(dict.fromkeys(name for stream in streams for name in stream.prints))
    files = tuple(dict.fromkeys(path for stream in streams for path in stream.files))

    def load() -> Word | None:
        words = [stream.word for stream in streams]
        known = [word for word in words if word is not None]
        return merged(part for word in known for part in word.parts) if len(known) == len(words) else None

    source = next((stream.source for stream in streams if stream.source), "")
    made = Stream(load=load, files=files, source=source)
    made.prints = prints
    return made


def _encodable(text: str) -> str:
    """A text that can be encoded: halves of characters, which JSON may bring, are replaced."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _known_lines(condition: list[Node], stdin: Stream | None) -> list[Word] | None:
    """The lines that a `while read` goes through; None where the condition is another, or nobody knows them."""
    if not _reads_lines(condition) or stdin is None or stdin.word is None:
        return None
    return lines_of(stdin.word)


def _breaks(body: list[Node]) -> bool:
    """Whether a loop may end before the last line."""
    return any(
        node_text(found).split(None, 1)[0] in ("break", "exit", "return")
        for node in body
        for found in descendants(node, ("command",))
    )


def _reads_lines(condition: list[Node]) -> bool:
    text = next((node_text(node) for node in condition if node.is_named), "")
    return " read " in f" {text} "
