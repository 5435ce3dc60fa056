"""The readers of code take any text: they say what it declares, or that it can't be told, and never fail."""

from __future__ import annotations

import marshal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.enum_parity.expressions import Facts
from nightlatch.enum_parity.languages import Readers, glance
from nightlatch.enum_parity.resolve import Resolver, UnresolvedError

PIECES = {
    "a.ts": (
        "enum R { A = 'a', B = A, C = `${A}x` }\n",
        "export enum R { D = R.A }\n",
        "export const L = ['a', ...L] as const;\n",
        "export type T = `${T}-${'a' | 'b'}` | null;\n",
        "export const e = pgEnum('t', L.slice(1).map((one) => one.toUpperCase()));\n",
        "const s = pgSchema('s');\n",
        "s.enum(NAME, Object.values(R))",
        "// parity: public.t\n",
        "import { pgEnum as make, L } from './a';\n",
        "const { make } = require('./a');\n",
        "make(\n",
        "pgTable('o', (t) => ({ s: t.text({ enum: L }) }));\n",
    ),
    "a.py": (
        "from enum import Enum, StrEnum, auto\n",
        "import sqlalchemy as sa\n",
        "from a import *\n",
        "from . import a\n",
        "class R(B):\n    A = auto()\n    B = A\n    C = R.A\n",
        "class B(R, str, Enum):\n    @classmethod\n    def values(cls):\n        return [one.value for one in cls]\n",
        "L = (*L, 'a', f'{L}b')\n",
        "x = sa.Enum(R, name=N, values_callable=lambda e: e.values())\n",
        "y = sa.Enum(*R.values(), **K)\n",
        "# parity: public.t\n",
        "N = R.values().x\n",
        "type T[\n  A] = Literal['a']\n",
        "def f(x): return f(x)\n",
    ),
    "a.rs": (
        "#[derive(sqlx::Type)]\n",
        '#[sqlx(type_name = "t")]\n',
        "enum R { A, B }\n",
        "enum R {",
        "/* ",
        '"',
        "// parity: a.b\n",
    ),
    "a.prisma": ("enum R {\n", "  A\n", "}\n", "/* ", " */", '@map("', "// parity: a.b\n"),
}
SIGNS = tuple("(){}[]<>'\"`\\;,:=.*/#@$\n")


def told(path: str, text: bytes) -> list[list[str] | None]:
    """The labels of everything that the file says, each looked up, and the facts as a cache gives them back."""
    glance(path, text)
    kept: Any = Readers().read(path, text).plain()
    facts = Facts.from_plain(marshal.loads(marshal.dumps(kept)))  # noqa: S302 - our own bytes
    resolver = Resolver(lambda _: facts, lambda _module, _importer: path)
    found: list[list[str] | None] = []
    for expression in [*(one.expression for one in facts.declared), *(one.expression for one in facts.bound)]:
        try:
            found.append([label.text for label in resolver.labels(expression, path)])
        except UnresolvedError:
            found.append(None)
    return found


@pytest.mark.parametrize("path", PIECES)
def test_no_text_makes_a_reader_fail(path: str) -> None:
    pieces = st.one_of(st.sampled_from(PIECES[path]), st.sampled_from(SIGNS), st.text(max_size=4))

    @given(st.lists(pieces, max_size=14))
    def holds(parts: list[str]) -> None:
        told(path, "".join(parts).encode("utf-8", "surrogatepass"))

    holds()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.ts", "export const a = pgEnum('t', [" + "'a'," * 10_001 + "]);"),
        ("a.ts", "const A0 = ['a'];\n" + "".join(f"const A{n} = [...A{n - 1}, ...A{n - 1}];\n" for n in range(1, 20))),
        ("a.ts", "export type A = `" + "${'a' | 'b'}" * 20 + "`;"),
        ("a.py", "class A(A):\n    a = 'x'\nx: Mapped[A] = 1\nL = [*L]\n"),
    ],
)
def test_what_goes_beyond_a_bound_is_not_told_in_part(path: str, text: str) -> None:
    assert None in told(path, text.encode())


def test_names_of_more_types_than_are_read_are_a_fault() -> None:
    facts = Readers().read("a.ts", b"pgEnum('t',['a']);\n" * 4001)
    assert len(facts.bound) == 4000
    assert [reason for _, reason in facts.faults] == ["it names more than 4,000 types, and no more are read"]
