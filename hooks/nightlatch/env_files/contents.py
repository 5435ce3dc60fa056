"""What stands in env files and in their templates: the rules ENV101 to ENV115."""

from __future__ import annotations

import time

from nightlatch.core.test_folders import is_test
from nightlatch.env_files import (
    contents_environments,
    contents_secrets,
    contents_syntax,
    contents_template,
    rotation_ledger,
)
from nightlatch.env_files.dialect import Dialects
from nightlatch.env_files.env_file import is_name_of_another
from nightlatch.env_files.environments import TEST, UNKNOWN, environment_of
from nightlatch.env_files.variables import MOST_TOKENS, Contents, TooLongError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source
    from nightlatch.env_files.env_file import EnvFile


def check(source: Source, options: Options, found: Sequence[EnvFile]) -> Iterator[Finding]:
    """Yield what is wrong in the contents of the env files and templates that were found.

    found  every env file and template of the tree, or of the commit: each path once, in order of path
    """
    section: dict[str, Any] = options.section if options.configured else {}
    required = section.get("required") or {}
    every = _read(source, found, section)
    templates = contents_template.templates_by_base(every)
    for contents in every:
        contents_syntax.check(contents)
        template = contents_template.template_of(contents.path, templates)
        contents_secrets.check(contents, required, template.values() if template else {})
    contents_environments.check(every)
    if source.tree is not None and not options.in_ci:
        contents_template.check(
            every,
            is_changed=lambda path: bool(source.changed([path])),
            is_strict=options.profile == "strict",
        )
        contents_template.check_required(every, required)
    for contents in every:
        yield from contents.findings()
    yield from _overdue(source, section)


def _read(source: Source, found: Sequence[EnvFile], section: dict[str, Any]) -> list[Contents]:
    """The files taken apart; one that is too long is noted as unchecked."""
    dialects = Dialects(section.get("dialect"), source.tree)
    own = {word.lower(): environment for word, environment in (section.get("environments") or {}).items()}
    every = []
    for env_file in found:
        if is_name_of_another(env_file.readings[0].text):
            continue
        try:
            environment = environment_of(env_file.path, own) or (TEST if is_test(env_file.path) else UNKNOWN)
            every.append(Contents(env_file, dialects.of(env_file.path), environment))
        except TooLongError:
            source.leave_unchecked(env_file.path, f"more than {MOST_TOKENS} lines: too many for an env file")
    return every


def _overdue(source: Source, section: dict[str, Any]) -> Iterator[Finding]:
    """What the ledger says, where there is one in the working tree."""
    import os

    name = section.get("ledger") or rotation_ledger.NAME
    if source.tree is None:
        return
    if not os.path.lexists(os.path.join(source.tree, name)):
        if name != rotation_ledger.NAME:
            source.leave_unchecked(name, "there is no such file, but the configuration names it (env-files: ledger)")
        return
    today = time.strftime("%Y-%m-%d", time.gmtime())
    for file in source.beside(name):
        if not file.again:
            yield from rotation_ledger.check(file, today)
