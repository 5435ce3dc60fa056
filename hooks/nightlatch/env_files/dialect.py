"""Who reads an env file: the configuration says it, or what lies beside the file where that makes it certain."""

from __future__ import annotations

import os
import posixpath
import re

from nightlatch.core.files import UnreadableError, read_from_tree
from nightlatch.env_files.dotenv_readers import ANY

CONFIG_FILES = {"next": "next.config.", "vite": "vite.config."}
"""Reader → how the name of the file begins that stands beside the env files it reads."""

NAMES = re.compile(r"\.env(?:\.(?:development|production|test))?(?:\.local)?")
"""The env files that Next.js and Vite read."""

COMPOSE_FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
ENV_FILE = re.compile(rb"^(?P<indent>[ ]*)env_file:[ \t]*(?P<rest>[^\r\n#]*)", re.MULTILINE)
LIST_ITEM = re.compile(rb"[ ]*-[ \t]*(?:path:[ \t]*)?(?P<path>[^\s#]{1,300})[ \t]*(?:#[^\r\n]*)?\r?$")
NODE_OPTION = re.compile(
    rb"\b(?P<tool>node|tsx|bun|docker)\b[^\"&|;]{0,200}?--env-file(?:-if-exists)?[= ](?P<path>[^\s\"'&|;]+)"
)
ARTISAN = "artisan"
"""Laravel's command: where it stands, phpdotenv alone reads the env files, and replaces what dotenv would leave."""

MOST_BYTES = 1024 * 1024
MOST_OF_A_LIST = 4096


class Dialects:
    """Who reads which env file of a working tree."""

    def __init__(self, configured: str | None, root: str | None) -> None:
        self._configured = configured
        self._root = root
        self._names: dict[str, frozenset[str]] = {}
        self._named: dict[str, dict[str, set[str]]] = {}

    def of(self, path: str) -> tuple[str, ...]:
        """The readers of an env file, those that are certain; every usual one where none is."""
        if self._configured:
            return _with_a_counterpart((self._configured,))
        if path.endswith(".sh"):
            return ("bash",)
        if self._root is None:
            return ANY
        folder, _, name = path.rpartition("/")
        if ARTISAN in self._in(folder):
            return ("dotenv",)
        readers = {
            reader
            for reader, start in CONFIG_FILES.items()
            if NAMES.fullmatch(name) and any(other.startswith(start) for other in self._in(folder))
        }
        if name == ".env" and any(other in self._in(folder) for other in COMPOSE_FILES):
            readers.add("compose")
        for above in dict.fromkeys((folder, "")):
            readers |= self._told_in(above).get(path, set())
        return _with_a_counterpart(tuple(sorted(readers))) if readers else ANY

    def _in(self, folder: str) -> frozenset[str]:
        if folder not in self._names:
            try:
                names = frozenset(os.listdir(os.path.join(self._root or "", folder)))
            except OSError:
                names = frozenset()
            self._names[folder] = names
        return self._names[folder]

    def _told_in(self, folder: str) -> dict[str, set[str]]:
        """Path → the readers that compose files and scripts of a folder give it to."""
        if folder not in self._named:
            found: dict[str, set[str]] = {}
            for name in COMPOSE_FILES:
                for path in _env_files_of(self._read(folder, name)):
                    found.setdefault(_joined(folder, path), set()).add("compose")
            for match in NODE_OPTION.finditer(self._read(folder, "package.json")):
                reader = {b"docker": "docker-run", b"bun": "dotenv"}.get(match["tool"], "node")
                found.setdefault(_joined(folder, match["path"]), set()).add(reader)
            self._named[folder] = found
        return self._named[folder]

    def _read(self, folder: str, name: str) -> bytes:
        """A file beside; nothing where it is missing or can't be read: nothing is certain then."""
        if name not in self._in(folder):
            return b""
        try:
            return read_from_tree(os.path.join(self._root or "", folder, name), MOST_BYTES)
        except (UnreadableError, OSError):
            return b""


def _with_a_counterpart(readers: tuple[str, ...]) -> tuple[str, ...]:
    """`docker run` alone is held against dotenv: nobody means the quotes that it keeps."""
    return ("docker-run", "dotenv") if readers == ("docker-run",) else readers


def _joined(folder: str, path: bytes) -> str:
    return posixpath.normpath(posixpath.join(folder, os.fsdecode(path.strip(b"\"'"))))


def _env_files_of(text: bytes) -> list[bytes]:
    """What stands below `env_file:` in a compose file: a path, or a list of them in either style."""
    paths: list[bytes] = []
    for found in ENV_FILE.finditer(text):
        rest = found["rest"].strip()
        if rest.startswith(b"["):
            paths.extend(part.strip() for part in rest.strip(b"[]").split(b","))
        elif rest:
            paths.append(rest)
        else:
            for line in text[found.end() : found.end() + MOST_OF_A_LIST].splitlines()[1:]:
                item = LIST_ITEM.match(line)
                if item is None:
                    break
                paths.append(item["path"])
    return paths
