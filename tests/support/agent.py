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
    """Build the tree that the sample speaks of. Git tracks none of its closed files."""
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
    repository.git("rm", "--cached", "--quiet", *SECRET)
    repository.commit()
    variables = {"CLAUDE_PROJECT_DIR": str(root), "HOME": str(home), "XDG_STATE_HOME": str(folder / "state")}
    return Project(root, home, variables)


MORE_LINES = {
    "docs/environment.md": 20,
    "docs/sql.md": 9,
    "src/app.log": 5,
    "src/blob.ts": 1,
    ".github/workflows/ci.yml": 5,
    ".envoy.yaml": 5,
}
MORE_SECRETS = (".env.local.bak", "certs/server.pem", "config/credentials.json", "infra/terraform.tfstate")
MORE_IN_HOME = (".aws/config", ".pgpass", ".kube/config", ".config/gh/hosts.yml")


def build_for_calls(folder: Path) -> Project:
    """Build the larger tree that `calls` speak of, with its policy.

    The tree may lie below the temporary folder: there only what lies directly in it may be written.
    """
    project = build(folder)
    root, home = project.root, project.home
    texts = {path: "".join(f"{path} line {number}\n" for number in range(count)) for path, count in MORE_LINES.items()}
    texts |= dict.fromkeys((*SECRET, *MORE_SECRETS), "DATABASE_URL=postgres://u:not-real@h/db\nSTRIPE=not-real\n")
    texts["src/aws.py"] = "KEY = None\n"
    for name, count in (("package.json", 38), ("tsconfig.json", 58)):
        texts[name] = "{\n" + ",\n".join(f'  "k{number}": {number}' for number in range(count)) + "\n}\n"
    for base, path, text in [
        *((root, *item) for item in texts.items()),
        *((home, path, "not-real\n") for path in MORE_IN_HOME),
    ]:
        (base / path).parent.mkdir(parents=True, exist_ok=True)
        (base / path).write_text(text, encoding="utf-8")
    (root / "src/linked").symlink_to(home / ".ssh")
    (root / "tmpwrite").symlink_to("/etc")
    for name in ("other", "app-evil/src"):
        (root.parent / name).mkdir(parents=True)
    repository = Repository(root)
    repository.git("add", "--all")
    repository.git("rm", "--cached", "--quiet", *SECRET, *MORE_SECRETS)
    repository.commit()
    project.configure((CASES / "policy.yaml").read_text(encoding="utf-8").replace("//tmp/**", "//tmp/*"))
    return project


def calls(project: Project) -> list[dict[str, Any]]:
    """The calls of calls.jsonl in this project, with a secret of its kind for each mark."""
    marks = {
        "@APP@": str(project.root),
        "@WORK@": f"{project.root.parent}/",
        "@HOME@": str(project.home),
        "{{token:github}}": github_token("agent"),
        "@GITHUB_TOKEN@": github_token("agent"),  # in a URL, where the other mark reads like a password
        "{{token:aws}}": "AKIA" + random_text(16, "agent", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
        "{{token:stripe}}": "".join(("sk", "_live_", random_text(24, "agent"))),
        "{{token:openai}}": "".join(("sk-", "proj-", random_text(74, "one"), "T3Blbk", "FJ", random_text(74, "two"))),
        "{{token:private-key}}": "\n".join(
            (
                "-----BEGIN RSA " + "PRIVATE KEY-----",
                *(random_text(64, number) for number in range(12)),
                "-----END RSA " + "PRIVATE KEY-----",
            )
        ),
        "{{password}}": random_text(18, "agent"),
    }
    lines = (CASES / "calls.jsonl").read_text(encoding="utf-8").splitlines()
    return [filled(json.loads(line), marks) for line in lines]


def filled(value: Any, marks: dict[str, str]) -> Any:
    """A value of JSON with its marks replaced; in a text that is JSON itself as JSON has them."""
    if isinstance(value, dict):
        return {key: filled(inner, marks) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, marks) for inner in value]
    if not isinstance(value, str):
        return value
    is_json = value.lstrip().startswith('{"')
    for mark, text in marks.items():
        value = value.replace(mark, json.dumps(text)[1:-1] if is_json else text)
    return value


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
