"""Package managers, as far as they take the guard away, or the programs that run the checks of a commit."""

from __future__ import annotations

from nightlatch.agent.shell.arguments import parsed, roles
from nightlatch.agent.shell.usage import Usage
from nightlatch.agent.shell.values import Word
from nightlatch.agent.shell.variables import POLICY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.agent.shell.call import Call

GUARDS = frozenset(
    {"nightlatch", "pre-commit", "pre_commit", "prek", "husky", "lefthook", "@evilmartians/lefthook", "overcommit",
     "simple-git-hooks", "lint-staged"}
)  # fmt: skip
REMOVING = frozenset(
    {"uninstall", "remove", "rm", "un", "unlink", "purge", "autoremove", "erase", "del", "-R", "-Rs", "-Rns",
     "uninstall-all", "unregister"}
)  # fmt: skip


def uninstalls(call: Call) -> bool:
    """Say it where a call takes one of them away; whether it does."""
    texts = [(word.text or "").lower() for word in call.words]
    verb = next((place for place, text in enumerate(texts) if text in REMOVING or text == "-r"), None)
    if verb is None:
        return False
    for text in texts[verb + 1 :]:
        name = text if text.startswith("@") else text.partition("@")[0]
        if name.partition("==")[0].partition("[")[0] in GUARDS:
            call.bypass(f"{call.name} {texts[verb]} {text}")
            return True
    return False


def follow(call: Call) -> None:
    """A package manager of the system or of a language."""
    uninstalls(call)


def own(call: Call) -> None:
    """`nightlatch` itself: the baseline lets findings pass, and reports go to files."""
    for value in call.state.variables.get(POLICY, []):
        call.bypass(f"{POLICY}={value[0].shown if value else ''}")
    words = [word.text or "" for word in call.words]
    if words[:1] == ["baseline"] and words[1:2] not in (["show"], ["check"], ["--help"], []):
        call.write(Word(call.place.root + "/.nightlatch-baseline.json"))
    arguments = parsed(call.words, roles("--report:value --output:write -o:write --baseline:value --policy:value"))
    for word in arguments.values("--report"):
        _, equals, file = word.prefix.partition("=")
        if equals and file:
            call.write(word.cut(len(word.prefix) - len(file)))
    for word in arguments.values("--output", "-o"):
        call.write(word)


COMMANDS: dict[str, Usage] = {
    name: Usage(handler=follow)
    for name in ("apk", "apt", "apt-get", "aptitude", "brew", "cargo", "choco", "dnf", "gem", "pacman", "pip", "pip3",
                 "port", "scoop", "snap", "winget", "yum", "zypper")
} | {"nightlatch": Usage(handler=own)}  # fmt: skip
