"""A Prisma project without migrations (`prisma db push`): its schema is what the database is made from."""

from __future__ import annotations

import re

from nightlatch.enum_parity.database_enum import ENUM, DatabaseEnum, Label
from nightlatch.enum_parity.expressions import TEXT
from nightlatch.enum_parity.prisma import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nightlatch.enum_parity.expressions import Bound
    from nightlatch.enum_parity.migration_orders.migration_set import MigrationSet, Tree

SUFFIX = ".prisma"
POSTGRES = ("postgresql", "postgres", "cockroachdb")
DEFAULT_SCHEMA = "public"

_SOURCE = re.compile(r'^\s*datasource\s+\w+\s*\{[^}]*?\bprovider\s*=\s*"(\w+)"', re.MULTILINE)


def schema_enums(tree: Tree, known: Sequence[MigrationSet]) -> Iterator[DatabaseEnum]:
    """The enums of each schema of PostgreSQL's beside which there are no migrations, in the order of the files."""
    paths = [path for path in tree.paths if path.endswith(SUFFIX)]
    for path in paths:
        provider = _SOURCE.search(tree.text(path))
        folder = path.rpartition("/")[0]
        if provider and provider[1] in POSTGRES and not any(_is_beside(folder, set_.folder) for set_ in known):
            lead = f"{folder}/" if folder else ""
            for part in paths:
                if part == path or part.startswith(lead):
                    yield from _enums(tree, part, folder)


def _is_beside(folder: str, migrations: str) -> bool:
    """Whether the migrations stand below the schema's folder, or below the one above it."""
    above = folder.rpartition("/")[0]
    return any(not place or migrations == place or migrations.startswith(f"{place}/") for place in (folder, above))


def _enums(tree: Tree, path: str, folder: str) -> Iterator[DatabaseEnum]:
    facts = read(tree.text(path).encode("utf-8", "surrogateescape"))
    for bound in facts.bound:
        labels = _labels(bound, path)
        yield DatabaseEnum(
            f"{bound.qualifier or DEFAULT_SCHEMA}.{bound.target}", ENUM, labels, path, bound.line, source=folder
        )


def _labels(bound: Bound, path: str) -> tuple[Label, ...]:
    return tuple(Label(str(part[1]), path, int(part[2])) for part in bound.expression[1] if part[0] == TEXT)
