"""Env files that git holds, and those that it would take with the next `git add`."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from nightlatch.core import ignored
from tests.env_files.conftest import look, told
from tests.support.repository import Repository, run
from tests.support.tokens import github_token

PORT = "PORT=3000\n"
COVER = ".env*\n!.env.example\n"


def with_secret() -> str:
    return f"PORT=3000\nGITHUB_TOKEN={github_token()}\n"


def close(repository: Repository, path: str, content: str = PORT) -> None:
    """An env file that is no business of anyone but its owner."""
    repository.write(path, content).chmod(0o600)


# ── Tracked ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [".env", ".env.production", "apps/web/.env", ".env.bak", ".env.keys", ".envrc"])
def test_an_env_file_with_a_secret_must_not_be_in_git(repository: Repository, path: str) -> None:
    repository.stage(path, with_secret())
    outcome = repository.nightlatch("env-files", "--format", "json")
    (found,) = outcome.json()["findings"]
    assert (found["rule"], found["severity"], found["path"], found["line"]) == ("ENV004", "error", path, 2)
    assert "GITHUB_TOKEN" in found["message"]
    assert github_token() not in outcome.out


def test_one_without_a_secret_must_not_either_since_the_next_value_may_be_one(repository: Repository) -> None:
    repository.stage(".env", PORT)
    assert look(repository) == ["error ENV004 .env"]


def test_what_tests_keep_beside_them_is_shown_to_those_who_ask(repository: Repository) -> None:
    repository.stage("tests/fixtures/.env", PORT)
    assert look(repository) == ["info ENV004 tests/fixtures/.env"]


def test_what_a_build_publishes_anyway_is_a_warning(repository: Repository) -> None:
    repository.stage(".env", "# shown to everyone\nVITE_TITLE=Shop\nNEXT_PUBLIC_API=https://api.acme-corp.io\n")
    assert look(repository) == ["warning ENV004 .env"]
    repository.stage(".env", "VITE_TITLE=Shop\nPORT=3000\n")
    assert look(repository) == ["error ENV004 .env"]


def password() -> str:
    return hashlib.sha256(b"a password").hexdigest()[:14]


TEST_PATHS = (".env.test", ".env.ci", "tests/fixtures/.env")


@pytest.mark.parametrize("path", TEST_PATHS)
def test_for_tests_a_password_blocks_nobody(repository: Repository, path: str) -> None:
    repository.stage(path, f"PORT=3000\nDB_PASSWORD={password()}\n")
    assert look(repository) == [f"warning ENV004 {path}"]
    repository.write(".nightlatch.yaml", "profile: strict\n")
    assert look(repository) == [f"error ENV004 {path}"]


@pytest.mark.parametrize("path", TEST_PATHS)
def test_the_credential_of_a_provider_works_in_tests_too(repository: Repository, path: str) -> None:
    repository.stage(path, with_secret())
    assert look(repository) == [f"error ENV004 {path}"]


def age_key() -> str:
    return "-".join(("AGE", "SECRET", "KEY", "1" + "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L" * 2))[:74]


def test_the_key_that_opens_is_not_encrypted(repository: Repository) -> None:
    repository.stage(".env", f"SOPS_AGE_KEY={age_key()}\n")
    outcome = repository.nightlatch("env-files", "--format", "json")
    (found,) = [found for found in outcome.json()["findings"] if found["rule"] == "ENV004"]
    assert found["severity"] == "error"
    assert "SOPS_AGE_KEY" in found["message"]
    assert age_key() not in outcome.out


NOT_UNDERSTOOD: dict[str, Callable[[], str]] = {
    ".env.json": lambda: f'{{"token": "{github_token()}"}}',
    ".env.fish": lambda: f"set -x TOKEN {github_token()}\n",
    ".env.ps1": lambda: f"$env:TOKEN = '{github_token()}'\n",
    ".env": lambda: f"{github_token()}\n",
    ".env.yaml": lambda: "password: x\n",
}


@pytest.mark.parametrize("path", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_not_called_harmless(repository: Repository, path: str) -> None:
    repository.stage(path, NOT_UNDERSTOOD[path]())
    outcome = repository.nightlatch("env-files", "--format", "json")
    (found,) = [found for found in outcome.json()["findings"] if found["rule"] == "ENV004"]
    assert found["severity"] == "error"
    assert "Nothing in it looks" not in found["message"]
    assert github_token() not in outcome.out


COUNT_AS_SECRETS: dict[str, Callable[[], str]] = {
    "SLACK_WEBHOOK_URL": lambda: "https://hooks.slack.com/" + "services/T0AB12CD3/B0EF45GH6/x9Kqv2LmT7pzR4wY8nBcD3sF",
    "DOTENV_PRIVATE_KEY_PRODUCTION": lambda: hashlib.sha256(b"a key").hexdigest(),
    "AZURE_STORAGE_CONNECTION_STRING": lambda: (
        "DefaultEndpointsProtocol=https;AccountName=acme;" + "AccountKey=" + "x9Kqv2LmT7pzR4wY8nBcD3sF" * 3 + "=="
    ),
}


@pytest.mark.parametrize("name", COUNT_AS_SECRETS)
def test_names_and_values_of_secrets(repository: Repository, name: str) -> None:
    repository.stage(".env", f"{name}={COUNT_AS_SECRETS[name]()}\n")
    findings = repository.nightlatch("env-files", "--format", "json").json()["findings"]
    (found,) = [found for found in findings if found["rule"] == "ENV004"]
    assert found["message"].endswith(f"It holds {name}.")


def test_a_strict_team_has_none_in_git(repository: Repository) -> None:
    repository.write(".nightlatch.yaml", "profile: strict\n")
    repository.stage(".env", PORT)
    assert look(repository) == ["error ENV004 .env"]


@pytest.mark.parametrize(
    "path", [".env.example", ".env.sample", ".env.template", ".env.dist", ".env.d.ts", ".env.defaults"]
)
def test_templates_and_code_belong_into_git(repository: Repository, path: str) -> None:
    repository.stage(path, PORT)
    repository.stage(".gitignore", f".env*\n!{path}\n")
    assert look(repository) == []


ENCRYPTED = {
    "dotenvx": "DOTENV_PUBLIC_KEY_PRODUCTION=" + "03ab" * 16 + "\nAPI_KEY=encrypted:BLa0dGVzdA==\n",
    "sops": "API_KEY=ENC[AES256_GCM,data:x,iv:y,tag:z,type:str]\nsops_version=3.9.0\n",
    "git-crypt": "\0GITCRYPT\0" + "abc" * 20,
    "ansible": "$ANSIBLE_VAULT;1.1;AES256\n3132\n",
    "age": "-----BEGIN AGE ENCRYPTED FILE-----\nYQ==\n-----END AGE ENCRYPTED FILE-----\n",
}


@pytest.mark.parametrize("how", ENCRYPTED)
def test_what_is_encrypted_is_no_plain_text(repository: Repository, how: str) -> None:
    repository.stage(".env.production", ENCRYPTED[how])
    assert [found for found in look(repository) if "ENV00" in found] == []


def test_a_value_left_in_plain_text_among_encrypted_ones(repository: Repository) -> None:
    repository.stage(".env.production", ENCRYPTED["dotenvx"] + with_secret())
    assert look(repository) == ["error ENV004 .env.production"]


def test_what_the_index_holds_counts_and_not_the_disk(repository: Repository) -> None:
    """As under git-crypt, whose filter shows the plain text."""
    repository.stage(".env.production", ENCRYPTED["git-crypt"])
    repository.write(".env.production", with_secret())
    assert look(repository) == []


def test_a_file_that_is_staged_and_no_longer_on_the_disk(repository: Repository) -> None:
    repository.stage("dist/.env", with_secret()).unlink()
    assert look(repository, "--staged") == ["error ENV004 dist/.env"]


def test_a_range_is_judged_by_its_end(repository: Repository) -> None:
    repository.stage("a.txt", "a\n")
    repository.commit()
    repository.stage(".env", with_secret())
    tip = repository.commit()
    outcome = repository.nightlatch("env-files", "--from-ref", "HEAD~1", "--to-ref", "HEAD", "--format", "json")
    assert told(outcome) == ["error ENV004 .env"]
    assert outcome.json()["findings"][0]["commit"] == tip
    repository.git("rm", "--quiet", "--cached", ".env")
    repository.commit()
    assert look(repository, "--from-ref", "HEAD~1") == []


def test_each_commit_of_a_range_is_looked_at(repository: Repository) -> None:
    """What the next commit takes out stays in the history."""
    repository.stage("a.txt", "a\n")
    base = repository.commit()
    repository.stage(".env", with_secret())
    repository.stage("web/.env.json", f'{{"token": "{github_token()}"}}')
    bad = repository.commit()
    repository.git("rm", "--quiet", "-r", "--cached", ".env", "web")
    repository.commit()
    for words in (("--from-ref", base), ("--history",)):
        outcome = repository.nightlatch("env-files", *words, "--format", "json")
        assert told(outcome) == ["error ENV004 .env", "error ENV004 web/.env.json"], words
        assert {found["commit"] for found in outcome.json()["findings"]} == {bad}
        assert "history" in outcome.json()["findings"][0]["fix"]
        assert github_token() not in outcome.out


def test_of_a_file_without_a_secret_none_is_to_be_replaced(repository: Repository) -> None:
    base = repository.commit()
    repository.stage(".env", "PORT=3000\n")
    repository.commit()
    (found,) = repository.nightlatch("env-files", "--from-ref", base, "--format", "json").json()["findings"]
    assert "Nothing in it looks like a secret" in found["message"]
    assert not found["fix"].startswith("Replace its secrets")
    assert "git rm --cached" in found["fix"]


def test_a_link_in_a_commit_is_no_env_file(repository: Repository) -> None:
    base = repository.commit()
    (repository.path / ".env").symlink_to("config/env")
    repository.git("add", "--force", ".env")
    repository.commit()
    assert look(repository, "--from-ref", base) == []


def test_a_direnv_file_without_a_secret_may_be_shared(repository: Repository) -> None:
    repository.stage(".envrc", "use flake\nexport PORT=3000\n")
    assert look(repository) == []


def test_a_note_in_the_file_allows_it(repository: Repository) -> None:
    repository.stage(".env", "# nightlatch: allow ENV004 -- defaults for everyone, agreed on\n" + with_secret()[10:])
    outcome = repository.nightlatch("env-files", "--format", "json")
    assert outcome.json()["findings"] == []
    assert [entry["reason"] for entry in outcome.json()["suppressed"]] == ["defaults for everyone, agreed on"]


def test_a_file_that_is_ignored_and_tracked(repository: Repository) -> None:
    repository.stage(".env", with_secret())
    repository.write(".gitignore", COVER)
    (found,) = repository.nightlatch("env-files", "--format", "json").json()["findings"]
    assert (found["rule"], found["severity"]) == ("ENV008", "error")
    assert ".gitignore:1: .env*" in found["message"]


def test_it_works_from_a_folder_within(repository: Repository) -> None:
    repository.stage(".env", with_secret())
    (repository.path / "src").mkdir()
    assert look(Repository(repository.path / "src")) == ["error ENV004 .env"]


# ── Not ignored ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", [".env", ".env.production", "apps/web/.env.local", ".env.caf\udce9", ".env.a b"])
def test_an_env_file_that_git_does_not_ignore(repository: Repository, path: str) -> None:
    close(repository, path)
    assert look(repository) == [f"error ENV005 {path}".replace("\udce9", "%E9")]


@pytest.mark.parametrize("path", [".env", ".env.production", "apps/web/.env.local", ".env.caf\udce9", ".env.a b"])
def test_an_env_file_that_git_ignores(repository: Repository, path: str) -> None:
    close(repository, path)
    repository.write(".gitignore", COVER)
    assert look(repository) == []


def test_a_file_that_a_negation_takes_back_in(repository: Repository) -> None:
    """`check-ignore -v` calls the negation a hit."""
    close(repository, ".env.local")
    repository.write(".gitignore", ".env*\n!.env.local\n")
    (found,) = repository.nightlatch("env-files", "--format", "json").json()["findings"]
    assert found["rule"] == "ENV005"
    assert found["fix"] == "Take line 2 out of .gitignore."
    repository.write(".gitignore", ".env*\n")
    assert look(repository) == []


def test_a_name_that_looks_like_magic(repository: Repository) -> None:
    close(repository, ":(top)/.env")
    assert look(repository) == ["error ENV005 :(top)/.env"]


def test_a_shared_direnv_file_is_not_told(repository: Repository) -> None:
    close(repository, ".envrc", "use flake\n")
    assert look(repository) == []
    close(repository, ".envrc", f"export {with_secret()[10:]}")
    repository.stage("a.txt", "so that what is staged is checked, and not all files\n")
    assert look(repository) == ["error ENV005 .envrc"]


def test_a_ci_checkout_is_not_asked(repository: Repository) -> None:
    close(repository, ".env")
    assert look(repository, GITHUB_ACTIONS="true") == ["warning ENV006 None"]


# ── Families ────────────────────────────────────────────────────────────────────────────────────────

COVERING = (".env*\n", ".env\n.env.*\n", "*.env*\n", ".*\n")
LEAVING = (".env\n", ".env\n.env.local\n.env.*.local\n", ".env\n*.local\n", "/.env\n")


@pytest.mark.parametrize("text", COVERING)
def test_an_ignore_file_that_covers_the_families(repository: Repository, text: str) -> None:
    repository.write(".gitignore", text)
    assert look(repository) == []


@pytest.mark.parametrize("text", LEAVING)
def test_an_ignore_file_that_leaves_some_open(repository: Repository, text: str) -> None:
    repository.write(".gitignore", text)
    assert look(repository) == ["info ENV006 .gitignore"], "nobody works with env files here"
    close(repository, ".env")
    (found,) = repository.nightlatch("env-files", "--format", "json").json()["findings"]
    assert (found["rule"], found["severity"], found["path"], found["line"]) == ("ENV006", "warning", ".gitignore", 1)
    assert ".env.production" in found["message"]
    repository.write(".gitignore", text + "\n".join(found["data"]["lines"]) + "\n")
    assert look(repository) == []


@pytest.mark.parametrize("text", ["", "node_modules\n", "*.local\n", ".env*.local\n", ".envoy\n"])
def test_a_repository_without_env_files_is_left_alone(repository: Repository, text: str) -> None:
    repository.stage("package.json", "{}\n")
    repository.write(".gitignore", text)
    assert look(repository) == []


def test_a_template_among_tests_shows_nothing(repository: Repository) -> None:
    repository.stage("tests/fixtures/.env.example", PORT)
    assert look(repository) == []


def test_the_folder_with_the_template_is_asked_and_no_other(repository: Repository) -> None:
    repository.stage("apps/web/.env.example", PORT)
    repository.write("apps/web/.gitignore", COVER)
    assert look(repository) == []


def test_a_template_shows_that_env_files_will_come(repository: Repository) -> None:
    repository.stage("apps/web/.env.example", PORT)
    (found,) = repository.nightlatch("env-files", "--format", "json").json()["findings"]
    assert found["rule"] == "ENV006"
    assert found["data"] == {"lines": [".env*", "!.env.example"]}


def test_what_is_in_git_on_purpose_is_kept(repository: Repository) -> None:
    for path in (".env.sample", ".env.d.ts"):
        repository.stage(path, PORT)
    repository.stage(".env.vault", ENCRYPTED["age"])
    repository.write(".gitignore", ".env\n")
    (found,) = repository.nightlatch("env-files", "--format", "json").json()["findings"]
    assert found["data"]["lines"] == [".env*", "!.env.d.ts", "!.env.sample"]


def test_env_files_that_are_shared_on_purpose(repository: Repository) -> None:
    """The team has decided: it is told of the file that is in git, and of none that isn't there."""
    repository.stage(".env", "REACT_APP_TITLE=Shop\n")
    repository.write(".gitignore", ".env.local\n")
    assert look(repository) == ["warning ENV004 .env"]


# ── Templates ───────────────────────────────────────────────────────────────────────────────────────


def test_a_template_that_git_ignores(repository: Repository) -> None:
    repository.write(".env.example", PORT)
    repository.write(".gitignore", ".env*\n")
    (found,) = repository.nightlatch("env-files", "--format", "json").json()["findings"]
    assert (found["rule"], found["severity"], found["data"]) == ("ENV007", "warning", {"lines": ["!.env.example"]})
    repository.git("add", "--force", ".env.example")
    assert look(repository) == []


def test_a_template_in_a_folder_that_git_ignores(repository: Repository) -> None:
    repository.write("tmp/copy/.env.example", PORT)
    repository.write(".gitignore", "tmp/\n.env*\n!.env.example\n")
    assert look(repository) == []


# ── git's own word ──────────────────────────────────────────────────────────────────────────────────


def test_git_itself_says_what_is_ignored(repository: Repository) -> None:
    """`git status --ignored` answers the same for files that are there."""
    repository.write(".gitignore", "*.a\n!keep.a\n/only\nsub/\n\\!odd\n")
    repository.write("deep/.gitignore", "!x.a\n")
    paths = ["x.a", "keep.a", "only", "deep/only", "deep/x.a", "deep/y.a", "sub/z", "!odd", "plain"]
    for path in paths:
        repository.write(path, "")
    listing = run(
        "git", "ls-files", "-z", "--others", "--ignored", "--exclude-standard", cwd=repository.path, env=repository.env
    )
    from nightlatch.core.git import Git

    hits = ignored.hits(Git(str(repository.path), repository.env), paths)
    assert sorted(path for path, hit in hits.items() if not hit.is_negated) == sorted(
        filter(None, listing.out.split("\0"))
    )


def test_many_questions_are_asked_in_parts(repository: Repository) -> None:
    from nightlatch.core.git import Git

    repository.write(".gitignore", "*\n")
    paths = [f"{'d' * 100}/{number}/.env" for number in range(2000)]
    assert len(ignored.hits(Git(str(repository.path), repository.env), paths)) == len(paths)


# ── --fix ───────────────────────────────────────────────────────────────────────────────────────────


def test_fix_closes_and_ignores_and_says_so(repository: Repository) -> None:
    repository.write(".env", PORT).chmod(0o644)
    repository.write(".gitignore", "node_modules")
    outcome = repository.nightlatch("env-files", "--fix")
    assert outcome.code == 1, "a file that belongs into the commit was changed"
    assert ".env: mode 644 is now 600" in outcome.err
    assert ".gitignore: .env* and !.env.example added" in outcome.err
    assert (repository.path / ".gitignore").read_text() == "node_modules\n.env*\n!.env.example\n"
    assert (repository.path / ".env").stat().st_mode & 0o777 == 0o600
    again = repository.nightlatch("env-files", "--fix")
    assert (again.code, again.out, again.err) == (0, "", "")


def test_fix_that_only_closes_passes(repository: Repository) -> None:
    repository.write(".env", PORT).chmod(0o644)
    repository.write(".gitignore", COVER)
    outcome = repository.nightlatch("env-files", "--fix")
    assert outcome.code == 0
    assert ".env: mode 644 is now 600" in outcome.err


def test_fix_keeps_the_ends_of_lines(repository: Repository) -> None:
    close(repository, ".env")
    repository.write(".gitignore", "a\r\nb")
    repository.nightlatch("env-files", "--fix")
    assert (repository.path / ".gitignore").read_bytes() == b"a\r\nb\r\n.env*\r\n!.env.example\r\n"


def test_fix_leaves_what_is_allowed(repository: Repository) -> None:
    repository.write(".env", PORT).chmod(0o644)
    repository.write(".gitignore", COVER)
    repository.write(".nightlatch.yaml", "rules: {ENV001: off}\n")
    assert repository.nightlatch("env-files", "--fix").err == ""
    assert (repository.path / ".env").stat().st_mode & 0o777 == 0o644


def test_fix_follows_no_link(repository: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("keep\n")
    close(repository, ".env")
    (repository.path / ".gitignore").symlink_to(outside)
    outcome = repository.nightlatch("env-files", "--fix")
    assert outcome.code == 1
    assert "could not be added" in outcome.err
    assert outside.read_text() == "keep\n"


def test_fix_of_a_file_that_changed_meanwhile(tmp_path: Path) -> None:
    from nightlatch.core.finding import Finding
    from nightlatch.env_files.fix import mend
    from nightlatch.env_files.rules_of_files import OPEN_FILE

    target = tmp_path / "outside"
    target.touch(0o644)
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / ".env").symlink_to(target)
    finding = Finding(OPEN_FILE, "", path=".env", data={"mode": "644", "to": "600"})
    (done,) = mend(str(tmp_path / "tree"), [finding], None)
    assert "was left" in done.what
    assert target.stat().st_mode & 0o777 == 0o644
    (tmp_path / "tree" / ".env").unlink()
    (tmp_path / "tree" / ".env").touch(0o600)
    (done,) = mend(str(tmp_path / "tree"), [finding], None)
    assert "changed meanwhile" in done.what


REFUSED = {
    "in CI": (("env-files", "--fix"), {"CI": "true"}, "a CI system's"),
    "a range": (("env-files", "--fix", "--from-ref", "HEAD"), {}, "without a range"),
    "a hook without one": (("secrets", "--fix"), {}, "no --fix in the hook secrets"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_where_fix_is_refused(repository: Repository, case: str) -> None:
    repository.stage("a.txt", "a\n")
    repository.commit()
    close(repository, ".env")
    words, changes, said = REFUSED[case]
    outcome = repository.nightlatch(*words, **changes)
    assert outcome.code == 2
    assert said in outcome.err
    assert not (repository.path / ".gitignore").exists()


def test_the_printed_remedy_works_word_for_word(repository: Repository) -> None:
    repository.stage(".env", with_secret()).chmod(0o644)
    (found,) = repository.nightlatch("env-files", "--format", "json").json()["findings"]
    command, add, _ = found["fix"].split("; ")
    for step in command.removeprefix("Take it out of git, not off the disk: ").split(" && "):
        assert run(*shlex.split(step), cwd=repository.path, env=repository.env).code == 0
    lines = add.removeprefix("add to .gitignore, each on a line of its own: ").split(" and ")
    repository.write(".gitignore", "".join(f"{line}\n" for line in lines))
    assert look(repository) == []
