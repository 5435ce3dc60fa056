"""The answer comes in time, and whoever ends the check gets a denial: an agent that hears nothing lets the call run."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # `signal` wraps it in enums: their import takes 4 ms of some 20

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

SECONDS = 10
"""So long a check may take. Of the agents that wait least, one waits 30 seconds."""

AGAIN = 2
"""So many seconds later once more, should something have swallowed the first."""

ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class EndedError(BaseException):
    """The check has to end now; no handler of errors inside it may take this for one of its own."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def _raise(number: int, _frame: FrameType | None) -> None:
    if number == getattr(_signal, "SIGALRM", None):
        raise EndedError(
            f"It can't be checked within {SECONDS} seconds.",
            "Make it smaller: several calls, fewer files at once, a shorter command.",
        )
    raise EndedError("The check was interrupted.", "Try again.")


class InTime:
    """While it is entered, a signal that would end the process, and the end of the time, raise EndedError.

    Systems without interval timers (Windows) have no limit of time.
    """

    def __init__(self) -> None:
        self._before: list[tuple[int, object]] = []

    def __enter__(self) -> None:
        names = (*ENDINGS, "SIGALRM")
        for number in (getattr(_signal, name) for name in names if hasattr(_signal, name)):
            self._before.append((number, _signal.signal(number, _raise)))
        if hasattr(_signal, "setitimer"):
            _signal.setitimer(_signal.ITIMER_REAL, SECONDS, AGAIN)

    def __exit__(self, *_: object) -> None:
        if hasattr(_signal, "setitimer"):
            _signal.setitimer(_signal.ITIMER_REAL, 0)
        for number, handler in self._before:
            _signal.signal(number, handler)
