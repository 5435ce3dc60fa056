"""What stands in env files and in their templates: the rules ENV101 to ENV115."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source
    from nightlatch.env_files.env_file import EnvFile


def check(source: Source, options: Options, found: Sequence[EnvFile]) -> Iterator[Finding]:  # noqa: ARG001 - to come
    """Yield what is wrong in the contents of the env files and templates that were found.

    found  every env file and template of the tree, or of the commit: each path once, in order of path
    """
    yield from ()
