"""A path below several bases at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core.paths import compile_patterns, verdict, verdict_at

PLACES = [("root", "tests/a.pem"), ("home", "src/app/tests/a.pem"), ("fs", "home/dev/src/app/tests/a.pem")]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["*.pem"], True),
        (["*.pem", "!/tests/*.pem"], False),
        (["!/tests/*.pem", "*.pem"], True),
        (["*.pem", "!~/src/app/tests/*"], False),
        (["//home/**", "!*.pem"], True),
        (["//home/dev/", "!/tests/a.pem"], True),
        (["~/src/app/", "!*.pem"], True),
        (["app/"], None),
        (["src"], None),
        (["/src/**"], None),
        (["/TESTS/**"], None),
    ],
)
def test_the_last_pattern_counts_whatever_its_base(patterns: list[str], *, expected: bool | None) -> None:
    assert verdict_at(compile_patterns(patterns), PLACES) is expected


def test_a_pattern_without_a_base_looks_in_the_innermost_one() -> None:
    compiled = compile_patterns(["app"])
    assert verdict_at(compiled, PLACES) is None
    assert verdict_at(compiled, PLACES[1:]) is True


def test_case_and_folders() -> None:
    assert verdict_at(compile_patterns(["/TESTS/**"]), PLACES, ignore_case=True) is True
    assert verdict_at(compile_patterns(["a.pem/"]), PLACES) is None
    assert verdict_at(compile_patterns(["a.pem/"]), PLACES, is_dir=True) is True
    assert verdict_at(compile_patterns(["a"]), []) is None
    assert verdict_at(compile_patterns(["a"]), [("root", "")]) is None


NAMES = st.lists(st.sampled_from(["a", "b", ".env", "x.pem"]), min_size=1, max_size=4).map("/".join)
PATTERNS = st.lists(
    st.tuples(st.sampled_from(["", "!"]), st.sampled_from(["/", "~/", "//", "", "**/"]), NAMES).map("".join), max_size=4
)


@given(PATTERNS, NAMES, st.sampled_from(["root", "home", "fs"]), st.tuples(st.booleans(), st.booleans()))
def test_with_one_base_it_is_the_plain_verdict(
    patterns: list[str], path: str, base: str, flags: tuple[bool, bool]
) -> None:
    is_dir, fold = flags
    compiled = compile_patterns(patterns)
    plain = verdict(compiled, path, base=base, is_dir=is_dir, ignore_case=fold)
    assert verdict_at(compiled, [(base, path)], is_dir=is_dir, ignore_case=fold) is plain
