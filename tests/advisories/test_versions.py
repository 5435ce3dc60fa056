"""The keys of versions: in the order that `packaging` and Semantic Versioning have, and fit to be compared as text."""

from __future__ import annotations

from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import Specifier
from packaging.version import Version

from nightlatch.core.advisories import pep440, semver
from nightlatch.core.advisories.sortable import TOP, just_above, number

NUMBERS = st.one_of(st.integers(0, 12), st.integers(0, 10**30)).map(str)
LOCAL = st.lists(st.from_regex(r"\A[a-z0-9]{1,3}\Z"), min_size=1, max_size=3).map(".".join)


@st.composite
def python_versions(draw: st.DrawFn) -> str:
    version = draw(st.sampled_from(["", "", "", "v", "1!", "0!"])) + ".".join(
        draw(st.lists(NUMBERS, min_size=1, max_size=4))
    )
    if draw(st.booleans()):
        version += draw(st.sampled_from(["a", "b", "rc", ".alpha", "-beta.", "c"])) + draw(NUMBERS)
    if draw(st.booleans()):
        version += draw(st.sampled_from([".post", "-", ".rev"])) + draw(NUMBERS)
    if draw(st.booleans()):
        version += ".dev" + draw(NUMBERS)
    if draw(st.booleans()):
        version += "+" + draw(LOCAL)
    return version


IDENTIFIERS = st.one_of(
    st.integers(0, 12).map(str),
    st.from_regex(r"\A[0-9A-Za-z-]*[A-Za-z-][0-9A-Za-z-]*\Z").filter(lambda word: len(word) < 9),
)


@st.composite
def semantic_versions(draw: st.DrawFn) -> str:
    version = ".".join(draw(st.lists(NUMBERS, min_size=3, max_size=3)))
    pre = draw(st.lists(IDENTIFIERS, max_size=3))
    if pre:
        version += "-" + ".".join(pre)
    return version + draw(st.sampled_from(["", "", "+build.7", "+0-0"]))


def sign(less: object, greater: object) -> int:
    return bool(greater) - bool(less)


def order(one: str, other: str) -> int:
    return sign(one < other, one > other)


@given(python_versions(), python_versions())
def test_python_versions_stand_in_the_order_of_packaging(one: str, other: str) -> None:
    expected = sign(Version(one) < Version(other), Version(one) > Version(other))
    assert order(pep440.key(one), pep440.key(other)) == expected


@given(st.lists(NUMBERS, min_size=1, max_size=4), st.lists(st.just("0"), max_size=2))
def test_plain_versions_have_the_same_key_without_packaging(parts: list[str], zeros: list[str]) -> None:
    plain = ".".join([*parts, *zeros])
    assert pep440.key(plain) == pep440.key(f"v{plain}")  # the letter makes it go the long way


@given(st.text(max_size=8))
def test_python_versions_are_those_of_packaging(text: str) -> None:
    try:
        Version(text)
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - the promise is ValueError
            pep440.key(text)
    else:
        pep440.key(text)


@given(python_versions(), python_versions())
def test_the_end_of_a_span_is_what_a_specifier_says(version: str, last: str) -> None:
    if "+" in last:
        expected = Version(version) <= Version(last)
    else:
        expected = Specifier(f"<={last.removeprefix('v')}").contains(version, prereleases=True)
    assert (pep440.key(version) < pep440.key_of_the_last(last)) == expected


@given(python_versions())
def test_python_prereleases(version: str) -> None:
    assert pep440.is_prerelease(version) == Version(version).is_prerelease


@given(python_versions(), python_versions())
def test_major_versions_of_python_packages(one: str, other: str) -> None:
    expected = [(Version(version).epoch, Version(version).major) for version in (one, other)]
    found = [pep440.major(pep440.key(version)) for version in (one, other)]
    is_zero = [not any(Version(version).release) for version in (one, other)]
    if is_zero[0] == is_zero[1]:
        assert (found[0] == found[1]) == (expected[0] == expected[1])


def semantic_order(one: str, other: str) -> int:
    """Section 11 of Semantic Versioning 2.0.0, word for word and slowly."""
    (numbers, pre), (other_numbers, other_pre) = (taken_apart(version) for version in (one, other))
    if numbers != other_numbers:
        return sign(numbers < other_numbers, numbers > other_numbers)
    if not pre or not other_pre:
        return bool(other_pre) - bool(pre)
    for word, other_word in zip(pre, other_pre, strict=False):
        if word != other_word:
            return order_of_identifiers(word, other_word)
    return sign(len(pre) < len(other_pre), len(pre) > len(other_pre))


def taken_apart(version: str) -> tuple[list[int], list[str]]:
    main, _, pre = version.partition("+")[0].partition("-")
    return [int(part) for part in main.split(".")], pre.split(".") if pre else []


def order_of_identifiers(one: str, other: str) -> int:
    if one.isdigit() and other.isdigit():
        return sign(int(one) < int(other), int(one) > int(other))
    if one.isdigit() != other.isdigit():
        return -1 if one.isdigit() else 1
    return order(one, other)


@given(semantic_versions(), semantic_versions())
def test_semantic_versions_stand_in_the_order_of_the_specification(one: str, other: str) -> None:
    assert order(semver.key(one), semver.key(other)) == semantic_order(one, other)


def test_the_example_of_the_specification() -> None:
    ordered = [
        "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
        "1.0.0-rc.1", "1.0.0", "2.0.0", "2.1.0", "2.1.1",
    ]  # fmt: skip
    shuffled = [*ordered[::2], *ordered[1::2]]
    assert sorted(shuffled, key=semver.key) == ordered
    assert sorted(shuffled, key=cmp_to_key(semantic_order)) == ordered


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.2",
        "1.2.3.4",
        "1.2.x",
        "a.b.c",
        "1.2.3-",
        "1.2.3-a..b",
        "1.2.3-ü",
        "1.2.3-a b",
        "latest",
        "٣.0.0",
        "1.2.3+\n",
        "1" * 300 + ".0.0",
    ],
)
def test_what_is_no_semantic_version(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words are not promised
        semver.key(text)


def test_a_bound_may_be_short_and_a_version_may_not() -> None:
    assert semver.bound("2") == semver.bound("2.0") == semver.key("2.0.0")
    with pytest.raises(ValueError):  # noqa: PT011 - 2.1 as the last could mean 2.1.7
        semver.key_of_the_last("2.1")


@given(st.lists(st.one_of(python_versions()), min_size=2, max_size=6))
def test_no_key_is_the_beginning_of_another(versions: list[str]) -> None:
    keys = {pep440.key(version) for version in versions}
    assert not [(one, other) for one in keys for other in keys if one != other and other.startswith(one)]


@given(semantic_versions(), semantic_versions())
def test_just_above_is_above_nothing_else(one: str, other: str) -> None:
    key, another = semver.key(one), semver.key(other)
    assert "" < key < just_above(key) < TOP
    if another > key:
        assert just_above(key) < another


@given(st.integers(0, 10**400), st.integers(0, 10**400))
def test_numbers_of_any_size_sort(one: int, other: int) -> None:
    texts = [digits(value) for value in (one, other)]
    assert order(number(texts[0]), number(texts[1])) == sign(one < other, one > other)


def digits(value: int) -> str:
    return f"{value:d}"
