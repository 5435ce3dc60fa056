"""Symbolic links: of a migration, of the folder of all of them, and of a module of the code."""

from __future__ import annotations

import sys

import pytest

from tests.support.repository import Repository

TYPE = "CREATE TYPE user_role AS ENUM ('admin', 'member');\n"
SCHEMA = "export const role = pgEnum('user_role', ['admin', 'member', 'guest']);\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")


def link(repository: Repository, path: str, target: str) -> None:
    place = repository.path / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)
    repository.git("add", path)


@pytest.mark.parametrize("selector", ["--staged", "--all-files"])
@pytest.mark.parametrize(("path", "target"), [("migrations/1.sql", "../real/1.sql"), ("migrations", "real")])
def test_migrations_behind_a_link_are_replayed(repository: Repository, path: str, target: str, selector: str) -> None:
    repository.stage("real/1.sql", TYPE)
    repository.stage("other/migrations/1.sql", "CREATE TABLE x (a int);\n")
    repository.stage("src/schema.ts", SCHEMA)
    link(repository, path, target)
    outcome = repository.nightlatch("enum-parity", selector, "--format", "json")
    assert outcome.findings() == ["ENUM001 src/schema.ts:1"]
    assert outcome.json()["findings"][0]["data"]["database-path"] == "migrations/1.sql"


def test_what_a_link_means_is_read_anew(repository: Repository) -> None:
    repository.stage("real/1.sql", TYPE.replace("'member'", "'member', 'guest'"))
    repository.stage("src/schema.ts", SCHEMA)
    link(repository, "migrations/1.sql", "../real/1.sql")
    assert repository.nightlatch("enum-parity", "--staged").code == 0
    repository.commit()
    repository.stage("real/1.sql", TYPE)
    outcome = repository.nightlatch("enum-parity", "--staged", "--format", "json")
    assert outcome.findings() == ["ENUM001 src/schema.ts:1"]


@pytest.mark.parametrize("target", ["../../elsewhere/1.sql", "1.sql", "gone.sql"])
def test_a_migration_that_leads_nowhere_is_unchecked(repository: Repository, target: str) -> None:
    repository.stage("src/schema.ts", SCHEMA)
    link(repository, "migrations/1.sql", target)
    outcome = repository.nightlatch("enum-parity", "--staged")
    assert outcome.code == 2
    assert "migrations/1.sql: unchecked it is a symbolic link" in outcome.out + outcome.err


def test_a_folder_that_is_found_anyway_is_not_read_twice(repository: Repository) -> None:
    repository.stage("db/migrations/1.sql", TYPE)
    repository.stage("src/schema.ts", SCHEMA)
    link(repository, "supabase/migrations", "../db/migrations")
    outcome = repository.nightlatch("enum-parity", "--staged", "--format", "json")
    assert outcome.findings() == ["ENUM001 src/schema.ts:1"]


def test_a_module_behind_a_link(repository: Repository) -> None:
    repository.stage("migrations/1.sql", TYPE)
    repository.stage("shared/roles.ts", "export const roles = ['admin', 'member', 'guest'] as const;\n")
    repository.stage(
        "src/schema.ts", "import { roles } from './roles';\nexport const role = pgEnum('user_role', roles);\n"
    )
    link(repository, "src/roles.ts", "../shared/roles.ts")
    outcome = repository.nightlatch("enum-parity", "--staged", "--format", "json")
    assert outcome.findings() == ["ENUM001 src/schema.ts:2"]
    assert "shared/roles.ts:1" in outcome.json()["findings"][0]["message"]
