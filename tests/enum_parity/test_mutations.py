"""Every label of every bound pair is dropped, added, renamed, written in another case: each is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from nightlatch.enum_parity.code_enum import CodeEnum, CodeLabel
from nightlatch.enum_parity.compare import DIFFERS, EQUAL, Difference
from nightlatch.enum_parity.database_enum import ENUM, DatabaseEnum, Label
from nightlatch.enum_parity.mend import statements
from nightlatch.enum_parity.replay import Replay
from tests.support.repository import Repository

LABELS = ("admin", "it's", "Größe", "a b", "x")
WRITERS: dict[str, tuple[str, Callable[[list[str]], str]]] = {
    "drizzle": ("src/schema.ts", lambda labels: f"export const r = pgEnum('user_role', {_quoted(labels)});\n"),
    "a TypeScript enum": (
        "src/schema.ts",
        lambda labels: (
            "export enum R {"
            + "".join(f" M{number} = {_one(label)}," for number, label in enumerate(labels))
            + " }\nexport const r = pgEnum('user_role', R);\n"
        ),
    ),
    "Supabase": (
        "src/types.ts",
        lambda labels: (
            f"export type Database = {{ public: {{ Enums: {{ user_role: {' | '.join(map(_one, labels))} }} }} }}\n"
        ),
    ),
    "Prisma": (
        "schema.prisma",
        lambda labels: (
            "enum R {\n"
            + "".join(f'  M{number} @map("{label}")\n' for number, label in enumerate(labels))
            + '  @@map("user_role")\n}\n'
        ),
    ),
    "SQLAlchemy": (
        "app/models.py",
        lambda labels: f"from sqlalchemy import Enum\nrole = Enum({', '.join(map(repr, labels))}, name='user_role')\n",
    ),
    "sqlx": (
        "src/r.rs",
        lambda labels: (
            '#[derive(sqlx::Type)]\n#[sqlx(type_name = "user_role")]\nenum R {\n'
            + "".join(f'  #[sqlx(rename = "{label}")] M{number},\n' for number, label in enumerate(labels))
            + "}\n"
        ),
    ),
}


def _one(label: str) -> str:
    return '"' + label + '"'


def _quoted(labels: list[str]) -> str:
    return "[" + ", ".join(map(_one, labels)) + "]"


def mutations(labels: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    """What is done, and the labels after it."""
    for index, label in enumerate(labels):
        before, after = list(labels[:index]), list(labels[index + 1 :])
        yield f"{label} dropped", [*before, *after]
        yield f"one added before {label}", [*before, "new", label, *after]
        yield f"{label} renamed", [*before, "other", *after]
        yield f"{label} with a blank", [*before, label + " ", *after]
        yield f"{label} in another case", [*before, label.swapcase(), *after]


@pytest.mark.parametrize("writer", WRITERS)
def test_every_mutation_of_the_code_is_found(repository: Repository, writer: str) -> None:
    path, write = WRITERS[writer]
    sql = "CREATE TYPE user_role AS ENUM (" + ", ".join("'" + one.replace("'", "''") + "'" for one in LABELS) + ");\n"
    repository.stage("migrations/1.sql", sql)
    repository.stage(path, write(list(LABELS)))
    clean = repository.nightlatch("enum-parity", "--staged", "--format", "json")
    assert (clean.code, clean.findings()) == (0, []), clean
    for what, labels in mutations(LABELS):
        repository.stage(path, write(labels))
        outcome = repository.nightlatch("enum-parity", "--staged", "--format", "json")
        (found,) = outcome.json()["findings"]
        assert outcome.code == 1, what
        assert found["data"]["only-in-code"] == [label for label in labels if label not in LABELS], what
        assert found["data"]["only-in-database"] == [label for label in LABELS if label not in labels], what


def test_every_mutation_of_the_migrations_is_found(repository: Repository) -> None:
    repository.stage("src/schema.ts", WRITERS["drizzle"][1](list(LABELS)))
    for what, labels in mutations(LABELS):
        made = ", ".join("'" + one.replace("'", "''") + "'" for one in labels)
        repository.stage("migrations/1.sql", f"CREATE TYPE user_role AS ENUM ({made});\n")
        assert repository.nightlatch("enum-parity", "--staged").code == 1, what


def database(labels: tuple[str, ...]) -> DatabaseEnum:
    return DatabaseEnum("public.user_role", ENUM, tuple(Label(one, "1.sql", 1) for one in labels), "1.sql", 1)


def code(labels: list[str]) -> CodeEnum:
    return CodeEnum("a.ts", 1, "r", "pgEnum", [CodeLabel(one, "a.ts", 1) for one in labels])


def test_the_statements_that_are_printed_mend_it() -> None:
    """Replayed: what they lead to is equal, in the same order. Swapped types are tried on a real PostgreSQL."""
    for what, labels in mutations(LABELS):
        sql = statements(database(LABELS), labels)
        if any(one.startswith("DO ") for one in sql):
            continue
        replay = Replay()
        made = ", ".join("'" + one.replace("'", "''") + "'" for one in LABELS)
        replay.run("1.sql", f"CREATE TYPE user_role AS ENUM ({made});")
        replay.run("2.sql", "\n".join(sql))
        (after,) = replay.session.catalog.enums()
        assert Difference(code(labels), database(LABELS)).state == DIFFERS, what
        assert Difference(code(labels), after).state == EQUAL, (what, sql)
