# ruff: noqa: E501, S608 - files of other tools, a line each; no database runs them
"""What is read of migrations in Python: what their calls come to, and what nobody can know before they run."""

from __future__ import annotations

import pytest

from tests.enum_parity.test_migration_orders import CREATE, DJANGO, add, enums

HEAD = "from alembic import op\nimport sqlalchemy as sa\n"
BASE = f'{HEAD}revision = "1"\ndown_revision = None\ndef upgrade():\n    op.execute("{CREATE}")\n'
SECOND = f'{HEAD}revision = "2"\ndown_revision = "1"\n{{}}\n'
ADD = "ALTER TYPE e ADD VALUE"

READ = {
    "a text filled in": f"def upgrade():\n    op.execute(\"{ADD} '%s'\" % 'b')",
    "a text that formats": f"def upgrade():\n    op.execute(\"{ADD} '{{}}'\".format('b'))",
    "a comprehension": f"def upgrade():\n    [op.execute(f\"{ADD} '{{v}}'\") for v in ('b',)]",
    "a helper's parameters": "def more(t, v='b'):\n    op.execute(f\"ALTER TYPE {t} ADD VALUE '{v}'\")\n"
    "def upgrade():\n    more('e')",
    "added up": f"def upgrade():\n    s = '{ADD} '\n    s += \"'b'\"\n    op.execute(s)",
    "a name that stands for something else later": f"def upgrade():\n    v = 'b'\n    s = f\"{ADD} '{{v}}'\"\n"
    "    v = 'c'\n    op.execute(s)",
    "another name for it": f'def _up():\n    op.execute("{add("b")}")\nupgrade = _up',
    "several databases": f"def upgrade(name):\n    globals()['upgrade_' + name]()\n"
    f'def upgrade_one():\n    op.execute("{add("b")}")',
    "a path that is set": f"def upgrade():\n    op.execute('SET search_path TO public')\n    op.execute(\"{add('b')}\")",
    "all old and all new labels": "def upgrade():\n    op.sync_enum_values('public', 'e', ['a'], ['a', 'b'])",
    "whether it is there already": f"def upgrade():\n    if 'b' not in labels():\n        op.execute(\"{add('b')}\")",
    "rows at run time": f"def upgrade():\n    op.execute(\"{add('b')}\")\n    q = f'DELETE FROM {{t}} WHERE type = 1'\n"
    "    op.get_bind().execute(q)",
}


@pytest.mark.parametrize("body", READ.values(), ids=READ)
def test_what_is_known(body: str) -> None:
    (enum,) = enums({"versions/1.py": BASE, "versions/2.py": SECOND.format(body)})
    assert (enum.texts, enum.reason) == (("a", "b"), "")


UNKNOWN = {
    "a file": "def upgrade():\n    op.execute(open('sql/2.sql').read())",
    "a module's function": "from mine import add_value\ndef upgrade():\n    add_value('e', 'b')",
    "the environment": f"import os\ndef upgrade():\n    if os.environ.get('X'):\n        op.execute(\"{add('b')}\")",
    "while": f'def upgrade():\n    while more():\n        op.execute("{add("b")}")',
    "while, in itself": "def upgrade():\n    while a():\n        while b():\n            op.execute(c())",
    "an exception": f'def upgrade():\n    try:\n        pass\n    except Exception:\n        op.execute("{add("b")}")',
    "no Python": "def upgrade(:\n",
    "more than can be followed": "".join(f"def f{number}():\n" + f"    f{number + 1}()\n" * 12 for number in range(7))
    + "def f7():\n    pass\ndef upgrade():\n    f0()",
    "names that multiply": "".join(f"s{number + 1} = s{number} + s{number} + t()\n" for number in range(40))
    + "def upgrade():\n    op.execute(s40)",
}


@pytest.mark.parametrize("body", UNKNOWN.values(), ids=UNKNOWN)
def test_what_is_not(body: str) -> None:
    (enum,) = enums({"versions/1.py": BASE, "versions/2.py": SECOND.format(body)})
    assert enum.reason


def test_a_check_under_the_name_that_a_convention_would_give() -> None:
    made = "op.create_check_constraint(op.f('ck_t_s'), 't', {})"
    first = BASE.replace(CREATE, "CREATE TABLE t (s text)") + "    " + made.format("\"s IN ('a')\"") + "\n"
    body = "def upgrade():\n    op.drop_constraint(op.f('ck_t_s'), 't')\n    "
    for condition in ("\"s IN ('a', 'b')\"", "sa.column('s').in_(['a', 'b'])"):
        (found,) = enums({"versions/1.py": first, "versions/2.py": SECOND.format(body + made.format(condition))})
        assert (found.texts, found.constraint, found.reason) == (("a", "b"), "ck_t_s", "")


def test_folders_of_one_history() -> None:
    (enum,) = enums({"versions/2023/z.py": BASE, "versions/2024/a.py": SECOND.format(READ["added up"])})
    assert enum.texts == ("a", "b")


def test_places_in_a_history_that_are_not_plain() -> None:
    second = (
        SECOND.format(READ["added up"])
        .replace('"1"', "BEFORE  # not 'zz'")
        .replace("revision", "BEFORE = '1'\nrevision", 1)
    )
    (enum,) = enums({"versions/z.py": BASE, "versions/a.py": second})
    assert (enum.texts, enum.reason) == (("a", "b"), "")


@pytest.mark.parametrize("operation", ["migrations.RunSQL(open('a.sql').read())", "migrations.RunPython(forward)"])
def test_what_django_runs_and_nobody_knows(operation: str) -> None:
    body = DJANGO.format("('s', '0001')", operation)
    function = f'def forward(apps, editor):\n    editor.execute("{add("b")}")\n'
    files = {
        "s/migrations/0001.py": DJANGO.format("", f'migrations.RunSQL("{CREATE}")'),
        "s/migrations/0002.py": body.replace("class", f"{function}class"),
    }
    (enum,) = enums(files)
    assert "run time" in enum.reason
