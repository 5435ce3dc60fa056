"""The `env-files` hook: the files first (modes, owners, git), then what stands in them."""

from __future__ import annotations

from nightlatch.core.hook import Hook
from nightlatch.env_files.find import env_files, find
from nightlatch.env_files.rules import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source


def check(source: Source, options: Options) -> Iterator[Finding]:
    """Yield what is wrong with the secret files of the working tree, or of the commit that a range ends with.

    Raises GitError where git can't be asked.
    """
    found = find(source)
    if found.kinds:
        from nightlatch.env_files import contents

        files = env_files(source, found)
        if files:
            yield from contents.check(source, options, files)


HOOK = Hook(
    "env-files", "Secret files are closed to others and to git, and env files hold what they should.", RULES, check,
    whole=True,
)  # fmt: skip
