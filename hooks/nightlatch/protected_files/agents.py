"""The coding agents whose settings may stand in a repository, and where. Every commit asks it."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Agent:
    """An agent.

    name     as `agent-hook --agent` takes it
    title    for people
    folders  where its settings lie, and guidance; each ends with `/`
    files    settings with a fixed place; the first is the one that is written
    further  a folder of which every JSON file holds settings; empty where there is none
    """

    __slots__ = ("files", "folders", "further", "name", "title")

    def __init__(
        self, name: str, title: str, *, folders: tuple[str, ...], files: tuple[str, ...], further: str = ""
    ) -> None:
        self.name = name
        self.title = title
        self.folders = folders
        self.files = files
        self.further = further

    def owns(self, path: str) -> bool:
        """Whether a path is one of its files of settings."""
        is_further = bool(self.further) and path.startswith(self.further) and path.endswith(".json")
        return path in self.files or (is_further and "/" not in path[len(self.further) :])


AGENTS = (
    Agent(
        "claude-code",
        "Claude Code",
        folders=(".claude/",),
        files=(".claude/settings.json", ".claude/settings.local.json"),
    ),
    Agent("cursor", "Cursor", folders=(".cursor/",), files=(".cursor/hooks.json",)),
    Agent("codex", "Codex", folders=(".codex/",), files=(".codex/hooks.json", ".codex/config.toml")),
    Agent(
        "copilot",
        "GitHub Copilot",
        folders=(".github/hooks/", ".github/copilot/"),
        files=(
            ".github/hooks/nightlatch.json",
            ".github/copilot/settings.json",
            ".github/copilot/settings.local.json",
        ),
        further=".github/hooks/",
    ),
)

FIXED = tuple(path for agent in AGENTS for path in agent.files)
FURTHER = tuple(agent.further for agent in AGENTS if agent.further)
LINKABLE = (".github", *(folder.rstrip("/") for agent in AGENTS for folder in agent.folders))
"""Folders that may be links, so that what lies in them lies elsewhere."""

_STARTS = (".claude", ".cursor", ".codex", ".github")


def agent_of(path: str) -> Agent | None:
    """The agent that a file of settings belongs to."""
    return next((agent for agent in AGENTS if agent.owns(path)), None)


def named(name: str) -> Agent:
    """The agent of this name."""
    return next(agent for agent in AGENTS if agent.name == name)


def present(tree: str | None, names: Sequence[str]) -> list[str]:
    """The names of the agents that are set up: that have settings, in the tree or among the paths of a commit.

    An empty folder is one that somebody has made for it.
    """
    near = [name for name in names if name.startswith(_STARTS)]
    return [
        agent.name
        for agent in AGENTS
        if any(agent.owns(name) for name in near) or (tree is not None and _is_set_up(tree, agent))
    ]


def guided(tree: str | None, names: Sequence[str]) -> list[str]:
    """The names of the agents that have a folder with guidance in it, and no settings."""
    known = present(tree, names)
    return [
        agent.name
        for agent in AGENTS
        if agent.name not in known and not agent.further and any(name.startswith(agent.folders) for name in names)
    ]


def is_behind_a_link(tree: str, path: str) -> bool:
    """Whether a path of the tree, or a folder above it there, is a link."""
    parts = path.rstrip("/").split("/")
    return any(os.path.islink(f"{tree}/{'/'.join(parts[:number])}") for number in range(1, len(parts) + 1))


def _is_set_up(tree: str, agent: Agent) -> bool:
    if any(os.path.lexists(f"{tree}/{path}") for path in agent.files):
        return True
    for folder in agent.folders:
        try:
            found = os.listdir(f"{tree}/{folder}")
        except OSError:
            continue  # it isn't there, or what is in it can't be an agent's either
        if not found or any(agent.owns(f"{folder}{name}") for name in found):
            return True
    return False
