"""The rules about what stands in env files."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.rule import Rule

CONTENT_RULES: tuple[Rule, ...] = ()
