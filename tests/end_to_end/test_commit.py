"""Real commits through pre-commit and prek: what is refused, what it says, and that its remedy works.

The product is installed as users install it, from a repository with a manifest, once for each runner.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nightlatch.registry import MODULES, load
from tests.support.repository import Outcome, Repository, environment, fresh_copy, run
from tests.support.tokens import github_token, line_with_token

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
RULE = next(rule for rule in load("secrets").rules if rule.id == "SEC301")
RUNNERS = {"pre-commit": "PRE_COMMIT_HOME", "prek": "PREK_HOME"}
HOOK_IDS = ("check-secrets", "nightlatch")
TOKEN = github_token()
CLEAN = "print('hello')\n"
ALLOW = re.compile(r"^ *allow: .*(nightlatch: allow [A-Z]+[0-9]{3} -- your reason)$", re.MULTILINE)


@dataclass(frozen=True)
class Runner:
    """A hook runner with a home of its own, in which the product's environment is installed already."""

    name: str
    home: Path
    product: Path
    rev: str

    @property
    def program(self) -> str:
        return str(Path(sys.executable).with_name(self.name))

    @property
    def variables(self) -> dict[str, str]:
        return {RUNNERS[self.name]: str(self.home)}

    def config(self, hook_id: str, more: str = "") -> str:
        return f"repos:\n  - repo: {self.product}\n    rev: {self.rev}\n    hooks:\n      - id: {hook_id}\n" + "".join(
            f"        {line}\n" for line in more.splitlines()
        )

    @property
    def command(self) -> str:
        """The installed console script."""
        return str(self.installed("bin/nightlatch"))

    def installed(self, pattern: str) -> Path:
        """The one place in the runner's home that a pattern names."""
        (found,) = self.home.rglob(pattern)
        return found


class Project(Repository):
    """A user's repository whose commits go through a runner."""

    def attempt(self, *arguments: str | bytes) -> Outcome:
        """Run git, with its hooks; what they say comes as one text, since runners write to either stream."""
        outcome = run("git", *arguments, cwd=self.path, env=self.env)
        return Outcome(outcome.code, outcome.out + outcome.err, "")

    def try_commit(self, *arguments: str | bytes) -> Outcome:
        return self.attempt("commit", "-m", "change", *arguments)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    fresh = fresh_copy(tmp_path_factory.mktemp("product"))
    return fresh.path, fresh.git("rev-parse", "HEAD").strip()


@pytest.fixture(scope="session", params=RUNNERS)
def runner(
    request: pytest.FixtureRequest, product: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> Runner:
    name: str = request.param
    runner = Runner(name, tmp_path_factory.mktemp(name), *product)
    warm = Repository.create(tmp_path_factory.mktemp("warm"), "--template=")
    warm.stage(".pre-commit-config.yaml", runner.config("check-secrets"))
    outcome = run(runner.program, "install-hooks", cwd=warm.path, env=environment(**runner.variables))
    assert outcome.code == 0, outcome
    return runner


@pytest.fixture(params=HOOK_IDS)
def hook_id(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def project(runner: Runner, hook_id: str, tmp_path: Path) -> Project:
    """A repository with one commit, `app.py` in it, and the runner's hooks installed."""
    project = Project.create(tmp_path / "project")
    assert isinstance(project, Project)
    project.env |= runner.variables
    project.stage(".pre-commit-config.yaml", runner.config(hook_id))
    project.stage("app.py", CLEAN)
    project.commit("first")
    installed = run(
        runner.program, "install", "-t", "pre-commit", "-t", "pre-merge-commit", cwd=project.path, env=project.env
    )
    assert installed.code == 0, installed
    return project


def assert_refused(outcome: Outcome, place: str = "app.py:1", *, tokens: tuple[str, ...] = (TOKEN,)) -> None:
    """Refused for the reason that is expected, with all that a person needs to know, and without the value.

    prek indents what a hook says.
    """
    assert outcome.code == 1, outcome
    assert re.search(rf"(?m)^ *{re.escape(place)}(:\d+)?: error {RULE.id} {re.escape(RULE.summary)}", outcome.out), (
        outcome
    )
    assert f"why:    {RULE.why}\n" in outcome.out
    assert f"fix:    {RULE.fix}\n" in outcome.out
    for token in tokens:
        assert token not in outcome.out
        assert token[4:16] not in outcome.out


def assert_passed(outcome: Outcome) -> None:
    assert outcome.code == 0, outcome


# ── The refusal, and its remedy followed word for word ──────────────────────────────────────────────


def test_a_token_is_refused_and_nothing_is_committed(project: Project) -> None:
    before = project.git("rev-parse", "HEAD")
    project.stage("src/app.py", "import os\n\n" + line_with_token())
    assert_refused(project.try_commit(), "src/app.py:3:10")
    assert project.git("rev-parse", "HEAD") == before


def test_the_printed_fix_makes_the_commit_pass(project: Project) -> None:
    project.stage("app.py", line_with_token())
    refused = project.try_commit()
    assert_refused(refused)
    fix = re.search(r"(?m)^ *fix: +(.*)$", refused.out)
    assert fix is not None
    assert "read the new one from the environment" in fix[1]
    project.stage("app.py", 'import os\n\nTOKEN = os.environ["TOKEN"]\n')
    assert_passed(project.try_commit())


@pytest.mark.parametrize("path", ["app.py", "app.ts"])
def test_the_printed_note_makes_the_commit_pass(project: Project, path: str) -> None:
    project.stage(path, line_with_token())
    refused = project.try_commit()
    assert_refused(refused, f"{path}:1")
    (note,) = ALLOW.findall(refused.out)
    comment = {".py": "#", ".ts": "//"}[Path(path).suffix]
    project.stage(path, line_with_token().rstrip("\n") + f"  {comment} {note}\n")
    assert_passed(project.try_commit())


def test_explain_knows_the_rule_that_the_message_names(project: Project, runner: Runner) -> None:
    project.stage("app.py", line_with_token())
    said = re.search(r"error (\w+) ", project.try_commit().out)
    assert said is not None
    explained = run(runner.command, "explain", said[1], cwd=project.path, env=project.env)
    assert explained.code == 0
    assert RULE.why in explained.out


# ── What git stages is what is checked ──────────────────────────────────────────────────────────────


def test_staged_in_part_with_the_token(project: Project) -> None:
    """The working copy no longer has it, what will be committed has."""
    project.stage("app.py", line_with_token())
    project.write("app.py", CLEAN)
    assert_refused(project.try_commit())
    assert (project.path / "app.py").read_text() == CLEAN


def test_staged_in_part_without_the_token(project: Project) -> None:
    """As `git add -p` leaves it: one hunk staged, the one with the token not."""
    whole = "NAME = 1\n" + CLEAN + line_with_token()
    project.write("hunk.patch", "--- a/app.py\n+++ b/app.py\n@@ -1 +1,2 @@\n+NAME = 1\n" + f" {CLEAN}")
    project.git("apply", "--cached", "hunk.patch")
    project.write("app.py", whole)
    assert_passed(project.try_commit())
    assert (project.path / "app.py").read_text() == whole
    assert TOKEN not in project.git("show", "HEAD:app.py")


def test_an_untracked_file_is_no_business_of_a_commit(project: Project) -> None:
    project.write("notes.txt", line_with_token())
    project.stage("app.py", CLEAN * 2)
    assert_passed(project.try_commit())


def test_commit_with_a_path_checks_that_path_alone(project: Project) -> None:
    project.stage("other.py", CLEAN)
    project.commit()
    project.stage("app.py", line_with_token())
    project.write("other.py", CLEAN * 2)
    assert_passed(project.try_commit("other.py"))
    assert_refused(project.try_commit("app.py"))


def test_commit_all(project: Project) -> None:
    project.write("app.py", line_with_token())
    assert_refused(project.try_commit("-a"))
    project.write("app.py", CLEAN * 2)
    assert_passed(project.try_commit("-a"))


def test_amend(project: Project) -> None:
    project.stage("app.py", line_with_token())
    assert_refused(project.try_commit("--amend"))
    project.stage("app.py", CLEAN * 2)
    assert_passed(project.try_commit("--amend"))


@pytest.fixture
def with_a_merge(project: Project) -> Project:
    """`side` adds a token in `side.py`, as it came about before there were hooks; `main` has moved on."""
    project.git("switch", "--quiet", "-c", "side")
    project.stage("side.py", line_with_token())
    project.commit("side")
    project.git("switch", "--quiet", "main")
    project.stage("app.py", CLEAN * 2)
    project.commit("main")
    return project


def test_a_merge_that_brings_a_token_is_refused(with_a_merge: Project) -> None:
    assert_refused(with_a_merge.attempt("merge", "--no-edit", "side"), "side.py:1")


def test_a_merge_without_a_token_passes(with_a_merge: Project) -> None:
    with_a_merge.git("switch", "--quiet", "side")
    with_a_merge.stage("side.py", CLEAN)
    with_a_merge.commit("taken out")
    with_a_merge.git("switch", "--quiet", "main")
    assert_passed(with_a_merge.attempt("merge", "--no-edit", "side"))


def test_a_token_in_a_resolved_conflict_is_refused(project: Project) -> None:
    for branch, text in (("side", "1\n"), ("main", "2\n")):
        project.git("switch", "--quiet", *(["-c", "side"] if branch == "side" else ["main"]))
        project.stage("app.py", text)
        project.commit(branch)
    assert project.attempt("merge", "side").code == 1
    project.stage("app.py", line_with_token())
    assert_refused(project.try_commit())
    project.stage("app.py", "3\n")
    assert_passed(project.try_commit())


# ── Unusual files ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a file.py", "a file.py"),
        ("-n.py", "-n.py"),
        ("--staged", "--staged"),
        ("two\nlines.py", r"two\nlines.py"),
        ("größe.py", "größe.py"),
        ("quote'\".py", "quote'\".py"),
    ],
)
def test_names(project: Project, name: str, shown: str) -> None:
    project.stage(name, CLEAN)
    assert_passed(project.try_commit())
    project.stage(name, line_with_token())
    assert_refused(project.try_commit(), f"{shown}:1")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_text_is_refused(project: Project, encoding: str) -> None:
    project.stage("settings.reg", ("Windows Registry Editor\r\n" + line_with_token()).encode(encoding))
    assert_refused(project.try_commit(), "settings.reg:2")


def test_a_file_without_extension_is_refused(project: Project) -> None:
    project.stage("Procfile", line_with_token())
    assert_refused(project.try_commit(), "Procfile:1")


# ── Commits in which nothing is added ───────────────────────────────────────────────────────────────


@pytest.fixture
def with_an_old_token(project: Project) -> Project:
    """Two files, committed long ago without a check, that hold tokens."""
    project.stage("old.py", line_with_token())
    project.stage("other.py", line_with_token(2))
    project.commit("old")
    return project


def test_deletions_alone_pass(project: Project) -> None:
    project.git("rm", "--quiet", "app.py")
    assert_passed(project.try_commit())


def test_taking_one_of_two_old_tokens_out_passes(with_an_old_token: Project) -> None:
    """Who deletes a leak isn't stopped by another one that this commit doesn't touch."""
    with_an_old_token.git("rm", "--quiet", "old.py")
    assert_passed(with_an_old_token.try_commit())


def test_an_empty_commit_passes(project: Project) -> None:
    assert_passed(project.try_commit("--allow-empty"))


def test_an_empty_commit_is_not_blamed_for_old_tokens(with_an_old_token: Project) -> None:
    assert_passed(with_an_old_token.try_commit("--allow-empty"))


def test_rewording_is_not_blamed_for_old_tokens(with_an_old_token: Project) -> None:
    assert_passed(with_an_old_token.try_commit("--amend"))


def test_a_change_elsewhere_is_not_blamed_for_old_tokens(with_an_old_token: Project) -> None:
    with_an_old_token.stage("app.py", CLEAN * 2)
    assert_passed(with_an_old_token.try_commit())


def test_a_renamed_file_with_an_old_token_is_refused_under_its_new_name(with_an_old_token: Project) -> None:
    """Whoever touches a file with a token hears of it: a rename writes that file anew."""
    with_an_old_token.git("mv", "old.py", "new.py")
    refused = with_an_old_token.try_commit()
    assert_refused(refused, "new.py:1")
    assert "old.py" not in refused.out


# ── Many files ──────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def counted(runner: Runner, counter: Path) -> Iterator[None]:
    """A counter in front of the installed command: a line for each start."""
    command = Path(runner.command)
    real = command.rename(command.with_name("nightlatch.real"))
    try:
        command.write_text(f"#!/bin/sh\necho start >> '{counter}'\nexec '{real}' \"$@\"\n")
        command.chmod(0o755)
        yield
    finally:
        real.replace(command)


@pytest.mark.parametrize("serial", [True, False])
def test_the_command_runs_once_for_many_files(
    project: Project, runner: Runner, hook_id: str, tmp_path: Path, *, serial: bool
) -> None:
    """Without `require_serial` it would run several times: so the counter is seen to count."""
    if not serial and (hook_id == "nightlatch" or (os.cpu_count() or 1) < 2):
        pytest.skip("there is nothing to split, or nothing to split it for")
    if not serial:
        project.stage(".pre-commit-config.yaml", runner.config(hook_id, "require_serial: false"))
    for number in range(300):
        project.write(f"src/module_{number}.py", f"NUMBER = {number}\n")
    project.write("src/module_299.py", line_with_token())
    project.git("add", "--all")
    counter = tmp_path / "starts"
    with counted(runner, counter):
        assert_refused(project.try_commit(), "src/module_299.py:1")
    starts = len(counter.read_text().splitlines())
    assert starts == 1 if serial else starts > 1, starts


# ── What can't be checked doesn't pass ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "place"),
    [("version: 1\nexclud: []\n", "2:1"), ("version: 1\nprofile: stern\n", "2:10"), ("version: [1\n", "2:1")],
)
def test_a_broken_configuration_is_named_by_line_and_column(project: Project, text: str, place: str) -> None:
    project.stage("app.py", CLEAN * 2)
    project.stage(".nightlatch.yaml", text)
    outcome = project.try_commit()
    assert outcome.code == 1, outcome
    assert f"nightlatch: .nightlatch.yaml:{place}: " in outcome.out


# ── Dependencies ────────────────────────────────────────────────────────────────────────────────────


EDIT = re.compile(r"fix: +Write in line (?P<number>\d+) of (?P<path>\S+): (?P<line>\S+)", re.MULTILINE)


@pytest.mark.parametrize("hook_id", ["check-dependencies", "nightlatch"])
def test_a_vulnerable_package_is_refused_and_its_remedy_works_word_for_word(
    runner: Runner, tmp_path: Path, whole_advisories: Path, hook_id: str
) -> None:
    project = Project.create(tmp_path / "project")
    assert isinstance(project, Project)
    project.env |= runner.variables | {"NIGHTLATCH_ADVISORIES": str(whole_advisories)}
    project.stage(".pre-commit-config.yaml", runner.config(hook_id))
    project.stage(".nightlatch.yaml", "dependencies: {fail-on: medium}\n")
    project.stage("requirements.txt", "filling-1==2.0\n")
    project.commit("first")
    assert run(runner.program, "install", cwd=project.path, env=project.env).code == 0

    project.stage("requirements.txt", "filling-1==2.0\nacme-http==1.3\n")
    refused = project.try_commit()
    assert refused.code == 1, refused
    assert re.search(r"(?m)^ *requirements.txt:2:1: error DEP001 acme-http@1.3: GHSA-dddd-eeee-ffff", refused.out), (
        refused
    )

    remedy = EDIT.search(refused.out)
    assert remedy, refused.out
    lines = (project.path / remedy["path"]).read_text().splitlines()
    lines[int(remedy["number"]) - 1] = remedy["line"]
    project.stage(remedy["path"], "\n".join(lines) + "\n")
    assert project.try_commit().code == 0


# ── One hook's folder taken out ─────────────────────────────────────────────────────────────────────


@contextmanager
def without(folder: Path) -> Iterator[None]:
    """The folder is gone, and comes back."""
    kept = folder.with_name(f".{folder.name}.kept")
    shutil.move(folder, kept)
    try:
        yield
    finally:
        shutil.move(kept, folder)


@pytest.mark.parametrize("hook", MODULES)
def test_without_a_hooks_folder_the_rest_works(runner: Runner, tmp_path: Path, hook: str) -> None:
    project = Repository.create(tmp_path / "project")
    project.stage("app.py", CLEAN)
    package = runner.installed("site-packages/nightlatch")
    modules = [
        ".".join(("nightlatch", *path.relative_to(package).with_suffix("").parts))
        for part in ("core", "report", "schema")
        for path in sorted((package / part).glob("*.py"))
    ]
    with without(package / hook.replace("-", "_")):
        for words in (["--help"], ["--version"], ["run"], ["run", "--all-files", "--format", "json"]):
            outcome = run(runner.command, *words, cwd=project.path, env=project.env)
            assert (outcome.code, outcome.err) == (0, ""), words
        imports = "import " + ", ".join(module.removesuffix(".__init__") for module in modules)
        imported = run(str(Path(runner.command).with_name("python")), "-c", imports, cwd=project.path, env=project.env)
        assert imported.code == 0, imported
        missing = run(runner.command, hook, cwd=project.path, env=project.env)
    assert (missing.code, missing.out) == (2, "")
    first, remedy = missing.err.splitlines()
    assert first == f"nightlatch: The hook {hook} is not part of this installation."
    assert remedy.strip().endswith(".")


# ── enum-parity: both sides of a repository ─────────────────────────────────────────────────────────


@pytest.fixture(params=("check-enum-parity", "nightlatch"))
def with_an_enum(request: pytest.FixtureRequest, runner: Runner, tmp_path: Path) -> Project:
    """A repository whose code and migration have the same labels, and a runner that guards it."""
    project = Project.create(tmp_path / "project")
    assert isinstance(project, Project)
    project.env |= runner.variables
    project.stage(".pre-commit-config.yaml", runner.config(request.param))
    project.stage("migrations/0001.sql", "CREATE TYPE user_role AS ENUM ('admin', 'member');\n")
    project.stage("src/schema.ts", "export const role = pgEnum('user_role', ['admin', 'member']);\n")
    project.commit("first")
    installed = run(runner.program, "install", cwd=project.path, env=project.env)
    assert installed.code == 0, installed
    return project


def test_the_printed_sql_makes_the_commit_pass(with_an_enum: Project) -> None:
    with_an_enum.stage("src/schema.ts", "export const role = pgEnum('user_role', ['admin', 'editor', 'member']);\n")
    refused = with_an_enum.try_commit()
    assert refused.code == 1, refused
    assert re.search(r"(?m)^ *src/schema\.ts:1:1: error ENUM001 .*\+ 'editor' \(src/schema\.ts:1\)", refused.out)
    fix = re.search(r"(?m)^ *fix: +Put this into a migration of its own: (.*)$", refused.out)
    assert fix is not None
    with_an_enum.stage("migrations/0002.sql", fix[1] + "\n")
    assert_passed(with_an_enum.try_commit())


def test_the_printed_words_make_the_commit_pass(with_an_enum: Project) -> None:
    with_an_enum.stage("migrations/0002.sql", "ALTER TYPE user_role ADD VALUE 'guest';\n")
    refused = with_an_enum.try_commit()
    assert refused.code == 1, refused
    assert "add 'guest' to role (src/schema.ts:1)" in refused.out
    with_an_enum.stage("src/schema.ts", "export const role = pgEnum('user_role', ['admin', 'member', 'guest']);\n")
    assert_passed(with_an_enum.try_commit())
