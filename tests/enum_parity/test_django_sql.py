"""What Django's migrations run: RunSQL is read, what functions run is doubtful where it is about types."""

from __future__ import annotations

import pytest

from nightlatch.enum_parity.migration_orders.django import cut
from nightlatch.enum_parity.replay import Replay

HEAD = "from django.db import migrations\nSQL = [\"ALTER TYPE e ADD VALUE 'b'\"]\n"
MIGRATION = "class Migration(migrations.Migration):\n    operations = [{}]\n"
FUNCTION = "def forwards(apps, editor):\n    {}\n"

CASES: dict[str, tuple[str, list[str], bool]] = {
    "a text": (MIGRATION.format("migrations.RunSQL(\"ALTER TYPE e ADD VALUE 'b'\")"), ["a", "b"], True),
    "a list by its name": (MIGRATION.format("migrations.RunSQL(SQL)"), ["a", "b"], True),
    "nothing": (MIGRATION.format("migrations.RunSQL(migrations.RunSQL.noop, 'DROP TYPE e')"), ["a"], True),
    "a file": (MIGRATION.format("migrations.RunSQL(open('x.sql').read())"), ["a"], False),
    "a function": (FUNCTION.format("editor.execute('ALTER TYPE e ADD VALUE \\'b\\'')"), ["a"], False),
    "a function's own text": (FUNCTION.format("s = 'DROP TYPE e'\n    editor.execute(s)"), ["a"], False),
    "a function's file": (FUNCTION.format("s = open('x').read()\n    editor.execute(s)"), ["a"], False),
    "a function about rows": (FUNCTION.format("editor.execute('UPDATE t SET type = %s', [apps])"), ["a"], True),
    "the way back": (
        "def other(apps, editor):\n    editor.execute('DROP TYPE e')\ndef forwards(apps, editor):\n    pass\n"
        + MIGRATION.format("migrations.RunPython(forwards, other)"),
        ["a"],
        True,
    ),
}


@pytest.mark.parametrize(("code", "labels", "certain"), CASES.values(), ids=CASES)
def test_what_it_runs(code: str, labels: list[str], certain: bool) -> None:  # noqa: FBT001 - a case's data
    replay = Replay()
    replay.run("0.sql", "CREATE TYPE e AS ENUM ('a')")
    for script in cut("1.py", HEAD + code):
        replay.run(script.path, script.text, line=script.line)
    (enum,) = replay.session.catalog.enums()
    assert (list(enum.texts), enum.certain) == (labels, certain)
