"""`npm audit`, asked about exact versions: about a lockfile that is made for it, with nothing of the repository's.

Its report: https://docs.npmjs.com/cli/commands/npm-audit (auditReportVersion 2)
"""

from __future__ import annotations

import json
import os

from nightlatch.core.advisories.canaries import CANARIES
from nightlatch.core.advisories.opinion import Opinion
from nightlatch.online.programs import OnlineError
from nightlatch.online.tool import answer, folder_of_its_own, run, sentence, shaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NAME = "npm"
REMEDY = "Give npm the network and a registry that answers audits, or leave --online out."
OPTIONS = (
    "audit",
    "--json",
    "--package-lock-only",
    "--package-lock=true",
    "--ignore-scripts",
    "--offline=false",
    "--prefer-offline=false",
    "--global=false",
    "--workspaces=false",
    "--include=dev",
    "--include=optional",
)
"""What a user's settings could say otherwise is said here."""

VERSION = 2

Pair = tuple[str, str]


def ask(packages: Sequence[Pair], environ: Mapping[str, str]) -> Iterator[Opinion]:
    """Yield what npm's registry says of these packages, as (name, version). Raises OnlineError.

    An npm that is told to stay offline finds nothing and says so as if all were well: it is refused. So is an answer
    that has nothing about an old and well-known package.
    """
    canary = CANARIES["npm"][0][:2]
    asked = list(dict.fromkeys([*packages, canary]))
    with folder_of_its_own() as folder:
        # Its own package.json makes the folder npm's project: no .npmrc above it counts.
        _write(folder, asked)
        _refuse_offline(folder, environ)
        options = (*OPTIONS, f"--prefix={folder}")
        report = shaped(answer(NAME, options, folder, environ, REMEDY), dict, NAME, REMEDY)
    if report.get("auditReportVersion") != VERSION:
        error = report.get("error")
        fields = error if isinstance(error, dict) else {}
        said = str(fields.get("summary") or fields.get("code") or report.get("message") or "no reason")
        raise OnlineError(f"npm audit gave no answer: {sentence(said[:300])}", REMEDY)
    found = list(_opinions(shaped(report.get("vulnerabilities"), dict, NAME, REMEDY), asked))
    if not any((one.name, one.version) == canary for one in found):
        raise OnlineError(
            f"npm audit knows nothing about {canary[0]} {canary[1]}: its registry has no advisories.", REMEDY
        )
    yield from (one for one in found if (one.name, one.version) in packages)


def _refuse_offline(folder: str, environ: Mapping[str, str]) -> None:
    output, _ = run(NAME, ("config", "get", "offline"), folder, environ, REMEDY)
    if output.strip() != b"false":
        raise OnlineError(
            "npm is set to stay offline: its audit would find nothing.", f"npm config delete offline. {REMEDY}"
        )


def _write(folder: str, pairs: Sequence[Pair]) -> None:
    """A project that asks for each package under a name of its own: so one may stand there in several versions."""
    wanted = {_place(number): f"npm:{name}@{version}" for number, (name, version) in enumerate(pairs)}
    entries: dict[str, object] = {"": {"name": "asked", "version": "1.0.0", "dependencies": wanted}}
    for number, (name, version) in enumerate(pairs):
        entries[f"node_modules/{_place(number)}"] = {"name": name, "version": version}
    lockfile = {"name": "asked", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": entries}
    for file, content in (("package.json", entries[""]), ("package-lock.json", lockfile)):
        with open(os.path.join(folder, file), "w", encoding="utf-8") as target:
            json.dump(content, target)


def _place(number: int) -> str:
    return f"asked-{number}"


def _opinions(vulnerabilities: Mapping[str, object], pairs: Sequence[Pair]) -> Iterator[Opinion]:
    places = {f"node_modules/{_place(number)}": pair for number, pair in enumerate(pairs)}
    for entry in vulnerabilities.values():
        fields = shaped(entry, dict, NAME, REMEDY)
        nodes = shaped(fields.get("nodes"), list, NAME, REMEDY)
        for via in shaped(fields.get("via"), list, NAME, REMEDY):
            if isinstance(via, dict):  # else the name of another entry that brings it
                yield from _of_advisory(via, [places[node] for node in dict.fromkeys(nodes) if node in places])


def _of_advisory(via: Mapping[str, object], pairs: Sequence[Pair]) -> Iterator[Opinion]:
    """The page's address ends with the advisory's id."""
    id = str(via.get("url", "")).rstrip("/").rpartition("/")[2] or str(via.get("source"))
    for name, version in pairs:
        yield Opinion(name, version, [id], str(via.get("title") or ""))
