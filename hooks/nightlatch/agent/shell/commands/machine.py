"""Small programs that tell of the machine, or print numbers: nothing of files."""

from __future__ import annotations

from nightlatch.agent.shell.arguments import parsed, roles
from nightlatch.agent.shell.usage import Usage
from nightlatch.agent.shell.values import Stream, Unknown, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call


def plain_output(call: Call) -> Stream:
    """What prints a number, a date, a name of the machine: nothing that names a protected file."""
    return Stream(Word(Unknown(f"$({call.name})", is_plain=True)))


def date(call: Call) -> Stream:
    """`date`; with `-f` the lines of a file, which its errors quote."""
    for word in parsed(call.words, roles("-f:read --file:read -d:value --date:value -r:value -s:value")).values(
        "-f", "--file"
    ):
        call.read(word)
    return plain_output(call)


def architecture(call: Call) -> Stream | None:
    """`arch`; with a command it runs that: `arch -x86_64 cmd`."""
    rest = parsed(call.words, roles("-e:value -d:value"), stops=True, single_dash=True).operands
    return call.run(rest) if rest else plain_output(call)


def sequence(call: Call) -> Stream:
    """`seq 1 3`."""
    numbers = [word.text or "" for word in parsed(call.words, roles("-s:value -f:value")).operands]
    if not numbers or not all(number.isdigit() and len(number) < 7 for number in numbers):  # noqa: PLR2004 - a bound
        return plain_output(call)
    low = int(numbers[0]) if len(numbers) > 1 else 1
    return Stream(Word("".join(f"{number}\n" for number in range(low, min(int(numbers[-1]), low + 300) + 1))))


def jobs_of_others(call: Call) -> Stream | None:
    """`ps`: with `e` it shows the environment of processes."""
    first = call.words[0].text or "" if call.words else ""
    shows = ("e" in first and not first.startswith("-")) or "-E" in [word.text for word in call.words]
    if shows and call.name == "ps" and first not in ("-e", "-ef"):
        call.shows_credentials(f"ps {first}")
    return None


_NOTHING = ("sleep", "clear", "reset", "stty", "tput", "beep", "pkill", "killall", "sync", "yes")

COMMANDS: dict[str, Usage] = {
    **{name: Usage() for name in _NOTHING},
    "date": Usage(handler=date), "nproc": Usage(handler=plain_output), "id": Usage(handler=plain_output),
    "whoami": Usage(handler=plain_output), "hostname": Usage(handler=plain_output),
    "uname": Usage(handler=plain_output),
    "arch": Usage(handler=architecture), "uuidgen": Usage(handler=plain_output), "tty": Usage(handler=plain_output),
    "getconf": Usage(handler=plain_output), "expr": Usage(handler=plain_output),
    "seq": Usage(handler=sequence), "ps": Usage(handler=jobs_of_others),
    "pgrep": Usage(handler=jobs_of_others), "top": Usage(), "htop": Usage(), "free": Usage(), "uptime": Usage(),
    "man": Usage(), "info": Usage(), "tldr": Usage(), "cal": Usage(), "factor": Usage(), "lsblk": Usage(), "w": Usage(),
    "say": Usage("nothing", "-f:read --input-file:read -o:write --output-file:write -v:value -r:value"),
    "who": Usage(), "last": Usage(), "groups": Usage(), "locale": Usage(), "lscpu": Usage(), "vmstat": Usage(),
}  # fmt: skip
