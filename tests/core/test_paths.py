"""Path patterns: a table of cases, git itself as oracle, and what git has no say in (bases, case, errors)."""

from __future__ import annotations

import marshal
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nightlatch.core import paths
from nightlatch.core.paths import PatternError, compile_patterns, matches, verdict

WITH_GIT = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


def decide(patterns: list[str], path: str, *, base: str = "root", ignore_case: bool = False) -> bool | None:
    """The verdict on a path as people write it: a trailing slash makes it a folder."""
    return verdict(compile_patterns(patterns), path, base=base, ignore_case=ignore_case)


# ---- the table -------------------------------------------------------------------------------------------------

MATCHING = [
    # literals and anchors
    ("foo", "foo"),
    ("foo", "a/b/foo"),
    ("/foo", "foo"),
    ("a/foo", "a/foo"),
    ("/a/foo", "a/foo"),
    ("foo", "foo/below/it"),
    # folders only
    ("foo/", "foo/"),
    ("foo/", "foo/file"),
    ("foo/", "a/foo/file"),
    ("/a/foo/", "a/foo/file"),
    # wildcards
    ("*", "anything"),
    ("*.pem", "a/server.pem"),
    (".env.*", ".env.local"),
    ("a*b*c", "a-b-b-c"),
    ("*ab*ab*", "xabyabz"),
    ("f?o", "fxo"),
    ("/a/*", "a/b"),
    ("/a/*", "a/b/c"),
    ("/*/b", "a/b"),
    # classes
    ("[a-c]x", "bx"),
    ("[!a]x", "bx"),
    ("[^a]x", "bx"),
    ("[]a]x", "]x"),
    ("[!]a]x", "bx"),
    ("[a-]x", "-x"),
    ("[-a]x", "-x"),
    ("[a-c-e]x", "-x"),
    ("[a-c-e]x", "ex"),
    (r"[\]]x", "]x"),
    (r"[a\-c]x", "-x"),
    (r"[+-\-]x", ",x"),
    ("[[:alpha:]]x", "qx"),
    ("[[:digit:]_]x", "_x"),
    ("[![:digit:]]x", "qx"),
    ("[[:]x", "[x"),
    ("[[:a]x", "[x"),
    ("[[:]a:]", "[a:]"),
    ("x[b/c]y", "xby"),
    # double stars
    ("**/foo", "foo"),
    ("**/foo", "a/b/foo"),
    ("a/**", "a/b"),
    ("a/**", "a/b/c"),
    ("a/**/b", "a/b"),
    ("a/**/b", "a/x/y/b"),
    ("a/**/**/b", "a/b"),
    ("/**", "anything/at/all"),
    ("**", "anything/at/all"),
    ("**/", "a/file"),
    ("a/***/b", "a/x/y/b"),
    ("a/**/b/**/c", "a/b/x/b/c"),
    ("a/**b", "a/xyb"),
    ("a**/b", "axy/b"),
    # escapes and spaces
    (r"\!a", "!a"),
    (r"\#a", "#a"),
    ("#a", "#a"),
    (r"\*", "*"),
    (r"\a", "a"),
    (r"a\\b", r"a\b"),
    (r"a\/b", "a/b"),
    ("a  ", "a"),
    (r"a\ ", "a "),
    (r"a\  ", "a "),
    (r"a\\ ", "a" + "\\"),
    ("a\t", "a\t"),
    (" a", " a"),
    ("~", "~"),
    ("~a/b", "~a/b"),
    (r"\~/a", "~/a"),
    # names that are odd
    ("a\nb", "a\nb"),
    ("*.txt", "a\nb\n.txt"),
    ("caf?", "café"),
    ("[é-ü]", "ö"),
    ("*\udcff", "a\udcfe\udcff"),
    ("?", "\udcff"),
]

MISSING = [
    ("foo", "foobar"),
    ("foo", "xfoo"),
    ("foo", "Foo"),
    ("/foo", "a/foo"),
    ("a/foo", "x/a/foo"),
    ("foo/", "foo"),
    ("/a/foo/", "x/a/foo/file"),
    ("*.pem", "server.pem.txt"),
    (".env.*", ".env"),
    ("*ab*ab*", "xabz"),
    ("*aba", "ab"),
    ("aba*ba", "aba"),
    ("f?o", "fo"),
    ("f?o", "f/o"),
    ("/*/b", "b"),
    ("/*/b", "x/y/b"),
    ("a/*/b", "a/x/y/b"),
    ("[a-c]x", "dx"),
    ("[!a]x", "ax"),
    ("[^a]x", "ax"),
    ("[c-a]x", "bx"),
    (r"[a\-c]x", "bx"),
    ("[[:alpha:]]x", "éx"),
    ("x[b/c]y", "a/xby"),
    ("x[b/c]y", "x/y"),
    ("a[!b]c", "a/c"),
    ("a/**", "a"),
    ("a/**", "a/"),
    ("a/**/", "a/"),
    ("a/**/b", "ab"),
    ("a/**/b", "x/a/b"),
    ("a/**b", "a/x/b"),
    ("a**/b", "ax/y/b"),
    ("**/", "file"),
    (r"\*", "a"),
    (r"a\ ", "a"),
    ("~a/b", "a/b"),
]


@pytest.mark.parametrize(("pattern", "path"), MATCHING)
def test_a_pattern_matches(pattern: str, path: str) -> None:
    assert decide([pattern], path) is True


@pytest.mark.parametrize(("pattern", "path"), MISSING)
def test_a_pattern_does_not_match(pattern: str, path: str) -> None:
    assert decide([pattern], path) is None


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        ([], "a", None),
        ([".env.*", "!.env.example"], ".env.example", False),
        ([".env.*", "!.env.example"], "app/.env.example", False),
        (["!.env.example", ".env.*"], ".env.example", True),
        (["a", "!a", "a"], "a", True),
        (["!!a"], "!a", False),
        (["a", "!b"], "c", None),
        # what lies in a matched folder stays matched
        (["/a/", "!/a/b"], "a/b", True),
        (["/a/*", "!/a/b"], "a/b", False),
        (["/a/**", "!/a/b/c"], "a/b/c", True),
        (["/a/**", "!/a/b/", "!/a/b/c"], "a/b/c", False),
        # a folder that is let out says nothing about what lies in it
        (["/a", "!/a"], "a/b", None),
        (["*", "!*/"], "a/", False),
        (["*", "!*/"], "a/b", True),
        (["*", "!*/", "!*.py"], "a/b.py", False),
    ],
)
def test_the_last_pattern_wins_unless_a_parent_is_matched(
    patterns: list[str], path: str, *, expected: bool | None
) -> None:
    assert decide(patterns, path) is expected


def test_the_base_itself_is_never_matched() -> None:
    assert decide(["*", "**", "/**"], "") is None


def test_is_dir_says_the_same_as_a_trailing_slash() -> None:
    compiled = compile_patterns(["foo/"])
    assert verdict(compiled, "foo") is None
    assert verdict(compiled, "foo", is_dir=True) is True
    assert verdict(compiled, "foo/") is True


def test_matches_is_true_for_the_verdict_true_alone() -> None:
    compiled = compile_patterns(["*.pem", "!public.pem"])
    assert matches(compiled, "a.pem")
    assert not matches(compiled, "public.pem")
    assert not matches(compiled, "a.txt")
    assert matches(compiled, "~", base="home") is False
    assert matches(compile_patterns(["a/"]), "A", is_dir=True, ignore_case=True)


# ---- bases -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "path", "bases"),
    [
        (".env", "x/.env", {"root", "home", "fs"}),
        ("*.pem", "a.pem", {"root", "home", "fs"}),
        ("keys/", "x/keys/a", {"root", "home", "fs"}),
        ("/a", "a", {"root"}),
        ("a/b", "a/b", {"root"}),
        ("**/a", "x/a", {"root"}),
        ("/**", "x/a", {"root"}),
        ("~/.ssh/**", ".ssh/id", {"home"}),
        ("~/.netrc", ".netrc", {"home"}),
        ("//tmp/**", "tmp/a", {"fs"}),
        ("//proc/*/environ", "proc/1/environ", {"fs"}),
        (r"\~/a", "~/a", {"root"}),
        ("/~/a", "~/a", {"root"}),
        ("~", "~", {"root", "home", "fs"}),
    ],
)
def test_a_pattern_holds_in_its_base_only(pattern: str, path: str, bases: set[str]) -> None:
    assert {base for base in paths.BASES if decide([pattern], path, base=base)} == bases


def test_home_and_file_system_patterns_are_anchored() -> None:
    assert decide(["~/.netrc"], "x/.netrc", base="home") is None
    assert decide(["//tmp"], "x/tmp", base="fs") is None


def test_a_negation_reaches_over_bases_only_as_its_pattern_does() -> None:
    patterns = ["~/.ssh/**", "!~/.ssh/*.pub", "*.pem", "!/fixtures/*.pem"]
    assert decide(patterns, ".ssh/id.pub", base="home") is False
    assert decide(patterns, ".ssh/id", base="home") is True
    assert decide(patterns, "fixtures/a.pem") is False
    assert decide(patterns, "fixtures/a.pem", base="home") is True


def test_an_unknown_base_is_an_error() -> None:
    with pytest.raises(ValueError, match="elsewhere"):
        decide(["a"], "a", base="elsewhere")


# ---- case ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        (".ENV", ".env"),
        (".env", ".Env"),
        ("*.PEM", "a.pem"),
        ("?[a]x", "QAX"),
        ("[A]", "a"),
        ("[A-C]", "b"),
        ("[a-c]", "B"),
        ("[[:upper:]]", "a"),
        ("[[:lower:]]", "A"),
        (r"\A", "a"),
        ("É", "é"),
        ("[É]", "é"),
        # what a file system that folds case takes for one name
        (".ssh", ".ßh"),
        ("?ssh", ".ßh"),
        (".ssh", ".\u017f\u017fh"),
        ("*.key", "a.\u212aey"),
    ],
)
def test_case_is_ignored_on_demand_only(pattern: str, path: str) -> None:
    assert decide([pattern], path, ignore_case=True) is True
    assert decide([pattern], path) is None


def test_a_negated_class_excludes_both_cases_where_case_is_ignored() -> None:
    assert decide(["[!a]"], "A", ignore_case=True) is None
    assert decide(["[!A]"], "a", ignore_case=True) is None


# ---- patterns that can never match -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("", "names no path"),
        ("   ", "names no path"),
        ("!", "names no path"),
        ("!  ", "names no path"),
        ("/", "names no path"),
        ("~/", "names no path"),
        ("//", "names no path"),
        ("///", "names no path"),
        ("foo\\", "lone backslash"),
        ("foo\\/", "lone backslash"),
        ("!\\", "lone backslash"),
        ("foo[", "closing"),
        ("[]", "closing"),
        ("[!]", "closing"),
        ("[a", "closing"),
        ("[a/", "closing"),
        ("[a-", "closing"),
        ("[a\\", "closing"),
        ("[a\\]", "closing"),
        ("[[:alpha:]", "closing"),
        ("[[:alpha:x", "closing"),
        ("[[:alpha", "closing"),
        ("[[:", "closing"),
        ("[[:nope:]]", "nope"),
        ("[[::]]", r"\[::\]"),
        ("a//b", "empty component"),
        ("a//", "empty component"),
        ("~//a", "empty component"),
        ("///a", "empty component"),
        (r"\/a", "empty component"),
        ("./a", "`.`"),
        ("a/../b", "`..`"),
        (".", "`.`"),
        (r"\./a", "`.`"),
    ],
)
def test_a_pattern_that_can_never_match_is_refused(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError, match=reason) as caught:
        compile_patterns(["fine", pattern])
    assert caught.value.pattern == pattern
    assert f"'{pattern}'" in str(caught.value)


@given(st.text(alphabet="ab/*?[]!^-\\:. ~é", max_size=12))
@settings(derandomize=True)
def test_any_text_compiles_or_is_refused(text: str) -> None:
    """A negation alone never gives True; anything but a PatternError would end the test."""
    if is_accepted(text):
        assert decide(["!" + text.removeprefix("!")], "a/b") is not True


# ---- the compiled form and its cost ----------------------------------------------------------------------------


def test_the_compiled_form_survives_marshal() -> None:
    patterns = [*(pattern for pattern, _ in MATCHING), "!x", "~/x", "//x", "a\udcff[!\udcff]*"]
    compiled = compile_patterns(patterns)
    assert marshal.loads(marshal.dumps(compiled)) == compiled  # noqa: S302 - made the line before


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 30 + "b", "a" * 4000),
        ("*[a]" * 30 + "b", "a" * 4000),
        ("?*" * 30 + "b", "a" * 4000),
        ("**/" * 60 + "b", "a/" * 2000 + "a"),
        ("**/a/" * 60 + "b", "a/" * 2000 + "a"),
        ("**/*a*a*a*b/" * 30 + "b", "aaaaaaaa/" * 400 + "a"),
        ("**/" + "a/" * 60 + "b/**", "a/" * 2000 + "a"),
    ],
)
def test_no_pattern_takes_exponential_time(pattern: str, path: str) -> None:
    """Backtracking would take longer than the universe has lasted."""
    assert decide([pattern], path) is None


def test_the_module_imports_nothing() -> None:
    code = "import sys; before = set(sys.modules); import nightlatch.core.paths; print(*(set(sys.modules) - before))"
    environment = {**os.environ, "PYTHONPATH": str(Path(paths.__file__).parents[2])}
    loaded = subprocess.run([sys.executable, "-S", "-c", code], env=environment, check=True, capture_output=True)
    names = loaded.stdout.decode().split()
    assert set(names) <= {"__future__", "nightlatch", "nightlatch.core", "nightlatch.core.paths"}


# ---- git as oracle ---------------------------------------------------------------------------------------------

FOLDERS = ["a", "a/a", "a/b", "a/ab", "a/a/b", "b", "b/a", "ab", ".env", "b/.env", "x y", "-"]
NAMES = ["a", "b", "ab", "abb", "A", ".env", "c.pem", " a", "a ", "x y", "-", "]", "*", "[a", "\\", "!a", "#a", "~"]
PATHS = [
    *(f"{folder}/{name}" for folder in FOLDERS for name in NAMES),
    *NAMES,
    *["\udcff", "a/\udcff", "\udcff/a", "a\nb", "a/b/c/d/e", "b/b/a/a", "ab/ab/ab/ab", "a/x/b", "a/x/y/b"],
]
PIECES = [
    *["a", "b", "ab", "c", ".", "pem", "-", "~", "!", "#", " ", "A"],
    *["\\!", "\\#", "\\a", "\\*", "\\\\", "\\ ", "\\[", "\\"],
    *["*", "*", "*", "**", "?", "?"],
    *["[ab]", "[!a]", "[^a]", "[a-c]", "[]a]", "[a-]", "[!-b]", "[\\]a]", "[a\\-c]", "[ -~]", "[/a]", "[c-a]"],
    *["[[:alpha:]]", "[[:upper:]]", "[![:alnum:]]", "[[:punct:]a]", "[[:]", "[[:nope:]]", "[a", "["],
]
OUTSIDE_ASCII = ["é", "aé", "éa", "é/a", "a/é", "é/é", "日本", "日本/é"]


class Git:
    """A repository whose `info/exclude` holds one list of patterns at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.run("init", "--quiet", str(root))
        for folder in [*FOLDERS, "é"]:
            (root / folder).mkdir(parents=True, exist_ok=True)

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """The output of git without the user's and the machine's configuration; 1 means that nothing matched."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env=environment, input=stdin, capture_output=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    def verdicts(self, patterns: list[str], asked: list[str], *, ignore_case: bool = False) -> dict[str, bool | None]:
        """What git says about each path."""
        lines = ["\\" + pattern if pattern.startswith("#") else pattern for pattern in patterns]
        (self.root / ".git/info/exclude").write_bytes(as_bytes("".join(line + "\n" for line in lines)))
        case = f"core.ignoreCase={str(ignore_case).lower()}"
        query = ["-c", case, "check-ignore", "--no-index", "--stdin", "-z", "--verbose", "--non-matching"]
        output = self.run(*query, stdin=as_bytes("".join(path + "\0" for path in asked)))
        fields = output.decode("utf-8", "surrogateescape").split("\0")[:-1]
        return {
            path: not pattern.startswith("!") if pattern else None
            for pattern, path in zip(fields[2::4], fields[3::4], strict=True)
        }


def as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Git:
    return Git(tmp_path_factory.mktemp("oracle"))


def ours(patterns: list[str], asked: list[str], *, ignore_case: bool = False) -> dict[str, bool | None]:
    """What the product says; patterns that it refuses are left out, so that git must not match with them."""
    compiled = compile_patterns([pattern for pattern in patterns if is_accepted(pattern)])
    folders = {*FOLDERS, "é"}
    return {path: verdict(compiled, path, is_dir=path in folders, ignore_case=ignore_case) for path in asked}


def is_accepted(pattern: str) -> bool:
    try:
        compile_patterns([pattern])
    except PatternError:
        return False
    return True


def is_the_same_to_git(pattern: str) -> bool:
    """Leaves out other bases, and what git before 2.52 takes for `**/` though its manual doesn't, and `**\\/`."""
    body = pattern.removeprefix("!")
    return not body.startswith(("~/", "//")) and not re.search(r"[^/*]\*\*+(/|$)|\*\*+\\/", body)


def pattern_of(components: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Patterns of one to four of these components, with and without `!`, anchor and trailing slash."""
    return st.builds(
        lambda bang, anchor, middle, end: bang + anchor + "/".join(middle) + end,
        st.sampled_from(["", "", "!"]),
        st.sampled_from(["", "", "/", "**/"]),
        st.lists(components, min_size=1, max_size=4),
        st.sampled_from(["", "", "", "/", "/**", " "]),
    ).filter(is_the_same_to_git)


PATTERNS = pattern_of(
    st.one_of(
        st.sampled_from(["a", "b", "ab", ".env", "*", "**"]),
        st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join),
    )
)
PLAIN_PATTERNS = pattern_of(st.lists(st.sampled_from(["a", "é", "日本", "日", "*", "**"]), min_size=1).map("".join))


@given(patterns=st.lists(PATTERNS, min_size=1, max_size=8))
@settings(WITH_GIT, max_examples=300)
def test_git_comes_to_the_same_verdict(git: Git, patterns: list[str]) -> None:
    assert ours(patterns, PATHS) == git.verdicts(patterns, PATHS)


@given(patterns=st.lists(PATTERNS, min_size=1, max_size=8))
@settings(WITH_GIT, max_examples=100)
def test_git_comes_to_the_same_verdict_without_regard_to_case(git: Git, patterns: list[str]) -> None:
    upper = [path.upper() for path in PATHS]
    assert ours(patterns, upper, ignore_case=True) == git.verdicts(patterns, upper, ignore_case=True)


@given(patterns=st.lists(PLAIN_PATTERNS, min_size=1, max_size=8))
@settings(WITH_GIT, max_examples=100)
def test_git_comes_to_the_same_verdict_outside_ascii(git: Git, patterns: list[str]) -> None:
    assert ours(patterns, OUTSIDE_ASCII) == git.verdicts(patterns, OUTSIDE_ASCII)


@pytest.mark.parametrize("ignore_case", [False, True])
@pytest.mark.parametrize("name", paths.POSIX_CLASSES)
def test_git_puts_the_same_characters_into_each_class(git: Git, name: str, *, ignore_case: bool) -> None:
    names = [f"x{chr(code)}" for code in range(1, 128) if chr(code) != "/"]
    for pattern in (f"x[[:{name}:]]", f"x[![:{name}:]]"):
        expected = git.verdicts([pattern], names, ignore_case=ignore_case)
        assert ours([pattern], names, ignore_case=ignore_case) == expected


def can_be_asked(pattern: str, path: str) -> bool:
    """Leaves out what git takes bytewise, a pattern of two lines, and folders, which the repository lacks."""
    bytewise = not (pattern + path).isascii() and "*" not in pattern
    return is_the_same_to_git(pattern) and not bytewise and "\n" not in pattern and not path.endswith("/")


@pytest.mark.parametrize(("pattern", "path"), [case for case in [*MATCHING, *MISSING] if can_be_asked(*case)])
def test_git_agrees_with_the_table(git: Git, pattern: str, path: str) -> None:
    assert decide([pattern], path) == git.verdicts([pattern], [path])[path]
