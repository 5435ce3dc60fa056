"""Links below a folder, for commands that follow them: what lies elsewhere is read too."""

from __future__ import annotations

import os.path

from nightlatch.agent.shell.folders import files_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call
    from nightlatch.agent.shell.values import Word


def read_through_links(call: Call, word: Word) -> None:
    """Report what the links below a folder lead to. What lies in the folder itself is reported with it."""
    for folder in call.paths(word):
        if not call.place.is_folder(folder):
            continue
        within = os.path.join(os.path.realpath(folder), "")
        for path in files_below(call.place, folder).paths:
            if os.path.islink(path) and not os.path.realpath(path).startswith(within):
                call.read_path(path)
