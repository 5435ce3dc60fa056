"""Whether `.pre-commit-config.yaml` still starts nightlatch, and for as much."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nightlatch.protected_files.pre_commit_config import IDS, weakened

MANIFEST = Path(__file__).resolve().parent.parent.parent / ".pre-commit-hooks.yaml"


def file(*hooks: str, repo: str = "https://example.com/nightlatch", more: str = "") -> bytes:
    rows = "".join(f"      - {{{hook}}}\n" for hook in hooks)
    return f"{more}repos:\n  - repo: {repo}\n    rev: v1\n    hooks:\n{rows}".encode()


def told(base: bytes | None, change: bytes | None) -> list[str]:
    return [fault.sentence for fault in weakened(base, change)]


def test_the_ids_are_those_of_the_manifest() -> None:
    assert {entry["id"] for entry in yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))} <= IDS


SECRETS = "id: check-secrets"
BOTH = file(SECRETS, "id: check-sql")
WEAKER: dict[str, tuple[bytes, bytes | None, str]] = {
    "a hook less": (BOTH, file(SECRETS), "check-sql is no longer started"),
    "the file is gone": (
        BOTH,
        None,
        ".pre-commit-config.yaml was deleted: nothing starts check-secrets, check-sql any more",
    ),
    "all of them": (file("id: nightlatch"), file("id: other"), "nightlatch is no longer started"),
    "by hand alone": (
        file(SECRETS),
        file(f"{SECRETS}, stages: [manual]"),
        "check-secrets: it no longer runs at pre-commit",
    ),
    "a stage less": (
        file(f"{SECRETS}, stages: [commit, push]"),
        file(f"{SECRETS}, stages: [pre-commit]"),
        "check-secrets: it no longer runs at pre-push",
    ),
    "another installation": (
        file(SECRETS),
        file(SECRETS, more="default_install_hook_types: [commit-msg]\n"),
        "`default_install_hook_types` leaves out pre-commit now",
    ),
    "an installation less": (
        file(SECRETS, more="default_install_hook_types: [pre-commit, pre-push]\n"),
        file(SECRETS),
        "`default_install_hook_types` leaves out pre-push now",
    ),
    "an exclude": (file(SECRETS), file(f"{SECRETS}, exclude: ^src/"), "check-secrets: `exclude` was added"),
    "other files": (
        file(f"{SECRETS}, files: py$"),
        file(f"{SECRETS}, files: js$"),
        "check-secrets: `files` changed",
    ),
    "another program": (file(SECRETS), file(f"{SECRETS}, entry: 'true'"), "check-secrets: `entry` was added"),
    "arguments": (file(SECRETS), file(f"{SECRETS}, args: [--no-config]"), "check-secrets: `args` changed"),
    "warnings no longer fail": (
        file(f"{SECRETS}, args: [--fail-on, warning]"),
        file(SECRETS),
        "check-secrets: `args` lost --fail-on=warning",
    ),
    "another repository": (
        file(SECRETS),
        file(SECRETS, repo="https://user:word@example.com/other"),
        "check-secrets: it comes from another repository now",
    ),
    "an exclude of the whole file": (
        file(SECRETS),
        file(SECRETS, more="exclude: ^src/\n"),
        "`exclude` of the whole file was added",
    ),
    "skipped by pre-commit.ci": (
        file(SECRETS),
        file(SECRETS, more="ci: {skip: [black, check-secrets]}\n"),
        "check-secrets: pre-commit.ci skips it now",
    ),
    "a local hook": (
        file("id: x, entry: nightlatch run", repo="local"),
        file("id: x, entry: nightlatch --version", repo="local"),
        "x: `entry` changed",
    ),
}


@pytest.mark.parametrize(("base", "change", "said"), WEAKER.values(), ids=WEAKER)
def test_a_weakening_is_told(base: bytes, change: bytes | None, said: str) -> None:
    assert told(base, change) == [said]


NOT_WEAKER: dict[str, tuple[bytes | None, bytes | None]] = {
    "a first file": (None, file(f"{SECRETS}, exclude: a")),
    "nothing of nightlatch": (file("id: black", repo="https://example.com/black"), None),
    "a hook more": (file(SECRETS), BOTH),
    "all in one": (BOTH, file("id: nightlatch")),
    "another order": (file(SECRETS, "id: check-sql"), file("id: check-sql", SECRETS)),
    "the exclude is gone": (file(f"{SECRETS}, exclude: a"), file(SECRETS)),
    "a stage more": (file(f"{SECRETS}, stages: [pre-push]"), file(f"{SECRETS}, stages: [pre-push, pre-commit]")),
    "warnings fail": (file(SECRETS), file(f"{SECRETS}, args: [--fail-on, warning, --verbose]")),
    "more is installed": (file(SECRETS), file(SECRETS, more="default_install_hook_types: [pre-push, pre-commit]\n")),
    "a default stage": (file(SECRETS), file(SECRETS, more="default_stages: [manual]\n")),
    "the first failure ends it": (file(SECRETS), file(SECRETS, more="fail_fast: true\n")),
    "another name": (file(SECRETS), file(f"{SECRETS}, name: x, verbose: true")),
    "another version": (file(SECRETS), file(SECRETS).replace(b"v1", b"v2")),
    "another hook beside it": (
        file(SECRETS),
        file(SECRETS) + b"  - repo: https://example.com/black\n    hooks: [{id: black, exclude: a}]\n",
    ),
    "a second start that does less": (file(SECRETS), file(SECRETS, f"{SECRETS}, exclude: a")),
}


@pytest.mark.parametrize(("base", "change"), NOT_WEAKER.values(), ids=NOT_WEAKER)
def test_what_starts_as_much_is_not_told(base: bytes | None, change: bytes | None) -> None:
    assert told(base, change) == []


@pytest.mark.parametrize("text", [b"[]", b"repos: 7", b"repos: [7, {hooks: 7}, {hooks: [7, {}]}]", b"", b"a: {b: c}"])
def test_files_of_another_shape_start_nothing(text: bytes) -> None:
    assert told(text, None) == []
    assert told(file(SECRETS), text) == ["check-secrets is no longer started"]
