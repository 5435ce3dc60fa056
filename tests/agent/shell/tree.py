"""A project for the commands of the cases, and effects as the lines in which the cases have them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nightlatch.agent.place import Place
from nightlatch.agent.sql import classify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CASES = Path(__file__).resolve().parent.parent.parent / "cases" / "agent"

FILES = {
    "CLAUDE.md": 620, "README.md": 40, "package.json": 30, "tsconfig.json": 20, "src/app.ts": 300, "src/a.py": 2,
    "src/env.ts": 10, "src/config.ts": 1, "src/app.log": 5, "docs/sql.md": 9, "docs/environment.md": 20,
    "tests/test_env.py": 5, "docker-compose.yml": 10, ".pre-commit-config.yaml": 4, ".gitignore": 1, ".env.example": 1,
    ".env": 2, ".env.local": 2, ".envrc": 1, "apps/api/.env": 2, "certs/server.key": 1, "certs/server.crt": 4,
    "certs/server.pem": 1, ".claude/settings.json": 1, ".git/HEAD": 1, ".git/hooks/pre-commit": 1,
}  # fmt: skip
TEXTS = {
    "scripts/drop_all.sql": "DROP TABLE users;\n",
    "scripts/report.sql": "SELECT count(*) FROM users;\n",
    "scripts/show_env.sh": "#!/bin/sh\ncat .env\n",
    "scripts/safe.sh": "#!/bin/sh\necho ok > build.log\n",
}
AT_HOME = (".ssh/id_ed25519", ".ssh/id_ed25519.pub", ".aws/credentials", ".netrc", ".bashrc")


def build(folder: Path) -> Place:
    """Make the project and the home folder below `folder`."""
    root, home = folder / "app", folder / "home"
    for name, lines in FILES.items():
        _write(root / name, "".join(f"{name} line {number}\n" for number in range(lines)))
    for name, text in TEXTS.items():
        _write(root / name, text)
    for name in AT_HOME:
        _write(home / name, "not real\n")
    for name in ("show_env.sh", "safe.sh"):
        (root / "scripts" / name).chmod(0o755)
    (root / "docs" / "notes.txt").symlink_to("../.env")
    return Place(str(root), str(home), {})


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def relative(path: str, place: Place) -> str:
    """A path as the cases have it: below the project, `~` for home."""
    path = os.path.normpath(path)
    if path.startswith(place.root + "/"):
        return path[len(place.root) + 1 :]
    return "." if path == place.root else path.replace(place.home, "~")


def told(effect: object, place: Place) -> str:
    """An effect as a line; empty for what starts a program, or only looks at a file."""
    kind = type(effect).__name__
    line = _LINES.get(kind)
    return line(effect, place) if line is not None else ""


def _read(effect: Any, place: Place) -> str:
    window = effect.window
    shown = {"whole": "", "some": " some", "last": f" last {window.count}"}.get(window.kind)
    if shown is None:
        shown = f" lines {window.first}-{window.last or ''}"
    return f"read {relative(effect.path, place)}{shown}"


def _sql(effect: Any, place: Place) -> str:
    del place
    text = effect.text
    kinds = "unknown" if text is None else ", ".join(statement.kind for statement in classify(text)) or "nothing"
    return f"sql {kinds}"


_LINES: dict[str, Callable[[Any, Place], str]] = {
    "Read": _read,
    "Sql": _sql,
    "Write": lambda effect, place: f"{'remove' if effect.is_removal else 'write'} {relative(effect.path, place)}",
    "HandOver": lambda effect, place: f"hand {relative(effect.path, place)}",
    "Bypass": lambda effect, _place: f"bypass {effect.what}",
    "CredentialsShown": lambda effect, _place: f"credentials {effect.via}",
    "Unresolved": lambda effect, _place: f"unresolved {effect.why}",
    "Content": lambda effect, _place: f"content {effect.where}",
    "Search": lambda effect, place: f"search {relative(effect.folder, place)} {' '.join(effect.globs)}".rstrip(),
}


def cases(name: str) -> Iterator[tuple[str, list[str]]]:
    """Commands with the lines of their effects. A command's further lines start with `> `."""
    command: list[str] = []
    effects: list[str] = []
    for line in (CASES / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("$ "):
            if command:
                yield "\n".join(command), effects
            command, effects = [line[2:]], []
        elif line.startswith(">"):
            command.append(line[2:])
        elif line.strip() and not line.startswith("#"):
            effects.append(line.strip())
    if command:
        yield "\n".join(command), effects
