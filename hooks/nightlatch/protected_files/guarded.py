"""Which files of a repository are protected: what guards it, and what a rule keeps from being written."""

from __future__ import annotations

from nightlatch.core import config, paths
from nightlatch.protected_files.agents import agent_of
from nightlatch.protected_files.codeowners import PLACES
from nightlatch.protected_files.policy import ASK, DENY, WRITE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

GUARDS = frozenset((config.NAME, ".nightlatch-baseline.json", ".secrets.baseline", ".pre-commit-config.yaml", *PLACES))


def is_guarded(path: str, section: Mapping[str, Any] | None) -> bool:
    """Whether a change of a path should have an owner.

    section  the policy; None where there is none
    """
    if path in GUARDS or agent_of(path) is not None:
        return True
    rules = section["rules"] if section is not None else ()
    return any(rule[WRITE] in (ASK, DENY) and paths.matches(rule["paths"]["compiled"], path) for rule in rules)
