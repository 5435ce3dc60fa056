"""Long work on every core: forked processes that take one task after the other.

A child begins as a copy of this process, so it has whatever the work needs; only tasks and results travel,
through pipes. What goes wrong in a child ends the run as it would have here, and a child that is killed (for
want of memory, say) is an error too: its task is never taken for done.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
from contextlib import contextmanager

from nightlatch.core.errors import EXIT_INTERRUPTED, NightlatchError, unforeseen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

MOST_WORKERS = 8
HEAD = 8
"""Bytes of the number in front of each message: its length, lowest byte first."""


class WorkerError(NightlatchError):
    """A process that shared the work has failed."""


@contextmanager
def shared(work: Callable[[Any], Any], *, worth_it: bool = True) -> Iterator[Workers | None]:
    """Processes that do this work, one for each core; None where it isn't worth it, or nothing can be forked."""
    count = _usable_cores() if worth_it else 1
    if count == 1:
        yield None
        return
    workers = Workers(count, work)
    try:
        yield workers
    finally:
        workers.close()


def _usable_cores() -> int:
    if sys.platform == "win32" or not hasattr(os, "fork") or _has_threads():
        return 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MOST_WORKERS)


def _has_threads() -> bool:
    """A fork copies one thread alone, with whatever locks the others hold."""
    threading = sys.modules.get("threading")
    return threading is not None and threading.active_count() > 1


class Workers:
    """Processes that each do `work(task)` for the tasks they are given. To be closed after use."""

    def __init__(self, count: int, work: Callable[[Any], Any]) -> None:
        self._children: dict[int, _Child] = {}
        try:
            for _ in range(count):
                child = _Child(work, list(self._children.values()))
                self._children[child.results] = child
        except OSError as error:
            self.close()
            raise WorkerError(f"No further process could be started: {error.strerror}.") from None

    def map(self, tasks: Sequence[Any]) -> Iterator[Any]:
        """Yield the result of each task, in the order of the tasks. Raises WorkerError."""
        rest = iter(enumerate(tasks))
        results: dict[int, Any] = {}
        busy: dict[int, int] = {}
        for child in self._children.values():
            _hand_over(child, rest, busy)
        for wanted in range(len(tasks)):
            while wanted not in results:
                for end in select.select(list(busy), (), ())[0]:
                    number = busy.pop(end)
                    results[number] = self._children[end].result()
                    _hand_over(self._children[end], rest, busy)
            yield results.pop(wanted)

    def close(self) -> None:
        """End the processes, whatever they are at."""
        for child in self._children.values():
            child.close()
        self._children = {}


def _hand_over(child: _Child, rest: Iterator[tuple[int, Any]], busy: dict[int, int]) -> None:
    for number, task in rest:
        child.give(task)
        busy[child.results] = number
        return


class _Child:
    """One forked process, as its parent sees it. It is given a task only while it waits for one."""

    def __init__(self, work: Callable[[Any], Any], elders: Sequence[_Child]) -> None:
        task_read, self.tasks = os.pipe()
        self.results, result_write = os.pipe()
        self.process = os.fork()
        if not self.process:
            for end in (self.tasks, self.results, *(end for elder in elders for end in (elder.tasks, elder.results))):
                os.close(end)
            _work_until_closed(work, task_read, result_write)
        os.close(task_read)
        os.close(result_write)

    def give(self, task: Any) -> None:
        try:
            _send(self.tasks, (task,))
        except OSError:
            raise WorkerError(self._end()) from None

    def result(self) -> Any:
        answer = _receive(self.results)
        if answer is None:
            raise WorkerError(self._end())
        kind, value = answer
        if kind == "error":
            raise WorkerError(*value)
        return value

    def close(self) -> None:
        os.close(self.tasks)
        os.close(self.results)
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)

    def _end(self) -> str:
        _, status = os.waitpid(self.process, 0)
        self.process = 0
        how = os.waitstatus_to_exitcode(status)
        by = f"signal {-how}, as when memory runs out" if how < 0 else f"exit code {how}"
        return f"A process that shared the work ended too soon ({by}): nothing is said to be checked."


def _work_until_closed(work: Callable[[Any], Any], tasks: int, results: int) -> None:
    """The child's life. It never returns: what its parent would do next is not its business."""
    code = 1
    try:
        while (task := _receive(tasks)) is not None:
            _send(results, _done(work, task[0]))
        code = 0
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    finally:
        os._exit(code)


def _done(work: Callable[[Any], Any], task: Any) -> tuple[str, Any]:
    try:
        return "done", work(task)
    except NightlatchError as error:
        return "error", (error.what, error.remedy)
    except Exception as error:  # noqa: BLE001 - the parent tells of it, at its own boundary
        return "error", unforeseen(error)


def _send(end: int, value: Any) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    rest = memoryview(len(data).to_bytes(HEAD, "little") + data)
    while rest:
        rest = rest[os.write(end, rest) :]


def _receive(end: int) -> Any | None:
    """The next message, or None where the other side has gone."""
    head = _read(end, HEAD)
    data = _read(end, int.from_bytes(head, "little")) if len(head) == HEAD else b""
    return pickle.loads(data) if data else None  # noqa: S301 - from our own process


def _read(end: int, count: int) -> bytes:
    """So many bytes, or fewer where the other side has gone."""
    parts = []
    while count and (part := os.read(end, min(count, 1 << 20))):
        parts.append(part)
        count -= len(part)
    return b"" if count else b"".join(parts)
