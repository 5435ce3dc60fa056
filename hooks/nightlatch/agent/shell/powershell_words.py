"""A script of PowerShell cut into statements, pipelines and items, as far as telling what it does needs it."""

from __future__ import annotations

_NAME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:?")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "", "a": "\a", "b": "\b"}


KEYWORDS = frozenset(
    {"if", "else", "elseif", "while", "for", "foreach", "do", "until", "try", "catch", "finally", "return", "throw",
     "switch", "function", "param", "begin", "process", "end"}
)  # fmt: skip
"""Words of the language, where a statement starts or a bracket follows."""


class Item:
    r"""One item of a command.

    text       as it is written, quotes left out
    parts      its pieces: text, and variables as "\\0" with the name behind it
    is_quoted  whether any of it stands in quotes
    blocks     the scripts in brackets within it: `{ … }`, `( … )`, `$( … )`
    is_value   whether a statement that starts with it is an expression and no command
    """

    __slots__ = ("blocks", "is_quoted", "is_value", "parts", "text")

    def __init__(self) -> None:
        self.text = ""
        self.parts: list[str] = []
        self.is_quoted = False
        self.blocks: list[str] = []
        self.is_value = False

    def add(self, text: str) -> None:
        """Text joins the text before it."""
        self.text += text
        if self.parts and not self.parts[-1].startswith("\0"):
            self.parts[-1] += text
        else:
            self.parts.append(text)

    def variable(self, name: str) -> None:
        """A variable stands here."""
        self.text += "$" + name
        self.parts.append("\0" + name)


def statements(text: str) -> list[list[list[Item]]]:
    """The statements; each a pipeline of commands; each a list of items."""
    reader = _Reader(text.replace("`\r\n", " ").replace("`\n", " ").replace("\r\n", "\n"))
    return reader.read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: list[list[list[Item]]] = [[[]]]
        self.item: Item | None = None

    def read(self) -> list[list[list[Item]]]:
        while self.at < len(self.text):
            self._next()
        self._end()
        return [[items for items in pipeline if items] for pipeline in self.found if any(pipeline)]

    def _end(self) -> None:
        if self.item is not None:
            if not self.item.parts:
                self.item.parts.append("")
            self.found[-1][-1].append(self.item)
        self.item = None

    def _current(self) -> Item:
        if self.item is None:
            self.item = Item()
        return self.item

    def _next(self) -> None:  # noqa: C901, PLR0912 - one form after the other
        character = self.text[self.at]
        if character in " \t":
            self._end()
            self.at += 1
        elif character in "\n;" or self.text.startswith(("&&", "||"), self.at):
            self._end()
            self.found.append([[]])
            self.at += 1 if character in "\n;" else 2
        elif character == "|":
            self._end()
            self.found[-1].append([])
            self.at += 1
        elif character == "#" and self.item is None:
            end = self.text.find("#>" if self.text.startswith("<#", self.at - 1) else "\n", self.at)
            self.at = len(self.text) if end < 0 else end
        elif self.text.startswith(("@'\n", '@"\n'), self.at):
            self._here()
        elif character in "'\"":
            self._quoted(character)
        elif character in "({" or self.text.startswith(("$(", "@(", "@{"), self.at):
            self._block()
        elif character == "$":
            self._variable()
        elif character in "<>":
            self._redirection()
        elif character in "=+" and self._is_assigned():
            self._sign("+=" if self.text.startswith("+=", self.at) else character)
        elif character == "&" and self.item is None:
            self._sign("&")
        elif character == "," and self.item is None:
            self._sign(",")
        else:
            self._plain()

    def _is_assigned(self) -> bool:
        """Whether a variable stands alone before the sign, at the start of a statement."""
        item = self.item
        is_first = not self.found[-1][-1] and len(self.found[-1]) == 1
        return is_first and item is not None and len(item.parts) == 1 and item.parts[0].startswith("\0")

    def _sign(self, sign: str) -> None:
        self._end()
        self._current().add(sign)
        self.at += len(sign)
        self._end()

    def _redirection(self) -> None:
        number = ""
        if self.item is not None and self.item.text in ("1", "2", "3", "4", "5", "6", "*"):
            number, self.item = self.item.text, None
        self._end()
        sign = ">>" if self.text.startswith(">>", self.at) else self.text[self.at]
        if self.text.startswith(">&", self.at):
            self.at += 3
            return
        self._current().add(number + sign)
        self.at += len(sign)
        self._end()

    def _plain(self) -> None:
        item = self._current()
        character = self.text[self.at]
        if character == "`" and self.at + 1 < len(self.text):
            following = self.text[self.at + 1]
            item.add(_ESCAPES.get(following, following) if following != "\\" else following)
            self.at += 2
            return
        if character == "[" and not item.text and not self.found[-1][-1]:
            item.is_value = True
        item.add(character)
        self.at += 1
        if character == ")":
            return

    def _here(self) -> None:
        mark = self.text[self.at + 1]
        end = self.text.find(f"\n{mark}@", self.at)
        end = len(self.text) if end < 0 else end
        item = self._current()
        item.is_quoted = True
        item.is_value = not self.found[-1][-1]
        body = self.text[self.at + 3 : end]
        if mark == "'":
            item.add(body)
        else:
            self._expand(body, item)
        self.at = end + 3

    def _quoted(self, quote: str) -> None:
        item = self._current()
        if not self.found[-1][-1] and not item.text:
            item.is_value = True
        item.is_quoted = True
        self.at += 1
        made: list[str] = []
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == quote:
                if self.text.startswith(quote, self.at + 1):
                    made.append(quote)
                    self.at += 2
                    continue
                break
            if character == "`" and quote == '"':
                made.append(character)
                self.at += 1
                made.append(self.text[self.at : self.at + 1])
            else:
                made.append(character)
            self.at += 1
        self.at += 1
        if quote == "'":
            item.add("".join(made))
        else:
            self._expand("".join(made), item)

    def _expand(self, text: str, item: Item) -> None:
        """What stands in double quotes: variables, `$( … )`, escapes."""
        at = 0
        while at < len(text):
            character = text[at]
            if character == "`" and at + 1 < len(text):
                item.add(_ESCAPES.get(text[at + 1], text[at + 1]))
                at += 2
            elif text.startswith("$(", at):
                end = _closing(text, at + 1)
                item.blocks.append(text[at + 2 : end])
                item.parts.append("\0(" + text[at + 2 : end][:40] + ")")
                at = end + 1
            elif character == "$" and (found := _name_at(text, at)) is not None:
                name, at = found
                item.variable(name)
            else:
                item.add(character)
                at += 1
        if not item.parts:
            item.parts.append("")

    def _block(self) -> None:
        if self.item is not None and not self.item.is_quoted and self.item.text.lower() in KEYWORDS:
            self._end()  # `foreach($f in …)`, `else{`
        item = self._current()
        start = self.at if self.text[self.at] in "({" else self.at + 1
        if not self.found[-1][-1] and not item.text:
            item.is_value = True
        end = _closing(self.text, start)
        body = self.text[start + 1 : end]
        if item.text.lower().endswith(("]::readalltext", "]::new")) or "]::" in item.text or item.text.endswith("("):
            item.text += "(" + body + ")"
            item.parts.append("")
        else:
            opening = self.text[start]
            item.text += opening + body + (")" if opening == "(" else "}")
            item.parts.append("\0(" + body[:40] + ")" if opening == "(" else "")
        item.blocks.append(body)
        self.at = end + 1

    def _variable(self) -> None:
        found = _name_at(self.text, self.at)
        item = self._current()
        if not self.found[-1][-1] and not item.text:
            item.is_value = True
        if found is None:
            item.add("$")
            self.at += 1
            return
        name, self.at = found
        item.variable(name)


def summands(text: str) -> list[str]:
    """What the signs of addition part that stand outside quotes and brackets: `".e" + $x`."""
    found = [""]
    quote, depth = "", 0
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        depth += (character in "({") - (character in ")}") if not quote else 0
        if character == "+" and not quote and not depth:
            found.append("")
        else:
            found[-1] += character
    return [part.strip() for part in found]


def _name_at(text: str, at: int) -> tuple[str, int] | None:
    """The variable that stands here, and where it ends."""
    if text.startswith("${", at):
        end = text.find("}", at)
        return (text[at + 2 : end], end + 1) if end > 0 else None
    end = at + 1
    while end < len(text) and text[end] in _NAME:
        end += 1
    name = text[at + 1 : end].rstrip(":")
    return (name, at + 1 + len(name)) if name else None


def _closing(text: str, at: int) -> int:
    """Where the bracket that stands here is closed; the text's end where it isn't."""
    opening = text[at]
    closing = {"(": ")", "{": "}"}[opening]
    depth = 0
    quote = ""
    for place in range(at, len(text)):
        character = text[place]
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == opening:
            depth += 1
        elif character == closing:
            depth -= 1
            if depth == 0:
                return place
    return len(text)
