"""No output of any format, no error and no file of the cache ever holds a secret, in whatever disguise."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nightlatch import cli, registry
from nightlatch.core.finding import Finding
from nightlatch.core.hook import Hook, Options
from nightlatch.report.formats import FORMATS
from tests.support.repository import COMMAND, Repository, run
from tests.support.samples import SAMPLES, Sample
from tests.support.tokens import github_token, random_text

if TYPE_CHECKING:
    from nightlatch.core.hook import Source

BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def _part(facts: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(facts).encode()).decode().rstrip("=")


TOKEN = github_token("canary")
PASSWORD = random_text(24, "canary password")
WEB_TOKEN = (
    f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part({'sub': 'u-81', 'role': 'admin'})}.{random_text(43, 'signature')}"
)
KEY_LINES = [random_text(64, f"key {number}", BASE64) for number in range(12)]

VALUES = {
    "token": TOKEN,
    "password": PASSWORD,
    "web token": WEB_TOKEN,
    "web token's signature": WEB_TOKEN.rpartition(".")[2],
    **{f"key, line {number}": line for number, line in enumerate(KEY_LINES)},
}

KEY = "\n".join(("-----BEGIN RSA PRIVATE" + " KEY-----", *KEY_LINES, "-----END RSA PRIVATE KEY-----", ""))

FILES = {
    "token.py": f'TOKEN = "{TOKEN}"\n',
    "allowed.py": f'TOKEN = "{TOKEN}"  # nightlatch: allow SEC301 -- a test\n',
    "unreasoned.py": f'TOKEN = "{TOKEN}"  # nightlatch: allow SEC301\n',
    "twice.py": f'both = "{TOKEN} {PASSWORD}" # postgres://billing:{PASSWORD}@db.acme-corp.io/x {TOKEN}\n',
    "key.pem": KEY,
    "url.env": f"DATABASE_URL=postgres://billing:{PASSWORD}@db.acme-corp.io:5432/billing\n",
    "connection.env": f'"Server=tcp:sql.acme-corp.io;User Id=app;Password={PASSWORD};Encrypt=true"\n',
    "jwt.env": f"SERVICE_TOKEN={WEB_TOKEN}\n",
    "tests/jwt.env": f"SERVICE_TOKEN={WEB_TOKEN}\n",
    "wide.txt": f'TOKEN = "{TOKEN}"\n',
}


def _disguises(value: str) -> Iterator[tuple[str, str]]:
    """The value and what can be turned back into it, or be guessed against."""
    raw = value.encode()
    yield "as it is", value
    yield "without its ends", value[8:-4]
    yield "backwards", value[::-1]
    yield "hex", raw.hex()
    for shift in range(3):  # base64 of the value within something else
        yield f"base64, shifted by {shift}", base64.b64encode(b"\0" * shift + raw).decode()[4:-4]
    for text in (raw, raw + b"\n"):
        for name in ("md5", "sha1", "sha256", "sha512", "blake2b"):
            digest = hashlib.new(name, text).digest()
            yield name, digest.hex()[:24]
            yield f"{name}, base64", base64.b64encode(digest).decode()[:20]


NEVER = [(f"{name}, {disguise}", text) for name, value in VALUES.items() for disguise, text in _disguises(value)]


def _assert_silent(*outputs: str) -> None:
    for output in outputs:
        lowered = output.lower()
        assert not [name for name, text in NEVER if text.lower() in lowered], output


@pytest.fixture
def full(repository: Repository) -> Repository:
    """A repository with every secret staged."""
    for path, content in FILES.items():
        repository.write(path, content.encode("utf-16") if path.startswith("wide") else content)
    repository.git("add", "--all")
    return repository


WAYS = {
    "plain": (),
    "staged": ("--staged",),
    "all files": ("--all-files",),
    "verbose and in colour": ("--verbose", "--color", "always"),
    "quiet": ("--quiet",),
    "warnings fail": ("--fail-on", "warning"),
    "paths": ("--", *FILES),
}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("way", WAYS)
def test_no_report_holds_a_secret(full: Repository, way: str, format: str) -> None:
    outcome = full.nightlatch("secrets", "--format", format, *WAYS[way])
    assert outcome.code == 1
    assert "SEC301" in outcome.out
    _assert_silent(outcome.out, outcome.err)


def test_every_kind_of_secret_is_really_found(full: Repository) -> None:
    report = full.nightlatch("secrets", "--format", "json", "--staged").json()
    assert {finding["path"] for finding in report["findings"]} == set(FILES) - {"allowed.py"}
    assert [finding["path"] for finding in report["suppressed"]] == ["allowed.py"]


def test_no_report_file_and_no_cache_holds_a_secret(tmp_path: Path, full: Repository) -> None:
    full.write(".nightlatch.yaml", "version: 1\n")
    reports = [word for name in FORMATS for word in ("--report", f"{name}={tmp_path}/report.{name}")]
    outcome = full.nightlatch("run", *reports, NIGHTLATCH_CACHE_DIR=str(tmp_path / "cache"))
    assert outcome.code == 1
    files = [*tmp_path.glob("report.*"), *(tmp_path / "cache").iterdir()]
    assert len(files) > len(FORMATS)
    _assert_silent(*(path.read_bytes().decode("latin-1") for path in files))


BROKEN_CONFIGURATIONS = {
    "an unknown value": "profile: SECRET\n",
    "an unknown key": "SECRET: 1\n",
    "an unknown key of a section": "secrets: {SECRET: 1}\n",
    "a key twice": "SECRET: 1\nSECRET: 2\n",
    "a value of another kind": "exclude: SECRET\n",
    "a wrong version": "version: SECRET\n",
    "an unknown rule": "rules: {SECRET: off}\n",
    "an unknown severity": "rules: {SEC301: SECRET}\n",
    "an unknown hook": "hooks: [SECRET]\n",
    "a wrong date": 'accept-unchecked: [{path: /a, reason: b, expires: "SECRET"}]\n',
    "a wrong pattern": "secrets: {custom-rules: [{id: ACME001, pattern: '(SECRET', keywords: [a]}]}\n",
    "a pattern of characters": "secrets: {custom-rules: [{id: ACME001, pattern: 'SECRET\\u0041', keywords: [abc]}]}\n",
    "a pattern without an end": "secrets: {custom-rules: [{id: ACME001, pattern: 'SECRET.+', keywords: [abc]}]}\n",
    "a keyword that a match lacks": "secrets: {custom-rules: [{id: ACME001, pattern: abc, keywords: ['SECRET']}]}\n",
    "an id of another form": "secrets: {custom-rules: [{id: 'SECRET', pattern: abc, keywords: [abc]}]}\n",
    "an example that does not match": (
        "secrets: {custom-rules: [{id: ACME001, pattern: 'abc', keywords: [abc], examples: [SECRET]}]}\n"
    ),
    "not YAML": "a: [SECRET\n",
    "not YAML, quoted": "a: 'SECRET\n",
    "a tag": "a: !SECRET x\n",
    "a directive": "%SECRET x\n---\na: 1\n",
    "an alias": "a: *SECRET\n",
    "an anchor twice": "a: &SECRET 1\nb: *SECRETx\n",
}

WRONG_KEYS = ("an unknown key", "an unknown key of a section", "an unknown rule", "a key twice")
"""Keys are named in errors, for people must find them: these should at least be shortened."""


@pytest.mark.parametrize("value", ["token", "password", "web token"])
@pytest.mark.parametrize("fault", [name for name in BROKEN_CONFIGURATIONS if name not in WRONG_KEYS])
def test_no_error_of_the_configuration_holds_a_wrong_value(repository: Repository, fault: str, value: str) -> None:
    _assert_configuration_is_not_told(repository, fault, VALUES[value])


@pytest.mark.parametrize("value", ["token", "web token"])
@pytest.mark.parametrize("fault", WRONG_KEYS)
def test_no_error_of_the_configuration_holds_a_wrong_key_that_is_a_secret(
    repository: Repository, fault: str, value: str
) -> None:
    _assert_configuration_is_not_told(repository, fault, VALUES[value])


def _assert_configuration_is_not_told(repository: Repository, fault: str, value: str) -> None:
    repository.write(".nightlatch.yaml", BROKEN_CONFIGURATIONS[fault].replace("SECRET", value))
    outcome = repository.nightlatch("secrets")
    assert outcome.code == 2
    _assert_silent(outcome.out, outcome.err)


def test_a_cache_folder_named_like_a_secret_is_not_told(tmp_path: Path, full: Repository) -> None:
    full.write(".nightlatch.yaml", "version: 1\n")
    (tmp_path / TOKEN).touch()
    outcome = full.nightlatch("secrets", "--verbose", NIGHTLATCH_CACHE_DIR=str(tmp_path / TOKEN))
    assert outcome.code == 1
    _assert_silent(outcome.out, outcome.err)


def test_variables_of_the_environment_are_not_told(full: Repository) -> None:
    outcome = full.nightlatch("secrets", "--verbose", GITHUB_TOKEN=TOKEN, NIGHTLATCH_X=PASSWORD, DATABASE_URL=PASSWORD)
    assert outcome.code == 1
    _assert_silent(outcome.out, outcome.err)


@pytest.fixture(params=SAMPLES, ids=lambda sample: str(sample.hook))
def leaking(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Sample:
    """A sample whose hook fails with every secret in the error's text, its cause and its context."""
    sample: Sample = request.param

    def check(source: Source, _options: Options) -> Iterator[Finding]:
        text = " ".join(file.text.decode("utf-8", "replace") for file in source.files())
        cause = ValueError(text)
        if text:
            raise RuntimeError(text, *VALUES.values()) from cause
        yield from ()

    hook = Hook(sample.hook, "", registry.load(sample.hook).rules, check)
    monkeypatch.setattr(registry, "load", lambda _name: hook)
    return sample


@pytest.mark.parametrize("format", FORMATS)
def test_no_unforeseen_error_holds_a_secret(
    full: Repository, leaking: Sample, format: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(full.path)
    code = cli.main([leaking.hook, "--format", format])
    captured = capfd.readouterr()
    assert code == 2
    assert not captured.out
    assert "An unforeseen error, RuntimeError (test_canary.py, line" in captured.err
    _assert_silent(captured.err)


def test_no_error_of_git_holds_what_it_quotes(
    full: Repository, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """git quotes lines of broken configuration files and addresses of remotes."""
    full.write(".git/config", f"[core]\n\tbare = {TOKEN}\n")
    monkeypatch.chdir(full.path)
    assert cli.main(["secrets", "--staged"]) == 2
    _assert_silent(*capfd.readouterr())


def test_no_error_of_a_promisor_s_address_holds_its_password(full: Repository) -> None:
    full.commit()
    full.git("config", "remote.origin.url", f"https://billing:{PASSWORD}@localhost:1/x")
    full.git("config", "remote.origin.promisor", "true")
    full.git("config", "core.repositoryFormatVersion", "1")
    full.git("config", "extensions.partialClone", "origin")
    full.git("update-index", "--add", "--cacheinfo", f"100644,{'12' * 20},missing")
    outcome = full.nightlatch("secrets", "--staged")
    assert outcome.code == 2
    _assert_silent(outcome.out, outcome.err)


@pytest.mark.parametrize(
    "words", [("TOKEN",), ("secrets", "--TOKEN"), ("explain", "TOKEN"), ("secrets", "--format", "TOKEN")]
)
def test_a_misplaced_secret_on_the_command_line_is_no_traceback(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Who types it sees it on the terminal; it must at least end in a sentence."""
    outcome = run(COMMAND, *(word.replace("TOKEN", TOKEN) for word in words), cwd=tmp_path)
    assert outcome.code == 2
    assert "Traceback" not in outcome.err
    assert "unforeseen" not in outcome.err
