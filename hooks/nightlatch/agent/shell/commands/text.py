"""Programs that read text and show it, or a part of it."""

from __future__ import annotations

from nightlatch.agent.effects import SOME, WHOLE, Window
from nightlatch.agent.search import Search
from nightlatch.agent.shell import transforms, windows
from nightlatch.agent.shell.arguments import Arguments, parsed, roles
from nightlatch.agent.shell.folders import Files, files_below
from nightlatch.agent.shell.links import read_through_links
from nightlatch.agent.shell.usage import HAND, LOOK, NOTHING, READ, Usage
from nightlatch.agent.shell.values import Stream, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

GREP = (
    "-e:value --regexp:value -f:read --file:read -A:value -B:value -C:value --after-context:value "
    "--before-context:value --context:value -m:value --max-count:value --include:value --exclude:value "
    "--exclude-dir:value --exclude-from:read -d:value -D:value --color:optional --colour:optional --label:value"
)
RIPGREP = (
    "-e:value --regexp:value -f:read --file:read -A:value -B:value -C:value --after-context:value "
    "--before-context:value --context:value -m:value --max-count:value -g:value --glob:value --iglob:value "
    "-t:value --type:value -T:value --type-not:value -r:value --replace:value -j:value --threads:value -M:value "
    "--max-columns:value --max-depth:value -d:value --sort:value --sortr:value --color:value -E:value "
    "--encoding:value --ignore-file:look --pre:value --type-add:value --max-filesize:value --engine:value"
)
GREP_QUIET = "-c --count -q --quiet --silent -l --files-with-matches -L --files-without-match --count-matches --files"
NAMES_ONLY = ("-l", "--files-with-matches", "-L", "--files-without-match", "--files")


def grep_patterns(call: Call, arguments: Arguments) -> list[Word]:
    """What is searched for."""
    del call
    given = arguments.values("-e", "--regexp")
    return given or ([] if arguments.has("-f", "--file") else arguments.operands[:1])


def grep(call: Call) -> Stream | None:
    """Search files, or a folder with `-r`."""
    arguments = parsed(call.words, roles(GREP))
    is_recursive = call.name == "rgrep" or arguments.has("-r", "-R", "--recursive", "--dereference-recursive")
    follows = arguments.has("-R", "--dereference-recursive") or call.name == "rgrep"
    return _search(call, arguments, is_recursive=is_recursive, globs=("**",), follows=follows)


def ripgrep(call: Call) -> Stream | None:
    """`rg` and `ag`: folders are searched without being asked for; hidden files only where they are."""
    arguments = parsed(call.words, roles(RIPGREP))
    unrestricted = sum(name in ("-u", "--unrestricted") for name, _ in arguments.options)
    shows_hidden = arguments.has("-.", "--hidden") or unrestricted > 1
    globs = ("**",) if unrestricted or arguments.has("--no-ignore", "--no-ignore-vcs") else ()
    follows = arguments.has("-L", "--follow") if call.name == "rg" else arguments.has("-f", "--follow")
    return _search(
        call, arguments, is_recursive=True, globs=globs if shows_hidden else (*globs, "!.*"), follows=follows
    )


def _search(
    call: Call, arguments: Arguments, *, is_recursive: bool, globs: tuple[str, ...], follows: bool = False
) -> Stream | None:
    patterns = grep_patterns(call, arguments)
    for word in arguments.values("-f", "--file", "--exclude-from"):
        call.read(word)
    has_pattern = bool(arguments.values("-e", "--regexp") or arguments.has("-f", "--file", "--files"))
    operands = arguments.operands[not has_pattern :]
    quiet = GREP_QUIET.split()
    is_quiet = arguments.has(*(option for option in quiet if option != "-L" or call.name != "rg"))
    reads_stdin = not operands and (call.stdin is not None or not is_recursive)
    if is_recursive and not operands and call.stdin is None:
        operands = [Word(".")]
    for word in operands:
        _search_one(call, arguments, word, patterns, globs, is_recursive=is_recursive, is_quiet=is_quiet)
        if follows and not is_quiet:
            read_through_links(call, word)
    if reads_stdin or any(word.text == "-" for word in operands):
        if is_quiet:
            call.look_at_stdin()
        else:
            call.read_stdin(Window(SOME))
    if reads_stdin and not is_quiet and call.stdin is not None:
        stream = call.stdin
        return Stream(load=lambda: _matching(call, arguments, stream), source="$(grep …)")
    if operands and arguments.has("-l", "--files-with-matches") and not arguments.has("-v", "--invert-match"):
        shows_hidden = "!.*" not in globs
        return Stream(load=lambda: _names_of(call, arguments, operands, hidden=shows_hidden), source="$(grep …)")
    if not is_quiet and operands and not is_recursive:
        streams = [call.shell.opened(word, call) for word in operands]
        return Stream(load=lambda: _matching(call, arguments, *streams), source="$(grep …)")
    return None


MOST_FILES_SEARCHED = 400
MOST_BYTES_SEARCHED = 256 * 1024


def _names_of(call: Call, arguments: Arguments, operands: list[Word], *, hidden: bool) -> Word | None:
    """What `-l` prints: the files that have a match; None where they are too many to be looked at."""
    names: list[str] = []
    for word in operands:
        for path in call.paths(word) if word.text is not None else []:
            files = (
                files_below(call.place, path, hidden=hidden)
                if call.place.is_folder(path)
                else Files([path], is_complete=True)
            )
            wanted = [glob.text or "" for glob in arguments.values("--include", "-g", "--glob")]
            fitting = [name for name in files.paths if _is_included(name, wanted)]
            if not files.is_complete or len(names) + len(fitting) > MOST_FILES_SEARCHED:
                return _by_endings(word, wanted)
            names += fitting
        if word.text is None:
            return None
    found = []
    for name in names:
        if call.place.is_folder(name):
            continue  # a link, which a search doesn't follow
        text = call.place.read_text(name, MOST_BYTES_SEARCHED)
        if text is None or transforms.matching_lines(call, arguments, text):
            found.append(name)
    return Word("".join(name + "\n" for name in found))


def _is_included(name: str, wanted: list[str]) -> bool:
    """Whether a search that is narrowed to names like `*.ts` looks into a file; by other patterns it may."""
    endings = [_ending(glob) for glob in wanted]
    return not endings or None in endings or any(name.endswith(end or "") for end in endings)


def _ending(glob: str) -> str | None:
    """`.ts` of `*.ts`; None for any other pattern."""
    return glob[1:] if glob.startswith("*.") and glob[2:].isalnum() else None


def _by_endings(word: Word, wanted: list[str]) -> Word | None:
    """Names for more files than are looked at: their pattern, which is as good as they are where it is an ending."""
    if not wanted or any(_ending(glob) is None for glob in wanted):
        return None
    return Word("".join(f"{(word.text or '.').rstrip('/')}/{glob}\n" for glob in wanted))


def _matching(call: Call, arguments: Arguments, *streams: Stream) -> Word | None:
    texts = [stream.text for stream in streams]
    if any(text is None for text in texts):
        return None
    found = transforms.matching_lines(call, arguments, "".join(text for text in texts if text is not None))
    return None if found is None else Word(found)


def _search_one(
    call: Call, arguments: Arguments, word: Word, patterns: list[Word], globs: tuple[str, ...], *, is_recursive: bool,
    is_quiet: bool,
) -> None:  # fmt: skip
    if is_quiet:
        call.look(word)
    elif is_recursive and call.is_folder(word):
        wanted = [glob.text or "**" for glob in arguments.values("--include", "-g", "--glob", "--iglob")]
        unwanted = [f"!{glob.text}" for glob in arguments.values("--exclude", "--exclude-dir") if glob.text]
        paths = call.paths(word)
        for path in (*paths, *call.origins(paths)):
            text = "|".join(pattern.text or "" for pattern in patterns)
            everything = () if wanted else globs
            kept = tuple(glob for glob in globs if glob.startswith("!")) if wanted else ()
            shows = Search(path, f"{call.name} -r" if call.name == "grep" else call.name, text,
                           (*everything, *kept, *wanted, *unwanted))  # fmt: skip
            call.shell.trace.add(shows)
    elif word.text != "-":
        call.read(word, Window(SOME))


def sed(call: Call) -> Stream | None:
    """`sed`: reads, writes with `-i`, and whatever the script itself opens."""
    from nightlatch.agent.shell.commands.small_scripts import sed_files

    table = "-e:value --expression:value -f:read --file:read -i:optional --in-place:optional -I:value -l:value"
    arguments = parsed(call.words, roles(table))
    scripts = arguments.values("-e", "--expression")
    operands = arguments.operands
    for word in arguments.values("-f", "--file"):
        call.read(word)
    if not scripts and not arguments.has("-f", "--file"):
        if operands[:1] and operands[0].text == "" and arguments.has("-i"):
            operands = operands[1:]  # macOS: the ending of the copy that is kept
        scripts, operands = operands[:1], operands[1:]
    known = "\n".join(word.text or "" for word in scripts) if all(word.text is not None for word in scripts) else None
    sed_files(call, scripts)
    if arguments.has("-i", "--in-place", "-I"):
        for word in operands:
            call.write(word)
        return Stream(Word(""))
    is_silent = arguments.has("-n", "--quiet", "--silent")
    window = windows.sed_lines(known, prints_all=not is_silent)
    for word in operands:
        call.read(word, window)
    if not operands:
        call.read_stdin(window)
    stream = call.stdin if not operands else None
    if known is None or is_silent or stream is None:
        return None if stream is None or not is_silent else stream
    files = stream.files if window.kind == WHOLE else ()
    return Stream(load=lambda: _changed(known, stream), files=files, source="$(sed …)")


def _changed(script: str, stream: Stream) -> Word | None:
    text = stream.text
    found = None if text is None else transforms.substituted(script, text)
    return None if found is None else Word(found)


def awk(call: Call) -> Stream | None:
    """`awk`: the program first, then files; what the program itself opens."""
    from nightlatch.agent.shell.commands.small_scripts import awk_files

    table = roles("-f:read --file:read -v:value --assign:value -F:value --field-separator:value -e:value -i:value")
    arguments = parsed(call.words, table, stops=False)
    operands = arguments.operands
    program: Word | None = arguments.value("-e")
    for word in arguments.values("-f", "--file"):
        call.read(word)
    if program is None and not arguments.has("-f", "--file") and operands:
        program, operands = operands[0], operands[1:]
    files = [word for word in operands if not _is_assignment(word)]
    awk_files(call, program, arguments)
    window = windows.awk_lines(program.text if program is not None else None)
    only_begins = program is not None and (program.text or "").lstrip().startswith("BEGIN") and not files
    for word in arguments.values("-i", "--include"):
        call.read_if_there(word)
    in_place = any(word.text == "inplace" for word in arguments.values("-i", "--include"))
    for word in files:
        call.read(word, window)
        if in_place:
            call.write(word)
    if not files and not only_begins:
        call.read_stdin(window)
    stream = call.stdin
    if files or stream is None or program is None or program.text is None:
        return None
    separator = arguments.value("-F", "--field-separator")
    text = program.text
    return Stream(load=lambda: _field(text, separator, stream), source="$(awk …)")


def _is_assignment(word: Word) -> bool:
    name, equals, _ = word.prefix.partition("=")
    return bool(equals) and name.isidentifier()


def _field(program: str, separator: Word | None, stream: Stream) -> Word | None:
    text = stream.text
    found = None if text is None else transforms.awk_field(program, separator.text if separator else None, text)
    return None if found is None else Word(found)


def xxd(call: Call) -> Stream | None:
    """A hex dump; with `-r` back."""
    usage = Usage(
        READ, "-l:value -s:value -c:value -g:value -len:value -seek:value", single_dash=True, window=windows.sliced,
        transform=transforms.decoded_hex,
    )  # fmt: skip
    arguments = usage.arguments(call)
    if len(arguments.operands) > 1:
        call.write(arguments.operands.pop())
        call.read(arguments.operands[0])
        return None
    return usage.follow(call)


def hashes(call: Call) -> Stream | None:
    """Hashes of files: no content. What they print names no file."""
    arguments = parsed(call.words, roles("--files0-from:read"))
    for word in arguments.values("--files0-from"):
        call.read(word)
    for word in arguments.operands:
        call.look(word)
    if not arguments.operands:
        call.look_at_stdin()
    from nightlatch.agent.shell.values import Unknown

    return Stream(Word(Unknown(f"$({call.name} …)", is_plain=True)))


def word_count(call: Call) -> Stream | None:
    """`wc`, `cksum`: numbers."""
    return hashes(call)


_JQ = (
    "-f:read --from-file:read --arg:value --argjson:value --slurpfile:value --rawfile:value --indent:value -L:value "
    "-o:value -p:value --output-format:value --input-format:value -I:value"
)


def jq(call: Call) -> Stream | None:
    """`jq` and `yq`: the filter first, then files."""
    arguments = parsed(_without_variables(call), roles(_JQ))
    has_filter = arguments.has("-f", "--from-file")
    window = windows.jq_filter(call, arguments)
    for word in arguments.values("-f", "--from-file"):
        call.read(word)
    operands = arguments.operands[not has_filter :]
    if call.name == "yq" and arguments.operands[:1] and arguments.operands[0].text in ("eval", "e", "ea", "eval-all"):
        operands = arguments.operands[2:]
    elif call.name == "yq" and not has_filter and _is_sole_file(call, arguments):
        operands, window, has_filter = arguments.operands, Window(), True
    text = arguments.operands[0].shown if arguments.operands and not has_filter else ""
    named = "".join(letter if letter.isalnum() or letter in "_$" else " " for letter in text).split()
    if "$ENV" in named or "env" in named:
        _jq_environment(call, text, named)
    if arguments.has("-n", "--null-input") and not {"input", "inputs"} & set(named):
        return None
    in_place = call.name == "yq" and arguments.has("-i", "--inplace")
    for word in operands:
        if in_place:
            call.write(word)
        else:
            call.read(word, window)
    if not operands:
        call.read_stdin(window)
    return None


def _is_sole_file(call: Call, arguments: Arguments) -> bool:
    """A sole operand of yq is the file, where it is one; all of it is shown."""
    if len(arguments.operands) != 1 or arguments.has("-n", "--null-input") or call.stdin is not None:
        return False
    return any(call.place.exists(path) for path in call.paths(arguments.operands[0]))


def _without_variables(call: Call) -> list[Word]:
    """The words without `--arg name value` and the like; files that such variables hold are read."""
    kept: list[Word] = []
    words = list(call.words)
    while words:
        word = words.pop(0)
        if word.text in ("--arg", "--argjson", "--slurpfile", "--rawfile") and len(words) > 1:
            if word.text in ("--slurpfile", "--rawfile"):
                call.read(words[1])
            words = words[2:]
        elif word.text != "-":
            kept.append(word)
    return kept


def _jq_environment(call: Call, text: str, named: list[str]) -> None:
    """`$ENV` and `env` are shown, but where only variables are named that hold no credential."""
    from nightlatch.agent.shell.environment_filters import HARMLESS

    variables = [name for name in named if name.isupper() and name != "$ENV"]
    if not variables or any(name not in HARMLESS for name in variables):
        call.shows_credentials(f"{call.name} {text[:40]}")


def pager(call: Call) -> Stream | None:
    """`less`, `more`: what `+20` and the like leave out is still shown on asking, so the whole."""
    usage = Usage(READ, "-p:value -P:value -o:write -O:write -k:read -t:value -x:value -z:value", passes=True)
    return usage.follow(call.named(call.name, [word for word in call.words if not word.prefix.startswith("+")]))


_BYTES = "-n:value -s:value -e:value -f:read --length:value --skip:value"


def _tr(call: Call) -> Stream | None:
    """`tr` reads what flows in, never a file."""
    arguments = parsed(call.words, {})
    call.read_stdin()
    stream = call.stdin
    if stream is None:
        return None

    def load() -> Word | None:
        text = stream.text
        found = None if text is None else transforms.translated(call, arguments, text)
        return None if found is None else Word(found)

    return Stream(load=load, source="$(tr …)")


def _envsubst(call: Call) -> Stream | None:
    """What flows in, with the environment's values in it."""
    call.read_stdin()
    for path in call.state.loaded:
        call.read_path(path)
    return None


_UNIQ = Usage(READ, "-f:value -s:value -w:value", passes=True, transform=transforms.unchanged, window=windows.picked)


def _uniq(call: Call) -> Stream | None:
    """`uniq in out`."""
    operands = _UNIQ.arguments(call).operands
    if len(operands) > 1:
        call.read(operands[0])
        call.write(operands[1])
        return None
    return _UNIQ.follow(call)


def _shasum(call: Call) -> Stream | None:
    return hashes(call.named("shasum", [word for word in call.words if not (word.text or "").isdigit()]))


def _json(call: Call) -> None:
    """`json` of npm: with `-I -f file` the file is changed."""
    arguments = parsed(call.words, roles("-f:value -e:value -c:value -d:value -o:value"))
    for word in arguments.values("-f"):
        call.read(word, Window(SOME))
        if arguments.has("-I", "--in-place"):
            call.write(word)
    call.read_stdin()


COMMANDS: dict[str, Usage] = {
    "cat": Usage(READ, "", passes=True),
    "bat": Usage(
        READ, "-r:value --line-range:value -l:value --language:value -H:value --style:value --theme:value "
        "--color:value --paging:value --file-name:value -m:value --tabs:value --wrap:value --terminal-width:value",
        window=windows.ranges,
    ),
    "head": Usage(READ, "-n:value --lines:value -c:value --bytes:value", window=windows.first_lines, passes=True,
                  transform=transforms.first),
    "tail": Usage(
        READ, "-n:value --lines:value -c:value --bytes:value --pid:value -s:value --sleep-interval:value "
        "--max-unchanged-stats:value --follow:optional", window=windows.last_lines, passes=True,
        transform=transforms.last,
    ),
    "tac": Usage(READ, "-s:value --separator:value", passes=True, transform=transforms.last_first),
    "nl": Usage(READ, "-b:value -d:value -f:value -h:value -i:value -l:value -n:value -s:value -v:value -w:value",
                passes=True),
    "rev": Usage(READ, "", transform=transforms.reversed_lines),
    "sort": Usage(
        READ, "-k:value --key:value -t:value --field-separator:value -o:write --output:write -T:value -S:value "
        "--files0-from:read --parallel:value --batch-size:value", passes=True, transform=transforms.unchanged,
    ),
    "uniq": Usage(handler=_uniq),
    "shuf": Usage(READ, "-n:value --head-count:value -i:value -o:write -e", transform=transforms.unchanged,
                  window=windows.picked),
    "cut": Usage(
        READ, "-d:value --delimiter:value -f:value --fields:value -c:value --characters:value -b:value --bytes:value "
        "--output-delimiter:value", window=windows.matches, transform=transforms.cut_fields,
    ),
    "tr": Usage(NOTHING, "", handler=_tr),
    "grep": Usage(handler=grep), "egrep": Usage(handler=grep), "fgrep": Usage(handler=grep),
    "zgrep": Usage(handler=grep), "rgrep": Usage(handler=grep), "ggrep": Usage(handler=grep),
    "rg": Usage(handler=ripgrep), "ag": Usage(handler=ripgrep), "ack": Usage(handler=ripgrep),
    "ugrep": Usage(handler=grep), "pcregrep": Usage(handler=grep), "pcre2grep": Usage(handler=grep),
    "sed": Usage(handler=sed), "gsed": Usage(handler=sed),
    "awk": Usage(handler=awk), "gawk": Usage(handler=awk), "mawk": Usage(handler=awk), "nawk": Usage(handler=awk),
    "jq": Usage(handler=jq), "yq": Usage(handler=jq), "gojq": Usage(handler=jq), "jaq": Usage(handler=jq),
    "less": Usage(handler=pager), "more": Usage(handler=pager), "most": Usage(handler=pager),
    "code": Usage(HAND, "-g"), "cursor": Usage(HAND), "open": Usage(HAND, "-a:value"),
    "xdg-open": Usage(HAND),
    "xxd": Usage(handler=xxd), "json": Usage(handler=_json),
    "hexdump": Usage(READ, _BYTES, window=windows.sliced), "hd": Usage(READ, _BYTES, window=windows.sliced),
    "od": Usage(READ, "-A:value -j:value -N:value -S:value -t:value -w:optional", window=windows.sliced),
    "hexyl": Usage(READ, _BYTES, window=windows.sliced),
    "strings": Usage(READ, "-n:value -t:value -e:value --bytes:value", passes=True),
    "base64": Usage(READ, "-w:value --wrap:value -i:read -o:write -b:value", transform=transforms.decoded_base64),
    "base32": Usage(READ, "-w:value --wrap:value"), "basenc": Usage(READ, "-w:value --wrap:value"),
    "uuencode": Usage(READ), "uudecode": Usage(READ, "-o:write"),
    "fold": Usage(READ, "-w:value --width:value", passes=True), "fmt": Usage(READ, "-w:value --width:value",
    passes=True),
    "pr": Usage(READ, "-l:value -w:value -h:value"), "expand": Usage(READ, "-t:value", passes=True),
    "unexpand": Usage(READ, "-t:value", passes=True),
    "column": Usage(READ, "-s:value -t -o:value -c:value -N:value", passes=True),
    "paste": Usage(READ, "-d:value --delimiters:value", passes=True), "join": Usage(READ, "-t:value -1:value -2:value"),
    "comm": Usage(READ, window=windows.picked),
    "diff": Usage(READ, "-U:value --unified:optional -I:value -x:value --exclude:value -L:value "
                                       "--label:value -W:value --color:optional", quiet="-q --brief"),
    "colordiff": Usage(READ, "-U:value"), "sdiff": Usage(READ, "-o:write -w:value"), "diff3": Usage(READ),
    "cmp": Usage(READ, "-n:value -i:value", quiet="-s --silent --quiet"), "delta": Usage(READ), "difft": Usage(READ),
    "vimdiff": Usage(READ), "icdiff": Usage(READ), "wdiff": Usage(READ),
    "look": Usage(READ, "", skip=1, window=windows.matches),
    "iconv": Usage(READ, "-f:value -t:value -o:write", passes=True),
    "envsubst": Usage(handler=_envsubst), "zcat": Usage(READ), "gzcat": Usage(READ),
    "bzcat": Usage(READ), "xzcat": Usage(READ), "zstdcat": Usage(READ), "zless": Usage(READ), "zmore": Usage(READ),
    "csvlook": Usage(READ), "csvcut": Usage(READ, "-c:value"), "mlr": Usage(READ, skip=1), "xsv": Usage(READ, skip=1),
    "glow": Usage(READ), "mdcat": Usage(READ), "pygmentize": Usage(READ, "-l:value -f:value -o:write -O:value"),
    "highlight": Usage(READ), "lolcat": Usage(READ), "nkf": Usage(READ), "dos2unix": Usage("write"),
    "xmllint": Usage(READ, "--xpath:value --output:write -o:write --schema:read"), "plutil": Usage(READ, "-o:write"),
    "fx": Usage(READ), "dasel": Usage(READ, "-f:read -r:value -w:value"), "tomlq": Usage(handler=jq),
    "xq": Usage(handler=jq), "htmlq": Usage(READ, "-f:read", skip=1), "pandoc": Usage(READ,
    "-o:write -f:value -t:value"),
    "wc": Usage(handler=word_count), "cksum": Usage(handler=hashes), "sum": Usage(handler=hashes),
    "md5sum": Usage(handler=hashes), "sha1sum": Usage(handler=hashes), "sha224sum": Usage(handler=hashes),
    "sha256sum": Usage(handler=hashes), "sha384sum": Usage(handler=hashes), "sha512sum": Usage(handler=hashes),
    "b2sum": Usage(handler=hashes), "md5": Usage(handler=hashes), "shasum": Usage(handler=_shasum),
    "tokei": Usage(LOOK), "cloc": Usage(LOOK), "scc": Usage(LOOK),
}  # fmt: skip
