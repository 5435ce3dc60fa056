"""TOML read line by line: never anything else than what the library reads, packages and their lines included."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.dependencies import documents, toml_lines
from nightlatch.dependencies.lockfiles import read
from nightlatch.dependencies.package import UnparsableError

TOML_LINES = st.sampled_from(
    [
        "[[package]]", "[package.metadata]", "[package]", "[metadata]", 'name = "a"', 'name = "b\\"c"', "x = 1",
        "x = 1_0", "y = [", '    { url = "u", hash = "h", size = 3 },', '    {file = "f", hash = "h"},',
        '    "text",', "]", "z = { a = 1, a = 2 }", 'z = { a = "1", b = 2 }', "w = []", "[[w]]", "[z.a]",
        "t = 1979-05-27", "# comment", "", 'm = """', '"""', "e = 'literal'", "d.e = 1", "  indented = 1", "[a.b]",
        "[a]", "    ],", "f = 1.5",
    ]
)  # fmt: skip


@given(st.lists(TOML_LINES, max_size=14))
def test_toml_read_line_by_line_is_what_the_library_gives(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = toml_lines.quick_table(text)
    if found is not None:
        assert found == tomllib.loads(text)


HEADS = ["[[package]]"] * 4 + [
    "[[ package ]]",
    '[["package"]]',
    " [[package]]",
    "[[package]]  # it",
    "[package.metadata]",
]
NAMES = ["name = {}"] * 4 + ['"name" = {}', "name={}", " name = {}", "name.x = {}", "'name' = {}"]
TEXTS = ['"{}"'] * 4 + ["'{}'", '"""{}"""', "'''{}'''", '"\\u0061{}"', '"{}\\n"']
REST = [
    'version = "1"',
    'version = "2" # 1',
    'source = { registry = "https://pypi.example/simple" }',
    'source.registry = "https://pypi.example/simple"',
    'source = { virtual = "." }',
    'source = { "registry" = "r", virtual = "." }',
    'wheels = [{ url = "https://f.example/a-1-py3-none-any.whl", hash = "sha256:0" }]',
    "wheels = [",
    '    { url = "https://f.example/a-1-py3-none-any.whl", hash = "sha256:0" },',
    '    { url = "a", url = "b" },',
    "]",
    "    ]",
    "# [[package]]",
    "#",
    "",
    'x = """',
    "y = '''",
    '"""',
    "'''",
    'name = "shadow"',
    "[[package]]",
    'x = "a\tb"',
    'x = "# [[package]]"',
    "[[package.wheels]]",
    "[package.source]",
    "[metadata]",
    'content-hash = "0"',
    "dependencies = [",
    '    { name = "b" },',
    "package = 1",
    "package = [{ name = 'c' }]",
    "\ttab = 1",
]  # fmt: skip


@st.composite
def lockfiles(draw: st.DrawFn) -> str:
    """Blocks of a lockfile, each line of which may be written in a way that programs don't."""
    lines = ["version = 1"]
    for number in range(draw(st.integers(1, 3))):
        lines.append(draw(st.sampled_from(HEADS)))
        name = draw(st.sampled_from(TEXTS)).format(f"p{number}")
        lines.append(draw(st.sampled_from(NAMES)).format(name))
        lines += draw(st.lists(st.sampled_from(REST), max_size=6))
    return "\n".join(lines) + draw(st.sampled_from(["\n", "", "\r\n", "\n\n"]))


def facts(path: str, text: str) -> list[tuple[object, ...]] | None:
    """What is read of a lockfile; None where it is refused."""
    try:
        return [(*one.identity, one.line) for one in read(path, text).packages]
    except UnparsableError:
        return None


@pytest.mark.parametrize("path", ["uv.lock", "poetry.lock"])
@given(lockfiles())
def test_a_lockfile_is_the_same_by_both_ways(path: str, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "SHORT", 0)
        quick = facts(path, text)
        patch.setattr(documents, "SHORT", 10**9)
        assert quick == facts(path, text)


@given(lockfiles())
def test_every_package_stands_in_its_line(text: str) -> None:
    found = facts("uv.lock", text)
    if found is None:
        return
    blocks = [block for block in tomllib.loads(text)["package"] if "virtual" not in block.get("source", {})]
    assert len(found) == len(blocks)
    for fact, block in zip(found, blocks, strict=True):
        line = text.split("\n")[int(str(fact[-1])) - 1]
        assert str(block.get("name", "")) in line


@given(lockfiles())
def test_a_hostile_document_is_what_the_library_gives(text: str) -> None:
    found = toml_lines.quick_table(text)
    if found is not None:
        assert found == tomllib.loads(text)


def test_a_name_in_a_text_stands_for_no_package() -> None:
    text = """\
version = 1
x = '''
[[package]]
name = "good"
'''

[[ package ]]
name = "evil"
version = "1"
source = { registry = "https://pypi.example/simple" }
"""
    with pytest.raises(UnparsableError):
        read("uv.lock", text)


@pytest.mark.parametrize(
    "text",
    [
        'packages = [{name="a", version="1"}, {name="b", version="2", wheels=[{name="b-2.whl"}, {name="b-2-2.whl"}]}]',
        'packages = [\n  {name = "a", version = "1"},  # {name = "c"}\n  {version = "2", name = "b{"},\n]',
        "packages = [\n  {name = 'a]', version = '1', x = '''\n]}''', tool = {y = [{}]}},\n  {name = 'b'}\n]",
    ],
)
def test_packages_of_the_standard_may_stand_in_a_list(text: str) -> None:
    whole = f'lock-version = "1.0"\n{text}\n'
    found = read("pylock.toml", whole).packages
    lines = whole.split("\n")
    assert [one.name for one in found] == [one["name"] for one in tomllib.loads(whole)["packages"]]
    assert all("{" in lines[one.line - 1] for one in found)
