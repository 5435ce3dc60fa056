"""Which part of a file a program shows, by its options: for the rules that want a file read whole."""

from __future__ import annotations

from nightlatch.agent.effects import LAST, LINES, SOME, WHOLE, Window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.arguments import Arguments
    from nightlatch.agent.shell.call import Call

TEN = 10
"""What head and tail show when nothing else is asked of them."""


def whole() -> Window:
    return Window(WHOLE)


def some() -> Window:
    return Window(SOME)


def matches(call: Call, arguments: Arguments) -> Window:
    """Of `grep`: lines that match."""
    del call, arguments
    return some()


def first_lines(call: Call, arguments: Arguments) -> Window:
    """Of `head`: `-n 20`, `-20`, `-n -5` (all but the last), `-c 100`."""
    del call
    if arguments.has("-c", "--bytes"):
        return some()
    count = _count(arguments)
    if count is None or count.startswith("-"):
        return some()
    number = _integer(count.removeprefix("+"))
    return some() if number is None else Window(LINES, 1, number)


def last_lines(call: Call, arguments: Arguments) -> Window:
    """Of `tail`: `-n 20`, `-20`, `-n +1` (the whole), `+5`."""
    if arguments.has("-c", "--bytes"):
        value = arguments.value("-c", "--bytes")
        return whole() if value is not None and value.text in ("+0", "+1") else some()
    old = next((word.text for word in call.words if (word.text or "").startswith("+")), None)
    count = _count(arguments)
    count = old if count is None or (old and count == str(TEN)) else count
    number = _integer((count or "").lstrip("+-"))
    if number is None:
        return some()
    if (count or "").startswith("+"):
        return Window(LINES, max(number, 1), None)
    return Window(LAST, count=number)


def _count(arguments: Arguments) -> str | None:
    """The number of lines that is asked for; None where it isn't known."""
    short = [name[1:] for name, _ in arguments.options if name[1:].isdigit()]
    value = arguments.value("-n", "--lines")
    if value is not None:
        return value.text
    return short[-1] if short else str(TEN)


def _integer(text: str) -> int | None:
    units = {"k": 1024, "K": 1024, "b": 512}
    if text[-1:] in units and text[:-1].isdigit():
        return int(text[:-1]) * units[text[-1]]
    return int(text) if text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - far beyond any file


def ranges(call: Call, arguments: Arguments) -> Window:
    """Of `bat`: `-r 10:20`, `--line-range :20`."""
    del call
    found = arguments.value("-r", "--line-range")
    if found is None:
        return whole()
    first, colon, last = (found.text or "").partition(":")
    start, end = _integer(first), _integer(last)
    if not colon:
        return some() if start is None else Window(LINES, start, start)
    if (first and start is None) or (last and end is None):
        return some()
    return Window(LINES, start or 1, end)


def sliced(call: Call, arguments: Arguments) -> Window:
    """Of a hex dump: bytes only where a length or an offset is given."""
    del call
    limits = ("-l", "-s", "-n", "-N", "-j", "--length", "--skip-bytes", "--read-bytes", "-len", "-seek")
    return some() if arguments.has(*limits) else whole()


def jq_filter(call: Call, arguments: Arguments) -> Window:
    """Of `jq` and `yq`: the whole for the filter `.` alone."""
    del call
    text = arguments.operands[0].text if arguments.operands else "."
    return whole() if text in (".", "", "..") else some()


def sed_lines(script: str | None, *, prints_all: bool) -> Window:
    """Of a sed script: `1,20p`, `5p`, `$p`, `1,$p`, `20q`; whatever leaves lines out is some of them."""
    if script is None:
        return some()
    text = script.replace(" ", "").strip(";{}\n")
    if prints_all:
        return _printing_all(text)
    if text.endswith("p") and "p" not in text[:-1]:
        return _addressed(text[:-1])
    return some()


def _printing_all(text: str) -> Window:
    if text.endswith("q") and text[:-1].isdigit():
        return Window(LINES, 1, int(text[:-1]))
    leaves_out = any(_leaves_out(part.rstrip("}")) for part in text.split(";") if part)
    return some() if leaves_out else whole()


def _leaves_out(part: str) -> bool:
    """Whether a command of sed deletes lines, or ends before the last: `/x/d`, `D`, `/x/q`, `5q1`."""
    if part[:1] in ("s", "y") and part[1:2] and not part[1].isalnum():
        return False
    return part[:1] in "dD" or part.endswith("d") or part.rstrip("0123456789").endswith(("q", "Q"))


def picked(call: Call, arguments: Arguments) -> Window:
    """Of `shuf`, `comm` and `uniq`: some lines where an option leaves others out."""
    leaving = {"shuf": ("-n", "--head-count"), "comm": ("-1", "-2", "-3", "-12", "-13", "-23", "-123"),
               "uniq": ("-d", "-D", "-u", "--repeated", "--unique", "--all-repeated")}  # fmt: skip
    return some() if arguments.has(*leaving.get(call.name, ())) else whole()


def _addressed(address: str) -> Window:
    if address == "":
        return whole()
    first, comma, last = address.partition(",")
    start = 1 if first == "0" else _integer(first)
    if first == "$" and not comma:
        return Window(LAST, count=1)
    if start is None:
        return some()
    if not comma:
        return Window(LINES, start, start)
    if last == "$":
        return Window(LINES, start, None)
    end = _integer(last)
    if last.startswith("+") and (more := _integer(last[1:])) is not None:
        end = start + more
    return some() if end is None else Window(LINES, start, end)


def awk_lines(program: str | None) -> Window:
    """Of an awk program: whole where it prints each line, `NR<=20` and its like as lines, else some."""
    if program is None:
        return some()
    text = "".join(program.split()).replace("{print}", "").replace("{print$0}", "").strip(";")
    if text in ("", "1") or "NR" not in text:
        return whole() if text in ("", "1") else some()
    for part in text.split("&&"):
        if not part.startswith(("NR", "FNR")):
            return some()
    return _row_range(text.replace("FNR", "NR").split("&&"))


def _row_range(parts: list[str]) -> Window:
    first, last = 1, None
    for part in parts:
        for sign in ("<=", ">=", "==", "<", ">"):
            number = _integer(part.removeprefix("NR" + sign))
            if part.startswith("NR" + sign) and number is not None:
                if sign in ("<=", "<"):
                    last = number - (sign == "<")
                elif sign == "==":
                    first, last = number, number
                else:
                    first = number + (sign == ">")
                break
        else:
            return some()
    return Window(LINES, max(first, 1), last)
