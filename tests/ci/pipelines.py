"""Jobs of GitHub Actions and GitLab without either: a server's repository, a runner's clone, and what it is told."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from tests.support.repository import Outcome, Repository, run

ZERO = "0" * 40
"""git's name for a commit that does not exist: what a new branch was before."""

DEFAULT = {"repository": {"default_branch": "main", "full_name": "acme/app", "fork": False}}


def commits(repository: Repository, count: int, path: str = "a.py") -> list[str]:
    """Add many commits to the current branch, each with another content of one file; oldest first."""
    branch = repository.git("symbolic-ref", "HEAD").strip()
    stream = []
    for number in range(count):
        text = f"{path.partition('.')[0]} = {number}\n"
        stream.append(f"commit {branch}\ncommitter Ada <ada@example.com> {1_800_000_000 + number} +0000\n")
        stream.append(f"data 1\nx\n{f'from {branch}^0{chr(10)}' if number == 0 and _has_commit(repository) else ''}")
        stream.append(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n")
    outcome = run(
        "git", "fast-import", "--quiet", cwd=repository.path, env=repository.env, stdin="".join(stream).encode()
    )
    assert outcome.code == 0, outcome
    repository.git("reset", "--quiet", "--hard")
    return repository.git("rev-list", "--reverse", f"--max-count={count}", "HEAD").split()


def _has_commit(repository: Repository) -> bool:
    return run("git", "rev-parse", "--verify", "--quiet", "HEAD", cwd=repository.path).code == 0


def runners_clone(server: Repository, commit: str, target: Path) -> Repository:
    """What a checkout leaves: one commit, detached, with a remote named origin. Commits can be fetched by name."""
    shutil.rmtree(target, ignore_errors=True)
    clone = Repository.create(target)
    clone.git("remote", "add", "origin", f"file://{server.path}")
    clone.git("fetch", "--quiet", "--depth=1", "--no-tags", "origin", commit)
    clone.git("checkout", "--quiet", "--detach", commit)
    return clone


def pull_request(base: str, head: str) -> dict[str, Any]:
    repository = DEFAULT["repository"]
    heads = {"ref": "feature", "sha": head, "repo": {"full_name": repository["full_name"]}}
    return DEFAULT | {
        "number": 1,
        "pull_request": {"number": 1, "base": {"ref": "main", "sha": base}, "head": heads, "user": {"login": "ada"}},
    }


def push(before: str, after: str, reference: str = "refs/heads/main") -> dict[str, Any]:
    return DEFAULT | {"ref": reference, "before": before, "after": after}


def on_github(clone: Repository, name: str, event: dict[str, Any], *options: str, **variables: str) -> Outcome:
    """Do what the action's step does."""
    payload = clone.path.parent / "event.json"
    payload.write_text(json.dumps(event), encoding="utf-8")
    told = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(payload)}
    return _command(clone, "github", *options, **told, **variables)


def on_gitlab(clone: Repository, source: str, *options: str, **variables: str) -> Outcome:
    """Do what the job's script does."""
    told = {"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": source, "CI_DEFAULT_BRANCH": "main"}
    return _command(clone, "gitlab", *options, **(told | variables))


def _command(clone: Repository, system: str, *options: str, **variables: str) -> Outcome:
    return run(sys.executable, "-I", "-m", "nightlatch.ci", system, *options, cwd=clone.path, env=clone.env | variables)
