"""`nightlatch advisories build|update|status`."""

from __future__ import annotations

import os
import sys
import time

from nightlatch.advisories import options
from nightlatch.advisories.place import about_the_named, files, named_file, usable_folder
from nightlatch.core.advisories.age import MOST_AHEAD, REFUSE_AFTER, shown_age, shown_date
from nightlatch.core.advisories.database import UPDATE, AdvisoriesError, Database, NoAdvisoriesError, may_be_replaced
from nightlatch.core.advisories.ecosystems import ECOSYSTEMS
from nightlatch.core.errors import EXIT_CLEAN, EXIT_UNCHECKED, NightlatchError, UsageError
from nightlatch.core.text import one_line, plural, shown_path
from nightlatch.report.formats import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping, Sequence

    from nightlatch.advisories.build import Counts
    from nightlatch.core.advisories.database import Part


def command(words: list[str]) -> int:
    """Do what the words after `advisories` say; the exit code. Raises NightlatchError."""
    asked = options.parse(words)
    if isinstance(asked, str):
        write(asked)
        return EXIT_CLEAN
    return _DO[asked.subcommand](asked)


def _build(asked: Namespace) -> int:
    """Compile records into a file that takes the place of an older one in one step."""
    from nightlatch.advisories.build import build
    from nightlatch.core.progress import progress

    _refuse_a_foreign_file(asked.output)
    new = f"{asked.output}.{os.urandom(4).hex()}.tmp"
    try:
        with progress("records") as told:
            counts = build(asked.paths, new, is_partial=asked.partial, now=time.time(), told=told)
        _say_counts(counts)
        database = Database(dict.fromkeys(files(asked.output), new))
        database.close()
        parts = list(database.parts.items())
        if not parts:
            raise NoAdvisoriesError("No record is about a package of PyPI or npm.", "Name other folders.")
        _refuse_the_future(parts)
        if counts.missing and all(counts.missing.values()):
            raise AdvisoriesError(_no_whole_set(counts.missing), _ON_PURPOSE)
        os.replace(new, asked.output)
    except OSError as error:
        reason = (error.strerror or "it failed").lower()
        raise AdvisoriesError(f"{asked.output} can't be written: {reason}.", "Name another --output.") from None
    finally:
        if os.path.lexists(new):
            os.unlink(new)
    _say(f"{asked.output} was written:", *(f"    {_told(name, part)}" for name, part in parts))
    for name, reason in counts.missing.items():
        if reason:
            _say(f"    {name}: not whole, so lockfiles of {name} are not compared with it: {reason}.")
    return EXIT_CLEAN


def _refuse_the_future(parts: Sequence[tuple[str, Part]]) -> None:
    """Raise AdvisoriesError where no record of an ecosystem is of today or before: a commit would refuse it."""
    for name, part in parts:
        if part.newest > time.time() + MOST_AHEAD:
            what = (
                f"Every record about {name} is from the future, from {shown_date(part.newest)} on. Nothing was written."
            )
            raise AdvisoriesError(what, "Set this machine's clock. If it is right, the records are wrong.")


def _no_whole_set(missing: Mapping[str, str]) -> str:
    reasons = "; ".join(f"{name}: {reason}" for name, reason in missing.items())
    return f"These records are not all that there is. {reasons}. Nothing was written."


def _refuse_a_foreign_file(path: str) -> None:
    """What stands at --output is only replaced where it is a database of advisories."""
    try:
        Database(files(path)).close()
    except NoAdvisoriesError:
        return
    except AdvisoriesError:
        if os.path.getsize(path):
            raise UsageError(f"{path} is there, and is no database of this version.", "Remove it first.") from None


def _update(asked: Namespace) -> int:
    """Bring the data up to date: one file a time."""
    from nightlatch.advisories.sources import named_source
    from nightlatch.advisories.update import SECONDS, update

    named = named_file(asked.advisories, os.environ)
    if named is None:
        usable_folder(create=True)
    elif not may_be_replaced(named):
        raise UsageError(f"{named} is there, and is no database of advisories.", "Remove it first, or name another.")
    wanted = _wanted(asked)
    source = named_source(asked.source, os.environ)
    by_file: dict[str, list[str]] = {}
    for name, file in files(named).items():
        if name in wanted:
            by_file.setdefault(file, []).append(name)
    failed: NightlatchError | None = None
    for file, names in by_file.items():
        if asked.max_age is not None and _is_fresh(file, names, asked.max_age):
            _say(f"{' and '.join(names)}: no older than asked for; nothing was fetched.")
            continue
        try:
            database, counts = update(file, names, source, seconds=asked.timeout or SECONDS)
        except NightlatchError as error:
            _complain(names, error)
            failed = error
            continue
        database.close()
        _say_counts(counts)
        _say(*(_told(name, part) for name, part in database.parts.items()))
    return EXIT_UNCHECKED if failed else EXIT_CLEAN


def _is_fresh(file: str, names: Sequence[str], max_age: int) -> bool:
    try:
        database = Database(dict.fromkeys(names, file))
    except AdvisoriesError:
        return False
    try:
        database.require(names, time.time(), max_age)
    except AdvisoriesError:
        return False
    finally:
        database.close()
    return True


def _status(asked: Namespace) -> int:
    """Tell what there is, and whether a commit could rely on it."""
    named = named_file(asked.advisories, os.environ)
    wanted = _wanted(asked)
    if named is not None and not os.path.lexists(named):
        raise NoAdvisoriesError(
            f"There is no file {named}.", f"Check the name, or run: nightlatch advisories update --advisories {named}"
        )
    usable = missing = 0
    worst = EXIT_CLEAN
    for name, file in files(named).items():
        if name not in wanted:
            continue
        try:
            lines = _state(name, file, asked.max_age or REFUSE_AFTER, may_be_a_part=named is not None)
        except NoAdvisoriesError:
            missing += 1
            _say(f"{name}: no data.")
        except AdvisoriesError as error:
            worst = EXIT_UNCHECKED
            if asked.advisories is not None:
                about_the_named(error, asked.advisories)
            _complain((name,), error)
        else:
            usable += 1
            _say(*lines)
    if missing and (asked.ecosystem or not usable):
        nothing = NoAdvisoriesError("There is no data to rely on.", UPDATE)
        if asked.advisories is not None:
            about_the_named(nothing, asked.advisories)
        raise nothing
    return worst


def _state(name: str, file: str, refuse_after: int, *, may_be_a_part: bool) -> list[str]:
    """What is told of a database that can be relied upon. Raises AdvisoriesError."""
    database = Database({name: file})
    try:
        database.check_every_page()
        database.require((name,), time.time(), refuse_after, may_be_a_part=may_be_a_part)
    finally:
        database.close()
    warnings = [f"    warning: {text}" for text, _ in database.warnings]
    sources = [f"    built from {place} ({plural(read, 'record')})" for place, read in database.parts[name].sources]
    return [_told(name, database.parts[name]), *warnings, *sources, f"    {file}"]


def _wanted(asked: Namespace) -> Sequence[str]:
    return asked.ecosystem or list(ECOSYSTEMS)


def _told(name: str, part: Part) -> str:
    age = shown_age(time.time() - part.newest)
    unreadable = f", {part.unreadable} of them can't be evaluated whole" if part.unreadable else ""
    return (
        f"{name}: {plural(part.records, 'record')} ({part.malware} of them about malware) "
        f"about {plural(part.packages, 'package')}{unreadable}; "
        f"the newest is of {shown_date(part.newest)} ({age} ago)."
    )


def _say_counts(counts: Counts) -> None:
    """What became of the records; what could not be read, by name."""
    if counts.read:
        _say(
            f"{plural(counts.read, 'record')} read: {counts.withdrawn} withdrawn, "
            f"{counts.others} about other ecosystems or none, {counts.all_refused} unreadable."
        )
    if counts.ahead:
        _say(f"    {counts.ahead} from the future: they count, and not for the age of the data.")
    for reason, number in counts.refused.items():
        _say(f"    {number} unreadable: {reason}: {', '.join(counts.examples[reason])}")


def _say(*lines: str) -> None:
    write("".join(f"{one_line(shown_path(line))}\n" for line in lines))


def _complain(names: Sequence[str], error: NightlatchError) -> None:
    """What failed for some of the ecosystems, on standard error: the others are still seen to."""
    text = f"nightlatch: {' and '.join(names)}: {error.what}\n    {error.remedy}\n"
    sys.stderr.write("".join(f"{one_line(shown_path(line))}\n" for line in text.splitlines()))


_ON_PURPOSE = "Name the missing records as well, or build a part on purpose: --partial"

_DO = {options.BUILD: _build, options.UPDATE: _update, options.STATUS: _status}
"""What each subcommand does."""
