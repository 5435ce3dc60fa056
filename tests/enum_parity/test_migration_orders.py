# ruff: noqa: E501, ISC004 - files of other tools, a line each
"""Which files are migrations, and in which order: what each tool would run."""

from __future__ import annotations

import json

import pytest

from nightlatch.enum_parity.database_enum import DatabaseEnum
from nightlatch.enum_parity.migration_orders.find import find_sets, is_relevant
from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, Tree
from nightlatch.enum_parity.migration_orders.prisma_schema import schema_enums
from nightlatch.enum_parity.replay import Replay

CREATE = "CREATE TYPE e AS ENUM ('a');"


def add(label: str) -> str:
    return f"ALTER TYPE e ADD VALUE '{label}';"


def sets(files: dict[str, str]) -> list[MigrationSet]:
    return find_sets(Tree([path for path in files if is_relevant(path)], lambda path: files.get(path, "")))


def enums(files: dict[str, str]) -> list[DatabaseEnum]:
    """What the one set among the files leads to."""
    (found,) = sets(files)
    replay = Replay()
    for path in found.files:
        for script in found.cut(path, files[path]):
            replay.run(path, script.text, line=script.line)
    return replay.session.catalog.enums(found.folder)


JOURNAL = json.dumps({"dialect": "postgresql", "entries": [{"idx": 1, "tag": "0000_z"}, {"idx": 0, "tag": "0001_a"}]})
ALEMBIC = "revision = '{}'\ndown_revision = {}\nfrom alembic import op\ndef upgrade():\n    op.execute(\"{}\")\n"
DJANGO = "from django.db import migrations\nclass Migration(migrations.Migration):\n    dependencies = [{}]\n    operations = [{}]\n"

ORDERS: dict[str, tuple[str, dict[str, str]]] = {
    "drizzle": (
        "drizzle", {"db/meta/_journal.json": JOURNAL, "db/0000_z.sql": add("b"), "db/0001_a.sql": CREATE},
    ),
    "prisma": (
        "prisma",
        {
            "prisma/migrations/migration_lock.toml": 'provider = "postgresql"',
            "prisma/migrations/20240101_b/migration.sql": add("b"),
            "prisma/migrations/20230101_a/migration.sql": CREATE,
        },
    ),
    "diesel": (
        "diesel",
        {
            "migrations/2023-01-01-000000_a/up.sql": CREATE, "migrations/2023-01-01-000000_a/down.sql": "DROP TYPE e;",
            "migrations/2024-01-01-000000_b/up.sql": add("b"), "migrations/2024-01-01-000000_b/down.sql": add("no"),
        },
    ),
    "supabase": (
        "supabase", {"supabase/migrations/20240101_b.sql": add("b"), "supabase/migrations/20230101_a.sql": CREATE},
    ),
    "golang-migrate": (
        "golang-migrate",
        {"db/10_b.up.sql": add("b"), "db/10_b.down.sql": "DROP TYPE e;", "db/9_a.up.sql": CREATE, "db/9_a.down.sql": ""},
    ),
    "flyway": (
        "flyway",
        {"sql/V10__b.sql": add("b"), "sql/V9.1__a.sql": CREATE, "sql/R__z.sql": "SELECT 1;", "sql/U10__b.sql": add("no")},
    ),
    "goose": (
        "plain",
        {
            "migrations/1_a.sql": f"-- +goose Up\n{CREATE}\n-- +goose Down\nDROP TYPE e;\n",
            "migrations/2_b.sql": f"-- +goose Up\n-- +goose StatementBegin\n{add('b')}\n-- +goose StatementEnd\n"
            f"-- +goose Down\n{add('no')}\n",
        },
    ),
    "dbmate": (
        "plain", {"db/migrations/1_a.sql": f"-- migrate:up\n{CREATE}\n{add('b')}\n-- migrate:down\nDROP TYPE e;\n"},
    ),
    "plain": (
        "plain",
        {
            "migrations/2_a.sql": CREATE, "migrations/10_b_rollback.sql": add("b"), "migrations/11_clean_up.sql": "SELECT 1;",
            "migrations/2_a_rollback.sql": add("no"), "migrations/rollback/3_b.sql": "DROP TYPE e;",
        },
    ),
    "supabase: words of the way back in a name": (
        "supabase",
        {"supabase/migrations/1_a.sql": CREATE, "supabase/migrations/2_sign_up.sql": "SELECT 1;",
         "supabase/migrations/3_shut_down.sql": add("b"), "supabase/migrations/notes.sql": "DROP TYPE e;"},
    ),
    "node-pg-migrate": (
        "plain",
        {"migrations/1_a.sql": f"-- Up Migration\n{CREATE}\n{add('b')}\n-- Down Migration\nDROP TYPE e;\n"},
    ),
    "tern": (
        "plain", {"migrations/001_a.sql": f"{CREATE}\n{add('b')}\n---- create above / drop below ----\nDROP TYPE e;\n"},
    ),
    "Play": ("plain", {"conf/evolutions/default/1.sql": f"# --- !Ups\n{CREATE}{add('b')}\n# --- !Downs\nDROP TYPE e;\n"}),
    "goose: marks in a later file alone": (
        "plain",
        {f"migrations/{number}.sql": "SELECT 1;" for number in range(5)}
        | {"migrations/7.sql": f"-- +goose Up\n{CREATE}{add('b')}\n-- +goose Down\nDROP TYPE e;\n"},
    ),
    "liquibase's SQL": (
        "plain",
        {"db/changelog/1.sql": f"--liquibase formatted sql\n--changeset me:1\n{CREATE}{add('b')}\n--rollback DROP TYPE e;"},
    ),
    "years": ("plain", {"migrations/2023/02_a.sql": CREATE, "migrations/2024/01_b.sql": add("b")}),
    "pairs of up and down": (
        "plain",
        {"m/1-a-up.sql": CREATE, "m/1-a-down.sql": "DROP TYPE e;", "m/2_b_up.sql": add("b"), "m/2_b_down.sql": add("no")},
    ),
    "graphile-migrate": (
        "graphile-migrate", {"migrations/committed/000001.sql": CREATE, "migrations/current.sql": add("b")},
    ),
    "flyway: folders below a location": (
        "flyway", {"db/migration/z/V1__a.sql": CREATE, "db/migration/a/V2__b.sql": add("b")},
    ),
    "flyway: a baseline": (
        "flyway",
        {"sql/V1__a.sql": "CREATE TYPE e AS ENUM ('old');", "sql/B3__base.sql": CREATE, "sql/V3.1__b.sql": add("b")},
    ),
    "drizzle without its journal": ("plain", {"drizzle/0000_a.sql": CREATE + add("b"), "drizzle/seed.sql": add("no")}),
    "sqitch": (
        "sqitch",
        {
            "sqitch.plan": "%syntax-version=1.0.0\n\nz 2023-01-01T00:00:00Z me <me> # x\na [z] 2024-01-01T00:00:00Z me\n",
            "deploy/a.sql": add("b"), "deploy/z.sql": CREATE, "revert/z.sql": "DROP TYPE e;",
        },
    ),
    "alembic": (
        "alembic",
        {
            "alembic/versions/z.py": ALEMBIC.format("1", "None", CREATE),
            "alembic/versions/a.py": ALEMBIC.format("2", "'1'", add("b")),
        },
    ),
    "django": (
        "django",
        {
            "shop/migrations/0001_a.py": DJANGO.format("('base', '0001_z')", f"migrations.RunSQL(\"{add('b')}\")"),
            "base/migrations/0001_z.py": DJANGO.format("", f"migrations.RunSQL([\"{CREATE}\"], 'DROP TYPE e')"),
        },
    ),
    "django: squashed": (
        "django",
        {
            "shop/migrations/0001_a.py": DJANGO.format("", f'migrations.RunSQL("{CREATE}")'),
            "shop/migrations/0001_squashed.py": DJANGO.format("", f'migrations.RunSQL("{CREATE}")').replace(
                "    dep", "    replaces = [('shop', '0001_a')]\n    dep"
            ),
            "shop/migrations/0002_b.py": DJANGO.format("('shop', '0001_a')", f"migrations.RunSQL(\"{add('b')}\")"),
        },
    ),
    "django: the word operations above, another name": (
        "django",
        {
            "a/migrations/0001_a.py": "from django.contrib.postgres.operations import CITextExtension\n"
            + DJANGO.format("('z', '0001_z')", f"Run(\"{add('b')}\")").replace("db import", "db.migrations import RunSQL as Run #"),
            "z/migrations/0001_z.py": DJANGO.format("", f'migrations.RunSQL("{CREATE}")'),
        },
    ),
    "scripts that make a database": ("docker", {"docker-entrypoint-initdb.d/1.sql": CREATE + add("b")}),
    "scripts where nothing else is": ("scripts", {"sql/schema/001.sql": CREATE, "sql/schema/002.sql": add("b")}),
    "the dump that has the types": ("dump", {"db/schema.sql": "CREATE TABLE x ();", "db/init.sql": CREATE + add("b")}),
    "rails": ("rails", {"db/structure.sql": "CREATE TYPE public.e AS ENUM (\n    'a',\n    'b'\n);\n"}),
    "dump": ("dump", {"schema.sql": CREATE + add("b")}),
}  # fmt: skip


@pytest.mark.parametrize(("tool", "files"), ORDERS.values(), ids=ORDERS)
def test_order(tool: str, files: dict[str, str]) -> None:
    assert [found.tool for found in sets(files)] == [tool]
    (enum,) = enums(files)
    assert (enum.name, enum.texts, enum.reason) == ("public.e", ("a", "b"), "")


def test_a_journal_that_lists_less_than_there_is() -> None:
    files = dict(ORDERS["drizzle"][1]) | {"db/0002_c.sql": add("c"), "db/seed.sql": "SELECT 1;"}
    (found,) = sets(files)
    assert (len(found.files), found.beside, found.doubts) == (2, ["db/0002_c.sql", "db/seed.sql"], ())


def test_rails_dump_is_the_state_whatever_else_there_is() -> None:
    found = sets({"db/structure.sql": CREATE, "services/x/migrations/1.sql": "CREATE TABLE y (id int);"})
    assert [one.tool for one in found] == ["plain", "rails"]


@pytest.mark.parametrize("journal", ["", "[]", "{}", '{"entries": 1}', '{"entries": [{"idx": "x"}]}', "[" * 100_000])
def test_a_journal_that_is_none(journal: str) -> None:
    (found,) = sets({"db/meta/_journal.json": journal})
    assert "no journal" in found.doubts[0][1]


def test_a_dump_beside_migrations_says_nothing() -> None:
    found = sets({"db/migrations/1_a.sql": CREATE, "db/schema.sql": CREATE, "other/sql/schema.sql": CREATE})
    assert [one.folder for one in found] == ["db/migrations", "other/sql"]


MERGED = {
    "a/versions/1.py": ALEMBIC.format("base", "None", CREATE),
    "a/versions/0.py": ALEMBIC.format("left", "'base'", add("b")),
    "a/versions/2.py": ALEMBIC.format("right", "'base'", "SELECT 1"),
    "a/versions/00.py": ALEMBIC.format("both", "('left', 'right')", add("c")),
}


def test_branches_that_are_merged() -> None:
    (enum,) = enums(MERGED)
    assert enum.texts == ("a", "b", "c")


def test_revisions_that_are_missing_or_go_in_a_circle() -> None:
    (missing,) = sets({"versions/a.py": ALEMBIC.format("1", "'0'", CREATE)})
    assert "0" in missing.doubts[0][1]
    circle = {"versions/a.py": ALEMBIC.format("1", "'2'", CREATE), "versions/b.py": ALEMBIC.format("2", "'1'", CREATE)}
    (found,) = sets(circle)
    assert "circle" in found.doubts[0][1]


OPERATIONS = {
    "a table creates the type": (
        "op.create_table('t', sa.Column('s', sa.Enum('a', 'b', name='e')))", {"public.e": ("a", "b")},
    ),
    "a table that doesn't": (
        "postgresql.ENUM('a', name='e').create(op.get_bind())\n"
        "    op.create_table('t', sa.Column('s', postgresql.ENUM('a', name='e', create_type=False)))",
        {"public.e": ("a",)},
    ),
    "a column creates none": ("op.add_column('t', sa.Column('s', sa.Enum('a', name='e')))", {}),
    "created through a name": ("e = sa.Enum('a', name='e', schema='s')\n    e.create(op.get_bind())", {"s.e": ("a",)}),
    "dropped": ("e = sa.Enum('a', name='e')\n    e.create(op.get_bind())\n    e.drop(op.get_bind())", {}),
    "an f-string": ("op.execute(f\"CREATE TYPE e AS ENUM ('{Role.A.value}', '{Role.A.name}')\")", {"public.e": ("x", "A")}),
    "a loop": (
        "op.execute(\"CREATE TYPE e AS ENUM ()\")\n    for v in ('a', 'b'):\n        op.execute(f\"ALTER TYPE e ADD VALUE '{v}'\")",
        {"public.e": ("a", "b")},
    ),
    "an enum class": ("op.create_table('t', sa.Column('s', sa.Enum(Role, name='e')))", {"public.e": ("A", "B")}),
    "a CHECK for an enum": (
        "op.create_table('t', sa.Column('s', sa.Enum('a', native_enum=False, create_constraint=True, name='c')))",
        {"public.t.s": ("a",)},
    ),
    "CHECKs": (
        "op.create_table('t', sa.Column('s', sa.String()), sa.CheckConstraint(\"s IN ('a')\", name='c'))\n"
        "    op.drop_constraint('c', 't')\n    op.create_check_constraint('d', 't', \"s IN ('a', 'b')\")\n"
        "    op.alter_column('t', 's', new_column_name='z')",
        {"public.t.z": ("a", "b")},
    ),
    "a batch": (
        "with op.batch_alter_table('t', schema='s') as batch:\n"
        "        batch.add_column(sa.Column('s', sa.String(), sa.CheckConstraint(\"s IN ('a')\")))",
        {"s.t.s": ("a",)},
    ),
    "another database": (
        "if op.get_bind().dialect.name == 'postgresql':\n        op.execute(\"CREATE TYPE e AS ENUM ('a')\")\n"
        "    else:\n        op.execute(\"CREATE TYPE f AS ENUM ('a')\")",
        {"public.e": ("a",)},
    ),
    "a function of the file": ("helper()", {"public.h": ("a",)}),
    "synchronised": (
        "sa.Enum('a', name='e').create(op.get_bind())\n    op.sync_enum_values('public', 'e', ['a', 'b'], [])",
        {"public.e": ("a", "b")},
    ),
}  # fmt: skip
REVISION = (
    "revision = '1'\ndown_revision = None\nclass Role(Enum):\n    A = 'x'\n    B = 'y'\n"
    "def helper():\n    op.execute(\"CREATE TYPE h AS ENUM ('a')\")\ndef upgrade():\n    {}\ndef downgrade():\n    op.execute('x')\n"
)


@pytest.mark.parametrize(("code", "expected"), OPERATIONS.values(), ids=OPERATIONS)
def test_what_a_revision_does(code: str, expected: dict[str, tuple[str, ...]]) -> None:
    found = enums({"versions/1.py": REVISION.format(code)})
    assert {enum.name: enum.texts for enum in found} == expected
    assert all(enum.certain and (enum.line > 8 or enum.name == "public.h") for enum in found)


def test_a_text_that_a_revision_makes_from_elsewhere_is_uncertain() -> None:
    code = "op.execute(\"CREATE TYPE e AS ENUM ('a')\")\n    op.execute('ALTER TYPE e ADD VALUE ' + imported)"
    (enum,) = enums({"versions/1.py": REVISION.format(code)})
    assert "put together at run time" in enum.reason


PRISMA = """datasource db {
  provider = "postgresql"
}
enum Role {
  ADMIN
  USER @map("user")
  @@map("roles")
}
"""


def test_a_schema_of_prisma_tells_the_state_where_there_are_no_migrations() -> None:
    files = {"app/prisma/schema.prisma": PRISMA, "app/prisma/models/x.prisma": "enum Kind {\n  a\n}\n"}
    found = list(schema_enums(Tree(files, lambda path: files[path]), []))
    assert [(enum.name, enum.texts) for enum in found] == [("public.Kind", ("a",)), ("public.roles", ("ADMIN", "user"))]
    files["app/prisma/migrations/1_a/migration.sql"] = "SELECT 1;"
    tree = Tree(files, lambda path: files[path])
    assert list(schema_enums(tree, find_sets(tree))) == []


def test_a_schema_of_prisma_for_another_database_tells_nothing() -> None:
    files = {"schema.prisma": PRISMA.replace("postgresql", "mysql")}
    assert list(schema_enums(Tree(files, lambda path: files[path]), [])) == []
