"""What a replay and a real server say of the same script, in one form that can be compared."""

from __future__ import annotations

from nightlatch.enum_parity.catalog import DOMAIN, Check, Table, Type
from nightlatch.enum_parity.replay import Replay
from tests.support.postgres import Postgres

Lists = dict[tuple[str, str, str], list[str]]


def replayed(script: str) -> Replay:
    replay = Replay(faithful=True)
    replay.run("script.sql", script)
    return replay


def enums(replay: Replay) -> dict[str, list[str]]:
    return {enum.name: list(enum.texts) for enum in replay.session.catalog.enums() if enum.kind == "enum"}


def checks(replay: Replay) -> dict[tuple[str, str, str], Check]:
    """Schema, table or domain, and constraint → the CHECK."""
    catalog = replay.session.catalog
    owners: list[Table | Type] = [table for table in catalog.tables() if table.schema != "pg_temp"]
    owners.extend(type_ for type_ in catalog.types() if type_.kind == DOMAIN)
    return {(owner.schema, owner.name, check.name): check for owner in owners for check in owner.checks.values()}


def allowed(server: Postgres, replay: Replay) -> tuple[Lists, Lists]:
    """What the lists of the replay allow, and what the server's own conditions allow, of all labels and a few more."""
    known = checks(replay)
    words = sorted({label.text for check in known.values() for labels in check.lists.values() for label in labels})
    ours: Lists = {}
    theirs: Lists = {}
    for schema, owner, name, expression, columns in server.checks():
        check = known.get((str(schema), str(owner), str(name)))
        if check is None or len(check.lists) != 1 or check.doubt or not isinstance(columns, list):
            continue
        key = (str(schema), str(owner), str(name))
        text = str(expression)
        column = str(columns[0]) if columns else "value"
        text = text.replace("VALUE", "value") if not columns else text
        accepted = server.allows(text, column, [*words, "", "other", "A"])
        if accepted is not None:
            ours[key] = sorted(label.text for labels in check.lists.values() for label in labels)
            theirs[key] = sorted(accepted)
    return ours, theirs
