"""How long one answer of `nightlatch agent-hook` takes, against a bare interpreter: `python bench/agent_hook.py`.

Each call is a process of its own, as an agent starts it; the medians of interleaved rounds are compared. `warm` is
with the compiled policy in the cache, `cold` without.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = Path(sys.executable).with_name("nightlatch")
BARE = (sys.executable, "-c", "pass")

POLICY = """\
protected-files:
  rules:
    - {id: whole, paths: [/CLAUDE.md, "/.claude/rules/**/*.md", /docs/architecture/**], read: whole}
    - {id: closed, paths: [.env, ".env.*", "!.env.example", "*.pem", "*.key", "~/.ssh/**"], read: deny, write: deny}
  write-allowed: [/src/**, /docs/**, //tmp/**]
"""

CALLS = {
    "Read": ("Read", {"file_path": "src/app.ts"}),
    "Read, denied": ("Read", {"file_path": ".env"}),
    "Write": ("Write", {"file_path": "src/new.ts", "content": "export const a = 1;\n" * 20}),
    "Edit": ("Edit", {"file_path": "src/app.ts", "old_string": "a", "new_string": "b"}),
    "shell, fast path": ("Bash", {"command": "npm run build"}),
    "shell, git": ("Bash", {"command": "git status && git diff --stat"}),
    "shell, parsed": ("Bash", {"command": 'for f in src/*.ts; do cat "$f" | head -3; done > /tmp/out.txt'}),
    "shell, denied": ("Bash", {"command": "a=.e; b=nv; cat $a$b"}),
    "MCP": ("mcp__github__create_issue", {"title": "A title", "body": "Some words"}),
}


def seconds(words: tuple[str, ...], data: bytes, env: dict[str, str], folder: Path) -> float:
    """The wall time of one process."""
    start = time.perf_counter()
    subprocess.run(words, input=data, env=env, cwd=folder, capture_output=True, check=False)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), rounds)


def measure(folder: Path, rounds: int) -> None:
    """Print a line for each kind of call."""
    project = folder / "project"
    (project / "src").mkdir(parents=True)
    (project / ".git").mkdir()
    (project / "src/app.ts").write_text("a\n" * 200)
    (project / ".env").write_text("A=b\n")
    (project / ".nightlatch.yaml").write_text(POLICY)
    env = os.environ | {
        "CLAUDE_PROJECT_DIR": str(project),
        "NIGHTLATCH_CACHE_DIR": str(folder / "cache"),
        "XDG_STATE_HOME": str(folder / "state"),
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
    }
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    words = (str(COMMAND), "agent-hook", "--agent", "claude-code")
    print(f"{'call':<20} {'bare ms':>8} {'warm ms':>8} {'ratio':>6} {'cold ms':>8} {'ratio':>6}")
    for label, (tool, arguments) in CALLS.items():
        event = {"tool_name": tool, "tool_input": arguments, "cwd": str(project), "hook_event_name": "PreToolUse"}
        data = json.dumps(event).encode()
        bare, warm, cold = [], [], []
        seconds(words, data, env, project)
        for _ in range(rounds):
            bare.append(seconds(BARE, b"", env, project))
            warm.append(seconds(words, data, env, project))
        for _ in range(max(rounds // 5, 3)):
            shutil.rmtree(folder / "cache", ignore_errors=True)
            cold.append(seconds(words, data, env, project))
        seconds(words, data, env, project)
        base, usual, first = (statistics.median(times) * 1000 for times in (bare, warm, cold))
        print(f"{label:<20} {base:8.1f} {usual:8.1f} {usual / base:6.2f} {first:8.1f} {first / base:6.2f}", flush=True)


if __name__ == "__main__":
    main()
