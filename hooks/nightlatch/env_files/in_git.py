"""Env files that git holds in plain text (ENV004, and ENV008 where .gitignore names them all the same)."""

from __future__ import annotations

from nightlatch.core.discover import LINK
from nightlatch.core.ends import REGULAR
from nightlatch.core.files import MAX_BYTES, File, no_content, readings
from nightlatch.core.rule import ERROR, INFO, WARNING
from nightlatch.core.secret_files import DIRENV, UNLESS_ENCRYPTED, WITH_SECRETS, kind_at
from nightlatch.core.suppress import note_for
from nightlatch.core.test_folders import is_test
from nightlatch.env_files import plaintext
from nightlatch.env_files.encrypted import is_encrypted, is_sealed
from nightlatch.env_files.env_file import is_name_of_another
from nightlatch.env_files.key_names import public_prefix
from nightlatch.env_files.placeholders import is_encrypted as is_encrypted_value
from nightlatch.env_files.rules_of_files import TRACKED, TRACKED_THOUGH_IGNORED
from nightlatch.env_files.vendor_formats import first_credential

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from nightlatch.core.finding import Finding
    from nightlatch.core.hook import Options, Source
    from nightlatch.core.ignored import Hit
    from nightlatch.core.secret_files import Kind
    from nightlatch.env_files.find import Found
    from nightlatch.env_files.plaintext import Plaintext

MOST_NAMES = 3
IN_THE_HISTORY = (
    "Replace its secrets: taking it out of git leaves it in the history. If the commit was never pushed, take the file"
    " out of that commit itself: git rebase --interactive, then git rm --cached FILE."
)
HARMLESS_IN_THE_HISTORY = (
    "Look whether a secret stands in it: if so, replace it, for it stays in the history. In any case take the file out"
    " of git, not off the disk: git rm --cached FILE, and let git ignore it."
)
FOR_TESTS = frozenset(("test", "testing", "tests", "ci", "e2e"))
"""Parts of an env file's name that say that its values are for tests."""


def check(
    source: Source, options: Options, found: Found, ignored: Mapping[str, Hit], remedy: Callable[[str], str]
) -> Iterator[Finding]:
    """Yield a finding for each env file that git holds in plain text.

    ignored  path → the pattern that ignores it
    remedy   says how to let git ignore a path
    An error; less where the file is for tests, or holds nothing but what a build publishes, unless the profile is
    `strict`.
    """
    for path, file in _held(source, found):
        finding = judged(path, file, found.kinds[path], ignored.get(path), is_strict=options.profile == "strict")
        if finding is not None:
            finding.fix = _fix(
                path,
                "" if path in ignored else remedy(path),
                is_secret=bool(finding.data["secrets"]),
                is_on_disk=path in found.on_disk,
            )
            yield finding


def check_commits(source: Source, *, is_strict: bool) -> Iterator[Finding]:
    """Yield a finding for each env file in plain text that a commit brings, whatever later ones make of it."""
    for file in source.files(_is_env_file):
        kind = kind_at(file.path)
        if kind is None or file.again or _is_link(file.text):
            continue
        finding = judged(file.path, file, kind, None, is_strict=is_strict)
        if finding is not None:
            finding.fix = IN_THE_HISTORY if finding.data["secrets"] else HARMLESS_IN_THE_HISTORY
            yield finding


def _is_env_file(path: str) -> bool:
    kind = kind_at(path)
    return kind is not None and (kind.is_env or kind is DIRENV)


def _is_link(text: bytes) -> bool:
    """Whether a commit's content is what git stores for a link, as far as the content can say it."""
    return is_name_of_another(text) and first_credential(text) is None


def _held(source: Source, found: Found) -> Iterator[tuple[str, File]]:
    """The env files of the index, or of the commit, as git holds them."""
    wanted = [path for path, kind in sorted(found.kinds.items()) if kind.is_env or kind is DIRENV]
    if source.tree is None:
        for path in wanted:
            for file in found.readings.get(path, ())[:1]:
                if not _is_link(file.text):
                    yield path, File(path, file.text)
        return
    rows = [(path, found.tracked[path]) for path in wanted if path in found.tracked]
    rows = [(path, row) for path, row in rows if row.mode in REGULAR and row.mode != LINK and row.object]
    if not rows or source.git is None:
        return
    objects = source.git.objects((row.object or "" for _, row in rows), MAX_BYTES)
    for (path, _), (_, data, size) in zip(rows, objects, strict=True):
        if data is None:
            source.leave_unchecked(path, no_content(size, MAX_BYTES))
        elif data and not is_encrypted(data):
            yield path, next(readings(path, data))


def judged(path: str, file: File, kind: Kind, hit: Hit | None, *, is_strict: bool) -> Finding | None:
    """The finding for what git holds at a path; None where it is encrypted, or may be shared.

    hit  the pattern that ignores the path all the same
    """
    if not file.text or is_encrypted(file.text) or (kind.counts == UNLESS_ENCRYPTED and is_sealed(file.text)):
        return None
    held = plaintext.Plaintext(file.text, is_dotenv=kind.is_dotenv or kind is DIRENV)
    has_encrypted = any(is_encrypted_value(variable.value) for variable in held.variables)
    if not held.is_secret and (kind is DIRENV or kind.counts == WITH_SECRETS or has_encrypted):
        return None
    spans = [(variable.token.key_start, variable.token.value_stop) for variable in held.variables]
    file.mask([*spans, held.credential] if held.credential else spans)
    start, end = _place(file, held)
    rule = TRACKED if hit is None else TRACKED_THOUGH_IGNORED
    message = f"{rule.summary}{'' if hit is None else f' ({hit})'}. {_what_it_holds(held)}"
    severity = ERROR if is_strict else _severity(path, held)
    data: dict[str, object] = {"secrets": len(held.secrets) or int(held.is_secret)}
    finding = file.finding(rule, start, end, message, severity=severity, data=data)
    finding.note = finding.note or note_for(rule.id, file.text[slice(*file.line_bounds(0))], b"")
    return finding


def _place(file: File, held: Plaintext) -> tuple[int, int]:
    if held.secrets:
        token = held.secrets[0].token
        return token.key_start, token.value_stop
    return held.credential or (0, file.line_bounds(0)[1])


def _severity(path: str, held: Plaintext) -> str:
    """A provider's credential counts everywhere, also among tests: it works."""
    if held.credential is not None:
        return ERROR
    if is_test(path) and held.is_understood and not held.secrets:
        return INFO
    is_public = bool(held.variables) and held.is_understood and not held.secrets
    is_public = is_public and all(public_prefix(variable.key) for variable in held.variables)
    return WARNING if is_public or _is_for_tests(path) else ERROR


def _is_for_tests(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return is_test(path) or not FOR_TESTS.isdisjoint(name.replace("-", ".").replace("_", ".").split("."))


def _what_it_holds(held: Plaintext) -> str:
    secret = held.secrets
    if secret:
        shown = ", ".join(variable.shown for variable in secret[:MOST_NAMES])
        more = f" and {len(secret) - MOST_NAMES} more" if len(secret) > MOST_NAMES else ""
        return f"It holds {shown}{more}."
    if held.credential:
        return "A credential of a provider stands in it."
    if not held.is_understood:
        return "It isn't all written as NAME=value, so nobody can say that no secret stands in it."
    return "Nothing in it looks like a secret, but the next value may be one."


def _fix(path: str, remedy: str, *, is_secret: bool, is_on_disk: bool) -> str:
    import os
    import shlex

    name = shlex.quote(path)
    closed = f" && chmod 600 {name}" if is_on_disk and os.name != "nt" else ""
    then = f"; {remedy[0].lower()}{remedy[1:].removesuffix('.')}" if remedy else ""
    replace = "; if it was ever pushed, replace its secrets" if is_secret else ""
    return f"Take it out of git, not off the disk: git rm --cached {name}{closed}{then}{replace}"
