"""A project with closed files, and a coding agent's calls in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nightlatch.agent.call import Answer
from nightlatch.agent.command import answered
from tests.support.repository import Repository
from tests.support.tokens import github_token, random_text

CASES = Path(__file__).resolve().parent.parent / "cases" / "agent"

LINES = {
    "CLAUDE.md": 620,
    "AGENTS.md": 220,
    ".claude/rules/db.md": 220,
    ".claude/rules/nested/api.md": 60,
    "docs/architecture/overview.md": 220,
    "supabase/docs/SCHEMA.md": 220,
    "src/app.ts": 300,
    "README.md": 40,
    "src/env.ts": 10,
    "src/keyboard.key.ts": 10,
    "node_modules/left-pad/package.json": 30,
    "tests/fixtures/test.pem": 4,
    "certs/server.crt": 4,
    "tests/test_env.py": 5,
    "docker-compose.yml": 10,
    "package.json": 40,
    "tsconfig.json": 60,
}
"""Files of the project, and how many lines they have."""

SECRET = (".env", ".env.local", ".env.production", ".envrc", "apps/api/.env", "certs/server.key", "secrets/prod.yaml")
CLOSED_TEXT = "DATABASE_URL=not-real\n"

OTHERS = {
    ".env.example": "DATABASE_URL=\n",
    ".gitignore": "node_modules\n",
    ".pre-commit-config.yaml": "repos: []\n",
    ".claude/settings.json": '{"hooks": {}}\n',
    ".claude/hooks/guard.py": "#\n",
    "db/migrations/001_init.sql": "CREATE TABLE users(id int);\n",
    "scripts/drop_all.sql": "DROP TABLE users;\n",
    "scripts/report.sql": "SELECT count(*) FROM users;\n",
    "scripts/show_env.sh": "#!/bin/sh\ncat .env\n",
    "scripts/safe.sh": "#!/bin/sh\necho ok\n",
    "src/config.ts": "",
    "src/a.py": "a\nc\n",
}
IN_HOME = (".ssh/id_ed25519", ".ssh/id_ed25519.pub", ".ssh/config", ".aws/credentials", ".netrc", ".bashrc", ".profile")
LINKS = {"docs/notes.txt": "../.env", "docs/arch.md": "architecture/overview.md"}


@dataclass
class Project:
    """The tree, its home folder, and what an agent's hook gets of the environment."""

    root: Path
    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        return Path(self.variables["XDG_STATE_HOME"]) / "nightlatch" / "audit" / "audit.log"

    def entries(self) -> list[dict[str, Any]]:
        """The lines of the audit log."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def configure(self, text: str) -> None:
        (self.root / ".nightlatch.yaml").write_text(text, encoding="utf-8")

    def event(self, tool: str, arguments: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """An event as Claude Code sends it."""
        return {
            "session_id": "s1",
            "transcript_path": str(self.home / ".claude/projects/p/s1.jsonl"),
            "cwd": str(self.root),
            "permission_mode": "default",
            "hook_event_name": "PreToolUse",
            "tool_name": tool,
            "tool_input": arguments,
            "tool_use_id": "t1",
        } | fields

    def answer(self, event: object, agent: str = "claude-code") -> Answer:
        """What is answered to an event; bytes are taken as they are."""
        data = event if isinstance(event, bytes) else json.dumps(event).encode()
        return answered(agent, self.variables, data)

    def decision(self, tool: str, arguments: dict[str, Any], **fields: Any) -> str:
        """`deny`, `ask` or `pass` for a call of Claude Code's."""
        return decision_of(self.answer(self.event(tool, arguments, **fields)))

    def reason(self, tool: str, arguments: dict[str, Any], **fields: Any) -> str:
        """Why a call is not let through."""
        output = self.answer(self.event(tool, arguments, **fields)).output
        reason: str = json.loads(output)["hookSpecificOutput"]["permissionDecisionReason"]
        return reason


def decision_of(answer: Answer) -> str:
    """The decision of an answer in Claude Code's form. What is contradictory fails."""
    if not answer.output:
        assert answer.code == 0, answer.error
        return "pass"
    decision: str = json.loads(answer.output)["hookSpecificOutput"]["permissionDecision"]
    assert decision in ("deny", "ask"), decision
    assert (answer.code == 2) == (decision == "deny")
    assert bool(answer.error) == (decision == "deny")
    return decision


def build(folder: Path) -> Project:
    """Build the tree that the sample speaks of."""
    root, home = folder / "workspace" / "app", folder / "home" / "dev"
    texts = {
        path: "".join(f"{path} line {number}\n" for number in range(1, count + 1)) for path, count in LINES.items()
    }
    texts |= OTHERS | dict.fromkeys(SECRET, CLOSED_TEXT)
    for base, path, text in [
        *((root, *item) for item in texts.items()),
        *((home, path, "not-real\n") for path in IN_HOME),
    ]:
        target = base / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for path, target_of in LINKS.items():
        (root / path).symlink_to(target_of)
    repository = Repository.create(root)
    repository.git("add", "--all")
    repository.commit()
    variables = {"CLAUDE_PROJECT_DIR": str(root), "HOME": str(home), "XDG_STATE_HOME": str(folder / "state")}
    return Project(root, home, variables)


def sample(project: Project) -> list[dict[str, Any]]:
    """The sample's calls in this project."""
    text = (CASES / "sample.jsonl").read_text(encoding="utf-8")
    for sign, value in (
        ("@APP@", str(project.root)),
        ("@HOME@", str(project.home)),
        ("@GITHUB_TOKEN@", github_token("agent")),
        ("@PASSWORD@", random_text(18, "agent")),
    ):
        text = text.replace(sign, value)
    return [json.loads(line) for line in text.splitlines()]
