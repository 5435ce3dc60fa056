"""PRO012: protected files that a change touches, and who must approve it."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core.paths import matches
from nightlatch.protected_files.codeowners import MOST_LINES, PLACES, parse
from nightlatch.protected_files.spelling import for_codeowners
from tests.support.repository import Repository
from tests.support.wiring import CLAUDE, claude, put, told

OWNED = {
    "everything": ("* @a\n", "x/y.md"),
    "a suffix": ("*.md @a\n", "x/y.md"),
    "a folder": ("/x/ @a\n", "x/y/z.md"),
    "a folder anywhere": ("x/ @a\n", "q/x/z.md"),
    "a file": ("/x/y.md user@example.com\n", "x/y.md"),
    "the last line": ("* \n/x/y.md @a\n", "x/y.md"),
    "a comment behind": ("*.md @a # docs\n", "y.md"),
    "a blank in a name": ("/a\\ b.md @a\n", "a b.md"),
    "a section": ("[Docs]\n/x/ @a\n", "x/y.md"),
    "a section with owners of its own": ("[Docs][2] @a @b\n/x/\n", "x/y.md"),
    "the last line of another section": ("* @a\n[Docs]\n/x/\n", "x/y.md"),
    "sections of one name": ("[Docs] @a\n/x/\n[DOCS]\n/z/ @b\n", "z/y.md"),
    "one folder": ("docs/* @a\n", "docs/a.md"),
    "a role": ("/x/ @@maintainer\n", "x/y"),
}
FREE = {
    "nothing": ("", "x"),
    "a comment": ("# * @a\n", "x"),
    "another file": ("/x @a\n", "y"),
    "without owners in the end": ("* @a\n/x/\n", "x/y.md"),
    "taken back": ("* @a\n!/x/y.md\n", "x/y.md"),
    "no one's name": ("* nobody\n", "x"),
    "an optional section": ("^[Docs] @a\n*\n", "x"),
    "a folder below": ("docs/* @a\n", "docs/a/b.md"),
    "a pattern that can't match": ("[ @a\n//// @a\n", "x"),
}


@pytest.mark.parametrize(("text", "path"), OWNED.values(), ids=OWNED)
def test_what_is_owned(text: str, path: str) -> None:
    assert parse(text).has(path)


@pytest.mark.parametrize(("text", "path"), FREE.values(), ids=FREE)
def test_what_nobody_owns(text: str, path: str) -> None:
    assert not parse(text).has(path)


@given(st.text(alphabet="ab/*?[]^!\\# @\n\t", max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    parse(text).has("a/b")


@pytest.mark.parametrize("place", PLACES)
def test_a_protected_file_without_an_owner_is_a_warning(repository: Repository, place: str) -> None:
    repository.stage(place, "/src/ @a\n")
    repository.commit()
    put(repository, CLAUDE, claude())
    repository.stage("src/a.py", "x\n")
    assert told(repository, "--staged", code=0, rules="PRO012") == [
        f"warning {CLAUDE}:None It is protected, and no line of {place} that counts names an owner."
    ]
    repository.commit()
    assert len(told(repository, "--from-ref", "HEAD~1", code=0, rules="PRO012")) == 1
    assert told(repository, "--all-files", rules="PRO012") == []


def test_the_remedy_holds(repository: Repository) -> None:
    repository.stage("CODEOWNERS", "/src/ @a\n")
    repository.commit()
    put(repository, CLAUDE, claude())
    outcome = repository.nightlatch("protected-files", "--staged", "--format", "json")
    (fix,) = [one["fix"] for one in outcome.json()["findings"] if one["rule"] == "PRO012"]
    repository.stage("CODEOWNERS", "/src/ @a\n" + fix.partition("matches it: ")[2] + "\n")
    left = told(repository, "--staged", code=0, rules="PRO012")
    assert [line.split(":")[0] for line in left] == ["warning CODEOWNERS"], "who owns the owners is asked too"


NAMES = ("a b.txt", "src/[id]/page.tsx", "#h", "a #b", "!n", "it's.md", "a\\\\b", "ä.md", "new\nline.md", "x*y")


@pytest.mark.skipif(os.name == "nt", reason="such names can't be there")
@pytest.mark.parametrize("name", NAMES)
def test_the_line_that_is_advised_matches_the_file_and_no_other(name: str) -> None:
    line = f"{for_codeowners(name)} @a"
    assert parse(f"* \n{line}\n").has(name)
    assert not parse(f"* \n{line}\n").has(f"{name}/x/y".replace("/x/y", "2"))


@given(st.lists(st.tuples(st.text(alphabet="ab/*?", min_size=1, max_size=6), st.booleans()), max_size=6), st.data())
def test_lines_are_found_by_their_names_as_by_all_of_them(lines: list[tuple[str, bool]], data: st.DataObject) -> None:
    """The oracle asks every line, in the order in which they count."""
    path = data.draw(st.from_regex(r"[ab](/[ab]{1,2}){0,2}", fullmatch=True))
    owners = parse("".join(f"{pattern} {'@a' if owned else ''}\n" for pattern, owned in lines))
    depth = path.count("/")
    every = (
        owned
        for compiled, at, owned in reversed(owners.sections.get("", []))
        if at in (-1, depth) and matches(compiled, path)
    )
    assert owners.has(path) == next(every, False)


def test_a_file_with_too_many_lines_is_unchecked(repository: Repository) -> None:
    repository.stage("CODEOWNERS", "/src/ @a\n" * (MOST_LINES + 1))
    put(repository, CLAUDE, claude())
    outcome = repository.nightlatch("protected-files", "--staged")
    assert outcome.code == 2
    assert "CODEOWNERS: unchecked more than" in outcome.out


POLICY = "protected-files: {rules: [{id: gen, paths: [/gen/**], write: ask}]}\n"


def test_files_of_the_policy_are_protected_with_and_without_codeowners(repository: Repository) -> None:
    repository.stage(".nightlatch.yaml", POLICY)
    repository.stage("gen/old.ts", "x\n")
    repository.commit()
    repository.stage("gen/a.ts", "x\n")
    repository.stage("src/a.ts", "x\n")
    repository.git("rm", "--quiet", "gen/old.ts")
    (found,) = told(repository, "--staged", code=0, rules="PRO012")
    assert "(gen/a.ts, gen/old.ts)" in found
    assert "there is no CODEOWNERS" in found
    repository.stage("CODEOWNERS", "* @a\n")
    assert told(repository, "--staged", code=0, rules="PRO012") == []


def test_without_policy_and_codeowners_nothing_is_demanded(repository: Repository) -> None:
    put(repository, CLAUDE, claude())
    assert told(repository, "--staged", code=0, rules="PRO012") == []
