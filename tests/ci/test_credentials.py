"""A private repository's clone is deepened with the job's token; nothing else is handed it, nothing writes it down."""

from __future__ import annotations

import os
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from nightlatch.ci.credentials import settings
from tests.ci.pipelines import on_github, on_gitlab, pull_request
from tests.support.repository import Repository, run
from tests.support.tokens import line_with_token

TOKEN = "job-" + "token" * 3


class GitServer(BaseHTTPRequestHandler):
    """git's own `http-backend` behind a password; two passwords at once are refused, as the big services do."""

    folder: Path
    users: list[str]

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def _answer(self, body: bytes) -> None:
        given = self.headers.get_all("Authorization") or []
        if len(given) > 1:
            self.send_error(400)
            return
        user, _, password = b64decode(given[0].partition(" ")[2]).decode().partition(":") if given else ("", "", "")
        if password != TOKEN:
            self.send_response(401)
            self.send_header("WWW-Authenticate", "Basic")
            self.end_headers()
            return
        self.users.append(user)
        path, _, query = self.path.partition("?")
        backend = {
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "PATH": os.environ["PATH"],
            "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run(("git", "http-backend"), input=body, env=backend, capture_output=True, check=True)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        self.send_response(200)
        for line in head.decode().split("\r\n"):
            name, _, value = line.partition(": ")
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Repository, str, list[str]]]:
    """A repository that is served over HTTP to who knows the token: it, its server's address, who has asked."""
    repository = Repository.create(tmp_path / "served" / "app")
    for number in range(4):
        repository.stage("a.py", f"a = {number}\n")
        repository.commit()
    repository.stage("leak.py", line_with_token())
    repository.commit()
    users: list[str] = []
    handler = type("Handler", (GitServer,), {"folder": tmp_path / "served", "users": users})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = Thread(target=http.serve_forever)
        thread.start()
        yield repository, f"http://127.0.0.1:{http.server_port}", users
        http.shutdown()
        thread.join()


def clone_of(repository: Repository, address: str, target: Path) -> Repository:
    run("git", "clone", "--quiet", "--depth=1", f"file://{repository.path}", str(target), cwd=target.parent)
    clone = Repository(target)
    clone.git("remote", "set-url", "origin", f"{address}/app/.git")
    return clone


def test_the_job_s_token_deepens_the_clone(server: tuple[Repository, str, list[str]], tmp_path: Path) -> None:
    repository, address, users = server
    base, head = repository.git("rev-parse", "HEAD~3", "HEAD").split()
    event = pull_request(base, head)
    clone = clone_of(repository, address, tmp_path / "a")
    refused = on_github(clone, "pull_request", event, GITHUB_SERVER_URL=address)
    assert (refused.code, "could not fetch" in refused.err) == (2, True), refused
    wrong = on_github(clone, "pull_request", event, GITHUB_SERVER_URL=address, NIGHTLATCH_TOKEN="other")  # noqa: S106 - no secret: a word
    assert wrong.code == 2, wrong
    found = on_github(clone, "pull_request", event, GITHUB_SERVER_URL=address, NIGHTLATCH_TOKEN=TOKEN)
    assert (found.code, "leak.py" in found.out, TOKEN in found.out + found.err) == (1, True, False), found
    assert set(users) == {"x-access-token"}
    written = [
        path for path in (tmp_path / "a/.git").rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()
    ]
    assert written == []


def test_gitlab_s_token_too(server: tuple[Repository, str, list[str]], tmp_path: Path) -> None:
    repository, address, users = server
    base, head = repository.git("rev-parse", "HEAD~3", "HEAD").split()
    told = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_COMMIT_SHA": head, "CI_SERVER_URL": address + "/"}
    clone = clone_of(repository, address, tmp_path / "b")
    assert on_gitlab(clone, "merge_request_event", NIGHTLATCH_TOKEN=TOKEN, **told).code == 1
    assert set(users) == {"gitlab-ci-token"}


def test_a_checkout_s_own_header_gives_way(server: tuple[Repository, str, list[str]], tmp_path: Path) -> None:
    repository, address, _ = server
    base, head = repository.git("rev-parse", "HEAD~3", "HEAD").split()
    clone = clone_of(repository, address, tmp_path / "c")
    clone.git("config", f"http.{address}/.extraheader", "Authorization: Basic b3RoZXI6b3RoZXI=")
    found = on_github(
        clone, "pull_request", pull_request(base, head), GITHUB_SERVER_URL=address, NIGHTLATCH_TOKEN=TOKEN
    )
    assert found.code == 1, found


def test_a_token_stands_behind_the_settings_that_are_there() -> None:
    given = settings({"GIT_CONFIG_COUNT": "2"}, "https://example.com/", "user", TOKEN)
    assert given["GIT_CONFIG_COUNT"] == "4"
    assert given["GIT_CONFIG_KEY_2"] == given["GIT_CONFIG_KEY_3"] == "http.https://example.com/.extraheader"
    assert given["GIT_CONFIG_VALUE_2"] == ""
