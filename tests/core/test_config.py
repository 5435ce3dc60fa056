"""The configuration: what a file may say, what its errors say, and what the hooks then see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightlatch.core import cache, config, config_yaml
from nightlatch.core.errors import ConfigError
from nightlatch.schema import SCHEMA

if TYPE_CHECKING:
    from nightlatch.core.config import Config
    from nightlatch.core.schema.containers import Map
    from nightlatch.core.schema.value import Value

LOADERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and FIFOs of POSIX")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIGHTLATCH_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__)
def _each_loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config_yaml, "_LOADER", request.param)


def product_schema() -> Map:
    return SCHEMA


def no_schema() -> Map:
    raise AssertionError("the schema was asked for")


def load(text: str | bytes) -> Config:
    raw = text if isinstance(text, bytes) else text.encode()
    return config.load(raw, ".nightlatch.yaml", product_schema)


def error(text: str | bytes) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(text)
    assert caught.value.where == ".nightlatch.yaml"
    return caught.value


def plain(value: Value) -> object:
    """A tree of values as plain data."""
    if value.pairs() or value.kind == "keys with values":
        return {key.text(): plain(item) for key, item in value.pairs()}
    if value.kind == "a list":
        return [plain(item) for item in value.items()]
    return value.data


# --- what the hooks see


def test_the_last_override_that_names_path_and_rule_wins() -> None:
    settings = load(
        """
rules: {CODE006: error, CON107: off}
overrides:
  - {paths: ["/apps/**"], rules: {CODE006: warning, ENV114: info}}
  - {paths: ["/apps/legacy/**"], rules: {CODE006: off}}
"""
    )
    assert settings.severity("CODE006", "info", "src/a.ts") == "error"
    assert settings.severity("CODE006", "info", "apps/a.ts") == "warning"
    assert settings.severity("CODE006", "info", "apps/legacy/a.ts") == "off"
    assert settings.severity("CODE006", "info", None) == "error"
    assert settings.severity("CON107", "error", "Dockerfile") == "off"
    assert settings.severity("ENV114", "error", "apps/.env") == "info"
    assert settings.severity("SEC001", "error", "apps/legacy/a.ts") == "error"


def test_excluded_paths_are_gitignore_patterns() -> None:
    settings = load('exclude: ["/vendor/**", "*.min.js", "!/vendor/ours.c"]')
    assert settings.excluded("vendor/a/b.c")
    assert settings.excluded("web/x.min.js")
    assert not settings.excluded("vendor/ours.c")
    assert not settings.excluded("src/vendor/a.c")


def test_an_accepted_path_counts_up_to_and_on_its_last_day() -> None:
    settings = load(
        'accept-unchecked: [{path: "/data/huge.json", reason: generated, expires: "2027-01-31"},'
        ' {path: "/blob/", reason: foreign}]'
    )
    assert settings.accepted("data/huge.json", "2027-01-31") == "generated"
    assert settings.accepted("data/huge.json", "2027-02-01") is None
    assert settings.accepted("blob/x.bin", "2099-01-01") == "foreign"
    assert settings.accepted("data/other.json", "2027-01-01") is None
    assert [entry["reason"] for entry in settings.expired("2027-02-01")] == ["generated"]
    assert settings.expired("2027-01-31") == []


def test_a_later_entry_still_accepts_what_an_expired_one_names() -> None:
    settings = load(
        'accept-unchecked: [{path: /a, reason: old, expires: "2020-01-01"}, {path: /a, reason: new}]',
    )
    assert settings.accepted("a", "2026-01-01") == "new"


def test_sections_come_with_their_defaults() -> None:
    section = load("protected-files: {sql: {opaque: deny}}").section("protected-files")
    assert section["sql"] == {"destructive": "deny", "schema-change": "ask", "opaque": "deny"}
    assert section["hook-bypass"] == "deny"


def test_places_point_into_the_file() -> None:
    settings = load("rules:\n  SEC001: off\nprotected-files:\n  rules:\n    - id: a\n      paths: [/x, /y]\n")
    assert settings.place("rules.SEC001") == (2, 3)
    assert settings.place("protected-files.rules[0]") == (5, 7)
    assert settings.place("protected-files.rules[0].paths[1]") == (6, 19)
    assert settings.place("protected-files.mode") is None


# --- without a file, and with one that says nothing


def test_without_a_file_general_questions_ask_for_no_schema() -> None:
    settings = config.load(None, "", no_schema)
    assert (settings.where, settings.profile, settings.hooks) == ("", "standard", None)
    assert settings.severity("SEC001", "error", "a") == "error"
    assert not settings.excluded("a")
    assert settings.accepted("a", "2026-01-01") is None
    assert settings.expired("2026-01-01") == []
    assert settings.place("rules") is None


@pytest.mark.parametrize(
    "text", ["", "\n\n", "# only a comment\n", "---\n", "~", "null", "\ufeff", "{}", "--- # c\n...\n"]
)
@pytest.mark.usefixtures("_each_loader")
def test_a_file_that_says_nothing_gives_the_defaults(text: str) -> None:
    assert load(text).values == config_yaml.compiled(b"", "", SCHEMA)[0]


def test_the_defaults_without_a_file_are_those_of_the_schema() -> None:
    without = config.load(None, "", product_schema)
    general = dict(without.values)
    assert without.section("audit-log") == load("").section("audit-log")
    assert general == {name: without.values[name] for name in general}


def test_each_configuration_without_a_file_stands_alone() -> None:
    config.load(None, "", product_schema).values["profile"] = "strict"
    assert config.load(None, "", product_schema).profile == "standard"


# --- YAML, kept plain


@pytest.mark.usefixtures("_each_loader")
@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", "Null"),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("0600", "0600"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("190:20:30", "190:20:30"),
        ("+1", "+1"),
        ("9" * 5000, "9" * 5000),
        ("3.5", 3.5),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("2027-01-31", "2027-01-31"),
        ("2027-01-31T10:00:00Z", "2027-01-31T10:00:00Z"),
        ("=", "="),
        ("'true'", "true"),
        ('"12"', "12"),
        ("''", ""),
        ("|\n  a\n  b\n", "a\nb\n"),
        ("~/.ssh/**", "~/.ssh/**"),
    ],
)
def test_a_bare_word_is_what_it_looks_like(word: str, expected: object) -> None:
    assert plain(config_yaml.parsed(f"key: {word}".encode(), "file")) == {"key": expected}


@pytest.mark.usefixtures("_each_loader")
def test_an_alias_stands_for_its_value() -> None:
    tree = config_yaml.parsed(b"a: &x [1, 2]\nb: *x\nc: &k d\n", "file")
    assert plain(tree) == {"a": [1, 2], "b": [1, 2], "c": "d"}


@pytest.mark.usefixtures("_each_loader")
@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ("version: 1\nexlude: []\n", 2, 1, "unknown key `exlude`"),
        ("secrets:\n  custom: []\n", 2, 3, "unknown key `custom` in `secrets`"),
        ("profile: strict\nprofile: strict\n", 2, 1, "twice (first in line 1)"),
        ('rules: {SEC001: off, "SEC001": error}', 1, 22, "twice"),
        ("profile: hard\n", 1, 10, "`profile` must be one of standard, strict"),
        ("hooks: [secrets, sercets]\n", 1, 18, "`hooks[1]` must be one of"),
        ("exclude: /vendor\n", 1, 10, "`exclude` must be a list, not text"),
        ("exclude:\n- 12\n", 2, 3, "`exclude[0]` must be text, not a whole number"),
        ("exclude:\n- /ok\n- '['\n", 3, 3, "a path pattern in `exclude` can never match"),
        ("rules: {SEC1: off}\n", 1, 9, "the key `SEC1` in `rules` must be the id of a rule"),
        ("rules: {SEC001: true}\n", 1, 17, "`rules.SEC001` must be one of"),
        ("accept-unchecked:\n- {path: /a}\n", 2, 3, "`accept-unchecked[0]` lacks the key `reason`"),
        ("accept-unchecked:\n- {path: /a, reason: ' '}\n", 2, 22, "must be text that isn't blank"),
        ("- a\n- b\n", 1, 1, "the configuration must be keys with values, not a list"),
        ("version: 2\nnew-key: 1\n", 1, 10, "it knows: 1"),
        ("new-key: 1\nversion: '1'\n", 2, 10, "it knows: 1"),
        ("a: 1\n---\nb: 1\n", 2, 1, "a second document"),
        ("base: &b {x: 1}\nrules:\n  <<: *b\n", 3, 3, "merge keys"),
        ("exclude: !!seq []\n", 1, 10, "tags are not supported"),
        ("exclude:\n- !.env.example\n", 2, 3, "tags are not supported"),
        ("exclude: ! x\n", 1, 10, "tags are not supported"),
        ("? [a]\n: b\n", 1, 3, "a key must be a plain word"),
        ("exclude: &a [*a]\n", 1, 14, "part of"),
        ("exclude: [*nothing]\n", 1, 11, "an alias without its anchor"),
        ('exclude: ["a\\0b"]\n', 1, 11, "NUL"),
        ("exclude: [a\n", 2, 1, "not valid YAML"),
        ("a: b: c\n", 1, 5, "not valid YAML"),
        ("rules:\n\tSEC001: off\n", 2, 1, "not valid YAML"),
    ],
)
def test_each_error_names_its_place(text: str, line: int, column: int, part: str) -> None:
    found = error(text)
    assert part in found.what
    assert (found.line, found.column) == (line, column)


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("exlude: []", "Did you mean exclude?"),
        ("hooks: [sercets]", "Did you mean secrets?"),
        ("profile: strickt", "Did you mean strict?"),
        ("exclude: [!.env.example]", "quotes around a value that begins with !"),
        ("exclude: [!*.pem]", "quotes around a value that begins with !"),
        ("exclude:\n- !/tests/*.pem", "quotes around a value that begins with !"),
        ("exclude:\n- !~/.ssh/*.pub", "quotes around a value that begins with !"),
        ("exclude:\n- **/*.pem", "quotes around a value that begins with *"),
        ("exclude: [*.pem]", "quotes around a value that begins with *"),
        ("exclude: [*pem]", "quotes around a value that begins with *"),
        ("exclude: [12]", "quotes around it"),
        ("rules: {SEC001: no}", "Did you mean off?"),
        ("exclude: vendor/", "Put it in brackets"),
        ("secrets: off", "`rules: {ID: off}`"),
        ("rules: {SEC001: false}", "Did you mean off?"),
        ("hooks: [SECRETS]", "Did you mean secrets?"),
        ("hooks: [secrets, secrets]", "Take one of the two out."),
        ("rules: {SEC001: off\n", "Write } behind its last entry"),
        ("hooks: [secrets\nprofile: strict\n", "Write ] behind its last entry"),
        ("profile: 'strict\n", "Write the same quote at the end"),
        ("profile:\n  a: b\n c: d\n", "in one column"),
        ("profile: a: b\n", "quotes around a value that holds a colon"),
        ("rules: {SEC001: 1}", ""),
    ],
)
@pytest.mark.usefixtures("_each_loader")
def test_each_error_says_what_to_do(text: str, remedy: str) -> None:
    found = error(text)
    assert remedy in found.remedy
    assert found.column > 0


@pytest.mark.usefixtures("_each_loader")
@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("version: 1\nrules: {SEC001: off\n", ".nightlatch.yaml:3:1: not valid YAML: the { in line 2 isn't closed"),
        ("hooks: [secrets\nprofile: strict\n", ".nightlatch.yaml:2:8: not valid YAML: the [ in line 1 isn't closed"),
        ('version: 1\nprofile: "strict\n', ".nightlatch.yaml:3:1: not valid YAML: the quote in line 2 isn't closed"),
    ],
)
def test_what_is_not_closed_is_named_with_its_line(text: str, what: str) -> None:
    assert error(text).what.startswith(what)


def test_columns_count_characters() -> None:
    assert error('exclude: ["äöü€😀", 1]').column == 20


@pytest.mark.parametrize(
    ("raw", "line", "column", "part"),
    [
        (b"a: 1\nb: \xff\n", 2, 4, "not UTF-8"),
        ("a: 1".encode("utf-16"), 1, 1, "not UTF-8"),
        (b"a: 1\nb: x\0y\n", 2, 5, "control character U+0000"),
        (b"a: \x1b[31m\n", 1, 4, "control character U+001B"),
        (b"a\r\nb\r\xc2\x9b\n", 3, 1, "control character U+009B"),
        (b"a: 1\nb: " + b"\xed\xa0\x80", 2, 4, "not UTF-8"),
        (b"#" * (1024 * 1024 + 1), 0, 0, "larger than 1024 KiB"),
    ],
)
def test_bytes_that_are_no_text_are_refused(raw: bytes, line: int, column: int, part: str) -> None:
    found = error(raw)
    assert part in found.what
    assert (found.line, found.column) == (line, column)


def test_a_byte_order_mark_is_accepted() -> None:
    assert load(b"\xef\xbb\xbfprofile: strict\n").profile == "strict"


@pytest.mark.usefixtures("_each_loader")
def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    levels = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))
    assert "values, aliases counted each time" in error("a0: &a0 [x, x]\n" + levels).what


@pytest.mark.usefixtures("_each_loader")
@pytest.mark.parametrize("bracket", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused(bracket: str) -> None:
    assert "deeper than 32" in error("x:\n " + bracket * 40).what


def test_depth_through_aliases_counts() -> None:
    steps = "\n".join(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 40))
    assert "deeper than 32" in error("a0: &a0 [x]\n" + steps).what


def test_many_values_are_refused() -> None:
    assert "more than 100000 values" in error("exclude: [" + "a," * 120_000 + "]").what


@pytest.mark.usefixtures("_each_loader")
@pytest.mark.parametrize("escape", ['"\\U99999999"', '"\\ud800"', '"\\uDC00x"', '"\\xZZ"', '"\\q"'])
def test_an_escape_that_is_no_character_is_refused(escape: str) -> None:
    error(f"exclude: [{escape}]")


@pytest.mark.usefixtures("_each_loader")
@pytest.mark.parametrize(
    "text",
    [
        "a: %SECRETVALUE",
        "a: @SECRETVALUE",
        "a: !SECRETVALUE!x y",
        "a: *SECRETVALUE",
        "a: 'SECRETVALUE",
        "%SECRETVALUE 1\n---\na: 1",
        "a: &SECRETVALUE.x y",
        "SECRETVALUE",
        "- SECRETVALUE",
        "exclude: SECRETVALUE",
        "exclude: ['SECRETVALUE[']",
        "profile: SECRETVALUE",
        "dependencies: {ignore: [{id: SECRETVALUE, reason: x}]}",
        "secrets: {custom-rules: [{id: ACME001, pattern: '(SECRETVALUE', keywords: [a]}]}",
        "a: [b]SECRETVALUE: c",
    ],
)
def test_no_error_quotes_the_file(text: str) -> None:
    found = error(text)
    assert "SECRETVALUE" not in found.what + found.remedy


# --- properties

YAML_LIKE = st.text(st.sampled_from(list("ab1 \n\n  :-,[]{}\"'&*!|>%@`#~?\\\t.x<=0\u00e9\u2028")), max_size=80)
WORDS = st.sampled_from(
    ["version", "rules", "SEC001", "off", "exclude", "paths", "hooks", "secrets", "path", "reason", "id", "sql", "mode"]
)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def outcome(raw: bytes) -> object:
    """What comes of bytes: the values, or the error."""
    try:
        return config_yaml.compiled(raw, "file", SCHEMA)
    except ConfigError as found:
        return found.what


def printable(result: object) -> bool:
    return not isinstance(result, str) or result.isprintable()


@settings(max_examples=400, deadline=None)
@given(raw=st.binary(max_size=60) | YAML_LIKE.map(str.encode))
def test_random_bytes_never_give_anything_but_a_configuration_or_its_error(raw: bytes) -> None:
    for loader in LOADERS:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(config_yaml, "_LOADER", loader)
            assert printable(outcome(raw))


@settings(max_examples=200, deadline=None)
@given(document=DOCUMENTS)
def test_random_documents_mean_the_same_to_both_loaders(document: object) -> None:
    raw = yaml.safe_dump(document, allow_unicode=True).encode()
    outcomes = []
    for loader in LOADERS:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(config_yaml, "_LOADER", loader)
            outcomes.append(outcome(raw))
    assert all(one == outcomes[0] for one in outcomes)


JSON_SAFE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.text(st.characters(min_codepoint=32, max_codepoint=126)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(min_codepoint=48, max_codepoint=122), min_size=1), inner, max_size=4)
    ),
)


@settings(max_examples=200, deadline=None)
@given(document=JSON_SAFE)
def test_json_is_read_as_json(document: object) -> None:
    assert plain(config_yaml.parsed(json.dumps(document).encode(), "file")) == document


VALID = st.fixed_dictionaries(
    {},
    optional={
        "profile": st.sampled_from(["standard", "strict"]),
        "hooks": st.lists(st.sampled_from(["secrets", "sql", "posture"]), min_size=1, unique=True),
        "exclude": st.lists(st.sampled_from(["/a/**", "*.b", "!c", "~/d", "//e"])),
        "rules": st.dictionaries(st.sampled_from(["SEC001", "ENUM123", "ACME001"]), st.sampled_from(["off", "error"])),
        "audit-log": st.fixed_dictionaries({}, optional={"files": st.integers(1, 9), "max-size": st.just("1K")}),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(document=VALID)
def test_the_cached_form_equals_the_fresh_one(document: dict[str, object]) -> None:
    raw = json.dumps(document).encode()
    fresh = config_yaml.compiled(raw, "file", SCHEMA)
    first = config.load(raw, "file", product_schema)
    second = config.load(raw, "file", no_schema)
    assert first.values == second.values == fresh[0]
    assert [second.place(path) for path in fresh[1]] == list(fresh[1].values())


# --- the cache and the fast path


def test_a_known_file_needs_neither_schema_nor_yaml() -> None:
    load("profile: strict")
    assert config.load(b"profile: strict", "elsewhere", no_schema).where == "elsewhere"


def test_a_raised_version_of_the_compiled_form_forgets_the_old_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    load("profile: strict")
    monkeypatch.setattr(config, "COMPILED_VERSION", config.COMPILED_VERSION + 1)
    with pytest.raises(AssertionError, match="the schema was asked for"):
        config.load(b"profile: strict", "file", no_schema)


def test_an_invalid_file_is_an_error_each_time() -> None:
    for _ in range(2):
        error("profile: hard")


def test_a_damaged_cache_is_read_past(tmp_path: Path) -> None:
    load("profile: strict")
    for file in (tmp_path / "cache").iterdir():
        file.write_bytes(b"\xff" * 50)
    assert load("profile: strict").profile == "strict"


def test_a_strange_value_in_the_cache_is_read_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "load", lambda *_: "strange")
    assert load("profile: strict").profile == "strict"


def imported_by(script: str) -> set[str]:
    """The modules that a fresh interpreter has imported after a script."""
    environment = {**os.environ, "PYTHONPATH": str(Path(config.__file__).parents[2])}
    command = [sys.executable, "-S", "-c", script + "\nimport sys; print(*sys.modules)"]
    return set(subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout.split())


def test_a_warm_start_imports_next_to_nothing(tmp_path: Path) -> None:
    file = tmp_path / ".nightlatch.yaml"
    file.write_text("profile: strict\n")
    load(file.read_bytes())
    bare = imported_by("import os")
    warm = imported_by(
        "from nightlatch.core import config\n"
        f"assert config.load(config.read({str(file)!r}), 'x', None).profile == 'strict'"
    )
    assert warm - bare <= {
        "__future__",
        "nightlatch",
        "nightlatch.core",
        "nightlatch.core.cache",
        "nightlatch.core.config",
        "nightlatch.core.errors",
    }


# --- reading the file


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    assert config.read(str(tmp_path / "c.yaml")) == b"\xef\xbb\xbfa: 1\r\n"


def unreadable(path: object) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        config.read(str(path))
    assert caught.value.remedy
    assert caught.value.line == 0
    return caught.value


def test_a_missing_file_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    assert "there is no such file" in unreadable(tmp_path / "none.yaml").what


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert unreadable(tmp_path).what.endswith(("not a regular file", "(permission denied)"))


def test_a_file_over_the_bound_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_bytes(b"#" * config.MAX_BYTES)
    assert len(config.read(str(file))) == config.MAX_BYTES
    file.write_bytes(b"#" * (config.MAX_BYTES + 1))
    assert "larger than" in unreadable(file).what


def test_a_name_that_cannot_be_opened_is_an_error() -> None:
    assert "can't be" in unreadable("a\0b").what
    assert unreadable("no\x1bsuch\nfile").what.isprintable()


@POSIX
def test_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert "not a regular file" in unreadable(tmp_path / "fifo").what


@POSIX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text("a: 1")
    file.chmod(0)
    assert "permission denied" in unreadable(file).what


@POSIX
def test_a_link_is_followed_and_a_loop_of_links_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("a: 1")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert config.read(str(tmp_path / "link")) == b"a: 1"
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "can't be read" in unreadable(tmp_path / "loop").what


def test_a_failure_while_reading_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_descriptor: int, _size: int) -> bytes:
        raise OSError(5, "Input/output error")

    (tmp_path / "c.yaml").write_text("a: 1")
    with monkeypatch.context() as patched:
        patched.setattr(os, "read", broken)
        assert "input/output error" in unreadable(tmp_path / "c.yaml").what
