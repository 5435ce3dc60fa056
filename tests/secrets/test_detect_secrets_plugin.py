"""The plugin interface of detect-secrets, both ways, with the real package."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from nightlatch.core.files import File
from nightlatch.secrets import detect_secrets_plugin
from nightlatch.secrets.detect_secrets_plugin import NightlatchDetector
from nightlatch.secrets.foreign_plugins import load
from nightlatch.secrets.scan import OVERLAP, SLICE
from tests.support.repository import COMMAND, Outcome, Repository, environment, run
from tests.support.tokens import github_token, random_text

OPTION = "--detect-secrets-plugin"
DETECT_SECRETS = str(Path(sys.executable).with_name("detect-secrets"))
LOWER = "abcdefghijklmnopqrstuvwxyz"

HEAD = "import re\nfrom detect_secrets.plugins.base import BasePlugin, RegexBasedDetector\n"
ACME = f"""{HEAD}
class AcmeDetector(RegexBasedDetector):
    secret_type = "Acme Token"
    denylist = (re.compile(r"acme_[a-z]{{12}}"), re.compile(r"ghp_[A-Za-z0-9]{{36}}"))
"""


def token(seed: object = 1) -> str:
    return "acme_" + random_text(12, seed, LOWER)


def plugin(body: str) -> str:
    """A plugin whose `analyze_string` has this body."""
    method = f"    def analyze_string(self, string):\n        {body}\n"
    return f"{HEAD}\nclass Odd(BasePlugin):\n    secret_type = 'Odd'\n{method}"


@pytest.fixture
def acme(repository: Repository) -> Repository:
    repository.write("acme.py", ACME)
    return repository


def found(outcome: Outcome) -> list[tuple[str, int, int]]:
    return [(one["rule"], one["line"], one["column"]) for one in outcome.json()["findings"]]


# ── Their plugins in nightlatch ─────────────────────────────────────────────────────────────────────


def test_a_plugin_s_finding_has_its_kind_and_place_and_never_the_value(acme: Repository) -> None:
    acme.write("a.txt", f"é = '{token()}'\nnothing\n{token(2)} {token(3)} {token(2)}\n")
    outcome = acme.nightlatch("secrets", "a.txt", OPTION, "acme.py", "--format", "json")
    assert outcome.code == 1
    assert found(outcome) == [("SEC090", 1, 6), ("SEC090", 3, 1), ("SEC090", 3, 19)]
    (first, *_) = outcome.json()["findings"]
    assert (first["message"], first["severity"]) == ("Acme Token (found by a plugin of detect-secrets)", "error")
    assert first["end_column"] == 6 + len(token())
    text = acme.nightlatch("secrets", "a.txt", OPTION, "acme.py", "--verbose")
    for value in (token(), token(2), token(3)):
        assert value not in outcome.out + text.out + text.err


def test_no_fingerprint_holds_a_hash_of_the_value(acme: Repository) -> None:
    prints = []
    for seed in (1, 2):
        acme.write("a.txt", f"{token(seed)} {token(seed)} and more\n")
        report = acme.nightlatch("secrets", "a.txt", OPTION, "acme.py", "--format", "json").json()
        prints += [one["fingerprint"] for one in report["findings"]]
    assert len(prints) == 2
    assert prints[0] == prints[1]


def test_a_real_commit_is_refused_and_its_remedy_lets_it_pass(acme: Repository) -> None:
    hook = acme.write(".git/hooks/pre-commit", f"#!/bin/sh\nexec {COMMAND} run --staged {OPTION} acme.py\n")
    hook.chmod(0o755)
    for line, code in ((token(), 1), (f"{token()} # nightlatch: allow SEC090 -- revoked", 0)):
        acme.stage("a.txt", f"{line}\n")
        assert run("git", "commit", "-m", "change", cwd=acme.path, env=acme.env).code == code


def test_what_our_own_rule_finds_is_told_once(acme: Repository) -> None:
    acme.write("a.txt", f"KEY = {github_token()}\n")
    words = ("secrets", "a.txt", OPTION, "acme.py", "--format", "json")
    assert found(acme.nightlatch(*words)) == [("SEC301", 1, 7)]
    acme.write("part.py", ACME.replace("ghp_[A-Za-z0-9]{{36}}", "ghp_"))
    assert found(acme.nightlatch("secrets", "a.txt", OPTION, "part.py", "--format", "json")) == [("SEC301", 1, 7)]
    acme.write(".nightlatch.yaml", "rules: {SEC301: warning}\n")
    assert found(acme.nightlatch(*words)) == [("SEC090", 1, 7)], "the graver one"
    acme.write(".nightlatch.yaml", "rules: {SEC301: off}\n")
    assert found(acme.nightlatch(*words)) == [("SEC090", 1, 7)]
    acme.write(".nightlatch.yaml", "rules: {SEC301: warning, SEC090: info}\n")
    assert found(acme.nightlatch(*words)) == [("SEC301", 1, 7)]


def test_without_the_option_nothing_of_it_happens(acme: Repository) -> None:
    acme.write("a.txt", token())
    acme.write(".nightlatch.yaml", "rules: {SEC090: warning}\n")
    assert acme.nightlatch("secrets", "a.txt").code == 0


def test_modules_and_several_plugins(acme: Repository) -> None:
    acme.write("a.txt", f"{token()}\nAKIA{random_text(16, 1, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}\n")
    outcome = acme.nightlatch(
        "run",
        "a.txt",
        OPTION,
        "acme.py",
        f"{OPTION}=detect_secrets.plugins.aws",
        OPTION,
        "./acme.py",
        "--format",
        "json",
    )
    assert found(outcome) == [("SEC090", 1, 1), ("SEC201", 2, 1)]


def test_two_files_of_one_name_are_two_plugins(acme: Repository) -> None:
    acme.write("other/acme.py", ACME.replace("acme_", "globex_"))
    acme.write("a.txt", f"{token()}\n{token().replace('acme', 'globex')}\n")
    words = ("secrets", "a.txt", OPTION, "acme.py", OPTION, "other/acme.py", "--format", "json")
    assert found(acme.nightlatch(*words)) == [("SEC090", 1, 1), ("SEC090", 2, 1)]


@pytest.mark.parametrize(
    ("raw", "column"),
    [
        (b"\xff\xfe\xfa {} x", 5),
        (b"{}\r", 1),
        ("größe: {}".encode("utf-16"), 8),
        ("größe: {}".encode(), 8),
    ],
)
def test_lines_of_any_encoding_are_given_decoded(acme: Repository, raw: bytes, column: int) -> None:
    value = token().encode("utf-16-le") if raw.startswith(b"\xff\xfeg") else token().encode()
    place = "{}".encode("utf-16-le") if raw.startswith(b"\xff\xfeg") else b"{}"
    acme.write("a.txt", raw.replace(place, value))
    assert found(acme.nightlatch("secrets", "a.txt", OPTION, "acme.py", "--format", "json")) == [("SEC090", 1, column)]


@pytest.mark.parametrize("place", [0, SLICE - 5, SLICE + 7, SLICE + OVERLAP - 3, 3 * SLICE])
def test_a_very_long_line_is_given_in_slices(repository: Repository, place: int) -> None:
    path = repository.write(
        "long.py", plugin("assert len(string) <= 48 * 1024; yield from re.findall('acme_[a-z]{12}', string)")
    )
    line = bytearray(b"-" * (4 * SLICE))
    line[place : place + len(token())] = token().encode()
    (hit,) = load([str(path)], lambda _rule, own, _path: own).hits(File("a.txt", bytes(line)))
    assert hit.places == [(place, place + len(token()))]


def test_a_value_that_is_not_in_its_line_stands_at_the_line(repository: Repository) -> None:
    repository.write("odd.py", plugin("yield from [string.upper()] if 'x' in string else ['']"))
    repository.write("a.txt", "nothing\n  an x here\n")
    assert found(repository.nightlatch("secrets", "a.txt", OPTION, "odd.py", "--format", "json")) == [("SEC090", 2, 3)]


def test_a_plugin_is_called_as_detect_secrets_calls_it(repository: Repository) -> None:
    body = """
class Odd(BasePlugin):
    secret_type = "Odd"
    def analyze_string(self, string):
        yield from ()
    def analyze_line(self, filename, line, line_number, context):
        assert (filename, line_number, context.previous_line, line) == ("b/a.txt", 2, "one", "two")  \
            or line_number == 1
        return [PotentialSecret("A kind of " + line, filename, line)] if line_number == 2 else None
"""
    repository.write("odd.py", f"{HEAD}from detect_secrets.core.potential_secret import PotentialSecret\n{body}")
    repository.write("b/a.txt", "one\ntwo  \r\n")
    outcome = repository.nightlatch("secrets", "b", OPTION, "odd.py")
    assert "b/a.txt:2:1: error SEC090 A kind of *** (found by a plugin of detect-secrets)" in outcome.out


def test_the_history_ranges_and_messages_are_given_too(acme: Repository) -> None:
    words = (OPTION, "acme.py", "--format", "json")
    acme.stage("a.txt", token())
    start = acme.commit()
    acme.stage("a.txt", token(2))
    acme.commit(f"with {token(3)}")
    assert acme.nightlatch("secrets", "--history").code == 0
    assert len(acme.nightlatch("secrets", "--history", *words).findings()) == 3
    assert acme.nightlatch("secrets", "--history").code == 0
    assert len(acme.nightlatch("secrets", "--history", *words).findings()) == 3, "no state is kept, and none used"
    assert len(acme.nightlatch("secrets", "--from-ref", start, *words).findings()) == 2
    acme.write("message", f"Add it\n\n{token()}\n")
    assert acme.nightlatch("secrets", "--commit-message", "message", *words).code == 1


def test_baselines_know_which_run_looks_for_it(acme: Repository) -> None:
    acme.stage("a.txt", token())
    assert acme.nightlatch("baseline", "create", OPTION, "acme.py").code == 0
    assert acme.nightlatch("secrets", "--all-files", OPTION, "acme.py").code == 0
    plain = acme.nightlatch("secrets", "--all-files", "--verbose")
    assert "unused" not in plain.out
    assert "nothing changed" in acme.nightlatch("baseline", "update").out, "a run without plugins can't tell"
    acme.stage("a.txt", "gone\n")
    assert "1 gone and dropped" in acme.nightlatch("baseline", "update", OPTION, "acme.py").out


def test_no_compiled_file_is_left_behind(acme: Repository) -> None:
    acme.write("a.txt", "nothing\n")
    assert acme.nightlatch("secrets", "a.txt", OPTION, "acme.py").code == 0
    assert not (acme.path / "__pycache__").exists()


# ── What can't be had never passes ──────────────────────────────────────────────────────────────────

UNUSABLE = {
    "a file that is not there": ("gone.py", "", "there is no such file"),
    "a folder": (".", "", "not a regular file"),
    "another suffix": ("acme.txt", ACME, "doesn't end in .py"),
    "a module that is not there": ("gone.away", "", "no such module is installed"),
    "a module of this folder": ("acme", "", "modules of this folder aren't imported"),
    "a module within one that is none": ("json.gone", "", "no such module is installed"),
    "neither": ("no module", "", "neither a file nor the name of a module"),
    "nothing": ("", "", "neither a file nor the name of a module"),
    "no plugin": ("a.py", "x = 1\n", "holds no plugin"),
    "an abstract plugin alone": ("detect_secrets.plugins.base", "", "holds no plugin"),
    "no Python": ("a.py", "class (\n", "importing it failed: SyntaxError (a.py, line 1)"),
    "an import that fails": ("a.py", "import gone_away\n", "ModuleNotFoundError, gone_away"),
    "an error at its import": ("a.py", "raise ValueError('SEKRET')\n", "ValueError (a.py, line 1)"),
    "an exit at its import": ("a.py", "raise SystemExit(0)\n", "SystemExit (a.py, line 1)"),
    "a plugin that needs arguments": (
        "a.py",
        ACME + "    def __init__(self, limit):\n        pass\n",
        "the plugin AcmeDetector can't be made: TypeError",
    ),
    "a plugin without its method": (
        "a.py",
        f"{HEAD}class Bare(BasePlugin):\n    secret_type = 'Bare'\n",
        "the plugin Bare can't be made: TypeError",
    ),
}


@pytest.mark.parametrize("fault", UNUSABLE)
def test_a_plugin_that_can_not_be_had_is_refused(acme: Repository, fault: str) -> None:
    name, content, said = UNUSABLE[fault]
    if content:
        acme.write(name, content)
    acme.write("checked.txt", "nothing\n")
    outcome = acme.nightlatch("secrets", "checked.txt", OPTION, name)
    assert (outcome.code, outcome.out) == (2, "")
    assert OPTION in outcome.err
    assert said in outcome.err
    assert "SEKRET" not in outcome.err


FAILING = {
    "an error": ("raise ValueError(string)", "ValueError (odd.py, line 7)"),
    "an error after a find": ("yield string[:3]; raise KeyError(string)", "KeyError (odd.py, line 7)"),
    "what is no text": ("yield 7", "AttributeError (potential_secret.py"),
}


@pytest.mark.parametrize("fault", FAILING)
@pytest.mark.parametrize("count", [1, 600], ids=["one file", "shared out"])
def test_a_plugin_that_fails_ends_the_run(repository: Repository, fault: str, count: int) -> None:
    body, said = FAILING[fault]
    repository.write("odd.py", plugin(body))
    for number in range(count):
        repository.write(f"files/{number}.txt", f"{token()}\n")
    outcome = repository.nightlatch("secrets", "files", OPTION, "odd.py")
    assert (outcome.code, outcome.out) == (2, "")
    assert re.search(r"The plugin Odd of detect-secrets failed on files/[0-9]+\.txt, line 1: ", outcome.err)
    assert said in outcome.err
    assert token() not in outcome.err


def test_without_the_package_it_says_what_to_install(acme: Repository, tmp_path: Path) -> None:
    stub = tmp_path / "stub" / "detect_secrets"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text("raise ModuleNotFoundError('detect_secrets')\n")
    acme.write("a.txt", "nothing\n")
    outcome = acme.nightlatch("secrets", "a.txt", OPTION, "acme.py", PYTHONPATH=str(stub.parent))
    assert outcome.code == 2
    assert "needs the package detect-secrets, which isn't installed" in outcome.err
    assert "Add detect-secrets to the environment that nightlatch runs in" in outcome.err


@pytest.mark.parametrize("words", [("protected-files",), ("run",)])
def test_where_the_hook_does_not_run_the_option_is_refused(acme: Repository, words: tuple[str, ...]) -> None:
    acme.write(".nightlatch.yaml", "hooks: [protected-files]\n")
    outcome = acme.nightlatch(*words, OPTION, "acme.py")
    assert outcome.code == 2
    assert "is for the hook secrets" in outcome.err


def test_the_configuration_can_not_name_a_plugin(acme: Repository) -> None:
    acme.write(".nightlatch.yaml", "secrets: {detect-secrets-plugin: acme.py}\n")
    assert acme.nightlatch("secrets").code == 2


# ── nightlatch as a plugin of detect-secrets ────────────────────────────────────────────────────────


def scan(repository: Repository, *words: str) -> dict[str, list[int]]:
    """What `detect-secrets scan` finds by nightlatch's plugin: path → lines."""
    outcome = run(DETECT_SECRETS, "scan", *words, cwd=repository.path, env=repository.env)
    assert outcome.code == 0, outcome
    results = outcome.json()["results"]
    lines = {
        path: [one["line_number"] for one in found if "nightlatch" in one["type"]] for path, found in results.items()
    }
    return {path: numbers for path, numbers in lines.items() if numbers}


def groq_key(seed: object = 1) -> str:
    return "gsk_" + random_text(52, seed)


@pytest.fixture
def leaky(repository: Repository) -> Repository:
    allowed = (
        f"# nightlatch: allow SEC111 -- revoked\n{groq_key(2)}\n{groq_key(3)}  # nightlatch: allow SEC111 -- too\n"
    )
    repository.stage("a.txt", f"nothing\nkey: {groq_key()}\n{allowed}")
    return repository


def test_detect_secrets_scans_with_our_rules_by_the_file_s_path(leaky: Repository) -> None:
    path = detect_secrets_plugin.__file__
    assert path
    assert scan(leaky) == {}
    assert scan(leaky, "--plugin", path) == {"a.txt": [2]}


def test_a_file_of_one_line_makes_it_known_to_a_baseline(leaky: Repository) -> None:
    line = "from nightlatch.secrets.detect_secrets_plugin import NightlatchDetector\n"
    leaky.stage("tools/nightlatch_plugin.py", line)
    made = run(DETECT_SECRETS, "scan", "--plugin", "tools/nightlatch_plugin.py", cwd=leaky.path, env=leaky.env)
    baseline = json.loads(made.out)
    (entry,) = (one for one in baseline["plugins_used"] if one["name"] == "NightlatchDetector")
    entry["path"] = "file://tools/nightlatch_plugin.py"
    leaky.stage(".secrets.baseline", json.dumps(baseline, indent=2))
    leaky.commit()
    hook = (f"{DETECT_SECRETS}-hook", "--baseline", ".secrets.baseline")
    assert run(*hook, "a.txt", cwd=leaky.path, env=leaky.env).code == 0
    leaky.stage("b.txt", f"{groq_key(9)}\n")
    refused = run(*hook, "b.txt", cwd=leaky.path, env=leaky.env)
    assert refused.code == 1
    assert "nightlatch" in refused.out
    assert leaky.nightlatch("secrets", "a.txt").code == 0, "and nightlatch honours that baseline"


def test_the_detector_by_itself() -> None:
    detector = NightlatchDetector()
    line = f"a = '{groq_key()}'; b = '{github_token()}'"
    assert sorted(detector.analyze_string(line)) == sorted([groq_key(), github_token()])
    assert {(one.type, one.line_number) for one in detector.analyze_line("a.py", line, 7)} == {
        (detector.secret_type, 7)
    }
    assert detector.analyze_line("a.py", "nothing") == set()
    assert detector.json() == {"name": "NightlatchDetector"}


def test_detect_secrets_is_not_imported_without_the_option(repository: Repository) -> None:
    repository.write("a.txt", "nothing\n")
    start = "import sys; from nightlatch.cli import main; main(['secrets', 'a.txt'])"
    code = f"{start}; print('detect_secrets' in sys.modules)"
    outcome = run(sys.executable, "-c", code, cwd=repository.path, env=environment())
    assert outcome.out.splitlines() == ["False"]


@pytest.mark.parametrize(
    "body",
    [
        "raise SystemExit(0)",
        "raise SystemExit('bye ' + string)",
        "raise BaseException('V ' + string)",
        "raise GeneratorExit",
    ],
)
def test_a_plugin_cannot_end_the_run_as_if_all_were_well(acme: Repository, body: str) -> None:
    acme.write("odd.py", plugin(body))
    acme.write("a.txt", f"{token()}\n")
    outcome = acme.nightlatch("secrets", "a.txt", OPTION, "odd.py")
    assert outcome.code == 2
    assert token() not in outcome.out + outcome.err
    assert "Traceback" not in outcome.err


def test_what_a_plugin_prints_stands_in_no_report(acme: Repository) -> None:
    acme.write("odd.py", "print('imported')\n" + plugin("print(string); return []"))
    acme.write("a.txt", f"{token()}\n")
    outcome = acme.nightlatch("secrets", "a.txt", OPTION, "odd.py", "--format", "json")
    assert outcome.json()["findings"] == []
    assert token() not in outcome.out + outcome.err
