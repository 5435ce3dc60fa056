"""The sample: calls, and what is to be answered. A denial satisfies a question too."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.agent import CASES, Project, sample

IDS = [json.loads(line)["id"] for line in (CASES / "sample.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("number", range(len(IDS)), ids=IDS)
def test_every_call_of_the_sample_gets_its_answer(tree: Project, number: int) -> None:
    case: dict[str, Any] = sample(tree)[number]
    answer = tree.answer(case["input"])
    given = "allow" if not answer.output else json.loads(answer.output)["hookSpecificOutput"]["permissionDecision"]
    accepted = ("ask", "deny") if case["expect"] == "ask" else (case["expect"],)
    assert given in accepted, (case["why"], answer.error)
