"""`nightlatch explain RULE`: what a rule means, why it matters, how to mend it, how to allow it."""

from __future__ import annotations

from nightlatch.core.errors import EXIT_CLEAN, UsageError
from nightlatch.core.text import nearest
from nightlatch.registry import load_all
from nightlatch.report.formats import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from nightlatch.core.hook import Hook
    from nightlatch.core.rule import Rule

PAGE = """\
{id} {name} ({severity}, hook {hook})

{summary}.

Why    {why}
Mend   {fix}
Allow  Only if it is harmless: a comment on the line, or alone on the line above, that says
           nightlatch: allow {id} -- your reason
       Where a file takes no comments, in .nightlatch.yaml:
           overrides: [{{paths: ["/the/file"], rules: {{{id}: off}}}}]
       Everywhere:
           rules: {{{id}: off}}
"""


def explain(wanted: str) -> int:
    """Print a rule's page, or without a rule the list of all. Raises UsageError where none has this id or name."""
    if not wanted:
        rules = (rule for hook in load_all() for rule in hook.rules)
        write("".join(f"{rule.id}  {rule.severity:7}  {rule.name}: {rule.summary}\n" for rule in rules))
        return EXIT_CLEAN
    pages = {rule.id: (hook, rule) for hook in load_all() for rule in hook.rules}
    by_name = {rule.name: rule.id for _, rule in pages.values()}
    identity = by_name.get(wanted.lower(), wanted.upper())
    if identity not in pages:
        known = (*pages, *by_name)
        raise UsageError(f"There is no rule {wanted}.{nearest(wanted, known)}", "List them all: nightlatch explain")
    write(page(*pages[identity]))
    return EXIT_CLEAN


def page(hook: Hook, rule: Rule) -> str:
    """The text about one rule."""
    return PAGE.format(
        id=rule.id,
        name=rule.name,
        severity=rule.severity,
        hook=hook.name,
        summary=rule.summary,
        why=rule.why,
        fix=rule.fix,
    )
