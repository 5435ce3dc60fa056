"""What a program makes of a text that is known: so that a name which is put together or unwrapped is still seen.

Each takes the call, its arguments and the text, and gives the text that is printed; None where it can't be told.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.arguments import Arguments
    from nightlatch.agent.shell.call import Call

MOST_CHARACTERS = 256 * 1024


def decoded_base64(call: Call, arguments: Arguments, text: str) -> str | None:
    """`base64 -d`; and what encoding makes, which hides nothing but may be decoded again."""
    import binascii

    del call
    try:
        if arguments.has("-d", "-D", "--decode", "-di", "-id"):
            return binascii.a2b_base64(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")
        return binascii.b2a_base64(text.encode("utf-8", "surrogateescape")).decode("ascii")
    except (ValueError, UnicodeError):
        return None


def decoded_hex(call: Call, arguments: Arguments, text: str) -> str | None:
    """`xxd -r -p`."""
    if not (arguments.has("-r") and arguments.has("-p", "-ps", "-plain")) and "-rp" not in _words(call):
        return None
    try:
        return bytes.fromhex("".join(text.split())).decode("utf-8", "surrogateescape")
    except ValueError:
        return None


def _words(call: Call) -> list[str]:
    return [word.text or "" for word in call.words]


def reversed_lines(call: Call, arguments: Arguments, text: str) -> str:
    """`rev`."""
    del call, arguments
    return "".join(line.rstrip("\n")[::-1] + ("\n" if line.endswith("\n") else "") for line in text.splitlines(True))


def last_first(call: Call, arguments: Arguments, text: str) -> str:
    """`tac`."""
    del call, arguments
    return "".join(line if line.endswith("\n") else line + "\n" for line in reversed(text.splitlines(keepends=True)))


def unchanged(call: Call, arguments: Arguments, text: str) -> str:
    """What sorts, or leaves lines out of which nobody can say which: rather all of them."""
    del call, arguments
    return text


def first(call: Call, arguments: Arguments, text: str) -> str:
    """`head`: so many lines, where it is told in lines."""
    from nightlatch.agent.effects import LINES
    from nightlatch.agent.shell.windows import first_lines

    if arguments.has("-c", "--bytes"):
        count = arguments.value("-c", "--bytes")
        number = count.text if count is not None else None
        return text[: int(number)] if number is not None and number.isdigit() else text
    window = first_lines(call, arguments)
    lines = text.splitlines(keepends=True)
    return "".join(lines[: window.last]) if window.kind == LINES else text


def last(call: Call, arguments: Arguments, text: str) -> str:
    """`tail`."""
    from nightlatch.agent.effects import LAST, LINES
    from nightlatch.agent.shell.windows import last_lines

    window = last_lines(call, arguments)
    lines = text.splitlines(keepends=True)
    if window.kind == LAST:
        return "".join(lines[-window.count :]) if window.count else ""
    return "".join(lines[window.first - 1 :]) if window.kind == LINES else text


def translated(call: Call, arguments: Arguments, text: str) -> str | None:
    """`tr`: one set for another, or a set deleted."""
    del call
    sets = [_character_set(word.text) for word in arguments.operands]
    if not sets or any(found is None for found in sets):
        return None
    old = sets[0] or ""
    if arguments.has("-c", "-C", "--complement"):
        return None if not arguments.has("-d", "--delete") else "".join(c for c in text if c in old)
    if arguments.has("-d", "--delete"):
        return "".join(character for character in text if character not in old)
    if len(sets) < 2 or not sets[1]:  # noqa: PLR2004 - both sets
        return text
    new = sets[1] or ""
    new += new[-1] * (len(old) - len(new))
    return text.translate(dict(zip(map(ord, old), new, strict=False)))


_SETS = {
    "[:lower:]": "abcdefghijklmnopqrstuvwxyz", "[:upper:]": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "[:digit:]": "0123456789",
    "[:space:]": " \t\n\r\f\v", "[:blank:]": " \t",
}  # fmt: skip


def _character_set(text: str | None) -> str | None:
    from nightlatch.agent.shell.words import escaped

    if text is None:
        return None
    for name, members in _SETS.items():
        text = text.replace(name, members)
    text = escaped(text)
    found: list[str] = []
    at = 0
    while at < len(text):
        if text[at + 1 : at + 2] == "-" and at + 2 < len(text):
            low, high = ord(text[at]), ord(text[at + 2])
            found += [chr(code) for code in range(low, min(high, low + 255) + 1)]
            at += 3
        else:
            found.append(text[at])
            at += 1
    return "".join(found)


def cut_fields(call: Call, arguments: Arguments, text: str) -> str | None:
    """`cut -d: -f2`, `cut -c1-4`."""
    del call
    fields, characters = arguments.value("-f", "--fields"), arguments.value("-c", "--characters", "-b", "--bytes")
    chosen = fields or characters
    numbers = _numbers((chosen.text if chosen is not None else None) or "")
    delimiter = arguments.value("-d", "--delimiter")
    mark = delimiter.text if delimiter is not None else "\t"
    if numbers is None or mark is None:
        return None
    lines = []
    for line in text.splitlines():
        parts = line.split(mark) if fields and mark else list(line)
        kept = [part for place, part in enumerate(parts, 1) if any(low <= place <= high for low, high in numbers)]
        lines.append((mark if fields else "").join(kept) if not fields or len(parts) > 1 else line)
    return "".join(line + "\n" for line in lines)


def _numbers(text: str) -> list[tuple[int, int]] | None:
    found = []
    for part in text.split(","):
        low, dash, high = part.partition("-")
        if not (low or high) or not all(number.isdigit() or not number for number in (low, high)):
            return None
        start = int(low or "1")
        found.append((start, int(high) if high else (10**9 if dash else start)))
    return found


def matching_lines(call: Call, arguments: Arguments, text: str) -> str | None:
    """`grep` with one pattern. An expression that Python reads otherwise lets rather all lines through."""
    import re

    from nightlatch.agent.shell.commands.text import grep_patterns

    patterns = [word.text for word in grep_patterns(call, arguments)]
    if len(text) > MOST_CHARACTERS or any(pattern is None for pattern in patterns) or not patterns:
        return text
    pattern = patterns[0] or ""
    if arguments.has("-F", "--fixed-strings") or call.name == "fgrep":
        pattern = re.escape(pattern)
    elif not arguments.has("-E", "-P", "--extended-regexp", "--perl-regexp") and call.name not in ("egrep", "rg"):
        pattern = _as_extended(pattern)
    for name, members in _CLASSES.items():
        pattern = pattern.replace(name, members)
    if any(mark in pattern for mark in ("[[", "[^[", "--", "&&", "~~", "||", "[:", "[=", "[.")):
        return text  # a set that Python reads otherwise
    if len(pattern) > 100 or any(mark in pattern for mark in ("+)", "*)", "*+", "++", "{", "(?")):  # noqa: PLR2004 - linear
        return text
    try:
        test = re.compile(pattern, re.IGNORECASE if arguments.has("-i", "--ignore-case") else 0)
    except re.error:
        return text
    inverted = arguments.has("-v", "--invert-match")
    lines = text.splitlines(keepends=True)
    if arguments.has("-o", "--only-matching"):
        return "".join(found[0] + "\n" for line in lines for found in test.finditer(line.rstrip("\n")) if found[0])
    return "".join(line for line in lines if bool(test.search(line.rstrip("\n"))) != inverted)


_CLASSES = {
    "[:alpha:]": "a-zA-Z", "[:digit:]": "0-9", "[:alnum:]": "a-zA-Z0-9", "[:lower:]": "a-z", "[:upper:]": "A-Z",
    "[:space:]": r"\s", "[:blank:]": r" \t", "[:xdigit:]": "0-9A-Fa-f",
}  # fmt: skip
"""A class of POSIX as Python writes it within square brackets."""


def _as_extended(pattern: str) -> str:
    r"""A basic expression in Python's way: there `\|` and `\(` are special, and `|` and `(` are not."""
    made: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\" and pattern[at + 1 : at + 2] in set("|()+?{}"):
            made.append(pattern[at + 1])
            at += 2
            continue
        if character == "\\":
            made.append(pattern[at : at + 2])
            at += 2
            continue
        made.append("\\" + character if character in "|()+?{}" else character)
        at += 1
    return "".join(made)


def substituted(script: str, text: str) -> str | None:
    """`sed s/old/new/g` with plain texts; None where more than that is asked."""
    if not script.startswith("s") or len(script) < 4:  # noqa: PLR2004 - s and three marks
        return None
    parts = script[1:].split(script[1])
    if len(parts) != 4:  # noqa: PLR2004 - before the first mark, both texts, behind the last
        return None
    _, old, new, flags = parts
    ending = old.endswith("$")
    starting = old.startswith("^")
    plain = old[starting : len(old) - ending if ending else None].replace("\\.", "\ue000")
    if any(mark in plain for mark in ".*[]\\^$") or any(mark in new for mark in "\\&") or flags not in ("", "g"):
        return None
    plain = plain.replace("\ue000", ".")
    return "".join(_once(line, plain, new, flags, (starting, ending)) for line in text.splitlines(keepends=True))


def _once(line: str, old: str, new: str, flags: str, at: tuple[bool, bool]) -> str:
    bare = line.rstrip("\n")
    end = line[len(bare) :]
    starting, ending = at
    if starting or ending:
        hits = (not starting or bare.startswith(old)) and (not ending or bare.endswith(old))
        if not hits:
            return line
        return (new + bare[len(old) :] if starting else bare[: len(bare) - len(old)] + new) + end
    return bare.replace(old, new, -1 if flags == "g" else 1) + end


def awk_field(program: str, separator: str | None, text: str) -> str | None:
    """`awk '{print $2}'`."""
    inner = program.strip()
    if not (inner.startswith("{") and inner.endswith("}")):
        return None
    words = inner[1:-1].strip().rstrip(";").split()
    if len(words) != 2 or words[0] != "print" or not words[1].startswith("$"):  # noqa: PLR2004 - print and what
        return None
    name = words[1][1:]
    lines = []
    for line in text.splitlines():
        parts = line.split(separator) if separator else line.split()
        if name == "NF":
            lines.append(parts[-1] if parts else "")
        elif name.isdigit() and len(name) < 4:  # noqa: PLR2004 - no line has so many
            lines.append(line if name == "0" else (parts[int(name) - 1] if len(parts) >= int(name) else ""))
        else:
            return None
    return "".join(line + "\n" for line in lines)
