"""The schema language: what each node takes, what it compiles to, and how it is shown."""

from __future__ import annotations

import json
import marshal
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core.errors import ConfigError
from nightlatch.core.schema import reference
from nightlatch.core.schema.containers import ListOf, Map, OpenMap
from nightlatch.core.schema.node import Key, Node, Reading
from nightlatch.core.schema.numbers import Boolean, Integer, Number, Size, Version
from nightlatch.core.schema.path_patterns import PathPattern, PathPatterns
from nightlatch.core.schema.texts import Choice, Date, Form, Regex, RuleId, Severity, Text
from nightlatch.core.schema.value import written

WORD = Form("a word in small letters", "[a-z]+")


def compiled(node: Node, data: object) -> object:
    return node.read(written(data), Reading("file"), "key")


def error(node: Node, data: object) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        compiled(node, data)
    return caught.value


@pytest.mark.parametrize(
    ("node", "data", "expected"),
    [
        (Text(""), "any text", "any text"),
        (Text("", WORD), "word", "word"),
        (RuleId("", WORD), "word", "word"),
        (Integer("", 1, 10), 10, 10),
        (Number("", 0, 8), 3, 3.0),
        (Number("", 0, 8), 3.5, 3.5),
        (Boolean(""), True, True),
        (Boolean(""), False, False),
        (Date(""), "2028-02-29", "2028-02-29"),
        (Size(""), "10M", 10 * 1024 * 1024),
        (Size(""), "1K", 1024),
        (Size(""), "2G", 2 * 1024**3),
        (Size(""), 512, 512),
        (Choice("", ("a", "b")), "b", "b"),
        (Severity(""), "off", "off"),
        (Version("", (1, 2)), 2, 2),
        (Regex(""), "acme_[a-z0-9]{32}", "acme_[a-z0-9]{32}"),
        (ListOf("", Text("")), ["a", "b"], ["a", "b"]),
        (ListOf("", Text("")), None, []),
        (OpenMap("", WORD, Integer("", 0, 9)), {"a": 1}, {"a": 1}),
        (OpenMap("", WORD, Integer("", 0, 9)), None, {}),
        (Map("", Key("a", Text(""))), {"a": "x"}, {"a": "x"}),
        (Map("", Key("a", Text(""))), None, {"a": None}),
    ],
)
def test_what_fits_is_compiled(node: Node, data: object, expected: object) -> None:
    result = compiled(node, data)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("node", "data"),
    [
        (Text(""), 1),
        (Text(""), None),
        (Text(""), ["a"]),
        (Text("", WORD), "Word"),
        (Text("", WORD), "word\n"),
        (Integer("", 1, 10), 0),
        (Integer("", 1, 10), 11),
        (Integer("", 1, 10), True),
        (Integer("", 1, 10), 1.0),
        (Integer("", 1, 10), "1"),
        (Number("", 0, 8), 9),
        (Number("", 0, 8), True),
        (Boolean(""), "off"),
        (Boolean(""), 1),
        (Boolean(""), None),
        (Date(""), "2027-02-29"),
        (Date(""), "20270131"),
        (Date(""), "2027-W05-1"),
        (Date(""), "2027-01-31T00:00"),
        (Date(""), "٢٠٢٧-01-31"),
        (Size(""), ""),
        (Size(""), "0M"),
        (Size(""), "10 M"),
        (Size(""), "10m"),
        (Size(""), "M"),
        (Size(""), -1),
        (Size(""), 10**12),
        (Choice("", ("a", "b")), "c"),
        (Choice("", ("true",)), True),
        (Severity(""), False),
        (Version("", (1,)), "1"),
        (Version("", (1,)), True),
        (Regex(""), "("),
        (Regex(""), ""),
        (Regex(""), "a" * 1001),
        (ListOf("", Text("")), "a"),
        (ListOf("", Text("")), {"a": "b"}),
        (ListOf("", Text("")), [None]),
        (ListOf("", Text(""), least=1), []),
        (ListOf("", Text(""), least=1), None),
        (ListOf("", Map("", Key("id", Text(""))), unique="id"), [{"id": "a"}, {"id": "a"}]),
        (OpenMap("", WORD, Text("")), {"A": "x"}),
        (OpenMap("", WORD, Text("")), ["a"]),
        (Map("", Key("a", Text(""))), {"b": "x"}),
        (Map("", Key("a", Text(""))), ["a"]),
        (Map("", Key("a", Text(""), required=True)), {}),
        (Map("", Key("a", Text(""), required=True)), None),
        (PathPatterns(""), "/a"),
        (PathPatterns(""), [1]),
        (PathPatterns(""), [""]),
        (PathPatterns(""), ["["]),
        (PathPattern(""), "!a"),
        (PathPattern(""), " "),
        (PathPattern(""), ["a"]),
    ],
)
def test_what_does_not_fit_is_refused(node: Node, data: object) -> None:
    assert error(node, data).where == "file"


def test_path_patterns_keep_their_texts_and_match() -> None:
    from nightlatch.core import paths

    result = compiled(PathPatterns(""), ["/vendor/**", "!/vendor/ours.py"])
    assert isinstance(result, dict)
    assert result["patterns"] == ["/vendor/**", "!/vendor/ours.py"]
    assert paths.matches(result["compiled"], "vendor/theirs.py")
    assert not paths.matches(result["compiled"], "src/vendor.py")
    assert marshal.loads(marshal.dumps(result)) == result  # noqa: S302 - the test wrote it


def test_a_map_holds_every_key_with_its_default() -> None:
    node = Map(
        "",
        Key("size", Size(""), default="10M"),
        Key("text", Text("")),
        Key("unset", ListOf("", Text(""), least=1), default=None),
        Key("list", ListOf("", Text(""))),
        Key("open", OpenMap("", WORD, Text(""))),
        Key("paths", PathPatterns("")),
        Key("inner", Map("", Key("n", Integer("", 0, 9), default=3))),
    )
    result = compiled(node, {})
    assert isinstance(result, dict)
    assert list(result) == ["size", "text", "unset", "list", "open", "paths", "inner"]
    assert (result["size"], result["text"], result["unset"], result["list"]) == (10 * 2**20, None, None, [])
    assert (result["open"], result["paths"]["patterns"], result["inner"]) == ({}, [], {"n": 3})


@pytest.mark.parametrize(("typo", "meant"), [("exclud", "exclude"), ("rule", "rules"), ("Exclude", "exclude")])
def test_an_unknown_key_that_is_close_gets_a_hint(typo: str, meant: str) -> None:
    node = Map("", Key("exclude", Text("")), Key("rules", Text("")))
    assert error(node, {typo: "x"}).remedy == f"Did you mean {meant}?"


def test_an_unknown_key_far_from_all_gets_the_list() -> None:
    node = Map("", Key("exclude", Text("")), Key("rules", Text("")))
    assert error(node, {"zzz": "x"}).remedy == "Known here: exclude, rules."


def test_control_characters_and_long_names_are_made_harmless() -> None:
    found = error(Map("", Key("a", Text(""))), {"\x1b[31m\u202e" + "x" * 200: "y"})
    assert found.what.isprintable()
    assert "\\x1b" in found.what
    assert len(found.what) < 150


@given(secret=st.from_regex(r"[a-z]{4}Q9[A-Z0-9]{20,40}", fullmatch=True))
def test_no_error_quotes_a_value(secret: str) -> None:
    nodes: list[tuple[Node, object]] = [
        (Text("", WORD), secret),
        (Integer("", 1, 2), secret),
        (Boolean(""), secret),
        (Number("", 1, 2), secret),
        (Date(""), secret),
        (Size(""), secret),
        (Severity(""), secret),
        (Version("", (1,)), secret),
        (Regex(""), secret + "("),
        (ListOf("", Text("", WORD)), [secret]),
        (ListOf("", Map("", Key("id", Text(""))), unique="id"), [{"id": secret}, {"id": secret}]),
        (OpenMap("", WORD, Integer("", 1, 2)), {"key": secret}),
        (PathPatterns(""), [secret + "["]),
        (PathPattern(""), "!" + secret),
    ]
    for node, data in nodes:
        found = error(node, data)
        assert secret not in found.what + found.remedy


def test_places_name_what_the_file_says() -> None:
    reading = Reading("file")
    value = written({"list": ["a", "b"], "open": {"x": "y"}})
    for line, (key, inner) in enumerate(value.pairs(), 1):
        for item in (key, *inner.items(), *(name for name, _ in inner.pairs())):
            item.line, item.column = line, 5
    node = Map(
        "",
        Key("list", ListOf("", Text(""))),
        Key("open", OpenMap("", WORD, Text(""))),
        Key("more", Text(""), default="d"),
    )
    node.read(value, reading, "")
    assert reading.places == {"list": (1, 5), "list[0]": (1, 5), "list[1]": (1, 5), "open": (2, 5), "open.x": (2, 5)}


def test_size_and_height_count_what_is_below() -> None:
    value = written({"a": [1, [2]], "b": 3})
    assert value.size == 8
    assert value.height == 3


SAMPLE = Map(
    "The whole.",
    Key("name", Text("A `name` | more.", WORD), default="word"),
    Key("items", ListOf("Some.", Map("One.", Key("id", Text("The id."), required=True), Key("on", Boolean("On."))))),
    Key("open", OpenMap("Open.", WORD, Map("Inner.", Key("n", Integer("A number.", 1, 9), default=3)))),
)


def test_the_reference_shows_every_key_with_type_default_and_meaning() -> None:
    page = reference.markdown(SAMPLE)
    assert "## `name`" in page
    assert "Type: a word in small letters. Default: `word`." in page
    assert "| `items[].id` | text | required | The id. |" in page
    assert "| `open.*.n` | whole number, 1 to 9 | `3` | A number. |" in page


def test_the_json_schema_closes_maps_and_shows_defaults() -> None:
    result = json.loads(reference.json_schema(SAMPLE, "sample"))
    assert result["additionalProperties"] is False
    assert result["properties"]["name"]["default"] == "word"
    assert result["properties"]["name"]["pattern"] == "^(?:[a-z]+)$"
    assert result["properties"]["items"]["items"]["required"] == ["id"]
    assert result["properties"]["open"]["additionalProperties"] is False
    assert re.match(next(iter(result["properties"]["open"]["patternProperties"])), "word")
