"""Repositories that try to make us execute something, or to hide what they hold."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from nightlatch.core.text import shown_path
from tests.faults.harness import (
    AZURE_COMMAND,
    assert_found,
    assert_harmless,
    assert_unchecked,
    inspect,
    plain_git,
    program,
)
from tests.support.repository import COMMAND, Repository, environment, run
from tests.support.samples import Sample

SELECTORS = pytest.mark.parametrize("arguments", [("--staged",), ("--all-files",), ()], ids=" ".join)

HOOKS = [
    "fsmonitor-watchman",
    "post-applypatch",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "post-rewrite",
    "pre-auto-gc",
    "pre-commit",
    "prepare-commit-msg",
    "reference-transaction",
]


@dataclass(frozen=True)
class Trap:
    """A way to have git run a command.

    settings   configuration, in which COMMAND stands for the command and HOOKS for a folder of hooks
    trigger    git's words that do run it, as a proof that the trap is one; none where that takes a terminal
               or a network
    attribute  for every file
    stdin      what the trigger reads
    """

    settings: tuple[tuple[str, str], ...]
    trigger: tuple[str, ...] = ()
    attribute: str = ""
    stdin: bytes = b""


CREDENTIAL = b"protocol=https\nhost=example.com\n\n"
FILL = ("credential", "fill")

TRAPS = {
    "fsmonitor": Trap((("core.fsmonitor", "COMMAND"),), ("status",)),
    "hooks in another folder": Trap((("core.hooksPath", "HOOKS"),), ("commit", "--allow-empty", "-m", "x")),
    "external diff": Trap((("diff.external", "COMMAND"),), ("diff", "--cached")),
    "external diff by attribute": Trap((("diff.x.command", "COMMAND"),), ("diff", "--cached"), "diff=x"),
    "textconv": Trap((("diff.x.textconv", "COMMAND"),), ("diff", "--cached"), "diff=x"),
    "clean filter": Trap((("filter.x.clean", "COMMAND"),), ("hash-object", "README.md"), "filter=x"),
    "smudge filter": Trap((("filter.x.smudge", "COMMAND"),), ("cat-file", "--filters", ":README.md"), "filter=x"),
    "filter process": Trap((("filter.x.process", "COMMAND"),), ("hash-object", "README.md"), "filter=x"),
    "merge driver": Trap((("merge.x.driver", "COMMAND"),), (), "merge=x"),
    "pager": Trap((("core.pager", "COMMAND"), ("pager.diff", "COMMAND"), ("pager.ls-files", "COMMAND"))),
    "editor": Trap((("core.editor", "COMMAND"), ("sequence.editor", "COMMAND"))),
    "ssh": Trap((("core.sshCommand", "COMMAND"), ("remote.origin.url", "ssh://example.com/x")), ("fetch",)),
    "git proxy": Trap((("core.gitProxy", "COMMAND"), ("remote.origin.url", "git://example.com/x")), ("fetch",)),
    "credential helper": Trap((("credential.helper", "!COMMAND"),), FILL, "", CREDENTIAL),
    "password prompt": Trap((("core.askPass", "COMMAND"),), FILL, "", CREDENTIAL),
    "aliases": Trap(tuple((f"alias.{word}", "!COMMAND") for word in ("diff", "ls-files", "rev-parse", "cat-file"))),
    "signature check": Trap(
        (("gpg.program", "COMMAND"), ("log.showSignature", "true"), ("gpg.ssh.program", "COMMAND"))
    ),
    "alternate refs": Trap((("core.alternateRefsCommand", "COMMAND"),)),
    "any protocol": Trap(
        (("protocol.allow", "always"), ("protocol.ext.allow", "always"), ("remote.origin.url", "ext::COMMAND")),
        ("fetch",),
    ),
    "upload pack": Trap((("remote.origin.uploadpack", "COMMAND"), ("remote.origin.url", ".")), ("fetch",)),
    "an included file": Trap((("include.path", "included"),), ("status",)),
    "an included file on a condition": Trap((("includeIf.gitdir:**.path", "included"),), ("status",)),
    "maintenance": Trap((("gc.auto", "1"), ("gc.recentObjectsHook", "COMMAND"), ("maintenance.auto", "true"))),
    "external tools": Trap((("diff.tool", "x"), ("difftool.x.cmd", "COMMAND"), ("interactive.diffFilter", "COMMAND"))),
    "browser and help": Trap((("help.autocorrect", "immediate"), ("browser.x.cmd", "COMMAND"))),
    "trace": Trap((("trace2.eventTarget", "MARKER"), ("trace2.normalTarget", "MARKER"))),
}


def _marker(repository: Repository) -> Path:
    return repository.path.parent / "marker"


def _command(repository: Repository) -> str:
    """A program that leaves the marker behind, wherever it is started."""
    path = repository.path.parent / "planted-command"
    return program(path, f"touch '{_marker(repository)}'; [ $# = 0 ] || cat \"$@\" 2>/dev/null; exit 0")


def _set(repository: Repository, settings: tuple[tuple[str, str], ...]) -> None:
    command = _command(repository)
    hooks = repository.path.parent / "hooks"
    for name in HOOKS:
        program(hooks / name, f"exec {command} </dev/null")
    repository.write(".git/included", f"[core]\n\tfsmonitor = {command}\n")
    words = {"COMMAND": command, "HOOKS": str(hooks), "MARKER": str(_marker(repository))}
    for key, value in settings:
        for word, meaning in words.items():
            value = value.replace(word, meaning)  # noqa: PLW2901 - each word is replaced in turn
        with (repository.path / ".git" / "config").open("a") as file:
            section, _, name = key.rpartition(".")
            first, _, rest = section.partition(".")
            heading = f'{first} "{rest}"' if rest else first
            file.write(f'[{heading}]\n\t{name} = "{value}"\n')


@pytest.mark.parametrize("name", TRAPS)
@SELECTORS
def test_nothing_that_the_configuration_names_is_run(
    planted: Repository, sample: Sample, name: str, arguments: tuple[str, ...]
) -> None:
    trap = TRAPS[name]
    if trap.attribute:
        planted.write(".git/info/attributes", f"* {trap.attribute}\n")
    _set(planted, trap.settings)
    for path in (sample.path, "README.md"):
        os.utime(planted.path / path, (1, 1))  # so that git wants to look at the content
    verdict = inspect(planted.path, sample, *arguments)
    assert_found(verdict, sample)
    assert not _marker(planted).exists()
    if trap.trigger and arguments == ("--staged",):
        plain_git(*trap.trigger, cwd=planted.path, stdin=trap.stdin)
        assert _marker(planted).exists(), "this is no trap"


@SELECTORS
def test_no_hook_of_the_repository_is_run(planted: Repository, sample: Sample, arguments: tuple[str, ...]) -> None:
    command = _command(planted)
    for name in HOOKS:
        program(planted.path / ".git" / "hooks" / name, f"exec {command} </dev/null")
    os.utime(planted.path / sample.path, (1, 1))
    assert_found(inspect(planted.path, sample, *arguments), sample)
    assert not _marker(planted).exists()


PROMISORS = {
    "a command as its address": (("remote.origin.url", "ext::COMMAND"), ("protocol.ext.allow", "always")),
    "a command for its other side": (("remote.origin.url", "."), ("remote.origin.uploadpack", "COMMAND")),
    "a command to connect": (("remote.origin.url", "ssh://example.com/x"), ("core.sshCommand", "COMMAND")),
    "a helper by its name": (("remote.origin.url", "x"), ("remote.origin.vcs", "ext")),
}


@pytest.mark.parametrize("name", PROMISORS)
@pytest.mark.parametrize("arguments", [("--staged",), ("--all-files",)], ids=" ".join)
@pytest.mark.file_by_file
@pytest.mark.any_file
def test_a_missing_blob_is_fetched_from_nowhere(
    planted: Repository, sample: Sample, name: str, arguments: tuple[str, ...]
) -> None:
    missing = f"missing/{sample.path}"
    planted.git("update-index", "--add", "--cacheinfo", f"100644,{'12' * 20},{missing}")
    _set(
        planted,
        (
            ("core.repositoryFormatVersion", "1"),
            ("extensions.partialClone", "origin"),
            ("remote.origin.promisor", "true"),
            *PROMISORS[name],
        ),
    )
    verdict = inspect(planted.path, sample, *arguments)
    assert not _marker(planted).exists()
    assert verdict.code == 2
    if name != "a helper by its name":
        plain_git("cat-file", "-p", "12" * 20, cwd=planted.path)
        assert _marker(planted).exists(), "this is no trap"
    assert_unchecked(verdict, missing, "can't read its object")
    assert_found(verdict, sample, code=2)


HIDING_SETTINGS = (
    ("diff.relative", "true"),
    ("diff.ignoreSubmodules", "all"),
    ("diff.noprefix", "true"),
    ("diff.mnemonicPrefix", "true"),
    ("diff.renames", "copies"),
    ("diff.algorithm", "patience"),
    ("diff.submodule", "log"),
    ("diff.context", "0"),
    ("core.quotePath", "false"),
    ("core.abbrev", "4"),
    ("core.bigFileThreshold", "1"),
    ("core.ignoreCase", "true"),
    ("core.checkStat", "minimal"),
    ("core.preloadIndex", "false"),
    ("core.symlinks", "false"),
    ("core.fileMode", "false"),
    ("core.autocrlf", "true"),
    ("core.safecrlf", "true"),
    ("core.untrackedCache", "true"),
    ("core.splitIndex", "true"),
    ("core.commentChar", "t"),
    ("core.multiPackIndex", "false"),
    ("core.useReplaceRefs", "true"),
    ("core.attributesFile", "/dev/zero"),
    ("color.ui", "always"),
    ("color.diff", "always"),
    ("status.showUntrackedFiles", "no"),
    ("status.relativePaths", "true"),
    ("status.short", "true"),
    ("submodule.recurse", "true"),
    ("i18n.logOutputEncoding", "UTF-16"),
    ("index.sparse", "true"),
    ("feature.experimental", "true"),
    ("log.diffMerges", "off"),
)


@SELECTORS
def test_no_setting_hides_anything(planted: Repository, sample: Sample, arguments: tuple[str, ...]) -> None:
    settings = [setting for setting in HIDING_SETTINGS if setting[0] != "core.attributesFile"]
    for key, value in settings:
        planted.git("config", key, value)
    verdict = inspect(planted.path, sample, *arguments)
    assert_found(verdict, sample)
    below = planted.path / "below"
    below.mkdir()
    if arguments != ("--all-files",):
        assert_found(inspect(below, sample, *arguments), sample)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("core.worktree", "/etc"),
        ("core.worktree", "/no/such/folder"),
        ("core.worktree", "../elsewhere"),
        ("core.bare", "true"),
        ("core.repositoryFormatVersion", "99"),
        ("extensions.unheardOf", "true"),
        ("core.attributesFile", "/no/such/file"),
        ("core.excludesFile", "/no/such/file"),
        ("diff.orderFile", "/no/such/file"),
        ("core.abbrev", "not a number"),
        ("core.bigFileThreshold", "not a number"),
        ("include.path", "config"),
    ],
)
@SELECTORS
def test_a_setting_that_breaks_git_never_ends_as_clean(
    planted: Repository, sample: Sample, key: str, value: str, arguments: tuple[str, ...]
) -> None:
    (planted.path.parent / "elsewhere").mkdir()
    planted.git("config", key, value)
    verdict = inspect(planted.path, sample, *arguments)
    assert verdict.code in (1, 2)
    assert verdict.code == 1 or verdict.text.err or verdict.unchecked()


ATTRIBUTES = (
    "-diff",
    "binary",
    "export-ignore",
    "-text",
    "text eol=crlf",
    "working-tree-encoding=UTF-16",
    "working-tree-encoding=no-such-encoding",
    "ident",
    "diff=x merge=x filter=x",
    "filter=lfs diff=lfs merge=lfs -text",
    "linguist-generated linguist-vendored",
    "whitespace=-trailing-space",
)


@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("staged", [True, False], ids=["staged", "tree"])
def test_no_attribute_hides_anything(planted: Repository, sample: Sample, attribute: str, *, staged: bool) -> None:
    planted.write(".gitattributes", f"* {attribute}\n")
    planted.write(".git/info/attributes", f"* {attribute}\n")
    assert_found(inspect(planted.path, sample, "--staged" if staged else "--all-files"), sample)


@SELECTORS
def test_a_tracked_file_is_not_hidden_by_ignoring_it(
    planted: Repository, sample: Sample, arguments: tuple[str, ...]
) -> None:
    for path in (".gitignore", ".git/info/exclude"):
        planted.write(path, "*\n")
    assert_found(inspect(planted.path, sample, *arguments), sample)


@pytest.mark.file_by_file
def test_a_named_file_is_not_hidden_by_ignoring_it(repository: Repository, sample: Sample) -> None:
    repository.write(".gitignore", "*\n")
    repository.write(f"folder/{sample.path}", sample.content())
    for path in (f"folder/{sample.path}", "folder", "folder/"):
        assert_found(inspect(repository.path, sample, path), sample, f"folder/{sample.path}")


def test_replaced_objects_are_read_as_they_are(planted: Repository, sample: Sample) -> None:
    harmless = plain_git("hash-object", "-w", "--stdin", cwd=planted.path, stdin=b"x = 1\n").stdout.decode().strip()
    planted.git("replace", planted.git("rev-parse", f":{sample.path}").strip(), harmless)
    assert planted.git("cat-file", "-p", f":{sample.path}") == "x = 1\n"
    assert_found(inspect(planted.path, sample, "--staged"), sample)


def test_a_replaced_commit_hides_nothing_that_is_staged(planted: Repository, sample: Sample) -> None:
    planted.git("replace", "HEAD", planted.git("commit-tree", "-m", "x", planted.git("write-tree").strip()).strip())
    assert not planted.git("diff", "--cached")
    assert_found(inspect(planted.path, sample, "--staged"), sample)


def test_grafts_change_nothing(planted: Repository, sample: Sample) -> None:
    planted.write(".git/info/grafts", planted.git("rev-parse", "HEAD"))
    assert_found(inspect(planted.path, sample, "--staged"), sample)


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree", "--fsmonitor-valid"])
@pytest.mark.parametrize("staged", [True, False], ids=["staged", "tree"])
def test_no_flag_in_the_index_hides_anything(planted: Repository, sample: Sample, flag: str, *, staged: bool) -> None:
    if not staged:
        planted.stage(sample.path, sample.clean)
        planted.commit()
        planted.write(sample.path, sample.content())
    planted.git("update-index", flag, sample.path)
    assert_found(inspect(planted.path, sample, "--staged" if staged else "--all-files"), sample)


@pytest.mark.parametrize("options", [("--cone",), ("--no-cone",), ("--cone", "--sparse-index")], ids=" ".join)
@pytest.mark.file_by_file
def test_a_file_that_a_sparse_checkout_leaves_out_is_found(
    repository: Repository, sample: Sample, options: tuple[str, ...]
) -> None:
    repository.stage(f"left-out/{sample.path}", sample.content())
    repository.stage("kept/README.md", "# A project\n")
    repository.commit()
    repository.git("sparse-checkout", "set", *options, "kept")
    assert not (repository.path / "left-out").exists()
    path = f"left-out/{sample.path}"
    assert_found(inspect(repository.path, sample, "--all-files"), sample, path)
    assert_found(inspect(repository.path, sample, path), sample, path)
    assert_found(inspect(repository.path, sample, "left-out"), sample, path)


@pytest.mark.parametrize("arguments", [(), ("--all-files",)], ids=" ".join)
@pytest.mark.file_by_file
def test_a_file_that_is_only_intended_to_be_added_is_found(
    repository: Repository, sample: Sample, arguments: tuple[str, ...]
) -> None:
    repository.write(sample.path, sample.content())
    repository.git("add", "--intent-to-add", sample.path)
    assert_found(inspect(repository.path, sample, *arguments), sample)


@SELECTORS
def test_a_submodule_is_said_to_be_skipped_and_not_entered(
    planted: Repository, sample: Sample, arguments: tuple[str, ...]
) -> None:
    inner = Repository.create(planted.path / "sub")
    inner.stage(sample.path, sample.content())
    name = inner.commit()
    planted.git("update-index", "--add", "--cacheinfo", f"160000,{name},sub")
    planted.stage(".gitmodules", '[submodule "sub"]\n\tpath = sub\n\turl = ./sub\n\tignore = all\n')
    planted.git("config", "submodule.sub.ignore", "all")
    planted.git("config", "submodule.sub.active", "true")
    verdict = inspect(planted.path, sample, *arguments)
    assert_found(verdict, sample)
    assert "submodule" in verdict.skipped()["sub"]
    assert [path for rule, path in verdict.found() if rule == sample.rule] == [sample.path]


@pytest.mark.file_by_file
def test_a_repository_within_is_said_to_be_skipped_and_can_be_named(planted: Repository, sample: Sample) -> None:
    inner = Repository.create(planted.path / "inner")
    inner.write(sample.path, sample.content())
    verdict = inspect(planted.path, sample, "--all-files")
    assert_found(verdict, sample)
    assert "a git repository of its own" in verdict.skipped()["inner"]
    assert_found(inspect(planted.path, sample, "inner"), sample)


@pytest.mark.parametrize("content", ["", "gitdir: /nowhere\n", "gitdir: ../.git\n"], ids=repr)
@pytest.mark.file_by_file
def test_a_planted_git_file_does_not_hide_a_folder_in_silence(
    planted: Repository, sample: Sample, content: str
) -> None:
    planted.write("folder/.git", content)
    planted.write(f"folder/{sample.path}", sample.content())
    verdict = inspect(planted.path, sample, "--all-files")
    path = f"folder/{sample.path}"
    said = {*verdict.skipped(), *verdict.unchecked()}
    assert verdict.code in (1, 2)
    assert (sample.rule, path) in verdict.found() or "folder" in said or verdict.text.err


MODULES = [
    "argparse",
    "re",
    "select",
    "yaml",
    "json",
    "os.path",
    "difflib",
    "hashlib",
    "marshal",
    "sitecustomize",
    "usercustomize",
    "encodings",
]


@pytest.mark.parametrize("arguments", [(), ("--all-files", "--verbose"), ("--config", "other.yaml")], ids=" ".join)
def test_no_module_of_the_scanned_folder_is_imported(
    planted: Repository, sample: Sample, arguments: tuple[str, ...]
) -> None:
    code = f"open({str(_marker(planted))!r}, 'w').close()\n"
    for module in (*MODULES, "nightlatch/__init__", "nightlatch/cli", "hooks/nightlatch/__init__"):
        for folder in ("", "bin/"):
            planted.write(f"{folder}{module.replace('.', '/')}.py", code)
    planted.write("pyvenv.cfg", "home = .\n")
    planted.write("planted.pth", f"import os; open({str(_marker(planted))!r}, 'w')\n")
    planted.write("other.yaml", "version: 1\n")
    env = environment(PATH=f"{planted.path}/bin{os.pathsep}{os.environ['PATH']}")
    env.pop("PYTHONPATH", None)
    assert_found(inspect(planted.path, sample, *arguments, env=env), sample)
    assert not _marker(planted).exists()


VARIABLES = {
    "GIT_EXTERNAL_DIFF": "COMMAND",
    "GIT_PAGER": "COMMAND",
    "PAGER": "COMMAND",
    "GIT_EDITOR": "COMMAND",
    "GIT_ASKPASS": "COMMAND",
    "SSH_ASKPASS": "COMMAND",
    "GIT_SSH": "COMMAND",
    "GIT_SSH_COMMAND": "COMMAND",
    "GIT_PROXY_COMMAND": "COMMAND",
    "GIT_TRACE": "MARKER",
    "GIT_TRACE2": "MARKER",
    "GIT_TRACE2_EVENT": "MARKER",
    "GIT_TRACE_SETUP": "MARKER",
    "GIT_TRACE_PACKET": "MARKER",
    "GIT_TRACE_CURL": "MARKER",
    "GIT_DIFF_OPTS": "--unified=0",
    "GIT_GLOB_PATHSPECS": "1",
    "GIT_ICASE_PATHSPECS": "1",
    "GIT_NOGLOB_PATHSPECS": "1",
    "GIT_ATTR_SOURCE": "HEAD",
    "GIT_REPLACE_REF_BASE": "refs/heads/",
    "GIT_REDIRECT_STDERR": "MARKER",
    "GIT_FLUSH": "0",
    "GIT_DEFAULT_HASH": "sha256",
}


@SELECTORS
def test_no_variable_of_git_takes_effect(planted: Repository, sample: Sample, arguments: tuple[str, ...]) -> None:
    words = {"COMMAND": _command(planted), "MARKER": str(_marker(planted))}
    changes = {name: words.get(value, value) for name, value in VARIABLES.items()}
    assert_found(inspect(planted.path, sample, *arguments, env=environment(**changes)), sample)
    assert not _marker(planted).exists()
    plain_git("diff", "--cached", cwd=planted.path, env=environment(**changes))
    assert _marker(planted).exists(), "this is no trap"


@SELECTORS
@pytest.mark.parametrize("key", ["core.fsmonitor", "diff.external", "core.hooksPath"])
def test_no_configuration_by_variables_is_run(
    planted: Repository, sample: Sample, key: str, arguments: tuple[str, ...]
) -> None:
    command = _command(planted)
    for changes in (
        {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": key, "GIT_CONFIG_VALUE_0": command},
        {"GIT_CONFIG_PARAMETERS": f"'{key}={command}'"},
    ):
        assert_found(inspect(planted.path, sample, *arguments, env=environment(**changes)), sample)
        assert not _marker(planted).exists()


NAMES = (
    b"two\nlines",
    b"\n",
    b" ",
    b"-rf",
    b"--",
    b"--staged",
    b"--config=x",
    b"tab\tname",
    b"'single' \"double\"",
    b"back\\slash",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"::warning::x",
    b"::error file=a,line=1::x",
    b"##[error]x",
    b"##vso[task.complete]x",
    b"a\n::stop-commands::x",
    b"a\r::error::x",
    b"\x1b[2J\x1b]0;title\x07",
    b"\x9b31m",
    "\u009b31m".encode(),
    "\u202egnp.exe".encode(),
    "\u2066a\u2069".encode(),
    "\u200b\ufeff".encode(),
    "\u2028::error::x".encode(),
    "caf\u00e9 \U0001f600".encode(),
    b"e\xcc\x81",
    b"n" * 200,
    b":(glob)*",
    b":!x",
    b":",
    b"*",
    b"[a-z]",
    b"{a,b}",
    b"$(touch marker)",
    b"`touch marker`",
    b"a;touch marker",
    b"%41%0A",
    b"~",
    b"@file",
    b"nul\x01",
    b"a:1:1",
    b"trailing ",
    b".git-not",
    b"...",
)


def _json_path(name: bytes) -> str:
    return "".join(
        f"%{ord(character) - 0xDC00:02X}" if "\udc80" <= character <= "\udcff" else character
        for character in os.fsdecode(name)
    )


@pytest.fixture
def oddly_named(planted: Repository, sample: Sample) -> list[bytes]:
    """The sample in a folder of each odd name, and in a file of that name."""
    planted.git("rm", "--quiet", "--force", sample.path)
    paths = [name + b"/" + os.fsencode(sample.path) for name in NAMES]
    if not sample.by_name:
        suffix = os.fsencode(os.path.splitext(sample.path)[1])
        paths += [name + b"." + suffix.lstrip(b".") for name in NAMES]
        paths.append(b"n" * (255 - len(suffix)) + suffix)
    for path in paths:
        planted.write(path, sample.content())
    return paths


@pytest.mark.parametrize("selector", ["--staged", "--all-files", "untracked", "outside git"])
@pytest.mark.file_by_file
@pytest.mark.any_file
def test_a_file_of_any_name_is_found_and_shown_rightly(
    planted: Repository, sample: Sample, oddly_named: list[bytes], selector: str
) -> None:
    if selector != "untracked":
        planted.git("add", "--all")
    if selector == "outside git":
        (planted.path / ".git").rename(planted.path.parent / "elsewhere")
    verdict = inspect(planted.path, sample, "--staged" if selector == "--staged" else "--all-files")
    assert verdict.code == 1
    assert sorted(path for rule, path in verdict.found() if rule == sample.rule) == sorted(map(_json_path, oddly_named))


@pytest.mark.file_by_file
@pytest.mark.any_file
def test_files_of_any_name_can_be_named(planted: Repository, sample: Sample, oddly_named: list[bytes]) -> None:
    verdict = inspect(planted.path, sample, "--", *oddly_named)
    assert sorted(path for rule, path in verdict.found() if rule == sample.rule) == sorted(map(_json_path, oddly_named))


@pytest.mark.file_by_file
@pytest.mark.any_file
def test_staged_files_of_any_name_can_be_named(planted: Repository, sample: Sample, oddly_named: list[bytes]) -> None:
    planted.git("add", "--all")
    verdict = inspect(planted.path, sample, "--staged", "--", *oddly_named)
    assert sorted(path for rule, path in verdict.found() if rule == sample.rule) == sorted(map(_json_path, oddly_named))


def test_missing_files_of_any_name_are_unchecked(planted: Repository, sample: Sample) -> None:
    names = [name + b".gone" for name in NAMES]
    verdict = inspect(planted.path, sample, "--", *names)
    assert verdict.code == 2
    assert sorted(verdict.unchecked()) == sorted(map(_json_path, names))


@pytest.mark.parametrize("name", ["##[error]x", "##vso[task.complete]x"])
@pytest.mark.file_by_file
def test_a_name_is_no_command_to_azure_in_any_format(planted: Repository, sample: Sample, name: str) -> None:
    planted.write(f"{name}/{sample.path}", sample.content())
    verdict = inspect(planted.path, sample, "--all-files")
    assert not [name for name, outcome in verdict.outcomes.items() if AZURE_COMMAND.search(outcome.out)]
    assert_found(verdict, sample, f"{name}/{sample.path}")


def test_a_delete_character_in_a_name_is_escaped(planted: Repository, sample: Sample) -> None:
    planted.write(f"a\x7fb/{sample.path}", sample.content())
    verdict = inspect(planted.path, sample, "--all-files")
    assert verdict.code == 1


@pytest.mark.parametrize("name", [b"-rf", b"--staged", b"--config=x"], ids=os.fsdecode)
def test_a_name_that_looks_like_an_option_is_never_passed_over(
    planted: Repository, sample: Sample, name: bytes
) -> None:
    planted.write(name, sample.content())
    planted.git("reset", "--quiet", "--hard")
    planted.write(name, sample.content())
    outcome = run(COMMAND, sample.hook, name, cwd=planted.path)
    assert_harmless(outcome, sample)
    assert outcome.code != 0 or name == b"--staged"  # that is an option, and nothing is staged


def _repository_named(folder: Path, name: bytes) -> Repository:
    return Repository.create(folder / os.fsdecode(name))


@pytest.mark.parametrize("name", [b"two\nlines\n", b"-C", b"\xff", b"\x1b[2J", b" "], ids=repr)
@SELECTORS
@pytest.mark.file_by_file
def test_a_repository_of_any_name_is_checked(
    tmp_path: Path, sample: Sample, name: bytes, arguments: tuple[str, ...]
) -> None:
    repository = _repository_named(tmp_path, name)
    repository.stage(sample.path, sample.content())
    assert_found(inspect(repository.path, sample, *arguments), sample)
    outside = inspect(tmp_path, sample, "--", name + b"/" + os.fsencode(sample.path))
    assert_found(outside, sample)


def test_shown_paths_are_what_the_tests_expect() -> None:
    assert [shown_path(os.fsdecode(name)) for name in NAMES] == [_json_path(name) for name in NAMES]


def _staged(repository: Repository, sample: Sample) -> tuple[str, ...]:
    repository.stage(sample.path, sample.content())
    return ("commit", "-m", "x")


def _by_path(repository: Repository, sample: Sample) -> tuple[str, ...]:
    repository.write(sample.path, sample.content())
    repository.stage("other", "x = 1\n")
    return ("commit", "-m", "x", "--", sample.path)


def _included(repository: Repository, sample: Sample) -> tuple[str, ...]:
    return (*_by_path(repository, sample)[:3], "--include", "--", sample.path)


def _all(repository: Repository, sample: Sample) -> tuple[str, ...]:
    repository.write(sample.path, sample.content())
    return ("commit", "-a", "-m", "x")


def _amended(repository: Repository, sample: Sample) -> tuple[str, ...]:
    repository.stage(sample.path, sample.content())
    return ("commit", "--amend", "--no-edit")


def _from_below(repository: Repository, sample: Sample) -> tuple[str, ...]:
    below = repository.path / "below"
    below.mkdir()
    repository.write(sample.path, sample.content())
    return ("-C", "below", "commit", "-a", "-m", "x")


def _by_options(repository: Repository, sample: Sample) -> tuple[str, ...]:
    repository.stage(sample.path, sample.content())
    return ("--git-dir=.git", "--work-tree=.", "commit", "-m", "x")


Flow = Callable[[Repository, Sample], tuple[str, ...]]
FLOWS: dict[str, Flow] = {
    "git commit": _staged,
    "git commit PATH": _by_path,
    "git commit --include PATH": _included,
    "git commit -a": _all,
    "git commit --amend": _amended,
    "git -C below commit -a": _from_below,
    "git --git-dir --work-tree commit": _by_options,
}


def _install(hooks: Path, sample: Sample, *arguments: str) -> None:
    program(hooks / "pre-commit", f"exec '{COMMAND}' {sample.hook} {' '.join(arguments)}")


def _ready(repository: Repository, sample: Sample) -> Repository:
    """A repository in which the sample's file is tracked, and clean."""
    repository.stage(sample.path, sample.clean)
    repository.commit()
    return repository


def _assert_commit_is_refused(repository: Repository, sample: Sample, words: tuple[str, ...]) -> None:
    before = repository.git("rev-parse", "HEAD")
    done = plain_git(*words, cwd=repository.path)
    assert done.returncode == 1, done
    assert sample.rule.encode() in done.stdout + done.stderr
    assert repository.git("rev-parse", "HEAD") == before


@pytest.mark.parametrize("arguments", [("--staged",), ()], ids=" ".join)
@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("in_worktree", [False, True], ids=["", "worktree"])
def test_every_way_to_commit_is_refused(
    tmp_path: Path, repository: Repository, sample: Sample, flow: str, arguments: tuple[str, ...], *, in_worktree: bool
) -> None:
    _install(repository.path / ".git" / "hooks", sample, *arguments)
    _ready(repository, sample)
    if in_worktree:
        repository.git("worktree", "add", "--quiet", str(tmp_path / "worktree"))
        repository = Repository(tmp_path / "worktree")
        if "git-dir" in flow:
            pytest.skip("a worktree's .git is a file")
    _assert_commit_is_refused(repository, sample, FLOWS[flow](repository, sample))


def test_a_commit_with_the_place_in_variables_is_refused(
    tmp_path: Path, repository: Repository, sample: Sample
) -> None:
    _install(repository.path / ".git" / "hooks", sample)
    _ready(repository, sample)
    repository.stage(sample.path, sample.content())
    outside = Repository(tmp_path)
    changes = {"GIT_DIR": str(repository.path / ".git"), "GIT_WORK_TREE": str(repository.path)}
    done = plain_git("commit", "-m", "x", cwd=outside.path, env=environment(**changes))
    assert done.returncode == 1, done
    assert sample.rule.encode() in done.stdout + done.stderr
    assert_found(inspect(tmp_path, sample, "--staged", env=environment(**changes)), sample)


def test_a_commit_of_what_is_harmless_passes(repository: Repository, sample: Sample) -> None:
    _install(repository.path / ".git" / "hooks", sample, "--staged")
    _ready(repository, sample)
    repository.stage("other", "x = 1\n")
    assert plain_git("commit", "-m", "x", cwd=repository.path).returncode == 0
