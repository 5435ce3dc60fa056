"""The parsers: what they give of each format, and that they refuse what they don't understand."""

from __future__ import annotations

import json
import tomllib
from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from nightlatch.dependencies import lockfile_requirements, toml_lines
from nightlatch.dependencies.documents import json_table, toml_table
from nightlatch.dependencies.lockfiles import format_of, read
from nightlatch.dependencies.names import is_of_interest
from nightlatch.dependencies.package import Lockfile, UnparsableError
from nightlatch.dependencies.paths import Paths
from nightlatch.dependencies.yaml_document import yaml_fields
from tests.dependencies.lockfile_texts import texts

TEXTS = texts()
each_format = pytest.mark.parametrize("path", TEXTS)

EXPECTED = {
    "package-lock.json": ["6 g 1.0.0 git", "7 h 1.0.0 git", "8 t 1.0.0 url", "9 u 1.0.0 url", "10 p 1.0.0 registry"],
    "pnpm-lock.yaml": ["13 a 1.0.0 registry", "16 p 1.0.0 registry", "19 leftish 1.0.0 registry"],
    "yarn.lock": ["7 a 1.0.0 registry", "24 leftish 1.0.0 registry"],
    "old/yarn.lock": ["5 leftish 1.2.3 registry"],
    "uv.lock": ["16 acme-http 1.5 registry", "24 g 1.0 git"],
    "poetry.lock": ["4 acme-http 1.3 registry"],
    "pylock.dev.toml": ["4 acme-http 1.3 registry"],
    "Pipfile.lock": ["9 acme-http 1.3 registry"],
    "requirements.txt": ["1 a  git", "2 b  git", "3 c 1.0 url", "4 d 1.0 url", "5   local"],
}


@each_format
def test_every_package_with_its_line(path: str) -> None:
    packages = read(path, TEXTS[path]).packages
    assert [f"{one.line} {one.name} {one.version} {one.source}" for one in packages] == EXPECTED[path]
    assert {one.path for one in packages} == {path}
    assert len({one.key for one in packages}) == len(packages)


@each_format
def test_windows_line_ends_make_no_difference(path: str) -> None:
    def facts(lockfile: Lockfile) -> list[tuple[object, ...]]:
        return [(*one.identity, one.line, one.key) for one in lockfile.packages]

    assert facts(read(path, TEXTS[path].replace("\n", "\r\n"))) == facts(read(path, TEXTS[path]))


@each_format
@given(data=st.data())
def test_a_damaged_lockfile_is_read_or_refused_and_never_anything_else(path: str, data: st.DataObject) -> None:
    """Lines are lost, doubled and exchanged, characters too."""
    lines = TEXTS[path].split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["lose", "double", "exchange", "cut", "insert"]))
        if change == "lose" and len(lines) > 1:
            del lines[place]
        elif change == "double":
            lines.insert(place, lines[place])
        elif change == "exchange":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[place], lines[other] = lines[other], lines[place]
        elif change == "cut":
            lines[place] = lines[place][: data.draw(st.integers(0, 20))]
        else:
            lines[place] += data.draw(st.text("\"'{}[],:=#-? \n\tab1", max_size=4))
    try:
        lockfile = read(path, "\n".join(lines))
    except UnparsableError:
        return
    assert all(one.line > 0 for one in lockfile.packages)


@each_format
@given(text=st.text())
def test_any_text_is_read_or_refused(path: str, text: str) -> None:
    with suppress(UnparsableError):
        read(path, text)


@each_format
def test_an_entry_less_is_noticed_by_the_crude_count(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the parser had overlooked one."""
    module = __import__(f"nightlatch.dependencies.{format_of(path)}", fromlist=["parse"])
    parse = module.parse

    def overlooking(path: str, text: str) -> Lockfile:
        lockfile: Lockfile = parse(path, text)
        lockfile.packages.pop()
        if "counted" in lockfile.data:
            lockfile.data["counted"] = int(str(lockfile.data["counted"])) - 1
        return lockfile

    monkeypatch.setattr(module, "parse", overlooking)
    with pytest.raises(UnparsableError, match="seem to stand there"):
        read(path, TEXTS[path])


DEEP = {
    "package-lock.json": '{"packages": ' + '{"a": ' * 5_000 + "1" + "}" * 5_001,
    "Pipfile.lock": "[" * 100_000,
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters: " + "{a: " * 5_000,
    "uv.lock": "version = 1\nx = " + "[" * 5_000,
    "an anchor/pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters: &a [x]\nsettings: [*a, *a]\n",
    "deep blocks/pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters:\n"
    + "".join(" " * n + "a:\n" for n in range(1, 900)),
}


@pytest.mark.parametrize("path", DEEP)
def test_depth_is_bounded(path: str) -> None:
    with pytest.raises(UnparsableError):
        read(path, DEEP[path])


def test_keys_that_stand_twice_are_refused() -> None:
    for text in ('{"a": 1, "a": 2}', '{"b": {"a": 1, "a": 1}}'):
        with pytest.raises(UnparsableError, match="twice"):
            json_table(text)
    with pytest.raises(UnparsableError, match="twice"):
        yaml_fields("a: 1\na: 2\n")


INTERESTING = [
    "package-lock.json", "a/b/yarn.lock", "pylock.dev.toml", "tool.py.lock", "requirements.txt", "dev-requirements.txt",
    "requirements-dev.txt", "requirements/prod.txt", "constraints.txt", "Cargo.lock", "bun.lockb", "x.lockfile",
    ".npmrc", "pyproject.toml", ".github/dependabot.yml", "renovate.json", "poetry.lock", "b/Pipfile",
    "some-lock.json",
]  # fmt: skip
DULL = [
    "readme.txt", "node_modules/a/package.json", "src/lock.py", "a/renovate.json", "requirements.md", "lock.json",
    "x/.github/dependabot.yml", "systemrequirementstext.txt", "package.json.bak",
]  # fmt: skip


def test_which_files_are_of_interest() -> None:
    assert [path for path in INTERESTING if not is_of_interest(path)] == []
    assert [path for path in DULL if is_of_interest(path)] == []


# ── How a package comes in ──────────────────────────────────────────────────────────────────────────


WAYS = {
    "pnpm-lock.yaml": ["a@1.0.0", "leftish@1.0.0"],
    "yarn.lock": ["a@1.0.0", "leftish@1.0.0"],
}


@pytest.mark.parametrize("path", WAYS)
def test_the_way_from_the_direct_dependency(path: str) -> None:
    lockfile = read(path, TEXTS[path])
    assert Paths(lockfile).to(lockfile.packages[-1]) == WAYS[path]


def test_the_way_in_npm_goes_by_the_nearest_folder() -> None:
    def entry(version: str, *needs: str) -> dict[str, object]:
        return {"version": version, "dependencies": dict.fromkeys(needs, "*")}

    folders = {
        "": {"dependencies": {"a": "1", "b": "1"}},
        "node_modules/a": entry("1.0.0", "c"),
        "node_modules/b": entry("1.0.0", "c"),
        "node_modules/b/node_modules/c": entry("2.0.0"),
        "node_modules/c": entry("1.0.0"),
    }
    text = json.dumps({"lockfileVersion": 3, "packages": folders}, indent=2)
    lockfile = read("package-lock.json", text)
    ways = {one.version: Paths(lockfile).to(one) for one in lockfile.packages if one.name == "c"}
    assert ways == {"1.0.0": ["a@1.0.0", "c@1.0.0"], "2.0.0": ["b@1.0.0", "c@2.0.0"]}


COMPILED = """\
# made by pip-compile
click==8.1.7
    # via flask
flask==3.0.0
    # via -r requirements.in
markupsafe==2.1.5
    # via
    #   jinja2
    #   werkzeug
jinja2==3.1.4
    # via flask
werkzeug==3.0.3 ; python_version >= "3.8"
    # via flask
"""


def test_the_way_in_requirements_is_what_the_comments_say() -> None:
    lockfile = read("requirements.txt", COMPILED)
    assert [one.name for one in lockfile.packages if one.is_direct] == ["flask"]
    markupsafe = next(one for one in lockfile.packages if one.name == "markupsafe")
    assert Paths(lockfile).to(markupsafe) == ["flask@3.0.0", "jinja2@3.1.4", "markupsafe@2.1.5"]


# ── Against independent readers ─────────────────────────────────────────────────────────────────────

NAMES = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,8}[A-Za-z0-9])?", fullmatch=True)
VERSIONS = st.from_regex(r"[0-9]{1,2}(?:\.[0-9]{1,2}){0,2}(?:rc1|\.post1|\+cu1)?", fullmatch=True)
OPERATORS = st.sampled_from(["==", "===", ">=", "<=", "!=", "~=", "<", ">"])
EXTRAS = st.sampled_from(["", "[a]", "[a,b]", " [a, b]"])
MARKERS = st.sampled_from(["", ' ; python_version < "3.9"', "; sys_platform == 'win32' and extra == 'x'"])
BLANKS = st.sampled_from(["", " "])


@st.composite
def requirements(draw: st.DrawFn) -> str:
    clauses = draw(st.lists(st.tuples(OPERATORS, BLANKS, VERSIONS), max_size=3))
    said = ",".join(f"{operator}{blank}{version}" for operator, blank, version in clauses)
    return f"{draw(NAMES)}{draw(EXTRAS)}{draw(BLANKS)}{said}{draw(MARKERS)}"


@given(requirements())
def test_a_requirement_is_read_as_packaging_reads_it(text: str) -> None:
    try:
        expected = Requirement(text)
    except InvalidRequirement:
        assume(False)  # a local version where none may stand
    (found,) = lockfile_requirements.parse("requirements.txt", text).packages
    pins = {one.version for one in expected.specifier if one.operator in ("==", "===")}
    assert found.name == canonicalize_name(expected.name)
    assert found.version in (pins or {""})


LINES = st.lists(
    st.one_of(
        requirements(),
        st.sampled_from(["# a comment", "", "--pre", "-i https://index.example.org/simple", "-e ./own", "  "]),
        requirements().map(lambda text: f"{text} \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha256:{'1' * 64}"),
        requirements().map(lambda text: f"{text}  # a comment"),
    ),
    max_size=8,
)


@given(LINES)
def test_lines_are_counted_alike_by_both_ways(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert len(read("requirements.txt", text).packages) == lockfile_requirements.crude_count(text)


@pytest.mark.parametrize("path", ["uv.lock", "poetry.lock"])
def test_the_lockfiles_of_toml_are_read_line_by_line(path: str) -> None:
    long = TEXTS[path] + "# filling\n" * 2_000
    assert toml_lines.quick_table(long) == tomllib.loads(long) == toml_table(long)


@pytest.mark.parametrize("break_", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\r"])
@pytest.mark.parametrize("path", ["requirements.txt", "pnpm-lock.yaml", "yarn.lock", "uv.lock", "poetry.lock"])
def test_a_line_that_only_some_readers_end_is_unparsable(path: str, break_: str) -> None:
    with pytest.raises(UnparsableError):
        read(path, f"# a note{break_}evil==1.0\n{TEXTS[path]}")
