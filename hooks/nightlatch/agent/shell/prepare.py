"""A script made ready for the grammar: here-documents taken out, continued lines joined, comments left out.

tree-sitter's bash binds a here-document to whatever stands before it, and loses what follows it on the line. So each
becomes a redirection (`<`) from a mark,
and its body is kept aside under that mark; so does a here-string (`<<<`). Quotes and substitutions
are followed only as far as that needs. Linear in the script's length.
"""

from __future__ import annotations

MARK = "\ue000"
"""Stands on both sides of a here-document's number: of a private use, so that no script has it."""

STRING_MARK = "\ue003"
"""Stands before a here-string's word."""

_CODE, _PAREN, _BRACE, _ARITHMETIC, _QUOTES = "code", "paren", "brace", "arithmetic", "quotes"
_WORD_ENDS = " \t\n;|&()<>"


class HereDocument:
    """The body of a here-document.

    text        its lines, without those tabs that `<<-` drops
    is_literal  whether nothing in it is expanded, since its delimiter is quoted
    """

    __slots__ = ("is_literal", "text")

    def __init__(self, text: str, *, is_literal: bool) -> None:
        self.text = text
        self.is_literal = is_literal


class _Pending:
    __slots__ = ("delimiter", "is_indented", "is_literal")

    def __init__(self, delimiter: str, *, is_indented: bool, is_literal: bool) -> None:
        self.delimiter = delimiter
        self.is_indented = is_indented
        self.is_literal = is_literal


def prepared(source: str, documents: list[HereDocument]) -> str:
    """The script as the grammar reads it well; the bodies of its here-documents are added to `documents`.

    What has been prepared before stays as it is.
    """
    return _Reader(source.replace("\r\n", "\n"), documents).read()


def without_marks(source: str) -> str:
    """A script from outside, in which nothing may look like a mark of ours."""
    return source.replace(MARK, "").replace(STRING_MARK, "")


def here_document(word: str, documents: list[HereDocument]) -> HereDocument | None:
    """The here-document that a here-string's word stands for; None where it is a real here-string."""
    if len(word) > 2 and word.startswith(MARK) and word.endswith(MARK):  # noqa: PLR2004 - the two marks
        return documents[int(word[1:-1])]
    return None


class _Reader:
    def __init__(self, source: str, documents: list[HereDocument]) -> None:
        self.source = source
        self.documents = documents
        self.pending: list[_Pending] = []
        self.made: list[str] = []
        self.open = [_CODE]
        self.at = 0

    def read(self) -> str:
        while self.at < len(self.source):
            if self.open[-1] == _QUOTES:
                self._in_quotes()
            else:
                self._outside_quotes()
        for _ in self.pending:
            self.documents.append(HereDocument("", is_literal=True))
        return "".join(self.made)

    def _keep(self, count: int) -> None:
        self.made.append(self.source[self.at : self.at + count])
        self.at += count

    def _in_quotes(self) -> None:
        character = self.source[self.at]
        if character == '"':
            self._close(1)
        elif not self._both(character):
            end = self.at + 1
            while end < len(self.source) and self.source[end] not in '"\\$`':
                end += 1
            self._keep(end - self.at)

    def _both(self, character: str) -> bool:
        """What means the same inside double quotes and outside; whether it was that."""
        if character == "\\":
            if self.source.startswith("\n", self.at + 1):
                self.at += 2
            else:
                self._keep(2)
        elif character == "`":
            self._tick()
        elif character == "$" and self.source.startswith("((", self.at + 1):
            self._enter(_ARITHMETIC, 3)
        elif character == "$" and self.source.startswith("(", self.at + 1):
            self._enter(_PAREN, 2)
        elif character == "$" and self.source.startswith("{", self.at + 1):
            self._enter(_BRACE, 2)
        else:
            return False
        return True

    def _tick(self) -> None:
        """Backticks become `$(…)`: the grammar takes the end of one pair and the start of the next for a pair."""
        inner: list[str] = []
        end = self.at + 1
        while end < len(self.source) and self.source[end] != "`":
            is_escaped = self.source[end] == "\\" and self.source[end + 1 : end + 2] in ("`", "\\", "$")
            end += is_escaped
            inner.append(self.source[end : end + 1])
            end += 1
        if end >= len(self.source):
            self._keep(1)
            return
        self.source = f"$({''.join(inner)}){self.source[end + 1 :]}"
        self.at = 0

    def _enter(self, kind: str, count: int) -> None:
        self.open.append(kind)
        self._keep(count)

    def _close(self, count: int) -> None:
        if len(self.open) > 1:
            self.open.pop()
        self._keep(count)

    def _outside_quotes(self) -> None:
        character = self.source[self.at]
        if self._both(character) or self._quote(character):
            return
        if self._is_code and self._code(character):
            return
        if character == ")" and self.open[-1] in (_PAREN, _ARITHMETIC):
            is_double = self.open[-1] == _ARITHMETIC and self.source.startswith("))", self.at)
            self._close(2 if is_double else 1)
        elif character == "}" and self.open[-1] == _BRACE:
            self._close(1)
        elif character == "(":
            is_double = self._is_code and self.source.startswith("((", self.at) and self._starts_word()
            self._enter(_ARITHMETIC if is_double else _PAREN, 2 if is_double else 1)
        else:
            self._keep(1)

    @property
    def _is_code(self) -> bool:
        return self.open[-1] in (_CODE, _PAREN)

    def _starts_word(self) -> bool:
        return self.at == 0 or self.source[self.at - 1] in _WORD_ENDS

    def _quote(self, character: str) -> bool:
        if character == '"':
            self._enter(_QUOTES, 1)
        elif character == "$" and self.source.startswith('"', self.at + 1):
            self.at += 1
        elif character == "'" and (self.open[-1] != _BRACE or _QUOTES not in self.open):
            end = self.source.find("'", self.at + 1)
            self._keep((len(self.source) if end < 0 else end + 1) - self.at)
        elif character == "$" and self.source.startswith("'", self.at + 1):
            self._keep(_ansi_c_end(self.source, self.at + 2) - self.at)
        else:
            return False
        return True

    def _code(self, character: str) -> bool:
        if character == "\n":
            self._keep(1)
            self._take_bodies()
        elif character == "#" and self._starts_word():
            end = self.source.find("\n", self.at)
            self.at = len(self.source) if end < 0 else end
        elif character == "{" and self._starts_word() and self._is_list(self.at + 1):
            self.made.append('""')  # the grammar takes it for a group of commands
            self._keep(1)
        elif self.source.startswith("0<", self.at) and self._starts_word():
            self.at += 1  # the grammar takes this number for a word
        elif self.source.startswith("<<<", self.at):
            self.at += 3
            while self.source.startswith((" ", "\t"), self.at):
                self.at += 1
            self.made.append("< " + STRING_MARK)
        elif self.source.startswith("<<", self.at):
            self._here()
        elif self.source.startswith("<>", self.at):
            is_output = self.source[self.at - 1 : self.at] in ("1", "2")
            self.made.append(">>" if is_output else "<")
            self.at += 2
        else:
            return False
        return True

    def _is_list(self, at: int) -> bool:
        """Whether what stands in these braces is one word: `{cat,.env}`."""
        has_comma = False
        while at < len(self.source) and self.source[at] != "}":
            character = self.source[at]
            if character in "'\"":
                at = self.source.find(character, at + 1)
                if at < 0:
                    return False
            elif character in _WORD_ENDS:
                return False
            has_comma = has_comma or character == "," or self.source.startswith("..", at)
            at += 2 if character == "\\" else 1
        return has_comma and at < len(self.source)

    def _here(self) -> None:
        self.at += 2
        is_indented = self.source.startswith("-", self.at)
        self.at += is_indented
        while self.source.startswith((" ", "\t"), self.at):
            self.at += 1
        delimiter, is_literal = self._delimiter()
        if not delimiter and not is_literal:
            self.made.append("<<")
            return
        number = len(self.documents) + len(self.pending)
        self.pending.append(_Pending(delimiter, is_indented=is_indented, is_literal=is_literal))
        self.made.append(f"< {MARK}{number}{MARK} ")

    def _delimiter(self) -> tuple[str, bool]:
        found: list[str] = []
        is_literal = False
        while self.at < len(self.source) and self.source[self.at] not in _WORD_ENDS:
            character = self.source[self.at]
            if character in "'\"":
                end = self.source.find(character, self.at + 1)
                end = len(self.source) if end < 0 else end
                found.append(self.source[self.at + 1 : end])
                self.at = end + 1
                is_literal = True
                continue
            if character == "\\":
                is_literal = True
                self.at += 1
            found.append(self.source[self.at : self.at + 1])
            self.at += 1
        return "".join(found), is_literal

    def _take_bodies(self) -> None:
        for pending in self.pending:
            lines: list[str] = []
            while self.at < len(self.source):
                end = self.source.find("\n", self.at)
                end = len(self.source) if end < 0 else end
                line = self.source[self.at : end]
                self.at = end + 1
                line = line.lstrip("\t") if pending.is_indented else line
                if line == pending.delimiter:
                    break
                lines.append(line + "\n")
            self.documents.append(HereDocument("".join(lines), is_literal=pending.is_literal))
        self.pending = []
        self.at = min(self.at, len(self.source))


def _ansi_c_end(source: str, at: int) -> int:
    while at < len(source):
        if source[at] == "\\":
            at += 2
        elif source[at] == "'":
            return at + 1
        else:
            at += 1
    return len(source)
