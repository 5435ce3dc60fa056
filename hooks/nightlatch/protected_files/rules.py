"""Every rule of the `protected-files` hook, in the order of their ids."""

from __future__ import annotations

from nightlatch.core.rule import Rule

WEAKENED = Rule(
    id="PRO011",
    name="guard-weakened",
    summary="The configuration, a baseline or a guard's registration is weaker than before the change",
    why="A change that loosens the checks it is judged by can bring in whatever they would have refused.",
    fix="Restore what was there, or have an owner approve it and say so in the file with a note and its reason.",
)

RULES = (WEAKENED,)
