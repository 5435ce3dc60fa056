"""git's commands that bring files back from another commit: which commit, and which of its files."""

from __future__ import annotations

from nightlatch.agent.effects import GitTree
from nightlatch.agent.shell.arguments import parsed, roles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.agent.shell.arguments import Arguments
    from nightlatch.agent.shell.call import Call
    from nightlatch.agent.shell.values import Patch, Word

_CHECKOUT = "-b:value -B:value --orphan:value --conflict:value --pathspec-from-file:value"
_SWITCH = "-c:value -C:value --create:value --force-create:value --orphan:value --conflict:value"
_RESTORE = "-s:value --source:value --conflict:value --pathspec-from-file:value"


def brought_back(call: Call, name: str) -> None:
    """Report it where a call makes files what they were; nothing in a container, whose files are its own."""
    read = _READERS.get(name)
    found = read(call) if read is not None and call.state.mounts is None else None
    if found is None:
        return
    for folder in call.state.folders:
        call.shell.trace.add(GitTree(folder or call.place.root, f"git {name}", found[0], found[1]))


if TYPE_CHECKING:
    Found = tuple[str | None, tuple[str, ...] | None]
    """(revision: empty for the index, None where it isn't known; pathspecs, None for the whole tree)"""


def _checkout(call: Call) -> Found | None:
    before, behind = _cut(call.words)
    arguments = parsed(before, roles(_CHECKOUT))
    operands = arguments.operands
    if arguments.has("-p", "--patch"):
        return None
    if behind is not None:
        return (operands[0].text if operands else ""), _specs(behind)
    if arguments.has("-b", "-B", "--orphan") or len(operands) == 1:
        return _switched(call, operands, arguments)
    if operands and _is_path(call, operands[0]):
        return "", _specs(operands)
    return (operands[0].text, _specs(operands[1:])) if operands else None


def _switched(call: Call, operands: list[Word], arguments: Arguments) -> Found | None:
    """Another commit as a whole; for a new branch the one that it starts at."""
    if not operands or arguments.has("--orphan"):
        return None
    if not arguments.has("-b", "-B", "-c", "-C") and _is_path(call, operands[0]):
        return "", _specs(operands)
    return ("@{-1}" if operands[0].text == "-" else operands[0].text), None


def _switch(call: Call) -> Found | None:
    arguments = parsed(call.words, roles(_SWITCH))
    return _switched(call, arguments.operands, arguments)


def _restore(call: Call) -> Found | None:
    before, behind = _cut(call.words)
    arguments = parsed(before, roles(_RESTORE))
    if arguments.has("-p", "--patch") or (arguments.has("-S", "--staged") and not arguments.has("-W", "--worktree")):
        return None
    source = arguments.value("-s", "--source")
    return ("" if source is None else source.text), _specs([*arguments.operands, *(behind or [])])


def _reset(call: Call) -> Found | None:
    before, _ = _cut(call.words)
    arguments = parsed(before, {})
    if not arguments.has("--hard", "--merge", "--keep"):
        return None
    return (arguments.operands[0].text if arguments.operands else "HEAD"), None


def _read_tree(call: Call) -> Found | None:
    arguments = parsed(call.words, roles("--prefix:value --index-output:value --exclude-per-directory:value"))
    if not arguments.has("-u") or not arguments.operands:
        return None
    return arguments.operands[-1].text, None


def _cut(words: list[Word]) -> tuple[list[Word], list[Word] | None]:
    place = next((number for number, word in enumerate(words) if word.text == "--"), None)
    return (words, None) if place is None else (words[:place], words[place + 1 :])


def _specs(words: list[Word]) -> tuple[str, ...]:
    """Pathspecs; one that isn't known may be any."""
    return tuple(":/" if word.text is None else word.text for word in words)


def _is_path(call: Call, word: Word) -> bool:
    return word.prefix.startswith(":") or any(call.place.exists(path) for path in call.paths(word))


_OF_DIFF = frozenset(
    ("-U", "--unified", "--color", "--no-color", "-p", "--patch", "--no-ext-diff", "--binary", "--full-index",
     "--cached", "--staged", "--no-renames")
)  # fmt: skip
_OF_APPLY = frozenset(("-R", "--reverse", "--index", "--cached", "-3", "--3way", "-v", "--verbose", "--whitespace"))
"""Options with which a patch is still the whole of what it says."""


def compared(call: Call, arguments: Arguments) -> Patch | None:
    """What `git diff` compares the files of the project with; None where it isn't these, or can't be told."""
    if not _is_plain(call, arguments, _OF_DIFF):
        return None
    before, behind = _cut(call.words)
    operands = parsed(before, roles("-U:value --unified:value")).operands
    revisions = operands if behind is not None else [word for word in operands if not _is_path(call, word)]
    paths = behind if behind is not None else [word for word in operands if word not in revisions]
    revision = revisions[0].text if revisions else "HEAD" if arguments.has("--cached", "--staged") else ""
    if len(revisions) > 1 or revision is None or ".." in revision:
        return None
    return revision, _specs(paths) or (":/",)


def applied(call: Call, arguments: Arguments, patch: Patch | None) -> bool:
    """Whether `git apply` gets what `git diff` has just printed: nothing new, but for an older version with `-R`."""
    if patch is None or not _is_plain(call, arguments, _OF_APPLY):
        return False
    if arguments.has("-R", "--reverse"):
        call.shell.trace.add(GitTree(call.shell.folder, "git apply", *patch))
    return True


def _is_plain(call: Call, arguments: Arguments, options: frozenset[str]) -> bool:
    is_here = call.state.folders == (call.shell.folder,) and call.state.mounts is None
    return is_here and all(name in options for name, _ in arguments.options)


_READERS: dict[str, Callable[[Call], Found | None]] = {
    "checkout": _checkout, "switch": _switch, "restore": _restore, "reset": _reset, "read-tree": _read_tree,
}  # fmt: skip
