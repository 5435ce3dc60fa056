"""The template and the env files that are made from it: ENV114, and required variables that are missing (ENV106)."""

from __future__ import annotations

from nightlatch.core.rule import ERROR, WARNING
from nightlatch.core.secret_files import TEMPLATE_WORDS
from nightlatch.core.text import plural, shown_path
from nightlatch.env_files import rules_of_contents as rules
from nightlatch.env_files.environments import TEST
from nightlatch.env_files.variables import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from nightlatch.env_files.variables import Contents

MOST_NAMED = 5

NOT_COPIED = frozenset(("default", "defaults", "schema", "spec"))
"""Words in the names of templates that are read beside the env file, which needn't repeat what they set."""


def base_of(path: str) -> str:
    """The env file that a template is for: `.env.production` of `.env.production.example`, `.env` of `env.sample`."""
    folder, slash, _ = path.rpartition("/")
    kept = [word for word in _words(path) if word.lower() not in TEMPLATE_WORDS and word.lower() != "env"]
    return folder + slash + ".".join([".env", *kept])


def _words(path: str) -> list[str]:
    """The parts of a file's name."""
    name = path.rpartition("/")[2]
    return [word for word in name.replace("-", ".").replace("_", ".").split(".") if word]


def templates_by_base(every: Sequence[Contents]) -> dict[str, Contents]:
    """Env file → its template; of several the first by name. Files of defaults are read themselves, and not copied."""
    found: dict[str, Contents] = {}
    for contents in every:
        if contents.is_template and not NOT_COPIED & set(_words(contents.path)):
            found.setdefault(base_of(contents.path), contents)
    return found


def template_of(path: str, templates: Mapping[str, Contents]) -> Contents | None:
    """The template of an env file: its own, or that of the plain `.env` beside it."""
    folder, slash, _ = path.rpartition("/")
    return templates.get(path) or templates.get(f"{folder}{slash}.env")


def check(every: Sequence[Contents], *, is_changed: Callable[[str], bool], is_strict: bool) -> None:
    """Note which variables a template and the env files made from it don't have in common.

    is_changed  whether a template is a part of the change: only then, and under the strict profile, it is an error
    """
    by_path = {one.path: one for one in every if not one.is_template}
    for base, template in templates_by_base(every).items():
        made = [by_path[path] for path in (base, *_more(base)) if path in by_path]
        if not made:
            continue
        real = {key for one in made for key in one.values()}
        spoken_of = {key for one in made for key in one.commented_out()} | set(template.commented_out())
        named = set(template.values())
        absent, extra = named - real - spoken_of, real - named - spoken_of
        if absent or extra:
            severity = ERROR if is_strict and is_changed(template.path) else WARNING
            _tell(template, absent, f"{_named(made)} lacks", "of this template", severity)
            for one in made:
                _tell(one, extra, f"The template {shown_path(template.path)} lacks", "of this file", severity)


def _more(base: str) -> tuple[str, ...]:
    """The file beside a plain `.env` that a template may be copied to as well."""
    return (f"{base}.local",) if base.endswith(".env") else ()


def _named(made: Sequence[Contents]) -> str:
    return " and ".join(shown_path(one.path) for one in made)


def _tell(contents: Contents, wanted: set[str], lacks: str, whose: str, severity: str) -> None:
    found = [variable for variable in contents.variables if variable.key in wanted]
    names = list(dict.fromkeys(variable.shown for variable in found))
    if found:
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        count = plural(len(names), "variable")
        first = found[0].token
        contents.problems.append(
            Problem(
                rules.PARITY,
                first.key_start,
                first.key_start + len(first.key),
                f"{lacks} {count} {whose}: {', '.join(names[:MOST_NAMED])}{more}",
                severity=severity,
                data={"variables": names},
            )
        )


def check_required(every: Sequence[Contents], required: Iterable[str]) -> None:
    """Note the variables that the configuration demands and no env file sets. Test files need none."""
    real = [one for one in every if not one.is_template and one.environment != TEST]
    if not real:
        return
    for name in sorted({one.environment for one in real}):
        filled = {key for one in real if one.environment in (name, "") for key, value in one.values().items() if value}
        missing = [key for key in required if key not in filled]
        holder = next((one for one in real if one.environment == name), None)
        if missing and holder is not None:
            verb = "is" if len(missing) == 1 else "are"
            holder.problems.append(
                Problem(
                    rules.FORMAT,
                    0,
                    0,
                    f"{', '.join(missing)} {verb} not set, which the configuration demands",
                    fix=f"Set it in {shown_path(holder.path)}.",
                    data={"variables": missing},
                )
            )
