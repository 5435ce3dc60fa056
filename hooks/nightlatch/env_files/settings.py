"""What the section `env-files` of the configuration says about files."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from nightlatch.core.hook import Options

SPECIAL = frozenset("*?[\\")
KEYS = ("secret-files", "secret-folders", "logs")


class Settings:
    """Path patterns of the configuration, compiled: which paths it names.

    secret_files    files beside those that are known by name; a pattern with `!` takes a known one out
    secret_folders  folders that only their owner may enter
    logs            logs and their folders
    folders         the folders that patterns name from the root on: they are looked into, whatever they are called
    """

    __slots__ = ("_patterns", "folders", "is_empty")

    def __init__(self, options: Options) -> None:
        section: dict[str, Any] = options.section if options.configured else {}
        self._patterns = {key: section[key]["compiled"] for key in KEYS if key in section and section[key]["patterns"]}
        self.is_empty = not self._patterns
        self.folders = sorted({_folder_of(text) for key in self._patterns for text in section[key]["patterns"]} - {""})

    def secret_file(self, path: str) -> bool | None:
        """True where a file is named, False where it is taken out, None where it isn't spoken of."""
        return self._verdict("secret-files", path, is_folder=False)

    def secret_folder(self, path: str) -> bool:
        """Whether a folder is named itself; what lies in it is not meant."""
        above = path.rpartition("/")[0]
        is_meant = self._verdict("secret-folders", path, is_folder=True) is True
        return is_meant and not (above and self._verdict("secret-folders", above, is_folder=True))

    def log(self, path: str, *, is_folder: bool) -> bool:
        """Whether a file or a folder is named, or lies in a folder that is."""
        return self._verdict("logs", path, is_folder=is_folder) is True

    def names(self, path: str, is_folder: bool) -> bool:  # noqa: FBT001 - as the walk asks
        """Whether a path is of interest beside the names that are known."""
        if self.log(path, is_folder=is_folder):
            return True
        return self.secret_folder(path) if is_folder else self.secret_file(path) is True

    def _verdict(self, key: str, path: str, *, is_folder: bool) -> bool | None:
        if key not in self._patterns:
            return None
        from nightlatch.core import paths

        return paths.verdict(self._patterns[key], path, is_dir=is_folder)


def _folder_of(pattern: str) -> str:
    """The folder that a pattern names word for word: `vendor/keys` of `/vendor/keys/*.bin`; nothing without one."""
    if not pattern.startswith("/") and "/" not in pattern.rstrip("/"):
        return ""
    parts: list[str] = []
    for part in pattern.strip("/").split("/"):
        if SPECIAL.intersection(part) or pattern.startswith("!"):
            break
        parts.append(part)
    is_file = len(parts) == len(pattern.strip("/").split("/")) and not pattern.endswith("/")
    return "/".join(parts[:-1] if is_file and len(parts) > 1 else parts)
