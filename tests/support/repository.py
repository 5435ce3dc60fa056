"""A throw-away repository, and the real command run in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COMMAND = str(Path(sys.executable).with_name("nightlatch"))
"""The installed console script: what users start."""


CHECKOUT = Path(__file__).resolve().parents[2]

FOREIGN = ("GIT_", "PRE_COMMIT", "PREK", "NIGHTLATCH_", "COV", "PYTEST", "GITHUB_", "GITLAB_", "CI")
"""How the variables begin that git, a runner, a CI system or this test run sets."""


def environment(**changes: str) -> dict[str, str]:
    """The environment without the user's git configuration, what this test run has set, and a network."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN) and name != "NO_COLOR"}
    identity = {"NAME": "Ada", "EMAIL": "ada@example.com", "DATE": "2026-01-02T03:04:05Z"}
    for role in ("AUTHOR", "COMMITTER"):
        kept |= {f"GIT_{role}_{key}": value for key, value in identity.items()}
    kept |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    if "NIGHTLATCH_CACHE_DIR" in os.environ:
        kept["NIGHTLATCH_CACHE_DIR"] = os.environ["NIGHTLATCH_CACHE_DIR"]
    kept["NIGHTLATCH_ADVISORIES_SOURCE"] = "off"
    return kept | changes


@dataclass
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.out)
        return report

    def findings(self) -> list[str]:
        """`rule path:line` of each finding of a JSON report."""
        return [f"{found['rule']} {found['path']}:{found['line']}" for found in self.json()["findings"]]


def run(*arguments: str | bytes, cwd: Path, env: dict[str, str] | None = None, stdin: bytes = b"") -> Outcome:
    """Run a command and keep what it says. It may take a minute at most."""
    done = subprocess.run(
        arguments,
        cwd=cwd,
        env=environment() if env is None else env,
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))


@dataclass
class Repository:
    """A git repository in a folder."""

    path: Path
    env: dict[str, str] = field(default_factory=environment)

    @classmethod
    def create(cls, path: Path, *options: str) -> Repository:
        path.mkdir(parents=True, exist_ok=True)
        repository = cls(path)
        repository.git("init", "--quiet", "--initial-branch=main", *options)
        return repository

    def git(self, *arguments: str | bytes) -> str:
        """Run git and return what it prints; fail the test when git fails."""
        outcome = run("git", *arguments, cwd=self.path, env=self.env)
        assert outcome.code == 0, (arguments, outcome)
        return outcome.out

    def write(self, path: str | bytes, content: str | bytes) -> Path:
        target = self.path / os.fsdecode(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def stage(self, path: str | bytes, content: str | bytes) -> Path:
        target = self.write(path, content)
        self.git("--literal-pathspecs", "add", "--force", "--", path)
        return target

    def commit(self, message: str = "change") -> str:
        """Commit what is staged, without hooks, and return the commit's name."""
        self.git("commit", "--quiet", "--no-verify", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def nightlatch(self, *arguments: str | bytes, **changes: str) -> Outcome:
        """Run the installed command here."""
        return run(COMMAND, *arguments, cwd=self.path, env=self.env | changes)


def fresh_copy(folder: Path) -> Repository:
    """A fresh repository with one commit: what this checkout holds now, committed or not, but not what is ignored."""
    fresh = Repository.create(folder)
    listing = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=CHECKOUT)
    for name in filter(None, listing.out.split("\0")):
        if (CHECKOUT / name).is_file():
            fresh.write(name, (CHECKOUT / name).read_bytes())
    fresh.git("add", "--all")
    fresh.commit("the product")
    return fresh
