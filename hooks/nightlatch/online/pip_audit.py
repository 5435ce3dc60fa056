"""pip-audit, asked about exact versions: it resolves nothing, builds nothing and needs no pip.

Its report: https://github.com/pypa/pip-audit#usage (JSON)
"""

from __future__ import annotations

import os

from nightlatch.core.advisories.canaries import CANARIES
from nightlatch.core.advisories.opinion import Opinion
from nightlatch.online.programs import OnlineError
from nightlatch.online.tool import answer, folder_of_its_own, shaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NAME = "pip-audit"
REMEDY = "Install it (pipx install pip-audit), give it the network, or leave --online out."
OPTIONS = (
    "--strict",
    "--format=json",
    "--desc=off",
    "--aliases=on",
    "--progress-spinner=off",
    "--no-deps",
    "--disable-pip",
)

Pair = tuple[str, str]


def ask(packages: Sequence[Pair], environ: Mapping[str, str]) -> Iterator[Opinion]:
    """Yield what pip-audit finds about these packages, as (name, version). Raises OnlineError.

    An answer that has no say about one of them, or nothing about an old and well-known advisory, is none.
    """
    canary = CANARIES["PyPI"][0]
    asked = list(dict.fromkeys([*packages, canary[:2]]))
    found: list[Opinion] = []
    for batch in _batches(asked):
        found.extend(_of_batch(batch, environ))
    if not any(canary[2] in one.ids for one in found if (one.name, one.version) == canary[:2]):
        raise OnlineError(
            f"{NAME} doesn't know {canary[2]}, an old advisory about {canary[0]}: it knows nothing.", REMEDY
        )
    yield from (one for one in found if (one.name, one.version) in packages)


def _batches(pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    """A name may stand but once in a requirements file."""
    rest = list(pairs)
    while rest:
        batch: dict[str, Pair] = {}
        for pair in rest:
            batch.setdefault(pair[0], pair)
        yield list(batch.values())
        rest = [pair for pair in rest if batch[pair[0]] != pair]


def _of_batch(batch: Sequence[Pair], environ: Mapping[str, str]) -> Iterator[Opinion]:
    with folder_of_its_own() as folder:
        file = os.path.join(folder, "requirements.txt")
        with open(file, "w", encoding="utf-8") as target:
            target.writelines(f"{name}=={version}\n" for name, version in batch)
        report = answer(NAME, (*OPTIONS, "--requirement", file), folder, environ, REMEDY)
    told = {}
    for entry in shaped(shaped(report, dict, NAME, REMEDY).get("dependencies"), list, NAME, REMEDY):
        if "skip_reason" not in shaped(entry, dict, NAME, REMEDY):
            told[entry.get("name")] = shaped(entry.get("vulns"), list, NAME, REMEDY)
    for name, version in batch:
        if name not in told:
            raise OnlineError(f"{NAME} has no say about {name}, and may have none about others.", REMEDY)
        for found in told[name]:
            aliases = shaped(found.get("aliases"), list, NAME, REMEDY)
            yield Opinion(name, version, [str(found.get("id")), *map(str, aliases)])
