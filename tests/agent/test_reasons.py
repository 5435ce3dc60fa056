"""What is said of a call: whole sentences, the right subject, and to an agent something else than to a person."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from nightlatch.agent.reasons import FOR_A_PERSON, Reason, told
from tests.support.agent import Project
from tests.support.repository import Repository

FOR_AGENTS = ("tell the user", "have the user", "ask the user")


def reason(project: Project, tool: str, arguments: dict[str, Any], **fields: Any) -> str:
    return project.reason(tool, arguments, **fields)


ASKED = {
    "a file of the runners": ("", "Write", {"file_path": ".pre-commit-config.yaml", "content": "x"}),
    "a file that is asked for": (
        "protected-files: {rules: [{id: a, paths: [README.md], read: ask}]}",
        "Read",
        {"file_path": "README.md"},
    ),
    "a file that is handed on": (
        "protected-files: {rules: [{id: a, paths: [.env], consume: ask}]}",
        "Bash",
        {"command": "docker compose --env-file .env up"},
    ),
    "a schema": ("", "Bash", {"command": "psql -c 'ALTER TABLE a ADD b int'"}),
    "a credential": ("", "Bash", {"command": "gh auth token"}),
    "an unknown file": ("", "Bash", {"command": "cat $(somewhere)"}),
}


@pytest.mark.parametrize(("configuration", "tool", "arguments"), ASKED.values(), ids=ASKED)
def test_a_question_is_put_to_the_person_and_a_denial_to_the_agent(
    project: Project, configuration: str, tool: str, arguments: dict[str, Any]
) -> None:
    if configuration:
        project.configure(configuration)
    assert project.decision(tool, arguments) == "ask"
    said = project.reason(tool, arguments)
    assert said.endswith(FOR_A_PERSON)
    assert not any(words in said for words in FOR_AGENTS)
    assert "may not" not in said
    refused = project.answer(project.event(tool, arguments, turn_id="of an agent that can't ask")).error
    assert FOR_A_PERSON not in refused
    assert any(words in refused for words in (*FOR_AGENTS, "Write the file's name"))


def test_what_several_reasons_share_is_said_once(project: Project) -> None:
    project.configure("protected-files: {mode: ask}")
    said = project.reason("Bash", {"command": "npm test; rm README.md"}, permission_mode="bypassPermissions")
    assert said.count("The mode here is ask") == 1
    assert "running npm needs a person" in said
    assert "Removing README.md needs a person." in said
    project.configure("protected-files: {mode: explore}")
    said = project.reason("Bash", {"command": "npm test; touch src/x"})
    assert "running npm is left to the user. " in said
    assert "riting src/x is left to the user." in said


def test_reasons_are_told_in_their_order_and_only_a_few() -> None:
    reasons = [Reason(f"It is so: {word}.", "Stop.") for word in ("a", "b", "b", "c", "d")]
    assert told(reasons, to_a_person=False) == "It is so: a. Stop. B. C."
    assert told(reasons, to_a_person=True) == f"It is so: a. B. C. {FOR_A_PERSON}"
    assert told([Reason("No colon.", "x"), Reason("Other.", "x")], to_a_person=False) == "No colon. x Other."


def test_only_the_template_beside_a_file_is_named(project: Project) -> None:
    assert "stand in .env.example, which" in project.reason("Read", {"file_path": ".env"})
    assert ".env.example" not in project.reason("Read", {"file_path": "apps/api/.env"})
    (project.root / "apps/api/.env.example").write_text("A=\n")
    beside = str(project.root / "apps/api/.env.example")
    assert f"stand in {beside}, which" in project.reason("Read", {"file_path": "apps/api/.env"})


@pytest.mark.parametrize("text", ["protected-files: {mode: asc}", "protected-file: {}", "a: [", "x" * 1_100_000])
def test_a_broken_configuration_is_for_the_user_to_mend(project: Project, text: str) -> None:
    project.configure(text)
    said = project.reason("Bash", {"command": "ls"})
    assert "Only the user can mend this: tell them." in said
    assert ".nightlatch.yaml" in said


@pytest.mark.parametrize("policy", [None, "a: [", "hook: x"])
def test_so_is_a_broken_policy(project: Project, policy: str | None) -> None:
    place = project.home / "policy.yaml"
    if policy is not None:
        place.write_text(policy)
    project.variables["NIGHTLATCH_POLICY"] = str(place)
    said = project.reason("Bash", {"command": "ls"})
    assert "policy.yaml" in said
    assert "Only the user can mend this: tell them." in said
    assert "--no-config" not in said


@pytest.mark.parametrize("given", ["ls", 3, [], None, "[]", '"x"'])
def test_an_input_of_the_wrong_type_is_named(tree: Project, given: object) -> None:
    event = tree.event("Bash", {}) | {"tool_input": given}
    answer = tree.answer(json.dumps(event).encode())
    assert "`tool_input` is no object" in answer.error


def test_no_sentence_lacks_its_full_stop(project: Project) -> None:
    said = [project.reason("Bash", {"command": command}) for command in ("cat .env", "rm .nightlatch.yaml", "cat $(x)")]
    for text in ("protected-files: {modes: ask}", "a: [", "audit-log: {path: /a\0}"):
        project.configure(text)
        said.append(project.reason("Bash", {"command": "ls"}))
    begins = re.compile(r"[^.!?:] (Did you mean|Only the user|Leave it|Write |Don't try|Let it|Name a|Put )")
    for text in said:
        assert text.endswith((".", "?"))
        assert not begins.search(text), text


FOLLOWED = {
    "grep": ("grep -rn not-real apps", " --exclude='.env'"),
    "rg": ("rg -uu not-real apps", " -g '!.env'"),
    "git grep": ("git grep not-real", " -- . ':!/apps/api/.env'"),
    "git grep in a folder": ("cd apps && git grep not-real", " -- . ':!/apps/api/.env'"),
}


@pytest.mark.parametrize(("command", "added"), FOLLOWED.values(), ids=FOLLOWED)
def test_how_to_search_without_a_closed_file_can_be_followed(project: Project, command: str, added: str) -> None:
    Repository(project.root).git("add", "-f", "apps/api/.env")
    assert f"Search without it: add `{added.strip()}`" in project.reason("Bash", {"command": command})
    assert project.decision("Bash", {"command": command + added}) == "pass"


def test_git_searches_what_it_tracks(project: Project) -> None:
    assert project.decision("Bash", {"command": "git grep not-real"}) == "pass"
    for option in ("--untracked", "--no-index"):
        assert project.decision("Bash", {"command": f"git grep {option} not-real"}) == "deny"
    Repository(project.root).git("add", "-f", "apps/api/.env")
    assert project.decision("Bash", {"command": "git grep not-real"}) == "deny"
    assert project.decision("Bash", {"command": "git grep not-real -- ':!.env'"}) == "deny"
