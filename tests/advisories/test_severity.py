"""Scores of CVSS vectors as their public calculators give them, and which of several statements counts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.advisories.cvss import score
from nightlatch.advisories.severity import severity

SCORES = {
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H": 10.0,
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H": 9.8,
    "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N": 7.5,
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N": 6.1,
    "CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:C/C:L/I:L/A:N": 5.4,
    "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H": 7.8,
    "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N": 1.6,
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N": 0.0,
    "CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:C/C:H/I:H/A:H": 9.1,
    "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O": 9.8,
    "AV:N/AC:L/Au:N/C:P/I:N/A:N": 5.0,
    "AV:N/AC:L/Au:N/C:C/I:C/A:C": 10.0,
    "(AV:N/AC:M/Au:N/C:P/I:P/A:P)": 6.8,
    "AV:L/AC:H/Au:M/C:N/I:N/A:N": 0.0,
}


@pytest.mark.parametrize(("vector", "expected"), SCORES.items())
def test_base_scores(vector: str, expected: float) -> None:
    assert score(vector) == expected


@pytest.mark.parametrize(
    "vector",
    ["", "x", "CVSS:3.1/", "CVSS:3.1/AV:N", "CVSS:9.0/AV:N/AC:L", "CVSS:3.1/AV:N/AV:N", "AV:Q/AC:L/Au:N/C:P/I:P/A:P",
     "CVSS:4.0/AV:N",
     "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:X/C:H/I:H/A:H", "7.5"],
)  # fmt: skip
def test_what_is_no_vector(vector: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words are not promised
        score(vector)


@given(st.text(alphabet="CVSS:34.0/AVNLPRUIH", max_size=60))
def test_any_text_has_a_score_or_none(text: str) -> None:
    try:
        found = score(text)
    except ValueError:
        return
    assert 0 <= found <= 10


VALUES = {"AV": "NALP", "AC": "LH", "AT": "NP", "PR": "NLH", "UI": "NPA"} | dict.fromkeys(
    ("VC", "VI", "VA", "SC", "SI", "SA"), "HLN"
)
V4 = st.tuples(*(st.sampled_from([f"{name}:{value}" for value in values]) for name, values in VALUES.items()))


@given(V4)
def test_version_4_is_scored_and_worse_effects_never_score_less(metrics: tuple[str, ...]) -> None:
    worse = [word if not word.startswith("V") else word[:3] + "H" for word in metrics]
    found = score("CVSS:4.0/" + "/".join(metrics))
    assert 0 <= found <= score("CVSS:4.0/" + "/".join(worse)) <= 10


def said(record: dict[str, Any], affected: dict[str, Any] | None = None) -> str:
    return severity(record, affected or {})


def vector(text: str) -> dict[str, Any]:
    return {"severity": [{"type": "CVSS_V3", "score": text}]}


MEDIUM = "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"
CRITICAL = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


@pytest.mark.parametrize(
    ("record", "affected", "expected"),
    [
        ({}, {}, "unknown"),
        (vector(MEDIUM), {}, "medium"),
        (vector(CRITICAL), {}, "critical"),
        (vector(MEDIUM), vector(CRITICAL), "critical"),
        (vector(MEDIUM) | {"database_specific": {"severity": "HIGH"}}, {}, "high"),
        (vector(CRITICAL) | {"database_specific": {"severity": "LOW"}}, {}, "critical"),
        ({"database_specific": {"severity": "MODERATE"}}, {}, "medium"),
        ({}, {"ecosystem_specific": {"severity": "critical"}}, "critical"),
        (vector("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N"), {}, "low"),
        (vector("nonsense"), {}, "unknown"),
        ({"database_specific": {"severity": "Urgent!"}}, {}, "unknown"),
        ({"severity": "HIGH", "database_specific": 7}, {"severity": [7, {"score": 7.5}]}, "unknown"),
    ],
)
def test_the_highest_statement_counts(record: dict[str, Any], affected: dict[str, Any], expected: str) -> None:
    assert said(record, affected) == expected
