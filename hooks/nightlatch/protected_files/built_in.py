"""The rules that hold without a configuration, and beneath every one. As data: what a configuration would say.

`GUARDS` can't be loosened: what guards the repository is not for an agent to write.
"""

from __future__ import annotations

from nightlatch.core import cache
from nightlatch.core.paths import compile_patterns
from nightlatch.protected_files.policy import ASK, CONSUME, DENY, METADATA, READ, WRITE, Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nightlatch.core.paths import Compiled

LINKABLE = (
    ".nightlatch.yaml",
    ".nightlatch-baseline.json",
    ".claude/settings.json",
    ".claude/settings.local.json",
    ".codex/hooks.json",
    ".codex/config.toml",
    ".cursor/hooks.json",
    ".copilot/config.json",
    ".copilot/settings.json",
)
"""Guard files of a project or a home folder that people keep elsewhere and link to: their real places count too."""

GUARD_FILES = (
    "//**/.nightlatch.yaml",
    "//**/.nightlatch-baseline.json",
    # Claude Code
    "//**/.claude/settings.json",
    "//**/.claude/settings.local.json",
    "//**/.claude/hooks/**",
    "//etc/claude-code/**",
    "//Library/Application Support/ClaudeCode/**",
    "//C:/Program Files/ClaudeCode/**",
    "//C:/ProgramData/ClaudeCode/**",
    # Codex
    "//**/.codex/hooks.json",
    "//**/.codex/hooks/**",
    "//**/.codex/config.toml",
    "//**/.codex/requirements.toml",
    "//etc/codex/**",
    # Cursor
    "//**/.cursor/hooks.json",
    "//**/.cursor/hooks/**",
    "//etc/cursor/**",
    "//Library/Application Support/Cursor/hooks.json",
    # GitHub Copilot, in the terminal, in the cloud and in VS Code
    "//**/.github/hooks/**",
    "//**/.github/copilot/settings*.json",
    "//**/.copilot/hooks/**",
    "//**/.copilot/config.json",
    "//**/.copilot/settings.json",
    # git's own
    "//**/.git/hooks/**",
)
"""What decides whether a call is checked at all."""

RUNNERS = (
    "//**/.pre-commit-config.yaml",
    "//**/.pre-commit-config.yml",
    "//**/prek.toml",
    "//**/.secrets.baseline",
    "//**/.husky/**",
    "//**/.githooks/**",
    "//**/lefthook.yml",
    "//**/lefthook.yaml",
    "//**/.lefthook.yml",
    "//**/.git/config",
    "~/.gitconfig",
    "~/.config/git/config",
)
"""What decides whether a commit is checked: work on a repository may need a change, which a person sees."""

SECRETS = (
    "~/.ssh/**",
    "!~/.ssh/*.pub",
    "!~/.ssh/known_hosts*",
    "!~/.ssh/config",
    "!~/.ssh/authorized_keys",
    "~/.aws/credentials",
    "~/.aws/sso/cache/**",
    "~/.aws/cli/cache/**",
    "~/.gnupg/**",
    "~/.kube/config",
    "~/.docker/config.json",
    "~/.config/gh/hosts.yml",
    "~/.config/glab-cli/config.yml",
    "~/.config/gcloud/*.json",
    "~/.config/gcloud/*.db",
    "~/.azure/*.json",
    "~/.terraform.d/credentials.tfrc.json",
    "~/.cargo/credentials*",
    "~/.gem/credentials",
    "~/.claude/.credentials.json",
    "~/.codex/auth.json",
    "//proc/*/environ",
    "//etc/shadow",
    "//etc/gshadow",
    "*.tfstate",
    "*.tfstate.backup",
)
"""Secrets by their place. Env files, keys and the like are known by their names: see `core/secret_files.py`."""

SECRETS_ID = "built-in-secret-files"
GUARDS_ID = "built-in-guard-files"
RUNNERS_ID = "built-in-hook-configuration"
LOG_ID = "audit-log.path"
"""The names of the built-in rules, for messages; the last is the key that the rule comes from."""

LOG_ENDS = ("", ".lock", ".*.gz", ".*.gz.tmp")
"""What the names of a log's own files end with: see `core/audit_log.py`."""

CLOSED: Mapping[str, str] = {READ: DENY, WRITE: DENY, METADATA: "allow", CONSUME: "allow"}

_CACHE_KIND = "patterns"


def guards(own_files: Sequence[str], logs: Sequence[str] = ()) -> tuple[Rule, ...]:
    """The guard files, this program's own folders, and the log.

    own_files  absolute paths of files and folders, with `/` (cache, log, policy of the organisation)
    logs       the spellings of an audit log that the configuration names: it may lie anywhere, so that only the file
               itself and those that are made of its name are closed, not its folder
    """
    own = [_literal(path) for path in own_files]
    rules = (
        Rule(GUARDS_ID, _compiled((*GUARD_FILES, *own)), {WRITE: DENY}),
        Rule(RUNNERS_ID, _compiled(RUNNERS), {WRITE: ASK}),
    )
    named = [f"{_literal(path)}{end}" for path in logs for end in LOG_ENDS]
    return (*rules, Rule(LOG_ID, _compiled(named), {WRITE: DENY})) if named else rules


def secrets() -> Rule:
    """The secret files that are known by their place."""
    return Rule(SECRETS_ID, _compiled(SECRETS), CLOSED)


def _literal(path: str) -> str:
    """The pattern for exactly this path, and with it for what lies below."""
    plain = "".join(f"\\{character}" if character in "\\*?[" else character for character in path)
    return f"//{plain.strip('/')}"


def _compiled(patterns: Sequence[str]) -> Compiled:
    """The patterns, from the cache where they were met before."""
    key = "\n".join(patterns).encode("utf-8", "surrogatepass")
    known = cache.load(_CACHE_KIND, key)
    if isinstance(known, tuple):
        compiled: Compiled = known
        return compiled
    fresh = compile_patterns(patterns)
    cache.store(_CACHE_KIND, key, fresh)
    return fresh
