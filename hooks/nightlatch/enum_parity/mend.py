"""The SQL that brings the database's labels to those of the code.

A new value can't be used in the transaction that adds it, so ADD VALUE belongs in a migration of its own. Values can't
be removed or reordered: that takes a new type in the old one's place, to which each column is converted.
"""

from __future__ import annotations

from nightlatch.enum_parity.database_enum import CHECK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from nightlatch.enum_parity.database_enum import DatabaseEnum

SWAP = """\
DO $$
DECLARE
  one record;
  places text[] := '{{}}';
  fields text[] := '{{}}';
  presets text[] := '{{}}';
BEGIN
  CREATE TYPE {new} AS ENUM ({labels});
  FOR one IN
    SELECT a.attrelid::regclass AS place, a.attname AS field, pg_get_expr(d.adbin, d.adrelid) AS preset
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.atttypid = {old_text}::regtype AND NOT a.attisdropped AND a.attinhcount = 0
  LOOP
    IF one.preset IS NOT NULL THEN
      EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT', one.place, one.field);
      places := places || one.place::text;
      fields := fields || one.field::text;
      presets := presets || one.preset;
    END IF;
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s USING %I::text::%s',
      one.place, one.field, {new_text}, one.field, {new_text});
  END LOOP;
  DROP TYPE {old};
  ALTER TYPE {new} RENAME TO {name};
  FOR position IN 1 .. coalesce(array_length(places, 1), 0) LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s',
      places[position], fields[position], presets[position]);
  END LOOP;
END $$;"""


def statements(database: DatabaseEnum, wanted: Sequence[str]) -> list[str]:
    """The statements, in order, after which the database has exactly the wanted labels, in that order.

    None for a CHECK that says more than the list.
    """
    if database.kind == CHECK:
        return _check(database, wanted)
    have = list(database.texts)
    renamed = renaming(have, wanted)
    name = quoted_type(database.name)
    if renamed:
        return [f"ALTER TYPE {name} RENAME VALUE {quoted(renamed[0])} TO {quoted(renamed[1])};"]
    known = set(have)
    if [label for label in wanted if label in known] == have:
        return additions(database, wanted)
    return [swap(database, wanted)]


def additions(database: DatabaseEnum, wanted: Sequence[str]) -> list[str]:
    """ADD VALUE for each wanted label that is missing, at its place."""
    have = database.texts
    known = set(have)
    first, last = (have[0], have[-1]) if have else ("", "")
    made = []
    for index, label in enumerate(wanted):
        if label in known:
            continue
        before = wanted[index - 1] if index else None  # it is there by now
        if before is None:
            place = f" BEFORE {quoted(first)}" if have else ""
            last = last if have else label
        elif before == last:
            place, last = "", label
        else:
            place = f" AFTER {quoted(before)}"
        made.append(f"ALTER TYPE {quoted_type(database.name)} ADD VALUE {quoted(label)}{place};")
        known.add(label)
    return made


def renaming(have: Sequence[str], wanted: Sequence[str]) -> tuple[str, str] | None:
    """The one label that has another name in the same place, or None."""
    if len(have) != len(wanted):
        return None
    changed = [(old, new) for old, new in zip(have, wanted, strict=True) if old != new]
    if len(changed) == 1 and changed[0][0] not in wanted and changed[0][1] not in have:
        return changed[0]
    return None


def swap(database: DatabaseEnum, wanted: Sequence[str]) -> str:
    """A new type in the old one's place. Rows must not hold a label that goes: update them before."""
    name = database.name.partition(".")[2] or database.name
    new = quoted_type(f"{database.name}__new")
    old = quoted_type(database.name)
    labels = ", ".join(quoted(label) for label in wanted)
    return SWAP.format(
        new=new, old=old, labels=labels, old_text=quoted(old), new_text=quoted(new), name=quoted_part(name)
    )


def _check(database: DatabaseEnum, wanted: Sequence[str]) -> list[str]:
    """The constraint dropped and added again; nothing where that would drop what else it says."""
    if not database.constraint:
        return []
    table, _, column = database.name.rpartition(".")
    constraint = quoted_part(database.constraint)
    labels = ", ".join(quoted(label) for label in wanted)
    if database.name.count(".") < 2:  # noqa: PLR2004 - schema, table, column: a domain has no column
        name = quoted_name(database.name)
        return [
            f"ALTER DOMAIN {name} DROP CONSTRAINT {constraint};",
            f"ALTER DOMAIN {name} ADD CONSTRAINT {constraint} CHECK (VALUE IN ({labels}));",
        ]
    name = quoted_name(table)
    return [
        f"ALTER TABLE {name} DROP CONSTRAINT {constraint};",
        f"ALTER TABLE {name} ADD CONSTRAINT {constraint} CHECK ({quoted_part(column)} IN ({labels}));",
    ]


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def quoted_type(name: str) -> str:
    """A type's name behind its schema's, in quotes: it may have dots itself."""
    schema, dot, rest = name.partition(".")
    return f"{quoted_part(schema)}.{quoted_part(rest)}" if dot else quoted_part(schema)


def quoted_name(name: str) -> str:
    """A dotted name, each part in quotes: right whatever its case."""
    return ".".join(quoted_part(part) for part in name.split("."))


def quoted_part(name: str) -> str:
    """One name in double quotes."""
    return '"' + name.replace('"', '""') + '"'
