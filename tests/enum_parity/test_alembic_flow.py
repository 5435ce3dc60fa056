# ruff: noqa: E501 - revisions, a line each
"""What Alembic's revisions run, followed without running them: what is known is certain, what isn't leaves a doubt."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightlatch.enum_parity.database_enum import DatabaseEnum
from nightlatch.enum_parity.migration_orders.alembic_flow import scripts
from nightlatch.enum_parity.replay import Replay

HEAD = "import os\nimport sqlalchemy as sa\nfrom alembic import context, op\nfrom app import tools\n"
E = "    op.execute(\"CREATE TYPE e AS ENUM ('a')\")\n"


def run(code: str) -> tuple[list[DatabaseEnum], Replay]:
    replay = Replay()
    made = scripts("1.py", HEAD + code)
    for number, script in enumerate(made, 1):
        if script.words:
            replay.doubt_words(f"1.py:{script.line}", script.words)
        replay.run(script.path, script.text, line=script.line, is_last=number == len(made))
    return replay.session.catalog.enums(), replay


def upgrade(*lines: str, before: str = "") -> str:
    return before + "def upgrade():\n" + E + "".join(f"    {line}\n" for line in lines)


ADD = "op.execute(\"ALTER TYPE e ADD VALUE 'b'\")"
ADD_S = "op.execute(s)"

CERTAIN: dict[str, tuple[str, list[str]]] = {
    "a text when it was made": (upgrade("v = 'b'", "s = f\"ALTER TYPE e ADD VALUE '{v}'\"", "v = 'x'", ADD_S), ["a", "b"]),
    "a text that grows": (upgrade("s = 'ALTER TYPE e '", "s += \"ADD VALUE 'b'\"", ADD_S), ["a", "b"]),
    "a text that is its own part": (upgrade("s = 'ALTER TYPE e '", "s = s + \"ADD VALUE 'b'\"", ADD_S), ["a", "b"]),
    "several names at once": (upgrade("n, v = 'e', 'b'", "op.execute(f\"ALTER TYPE {n} ADD VALUE '{v}'\")"), ["a", "b"]),
    "percent": (upgrade("op.execute(\"ALTER TYPE %s ADD VALUE '%s'\" % ('e', 'b'))"), ["a", "b"]),
    "format": (upgrade("op.execute(\"ALTER TYPE {} ADD VALUE '{v}'\".format('e', v='b'))"), ["a", "b"]),
    "repr": (upgrade("v = 'b'", "op.execute(f'ALTER TYPE e ADD VALUE {v!r}')"), ["a", "b"]),
    "replace": (upgrade("op.execute(\"ALTER TYPE e ADD VALUE 'LABEL'\".replace('LABEL', 'b'))"), ["a", "b"]),
    "bindparams": (upgrade("op.execute(sa.text('ALTER TYPE e ADD VALUE :v').bindparams(v='b'))"), ["a", "b"]),
    "a loop": (upgrade("for v in ('b', 'c'):", "    op.execute(f\"ALTER TYPE e ADD VALUE '{v}'\")"), ["a", "b", "c"]),
    "a loop over pairs": (upgrade("for n, v in [('e', 'b')]:", "    op.execute(f\"ALTER TYPE {n} ADD VALUE '{v}'\")"), ["a", "b"]),
    "a loop over a dictionary": (upgrade("for n, vs in {'e': ['b', 'c']}.items():", "    for v in vs:", "        op.execute(f\"ALTER TYPE {n} ADD VALUE '{v}'\")"), ["a", "b", "c"]),
    "a loop over a class": (upgrade("for m in New:", "    op.execute(f\"ALTER TYPE e ADD VALUE '{m.value}'\")", before="class New(Enum):\n    B = 'b'\n    C = 'c'\n"), ["a", "b", "c"]),
    "a loop that skips": (upgrade("for v in ('a', 'b'):", "    if v == 'a':", "        continue", "    op.execute(f\"ALTER TYPE e ADD VALUE '{v}'\")"), ["a", "b"]),
    "a loop that ends": (upgrade("for v in ('b', 'c'):", "    op.execute(f\"ALTER TYPE e ADD VALUE '{v}'\")", "    break"), ["a", "b"]),
    "a loop over functions": (upgrade("for f in (one, two):", "    f()", before="def one():\n    pass\ndef two():\n    " + ADD + "\n"), ["a", "b"]),
    "a comprehension": (upgrade("[op.execute(f\"ALTER TYPE e ADD VALUE '{v}'\") for v in ('b',)]"), ["a", "b"]),
    "a list that grows": (upgrade("vs = ['b']", "vs.append('c')", "vs += ['d']", "for v in vs:", "    op.execute(f\"ALTER TYPE e ADD VALUE '{v}'\")"), ["a", "b", "c", "d"]),
    "labels of a class": (upgrade("t = sa.Enum(*[m.value for m in New], name='f')", "t.create(op.get_bind())", "op.execute('DROP TYPE e')", "op.execute('ALTER TYPE f RENAME TO e')", before="class New(Enum):\n    B = 'b'\n"), ["b"]),
    "a class that names the type": (upgrade("op.execute('DROP TYPE e')", "op.create_table('t', sa.Column('c', sa.Enum(E)))", before="class E(Enum):\n    B = 'b'\n"), ["B"]),
    "a helper": (upgrade("add('e', v='b')", before="def add(n, v, how='ADD'):\n    op.execute(f\"ALTER TYPE {n} {how} VALUE '{v}'\")\n"), ["a", "b"]),
    "a helper sees the module's names": (upgrade("V = 'x'", "add()", before="V = 'b'\ndef add():\n    op.execute(f\"ALTER TYPE e ADD VALUE '{V}'\")\n"), ["a", "b"]),
    "a helper inside": (upgrade("def add(v):", "    op.execute(f\"ALTER TYPE e ADD VALUE '{v}'\")", "add('b')"), ["a", "b"]),
    "a lambda": (upgrade("add = lambda v: op.execute(f\"ALTER TYPE e ADD VALUE '{v}'\")", "add('b')"), ["a", "b"]),
    "a function that gives a text": (upgrade("op.execute(sql('b'))", before="def sql(v):\n    '''Why.'''\n    return f\"ALTER TYPE e ADD VALUE '{v}'\"\n"), ["a", "b"]),
    "another name for upgrade": ("def up():\n" + E + "upgrade = up\n", ["a"]),
    "a function that calls itself and runs nothing": (upgrade("walk([1])", ADD, before="def walk(x):\n    return [walk(y) for y in x]\n"), ["a", "b"]),
    "our dialect": (upgrade("if op.get_bind().dialect.name != 'postgresql':", "    return", ADD), ["a", "b"]),
    "our dialect by a name": (upgrade("ours = op.get_bind().dialect.name == 'postgresql'", "if not ours:", "    op.execute('DROP TYPE e')", "else:", "    " + ADD), ["a", "b"]),
    "a dialect among others": (upgrade("if op.get_context().dialect.name in ('sqlite', 'mysql'):", "    op.execute('DROP TYPE e')"), ["a"]),
    "not offline": (upgrade("if context.is_offline_mode():", "    op.execute('DROP TYPE e')", "else:", "    " + ADD), ["a", "b"]),
    "is it there": (upgrade("if not sa.inspect(op.get_bind()).has_table('t'):", "    op.execute('CREATE TABLE t ()')", ADD), ["a", "b"]),
    "is the label there": (upgrade("there = op.get_bind().execute(sa.text(\"SELECT 1 FROM pg_enum WHERE enumlabel = 'b'\")).scalar()", "if not there:", "    " + ADD), ["a", "b"]),
    "already there": (upgrade("if sa.inspect(op.get_bind()).has_table('t'):", "    return", ADD), ["a", "b"]),
    "an error that ends it": (upgrade("if os.environ.get('X'):", "    raise RuntimeError('no')", ADD), ["a", "b"]),
    "rows": (upgrade("t = sa.table('t', sa.column('type'))", "op.execute(t.update().where(t.c.type == 'x').values(type='y'))"), ["a"]),
    "rows with values from elsewhere": (upgrade("op.execute(sa.text(\"INSERT INTO t (type) VALUES (:type)\").params(type=os.environ['X']))"), ["a"]),
    "rows that are asked for": (upgrade("rows = op.get_bind().execute(sa.select(sa.column('type'))).fetchall()", "for row in rows:", "    op.execute(f\"UPDATE t SET type = '{row.type}'\")"), ["a"]),
    "what is said": (upgrade("tools.logger.info('e')", before=""), ["a"]),
    "a session for all": ("def upgrade():\n    op.execute('SET search_path TO s')\n" + E + "    op.execute('RESET search_path')\n    op.execute('ALTER TYPE s.e ADD VALUE \\'b\\'')\n", ["a", "b"]),
}  # fmt: skip


@pytest.mark.parametrize(("code", "labels"), CERTAIN.values(), ids=CERTAIN)
def test_what_is_known(code: str, labels: list[str]) -> None:
    enums, replay = run(code)
    assert [(list(enum.texts), enum.reason) for enum in enums if enum.name.endswith(".e")] == [(labels, "")]
    assert not replay.session.lost


DOUBTFUL: dict[str, str] = {
    "the environment": upgrade("if os.environ.get('X'):", "    " + ADD),
    "any condition": upgrade("if tools.is_cloud():", "    " + ADD),
    "one of two": upgrade("if tools.is_cloud():", "    s = \"ALTER TYPE e ADD VALUE 'b'\"", "else:", "    s = \"ALTER TYPE e ADD VALUE 'c'\"", ADD_S),
    "is it there, or else": upgrade("if tools.exists('x'):", "    " + ADD, "else:", "    op.execute('DROP TYPE e')"),
    "behind a return": upgrade("if tools.is_cloud():", "    return", ADD),
    "in a loop that may go on": upgrade("for v in ('b', 'c'):", "    if tools.knows(v):", "        continue", "    op.execute(f\"ALTER TYPE e ADD VALUE '{v}'\")"),
    "when a statement fails": upgrade("try:", "    op.execute('SELECT 1')", "except Exception:", "    " + ADD),
    "while": upgrade("while tools.more():", "    " + ADD),
    "match": upgrade("match tools.kind():", "    case 'x':", "        " + ADD),
    "and": upgrade("tools.is_cloud() and " + ADD),
    "values from elsewhere": upgrade("for v in tools.labels():", "    op.execute(f\"ALTER TYPE e ADD VALUE '{v}'\")"),
    "a name that a loop changes": upgrade("s = 'SELECT 1'", "for s in tools.statements():", "    pass", ADD_S),
    "a name that an import brings": upgrade("s = 'SELECT 1'", "from app.sql import s", ADD_S),
    "a name that with gives": upgrade("s = 'SELECT 1'", "with tools.open() as s:", "    " + ADD_S),
    "a name that another function changes": upgrade("change()", ADD_S, before="s = 'SELECT 1'\ndef change():\n    global s\n    s = tools.sql()\n"),
    "a walrus": upgrade("s = 'SELECT 1'", "tools.use(s := tools.sql())", ADD_S),
    "a list that changes": upgrade("vs = ['SELECT 1']", "ws = vs", "ws[0] = tools.sql()", "for v in vs:", "    op.execute(v)"),
    "a list that another name changes": upgrade("vs = ['SELECT 1']", "ws = vs", "ws.append(tools.sql())", "for v in vs:", "    op.execute(v)"),
    "a parameter that isn't given": upgrade("s = 'SELECT 1'", "f(*tools.all())", before="def f(s):\n    op.execute(s)\n"),
    "a file": upgrade("op.execute(open('x.sql').read())"),
    "a function from elsewhere": upgrade("tools.add_label('e', 'b')"),
    "a function about enums from elsewhere": upgrade("tools.sync_enum.run(op)"),
    "an operation from elsewhere": upgrade("op.add_enum_label('e', 'b')"),
    "a function that is handed on": upgrade("tools.retry(add)", before="def add():\n    " + ADD + "\n"),
    "a function that calls itself": upgrade("add(1)", before="def add(n):\n    " + ADD + "\n    add(n)\n"),
    "a type's unknown name": upgrade("sa.Enum('a', name=tools.name()).drop(op.get_bind())"),
}  # fmt: skip


@pytest.mark.parametrize("code", DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_is_not_known(code: str) -> None:
    enums, _ = run(code)
    (enum,) = (enum for enum in enums if enum.name == "public.e")
    assert enum.reason


T = "    op.create_table('t', sa.Column('s', sa.Text()), sa.CheckConstraint(\"s IN ('a', 'b')\", name=op.f('ck')))\n"
CHECKS: dict[str, tuple[str, list[str] | None]] = {
    "its conventional name": ("op.drop_constraint(op.f('ck'), 't')\n    op.create_check_constraint(op.f('ck'), 't', \"s IN ('c')\")", ["c"]),
    "an expression": ("op.drop_constraint('ck', 't', type_='check')\n    op.create_check_constraint('ck', 't', sa.column('s').in_(['c']))", ["c"]),
    "another constraint": ("op.drop_constraint('ck', 't', type_='foreignkey')", ["a", "b"]),
    "a batch's": ("with op.batch_alter_table('t') as batch:\n        batch.drop_constraint('ck')\n        batch.create_check_constraint('ck', \"s IN ('c')\")", ["c"]),
    "a batch that is handed on": ("with op.batch_alter_table('t') as batch:\n        change(batch)", ["c"]),
    "an unknown name": ("op.drop_constraint(tools.name(), 't', type_='check')", None),
    "an unknown condition": ("op.create_check_constraint('x', 't', tools.condition())", None),
}  # fmt: skip
CHANGE = "def change(b):\n    b.drop_constraint('ck')\n    b.create_check_constraint('ck', \"s IN ('c')\")\n"


@pytest.mark.parametrize(("line", "labels"), CHECKS.values(), ids=CHECKS)
def test_checks(line: str, labels: list[str] | None) -> None:
    (enum,), _ = run(f"{CHANGE}def upgrade():\n{T}    {line}\n")
    assert (list(enum.texts) if enum.certain else None) == labels


MULTIPLIED = {
    "functions that call each other": "".join(
        f"def f{n}():\n" + f"    f{n + 1}()\n" * 10 for n in range(7)
    ) + "def f7():\n    " + ADD + "\n" + upgrade("f0()"),
    "loops in loops": upgrade(*("    " * n + f"for v{n} in {list('abcdefghij')}:" for n in range(8)), "    " * 8 + ADD),
    "comprehensions in comprehensions": upgrade(
        "x = " + "".join("['-'.join(" for _ in range(8)) + "'a'" + "".join(f") for v{n} in {list('abcdefghij')}]" for n in range(8)),
    ),
    "a text that doubles": upgrade("x = 'aaaaaaaaaa'", *("x = f'{x}{x}{x}{x}'" for _ in range(40)), "op.execute(x)"),
    "an expression that doubles": upgrade("x = tools.a()", *("x = [x, x, x, x]" for _ in range(40)), "op.execute(x)"),
    "a long chain of conditions": upgrade("if tools.a():", "    pass", *("elif tools.b():\n        pass" for _ in range(300)), ADD),
}  # fmt: skip


@pytest.mark.parametrize("code", MULTIPLIED.values(), ids=MULTIPLIED)
def test_what_multiplies_is_given_up(code: str) -> None:
    made = scripts("1.py", HEAD + code)
    assert len(made) <= 30_000  # and not 10 to the power of 8


LINES = [line for code in (*DOUBTFUL.values(), *(one for one, _ in CERTAIN.values())) for line in code.splitlines()]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_any_lines_are_followed_or_given_up(lines: list[str]) -> None:
    for script in scripts("1.py", HEAD + "def upgrade():\n    pass\n" + "\n".join(lines)):
        Replay().run(script.path, script.text, line=script.line)
