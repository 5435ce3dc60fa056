"""Random commands are run for real, and the files that were read are among those that were predicted."""

from __future__ import annotations

import ctypes
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightlatch.agent.effects import Execute, HandOver, Read, Unresolved
from nightlatch.agent.place import Place
from nightlatch.agent.search import Search
from nightlatch.agent.shell import effects_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.agent.effects import Effect

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify, which tells what was read, is Linux's")

IN_ACCESS = 0x1
NAMES = (".env", "a.txt", "b.txt", "d/c.txt", "d/.env", "list")
READERS = (
    "cat", "head -n 2", "tail -n 1", "sed -n 1p", "grep x", "awk 1", "tac", "nl", "base64", "cut -c1", "sort", "od -c",
    "rev",
    "paste", "fold", "tail -n +1", "grep -h .", "uniq", "head -c 3", "sed s/a/b/", "tr a b <",
)  # fmt: skip
FILES = (
    ".env", "./.env", "d/../.env", "a.txt", "'b.txt'", "*.txt", ".e*", "{a,b}.txt", "d/*", "d/.e*", "$f", '"$g"',
    "${f}", "d/c.txt",
    "$(echo a.txt)", "$(cat list)", '"d/c.txt"', "$'\\x2eenv'", "nosuch", "[ab].txt", "?.txt", "${h:-b.txt}",
    "${g%.txt}.txt",
    "$PWD/a.txt", ".env{,.x}", "d/{c.txt,.env}", "`echo b.txt`", "~-/a.txt",
)  # fmt: skip
SHAPES = (
    "{r} {f}", "{r} {f} {f}", "{r} < {s}", "{r} {f} | {r}", "{r} {f}; {r} {f}", "{r} {f} && {r} {f}",
    "false || {r} {f}",
    "for x in {f}; do {r} $x; done", 'for x in {f} {f}; do {r} "$x"; done', "cd d && {r} c.txt",
    "(cd d; {r} .env); {r} {f}",
    "cd d; cat ../a.txt; cd ..; {r} {f}", 'x=$({r} {f}); echo "$x"', "echo $({r} {f})", "bash -c '{r} {q}'",
    "echo {f} | xargs {r}",
    "ls {f} | xargs cat", "find . -name '.e*' -exec {r} {{}} +", "find d -type f | xargs {r}",
    'while read l; do {r} "$l"; done < list',
    'f() {{ {r} "$@"; }}; f {f}', "eval '{r} {q}'", "if [ -f {s} ]; then {r} {f}; fi",
    "case a in b) {r} b.txt;; *) {r} {f};; esac",
    "{r} <(cat {f})", "cat <<E\n$({r} {f})\nE", '{r} <<< "$(< {s})"', "read l < {s}; echo $l",
    'mapfile -t m < list; {r} "${{m[@]}}"',
    'a=({f}); {r} "${{a[@]}}"', 'set -- {f}; {r} "$1"', "exec 3< {s}; cat <&3", "env A=1 {r} {f}", "command {r} {f}",
    "printf '%s\\n' {f} | while read x; do {r} \"$x\"; done", "grep -r x d", "grep -r x .", "cp {s} /dev/null",
    "diff {s} {s}",
    ". ./list 2>/dev/null; {r} {f}", "source {s} 2>/dev/null", "bash {s} 2>/dev/null", "{r} {f} > /dev/null 2>&1",
    "{{ {r} {f}; }}",
    "{r} {f} & wait", "time {r} {f}", "y=a; z=.txt; {r} $y$z", "y=a.txt; y+=x; {r} ${{y%x}}", "tee < {s}",
    "dd if={s} 2>/dev/null",
    "until {r} {f}; do break; done", "! {r} {f}", "timeout 5 {r} {f}", "echo 'cat {q}' | bash",
    "bash <<'E'\n{r} {q}\nE",
    't=$(mktemp -d); ln -s "$PWD/d" $t/l; {r} $t/l/c.txt', 't=$(mktemp -d); ln -s "$PWD" $t/l; cd $t/l && {r} {f}',
    "t=$(mktemp -d); cp {s} $t/x; {r} $t/x", "t=$(mktemp -d); cp -r d $t/x; {r} $t/x/c.txt",
    "t=$(mktemp -d); {r} {f} > $t/x; {r} $t/x {f}", "declare -n k=m; m={s}; {r} $k",
    'x=$(< {s}); echo "${{x:0:3}}"', "cat {f} | (read a; echo $a)", "cat {s} | {{{{ read a; echo $a; }}}}",
    'x=$({r} {f}); {r} <<< "$x"', "sort < {s} | uniq | {r}", "{r} {f} | grep -c x", "shuf -n1 {s}; comm {s} {s}",
    "f() {{ local -n o=$1; o={s}; }}; f p; {r} $p", "ls d | while read x; do {r} d/$x; done",
)  # fmt: skip


class Watch:
    """Tells which files below a folder are read from now on: `inotify`, by the C library."""

    def __init__(self, folder: str) -> None:
        self._library = ctypes.CDLL(None, use_errno=True)
        self._descriptor = self._library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        assert self._descriptor >= 0, os.strerror(ctypes.get_errno())
        self._folders = {}
        for here, _, _ in os.walk(folder):
            number = self._library.inotify_add_watch(self._descriptor, os.fsencode(here), IN_ACCESS)
            assert number >= 0, os.strerror(ctypes.get_errno())
            self._folders[number] = here

    def read(self) -> set[str]:
        """The files that were read since the last time."""
        return {path for path in self._events() if os.path.isfile(path)}

    def _events(self) -> Iterator[str]:
        while True:
            try:
                data = os.read(self._descriptor, 65536)
            except BlockingIOError:
                return
            at = 0
            while at < len(data):
                number, _, _, size = struct.unpack_from("iIII", data, at)
                name = data[at + 16 : at + 16 + size].rstrip(b"\0")
                yield os.path.join(self._folders[number], os.fsdecode(name))
                at += 16 + size

    def close(self) -> None:
        os.close(self._descriptor)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("throw-away")
    root = folder / "root"
    for name in NAMES:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a.txt\nd/c.txt\n" if name == "list" else f"x of {name}\nsecond\nthird\n", encoding="utf-8")
    (folder / "home").mkdir()
    return Place(str(root), str(folder / "home"), {})


@pytest.fixture(scope="module")
def watch(project: Place) -> Iterator[Watch]:
    found = Watch(project.root)
    yield found
    found.close()


@st.composite
def commands(draw: st.DrawFn) -> str:
    command = draw(st.sampled_from(SHAPES))
    single = st.sampled_from([name for name in NAMES if name != "list"])
    while "{s}" in command:
        command = command.replace("{s}", draw(single), 1)
    while "{q}" in command:
        command = command.replace("{q}", draw(single), 1)
    while "{r}" in command:
        command = command.replace("{r}", draw(st.sampled_from(READERS)), 1)
    while "{f}" in command:
        command = command.replace("{f}", draw(st.sampled_from(FILES)), 1)
    return "f=a.txt; g=b.txt; " + command.replace("{{", "{").replace("}}", "}")


def predicted(effects: list[Effect]) -> set[str]:
    """The files that a command may read, by its effects."""
    found = {os.path.realpath(effect.path) for effect in effects if isinstance(effect, Read | HandOver | Execute)}
    folders = {path for path in found if os.path.isdir(path)}  # `cp -r`: with all that lies in it
    folders |= {effect.folder for effect in effects if isinstance(effect, Search)}
    return found | {str(path.resolve()) for folder in folders for path in Path(folder).rglob("*")}


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(command=commands())
def test_no_file_is_read_that_was_not_predicted(project: Place, watch: Watch, command: str) -> None:
    bash = shutil.which("bash")
    assert bash is not None, "bash runs the commands"
    effects = effects_of(command, project.root, project)
    watch.read()
    subprocess.run(
        [bash, "--norc", "-c", command], cwd=project.root, capture_output=True, timeout=30, stdin=subprocess.DEVNULL,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": project.home},
    )  # fmt: skip
    missed = watch.read() - predicted(effects)
    assert not missed or any(isinstance(effect, Unresolved) for effect in effects), command


def test_the_watch_sees_a_read(project: Place, watch: Watch) -> None:
    """So that the test above can fail."""
    watch.read()
    subprocess.run(["cat", "d/.env"], cwd=project.root, capture_output=True, check=True)
    assert watch.read() == {f"{project.root}/d/.env"}
