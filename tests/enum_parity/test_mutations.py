"""Every label of every bound pair is dropped, added, renamed, written in another case: each is found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

import pytest

from nightlatch.enum_parity.code_enum import CodeEnum, CodeLabel
from nightlatch.enum_parity.compare import DIFFERS, EQUAL, Difference
from nightlatch.enum_parity.database_enum import ENUM, DatabaseEnum, Label
from nightlatch.enum_parity.mend import statements
from nightlatch.enum_parity.replay import Replay
from tests.support.repository import Repository

LABELS = ("admin", "it's", "Größe", "a b", "x")
WRITERS: dict[str, tuple[str, Callable[[str, list[str]], str]]] = {
    "drizzle": ("src/{}.ts", lambda name, labels: f"export const r = pgEnum('{name}', {_quoted(labels)});\n"),
    "a TypeScript enum": (
        "src/{}.ts",
        lambda name, labels: (
            "export enum R {"
            + "".join(f" M{number} = {_one(label)}," for number, label in enumerate(labels))
            + f" }}\nexport const r = pgEnum('{name}', R);\n"
        ),
    ),
    "Supabase": (
        "src/{}.ts",
        lambda name, labels: (
            f"export type Database = {{ public: {{ Enums: {{ {name}: {' | '.join(map(_one, labels))} }} }} }}\n"
        ),
    ),
    "Prisma": (
        "{}.prisma",
        lambda name, labels: (
            f"enum R{name} {{\n"
            + "".join(f'  M{number} @map("{label}")\n' for number, label in enumerate(labels))
            + f'  @@map("{name}")\n}}\n'
        ),
    ),
    "SQLAlchemy": (
        "app/{}.py",
        lambda name, labels: f"from sqlalchemy import Enum\nr = Enum({', '.join(map(repr, labels))}, name='{name}')\n",
    ),
    "sqlx": (
        "src/{}.rs",
        lambda name, labels: (
            f'#[derive(sqlx::Type)]\n#[sqlx(type_name = "{name}")]\nenum R {{\n'
            + "".join(f'  #[sqlx(rename = "{label}")] M{number},\n' for number, label in enumerate(labels))
            + "}\n"
        ),
    ),
}
"""Where each writes an enum of a name, and its text: a file for each mutation."""


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


MUTATIONS = {f"role{number}": mutation for number, mutation in enumerate(mutations(LABELS))}
"""The name of a type → what is done to its labels, and the labels after it: one run looks at all of them."""


def created(name: str, labels: Iterable[str]) -> str:
    made = ", ".join("'" + label.replace("'", "''") + "'" for label in labels)
    return f"CREATE TYPE {name} AS ENUM ({made});\n"


def found(repository: Repository) -> dict[str, dict[str, object]]:
    """What is said of each type."""
    outcome = repository.nightlatch("enum-parity", "--all-files", "--format", "json")
    assert not outcome.json()["unchecked"]
    return {one["data"]["database"].removeprefix("public."): one["data"] for one in outcome.json()["findings"]}


def lacking(labels: Iterable[str], others: Collection[str]) -> list[str]:
    return [label for label in labels if label not in others]


@pytest.mark.parametrize("writer", WRITERS)
def test_every_mutation_of_the_code_is_found(repository: Repository, writer: str) -> None:
    path, write = WRITERS[writer]
    repository.write("migrations/1.sql", "".join(created(name, LABELS) for name in MUTATIONS))
    for name in MUTATIONS:
        repository.write(path.format(name), write(name, list(LABELS)))
    assert found(repository) == {}
    for name, (_, labels) in MUTATIONS.items():
        repository.write(path.format(name), write(name, labels))
    told = found(repository)
    assert told.keys() == MUTATIONS.keys()
    for name, (what, labels) in MUTATIONS.items():
        assert told[name]["only-in-code"] == lacking(labels, LABELS), what
        assert told[name]["only-in-database"] == lacking(LABELS, labels), what


def test_every_mutation_of_the_migrations_is_found(repository: Repository) -> None:
    path, write = WRITERS["drizzle"]
    for name in MUTATIONS:
        repository.write(path.format(name), write(name, list(LABELS)))
    repository.write("migrations/1.sql", "".join(created(name, labels) for name, (_, labels) in MUTATIONS.items()))
    assert found(repository).keys() == MUTATIONS.keys()


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
