"""What is looked at when, and what is told: the contents of env files in a real repository."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core.files import File
from nightlatch.env_files import contents_environments, contents_secrets, contents_syntax, rotation_ledger
from nightlatch.env_files.contents_template import base_of
from nightlatch.env_files.dialect import Dialects
from nightlatch.env_files.dotenv_readers import ANY
from nightlatch.env_files.env_file import EnvFile
from nightlatch.env_files.environments import environment_of
from nightlatch.env_files.key_names import secret_class
from nightlatch.env_files.variables import MOST_OF_A_RULE, MOST_TOKENS, Contents
from tests.support.repository import Outcome, Repository
from tests.support.tokens import github_token, random_text

LEAKY = f"GITHUB_TOKEN={github_token()}\n"
CLEAN = "GITHUB_TOKEN=\n"


def told(outcome: Outcome) -> list[str]:
    return [line for line in outcome.findings() if line >= "ENV100"]


def look(repository: Repository, *words: str, **changes: str) -> Outcome:
    return repository.nightlatch("env-files", "--format", "json", *words, **changes)


def hidden(repository: Repository, path: str, content: str | bytes) -> None:
    """An env file as it should lie there: closed, and ignored by git."""
    repository.write(path, content).chmod(0o600)


@pytest.fixture
def guarded(repository: Repository) -> Repository:
    repository.stage(".gitignore", ".env*\n!.env.example\n")
    repository.commit()
    return repository


def test_what_is_staged_counts_and_not_what_lies_on_the_disk(guarded: Repository) -> None:
    guarded.stage(".env.example", LEAKY)
    guarded.write(".env.example", CLEAN)
    assert told(look(guarded, "--staged")) == ["ENV107 .env.example:1"]


def test_a_range_is_checked_at_its_end(guarded: Repository) -> None:
    start = guarded.git("rev-parse", "HEAD").strip()
    guarded.stage(".env.example", LEAKY)
    end = guarded.commit()
    guarded.write(".env.example", CLEAN)
    outcome = look(guarded, "--from-ref", start, "--to-ref", end)
    assert told(outcome) == ["ENV107 .env.example:1"]
    assert [found["commit"] for found in outcome.json()["findings"]] == [end]


def test_a_file_that_git_ignores_is_checked_at_every_commit(guarded: Repository) -> None:
    hidden(guarded, ".env", "JWT_SECRET=changeme\n")
    guarded.stage("page.txt", "text\n")
    assert told(look(guarded, "--staged")) == ["ENV105 .env:1"]


def test_templates_are_not_compared_in_ci(guarded: Repository) -> None:
    guarded.stage(".env.example", "A=\n")
    hidden(guarded, ".env", "B=\n")
    assert told(look(guarded)) == ["ENV114 .env:1", "ENV114 .env.example:1"]
    assert told(look(guarded, CI="true")) == []


@pytest.mark.parametrize("count", [0, 1])
def test_a_strict_error_only_where_the_template_is_in_the_change(guarded: Repository, count: int) -> None:
    guarded.write(".nightlatch.yaml", "profile: strict\n")
    guarded.stage(".env.example", "A=\nB=\n")
    if not count:
        guarded.commit()
        guarded.stage("page.txt", "text\n")
    hidden(guarded, ".env", "A=1\n")
    outcome = look(guarded, "--staged")
    assert [found["severity"] for found in outcome.json()["findings"]] == [("warning", "error")[count]]


def test_a_file_of_too_many_lines_is_not_passed_in_silence(guarded: Repository) -> None:
    hidden(guarded, ".env", b"A\n" * (MOST_TOKENS + 1))
    outcome = look(guarded)
    assert outcome.code == 2
    assert [entry["path"] for entry in outcome.json()["unchecked"]] == [".env"]


def test_ten_megabytes_of_long_values_are_checked(guarded: Repository) -> None:
    values = "".join(f"NAME_{number}={'ab1$#' * 20_000}\n" for number in range(100))
    hidden(guarded, ".env", f"{values}JWT_SECRET=changeme\n")
    assert "ENV105 .env:101" in told(look(guarded))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_every_encoding_is_read(guarded: Repository, encoding: str) -> None:
    hidden(guarded, ".env", "# caf\u00e9\nJWT_SECRET=changeme\n".encode(encoding))
    assert told(look(guarded)) == ["ENV105 .env:2"]


def test_what_is_required_is_missed(guarded: Repository) -> None:
    guarded.write(".nightlatch.yaml", "env-files: {required: {JWT_SECRET: {}, API_URL: {}}}\n")
    hidden(guarded, ".env", "# nothing\n")
    (finding,) = look(guarded).json()["findings"]
    assert finding["message"] == "JWT_SECRET, API_URL are not set, which the configuration demands"
    assert finding["data"] == {"variables": ["JWT_SECRET", "API_URL"]}
    hidden(guarded, ".env", "JWT_SECRET=\nAPI_URL=1\n")
    assert [found["data"] for found in look(guarded).json()["findings"]] == [{"variables": ["JWT_SECRET"]}]


def test_a_link_says_where_it_leads_and_sets_nothing(guarded: Repository) -> None:
    hidden(guarded, ".env", "A=1\n")
    (guarded.path / "app").mkdir()
    (guarded.path / "app" / ".env").symlink_to("../.env")
    assert told(look(guarded)) == []


def test_the_same_problem_again_and_again_is_told_a_bounded_number_of_times(guarded: Repository) -> None:
    hidden(guarded, ".env", "A=1\n" * (MOST_OF_A_RULE + 8))
    findings = look(guarded).json()["findings"]
    assert len(findings) == MOST_OF_A_RULE
    assert findings[-1]["message"].endswith("(and 7 more of this rule in the file)")


def test_a_fingerprint_does_not_change_with_the_value(guarded: Repository) -> None:
    def fingerprints(value: str) -> list[str]:
        hidden(guarded, ".env", f"JWT_SECRET={value}\n")
        return [found["fingerprint"] for found in look(guarded).json()["findings"]]

    first = fingerprints("changeme")
    assert len(first) == 1
    assert fingerprints("your-secret") == first


def test_the_remedy_for_a_weak_secret_can_be_followed(guarded: Repository) -> None:
    hidden(guarded, ".env", "JWT_SECRET=changeme\n")
    (finding,) = look(guarded).json()["findings"]
    assert finding["fix"] == "Put there what this gives: openssl rand -hex 32"
    hidden(guarded, ".env", f"JWT_SECRET={random_text(64, 'remedy', '0123456789abcdef')}\n")
    assert look(guarded).code == 0


VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=12, max_size=60)
KEYS = st.sampled_from(
    ("JWT_SECRET", "DATABASE_URL", "NEXT_PUBLIC_SECRET", "OPENAI_API_KEY", "NODE_ENV", "CORS_ORIGIN", "A: B", "A B")
)
STARTS = st.sampled_from(("", "sk_" + "live_", "postgres://u:", "http://prod.", "$(", '"', "'", "`"))


@given(KEYS, STARTS, VALUES, st.sampled_from((".env", ".env.production", ".env.local", ".env.example")))
def test_no_message_repeats_a_value(key: str, start: str, value: str, path: str) -> None:
    text = f"{key}={start}{value}\n{key}={start}{value}\n".encode()
    env_file = EnvFile(path, [File(path, text)], is_template=path.endswith("example"), is_tracked=False)
    contents = Contents(env_file, ANY, environment_of(path, {}))
    contents_syntax.check(contents)
    contents_secrets.check(contents, {}, {})
    contents_environments.check([contents])
    for finding in contents.findings():
        assert value not in json.dumps([finding.message, finding.fix, finding.data])


@pytest.mark.parametrize(
    ("path", "environment"),
    [
        (".env", ""),
        (".env.production", "production"),
        (".env.prod", "production"),
        (".env.production.local", "production"),
        (".env.local", "development"),
        (".env.development.local", "development"),
        (".env.test", "test"),
        (".env.staging", "staging"),
        (".env.example", ""),
        ("deploy/production/.env", "production"),
        ("tests/.env", ""),
        (".env.Acceptance", "production"),
    ],
)
def test_the_environment_that_a_name_says(path: str, environment: str) -> None:
    assert environment_of(path, {"acceptance": "production"}) == environment


@pytest.mark.parametrize(
    ("template", "base"),
    [
        (".env.example", ".env"),
        ("env.sample", ".env"),
        ("sample.env", ".env"),
        (".env.production.example", ".env.production"),
        ("a/.env.local.dist", "a/.env.local"),
        (".env.template.local", ".env.local"),
    ],
)
def test_the_file_that_a_template_is_for(template: str, base: str) -> None:
    assert base_of(template) == base


@pytest.mark.parametrize(
    ("key", "secret"),
    [
        ("JWT_SECRET", "own-choice"),
        ("SECRET_KEY", "own-choice"),
        ("MY_SESSION_SECRET", "own-choice"),
        ("DATABASE_ENCRYPTION_KEY", "own-choice"),
        ("DB_PASSWORD", "password"),
        ("PGPASSWORD", "password"),
        ("OPENAI_API_KEY", "vendor"),
        ("GITHUB_TOKEN", "vendor"),
        ("stripeSecretKey", "vendor"),
        ("PASSWORD_MIN_LENGTH", ""),
        ("TOKEN_EXPIRES_IN", ""),
        ("SECRET_NAME", ""),
        ("AWS_ACCESS_KEY_ID", ""),
        ("VAPID_PUBLIC_KEY", ""),
        ("ENABLE_PASSWORD", ""),
        ("KEYBOARD", ""),
        ("PWD", ""),
        ("PORT", ""),
    ],
)
def test_the_secret_that_a_name_tells(key: str, secret: str) -> None:
    assert secret_class(key) == secret


def test_the_tokenizer_imports_little() -> None:
    import nightlatch.env_files.dotenv_tokens as module

    source = Path(module.__file__).read_text(encoding="utf-8")
    imported = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
    assert imported == ["from __future__ import annotations", "import re"]


def compose_with(env_file: str) -> str:
    return f"services:\n  web:\n    {env_file}\n"


@pytest.mark.parametrize(
    ("path", "content", "readers"),
    [
        ("next.config.js", "", ("next",)),
        ("vite.config.ts", "", ("vite",)),
        ("compose.yaml", "services: {}\n", ("compose",)),
        ("docker-compose.yml", compose_with("env_file: .env"), ("compose",)),
        ("docker-compose.yml", compose_with("env_file: [.env, other.env]"), ("compose",)),
        ("docker-compose.yml", compose_with("env_file:\n      - ./.env # ours\n      - other.env"), ("compose",)),
        ("docker-compose.yml", compose_with("env_file:\n      - path: .env\n        required: false"), ("compose",)),
        ("package.json", '{"scripts": {"start": "node --env-file=.env index.js"}}', ("node",)),
        ("package.json", '{"scripts": {"start": "docker run --env-file .env x"}}', ("docker-run", "dotenv")),
        ("package.json", '{"scripts": {"start": "node index.js"}}', ANY),
        ("README.md", "node --env-file=.env", ANY),
    ],
)
def test_who_reads_a_file(tmp_path: Path, path: str, content: str, readers: tuple[str, ...]) -> None:
    (tmp_path / path).write_text(content, encoding="utf-8")
    assert Dialects(None, str(tmp_path)).of(".env") == readers


@pytest.mark.parametrize(
    "piece", ["node ", "docker --env-file", "env_file:\n", "env_file:\n  - a", "- a  ", " ", "\n - "]
)
def test_hostile_files_beside_it_end(tmp_path: Path, piece: str) -> None:
    for name in ("package.json", "compose.yaml"):
        (tmp_path / name).write_text(f"env_file:\n  - {piece * (900_000 // len(piece))}", encoding="utf-8")
    assert Dialects(None, str(tmp_path)).of(".env") == ("compose",)


@pytest.mark.parametrize("piece", [b" ", b",", b"a,", b"a, ,", b"#", b"a,jwt,2020-01-01\r"])
def test_a_hostile_ledger_ends(piece: bytes) -> None:
    file = File("ledger.csv", b"a, " + piece * (300_000 // len(piece)))
    assert len(list(rotation_ledger.check(file, "2026-01-01"))) <= 1


@pytest.mark.parametrize(("day", "count"), [("2025-12-03", 0), ("2025-12-02", 0), ("2025-12-01", 1), ("2026-02-01", 1)])
def test_a_signing_secret_may_be_thirty_days_old(day: str, count: int) -> None:
    file = File("ledger.csv", f"JWT_SECRET, jwt , {day}\n".encode())
    assert len(list(rotation_ledger.check(file, "2026-01-01"))) == count


HOSTILE = (
    "a", "ab", " ", "1", "_", "-", ".", ",", "@", ":", "/", "//", "://", "a@", "$", "$(", "${", "<", "[", "{{", "#",
    " #", "\\", "'", '"', "`", "a.", "prod.", "http://", "\u00a0", "%", "\tA",
)  # fmt: skip
STARTED = (
    "JWT_SECRET=",
    "DATABASE_URL=postgres://",
    "NEXT_PUBLIC_SECRET=",
    "CORS_ORIGIN=",
    'A="',
    "A='",
    "",
    "JWT_EXPIRY=",
)


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_value_ends(piece: str) -> None:
    """With the square of the length this would take an hour: that it ends is the proof."""
    for start in STARTED:
        text = f"{start}{piece * (200_000 // len(piece))}\n".encode()
        for path in (".env.production", ".env.local", ".env.example"):
            env_file = EnvFile(path, [File(path, text)], is_template=path.endswith("example"), is_tracked=False)
            contents = Contents(env_file, ANY, environment_of(path, {}))
            contents_syntax.check(contents)
            contents_secrets.check(contents, {"A": {"format": "email"}}, {})
            contents_environments.check([contents])
            assert all(finding.path == path for finding in contents.findings())
