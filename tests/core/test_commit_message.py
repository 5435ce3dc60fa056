from __future__ import annotations

from pathlib import Path

from nightlatch.core.commit_message import without_diff
from tests.support.repository import COMMAND, Repository, run
from tests.support.tokens import github_token


def install_hook(repository: Repository) -> None:
    hook = repository.write(".git/hooks/commit-msg", f'#!/bin/sh\nexec {COMMAND} secrets --commit-message "$1"\n')
    hook.chmod(0o755)


def test_a_commit_whose_message_holds_a_token_is_refused(repository: Repository) -> None:
    install_hook(repository)
    repository.stage("a.txt", "x\n")
    refused = run("git", "commit", "-m", f"subject\n\nkey {github_token()}", cwd=repository.path, env=repository.env)
    assert refused.code == 1
    assert "(commit message):3:5: error SEC301" in refused.err + refused.out
    assert github_token() not in refused.err + refused.out
    passed = run("git", "commit", "-m", "subject", cwd=repository.path, env=repository.env)
    assert passed.code == 0


def test_the_diff_that_git_shows_below_the_message_is_no_part_of_it(repository: Repository) -> None:
    install_hook(repository)
    repository.stage("a.txt", f"{github_token()}\n")
    repository.commit()
    repository.stage("a.txt", "clean\n")
    editor = repository.env | {"GIT_EDITOR": 'sh -c \'printf "subject\\n" | cat - "$1" > m && mv m "$1"\' -'}
    outcome = run("git", "commit", "--verbose", cwd=repository.path, env=editor)
    assert outcome.code == 0, outcome


def test_a_mark_without_a_diff_hides_nothing() -> None:
    mark = b"# ------------------------ >8 ------------------------\n"
    assert without_diff(b"subject\n" + mark + b"text below\n") == b"subject\n" + mark + b"text below\n"
    diff = b"diff --git a/x b/x\nindex 1..2\n@@ -1 +1 @@\n-old\n+new\n same\n"
    assert without_diff(b"subject\n" + mark + b"# ignored\n" + diff) == b"subject\n" + mark + b"# ignored\n"
    assert without_diff(b"subject\n" + mark + b"by hand\n" + diff).endswith(b"by hand\n")


def test_a_message_that_is_not_there_is_exit_2(repository: Repository, tmp_path: Path) -> None:
    outcome = repository.nightlatch("secrets", "--commit-message", str(tmp_path / "none"))
    assert outcome.code == 2
    assert "can't be read" in outcome.err


def test_other_selectors_exclude_it(repository: Repository) -> None:
    assert repository.nightlatch("secrets", "--commit-message", "m", "--staged").code == 2
    assert repository.nightlatch("secrets", "--commit-message", "m", "a.txt").code == 2
