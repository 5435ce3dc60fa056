"""The `env-files` hook: the files first (modes, owners, git), then what stands in them."""

from __future__ import annotations

from nightlatch.core.hook import Hook
from nightlatch.env_files.find import env_files, find
from nightlatch.env_files.rules import RULES
from nightlatch.env_files.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.core.git import Git
    from nightlatch.core.hook import Fixed, Options, Source
    from nightlatch.core.ignored import Hit
    from nightlatch.env_files.find import Found
    from nightlatch.env_files.walk import Walked

GITIGNORE = ".gitignore"
ENV = b".env"
ANOTHERS = "a folder of another user, closed to you"


def check(source: Source, options: Options) -> Iterator[Finding]:
    """Yield what is wrong with the secret files of the working tree, or of the commit that a range ends with.

    Raises GitError where git can't be asked.
    """
    settings = Settings(options)
    found = find(source, settings)
    if found.walked:
        _note(source, found.walked)
    yield from _of_files(source, options, settings, found)
    if found.kinds:
        files = env_files(source, found)
        if files:
            from nightlatch.env_files import contents

            yield from contents.check(source, options, files)


def check_contents(source: Source, options: Options) -> Iterator[Finding]:
    """Yield the env files in plain text among what commits bring: the last commit of a range may have none of them."""
    from nightlatch.env_files import in_git

    yield from in_git.check_commits(source, is_strict=options.profile == "strict")


def fix(tree: str, findings: Sequence[Finding], git: Git | None) -> Iterator[Fixed]:
    """Set modes and append to .gitignore, as the findings say; yield what was done. Raises GitError."""
    from nightlatch.env_files.fix import mend

    yield from mend(tree, findings, git)


HOOK = Hook(
    "env-files",
    "Secret files are closed to others and to git, and env files hold what they should.",
    RULES,
    check,
    whole=True,
    fix=fix,
    contents=check_contents,
)


def _of_files(source: Source, options: Options, settings: Settings, found: Found) -> Iterator[Finding]:
    """What is wrong with the files themselves. Where there are none, nothing more is imported and git isn't asked."""
    tree = source.tree
    if tree is not None and not options.in_ci and (found.on_disk or not settings.is_empty):
        from nightlatch.env_files.modes import Modes

        modes = Modes(source, tree, found)
        yield from modes.files()
        yield from modes.configured(settings)
    if source.git is None:
        return
    ignored: Mapping[str, Hit] = {}
    remedy = _every_env_file
    if tree is not None and (found.kinds or _names_env_files(tree)):
        from nightlatch.env_files.ignore_cover import IgnoreCover

        cover = IgnoreCover(source, tree, found)
        ignored, remedy = cover.ignored(), cover.remedy
        yield from cover.check(options)
    if found.kinds:
        from nightlatch.env_files import in_git

        yield from in_git.check(source, options, found, ignored, remedy)


def _every_env_file(path: str) -> str:
    """What .gitignore should have, where there is no tree in which to look for templates."""
    from nightlatch.env_files.ignore_cover import how_to_add
    from nightlatch.env_files.ignore_lines import lines_for

    return how_to_add(lines_for([path], ()))


def _note(source: Source, walked: Walked) -> None:
    """Say what the walk passed over, and what it could not look into."""
    for folder in sorted(walked.nested):
        source.skip(folder, "a git repository of its own: not entered")
    for folder, mark in sorted(walked.filled):
        source.skip(folder, f"filled by a tool, as its {mark} says: not entered")
    for path in walked.linked:
        source.skip(path, "a link to a folder: name the folder itself")
    for folder, reason in sorted(walked.unreadable):
        if _is_anothers(f"{source.tree}/{folder}"):
            source.skip(folder, ANOTHERS)
        else:
            source.leave_unchecked(folder, f"folder: {reason}")
    if walked.truncated:
        source.leave_unchecked(".", "more folders than are looked through; leave some out, or name PATHs")


def _is_anothers(folder: str) -> bool:
    """Whether a folder that can't be read belongs to another user, as a database in a container leaves it."""
    import os

    try:
        return os.name != "nt" and os.lstat(folder).st_uid != os.geteuid()
    except OSError:
        return False


def _names_env_files(tree: str) -> bool:
    """Whether the ignore file at the root speaks of env files: then it should speak of them all."""
    from nightlatch.core.files import UnreadableError, read_from_tree

    try:
        return ENV in read_from_tree(f"{tree}/{GITIGNORE}")
    except (FileNotFoundError, UnreadableError):
        return False
