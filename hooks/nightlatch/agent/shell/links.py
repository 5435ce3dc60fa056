"""Links below a folder, for commands that follow them: what lies elsewhere is read too."""

from __future__ import annotations

import os.path

from nightlatch.agent.below import TooManyError, files_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call
    from nightlatch.agent.shell.values import Word


def read_through_links(call: Call, word: Word) -> None:
    """Report what the links below a folder lead to. What lies in the folder itself is reported with it."""
    for folder in call.paths(word):
        within = os.path.join(os.path.realpath(folder), "")
        try:
            for above, names in files_below(folder, links=True):
                for path in (os.path.join(above, name) for name in names):
                    if not os.path.realpath(path).startswith(within):
                        call.read_path(path)
        except TooManyError:
            call.unresolved(word, f"where the links lead that {call.name} follows: there is too much to be looked at")
