"""Fetching into a clone without its configuration: git works in a repository of ours, and keeps the clone's objects.

A clone's configuration can name programs for git to start when it speaks to a network (`core.sshCommand`,
`remote.*.uploadpack`, `credential.helper` and more). Of all that only the remote's address is taken; how to log in is
the user's own configuration, or the environment. The clone's references stay as they are.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile

from nightlatch.core.errors import GitError
from nightlatch.core.git import Git

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import Self

ALL_BRANCHES = "+refs/heads/*:refs/theirs/*"
WITH_PASSWORD = re.compile(r"://[^/@\s]*@")
FETCH = ("fetch", "--progress", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")


class Fetcher:
    """Fetches from the remote of a clone. A context: it works in a folder that is taken away at the end.

    is_partial  whether the clone was made with a filter: then nothing that it has is relied upon, and what is
                fetched is whole
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._clone = Git(None, environ)
        self._environ = environ
        self._address = _address(self._clone)
        self._shallow = self._path("shallow")
        self.is_partial = is_partial(self._clone)

    def __enter__(self) -> Self:
        self._folder = tempfile.mkdtemp(prefix="nightlatch-")
        try:
            self._git = self._repository()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def fetch(self, wanted: Sequence[str], *options: str) -> None:
        """Fetch commits by their names, or references. Raises GitError where the remote is out of reach, or refuses."""
        try:
            self._git.run(*FETCH, *options, "--end-of-options", self._address, *wanted)
        except GitError as error:
            raise GitError(
                f"git could not fetch what the clone lacks: {WITH_PASSWORD.sub('://', error.what)}",
                "Check the remote with: git fetch. Of the clone's own configuration only the remote's address is used.",
            ) from None
        self._hand_over()

    def tip(self, reference: str, *options: str) -> str:
        """Fetch a reference of the remote's, and give the name of what it names there. Raises GitError."""
        self.fetch([f"+{reference}:refs/tip"], *options)
        return self._git.run("rev-parse", "--verify", "refs/tip").decode("ascii", "replace").strip()

    @property
    def is_shallow(self) -> bool:
        """Whether the clone lacks a part of the history."""
        return os.path.exists(self._shallow)

    @property
    def depth(self) -> int:
        """How many commits the clone has: as deep as it is at most."""
        tips = self._tips()
        return int(self._clone.run("rev-list", "--count", *tips)) if tips else 0

    def _repository(self) -> Git:
        """Our own, with the clone's objects, its references to tell the remote what is there, and its boundary."""
        git = Git(self._folder, self._environ, foreign=True, online=True)
        form = self._clone.run("rev-parse", "--show-object-format").decode("ascii").strip()
        git.run("init", "--quiet", "--bare", "--template=", f"--object-format={form}")
        git.environment["GIT_OBJECT_DIRECTORY"] = self._path("objects")
        if not self.is_partial:
            if self.is_shallow:
                shutil.copyfile(self._shallow, os.path.join(self._folder, "shallow"))
            with open(os.path.join(self._folder, "packed-refs"), "w", encoding="ascii") as file:
                file.writelines(f"{name} refs/ours/{number}\n" for number, name in enumerate(self._tips()))
        return git

    def _tips(self) -> list[str]:
        listing = self._clone.run("for-each-ref", "--format=%(objectname)").decode("ascii").split()
        try:
            head = self._clone.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode("ascii").split()
        except GitError:
            head = []
        return sorted({*listing, *head})

    def _hand_over(self) -> None:
        """The objects are the clone's already; where its history now ends is not."""
        ours = os.path.join(self._folder, "shallow")
        if not os.path.exists(ours):
            if self.is_shallow:
                os.remove(self._shallow)
            return
        beside = f"{self._shallow}.nightlatch"
        shutil.copyfile(ours, beside)
        os.replace(beside, self._shallow)

    def _path(self, name: str) -> str:
        path = self._clone.run("rev-parse", "--git-path", name).removesuffix(b"\n")
        return os.path.abspath(os.fsdecode(path))


def is_partial(git: Git) -> bool:
    """Whether a remote has promised objects that were left out when the clone was made."""
    settings = git.run("config", "--list", "-z").split(b"\0")
    return any(setting.endswith(b".promisor\ntrue") for setting in settings)


def _address(git: Git) -> str:
    """Where the clone came from: the address of `origin`, or of its only remote. Raises GitError where none is told."""
    names = git.run("remote").decode("utf-8", "replace").split()
    name = "origin" if "origin" in names else names[0] if len(names) == 1 else ""
    if not name:
        raise GitError(
            "--deepen doesn't know where to fetch from: " + ("no remote" if not names else "no remote named origin"),
            "Add it with: git remote add origin ADDRESS",
        )
    address = os.fsdecode(git.run("config", "--get", f"remote.{name}.url").removesuffix(b"\n"))
    is_path = "://" not in address and ":" not in address.partition("/")[0]
    return os.path.abspath(address) if is_path else address
