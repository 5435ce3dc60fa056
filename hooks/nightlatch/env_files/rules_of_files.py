"""The rules about the files themselves: modes, owners, links, and what git may see of them."""

from __future__ import annotations

from nightlatch.core.rule import WARNING, Rule

OPEN_FILE = Rule(
    id="ENV001",
    name="secret-file-open-to-others",
    summary="Other users of this machine may read a file that holds credentials",
    why="Whoever has an account here, and every service that runs under one, can read the values.",
    fix="Close it: chmod 600 FILE, or nightlatch env-files --fix.",
)
OPEN_FOLDER = Rule(
    id="ENV002",
    name="secret-folder-open-to-others",
    summary="Other users of this machine may enter a folder that the configuration keeps for secrets",
    why="What lies in it can be listed, and read wherever a file in it is left open.",
    fix="Close it: chmod 700 FOLDER, or nightlatch env-files --fix.",
)
OPEN_LOG = Rule(
    id="ENV003",
    name="log-open-to-others",
    severity=WARNING,
    summary="A log is open to more than its owner and its group",
    why="Logs hold what people and programs did, and now and then a credential.",
    fix="Let the group read at most: chmod 640 for a log, 750 for its folder, or nightlatch env-files --fix.",
)
TRACKED = Rule(
    id="ENV004",
    name="env-file-in-git",
    summary="An env file in plain text is in git",
    why="Whoever may read the repository, now or ever, has its values; deleting it later leaves them in the history.",
    fix="Take it out of git, not off the disk: git rm --cached FILE; then let git ignore it and replace its secrets.",
)
NOT_IGNORED = Rule(
    id="ENV005",
    name="env-file-not-ignored",
    summary="An env file lies here that git doesn't ignore",
    why="The next `git add` of everything commits it.",
    fix="Add its name to .gitignore, or run nightlatch env-files --fix.",
)
NOT_COVERED = Rule(
    id="ENV006",
    name="env-files-not-covered",
    severity=WARNING,
    summary="Git would not ignore env files that are likely to come",
    why="The day somebody makes one, the next `git add` of everything commits it.",
    fix="Add `.env*` and `!.env.example` to .gitignore, or run nightlatch env-files --fix.",
)
TEMPLATE_IGNORED = Rule(
    id="ENV007",
    name="env-template-ignored",
    severity=WARNING,
    summary="Git ignores the template of an env file",
    why="The template never reaches the others, who then pass the real file around instead.",
    fix="Add its name with a `!` in front to .gitignore, below the line that ignores it.",
)
TRACKED_THOUGH_IGNORED = Rule(
    id="ENV008",
    name="ignored-env-file-in-git",
    summary="An env file is in git although .gitignore names it",
    why="Git goes on tracking what it tracks already: each change of its values is committed, unseen.",
    fix="Take it out of git, not off the disk: git rm --cached FILE; then replace its secrets.",
)
LINK = Rule(
    id="ENV009",
    name="secret-file-is-a-link",
    severity=WARNING,
    summary="An env file is a link to a file outside the repository, or to one that others may read",
    why="The link's own mode protects nothing: what counts is the file that it leads to.",
    fix="Close the file that it leads to, or put a file of its own in its place.",
)
NOT_OURS = Rule(
    id="ENV010",
    name="secret-file-in-other-hands",
    severity=WARNING,
    summary="Somebody else can replace or read a file that holds credentials, whatever its mode",
    why="The owner of a file, whoever may write to its folder, and whoever holds another link to it can get at it.",
    fix="Make it your own, in a folder that only you may write to, with no other link to it.",
)

FILE_RULES = (
    OPEN_FILE,
    OPEN_FOLDER,
    OPEN_LOG,
    TRACKED,
    NOT_IGNORED,
    NOT_COVERED,
    TEMPLATE_IGNORED,
    TRACKED_THOUGH_IGNORED,
    LINK,
    NOT_OURS,
)
