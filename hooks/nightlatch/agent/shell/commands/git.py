"""git: what its subcommands read of files and of the history, what they write, and how they pass the hooks by."""

from __future__ import annotations

import os

from nightlatch.agent.effects import LINES, SOME, GitOutput, Window
from nightlatch.agent.git_output import OF_SETTINGS, PRINTING
from nightlatch.agent.search import Search
from nightlatch.agent.shell.arguments import Arguments, parsed, roles
from nightlatch.agent.shell.commands import git_programs, git_trees
from nightlatch.agent.shell.commands.files import same_content
from nightlatch.agent.shell.usage import Usage
from nightlatch.agent.shell.values import Stream, Unknown, Word
from nightlatch.agent.shell.variables import POLICY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.agent.shell.call import Call

_GLOBAL = (
    "-C:value -c:value --git-dir:value --work-tree:value --namespace:value --exec-path:optional --super-prefix:value "
    "--config-env:value --attr-source:value"
)
RUNS_HOOKS = frozenset(
    {"commit", "push", "merge", "rebase", "cherry-pick", "am", "revert", "pull", "checkout", "switch"}
)
SWITCHES = {
    "HUSKY": ("0", "false"), "HUSKY_SKIP_HOOKS": (), "LEFTHOOK": ("0", "false"), "LEFTHOOK_EXCLUDE": (), "SKIP": (),
    "PRE_COMMIT_ALLOW_NO_CONFIG": (), "OVERCOMMIT_DISABLE": (), "PREK_SKIP": (), "PREK_ALLOW_NO_CONFIG": (),
    "GIT_CONFIG_PARAMETERS": (), "SKIP_SIMPLE_GIT_HOOKS": (), "GIT_HOOKS_PATH": (), "LEFTHOOK_BIN": (),
    "GIT_CONFIG_GLOBAL": (), "GIT_CONFIG_SYSTEM": (), "NIGHTLATCH_POLICY": (),
}  # fmt: skip
"""Variables that turn hooks off → the values that do; an empty tuple: any."""

_CONFIG_OF_HOOKS = ("core.hookspath", "hook.", "pre-commit", "lefthook")


def switch(name: str, value: Word) -> str:
    """How a variable that turns hooks off is written; empty where it does not."""
    if name.startswith(("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_")):
        return f"{name}={value.shown}" if _is_hook_setting(value.shown) else ""
    if name == "GIT_CONFIG_PARAMETERS":
        return f"{name}=" if "hookspath" in value.shown.lower() else ""
    values = SWITCHES.get(name)
    if values is None or not (value.shown or name == POLICY):
        return ""
    return f"{name}={value.shown}" if not values or value.text in values or value.text is None else ""


def _is_hook_setting(name: str) -> bool:
    return name.lower().startswith("core.hookspath")


def git(call: Call) -> Stream | None:
    """One call of git."""
    arguments = parsed(call.words, roles(_GLOBAL), stops=True)
    for value in arguments.values("-c", "--config-env"):
        _setting(call, value)
    for value in arguments.values("-C", "--work-tree"):
        call = _in_folder(call, value)
    if not arguments.operands:
        return None
    name = arguments.operands[0].text or ""
    if name in RUNS_HOOKS:
        _variables(call)
    git_programs.variables(call)
    follow = _FOLLOW.get(name)
    if follow is None and any(word.text == "--no-verify" for word in arguments.operands):
        call.bypass(f"git {name} --no-verify")  # an alias: nothing else knows the option
    inner = call.named(f"git {name}", arguments.operands[1:])
    if (name in PRINTING or name in OF_SETTINGS) and inner.state.mounts is None:
        for folder in inner.state.folders:
            inner.shell.trace.add(GitOutput(folder or inner.place.root, name, list(map(_told, inner.words))))
    git_trees.brought_back(inner, name)
    if follow is not None:
        return follow(inner)
    return None


def _told(word: Word) -> str | None:
    """A word, or of one that isn't known what stands behind its colon, where that names a single file."""
    if word.text is not None or ":" not in word.shown.rpartition(")")[2]:
        return word.text
    return word.shown


def _in_folder(call: Call, folder: Word) -> Call:
    from nightlatch.agent.shell.commands.archives import in_folder

    return in_folder(call, folder)


def _setting(call: Call, value: Word) -> None:
    """`-c name=value`: hooks elsewhere, or an alias that commits without them."""
    name, _, rest = value.shown.partition("=")
    if _is_hook_setting(name):
        call.bypass(f"git -c {name}")
    elif name.lower().startswith("alias."):
        _alias(call, rest)
    elif value.prefix.startswith(name + "="):
        git_programs.setting(call, name, value.cut(len(name) + 1))
        git_programs.included(call, name, value.cut(len(name) + 1))


def _alias(call: Call, text: str) -> None:
    if text.startswith("!"):
        call.shell.script(text[1:], call.state.copy(), None)
    else:
        call.shell.script(f"git {text}", call.state.copy(), None)


def _variables(call: Call) -> None:
    for name, values in call.state.variables.items():
        for value in values:
            found = switch(name, value[0]) if value else ""
            if found:
                call.bypass(found)


def _skips(arguments: Arguments) -> str:
    """The option that passes the hooks by, also cut short."""
    for name, _ in arguments.options:
        if name == "--no-verify" or ("--no-verify".startswith(name) and len(name) > len("--no-v")):
            return "--no-verify"
    return ""


def _commit(call: Call) -> None:
    table = (
        "-m:value --message:value -F:read --file:read -t:read --template:read -C:value --reuse-message:value -c:value "
        "--reedit-message:value --fixup:value --squash:value --author:value --date:value --cleanup:value "
        "--trailer:value -S:optional --gpg-sign:optional -u:optional --untracked-files:optional "
        "--pathspec-from-file:value"
    )
    arguments = parsed(call.words, roles(table))
    if _skips(arguments):
        call.bypass("git commit --no-verify")
    elif arguments.has("-n"):
        call.bypass("git commit -n")
    _message(call, arguments)


def _message(call: Call, arguments: Arguments) -> None:
    for word in arguments.values("-m", "--message"):
        call.content(word, "the commit's message")
    for word in arguments.values("-F", "--file", "-t", "--template"):
        if word.text == "-":
            call.read_stdin()
        else:
            call.read(word)
        text = call.file_text(word)
        if text:
            call.content(Word(text), "the commit's message")


def _hooked(call: Call) -> None:
    """`push`, `merge`, `rebase`, `am`, `pull`: their `-n` means other things."""
    arguments = parsed(call.words,
    roles("-m:value -F:read -x:value --exec:value -X:value -s:value --onto:value -o:value "
                                         "--push-option:value --repo:value"))  # fmt: skip
    if _skips(arguments):
        call.bypass(f"{call.name} --no-verify")
    _message(call, arguments)
    for word in arguments.values("-x", "--exec") if call.name == "git rebase" else []:
        call.script(word, "the command that git rebase runs")
    if call.name == "git am":
        for word in arguments.operands:
            call.read(word)


def _config(call: Call) -> Stream | None:
    arguments = parsed(call.words,
    roles("-f:value --file:value --blob:value --type:value --default:value --value:value "
                                         "--comment:value"))  # fmt: skip
    words = [word for word in arguments.operands if word.text not in ("set", "unset", "get", "list", "edit")]
    name = words[0].shown.lower() if words else ""
    verbs = {word.text for word in arguments.operands[:1]}
    removes = arguments.has("--unset", "--unset-all", "--remove-section") or "unset" in verbs
    writes = (
        (len(words) > 1 or removes) and not arguments.has("--get", "--get-all", "--get-regexp") and "get" not in verbs
    )
    if writes and (name.startswith(_CONFIG_OF_HOOKS) or (removes and name == "core")):
        call.bypass(f"git config {'--unset ' if removes else ''}{words[0].shown}")
    if writes and name.startswith("alias.") and len(words) > 1:
        _alias(call, words[1].shown)
    if writes and len(words) > 1:
        git_programs.setting(call, words[0].shown, words[1])
        git_programs.kept(call, words[0].shown, words[1])
    if arguments.has("-e", "--edit"):
        call.write(Word(call.place.root + "/.git/config"))
    file = arguments.value("-f", "--file")
    if file is not None:
        (call.write if writes else call.read)(file)
    if not writes and name.startswith("credential."):
        return None
    return None


def _object(call: Call, word: Word, window: Window | None = None) -> tuple[str, ...]:
    """`rev:path`: a file of the history. Gives its path here."""
    path = _path_of(call, word)
    return tuple(call.read(path, window, via=call.name)) if path is not None else ()


def _path_of(call: Call, word: Word) -> Word | None:
    for place, part in enumerate(word.parts):
        if isinstance(part, str) and ":" in part:
            rest = part.partition(":")[2]
            if rest[:2] in ("0:", "1:", "2:", "3:"):
                rest = rest[2:]
            is_relative = rest.startswith(("./", "../"))
            root = "" if is_relative else _top(call)
            return Word(root + rest, *word.parts[place + 1 :])
    return None


def _top(call: Call) -> str:
    """The folder that a path of the history starts at, with its slash."""
    return call.place.root + "/"


def _show(call: Call) -> Stream | None:
    arguments, paths = _split(call, "--format:value --pretty:optional -U:value")
    files: tuple[str, ...] = ()
    for word in arguments.operands:
        if not word.shown.startswith(":/"):
            files += _object(call, word)
    if not _names_only(arguments):
        for word in paths:
            if not call.is_folder(word):  # of a folder only what is tracked is shown: see `agent/git_output.py`
                call.read(word)
    return Stream(files=files, source="$(git show …)")


def _cat_file(call: Call) -> Stream | None:
    arguments = parsed(call.words, roles("--batch-check:optional --batch:optional --path:value"))
    if arguments.has("-t", "-s", "-e", "--batch-check"):
        return Stream(Word(Unknown("$(git cat-file …)", is_plain=True)))
    files: tuple[str, ...] = ()
    kinds = ("blob", "commit", "tree", "tag")
    operands = [word for word in arguments.operands if word.text not in kinds]
    for word in operands:
        found = _object(call, word)
        files += found
        if not found and _may_be_file(word):
            call.unresolved(word, "the object that git cat-file shows")
    if arguments.has("--batch"):
        text = call.stdin.text if call.stdin is not None else None
        if text is None:
            call.unresolved(Word("git cat-file --batch"), "the list of objects that it shows")
        for line in (text or "").splitlines():
            _object(call, Word(line))
    return Stream(files=files, source="$(git cat-file …)")


def _may_be_file(word: Word) -> bool:
    """A name without a path can only be a file's where it is a hash or unknown: `HEAD`, `main` are commits."""
    text = word.text
    return text is None or (len(text) >= 7 and all(character in "0123456789abcdef" for character in text))  # noqa: PLR2004 - git shortens names no further


def _names_only(arguments: Arguments) -> bool:
    return arguments.has("--name-only", "--name-status", "--stat", "--shortstat", "--numstat", "--summary", "-s",
    "--quiet",
                         "--no-patch", "--dirstat", "--raw", "--check", "--exit-code", "--compact-summary")  # fmt: skip


def _split(call: Call, table: str) -> tuple[Arguments, list[Word]]:
    """The arguments, and the paths: what stands behind `--`, or is a file that is there."""
    words = list(call.words)
    place = next((number for number, word in enumerate(words) if word.text == "--"), None)
    behind = words[place + 1 :] if place is not None else []
    arguments = parsed(words if place is None else words[:place], roles(table))
    paths = [_pathspec(word) for word in behind]
    if place is None:
        paths += [word for word in arguments.operands if _is_file(call, word)]
    arguments.operands = [word for word in arguments.operands if not _is_file(call, word) or place is not None]
    return arguments, [path for path in paths if path is not None]


def _pathspec(word: Word) -> Word | None:
    """A path as git takes it: `:/x`, `:(top)x`, `:!x` is none."""
    text = word.prefix
    if text.startswith((":!", ":^", ":(exclude)")):
        return None
    if text.startswith(":("):
        return word.cut(text.find(")") + 1)
    return word.cut(2) if text.startswith(":/") else word


def _is_file(call: Call, word: Word) -> bool:
    if word.text is None or word.prefix.startswith("-"):
        known = "".join(part for part in word.parts if isinstance(part, str))
        return word.text is None and "/" in known and ":" not in known  # `$BASE:src/app.ts` is no path here
    return any(call.place.exists(path) for path in call.paths(word)) and ":" not in word.shown


def _patch_of(call: Call) -> Stream | None:
    """`diff`, `log -p`, `blame`, `whatchanged`: what changed in files that are named."""
    arguments, paths = _split(
        call, "-n:value --max-count:value --format:value --pretty:optional --since:value --until:value --after:value "
        "--before:value --author:value --grep:value -S:value -G:value -L:value -U:value --unified:value -O:value "
        "--diff-filter:value --word-diff:optional --color:optional --output:write --skip:value --date:value "
        "--contents:read -o:write --output-directory:write",
    )  # fmt: skip
    for word in arguments.values("--output", "-o", "--output-directory"):
        call.write(word)
    for word in arguments.values("-L"):
        _line_range(call, word, paths)
    for word in arguments.operands:
        _object(call, word)
    if call.name == "git diff" and arguments.has("--name-only"):
        return Stream(load=lambda: _listed(call, "diff"), source="$(git diff …)")
    is_log = call.name in ("git log", "git reflog", "git stash", "git shortlog")
    shows = arguments.has("-p", "-u", "--patch", "-S", "-G", "-c", "--cc", "--full-diff") or not is_log
    files: list[str] = []
    if shows and not _names_only(arguments):
        for word in paths:
            if arguments.has("--no-index") or not call.is_folder(word):  # of a folder only what is tracked is shown
                files += call.read(word)
    printed = Stream(files=tuple(files) if arguments.has("--no-index") else (), source=f"$({call.name} …)")
    printed.patch = git_trees.compared(call, arguments) if call.name == "git diff" else None
    return printed


def _line_range(call: Call, word: Word, paths: list[Word]) -> None:
    text = word.shown
    spec, colon, name = text.partition(":") if not text.startswith(":") else text[1:].partition(":")
    first, _, last = spec.partition(",")
    window = Window(SOME)
    if first.isdigit() and last.isdigit():
        window = Window(LINES, int(first), int(last))
    for path in [Word(name)] if colon and name else paths:
        call.read(path, window)


def _grep(call: Call) -> Stream | None:
    from nightlatch.agent.shell.commands.text import GREP, GREP_QUIET, grep_patterns

    arguments, paths = _split(
        call, GREP.replace("-d:value -D:value", "") + " --max-depth:value --threads:value -O:optional"
    )
    patterns = grep_patterns(call, arguments)
    if arguments.has(*GREP_QUIET.split(), "--name-only"):
        return None
    text = "|".join(pattern.text or "" for pattern in patterns)
    via = "git grep --untracked" if arguments.has("--untracked", "--no-index") else "git grep"
    named = [path for path in paths if not call.is_folder(path)]
    for path in named:
        call.read(path, Window(SOME))
    folders = [path for path in paths if call.is_folder(path)] or ([] if named else [Word(".")])
    for folder in folders:
        for where in call.paths(folder):
            call.shell.trace.add(Search(where, via, text, _excluded(call, where)))
    return None


def _excluded(call: Call, folder: str) -> tuple[str, ...]:
    """The globs of a search in a folder for what pathspecs leave out: `:!x` counts from here, `:!/x` from the top."""
    texts = [word.text for word in call.words]
    behind = texts[texts.index("--") + 1 :] if "--" in texts else []
    here = call.state.folders[0] or call.place.root
    found = []
    for text in behind:
        if text and text.startswith((":!", ":^")):
            start = call.place.root if text[2:3] == "/" else here
            path = os.path.relpath(os.path.join(start, text[2:].lstrip("/")), folder)
            found.append(f"!/{path}")
    return tuple(found)


def _archive(call: Call) -> Stream | None:
    arguments = parsed(call.words, roles("-o:write --output:write --format:value --prefix:value --remote:value "
                                         "--add-file:read --exec:value"))  # fmt: skip
    for word in arguments.values("-o", "--output"):
        call.write(word)
    for word in arguments.values("--add-file"):
        call.read(word)
    files: tuple[str, ...] = ()
    for word in arguments.operands[1:]:
        path = _pathspec(word)
        if path is not None and not call.is_folder(path):
            files += tuple(call.read(path))
    for word in arguments.operands[:1]:
        files += _object(call, word)
    return Stream(files=files, source="$(git archive …)")


def _checkout(call: Call) -> None:
    """`checkout -- path`, `restore path`: files are written over."""
    arguments, paths = _split(call, "-b:value -B:value --orphan:value -s:value --source:value --conflict:value "
                                    "--pathspec-from-file:read -c:value -C:value")  # fmt: skip
    if call.name == "git restore":
        if arguments.has("-S", "--staged") and not arguments.has("-W", "--worktree"):
            return
        paths = [*paths, *(word for word in arguments.operands if word not in paths)]
    if arguments.has("-b", "-B", "--orphan", "-c", "-C"):
        return
    for word in paths:
        if word.prefix.startswith(":") or (call.is_folder(word) and word.text in (".", "./", "*")):
            continue  # all of the project as it was, or what is left out of it
        call.write(word)


def _remove(call: Call) -> None:
    arguments = parsed(call.words, {})
    for word in arguments.operands:
        if arguments.has("--cached", "-n", "--dry-run"):
            call.look(word)
            if not arguments.has("-n", "--dry-run") and word.shown.rpartition("/")[2] in _CONFIGURATIONS:
                call.bypass(f"git rm --cached {word.shown}")
        else:
            call.write(word, is_removal=True)


def _move(call: Call) -> None:
    from nightlatch.agent.shell.commands.files import move

    move(call)


def _add(call: Call) -> None:
    for word in parsed(call.words, roles("--chmod:value --pathspec-from-file:read")).operands:
        call.hand_over(word)


def _look(call: Call) -> Stream | None:
    for word in parsed(call.words, roles("--format:value -x:value --exclude:value -X:read")).operands:
        if not call.is_folder(word):
            call.look(word)
    is_list = call.name == "git ls-files"
    if is_list and any(word.text in ("-s", "--stage") for word in call.words):
        return _staged(call)
    return Stream(load=(lambda: _listed(call, "ls-files")) if is_list else None, source=f"$({call.name} …)")


def _staged(call: Call) -> Stream:
    """`git ls-files -s file`: a line with the object, here by its name in the index."""
    names = [word.text for word in parsed(call.words, {}).operands]
    if not names or None in names:
        return Stream(source="$(git ls-files -s)")
    return Stream(Word("".join(f"100644 :{name} 0\t{name}\n" for name in names)))


def _tree(call: Call) -> Stream | None:
    """`git ls-tree rev file`: the same for a commit."""
    names = [word.text for word in parsed(call.words, roles("--format:value --abbrev:optional")).operands]
    if len(names) < 2 or None in names:  # noqa: PLR2004 - a commit and a file
        return Stream(source="$(git ls-tree …)")
    return Stream(Word("".join(f"100644 blob {names[0]}:{name}\t{name}\n" for name in names[1:])))


_SAFE = frozenset(
    {"--cached", "--staged", "--name-only", "-z", "-m", "-o", "-c", "--others", "--modified", "--exclude-standard",
     "--diff-filter=d", "--diff-filter=ACM", "--diff-filter=ACMR", "--relative", "--deduplicate"}
)  # fmt: skip
_SAFE_SIGNS = frozenset("./_-~^@*:")


def _listed(call: Call, subcommand: str) -> Word | None:
    """What git itself lists, where the arguments are plain names and options that do no more than choose."""
    from nightlatch.core.errors import NightlatchError
    from nightlatch.core.git import Git

    texts = [word.text or "" for word in call.words]
    folder = call.state.folders[0] if len(call.state.folders) == 1 else None
    if folder is None or call.state.mounts is not None or not all(text and _is_safe(text) for text in texts):
        return None
    asked, patterns = _without_patterns(call, [text for text in texts if text != "-z"], subcommand)
    if asked is None:
        return None
    try:
        listed = Git(folder, os.environ).run("--no-optional-locks", subcommand, "-z", *asked)
    except NightlatchError:
        return None
    if len(listed) > (MOST_CHOSEN_FROM if patterns else MOST_LISTED):
        return None
    names = os.fsdecode(listed).split("\0")
    text = "\n".join(name for name in names if not name or not patterns or _is_chosen(name, patterns))
    return Word(text) if len(text) <= MOST_LISTED else None


def _without_patterns(call: Call, texts: list[str], subcommand: str) -> tuple[list[str] | None, list[str]]:
    """What git is asked, and the patterns that choose from it: git is run with all names taken as they are written.

    None where it can't be told which of the words are paths.
    """
    if not any(set(text) & set("*?[") for text in texts):
        return texts, []
    options = [text for text in texts if text.startswith("-") and text != "--"]
    if subcommand == "ls-files":
        return options, [text for text in texts if not text.startswith("-")]
    place = texts.index("--") if "--" in texts else len(texts)
    revisions = [text for text in texts[:place] if not text.startswith("-") and not set(text) & set("*?[")]
    if any(_is_file(call, Word(text)) for text in revisions):
        return None, []
    chosen = [text for text in texts[:place] if not text.startswith("-") and text not in revisions]
    return [*options, *revisions], [*chosen, *texts[place + 1 :]]


def _is_chosen(name: str, patterns: list[str]) -> bool:
    """Whether a name, or a folder above it, fits one of git's patterns, in which `*` stands for `/` too."""
    from fnmatch import fnmatchcase

    above = name.split("/")
    folders = ["/".join(above[:end]) for end in range(1, len(above) + 1)]
    return any(
        pattern.removeprefix("./").rstrip("/") in ("", ".")
        or fnmatchcase(folder, pattern.removeprefix("./").rstrip("/"))
        for pattern in patterns
        for folder in folders
    )


MOST_CHOSEN_FROM = 2 * 1024 * 1024
MOST_LISTED = 128 * 1024
"""Bytes of names that are followed."""


def _is_safe(text: str) -> bool:
    if text.startswith("-"):
        return text in _SAFE or text == "--"
    return all(letter.isalnum() or letter in _SAFE_SIGNS for letter in text)


_CONFIGURATIONS = (".pre-commit-config.yaml", ".nightlatch.yaml", "lefthook.yml")
"""Files without which a commit isn't checked."""


def _update_index(call: Call) -> None:
    arguments = parsed(call.words, roles("--cacheinfo:value --chmod:value --index-version:value"))
    for word in arguments.operands:
        call.look(word)
        hides = arguments.has("--skip-worktree", "--assume-unchanged")
        if hides and word.shown.rpartition("/")[2] in _CONFIGURATIONS:
            call.bypass(f"git update-index {word.shown}")


def _plumbing(call: Call) -> None:
    call.bypass(call.name)


def _rev_parse(call: Call) -> Stream | None:
    texts = {word.text for word in call.words}
    if "--show-toplevel" in texts:
        return Stream(Word(call.place.root + "\n"))
    if "--git-dir" in texts or "--git-common-dir" in texts:
        return Stream(Word(".git\n"))
    if "--show-prefix" in texts or "--show-cdup" in texts:
        return Stream(Word("\n"))
    for word in call.words:
        path = _path_of(call, word)
        if path is not None:
            call.look(path)
            return Stream(Word(*word.parts, "\n"))  # as good as the hash: it names the same file
    return Stream(Word(Unknown("$(git rev-parse …)", is_plain=True)))


def _hash_object(call: Call) -> Stream | None:
    arguments = parsed(call.words, roles("-t:value --path:value"))
    for word in arguments.operands:
        if arguments.has("-w"):
            call.read(word)  # what is kept as an object can be shown as one
        else:
            call.look(word)
    return Stream(Word(Unknown("$(git hash-object …)", is_plain=not arguments.has("-w"))))


def _merge_file(call: Call) -> None:
    arguments = parsed(call.words, roles("-L:value --marker-size:value"))
    for word in arguments.operands:
        call.read(word)
    if not arguments.has("-p", "--stdout"):
        for word in arguments.operands[:1]:
            call.write(word)


def _checkout_index(call: Call) -> None:
    """Files of the index, written elsewhere with `--prefix`."""
    arguments = parsed(call.words, roles("--prefix:value --stage:value"))
    for word in arguments.operands:
        call.read(word)
        if arguments.value("--prefix") is None:
            call.write(word)


def _apply(call: Call) -> None:
    from nightlatch.agent.shell.commands.files import patched

    arguments = parsed(call.words, roles("-p:value --directory:value --exclude:value --include:value -C:value "
                                         "--whitespace:value --build-fake-ancestor:value"))  # fmt: skip
    if arguments.has("--check", "--stat", "--numstat", "--summary"):
        for word in arguments.operands:
            call.read(word)
        return
    level = arguments.value("-p")
    text = (level.text if level is not None else None) or ""
    number = int(text) if text.isdigit() else 1
    for word in arguments.operands:
        call.read(word)
        path = os.path.normpath(next(iter(call.paths(word)), ""))
        if not git_trees.applied(call, arguments, call.state.patches.get(path)):
            patched(call, call.file_text(word), number)
    if not arguments.operands and call.stdin is not None:
        call.read_stdin()
        if not git_trees.applied(call, arguments, call.stdin.patch):
            patched(call, call.stdin.text, number)


def _stash(call: Call) -> Stream | None:
    words = call.words
    if words and words[0].text == "show":
        return _patch_of(call.named("git stash", words[1:]))
    if words and words[0].text in ("push", "save"):
        for word in _split(call.named("git stash push", words[1:]), "-m:value --message:value")[1]:
            if not call.is_folder(word):
                call.read(word)  # `git stash show -p` prints it
    return None


def _credential(call: Call) -> None:
    if call.words and call.words[0].text == "fill":
        call.shows_credentials("git credential fill")


def _bisect(call: Call) -> Stream | None:
    if call.words and call.words[0].text == "run":
        return call.run(call.words[1:])
    return None


def _foreach(call: Call) -> Stream | None:
    from nightlatch.agent.shell.values import joined

    texts = [word.text for word in call.words]
    if "foreach" in texts:
        rest = [word for word in call.words[texts.index("foreach") + 1 :] if word.text not in ("--recursive", "-q")]
        return call.script(joined(rest), "the command that git submodule runs")
    return None


def _sent(call: Call) -> None:
    """`git send-email file`: patches, or commits."""
    for word in parsed(call.words, roles("--to:value --cc:value --from:value --subject:value")).operands:
        call.read_if_there(word)


def _tag(call: Call) -> None:
    _message(call, parsed(call.words, roles("-m:value --message:value -F:read --file:read -u:value")))


def _clean(call: Call) -> None:
    """With `-x` what is ignored goes too: above all the environment's files, whose names start with a dot."""
    arguments = parsed(call.words, roles("-e:value --exclude:value"))
    if not arguments.has("-x", "-X") or arguments.has("-n", "--dry-run"):
        return
    from nightlatch.agent.below import TooManyError, files_below

    kept = {word.text for word in arguments.values("-e", "--exclude")}
    folders = [path for word in arguments.operands or [Word(".")] for path in call.paths(word)]
    try:
        found = [(folder, name) for start in folders for folder, names in files_below(start) for name in names]
    except TooManyError:
        call.unresolved(Word("git clean -x"), "a removal of more files than can be looked at")
        return
    for folder, name in found:
        if name.startswith(".env") and name not in kept and not name.endswith((".example", ".sample", ".template")):
            call.write(Word(f"{folder}/{name}"), is_removal=True)


def _clone(call: Call) -> None:
    """`git clone url folder`: the folder and all that lies in it is made."""
    operands = parsed(call.words, roles("-b:value --branch:value -o:value --depth:value -c:value --config:value "
                                        "-u:value --template:value --reference:value -j:value")).operands  # fmt: skip
    for word in operands[1:2]:
        call.write(word)
        source = Word(operands[0].prefix.removeprefix("file://"), *operands[0].parts[1:])
        if call.is_folder(source):
            same_content(call, source, word, is_copy=True)


def _worktree(call: Call) -> None:
    """`git worktree add folder`."""
    operands = parsed(call.words, roles("-b:value -B:value --reason:value")).operands
    if operands[:1] and operands[0].text == "add":
        for word in operands[1:2]:
            call.write(word)
            same_content(call, Word(call.place.root), word, is_copy=True)


def _branch_list(call: Call) -> Stream | None:
    return Stream(source=f"$({call.name} …)")


_FOLLOW: dict[str, Callable[[Call], Stream | None]] = {
    "commit": _commit, "push": _hooked, "merge": _hooked, "rebase": _hooked, "am": _hooked, "pull": _hooked,
    "cherry-pick": _hooked, "revert": _hooked, "config": _config, "show": _show, "cat-file": _cat_file,
    "diff": _patch_of, "log": _patch_of, "blame": _patch_of, "annotate": _patch_of, "whatchanged": _patch_of,
    "difftool": _patch_of, "diff-index": _patch_of, "diff-tree": _patch_of, "diff-files": _patch_of,
    "format-patch": _patch_of, "range-diff": _patch_of, "grep": _grep, "archive": _archive, "checkout": _checkout,
    "restore": _checkout, "rm": _remove, "mv": _move, "add": _add, "stage": _add, "ls-files": _look,
    "check-ignore": _look, "status": _look, "check-attr": _look, "update-index": _update_index,
    "commit-tree": _plumbing, "rev-parse": _rev_parse, "hash-object": _hash_object, "apply": _apply, "stash": _stash,
    "credential": _credential, "bisect": _bisect, "submodule": _foreach, "tag": _tag, "clean": _clean,
    "notes": _tag, "branch": _branch_list, "merge-file": _merge_file,
    "ls-tree": _tree, "clone": _clone, "worktree": _worktree, "checkout-index": _checkout_index,
    "filter-branch": git_programs.filter_branch, "send-email": _sent,
}  # fmt: skip


def hook_runner(call: Call) -> Stream | None:
    """`pre-commit`, `husky`, `lefthook`: taking the hooks out."""
    _variables(call)
    names = [word.text for word in call.words if not word.prefix.startswith("-")]
    if names[:1] in (["uninstall"], ["uninstall-hooks"], ["deactivate"]):
        call.bypass(f"{call.name} {names[0]}")
    return None


_HUB = (
    "-b:value --body:value -t:value --title:value -F:file --body-file:file --notes:value -n:value --notes-file:file "
    "-f:value --raw-field:value --field:value --input:file -R:value --repo:value -d:value --desc:value -m:value"
)


def hub(call: Call) -> Stream | None:
    """`gh`, `glab`: texts that are published, and credentials."""
    from nightlatch.agent.shell.commands.credentials import shows

    via = shows(call)
    if via:
        call.shows_credentials(via)
    arguments = parsed(call.words, roles(_HUB))
    for word in arguments.values("-b", "--body", "-t", "--title", "--notes", "-d", "--desc"):
        call.content(word, f"what {call.name} publishes")
    is_api = [word.text for word in arguments.operands[:1]] == ["api"]
    for word in arguments.values("-F", "--body-file", "--notes-file", "--input", "--field"):
        if is_api and word not in arguments.values("--input"):
            _field(call, word)
        else:
            _published(call, word)
    _uploaded(call, arguments)
    return None


def _field(call: Call, word: Word) -> None:
    """`gh api -F name=@file`."""
    at = word.prefix.find("=@")
    if at >= 0:
        call.read(word.cut(at + 2))


def _published(call: Call, word: Word) -> None:
    """A file, or what flows in, becomes the text of an issue or a release."""
    if word.text == "-":
        call.read_stdin()
    else:
        call.read(word)
    text = call.file_text(word)
    if text:
        call.content(Word(text), f"what {call.name} publishes")


def _uploaded(call: Call, arguments: Arguments) -> None:
    """`gh gist create`, `gh release upload`: files that everybody sees; `gh secret set -f`: that nobody does."""
    operands = arguments.operands
    verbs = [word.text for word in operands[:2]]
    if verbs == ["gist", "create"]:
        for word in operands[2:]:
            call.read(word)
        call.read_stdin()
    elif verbs in (["release", "upload"], ["release", "create"]):
        for word in operands[3:]:
            call.read(word if "#" not in word.prefix else Word(word.prefix.partition("#")[0]))
    elif verbs[:1] in (["secret"], ["variable"]):
        for word in arguments.values("-f"):
            call.hand_over(word)


COMMANDS: dict[str, Usage] = {
    "git": Usage(handler=git), "gh": Usage(handler=hub), "glab": Usage(handler=hub), "hub": Usage(handler=git),
    "pre-commit": Usage(handler=hook_runner), "prek": Usage(handler=hook_runner), "husky": Usage(handler=hook_runner),
    "lefthook": Usage(handler=hook_runner), "overcommit": Usage(handler=hook_runner),
    "simple-git-hooks": Usage(handler=hook_runner),
    "tig": Usage(), "lazygit": Usage(), "yadm": Usage(handler=git), "gt": Usage(handler=git), "jj": Usage(),
}  # fmt: skip
