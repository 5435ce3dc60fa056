"""Programs that list, copy, move, make and remove files."""

from __future__ import annotations

import os.path

from nightlatch.agent.effects import SOME, Window
from nightlatch.agent.shell.arguments import Arguments, parsed, roles
from nightlatch.agent.shell.links import read_through_links
from nightlatch.agent.shell.usage import LOOK, NOTHING, READ, WRITE, Usage
from nightlatch.agent.shell.values import Stream, Unknown, Word, merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

_COPY = "-t:value --target-directory:value -S:value --suffix:value --backup:optional --reflink:optional --sparse:value"


def _destinations(call: Call, sources: list[Word], target: Word, *, is_folder: bool) -> list[tuple[Word, Word]]:
    """Each source with the name that it gets: below the target, where that is a folder."""
    if not (is_folder or len(sources) > 1 or target.suffix.endswith("/") or call.is_folder(target)):
        return [(sources[0], target)] if sources else []
    found = []
    for source in sources:
        name = source.shown.rstrip("/").rpartition("/")[2]
        parts = [*target.parts, "" if target.suffix.endswith("/") else "/", name]
        found.append((source, merged(parts)))
    return found


def _pairs(call: Call, table: str) -> tuple[Arguments, list[tuple[Word, Word]]]:
    arguments = parsed(call.words, roles(table))
    target = arguments.value("-t", "--target-directory")
    sources = arguments.operands
    if target is None and len(sources) > 1:
        target, sources = sources[-1], sources[:-1]
    if target is None:
        return arguments, []
    is_folder = arguments.has("-t", "--target-directory")
    return arguments, _destinations(call, sources, target, is_folder=is_folder)


def copy(call: Call) -> None:
    """`cp`: the sources are read, since what they hold stands under another name then."""
    arguments, pairs = _pairs(call, _COPY)
    for source, target in pairs:
        if source.text == "/dev/stdin":
            call.read_stdin()
        call.read(source)
        if arguments.has("-L", "--dereference"):
            read_through_links(call, source)
        if arguments.has("-n", "--no-clobber") and _stays(call, target):
            continue
        held = call.shell.process_stream(source.text or "")
        call.write(target, held.shown if held is not None else _content(call, source))
        _keep_text(call, source, target)
        same_content(call, source, target, is_copy=True)


def _stays(call: Call, target: Word) -> bool:
    """Whether a file is there already that `cp -n` leaves as it is, and nothing in this call has taken it away."""
    is_there = target.text is not None and all(call.place.exists(path) for path in call.paths(target))
    return is_there and not any(getattr(effect, "is_removal", False) for effect in call.shell.trace.effects)


def same_content(call: Call, source: Word, target: Word, *, is_copy: bool) -> None:
    """A file or a folder can be read under another name from now on."""
    if source.text is None or target.text is None or call.state.mounts is not None:
        return
    for name in call.paths(target):
        for origin in call.paths(source):
            call.state.add_twin(os.path.normpath(name), os.path.normpath(origin), is_copy=is_copy)


def _keep_text(call: Call, source: Word, target: Word) -> None:
    """What the file holds stands under its new name from now on, should it be run there."""
    for path in call.paths(target) if target.text is not None else []:
        call.state.written.pop(os.path.normpath(path), None)
        call.state.note(os.path.normpath(path), call.file_text(source))


def _content(call: Call, source: Word) -> str | None:
    return call.stdin.shown if source.text == "/dev/stdin" and call.stdin is not None else None


def move(call: Call) -> None:
    """`mv`: gone from here, read under another name there."""
    _, pairs = _pairs(call, _COPY)
    for source, target in pairs:
        if not call.is_folder(source):
            call.read(source)
        call.write(source, is_removal=True)
        call.write(target)
        _keep_text(call, source, target)
        same_content(call, source, target, is_copy=True)


def rename(call: Call) -> None:
    """`rename 's/a/b/' files`, `mmv 'a*' 'b#1'`: files that are there get names that nobody works out here."""
    arguments = parsed(call.words, roles("-e:value"))
    for word in arguments.operands:
        if any(call.place.exists(path) for path in call.paths(word)):
            call.read(word)
            call.write(word, is_removal=True)
    if call.name == "mmv" and len(arguments.operands) > 1:
        call.write(arguments.operands[1])


def install(call: Call) -> None:
    """`install`: copies with a mode; with `-d` makes folders."""
    table = _COPY + " -m:value --mode:value -o:value --owner:value -g:value --group:value"
    arguments, pairs = _pairs(call, table)
    if arguments.has("-d", "--directory"):
        for word in arguments.operands:
            make_folder(call, word)
        return
    for source, target in pairs:
        call.read(source)
        call.write(target)


def link(call: Call) -> None:
    """`ln`: the file gets another name, under which it could be read."""
    arguments, pairs = _pairs(call, _COPY)
    if not pairs and len(arguments.operands) == 1:
        source = arguments.operands[0]
        pairs = [(source, Word(source.shown.rstrip("/").rpartition("/")[2]))]
    for source, target in pairs:
        is_relative = arguments.has("-s", "--symbolic") and not source.prefix.startswith("/")
        folder = os.path.dirname(target.shown)
        seen = merged([folder + "/", *source.parts]) if is_relative and folder else source
        if not call.is_folder(seen) or any(_is_private(path, call) for path in call.paths(seen)):
            call.read(seen)
        call.write(target)
        same_content(call, seen, target, is_copy=False)


def _is_private(path: str, call: Call) -> bool:
    """Whether a folder lies outside the project: a link into it hides where it leads."""
    return not path.startswith(call.place.root)


def remove(call: Call) -> None:
    """`rm`, `unlink`, `shred -u`, `rmdir`."""
    arguments = parsed(call.words, roles("--interactive:optional -n:value -s:value" if call.name == "shred" else ""))
    for word in arguments.operands:
        call.write(word, is_removal=True)
        _removes_hook(call, word)


def _removes_hook(call: Call, word: Word) -> None:
    for path in call.paths(word):
        parts = path.split("/")
        is_hook = ".git" in parts and parts[parts.index(".git") + 1 :][:1] == ["hooks"]
        if is_hook or parts[-1:] == [".husky"] or _is_guard(path):
            call.bypass(f"{call.name} {word.shown}")


TEMPORARY = ("/tmp/", "/var/tmp/")  # noqa: S108 - no use of it
"""Where anybody may make a folder."""


def make_folders(call: Call) -> None:
    """`mkdir`: a folder holds nothing yet. Outside the project and the temporary folder it is a change all the same."""
    for word in parsed(call.words, roles("-m:value --mode:value")).operands:
        make_folder(call, word)


def make_folder(call: Call, word: Word) -> None:
    """One folder is made."""
    if word.text is None:
        return
    for path in call.paths(word):
        call.state.made.add(os.path.normpath(path))
        inside = os.path.normpath(path).startswith((call.place.root + "/", *TEMPORARY))
        if inside:
            call.look(word)
        else:
            call.write(word)


def change_mode(call: Call) -> None:
    """`chmod`, `chown`: a mode, an owner. A hook that can't be started is none."""
    words = [word for word in call.words if not _is_mode_option(word)]
    arguments = parsed(words, roles("--reference:look"))
    modes = [word.shown for word in call.words if _is_mode_option(word)]
    operands = arguments.operands
    if not modes and not arguments.has("--reference"):
        modes, operands = [word.shown for word in operands[:1]], operands[1:]
    for word in operands:
        if call.name == "chmod" and any(_takes_reading(mode) for mode in modes):
            call.write(word)
        else:
            call.look(word)
        for path in call.paths(word):
            if _is_guard(path) and any(_takes_execution(mode) for mode in modes) and call.name == "chmod":
                call.bypass(f"chmod {modes[0]} {word.shown}")


def _takes_reading(mode: str) -> bool:
    """Whether a file can't be read by its owner afterwards."""
    if mode.isdigit():
        return len(mode) > 2 and not int(mode[-3]) & 4  # noqa: PLR2004 - owner, group, others
    who, sign, what = mode.partition("-")
    return bool(sign) and "r" in what and (not who or "u" in who or "a" in who)


def _is_guard(path: str) -> bool:
    """A hook of git's, or the program of a guard."""
    from nightlatch.agent.shell.commands.packages import GUARDS

    return "/.git/hooks" in path or (os.path.basename(path) in GUARDS and "/bin/" in path)


def _is_mode_option(word: Word) -> bool:
    text = word.text or ""
    return len(text) > 1 and text[0] == "-" and all(letter in "rwxXst" for letter in text[1:])


def _takes_execution(mode: str) -> bool:
    if mode.isdigit():
        return not any(int(digit) & 1 for digit in mode[-3:])
    return ("-" in mode and "x" in mode.partition("-")[2]) or ("=" in mode and "x" not in mode)


def tee(call: Call) -> Stream | None:
    """`tee`: what flows in goes to files, and on."""
    arguments = parsed(call.words, roles("--output-error:optional"))
    call.read_stdin()
    for word in arguments.operands:
        call.write(word, call.stdin.shown if call.stdin is not None else None)
        for path in call.stdin.files if call.stdin is not None else ():
            same_content(call, Word(path), word, is_copy=True)
    return call.stdin


def codex_patch(call: Call) -> None:
    """`apply_patch`: Codex's patches, as its argument or flowing in."""
    from nightlatch.agent.patch import changes
    from nightlatch.core.errors import EventError

    text = call.words[0].shown if call.words else (call.stdin.shown if call.stdin is not None else None)
    try:
        found = changes(text or "")
    except EventError:
        call.unresolved(Word(call.name), "a patch whose files can't be told")
        return
    for change in found:
        call.write(Word(change.path), "\n".join(change.added), is_removal=change.is_removal)
        if change.moved_to:
            call.write(Word(change.path), is_removal=True)
            call.write(Word(change.moved_to), "\n".join(change.added))


def dd(call: Call) -> Stream | None:
    """`dd if=… of=…`."""
    files: tuple[str, ...] = ()
    values = {word.prefix.partition("=")[0]: word.cut(len(word.prefix.partition("=")[0]) + 1) for word in call.words}
    from nightlatch.agent.shell.windows import some

    window = some() if {"count", "skip", "iseek"} & set(values) else None
    if "if" in values:
        files = tuple(call.read(values["if"], window))
    else:
        call.read_stdin(window)
    if "of" in values:
        call.write(values["of"], call.stdin.shown if call.stdin is not None and "if" not in values else None)
        return Stream(Word(""))
    source = values.get("if")
    if source is None:
        return call.stdin
    opened = call.shell.opened(source, call)
    return Stream(load=lambda: opened.word, files=files)


def touch(call: Call) -> None:
    """`touch`: makes a file where there is none; else its time alone changes."""
    for word in parsed(call.words, roles("-d:value --date:value -r:look --reference:look -t:value")).operands:
        call.write(word)


def listing(call: Call) -> Stream | None:
    """`ls`: names."""
    arguments = parsed(call.words, roles("-I:value --ignore:value -w:value --color:optional --hide:value --sort:value "
                                         "--time:value --block-size:value --format:value --time-style:value"
))  # fmt: skip
    operands = arguments.operands or [Word(".")]
    for word in operands:
        call.look(word)
    is_plain = not arguments.has("-l", "-s", "-i", "-R", "-g", "-o", "--long", "--size", "--inode", "--recursive")
    return Stream(load=lambda: _names(call, arguments, operands) if is_plain else None, source="$(ls …)")


def _names(call: Call, arguments: Arguments, operands: list[Word]) -> Word | None:
    lines: list[str] = []
    for word in operands:
        paths = call.paths(word)
        if word.text is None or len(paths) != 1:
            return None
        if not call.place.is_folder(paths[0]) or arguments.has("-d", "--directory"):
            if call.place.exists(paths[0]):
                lines.append(word.text)
            continue
        names = call.place.listing(paths[0])
        if names is None:
            return None
        is_all = arguments.has("-a", "-A", "--all", "--almost-all", "-f")
        lines += [name for name in names if is_all or not name.startswith(".")]
    return Word("".join(line + "\n" for line in lines))


def path_text(call: Call) -> Stream | None:
    """`realpath`, `readlink -f`: a path as text."""
    arguments = parsed(call.words, roles("--relative-to:value --relative-base:value"))
    for word in arguments.operands:
        call.look(word)
    paths = [path for word in arguments.operands for path in call.paths(word)]
    if any(word.text is None for word in arguments.operands) or not paths:
        return None
    return Stream(Word("".join(os.path.normpath(path) + "\n" for path in paths)))


def base_name(call: Call) -> Stream | None:
    """`basename path [suffix]`, and with `-a` of several."""
    arguments = parsed(call.words, roles("-s:value --suffix:value"))
    operands = arguments.operands
    texts = [word.text for word in operands]
    if not texts or any(text is None for text in texts):
        return Stream(Word(Unknown("$(basename …)")))
    several = arguments.has("-a", "--multiple", "-s", "--suffix")
    suffix = arguments.value("-s", "--suffix")
    ending = suffix.text if suffix is not None else (texts[1] if len(texts) > 1 and not several else "")
    names = [(text or "").rstrip("/").rpartition("/")[2] for text in (texts if several else texts[:1])]
    cut = [name.removesuffix(ending) if ending and name != ending else name for name in names]
    return Stream(Word("".join(name + "\n" for name in cut)))


def folder_name(call: Call) -> Stream | None:
    """`dirname path`."""
    texts = [word.text for word in parsed(call.words, {}).operands]
    if not texts or any(text is None for text in texts):
        return Stream(Word(Unknown("$(dirname …)")))
    return Stream(Word("".join((os.path.dirname((text or "").rstrip("/")) or ".") + "\n" for text in texts)))


def temporary(call: Call) -> Stream | None:
    """`mktemp`: a new name in the temporary folder."""
    arguments = parsed(call.words, roles("-p:value --tmpdir:optional --suffix:value -t:value"))
    path = "/tmp/tmp.made"  # noqa: S108 - a name that is never opened here
    if arguments.has("-d", "--directory"):
        call.state.made.add(path)
    return Stream(Word(path + "\n"))


def split_file(call: Call) -> None:
    """`split`, `csplit`: a file's content under other names."""
    arguments = parsed(call.words, roles("-b:value -l:value -n:value -C:value -a:value -f:value -d"))
    if arguments.operands:
        call.read(arguments.operands[0], Window(SOME))
    else:
        call.read_stdin(Window(SOME))
    prefix = arguments.operands[1] if len(arguments.operands) > 1 and call.name == "split" else None
    call.write(merged([*(prefix.parts if prefix is not None else ("x",)), "aa"]))


def patch(call: Call) -> None:
    """`patch`: writes the files that the patch names."""
    arguments = parsed(call.words, roles("-p:value --strip:value -i:read --input:read -d:value -o:write -r:write "
                                         "-F:value"))  # fmt: skip
    given = arguments.value("-i", "--input")
    stream = call.shell.opened(given, call) if given is not None else call.stdin
    if given is not None:
        call.read(given)
    call.read_stdin()
    if arguments.operands and not arguments.has("--dry-run"):
        call.write(arguments.operands[0])
        return
    if arguments.has("--dry-run"):
        return
    level = arguments.value("-p", "--strip")
    patched(call, stream.text if stream is not None else None, _number(level))


def _number(word: Word | None) -> int:
    text = (word.text if word is not None else None) or ""
    return int(text) if text.isdigit() else 0


def patched(call: Call, text: str | None, level: int) -> None:
    """The files that a patch changes, each with the lines that it adds."""
    if text is None:
        call.unresolved(Word(call.name), "the patch, which names the files that it writes")
        return
    name, added = "", list[str]()
    for line in [*text.split("\n"), "+++ "]:
        if line.startswith("+++ "):
            if name and name != "/dev/null":
                call.write(Word(name), "\n".join(added))
            name, added = line[4:].split("\t")[0].strip(), []
            parts = name.split("/")
            name = "/".join(parts[level:]) if len(parts) > level else parts[-1]
        elif line.startswith("+"):
            added.append(line[1:])
        elif line.startswith("--- ") and line[4:].strip() != "/dev/null":
            removed = line[4:].split("\t")[0].strip().split("/")
            call.write(Word("/".join(removed[level:]) or removed[-1]))


COMMANDS: dict[str, Usage] = {
    "apply_patch": Usage(handler=codex_patch), "applypatch": Usage(handler=codex_patch),
    "ls": Usage(handler=listing), "dir": Usage(handler=listing), "vdir": Usage(handler=listing),
    "exa": Usage(LOOK, "-L:value --level:value --sort:value -s:value -I:value"),
    "eza": Usage(LOOK, "-L:value --level:value --sort:value -s:value -I:value"), "lsd": Usage(LOOK),
    "tree": Usage(LOOK, "-L:value -I:value -P:value -o:write --filelimit:value --charset:value"),
    "stat": Usage(LOOK, "-c:value --format:value -f:value --printf:value -t:value"), "file": Usage(LOOK,
    "-f:read -m:value -F:value"),
    "du": Usage(LOOK, "-d:value --max-depth:value --exclude:value -t:value -B:value -X:read "
    "--files0-from:read"), "df": Usage(LOOK,
    "-t:value -x:value -B:value"),
    "test": Usage(LOOK), "[": Usage(LOOK), "realpath": Usage(handler=path_text), "readlink": Usage(handler=path_text),
    "namei": Usage(LOOK), "getfacl": Usage(LOOK), "lsattr": Usage(LOOK), "mountpoint": Usage(LOOK),
    "fuser": Usage(LOOK), "lsof": Usage(LOOK, "-i:optional -p:value -u:value -c:value -t"),
    "basename": Usage(handler=base_name), "dirname": Usage(handler=folder_name),
    "chmod": Usage(handler=change_mode), "chown": Usage(handler=change_mode), "chgrp": Usage(handler=change_mode),
    "chattr": Usage(LOOK, skip=1), "setfacl": Usage(LOOK, "-m:value -x:value"), "xattr": Usage(LOOK),
    "cp": Usage(handler=copy), "gcp": Usage(handler=copy), "mv": Usage(handler=move), "ln": Usage(handler=link),
    "install": Usage(handler=install), "ginstall": Usage(handler=install),
    "rm": Usage(handler=remove), "unlink": Usage(handler=remove), "rmdir": Usage(LOOK, "--ignore-fail-on-non-empty"),
    "shred": Usage(handler=remove), "trash": Usage(handler=remove), "trash-put": Usage(handler=remove),
    "srm": Usage(handler=remove), "rimraf": Usage(handler=remove), "del": Usage(handler=remove),
    "mkdir": Usage(handler=make_folders), "touch": Usage(handler=touch), "tee": Usage(handler=tee),
    "sponge": Usage(handler=tee), "dd": Usage(handler=dd), "mktemp": Usage(handler=temporary),
    "truncate": Usage(WRITE, "-s:value --size:value -r:look --reference:look"),
    "fallocate": Usage(WRITE, "-l:value -o:value"), "mkfifo": Usage(WRITE, "-m:value"), "mknod": Usage(WRITE),
    "split": Usage(handler=split_file), "csplit": Usage(handler=split_file), "patch": Usage(handler=patch),
    "rename": Usage(handler=rename), "prename": Usage(handler=rename), "mmv": Usage(handler=rename),
    "logger": Usage(NOTHING, "-f:read --file:read -t:value --tag:value -p:value --priority:value -n:value"),
    "wall": Usage(READ), "lp": Usage(READ), "lpr": Usage(READ),
    "pbcopy": Usage(READ), "xclip": Usage(READ, "-sel:value -selection:value -i:read -t:value", single_dash=True),
    "xsel": Usage(READ), "wl-copy": Usage(READ), "pbpaste": Usage(), "qrencode": Usage(READ,
    "-o:write -r:read -t:value"),
}  # fmt: skip
