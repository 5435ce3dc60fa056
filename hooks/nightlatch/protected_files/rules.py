"""Every rule of the `protected-files` hook, in the order of their ids."""

from __future__ import annotations

from nightlatch.core.rule import WARNING, Rule


class _Weakening(Rule):
    allow = "Only with an owner's approval, in the way that its fix names for the file."


NOT_WIRED = Rule(
    id="PRO009",
    name="guard-not-wired",
    summary="A coding agent is set up here, and the guard is not registered in it, or not so that it holds",
    why="A guard that no settings file starts guards nothing, and one that fails open lets every call run when it is "
    "missing, late or broken. Nobody notices either.",
    fix="Let it be mended, and stage what was written: nightlatch protected-files --fix.",
)
FAULTY_RULE = Rule(
    id="PRO010",
    name="rule-without-effect",
    summary="A rule for protected files contradicts another, is shadowed by it, or matches nothing",
    why="What a rule says and what counts are then two things: whoever reads it believes in a protection, or in an "
    "exception, that isn't there.",
    fix="Take the rule or the pattern out, or write it so that it counts.",
)
WEAKENED = _Weakening(
    id="PRO011",
    name="guard-weakened",
    summary="The configuration, a baseline or a guard's registration is weaker than before the change",
    why="A change that loosens the checks it is judged by can bring in whatever they would have refused.",
    fix="Restore what was there, or have an owner approve it and say so with a note and its reason.",
)
WITHOUT_OWNER = Rule(
    id="PRO012",
    name="protected-file-without-owner",
    summary="A protected file was changed, and CODEOWNERS names nobody who must approve it",
    why="Whoever may merge may then change what protects the repository, without anyone who answers for it.",
    fix="Add a line for the file to CODEOWNERS, below every other line that matches it.",
    severity=WARNING,
)
TRACKED = Rule(
    id="PRO013",
    name="closed-file-tracked",
    summary="A file that agents may not read is tracked by git",
    why="What git tracks every clone holds, and every agent in it: the rule closes one way of many.",
    fix="Take it out of git (git rm --cached) and replace what is secret in it, or except it from the rule.",
)
NOT_IGNORED = Rule(
    id="PRO014",
    name="closed-file-not-ignored",
    summary="A file that agents may not read is not ignored by git",
    why="The next `git add .` puts it into a commit.",
    fix="Add it to .gitignore.",
)
OPEN_MODE = Rule(
    id="PRO015",
    name="closed-file-open-to-others",
    summary="A file that agents may not read can be read by other users",
    why="An agent or a service under another account reads it without asking any guard.",
    fix="Let it be mended, and stage what was written: nightlatch protected-files --fix.",
)
SELF_TEST = Rule(
    id="PRO016",
    name="guard-self-test-failed",
    summary="The guard was started as the agent starts it, and did not answer as it must",
    why="It is registered, and still lets through what it is there to refuse, or refuses all work.",
    fix="Run: nightlatch agent-hook --help, then mend what the message names, or install nightlatch again.",
)

RULES = (NOT_WIRED, FAULTY_RULE, WEAKENED, WITHOUT_OWNER, TRACKED, NOT_IGNORED, OPEN_MODE, SELF_TEST)
