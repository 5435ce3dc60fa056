"""What a commit starts: nothing where no enum is concerned, and the whole comparison wherever one may be."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from tests.support.repository import Outcome, Repository, run

TYPE = "CREATE TYPE user_role AS ENUM ('admin', 'member');\n"
SCHEMA = "import { roles } from './roles';\nexport const role = pgEnum('user_role', roles);\n"
ROLES = "export const roles = ['admin', 'member'];\n"
HOOKS = Path(__file__).resolve().parents[2] / "hooks"
START = "import sys; from nightlatch.cli import main; sys.exit(main(sys.argv[1:]))"
IMPORTED = re.compile(r"^import time: +[0-9]+ \| +[0-9]+ \| +(\S+)$", re.MULTILINE)


@pytest.fixture
def project(repository: Repository) -> Repository:
    """A repository whose two sides are equal, with two commits and a cache that was filled."""
    repository.stage("README.md", "# A project\n")
    repository.commit()
    repository.stage("migrations/1.sql", TYPE)
    repository.stage("src/schema.ts", SCHEMA)
    repository.stage("src/roles.ts", ROLES)
    repository.stage("src/other.ts", "export const a = 1;\n")
    assert repository.nightlatch("enum-parity", "--staged").code == 0
    repository.commit()
    return repository


def imported(project: Repository) -> set[str]:
    env = project.env | {"PYTHONPATH": str(HOOKS)}
    outcome = run(sys.executable, "-X", "importtime", "-c", START, "enum-parity", "--staged", cwd=project.path, env=env)
    assert outcome.code == 0, outcome
    return set(IMPORTED.findall(outcome.err))


@pytest.mark.parametrize(("path", "text"), [("README.md", "# Words\n"), ("src/other.ts", "export const a = 2;\n")])
def test_nothing_is_loaded_where_no_enum_is_concerned(project: Repository, path: str, text: str) -> None:
    project.stage(path, text)
    assert "nightlatch.enum_parity.parity" not in imported(project)
    assert not {"tree_sitter", "ast"} & imported(project)


def staged(project: Repository) -> Outcome:
    return project.nightlatch("enum-parity", "--staged", "--format", "json")


def test_a_file_that_only_passes_labels_on_concerns(project: Repository) -> None:
    project.stage("src/roles.ts", "export const roles = ['admin'];\n")
    assert staged(project).findings() == ["ENUM002 src/schema.ts:2"]


def test_what_was_learned_of_another_branch_is_not_relied_upon(project: Repository) -> None:
    start = project.git("rev-parse", "HEAD").strip()
    project.stage("src/schema.ts", "export const role = pgEnum('user_role', ['admin', 'member']);\n")
    assert staged(project).code == 0
    project.commit()
    project.git("checkout", "--quiet", start)
    project.stage("src/roles.ts", "export const roles = ['admin'];\n")
    assert staged(project).findings() == ["ENUM002 src/schema.ts:2"]


def test_what_stood_before_does_not_tell_what_passes_labels_on(project: Repository) -> None:
    project.stage("src/roles.ts", "export const roles = [] as string[];\n")
    project.stage(
        "src/more.ts", "export type UserRole = 'admin' | 'other';\nexport const more = ['admin', 'member'];\n"
    )
    project.stage(
        "src/schema.ts", SCHEMA.replace("./roles", "./more").replace("roles)", "more)").replace("roles", "more")
    )
    assert staged(project).findings() == ["ENUM004 src/more.ts:1"]
    project.commit()
    project.stage("src/more.ts", "export type UserRole = 'admin' | 'other';\nexport const more = ['admin'];\n")
    assert "ENUM002 src/schema.ts:2" in staged(project).findings()


def test_commits_of_files_that_mean_nothing_keep_what_was_learned(project: Repository) -> None:
    for number in range(2, 5):
        project.stage("src/other.ts", f"export const a = {number};\n")
        assert "nightlatch.enum_parity.parity" not in imported(project)
        project.commit()


def test_a_commit_past_the_hook_is_made_up_for(project: Repository) -> None:
    project.stage("src/other.ts", "export const other = ['admin'];\n")
    project.stage("src/schema.ts", SCHEMA.replace("./roles", "./other").replace("roles", "other"))
    project.commit()
    project.stage("src/other.ts", "export const other = ['admin', 'guest'];\n")
    assert staged(project).findings() == ["ENUM001 src/schema.ts:2"]


def test_where_modules_are_concerns(project: Repository) -> None:
    project.stage("tsconfig.json", '{"compilerOptions": {"paths": {"@roles": ["./src/roles.ts"]}}}\n')
    project.stage("src/fewer.ts", "export const roles = ['admin'];\n")
    project.stage("src/schema.ts", SCHEMA.replace("./roles", "@roles"))
    assert staged(project).code == 0
    project.commit()
    project.stage("tsconfig.json", '{"compilerOptions": {"paths": {"@roles": ["./src/fewer.ts"]}}}\n')
    assert staged(project).findings() == ["ENUM002 src/schema.ts:2"]


def test_the_same_without_a_cache(project: Repository, tmp_path: Path) -> None:
    project.stage("src/roles.ts", "export const roles = ['admin'];\n")
    project.env["NIGHTLATCH_CACHE_DIR"] = str(tmp_path / "empty")
    assert staged(project).findings() == ["ENUM002 src/schema.ts:2"]


def test_a_deleted_migration_concerns(project: Repository) -> None:
    project.stage("migrations/2.sql", "ALTER TYPE user_role ADD VALUE 'guest';\n")
    project.stage("src/roles.ts", "export const roles = ['admin', 'member', 'guest'];\n")
    assert staged(project).code == 0
    project.commit()
    project.git("rm", "--quiet", "migrations/2.sql")
    assert staged(project).findings() == ["ENUM001 src/schema.ts:2"]


def test_a_binding_that_loses_its_type(project: Repository) -> None:
    project.stage("migrations/2.sql", "ALTER TYPE user_role RENAME TO member_role;\n")
    assert staged(project).findings() == ["ENUM006 src/schema.ts:2"]
    project.git("rm", "--quiet", "--cached", "migrations/1.sql", "migrations/2.sql")
    assert staged(project).findings() == ["ENUM006 src/schema.ts:2"]


def test_another_name_in_the_code_alone(project: Repository) -> None:
    project.stage("src/schema.ts", SCHEMA.replace("user_role", "user_roles"))
    assert staged(project).findings() == ["ENUM006 src/schema.ts:2"]


def test_a_comment_counts_where_no_migration_is_left(project: Repository) -> None:
    project.stage("src/schema.ts", "// parity: public.user_role\nexport enum Role { A = 'admin', M = 'member' }\n")
    assert staged(project).code == 0
    project.commit()
    project.git("rm", "--quiet", "migrations/1.sql")
    outcome = staged(project)
    assert outcome.code == 2
    assert "names no type" in outcome.json()["unchecked"][0]["reason"]


def test_a_broken_pair_is_known_in_a_file_of_another_name(project: Repository) -> None:
    project.stage("src/a.ts", "export enum UserRole { A = 'admin', M = 'member' }\n")
    assert staged(project).code == 0
    project.commit()
    project.git("mv", "src/a.ts", "src/b.ts")
    project.stage("src/b.ts", "export enum UserRole { A = 'admin', M = 'member', G = 'guest' }\n")
    assert staged(project).findings() == ["ENUM003 src/b.ts:1"]


def test_places_are_those_of_now(project: Repository) -> None:
    project.git("mv", "migrations/1.sql", "migrations/2.sql")
    project.stage("src/roles.ts", "export const roles = ['admin'];\n")
    assert staged(project).json()["findings"][0]["data"]["database-path"] == "migrations/2.sql"


def test_an_enum_that_is_taken_out_concerns(project: Repository) -> None:
    project.stage(
        "src/roles.ts", "export enum Role { A = 'admin', M = 'member' }\nexport const roles = Object.values(Role);\n"
    )
    project.commit()
    project.stage("src/roles.ts", "export const roles = ['admin'];\n")
    assert staged(project).findings() == ["ENUM002 src/schema.ts:2"]


def test_the_index_is_checked_and_not_the_working_tree(project: Repository) -> None:
    project.stage("src/roles.ts", "export const roles = ['admin'];\n")
    project.write("src/roles.ts", ROLES)
    assert staged(project).findings() == ["ENUM002 src/schema.ts:2"]


def test_from_a_folder_below(project: Repository) -> None:
    project.stage("src/roles.ts", "export const roles = ['admin'];\n")
    below = Repository(project.path / "src", project.env)
    assert staged(below).findings() == ["ENUM002 src/schema.ts:2"]


def test_a_range_and_all_files_say_the_same(project: Repository) -> None:
    project.stage("src/roles.ts", "export const roles = ['admin'];\n")
    project.commit()
    for words in (("--all-files",), ("--from-ref", "HEAD~"), ("--history",), ("src",)):
        assert project.nightlatch("enum-parity", *words, "--format", "json").findings() == ["ENUM002 src/schema.ts:2"]


@pytest.mark.parametrize("damage", ["empty", "half", "garbage", "another shape"])
def test_a_damaged_cache_is_made_anew(project: Repository, tmp_path: Path, damage: str) -> None:
    cache = tmp_path / "cache"
    project.env["NIGHTLATCH_CACHE_DIR"] = str(cache)
    project.stage("src/roles.ts", "export const roles = ['admin'];\n")
    assert staged(project).findings() == ["ENUM002 src/schema.ts:2"]
    files = [path for path in cache.iterdir() if path.name.startswith("enum-facts")]
    assert files
    for path in files:
        whole = path.read_bytes()
        path.write_bytes({"empty": b"", "half": whole[: len(whole) // 2], "garbage": os.urandom(200)}.get(damage, b"x"))
    assert staged(project).findings() == ["ENUM002 src/schema.ts:2"]
    assert all(path.stat().st_size > 200 for path in files), "it was written again"


def test_a_note_allows_a_finding(project: Repository) -> None:
    project.stage("src/roles.ts", "export const roles = ['admin'];\n")
    note = "// nightlatch: allow ENUM002 -- members are gone\n"
    project.stage("src/schema.ts", SCHEMA.replace("export", note + "export"))
    outcome = staged(project)
    assert outcome.code == 0, outcome
    assert [one["rule"] for one in outcome.json()["suppressed"]] == ["ENUM002"]


def test_a_list_that_loses_all_its_words_concerns(project: Repository) -> None:
    project.stage("src/schema.ts", "export const role = 1;\n")
    project.stage("src/more.ts", "export enum UserRole { A = 'admin', M = 'member' }\n")
    assert staged(project).code == 0
    project.commit()
    project.stage("src/more.ts", "export const role = 1;\n")
    assert "nightlatch.enum_parity.parity" in imported(project)


def test_staging_a_file_of_no_meaning_again_loads_nothing(project: Repository) -> None:
    for text in ("x = 1\n", "x = 2\n", "x = 3\n"):
        project.stage("src/plain.py", text)
        assert "nightlatch.enum_parity.parity" not in imported(project)
        assert not {"nightlatch.enum_parity.python_code", "nightlatch.core.ends"} & imported(project)


REVISION = "revision = {!r}\ndown_revision = {!r}\nfrom alembic import op\ndef upgrade():\n    op.execute({!r})\n"


@pytest.mark.parametrize("folder", ["app/db/revisions", "app/history"])
def test_revisions_in_a_folder_of_their_own(repository: Repository, folder: str) -> None:
    repository.stage("README.md", "# A project\n")
    repository.commit()
    repository.stage("alembic.ini", f"[alembic]\nscript_location = app\nversion_locations = %(here)s/{folder}\n")
    repository.stage(f"{folder}/a.py", REVISION.format("a", None, TYPE))
    repository.stage("src/schema.ts", "export const role = pgEnum('user_role', ['admin', 'member']);\n")
    assert staged(repository).code == 0
    repository.commit()
    repository.stage(f"{folder}/b.py", REVISION.format("b", "a", "ALTER TYPE user_role ADD VALUE 'guest'"))
    assert staged(repository).findings() == ["ENUM002 src/schema.ts:1"]


def test_the_remedy_that_takes_a_label_out_is_understood_as_a_migration(repository: Repository) -> None:
    repository.stage(
        "migrations/0001.sql",
        "CREATE TYPE user_role AS ENUM ('admin', 'member', 'guest');\n"
        "CREATE TABLE users (role user_role NOT NULL DEFAULT 'member', state text CHECK (state IN ('on', 'off')));\n",
    )
    repository.stage(
        "src/schema.ts",
        'import { pgEnum } from "drizzle-orm/pg-core";\n'
        'export const userRole = pgEnum("user_role", ["admin", "member"]);\n',
    )
    (found,) = repository.nightlatch("enum-parity", "--format", "json").json()["findings"]
    assert found["rule"] == "ENUM002"
    repository.stage("migrations/0002.sql", "\n".join(found["data"]["sql"]) + "\n")
    outcome = repository.nightlatch("enum-parity", "--format", "json")
    assert (outcome.code, outcome.json()["unchecked"]) == (0, [])
