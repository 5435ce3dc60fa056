"""Archivers and compressors: what goes in may come out anywhere."""

from __future__ import annotations

import os.path

from nightlatch.agent.shell.arguments import Arguments, parsed, roles
from nightlatch.agent.shell.folders import files_below
from nightlatch.agent.shell.links import read_through_links
from nightlatch.agent.shell.patterns import matches
from nightlatch.agent.shell.usage import LOOK, Usage
from nightlatch.agent.shell.values import Stream, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

_TAR = (
    "-f:value --file:value -C:value --directory:value -T:read --files-from:read -X:read --exclude-from:read "
    "--exclude:value --transform:value --strip-components:value -b:value -I:value --use-compress-program:value "
    "--owner:value --group:value --mode:value --mtime:value --to-command:value -H:value --format:value -s:value"
)


def tar(call: Call) -> Stream | None:
    """`tar`: with `-c`, `-r` or `-u` files are read; with `-x` some are written."""
    words = list(call.words)
    if words and not words[0].prefix.startswith("-") and words[0].text:
        words[0] = Word("-" + words[0].text)
        words = _old_style(words)
    arguments = parsed(words, roles(_TAR))
    archive = arguments.value("-f", "--file")
    for word in arguments.values("-T", "--files-from", "-X", "--exclude-from"):
        call.read(word)
    names = [*arguments.operands, *_listed_members(call, arguments)]
    twin = in_folder(call, arguments.value("-C", "--directory"))
    if arguments.has("-c", "--create", "-r", "--append", "-u", "--update", "-A"):
        excluded = [word.text or "" for word in arguments.values("--exclude")]
        for word in names:
            archived(twin, word, excluded, follows=arguments.has("-h", "--dereference", "-L"))
        if archive is not None:
            call.write(archive)
        return None
    if archive is not None and archive.text != "-":
        call.look(archive)
    if arguments.has("-x", "--extract", "--get") and not arguments.has("-O", "--to-stdout"):
        _extracted(call, arguments.value("-C", "--directory"))
        for word in names:
            twin.write(word)
    return None


def _listed_members(call: Call, arguments: Arguments) -> list[Word]:
    """The names that stand in a list (`-T`)."""
    listed = arguments.value("-T", "--files-from")
    if listed is None:
        return []
    stdin = call.stdin.text if call.stdin is not None else None
    text = stdin if listed.text == "-" else call.shell.opened(listed, call).text
    if text is None:
        call.unresolved(listed, "the list of files that tar reads")
    return [Word(line) for line in (text or "").splitlines() if line]


def _old_style(words: list[Word]) -> list[Word]:
    """`tar cf a.tar b -C c`: the letters first, the values that they take behind them in their order."""
    letters = (words[0].text or "")[1:]
    takers = [letter for letter in letters if letter in "fCTXbIH"]
    flags = [Word("-" + letter) for letter in letters if letter not in "fCTXbIH"]
    rest = words[1:]
    for letter in takers:
        if rest:
            flags += [Word("-" + letter), rest.pop(0)]
    return [*flags, *rest]


def in_folder(call: Call, folder: Word | None) -> Call:
    """The call as it is made from another folder (`-C`)."""
    if folder is None:
        return call
    from nightlatch.agent.shell.call import Call as Made

    state = call.state.copy()
    paths = call.paths(folder)
    state.folders = tuple(paths) or (None,)
    return Made(call.shell, state, call.name, call.words, call.stdin)


def archived(call: Call, word: Word, excluded: list[str], *, follows: bool = False) -> None:
    """A file or a folder goes into an archive, or elsewhere, but for what is excluded.

    follows  whether the program takes what links lead to, and not the links
    """
    if not excluded or not call.is_folder(word):
        if not any(_is_excluded(pattern, word.text or "") for pattern in excluded):
            call.read(word)
            if follows:
                read_through_links(call, word)
        return
    for path in call.paths(word):
        for name in files_below(call.place, path).paths:
            if os.path.islink(name) and not follows:
                continue
            if not any(_is_excluded(pattern, os.path.relpath(name, path)) for pattern in excluded):
                call.read_path(name)


def _is_excluded(pattern: str, name: str) -> bool:
    pattern = pattern.removeprefix("./").rstrip("/")
    parts = name.split("/")
    return any(
        matches(pattern, part) or matches(pattern, "/".join(parts[: place + 1])) for place, part in enumerate(parts)
    )


def _extracted(call: Call, folder: Word | None) -> None:
    """Which files come out nobody knows; the folder is told."""
    if folder is None or folder.text is not None:
        call.write(Word(((folder.text or "") if folder is not None else ".").rstrip("/") + "/*"))


def archiver(call: Call) -> None:
    """`zip`, `7z`, `rar`: the archive first, then what goes into it."""
    letters = "-i:value -x:value -P:value -b:value -t:value -n:value -p:optional -o:optional"
    words = list(call.words)
    excluded: list[str] = []
    for place, word in enumerate(words):
        if word.text in ("-x", "--exclude"):
            excluded = [item.text or "" for item in words[place + 1 :]]
            words = words[:place]
            break
    is_seven = call.name in ("7z", "7za", "7zz", "7zr", "rar")
    arguments = parsed(words, roles("-x:value -o:optional" if is_seven else letters))
    operands = arguments.operands
    if is_seven:
        if operands and operands[0].text not in ("a", "u"):
            for word in operands[1:2]:
                call.look(word)
            if operands[0].text in ("x", "e") and not arguments.has("-so"):
                _extracted(call, arguments.value("-o"))
            return
        operands = operands[1:]
        excluded += [(name.text or "").lstrip("r!") for name in arguments.values("-x")]
    for word in operands[:1]:
        call.write(word)
    for word in operands[1:]:
        archived(call, word, excluded, follows=not arguments.has("-y", "--symlinks", "-snl"))
    if not operands[1:] and not arguments.has("-d"):
        call.read_stdin()


def unpacker(call: Call) -> None:
    """`unzip`: `-p` shows, else files come out in a folder."""
    arguments = parsed(call.words, roles("-d:value -x:value -P:value"))
    for word in arguments.operands[:1]:
        call.look(word)
    if not arguments.has("-l", "-p", "-t", "-v", "-Z", "-z"):
        _extracted(call, arguments.value("-d"))


def compressor(call: Call) -> Stream | None:
    """`gzip file`: its content under another name, or with `-c` printed."""
    arguments = parsed(call.words, roles("-S:value --suffix:value -T:value -o:write -D:value"))
    if arguments.has("-l", "--list", "-t", "--test"):
        for word in arguments.operands:
            call.look(word)
        return None
    ending = {"gzip": ".gz", "bzip2": ".bz2", "xz": ".xz", "zstd": ".zst"}.get(call.name, "")
    for word in arguments.operands:
        call.read(word)
        if not arguments.has("-c", "--stdout", "--to-stdout") and ending:
            call.write(Word(*word.parts, ending))
            if not arguments.has("-k", "--keep") and call.name != "zstd":
                call.write(word, is_removal=True)
    if not arguments.operands:
        call.read_stdin()
    return None


def cpio(call: Call) -> None:
    """`cpio -o`: the names flow in."""
    arguments = parsed(call.words, roles("-F:value -O:write -D:value -H:value"))
    if arguments.has("-i", "--extract") and not arguments.has("-t", "--list"):
        _extracted(call, arguments.value("-D"))
    if not arguments.has("-o", "--create", "-p", "--pass-through"):
        return
    text = call.stdin.text if call.stdin is not None else ""
    if text is None:
        call.unresolved(Word("cpio"), "the list of files that cpio reads")
    for line in (text or "").splitlines():
        call.read(Word(line))


def pax(call: Call) -> None:
    """`pax -r` takes out, `pax -w` puts in."""
    arguments = parsed(call.words, roles("-f:value -s:value -x:value -b:value"))
    if arguments.has("-r") and not arguments.has("-w"):
        _extracted(call, None)
        return
    for word in arguments.operands:
        call.read(word)


def ar(call: Call) -> None:
    """`ar x lib.a` takes members out, `ar r lib.a files` puts them in."""
    letters = (call.words[0].text or "").lstrip("-") if call.words else ""
    if letters.startswith("x"):
        _extracted(call, None)
        return
    for word in call.words[1:2]:
        (call.look if letters[:1] in ("t", "p") else call.write)(word)
    for word in call.words[2:]:
        call.read(word)


COMMANDS: dict[str, Usage] = {
    "tar": Usage(handler=tar), "gtar": Usage(handler=tar), "bsdtar": Usage(handler=tar),
    "zip": Usage(handler=archiver), "7z": Usage(handler=archiver), "7za": Usage(handler=archiver),
    "7zz": Usage(handler=archiver), "rar": Usage(handler=archiver), "unzip": Usage(handler=unpacker),
    "zipinfo": Usage(LOOK), "gzip": Usage(handler=compressor), "pigz": Usage(handler=compressor),
    "bzip2": Usage(handler=compressor), "xz": Usage(handler=compressor), "zstd": Usage(handler=compressor),
    "lz4": Usage(handler=compressor), "gunzip": Usage(handler=compressor), "compress": Usage(handler=compressor),
    "brotli": Usage(handler=compressor), "cpio": Usage(handler=cpio), "pax": Usage(handler=pax),
    "ar": Usage(handler=ar),
}  # fmt: skip
