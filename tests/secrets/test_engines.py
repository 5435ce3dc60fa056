"""Two engines, one result: whichever filter runs, the findings are the same, and neither can let one slip."""

from __future__ import annotations

import random
import re
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nightlatch.core import cache
from nightlatch.core.errors import UsageError
from nightlatch.core.files import File
from nightlatch.secrets import engine, hyperscan_filter
from nightlatch.secrets.base64_text import SHAPE
from nightlatch.secrets.engine import ENGINES, HYPERSCAN, STANDARD_LIBRARY, scanner_for
from nightlatch.secrets.hook import findings_in
from nightlatch.secrets.keyword_filter import WORTH_A_TRIE, KeywordFilter
from nightlatch.secrets.rules import RULES
from nightlatch.secrets.scan import Scanner, filter_expression
from nightlatch.secrets.secret_rule import SecretRule
from tests.support.matching import matching
from tests.support.repository import Repository
from tests.support.tokens import github_token, random_text

if TYPE_CHECKING:
    from nightlatch.secrets.scan import Filter

HAS_HYPERSCAN = hyperscan_filter.extension() is not None
needs_hyperscan = pytest.mark.skipif(not HAS_HYPERSCAN, reason="Hyperscan has no wheel for this machine")
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)

SIGNS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \n\t\"'=:-_./+"
CORPUS = 20_000_000
"""Bytes of real text that both engines read."""

BUFFERS = 12
"""Texts for each rule that must match and each of their neighbours; ten thousands in all."""


def a_rule(**changes: Any) -> SecretRule:
    values: dict[str, Any] = {
        "id": "SEC999",
        "name": "acme-key",
        "provider": "Acme",
        "summary": "Acme key",
        "pattern": "acme_[a-z0-9]{8}",
        "keywords": ("acme_",),
        "revoke": "at Acme",
        "positive": ("x acme_a1b2c3d4 y",),
        "negative": (),
    }
    return SecretRule(**values | changes)


@pytest.fixture(scope="session")
def database() -> Filter:
    found = hyperscan_filter.build(RULES)
    assert found is not None
    return found


def found_by(scanner: Scanner, name: str, text: bytes) -> list[tuple[object, ...]]:
    return [
        (finding.rule.id, finding.line, finding.column, finding.end_line, finding.end_column, finding.value)
        for finding in findings_in(File(name, text), scanner)
    ]


def assert_same(texts: dict[str, bytes], database: Filter) -> int:
    plain, fast = Scanner(RULES), Scanner(RULES, database)
    count = 0
    for name, text in texts.items():
        found = found_by(plain, name, text)
        assert found_by(fast, name, text) == found, name
        count += len(found)
    return count


@needs_hyperscan
def test_identical_findings_in_examples_within_noise(database: Filter) -> None:
    texts = {}
    for rule in RULES:
        examples = [*rule.positive, *rule.negative]
        for number, example in enumerate(examples):
            noise = random_text(300, (rule.id, number), SIGNS)
            texts[f"{rule.id}-{number}"] = f"{noise}\n{example}\n{noise}".encode()
    assert assert_same(texts, database) >= sum(len(rule.positive) for rule in RULES)


@needs_hyperscan
@pytest.mark.slow
def test_identical_findings_in_a_large_corpus(database: Filter) -> None:
    """A sample of Python's own library and of what is installed beside it, as text and as it is compiled."""
    folders = [Path(sysconfig.get_paths()[name]) for name in ("stdlib", "purelib")]
    files = sorted({path for folder in folders for path in folder.rglob("*") if path.is_file()})
    random.Random(1).shuffle(files)
    texts: dict[str, bytes] = {}
    size = 0
    for path in files:
        if size < CORPUS and path.stat().st_size < CORPUS // 20:
            texts[str(path)] = path.read_bytes()
            size += len(texts[str(path)])
    assert size >= CORPUS
    assert_same(texts, database)


@needs_hyperscan
@each_rule
def test_what_re_matches_the_database_names(rule: SecretRule, database: Filter) -> None:
    """Fuzz: matches of the rule, and their near misses, anywhere in noise of any byte."""
    index = RULES.index(rule)
    expression = re.compile(filter_expression(rule))
    generator = random.Random(rule.id)
    hits = 0
    for _ in range(BUFFERS):
        token = matching(filter_expression(rule), generator)
        for text in neighbours(token, generator):
            matches = expression.search(text) is not None
            named = index in database.candidates(text)
            assert named == matches or (named and rule.near), text
            hits += matches
    assert hits >= BUFFERS


def neighbours(token: bytes, generator: random.Random) -> list[bytes]:
    """The token alone, within noise, shortened, with a byte changed, twice, and over the end of a block."""
    place = generator.randrange(len(token))
    changed = token[:place] + bytes((generator.randrange(256),)) + token[place + 1 :]
    noise = generator.randbytes(generator.randrange(1, 80))
    words = random_text(200, generator.random(), SIGNS).encode()
    return [
        token,
        noise + token + noise,
        words + token + words,
        token[:-1],
        token[1:],
        changed,
        token + token,
        b"\n" * generator.randrange(60, 70) + token + b"\n",
    ]


@needs_hyperscan
def test_what_re_matches_of_the_shape_of_base64_the_database_names(database: Filter) -> None:
    generator = random.Random(1)
    for _ in range(300):
        for text in neighbours(matching(SHAPE, generator), generator):
            database.candidates(text)
            assert database.holds_base64(text) == (re.search(SHAPE, text) is not None), text


@needs_hyperscan
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.near], ids=lambda rule: rule.id)
def test_a_value_with_a_plain_name_is_named_too(rule: SecretRule, database: Filter) -> None:
    generator = random.Random(rule.id)
    for name in ("api_key = ", "token: ", '"client_secret": "', "Authorization: Bearer ", "x-api-key: ", "password "):
        text = f"{rule.near[0]} {name}".encode() + matching(rule.pattern.encode(), generator)
        assert RULES.index(rule) in database.candidates(text), text


@pytest.mark.parametrize("size", [0, WORTH_A_TRIE], ids=["word by word", "trie"])
def test_the_keywords_are_found_wherever_they_stand(size: int) -> None:
    filter = KeywordFilter(RULES)
    filter.candidates(b"." * size)
    for index, rule in enumerate(RULES):
        for keyword in rule.keywords:
            for text in (keyword, keyword.upper(), f"x{keyword}x", f"{keyword}{keyword}", f"ghp_{keyword}"):
                assert index in filter.candidates(text.encode()), (rule.id, keyword)


def test_the_trie_gives_what_the_single_words_give() -> None:
    rules = [a_rule(keywords=(word,)) for word in ("abc", "abcd", "bcd", "cda", "xab", "ab-c", "b.c")]
    plain, trie = KeywordFilter(rules), KeywordFilter(rules)
    trie.candidates(b"." * WORTH_A_TRIE)
    for number in range(3000):
        text = random_text(12, number, "abcdx-.A").encode()
        assert plain._trie is None
        assert trie.candidates(text) == plain.candidates(text), text


def test_no_rules_name_nothing_in_much_text() -> None:
    filter = KeywordFilter([])
    assert filter.candidates(b"." * WORTH_A_TRIE) == filter.candidates(b"secret = 1") == []


@needs_hyperscan
def test_a_rule_whose_own_example_is_not_found_is_left_to_its_keywords() -> None:
    good, blind = a_rule(), a_rule(id="SEC998", positive=("a text without its key",), keywords=("acme",))
    without = a_rule(id="SEC997", positive=())
    serialized, weak = hyperscan_filter._compile(hyperscan_filter.extension(), [good, blind, without])
    assert weak == [1, 2]
    filter = hyperscan_filter.HyperscanFilter(hyperscan_filter.extension(), [good, blind, without], serialized, weak)
    assert filter.candidates(b"acme_short") == [1, 2]
    assert filter.candidates(b"acme_a1b2c3d4") == [0, 1, 2]


@needs_hyperscan
def test_a_rule_that_does_not_compile_is_left_to_its_keywords() -> None:
    rules = [a_rule(pattern="acme_(?=x)[a-z]{8}"), a_rule(id="SEC998")]
    serialized, weak = hyperscan_filter._compile(hyperscan_filter.extension(), rules)
    assert weak == [0]
    filter = hyperscan_filter.HyperscanFilter(hyperscan_filter.extension(), rules, serialized, weak)
    assert filter.candidates(b"acme_a1b2c3d4") == [0, 1]


@needs_hyperscan
def test_none_of_our_rules_is_left_to_its_keywords() -> None:
    assert hyperscan_filter._compile(hyperscan_filter.extension(), RULES)[1] == []


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(folder))
    return folder


@needs_hyperscan
def test_a_database_is_kept_and_loaded(kept: Path) -> None:
    assert hyperscan_filter.load([a_rule()]) is None
    assert hyperscan_filter.build([a_rule()]) is not None
    loaded = hyperscan_filter.load([a_rule()])
    assert loaded is not None
    assert loaded.candidates(b"acme_a1b2c3d4") == [0]
    assert hyperscan_filter.load([a_rule(pattern="acme_[a-z0-9]{9}")]) is None, "of other rules"
    assert [path.stat().st_mode & 0o077 for path in (kept, *kept.iterdir())] == [0, 0]


@needs_hyperscan
@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "another's"])
def test_a_damaged_database_is_built_again(kept: Path, damage: str) -> None:
    hyperscan_filter.build([a_rule()])
    (file,) = kept.iterdir()
    data = file.read_bytes()
    place = len(data) - 100
    flipped = data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
    file.write_bytes({"cut": data[:-9], "flipped": flipped, "emptied": b"", "another's": b"x" * 999}[damage])
    assert hyperscan_filter.load([a_rule()]) is None
    scanner = scanner_for([a_rule()], {engine.VARIABLE: HYPERSCAN})
    assert len(list(scanner.matches(b"acme_a1b2c3d4"))) == 1


@needs_hyperscan
@pytest.mark.usefixtures("kept")
def test_a_value_that_is_no_database_is_built_again() -> None:
    """The checksum is right, and yet Hyperscan refuses what the file holds."""
    module = hyperscan_filter.extension()
    cache.store(hyperscan_filter.KIND, hyperscan_filter._key(module, [a_rule()]), (b"no database", []))
    assert hyperscan_filter.load([a_rule()]) is None


@needs_hyperscan
@pytest.mark.usefixtures("kept")
def test_much_text_is_handed_to_hyperscan_and_little_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WORTH_BUILDING", 300_000)
    rules = [a_rule()]
    growing = engine._Growing(rules)
    growing.candidates(b"." * 1000)
    growing.candidates(b"." * 100_000)
    assert isinstance(growing._filter, KeywordFilter), "there is no database yet, and too little text to build one"
    assert growing.candidates(b"acme_a1b2c3d4" + b"." * 300_000) == [0]
    assert isinstance(growing._filter, hyperscan_filter.HyperscanFilter)
    second = engine._Growing(rules)
    second.candidates(b"." * engine.WORTH_LOADING)
    assert isinstance(second._filter, hyperscan_filter.HyperscanFilter), "the database is there now"


def test_without_the_wheel_the_standard_library_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "hyperscan._hs_ext", raising=False)
    monkeypatch.setattr(hyperscan_filter, "_path", lambda: "")
    growing = engine._Growing([a_rule()])
    assert growing.candidates(b"acme_a1b2c3d4" + b"." * engine.WORTH_BUILDING) == [0]
    assert isinstance(growing._filter, KeywordFilter)
    assert "standard library" in engine.description({})
    with pytest.raises(UsageError, match="not installed"):
        scanner_for([a_rule()], {engine.VARIABLE: HYPERSCAN})


def test_a_wheel_of_another_machine_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "_hs_ext.so"
    broken.write_bytes(b"\x7fELF, and nothing behind it")
    monkeypatch.delitem(sys.modules, "hyperscan._hs_ext", raising=False)
    monkeypatch.setattr(hyperscan_filter, "_path", lambda: str(broken))
    assert hyperscan_filter.extension() is None


def test_an_extension_in_a_relative_folder_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from _imp import extension_suffixes

    (tmp_path / "hyperscan").mkdir()
    (tmp_path / "hyperscan" / f"_hs_ext{extension_suffixes()[0]}").write_bytes(b"of the scanned repository")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", ".", "hyperscan/.."])
    assert hyperscan_filter._path() == ""


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(UsageError, match="no such engine"):
        scanner_for([a_rule()], {engine.VARIABLE: "re2"})


@pytest.mark.parametrize("name", [name for name in ENGINES if HAS_HYPERSCAN or name != HYPERSCAN])
def test_the_command_finds_the_same_with_each_engine(repository: Repository, name: str) -> None:
    repository.stage("a.txt", f"token: {github_token()}\n")
    outcome = repository.nightlatch("secrets", "--format", "json", **{engine.VARIABLE: name})
    assert outcome.code == 1
    assert "SEC301" in outcome.out


def test_the_command_refuses_an_unknown_engine(repository: Repository) -> None:
    repository.stage("a.txt", "nothing\n")
    outcome = repository.nightlatch("secrets", **{engine.VARIABLE: "re2"})
    assert outcome.code == 2
    assert "NIGHTLATCH_ENGINE=re2" in outcome.err


@pytest.mark.parametrize("words", [("--version", "--verbose"), ("--version", "-v")])
def test_the_version_names_the_engine_when_asked(repository: Repository, words: tuple[str, ...]) -> None:
    said = repository.nightlatch(*words).out
    assert f"secrets engine: {'hyperscan 0.9' if HAS_HYPERSCAN else 'standard library'}" in said
    forced = repository.nightlatch(*words, **{engine.VARIABLE: STANDARD_LIBRARY}).out
    assert "secrets engine: standard library" in forced
    assert "engine" not in repository.nightlatch("--version").out
