"""Work that is shared out gives what one process gives, and a process that fails fails the run."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import pytest

from nightlatch.core import run as run_module
from nightlatch.core import workers
from nightlatch.core.errors import GitError
from nightlatch.core.workers import WorkerError, Workers, shared
from tests.support.repository import Outcome, Repository
from tests.support.repository import run as execute
from tests.support.tokens import github_token

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked on this system")


def all_of(work: Callable[[Any], Any], tasks: list[Any], count: int = 3) -> list[Any]:
    crew = Workers(count, work)
    try:
        return list(crew.map(tasks))
    finally:
        crew.close()


def test_results_come_in_the_order_of_their_tasks() -> None:
    assert all_of(lambda number: number * 2, list(range(50))) == [number * 2 for number in range(50)]


def test_no_tasks_are_no_results() -> None:
    assert all_of(lambda task: task, []) == []


def test_large_tasks_and_results_pass() -> None:
    tasks = [bytes([number]) * 3_000_000 for number in range(5)]
    assert all_of(lambda data: data + b"!", tasks) == [task + b"!" for task in tasks]


def test_none_is_a_task_and_a_result() -> None:
    assert all_of(lambda task: task, [None, 0, None]) == [None, 0, None]


def test_the_same_processes_take_one_lot_after_the_other() -> None:
    crew = Workers(2, lambda _: os.getpid())
    first, second = set(crew.map(range(20))), set(crew.map(range(20)))
    crew.close()
    assert len(first | second) <= 2


def test_a_foreseen_error_keeps_its_words() -> None:
    def fail(_: object) -> None:
        raise GitError("git has gone.", "Start it again.")

    with pytest.raises(WorkerError) as caught:
        all_of(fail, [1])
    assert (caught.value.what, caught.value.remedy) == ("git has gone.", "Start it again.")


def test_an_unforeseen_error_names_its_kind_and_nothing_of_the_content() -> None:
    def fail(_: object) -> None:
        raise ValueError(github_token())

    with pytest.raises(WorkerError) as caught:
        all_of(fail, [1])
    assert "ValueError" in caught.value.what
    assert github_token() not in str(caught.value)


@pytest.mark.parametrize("how", ["killed", "exits", "result that can't be sent"])
def test_a_process_that_is_gone_is_an_error(how: str) -> None:
    def vanish(number: int) -> object:
        if number == 7 and how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 7 and how == "exits":
            os._exit(0)
        return (lambda: None) if number == 7 else number

    with pytest.raises(WorkerError, match="ended too soon"):
        all_of(vanish, list(range(20)))


def test_nothing_is_left_behind() -> None:
    before = len(os.listdir("/proc/self/fd")) if sys.platform == "linux" else 0
    crew = Workers(2, lambda task: task)
    children = [child.process for child in crew._children.values()]
    next(crew.map([1, 2, 3]))
    crew.close()
    for child in children:
        with pytest.raises(ChildProcessError):
            os.waitpid(child, os.WNOHANG)
    assert not before or len(os.listdir("/proc/self/fd")) == before


def test_one_core_and_little_work_share_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with shared(lambda task: task, worth_it=False) as crew:
        assert crew is None
    monkeypatch.setattr(workers, "_usable_cores", lambda: 1)
    with shared(lambda task: task) as crew:
        assert crew is None


@pytest.fixture
def large(repository: Repository) -> Repository:
    """More files than one process checks, a few of them with a token, and one that can't be read."""
    for number in range(run_module.MANY + 150):
        line = f"token: {github_token(number)}\n" if number % 100 == 0 else "nothing here\n"
        repository.write(f"d{number % 7}/f{number}.txt", line)
    repository.write("binary.png", b"\x89PNG\r\n\x1a\n\0\0")
    repository.git("add", "--all")
    return repository


START = """
import os, signal, sys
from nightlatch.core import run, source, workers
workers._usable_cores = lambda: int(sys.argv[1])
{before}
from nightlatch.cli import main
sys.exit(main(sys.argv[2:]))
"""


def with_cores(repository: Repository, cores: int, *words: str, before: str = "") -> Outcome:
    """The command as on a machine with so many cores, with a cache of its own."""
    env = repository.env | {"NIGHTLATCH_CACHE_DIR": f"{repository.path}-cache-{cores}"}
    code = START.replace("{before}", before)
    return execute(sys.executable, "-c", code, str(cores), *words, cwd=repository.path, env=env)


def test_a_shared_tree_is_reported_as_by_one_process(large: Repository) -> None:
    words = ("secrets", "--all-files", "--format", "json")
    one = with_cores(large, 1, *words)
    assert one.code == 1
    assert one.out.count('"rule": "SEC301"') == 7
    assert '"binary.png"' in one.out
    assert with_cores(large, 3, *words) == one


def test_a_shared_history_is_reported_as_by_one_process(large: Repository) -> None:
    large.commit("first")
    for number in range(3):
        large.stage(f"d1/f{number}.txt", f"again: {github_token(1000 + number)}\n")
        large.commit(f"change {number}")
    words = ("secrets", "--history", "--format", "json")
    one = with_cores(large, 1, *words, before="run.MANY = 1")
    assert one.out.count('"rule": "SEC301"') == 10
    assert with_cores(large, 3, *words, before="run.MANY = 1") == one


def test_a_killed_process_ends_the_command_with_2(large: Repository) -> None:
    before = "source.TreeSource.files = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
    outcome = with_cores(large, 2, "secrets", "--all-files", before=before)
    assert outcome.code == 2
    assert "signal 9" in outcome.err
