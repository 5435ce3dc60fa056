"""Programs that send files elsewhere or fetch them."""

from __future__ import annotations

from nightlatch.agent.shell.arguments import Arguments, parsed, roles
from nightlatch.agent.shell.usage import NOTHING, Usage, act
from nightlatch.agent.shell.values import Stream, Word, merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.agent.shell.call import Call

_CURL = (
    "-d:data --data:data --data-ascii:data --data-binary:data --data-urlencode:encoded --data-raw:value --json:data "
    "-F:form --form:form --form-string:value -T:read --upload-file:read -o:write --output:write -D:write "
    "--dump-header:write -c:write --cookie-jar:write --trace:write --trace-ascii:write --stderr:write "
    "-K:read --config:read -E:cert --cert:cert --key:hand --cacert:hand --capath:value --netrc-file:hand -b:cookie "
    "--cookie:cookie -H:header --header:header -X:value --request:value -A:value --user-agent:value -e:value "
    "--referer:value -u:value --user:value -m:value --max-time:value --connect-timeout:value -w:value "
    "--write-out:value -x:value --proxy:value --retry:value --retry-delay:value -r:value --range:value "
    "--resolve:value -y:value -Y:value -C:value --limit-rate:value --output-dir:value --url:url --unix-socket:value "
    "--variable:variable -Q:value -z:value --ciphers:value --interface:value --proto:value --max-filesize:value"
)
_WGET = (
    "-O:write --output-document:write -o:write --output-file:write -a:write -P:value --directory-prefix:value "
    "-i:read --input-file:read --post-file:read --body-file:read --post-data:value --header:value -t:value -T:value "
    "-U:value --user:value --password:value --method:value --ca-certificate:hand --certificate:hand "
    "--private-key:hand --load-cookies:hand -e:value -A:value -R:value -l:value -w:value -Q:value"
)


def curl(call: Call) -> Stream | None:
    """`curl`: what it sends is read, with `@` in front in data and forms; `file://` is a file."""
    arguments = parsed(call.words, roles(_CURL))
    table = roles(_CURL)
    for name, value in arguments.options:
        if value is not None:
            _curl_option(call, table.get(name, "value"), value)
    folder = arguments.value("--output-dir")
    if folder is not None and arguments.has("-O", "--remote-name", "--remote-name-all"):
        call.write(merged([*folder.parts, "/file"]))
    for word in arguments.operands:
        _address(call, word)
    if call.stdin is not None and any("@-" in word.shown or word.text == "-" for word in call.words):
        call.read_stdin()
    return None


def _curl_option(call: Call, role: str, value: Word) -> None:
    if role in _CURL_VALUES:
        _CURL_VALUES[role](call, value)
    else:
        act(call, role, value)


def _data(call: Call, value: Word) -> None:
    """`-d @file`."""
    if value.prefix.startswith("@"):
        call.read(value.cut(1))


def _encoded(call: Call, value: Word) -> None:
    """`--data-urlencode name@file`."""
    text = value.prefix
    if "@" in text and "=" not in text.partition("@")[0]:
        call.read(value.cut(text.index("@") + 1))


def _cookie(call: Call, value: Word) -> None:
    """`-b file`; with a sign of equality it is a cookie itself."""
    if "=" not in value.shown:
        call.read(value)


def _certificate(call: Call, value: Word) -> None:
    """`-E file:password`."""
    call.hand_over(Word(value.shown.partition(":")[0]))


def _variable(call: Call, value: Word) -> None:
    """`--variable name@file`."""
    if "@" in value.prefix:
        call.read(value.cut(value.prefix.index("@") + 1))


def _form(call: Call, value: Word) -> None:
    name, _, _ = value.prefix.partition("=")
    if len(name) == len(value.prefix):
        return
    inner = value.cut(len(name) + 1)
    if inner.prefix[:1] in ("@", "<"):
        rest = inner.cut(1)
        known = rest.text
        for path in (known or "").partition(";")[0].split(",") if known is not None else []:
            call.read(Word(path.strip('"')))
        if known is None:
            call.read(rest)


def _address(call: Call, word: Word) -> None:
    if word.prefix.startswith("file:"):
        rest = word.prefix[len("file:") :]
        start = len("file:") + (2 if rest.startswith("//") else 0)
        path = word.cut(start)
        if path.prefix and not path.prefix.startswith("/"):
            path = path.cut(path.prefix.find("/")) if "/" in path.prefix else path
        call.read(path)


_CURL_VALUES: dict[str, Callable[[Call, Word], None]] = {
    "data": _data, "header": _data, "encoded": _encoded, "form": _form, "cookie": _cookie, "cert": _certificate,
    "url": _address, "variable": _variable,
}  # fmt: skip
"""What an option's value is → how it is followed; the rest are the roles of every table."""


def wget(call: Call) -> Stream | None:
    """`wget`."""
    arguments = parsed(call.words, roles(_WGET))
    for name, value in arguments.options:
        role = roles(_WGET).get(name, "")
        if value is not None and role in ("read", "write", "hand"):
            act(call, role, value)
    folder = arguments.value("-P", "--directory-prefix")
    if folder is not None and not arguments.has("-O", "--output-document"):
        call.write(merged([*folder.parts, "/file"]))
    for word in arguments.operands:
        _address(call, word)
    return None


def httpie(call: Call) -> Stream | None:
    """`http`: `name@file`, `name=@file`, `name:=@file`, `@file`."""
    arguments = parsed(call.words, roles("-o:write --output:write -a:value --auth:value --cert:hand --cert-key:hand "
                                         "--session:value --timeout:value --proxy:value --verify:value"))  # fmt: skip
    for name, value in arguments.options:
        if name in ("-o", "--output") and value is not None:
            call.write(value)
    for word in arguments.operands:
        for mark in ("=@", ":=@", "@"):
            before, found, _ = word.prefix.partition(mark)
            if found and "://" not in before and "/" not in before:
                call.read(word.cut(len(before) + len(mark)))
                break
    call.read_stdin()
    return None


def remote_copy(call: Call) -> Stream | None:
    """`scp`, `rsync`: sources of this machine are read, a target of this machine is written."""
    if call.name == "scp":
        table = "-i:hand -F:hand -P:value -o:value -c:value -l:value -J:value -S:value -D:value"
    else:
        table = ("-e:value --rsh:value --exclude:value --include:value --exclude-from:read --files-from:read "
                 "--password-file:hand --log-file:write -f:value --filter:value --rsync-path:value --bwlimit:value "
                 "--port:value --timeout:value -B:value -T:value --backup-dir:value --chmod:value")  # fmt: skip
    arguments = parsed(call.words, roles(table))
    for name, value in arguments.options:
        role = roles(table).get(name, "")
        if value is not None and role in ("read", "write", "hand"):
            act(call, role, value)
    excluded = [word.text or "" for word in arguments.values("--exclude")]
    if len(arguments.operands) > 1:
        for word in arguments.operands[:-1]:
            if not _is_remote(word):
                from nightlatch.agent.shell.commands.archives import archived

                archived(call, word, excluded, follows=call.name == "scp" or arguments.has("-L", "--copy-links"))
        target = arguments.operands[-1]
        if not _is_remote(target) and not arguments.has("-n", "--dry-run"):
            call.write(target)
            _keep_names(call, arguments.operands[:-1], target)
    return None


def _keep_names(call: Call, sources: list[Word], target: Word) -> None:
    """What is copied can be read under its new name; `from/` means what lies in the folder."""
    from nightlatch.agent.shell.commands.files import same_content

    for source in sources:
        if _is_remote(source):
            continue
        name = source.shown.rstrip("/").rpartition("/")[2]
        below = call.is_folder(target) or target.suffix.endswith("/")
        is_inside = not source.suffix.endswith("/") and (below or call.is_folder(source))
        same_content(call, source, merged([*target.parts, "/", name]) if is_inside else target, is_copy=True)


def _is_remote(word: Word) -> bool:
    before = word.shown.partition("/")[0]
    return ":" in before or "://" in word.shown


def secure_shell(call: Call) -> Stream | None:
    """`ssh host command`: the command, as one that runs where other files are."""
    table = ("-i:hand -F:hand -p:value -l:value -o:value -L:value -R:value -D:value -J:value -b:value -c:value "
    "-E:write "
             "-e:value -m:value -O:value -Q:value -S:value -W:value -w:value -I:value -B:value")  # fmt: skip
    arguments = parsed(call.words, roles(table), stops=True)
    for value in arguments.values("-i", "-F"):
        call.hand_over(value)
    command = arguments.operands[1:]
    if not command:
        if call.stdin is not None:
            call.read_stdin()
            _elsewhere(call, call.stdin.word)
        return None
    from nightlatch.agent.shell.values import joined

    call.read_stdin()
    return _elsewhere(call, joined(command))


def _elsewhere(call: Call, text: Word | None) -> Stream | None:
    from nightlatch.agent.shell.call import Call as Made

    if text is None:
        return None
    state = call.state.copy()
    state.mounts = ()
    state.folders = ("/",)
    state.variables = {}
    return Made(call.shell, state, call.name, [], call.stdin).script(text, f"the command that {call.name} runs")


def transfer(call: Call) -> Stream | None:
    """`aws s3 cp`, `gsutil cp`, `az storage`, `rclone`: a file of this machine that is named is read."""
    words = [word for word in call.words if not word.prefix.startswith("-") and "://" not in word.shown]
    for word in words:
        for path in call.paths(word) if word.text is not None and not _is_remote(word) else []:
            if call.place.exists(path):
                call.read(word)
    if not _COPYING & {word.text for word in call.words[:2]}:
        return None
    for place, word in enumerate(call.words[:-1]):
        target = call.words[place + 1]
        if _is_remote(word) and not word.prefix.startswith("-") and not _is_remote(target):
            _fetched(call, target)
    return None


_COPYING = frozenset(
    {"cp", "sync", "mv", "copy", "copyto", "move", "moveto", "rsync", "get", "mirror", "download", "receive"}
)
"""Verbs of which a remote address and what stands behind it are source and target."""


def _fetched(call: Call, target: Word) -> None:
    """What stands right behind a remote address is where it goes; `-` is the terminal."""
    if target.text == "-" or not target.prefix.startswith("-"):
        call.write(target)


def secure_transfer(call: Call) -> Stream | None:
    """`sftp host:file here`: fetched; with `-b` the commands stand in a file."""
    arguments = parsed(call.words, roles("-i:hand -b:read -o:value -P:value -F:hand -J:value"))
    for name, value in arguments.options:
        if value is not None and name in ("-i", "-F", "-b"):
            act(call, "read" if name == "-b" else "hand", value)
    for word in arguments.operands[1:2]:
        call.write(word)
    call.read_stdin()
    return None


def netcat(call: Call) -> Stream | None:
    """`nc`: what flows in goes out."""
    arguments = parsed(call.words, roles("-e:command -c:command -p:value -w:value -s:value -x:value -X:value -i:value "
                                         "-o:write -q:value -k -l"))  # fmt: skip
    call.read_stdin()
    for word in arguments.values("-e", "-c"):
        call.script(word, f"the command that {call.name} runs")
    return None


def socat(call: Call) -> Stream | None:
    """`socat - FILE:x`, `EXEC:cmd`, `SYSTEM:cmd`."""
    for word in call.words:
        kind, colon, rest = word.shown.partition(":")
        target = rest.partition(",")[0]
        if not colon:
            continue
        if kind.upper() in ("FILE", "OPEN", "GOPEN", "CREATE"):
            (call.write if kind.upper() == "CREATE" else call.read)(Word(target))
        elif kind.upper() in ("EXEC", "SYSTEM"):
            call.shell.script(rest, call.state, call.stdin)
    call.read_stdin()
    return None


def mail(call: Call) -> Stream | None:
    """`mail -A file`, what flows in as the message."""
    arguments: Arguments = parsed(call.words, roles("-s:value -A:read -a:read -c:value -b:value -r:value -S:value"))
    for word in arguments.values("-A", "-a"):
        call.read(word)
    call.read_stdin()
    return None


def ftp(call: Call) -> Stream | None:
    """`ftp -u address file`: what it uploads."""
    arguments = parsed(call.words, roles("-u:value"))
    for word in arguments.operands if arguments.has("-u") else []:
        call.read_if_there(word)
    return None


COMMANDS: dict[str, Usage] = {
    "curl": Usage(handler=curl), "wget": Usage(handler=wget), "wget2": Usage(handler=wget),
    "http": Usage(handler=httpie), "https": Usage(handler=httpie), "xh": Usage(handler=httpie),
    "scp": Usage(handler=remote_copy), "rsync": Usage(handler=remote_copy), "ssh": Usage(handler=secure_shell),
    "mosh": Usage(handler=secure_shell), "autossh": Usage(handler=secure_shell),
    "sftp": Usage(handler=secure_transfer), "ftp": Usage(handler=ftp), "lftp": Usage(NOTHING),
    "nc": Usage(handler=netcat), "ncat": Usage(handler=netcat), "netcat": Usage(handler=netcat),
    "socat": Usage(handler=socat), "telnet": Usage(NOTHING), "gsutil": Usage(handler=transfer),
    "rclone": Usage(handler=transfer), "s3cmd": Usage(handler=transfer), "mc": Usage(handler=transfer),
    "azcopy": Usage(handler=transfer), "croc": Usage(handler=transfer), "wormhole": Usage(handler=transfer),
    "mail": Usage(handler=mail), "mailx": Usage(handler=mail), "mutt": Usage(handler=mail),
    "sendmail": Usage(handler=mail),
    "ping": Usage(), "dig": Usage(NOTHING, "-f:read"), "host": Usage(), "nslookup": Usage(),
}  # fmt: skip
