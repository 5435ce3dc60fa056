"""For each hook something that it must find: what every harness that goes over all hooks is run with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.support.tokens import github_token, line_with_token


@dataclass(frozen=True)
class Sample:
    """A file in which a hook must find something.

    hook      its name on the command line
    path      a file that the hook looks at; its suffix is kept where a test needs another name
    rule      what it must find there, as an error
    content   makes the file's text (ASCII, whole lines) anew: no credential stands in this repository
    clean     a text of the same kind in which it finds nothing
    secrets   makes the values in `content` that no output may hold
    """

    hook: str
    path: str
    rule: str
    content: Callable[[], str]
    clean: str
    secrets: Callable[[], tuple[str, ...]]


SAMPLES = (
    Sample(
        hook="secrets",
        path="settings.py",
        rule="SEC301",
        content=line_with_token,
        clean='TOKEN = os.environ["TOKEN"]\n',
        secrets=lambda: (github_token(),),
    ),
)
