"""The programs that git starts by itself: its settings and variables hold commands of the shell."""

from __future__ import annotations

from nightlatch.agent.shell.values import Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

SETTINGS = (
    "core.editor", "core.pager", "core.sshcommand", "core.askpass", "core.fsmonitor", "core.gitproxy",
    "sequence.editor", "diff.external", "gpg.program", "gpg.ssh.program", "interactive.difffilter", "credential.helper",
    "web.browser", "man.viewer", "sendemail.smtpserver", "init.templatedir.command", "uploadpack.packobjectshook",
)  # fmt: skip
SECTIONS = {
    "pager": ("",), "filter": ("clean", "smudge", "process"), "diff": ("command", "textconv"), "merge": ("driver",),
    "difftool": ("cmd",), "mergetool": ("cmd",), "browser": ("cmd",), "trailer": ("command", "cmd"),
    "credential": ("helper",), "man": ("cmd",), "tar": ("command",),
}  # fmt: skip
"""Section → the last part of those of its settings that hold a command; "": any."""

VARIABLES = (
    "GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_SSH", "GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "GIT_PAGER", "GIT_ASKPASS",
    "GIT_PROXY_COMMAND", "SSH_ASKPASS", "EDITOR", "VISUAL", "PAGER",
)  # fmt: skip
_SWITCHES = ("true", "false", "yes", "no", "on", "off", "1", "0", "")
_FILTERS = ("--tree-filter", "--index-filter", "--env-filter", "--msg-filter", "--commit-filter", "--parent-filter",
            "--tag-name-filter", "--setup", "--subdirectory-filter-command")  # fmt: skip


def holds_command(name: str) -> bool:
    """Whether a setting holds a command."""
    lower = name.lower()
    section, _, rest = lower.partition(".")
    last = rest.rpartition(".")[2]
    endings = SECTIONS.get(section, ())
    return lower in SETTINGS or (bool(rest) and ("" in endings or last in endings))


def setting(call: Call, name: str, value: Word) -> None:
    """Follow what a setting lets git run; nothing where it holds no command."""
    if holds_command(name) and value.text not in _SWITCHES:
        command = value.cut(1) if value.prefix.startswith("!") else value
        call.named("git", []).script(command, f"the command of {name}")


def kept(call: Call, name: str, value: Word) -> None:
    """A setting that stays: programs that git starts with its everyday work, and files with more settings."""
    lower = name.lower()
    included(call, name, value)
    program = (value.prefix.split() or [""])[0].rpartition("/")[2]
    if lower in EVERYDAY and value.text not in _SWITCHES and program not in EVERYDAY[lower]:
        call.unresolved(value, f"a program that git starts by itself from now on ({name})")


EVERYDAY = {"core.sshcommand": ("ssh", "plink", "tortoiseplink", "ssh.exe"), "core.fsmonitor": ("rs-git-fsmonitor",)}
"""Setting → programs that are known to do no more than it says."""


def included(call: Call, name: str, value: Word) -> None:
    """`include.path`: a relative one starts at the folder of the settings, `.git` mostly."""
    lower = name.lower()
    if not (lower.startswith("include") and lower.endswith(".path")):
        return
    path = value
    if value.prefix.startswith("~/"):
        path = Word(call.place.home + value.prefix[1:], *value.parts[1:])
    elif value.prefix and not value.prefix.startswith("/"):
        path = Word(f"{call.place.root}/.git/{value.prefix}", *value.parts[1:])
    text = call.file_text(path)
    if text is None:
        call.unresolved(value, "a file whose settings git takes from now on")
    elif "hookspath" in text.lower():
        call.bypass(f"git config include.path {value.shown}")


def variables(call: Call) -> None:
    """Follow the variables of the environment that name programs."""
    for name in VARIABLES:
        for value in call.state.variables.get(name, []):
            if value and value[0].text not in _SWITCHES:
                call.named("git", []).script(value[0], f"the command of {name}")


def filter_branch(call: Call) -> None:
    """`git filter-branch --tree-filter command`."""
    for place, word in enumerate(call.words[:-1]):
        if word.text in _FILTERS:
            call.script(call.words[place + 1], f"the command of {word.text}")
