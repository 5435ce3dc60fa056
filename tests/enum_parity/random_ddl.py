"""Random scripts of DDL: types, tables, domains, schemas, transactions. A server refuses a third of it."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

NAMES = ("a", "b", "B", '"A"', "c")
SCHEMAS = ("public", "s", '"S"', "u")
COLUMNS = ("x", "y", '"Z"')
LABELS = ("'a'", "'b'", "'A'", "'it''s'", "E'e\\'s'", "'c'", "$$d$$", "''", "U&'\\0061'", "'f'\n'g'", "'it;'")
CONSTRAINTS = ("k", "l", "a_x_check", "b_x_check", '"K"')

name = st.sampled_from(NAMES)
schema = st.sampled_from(SCHEMAS)
column = st.sampled_from(COLUMNS)
typed = st.sampled_from(("t", "u"))
label = st.sampled_from(LABELS)
constraint = st.sampled_from(CONSTRAINTS)
cascade = st.sampled_from(("", "", " CASCADE", " RESTRICT"))
labels = st.lists(label, max_size=4).map(", ".join)
full = st.one_of(name, name, st.tuples(schema, name).map(".".join))


def made(template: str, **values: SearchStrategy[str]) -> SearchStrategy[str]:
    """The template with each name in braces replaced by an example of its strategy."""
    return st.fixed_dictionaries(values).map(lambda chosen: template.format(**chosen))


some_in = st.one_of(
    made("{c} IN ({l}, {m})", c=column, l=label, m=label),
    made("{c} = ANY (ARRAY[{l}, {m}]::text[])", c=column, l=label, m=label),
    made("{c} IS NULL OR {c} IN ({l})", c=column, l=label),
    made("{c} = {l} OR {d} IN ({m})", c=column, l=label, d=column, m=label),
    made("length({c}) > 2", c=column),
)
check = st.one_of(made("CHECK ({e})", e=some_in), made("CONSTRAINT {k} CHECK ({e})", k=constraint, e=some_in))
base = st.sampled_from(("text", "a", "b"))
type_name = st.one_of(st.just("text"), st.just("text"), st.just("varchar(20)"), full, full.map(lambda one: one + "[]"))
plain_column = made("{c} {t}", c=typed, t=type_name)
text_columns = 'x text, y text, "Z" varchar'

TYPES = st.one_of(
    made("CREATE TYPE {n} AS ENUM ({l})", n=full, l=labels),
    made("CREATE TYPE {n} AS ENUM ({l})", n=full, l=labels),
    made("CREATE TYPE {n} AS ({c})", n=full, c=plain_column),
    made("ALTER TYPE {n} ADD VALUE {l}", n=full, l=label),
    made("ALTER TYPE {n} ADD VALUE IF NOT EXISTS {l} BEFORE {m}", n=full, l=label, m=label),
    made("ALTER TYPE {n} ADD VALUE {l} AFTER {m}", n=full, l=label, m=label),
    made("ALTER TYPE {n} RENAME VALUE {l} TO {m}", n=full, l=label, m=label),
    made("ALTER TYPE {n} RENAME TO {m}", n=full, m=name),
    made("ALTER TYPE {n} SET SCHEMA {s}", n=full, s=schema),
    made("DROP TYPE {n}{c}", n=full, c=cascade),
    made("DROP TYPE IF EXISTS {n}, {m}{c}", n=full, m=full, c=cascade),
)
DOMAINS = st.one_of(
    made("CREATE DOMAIN {n} AS {t} CHECK (VALUE IN ({l}, {m}))", n=full, t=base, l=label, m=label),
    made("CREATE DOMAIN {n} AS text CONSTRAINT {k} CHECK (VALUE IN ({l}))", n=full, k=constraint, l=label),
    made("ALTER DOMAIN {n} ADD CHECK (VALUE IN ({l}))", n=full, l=label),
    made("ALTER DOMAIN {n} DROP CONSTRAINT {k}", n=full, k=constraint),
    made("ALTER DOMAIN {n} RENAME TO {m}", n=full, m=name),
    made("DROP DOMAIN {n}{c}", n=full, c=cascade),
)
TABLES = st.one_of(
    made("CREATE TABLE {n} (" + text_columns + ", {k})", n=full, k=check),
    made("CREATE TABLE {n} (" + text_columns + ", {k}, {l})", n=full, k=check, l=check),
    made("CREATE TABLE {n} ({c})", n=full, c=plain_column),
    made("CREATE TABLE IF NOT EXISTS {n} (t {t}, y text CHECK (y IN ({l})))", n=full, t=type_name, l=label),
    made("ALTER TABLE {n} ADD {k}", n=full, k=check),
    made("ALTER TABLE {n} ADD COLUMN {c}", n=full, c=plain_column),
    made("ALTER TABLE {n} ADD COLUMN IF NOT EXISTS {c} text {k}", n=full, c=column, k=check),
    made("ALTER TABLE {n} DROP COLUMN IF EXISTS {c}", n=full, c=column),
    made("ALTER TABLE {n} DROP CONSTRAINT {k}", n=full, k=constraint),
    made("ALTER TABLE {n} DROP CONSTRAINT IF EXISTS {k}, ADD CONSTRAINT {k} {e}", n=full, k=constraint,
         e=made("CHECK ({e})", e=some_in)),
    made("ALTER TABLE {n} RENAME COLUMN {c} TO {d}", n=full, c=column, d=column),
    made("ALTER TABLE {n} RENAME CONSTRAINT {k} TO {l}", n=full, k=constraint, l=constraint),
    made("ALTER TABLE {n} RENAME TO {m}", n=full, m=name),
    made("ALTER TABLE {n} SET SCHEMA {s}", n=full, s=schema),
    made("DROP TABLE {n}{c}", n=full, c=cascade),
)  # fmt: skip
SCHEMA_CHANGES = st.one_of(
    made("CREATE SCHEMA {s}", s=schema),
    made("CREATE SCHEMA IF NOT EXISTS {s}", s=schema),
    made("ALTER SCHEMA {s} RENAME TO {t}", s=schema, t=schema),
    made("DROP SCHEMA {s}{c}", s=schema, c=cascade),
    made("SET search_path TO {s}, {t}", s=schema, t=schema),
    made("SET LOCAL search_path = {s}", s=schema),
    st.just("RESET search_path"),
)
TRANSACTIONS = st.sampled_from((
    "BEGIN", "BEGIN", "COMMIT", "COMMIT", "ROLLBACK", "SAVEPOINT p", "SAVEPOINT q", "ROLLBACK TO p", "ROLLBACK TO q",
    "RELEASE p", "COMMIT AND CHAIN",
))  # fmt: skip
plain = st.one_of(TYPES, TYPES, TYPES, DOMAINS, TABLES, TABLES, SCHEMA_CHANGES)
condition = st.sampled_from(("duplicate_object", "others", "undefined_object", "duplicate_table", "SQLSTATE '42710'"))
exists = st.one_of(
    made("EXISTS (SELECT 1 FROM pg_type WHERE typname = '{n}')", n=st.sampled_from(("a", "b", "A", "c"))),
    made("to_regtype('{n}') IS NOT NULL", n=st.sampled_from(("a", "s.b", '"A"', "public.c"))),
    made("EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{k}')", k=st.sampled_from(("k", "a_x_check"))),
    made(
        "EXISTS (SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace "
        "WHERE n.nspname = '{s}' AND t.typname = '{n}')",
        s=st.sampled_from(("public", "s")),
        n=st.sampled_from(("a", "b")),
    ),
)
BLOCKS = st.one_of(
    made("DO $b$ BEGIN {p}; {q}; EXCEPTION WHEN {c} THEN {r}; END $b$", p=plain, q=plain, c=condition, r=plain),
    made("DO $b$ BEGIN {p}; EXCEPTION WHEN {c} THEN NULL; END $b$", p=plain, c=condition),
    made("DO $b$ BEGIN IF NOT {e} THEN {p}; ELSE {q}; END IF; END $b$", e=exists, p=plain, q=plain),
    made("DO $b$ BEGIN {p}; {q}; END $b$", p=plain, q=plain),
    made("DO $b$ BEGIN EXECUTE $e${p}$e$; END $b$", p=plain),
)
STATEMENTS = st.one_of(plain, plain, plain, plain, BLOCKS, TRANSACTIONS)

PRELUDE = (
    "CREATE SCHEMA s",
    "CREATE TYPE a AS ENUM ('a', 'b', 'c')",
    "CREATE TYPE s.b AS ENUM ('x')",
    "CREATE TABLE c (x text, y text CHECK (y IN ('a', 'b')), \"Z\" text, t a, u s.b)",
)


def scripts(most: int) -> SearchStrategy[list[str]]:
    """Scripts of up to so many statements."""
    return st.lists(STATEMENTS, min_size=most // 2, max_size=most).map(lambda found: [*PRELUDE, *found])
