"""The hardened git runner: nothing that the scanned repository configures is executed.

Hooks, fsmonitor, textconv, external diff, filters, pagers, prompts, replace refs, grafts, lazy fetches
and every transport are off. What git itself sets for its hooks (`GIT_INDEX_FILE` and its kin) is kept,
so that `git commit PATH` and a receiving server's quarantine are seen as git sees them.
"""

from __future__ import annotations

import os
import sys

from nightlatch.core.errors import GitError, NotARepositoryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

KEPT_VARIABLES = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_CEILING_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG_COUNT",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_PARAMETERS",
        "GIT_CONFIG_SYSTEM",
        "GIT_DIR",
        "GIT_DISCOVERY_ACROSS_FILESYSTEM",
        "GIT_EXEC_PATH",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_QUARANTINE_PATH",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
"""What says where the repository lies; every other `GIT_*` variable is dropped."""

KEPT_PREFIXES = ("GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_")

ABOUT_ONE_REPOSITORY = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_QUARANTINE_PATH",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
"""What would mislead git in any other repository than the one it was set for."""

SET_VARIABLES = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "LANGUAGE": "C",
    "LC_ALL": "C",
}

HARDENING = (
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.sshCommand=false",
    "-c",
    "credential.helper=",
    "-c",
    "diff.autoRefreshIndex=false",
    "-c",
    "gc.auto=0",
    "-c",
    "log.showSignature=false",
    "-c",
    "maintenance.auto=false",
    "-c",
    "protocol.allow=never",
    "-c",
    "submodule.recurse=false",
)
"""Options before the subcommand. `-c` wins over every configuration file."""

ONLY_OFFLINE = frozenset({"core.sshCommand=false", "credential.helper=", "protocol.allow=never"})
FOR_A_NETWORK = frozenset({"GIT_ASKPASS", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_SSH_VARIANT"})
"""How the user's own environment, which no repository can set, has git log in."""

TRANSPORTS = "file:http:https:ssh"
"""No `ext` and no other helper: they are programs that an address names."""

PATIENCE = 300
"""Seconds for which git may say nothing at all."""

MISSING = -1
MOST_CONVERSATIONS = 100
"""How often git is started again after an object that it couldn't read; the rest is then missing too."""

MOST_ASKED = 32_000
"""Bytes of questions that are sent before any answer is read: they fit every pipe's buffer."""

REQUESTS_AHEAD = 64
"""Objects asked for before their answers are read: 64 lines of 65 bytes fit every pipe's buffer."""


class Git:
    """Runs git for one folder.

    folder   where git starts; None is the current folder
    environ  the process's environment, of which a hardened copy is used
    foreign  True where the folder's repository is not the one that git set its variables for
    online   True where git may speak to a network, as the user's own configuration has it. For a repository
             that we made ourselves alone: the configuration of any other could name programs to be started
    """

    def __init__(
        self, folder: str | None, environ: Mapping[str, str], *, foreign: bool = False, online: bool = False
    ) -> None:
        self.folder = folder
        self.environment = hardened(environ, foreign=foreign)
        self._options = _online_options() if online else HARDENING
        if online:
            self.environment.update({name: environ[name] for name in FOR_A_NETWORK if name in environ})
            self.environment["GIT_ALLOW_PROTOCOL"] = TRANSPORTS
        if folder:
            _make_absolute(self.environment)
        self.executable = find_git(environ)

    def at(self, folder: str) -> Git:
        """The same, started in another folder of the same repository."""
        other = Git.__new__(Git)
        other.__dict__.update(self.__dict__)
        other.folder = folder
        other.environment = dict(self.environment)
        _make_absolute(other.environment)
        return other

    def start(self, *arguments: str, errors: bool = True) -> Process:
        """Start git with these arguments, without waiting. Raises GitError when it can't be started.

        errors  whether its error messages are kept; a conversation drops them, for want of a reader
        """
        place = ("-C", self.folder) if self.folder else ()
        return Process((self.executable, *place, *self._options, *arguments), self.environment, errors=errors)

    def run(self, *arguments: str) -> bytes:
        """What git prints. Raises GitError when it fails."""
        return self.start(*arguments).output()

    def answers(self, *arguments: str, asked: bytes) -> bytes:
        """What git prints when it is asked this on its standard input; its exit code 1 says that the answer is no.

        asked  at most as much as a pipe takes at once (`MOST_ASKED`)
        Raises GitError when it fails.
        """
        return self.start(*arguments).output(asked, no=1)

    def objects(self, names: Iterable[str], limit: int) -> Generator[tuple[str, bytes | None, int], None, None]:
        """Yield (name, content, size in bytes) for each named object, in order, through one process.

        The content is None where the object is over the limit, or can't be had: the size is then -1. git
        ends at an object that is damaged or was promised by another repository; a new one goes on behind it.
        """
        waiting = list(names)
        for _ in range(MOST_CONVERSATIONS):
            if not waiting:
                return
            batch = self.start("cat-file", "--batch", errors=False)
            done = 0
            try:
                for answer in _answers(batch, waiting, limit):
                    done += 1
                    yield answer
            except GitError:
                yield waiting[done], None, MISSING
                done += 1
            finally:
                batch.close()
            del waiting[:done]
        for name in waiting:
            yield name, None, MISSING


def hardened(environ: Mapping[str, str], *, foreign: bool = False) -> dict[str, str]:
    """The environment that git is started with."""
    result = {
        name: value
        for name, value in environ.items()
        if not name.startswith("GIT_") or name in KEPT_VARIABLES or name.startswith(KEPT_PREFIXES)
    }
    if foreign:
        for name in ABOUT_ONE_REPOSITORY:
            result.pop(name, None)
    result.update(SET_VARIABLES)
    return result


def _online_options() -> tuple[str, ...]:
    pairs = zip(HARDENING[1::2], HARDENING[2::2], strict=True)
    kept = (word for flag, value in pairs if value not in ONLY_OFFLINE for word in (flag, value))
    return (HARDENING[0], *kept)


def _make_absolute(environment: dict[str, str]) -> None:
    """Relative variables speak of the current folder, which `git -C` leaves."""
    for name in ("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_OBJECT_DIRECTORY"):
        if environment.get(name):
            environment[name] = os.path.abspath(environment[name])


def find_git(environ: Mapping[str, str]) -> str:
    """The full path of git. Relative entries of PATH are passed over: they may lie in the scanned repository."""
    name = "git.exe" if sys.platform == "win32" else "git"
    for folder in environ.get("PATH", os.defpath).split(os.pathsep):
        candidate = os.path.join(folder, name)
        if os.path.isabs(folder) and os.access(candidate, os.X_OK) and not os.path.isdir(candidate):
            return candidate
    raise GitError("git was not found on the PATH.", "Install git, or add its folder to PATH.")


class Process:
    """A running git with its input and its output as pipes."""

    def __init__(self, command: tuple[str, ...], environment: dict[str, str], *, errors: bool) -> None:
        self.command = command
        stdin_read, self.stdin = os.pipe()
        self.stdout, stdout_write = os.pipe()
        self.stderr, stderr_write = os.pipe() if errors else (-1, os.open(os.devnull, os.O_WRONLY))
        self.warnings = ""
        self._open = {self.stdin, self.stdout, self.stderr} - {-1}
        self._buffer = b""
        try:
            self._child = _spawn(command, environment, (stdin_read, stdout_write, stderr_write))
        except OSError as error:
            self._close_all()
            raise GitError(
                f"git could not be started: {error.strerror}.", "Check that git runs: git --version"
            ) from None
        finally:
            for end in (stdin_read, stdout_write, stderr_write):
                os.close(end)

    def output(self, asked: bytes = b"", *, no: int = 0) -> bytes:
        """Read everything, wait, and return standard output. Raises GitError when git fails.

        asked  what git gets on its standard input before that is closed
        no     an exit code that is no failure
        What git says on standard error although it succeeds is then in `warnings`.
        """
        try:
            self.write(asked)
            self._close_one(self.stdin)
            output, errors = _drain(self.stdout, self.stderr)
        except BaseException:
            self.close()
            raise
        self._close_all()
        code = self._child.wait()
        self.warnings = errors.decode("utf-8", "surrogateescape")
        if code not in (0, no):
            raise failure(self.command, code, self.warnings)
        return output

    def write(self, data: bytes) -> None:
        """Send to git's standard input. Raises GitError when git has gone."""
        try:
            while data:
                data = data[os.write(self.stdin, data) :]
        except OSError:
            raise self._gone() from None

    def read_line(self) -> bytes:
        """One line of output, without its newline. Raises GitError at the end of output."""
        while b"\n" not in self._buffer:
            self._fill()
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line

    def read(self, count: int) -> bytes:
        """Exactly this many bytes. Raises GitError when there are fewer."""
        parts = [self._buffer[:count]]
        self._buffer = self._buffer[count:]
        missing = count - len(parts[0])
        while missing:
            part = os.read(self.stdout, min(missing, 1 << 20))
            if not part:
                raise self._gone()
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def skip(self, count: int) -> None:
        """Read this many bytes and drop them."""
        while count:
            count -= len(self.read(min(count, 1 << 20)))

    def close(self) -> None:
        """End the conversation, and git with it: it only reads, so nothing is lost."""
        self._close_all()
        self._child.kill()
        self._child.wait()

    def _fill(self) -> None:
        part = os.read(self.stdout, 1 << 16)
        if not part:
            raise self._gone()
        self._buffer += part

    def _gone(self) -> GitError:
        words = _subcommand(self.command)
        return GitError(
            f"`git {words}` ended before it had answered.", "Check the repository with: git fsck --connectivity-only"
        )

    def _close_one(self, end: int) -> None:
        if end in self._open:
            self._open.remove(end)
            os.close(end)

    def _close_all(self) -> None:
        for end in tuple(self._open):
            self._close_one(end)


class _PosixChild:
    """A child started by posix_spawn, which takes a third of the time that importing subprocess does."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.code: int | None = None

    def kill(self) -> None:
        """End the child, if it has not been waited for."""
        if self.code is None:
            os.kill(self.pid, 9)

    def wait(self) -> int:
        """The exit code, once there is one."""
        if self.code is None:
            try:
                status = os.waitpid(self.pid, 0)[1]
            except ChildProcessError:
                raise GitError("git's exit code is lost: SIGCHLD is ignored.", "Reset it before the call.") from None
            self.code = os.waitstatus_to_exitcode(status)
        return self.code


def _spawn(command: tuple[str, ...], environment: dict[str, str], ends: tuple[int, int, int]) -> _PosixChild:
    if sys.platform == "win32":
        import subprocess

        return subprocess.Popen(command, env=environment, stdin=ends[0], stdout=ends[1], stderr=ends[2])
    actions = [(os.POSIX_SPAWN_DUP2, end, target) for target, end in enumerate(ends)]
    return _PosixChild(os.posix_spawn(command[0], command, environment, file_actions=actions))


def _drain(stdout: int, stderr: int) -> tuple[bytes, bytes]:
    """Read both to their ends, whichever speaks first: git waits for a reader when a pipe is full."""
    if sys.platform == "win32":
        return _drain_with_a_thread(stdout, stderr)
    from select import select

    parts: dict[int, list[bytes]] = {stdout: [], stderr: []}
    waiting = [stdout, stderr]
    while waiting:
        ready = select(waiting, (), (), PATIENCE)[0]
        if not ready:
            raise GitError(
                f"git has given no answer for {PATIENCE // 60} minutes.",
                "Look for a FIFO in the place of a file that git reads, such as .gitignore, or for a disk that hangs.",
            )
        for end in ready:
            part = os.read(end, 1 << 18)
            parts[end].append(part)
            if not part:
                waiting.remove(end)
    return b"".join(parts[stdout]), b"".join(parts[stderr])


def _drain_with_a_thread(stdout: int, stderr: int) -> tuple[bytes, bytes]:
    from threading import Thread

    errors: list[bytes] = []
    thread = Thread(target=lambda: errors.extend(iter(lambda: os.read(stderr, 1 << 16), b"")))
    thread.start()
    output = b"".join(iter(lambda: os.read(stdout, 1 << 18), b""))
    thread.join()
    return output, b"".join(errors)


def _answers(batch: Process, names: list[str], limit: int) -> Iterator[tuple[str, bytes | None, int]]:
    asked = 0
    for answered, name in enumerate(names):
        ahead = names[asked : answered + REQUESTS_AHEAD]
        if ahead:
            batch.write("".join(f"{other}\n" for other in ahead).encode())
            asked += len(ahead)
        yield (name, *_answer(batch, name, limit))


def _answer(batch: Process, name: str, limit: int) -> tuple[bytes | None, int]:
    """One answer of `cat-file --batch`: `NAME TYPE SIZE`, the content and a newline, or `NAME missing`."""
    answered, _, what = batch.read_line().partition(b" ")
    if answered != name.encode():
        raise GitError("`git cat-file` answered for another object than it was asked for.")
    if what == b"missing":
        return None, MISSING
    size = int(what.rsplit(b" ", 1)[-1])
    if size > limit:
        batch.skip(size + 1)
        return None, size
    return batch.read(size + 1)[:-1], size


def failure(command: tuple[str, ...], code: int, errors: str) -> GitError:
    """The error that says what git's own message means and what to do."""
    if "dubious ownership" in errors or "unsafe repository" in errors:
        folder = errors.partition("'")[2].partition("'")[0]
        return GitError(
            f"git refuses the repository at {folder or 'this folder'}: it belongs to another user (safe.directory).",
            f"If you trust it, run: git config --global --add safe.directory '{folder or '*'}'",
        )
    if "not a git repository" in errors:
        return NotARepositoryError("This folder is in no git repository.", "Run inside a repository, or name a PATH.")
    if "must be run in a work tree" in errors:
        return GitError(
            "This is a bare repository or the inside of .git: there are no files to check.",
            "Run in the folder that holds the project's files.",
        )
    last = (errors.strip().splitlines() or ["no message"])[-1]
    return GitError(f"`git {_subcommand(command)}` failed with exit code {code}: {_without_quotes(last)}")


def _without_quotes(message: str) -> str:
    """A message of git's without what it quotes of the configuration: a value there may be a secret."""
    import re

    if "config" not in message:
        return message
    return re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", message)


def _subcommand(command: tuple[str, ...]) -> str:
    """`diff --cached` of a whole command line, for messages: nothing that names files."""
    after = command[command.index(HARDENING[-1]) + 1 :]
    while after[0].startswith("--"):
        after = after[1:]
    words = after[:1] + tuple(word for word in after[1:2] if word.startswith("--"))
    return " ".join(words)
