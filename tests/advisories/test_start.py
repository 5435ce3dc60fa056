"""What a commit waits for: with data in place, no network, no archive and no parser of versions is even imported."""

from __future__ import annotations

from pathlib import Path

from tests.support.repository import Repository
from tests.test_import_budget import check, modules, packages

NOT_NEEDED = {
    "argparse",
    "hashlib",
    "http",
    "packaging",
    "rich",
    "socket",
    "ssl",
    "subprocess",
    "tempfile",
    "urllib",
    "yaml",
}
LOCKED = "".join(
    f"{name}==2.{number}.1 \\\n    --hash=sha256:{number:064x}\n"
    for number, name in enumerate(["filling", "acme-http"])
)


def imported(repository: Repository, database: Path) -> set[str]:
    """The modules of a run that finds nothing, when the configuration is known."""
    repository.env["NIGHTLATCH_ADVISORIES"] = str(database)
    check(repository, "dependencies", site=True)
    return modules(check(repository, "dependencies", site=True))


def test_little_is_imported_to_compare_a_lockfile(repository: Repository, whole_advisories: Path) -> None:
    repository.write("requirements.in", "filling\nacme-http\n")
    repository.stage("requirements.txt", LOCKED)
    names = imported(repository, whole_advisories)
    assert {"sqlite3", "nightlatch.core.advisories.matching"} <= names
    assert packages(names) & NOT_NEEDED == set()
    assert {name for name in names if name.startswith("nightlatch.advisories.")} == {
        "nightlatch.advisories.place",
        "nightlatch.advisories.supply",
    }


def test_nothing_of_it_where_no_lockfile_is_touched(repository: Repository, tmp_path: Path) -> None:
    repository.stage("page.txt", "Nothing to see here.\n")
    names = imported(repository, tmp_path / "none")
    assert not {name for name in names if "advisories" in name or name.startswith("sqlite3")}
