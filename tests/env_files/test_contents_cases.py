"""What stands in env files: each file of tests/cases/env_files is a tree and the findings that it must give.

The first line says what the case is about. `== path` begins a file, `== expected` the findings, `rule severity
path:line` each, and `unchecked path` for what can't be checked. Credentials are generated: see `VALUES` below.
"""

from __future__ import annotations

import base64
import json
import random
import re
import string
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nightlatch.cli import main
from nightlatch.report.formats import FORMATS
from tests.support.repository import Repository

CASES = sorted((Path(__file__).parent.parent / "cases" / "env_files").glob("*.txt"))
PLACE = re.compile(r"\{\{([a-z-]+)(?::(\d+):(\d+))?\}\}")


def generated(alphabet: str, length: int, seed: int) -> str:
    """A value that looks random, the same for the same seed; it has a small letter, a capital and a digit."""
    return "".join(random.Random(seed * 1000 + length).choices(alphabet, k=length))


def token(role: str) -> str:
    """A token of the form that Supabase's have."""
    parts = ({"alg": "HS256", "typ": "JWT"}, {"iss": "supabase", "ref": generated("abcdefgh", 20, 1), "role": role})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join((*encoded, generated(string.ascii_letters, 43, 7)))


VALUES: dict[str, Callable[[int, int], str]] = {
    "text": lambda length, seed: generated(string.ascii_letters + string.digits, length, seed),
    "hex": lambda length, seed: generated("0123456789abcdef", length, seed),
    "join": lambda _length, _seed: "",
    "nul": lambda _length, _seed: "\0",
    "bom": lambda _length, _seed: "\ufeff",
    "cr": lambda _length, _seed: "\r",
    "today": lambda _length, _seed: time.strftime("%Y-%m-%d", time.gmtime()),
    "service-role": lambda _length, _seed: token("service_role"),
    "anon": lambda _length, _seed: token("anon"),
}


def filled(text: str) -> str:
    return PLACE.sub(lambda found: VALUES[found[1]](int(found[2] or 0), int(found[3] or 0)), text)


def parts(case: Path) -> dict[str, str]:
    """Path → content, and the expected findings under their own name."""
    _, *found = re.split(r"^== (.+)\n", case.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: filled(content) for name, content in zip(found[::2], found[1::2], strict=True)}


def tree(repository: Repository, files: dict[str, str]) -> None:
    """Write a case's files; git ignores the env files, the rest is staged."""
    repository.stage(".gitignore", ".env*\n!.env*.example\n!.env.defaults\n")
    repository.commit()
    for path, content in files.items():
        target = repository.write(path, content)
        target.chmod(0o600)
        if not Path(path).name.startswith(".env") or path.endswith(".example"):
            repository.git("add", "--", path)


def findings(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> list[str]:
    monkeypatch.chdir(repository.path)
    main(["env-files", "--format", "json", *words])
    report = json.loads(capsys.readouterr().out)
    told = [
        f"{found['rule']} {found['severity']} {found['path']}:{found['line']}"
        for found in report["findings"]
        if found["rule"] >= "ENV100"
    ]
    return sorted([*told, *(f"unchecked {entry['path']}" for entry in report["unchecked"])])


LEAST_SHOWN = 8


def secrets_of(case: Path) -> set[str]:
    """The generated values of a case, without what a name or a number could be by chance."""
    found = PLACE.finditer(case.read_text(encoding="utf-8"))
    return {VALUES[one[1]](int(one[2]), int(one[3])) for one in found if one[2] and int(one[2]) >= LEAST_SHOWN}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("case", [case for case in CASES if secrets_of(case)], ids=lambda case: case.stem)
def test_no_report_shows_a_value(
    case: Path,
    form: str,
    repository: Repository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = parts(case)
    files.pop("expected")
    tree(repository, files)
    monkeypatch.chdir(repository.path)
    main(["env-files", "--format", form, "--verbose"])
    told = "".join(capsys.readouterr())
    for secret in secrets_of(case):
        for start in range(len(secret) - LEAST_SHOWN + 1):
            assert secret[start : start + LEAST_SHOWN] not in told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_case(
    case: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = parts(case)
    expected = files.pop("expected").splitlines()
    tree(repository, files)
    assert findings(repository, monkeypatch, capsys) == sorted(expected)


def test_every_rule_has_a_case_that_finds_it_and_one_that_does_not() -> None:
    from nightlatch.env_files.rules_of_contents import CONTENT_RULES

    expected = [parts(case)["expected"] for case in CASES]
    for rule in CONTENT_RULES:
        assert any(rule.id in found for found in expected), rule.id
        assert any(rule.id not in found for found in expected), rule.id
