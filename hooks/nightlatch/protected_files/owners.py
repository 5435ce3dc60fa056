"""Protected files that a change touches and for which CODEOWNERS names nobody (PRO012)."""

from __future__ import annotations

from nightlatch.core.finding import Finding
from nightlatch.protected_files.codeowners import PLACES, TooLongError, parse
from nightlatch.protected_files.rules import WITHOUT_OWNER
from nightlatch.protected_files.spelling import for_codeowners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nightlatch.core.hook import Source

MOST_NAMED = 3


def check(source: Source, changed: Sequence[str], files: Mapping[str, bytes], *, demands: bool) -> Iterator[Finding]:
    """Yield a finding for each changed file that nobody owns.

    source   notes what can't be checked

    changed  the protected files that the change touches
    files    path → bytes of the files in which owners may stand
    demands  whether the configuration protects files: only then a repository without CODEOWNERS is told
    """
    place = next((path for path in PLACES if path in files), None)
    if place is None:
        if changed and demands:
            yield _without_file(changed)
        return
    try:
        owners = parse(files[place].decode("utf-8", "replace"))
    except TooLongError as error:
        source.leave_unchecked(place, str(error))
        return
    for path in changed:
        if not owners.has(path):
            yield Finding(
                WITHOUT_OWNER,
                f"It is protected, and no line of {place} that counts names an owner.",
                path=path,
                fix=f"Add to {place}, below every other line that matches it: {for_codeowners(path)} @your-team",
                anchor=path,
            )


def _without_file(changed: Sequence[str]) -> Finding:
    more = f" and {len(changed) - MOST_NAMED} more" if len(changed) > MOST_NAMED else ""
    return Finding(
        WITHOUT_OWNER,
        f"Protected files were changed ({', '.join(changed[:MOST_NAMED])}{more}), and there is no CODEOWNERS.",
        path=changed[0],
        fix=f"Make .github/CODEOWNERS (or .gitlab/CODEOWNERS) with the line: {for_codeowners(changed[0])} @your-team",
        anchor="no CODEOWNERS",
    )
