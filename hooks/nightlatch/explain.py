"""`nightlatch explain RULE`: what a rule means, why it matters, how to mend it, how to allow it."""

from __future__ import annotations

import os

from nightlatch.core.errors import EXIT_CLEAN, NotARepositoryError, UsageError
from nightlatch.core.hook import Options
from nightlatch.core.run import Request, prepare
from nightlatch.core.suppress import OWNERS_NOTE
from nightlatch.core.text import nearest
from nightlatch.registry import load_all, load_schema
from nightlatch.report.formats import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.hook import Hook
    from nightlatch.core.rule import Rule

    Pages = dict[str, tuple[Hook, Rule]]
    """A rule's id → its hook and itself."""

_REMEDY = "List them all: nightlatch explain. Rules of a repository's own are known inside it."

PAGE = """\
{id} {name} ({severity}, hook {hook})

{summary}.

Why    {why}
Mend   {fix}
"""

ALLOW = """\
Allow  Only if it is harmless: a comment on the line, or alone on the line above, that says
           nightlatch: allow {id} -- your reason
       Where a file takes no comments, in .nightlatch.yaml:
           overrides: [{{paths: ["/the/file"], rules: {{{id}: off}}}}]  {owners_note}
       Everywhere:
           rules: {{{id}: off}}  {owners_note}
"""


def explain(wanted: str) -> int:
    """Print a rule's page, or without a rule the list of all. Raises UsageError where none has this id or name.

    A rule that isn't nightlatch's own is looked for in the configuration of the repository around the current
    folder. Raises ConfigError where that isn't valid.
    """
    pages: Pages = {rule.id: (hook, rule) for hook in load_all() for rule in hook.rules}
    if not wanted:
        rules = (rule for _, rule in (pages | _of_the_repository()).values())
        write("".join(f"{rule.id}  {rule.severity:7}  {rule.name}: {rule.summary}\n" for rule in rules))
        return EXIT_CLEAN
    if wanted.upper() not in pages and wanted.lower() not in [rule.name for _, rule in pages.values()]:
        pages |= _of_the_repository()
    by_name = {rule.name: rule.id for _, rule in pages.values()}
    identity = by_name.get(wanted.lower(), wanted.upper())
    if identity not in pages:
        hint = "" if wanted[-1:].isdigit() else nearest(wanted, tuple(by_name))  # ids are all alike
        raise UsageError(f"There is no rule {wanted}.{hint}", _REMEDY)
    write(page(*pages[identity]))
    return EXIT_CLEAN


def _of_the_repository() -> Pages:
    """The rules that the configuration here adds; none outside a repository."""
    try:
        _, config = prepare(Request(staged=True), os.environ, load_schema)
    except NotARepositoryError:
        return {}
    hooks = [hook for hook in load_all() if hook.takes_rules] if config.where else []
    return {rule.id: (hook, rule) for hook in hooks for rule in hook.rules_for(Options(config, hook.name))}


def page(hook: Hook, rule: Rule) -> str:
    """The text about one rule."""
    text = PAGE.format(
        id=rule.id,
        name=rule.name,
        severity=rule.severity,
        hook=hook.name,
        summary=rule.summary,
        why=rule.why,
        fix=rule.fix,
    )
    text += f"Allow  {rule.allow}\n" if rule.allow else ALLOW.format(id=rule.id, owners_note=OWNERS_NOTE)
    return f"{text}\n{rule.more}" if rule.more else text
