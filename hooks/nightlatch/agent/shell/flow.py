"""Where what a command prints goes: on through other commands, away, or out to whoever reads it.

Of a list of variables some filters let nothing through that could be a credential: `env | grep PATH`,
`printenv | cut -d= -f1`.
"""

from __future__ import annotations

from nightlatch.agent.shell.arguments import parsed, roles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from nightlatch.agent.shell.grammar import Node
    from nightlatch.agent.shell.values import Word


class Flow:
    """See above.

    behind     the commands that a pipeline leads on through, as they stand in the script
    redirects  where the last of them prints to, where that stands behind the whole pipeline
    is_silent  whether what is printed is thrown away
    """

    __slots__ = ("behind", "is_silent", "redirects")

    def __init__(
        self, behind: list[Node] | None = None, redirects: list[Node] | None = None, *, is_silent: bool = False
    ) -> None:
        self.behind = behind or []
        self.redirects = redirects or []
        self.is_silent = is_silent


HARMLESS = frozenset(
    {"HOME", "PATH", "PWD", "OLDPWD", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LC_ALL", "EDITOR", "TMPDIR",
     "NODE_ENV", "VIRTUAL_ENV", "CI", "HOSTNAME", "SHLVL", "GOPATH", "GOROOT", "JAVA_HOME", "PYTHONPATH", "NVM_DIR",
     "DISPLAY", "TZ", "RAILS_ENV", "RACK_ENV", "APP_ENV", "DEBUG", "PORT", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
     "XDG_CACHE_HOME", "CARGO_HOME", "RUSTUP_HOME", "CONDA_PREFIX", "DOCKER_HOST", "KUBECONFIG", "COLUMNS", "LINES",
     "PAGER", "VISUAL", "FLASK_APP", "FLASK_ENV", "FLASK_DEBUG", "DJANGO_SETTINGS_MODULE", "NODE_OPTIONS",
     "PYTHONUNBUFFERED", "PYTHONHASHSEED", "RUST_LOG", "RUST_BACKTRACE", "GOFLAGS", "GOOS", "GOARCH"}
)  # fmt: skip
"""Variables that hold no credential."""

PARTS = frozenset(
    {"PATH", "VIRTUAL", "VIRTUAL_ENV", "NODE_ENV", "NODE_OPTIONS", "NODE_VERSION", "NODE_PATH", "PYTHON", "PYTHONPATH",
     "CONDA", "NVM", "NVM_DIR", "GOPATH", "GOROOT", "JAVA_HOME", "LANG", "LC_ALL", "XDG", "EDITOR", "CARGO_HOME",
     "RUSTUP", "LD_LIBRARY", "DISPLAY", "COLORTERM", "SHELL", "HOSTNAME", "TMPDIR", "PKG_CONFIG", "RAILS_ENV",
     "FLASK_APP", "FLASK_ENV", "DJANGO_SETTINGS", "RUST_LOG", "LOCALE", "TERM_PROGRAM"}
)  # fmt: skip
"""Words of which no credential's name is made: whatever holds one of them may be shown."""

_GREP = "-e:value --regexp:value -m:value --max-count:value --color:optional"
_COUNTING = ("-c", "--count", "-q", "--quiet", "--silent", "-l", "--files-with-matches", "-L")
_SEARCHING = (*_COUNTING, "-e", "--regexp", "-m", "--max-count", "--color", "-i", "--ignore-case", "-E", "-F", "-G",
              "-P", "-w", "-x", "-o", "--only-matching", "-n", "--line-number", "-s", "-h", "-N")  # fmt: skip
"""Options of a search that show no more than the lines that match: neither their neighbours nor all but them."""
_PASSING = ("sort", "uniq", "head", "tail", "less", "more", "cat", "nl")


def hides_credentials(commands: list[list[Word]]) -> bool:
    """Whether what is left of the environment behind these commands shows no credential."""
    for words in commands:
        name, rest = (words[0].text or "").rpartition("/")[2], words[1:]
        if name in _PASSING and all(_only_shapes(word) for word in rest):
            continue
        leaves = _FILTERS.get(name)
        if leaves is not None and leaves(rest):
            return True
        if name not in _SEARCHES:
            return False  # what a search lets through the next one may hold back
    return False


def picks_out(commands: list[list[Word]]) -> bool:
    """Whether of a description in JSON or lines only parts are left that hold no variables: `jq '.[0].State'`."""
    if not commands or not commands[0]:
        return False
    name, rest = (commands[0][0].text or "").rpartition("/")[2], commands[0][1:]
    if name not in ("jq", *_SEARCHES):
        return hides_credentials(commands)
    arguments = parsed(rest, roles(_GREP))
    texts = [(word.text or "?").lower() for word in (arguments.values("-e", "--regexp") or arguments.operands[:1])]
    if name != "jq":
        is_plain = all(option in _SEARCHING for option, _ in arguments.options)
        return is_plain and all(_names_no_secret(text) and len(text) >= _SHORTEST for text in texts) and bool(texts)
    return all(_names_no_secret(text) and any(letter.isalpha() for letter in text) for text in texts) and bool(texts)


_SHORTEST = 3
"""Letters of a pattern that tells lines apart."""


def _names_no_secret(text: str) -> bool:
    return not any(
        mark in text for mark in ("env", "config", "secret", "key", "token", "pass", "..", "?", "values", "*")
    )


def _only_shapes(word: Word) -> bool:
    """Whether it is an option that writes no file."""
    return word.prefix.startswith("-") and word.text not in ("-", None) and not word.prefix.startswith(("-o", "--o"))


def _search(words: list[Word]) -> bool:
    arguments = parsed(words, roles(_GREP))
    if not all(name in _SEARCHING for name, _ in arguments.options):
        return False
    if arguments.has(*_COUNTING):
        return True
    given = arguments.values("-e", "--regexp")
    patterns = given or arguments.operands[:1]
    if len(arguments.operands) > (not given) or not patterns or any(word.text is None for word in patterns):
        return False
    texts = [word.text or "" for word in patterns]
    if arguments.has("-o", "--only-matching") and all(_is_name(text) for text in texts):
        return True
    return all(_is_harmless(part) for text in texts for part in text.replace("\\|", "|").split("|"))


def _is_name(pattern: str) -> bool:
    """Whether a pattern fits what stands before the sign of equality: `^[A-Z_]*`, `^[^=]*`."""
    inner = pattern.removeprefix("^")
    body, bracket, rest = inner[1:].partition("]")
    if not pattern.startswith("^[") or not bracket or rest.rstrip("=") not in ("", "*", "+", "\\+"):
        return False
    return body == "^=" or (not body.startswith("^") and "=" not in body)


def _is_harmless(pattern: str) -> bool:
    """Whether only variables fit that hold no credential."""
    text = pattern.strip("() ").upper()
    bare = text.removeprefix("^").removesuffix(".*").removesuffix("=").strip("_ ()")
    if bare in PARTS:
        return True
    return text.startswith("^") and text.removesuffix(".*").endswith("=") and bare in HARMLESS


def _fields(words: list[Word]) -> bool:
    """`cut -d= -f1`: the names alone."""
    arguments = parsed(words, roles("-d:value --delimiter:value -f:value --fields:value"))
    mark, field = arguments.value("-d", "--delimiter"), arguments.value("-f", "--fields")
    if not all(
        name in ("-d", "--delimiter", "-f", "--fields", "-s", "--only-delimited") for name, _ in arguments.options
    ):
        return False
    return mark is not None and mark.text == "=" and field is not None and field.text == "1" and not arguments.operands


def _awk(words: list[Word]) -> bool:
    """`awk -F= '{print $1}'`."""
    arguments = parsed(words, roles("-F:value --field-separator:value -v:value"))
    mark = arguments.value("-F", "--field-separator")
    code = ["".join((word.text or "?").split()) for word in arguments.operands]
    return mark is not None and mark.text == "=" and code == ["{print$1}"]


def _sed(words: list[Word]) -> bool:
    """`sed 's/=.*//'`: the values cut off."""
    arguments = parsed(words, roles("-e:value --expression:value"))
    codes = [word.text or "" for word in (arguments.values("-e", "--expression") or arguments.operands)]
    if len(codes) != 1 or len(codes[0]) < len("s/=.*//") or codes[0][0] != "s":
        return False
    parts = codes[0].split(codes[0][1])
    return (
        len(parts) == 4  # noqa: PLR2004 - s/a/b/
        and parts[1] in ("=.*", "=.*$")
        and not set(parts[2]) & set("&\\")
        and parts[3] in ("", "g")
    )


def _counts(words: list[Word]) -> bool:
    del words
    return True


_SEARCHES = ("grep", "egrep", "fgrep", "rg", "ggrep")
NOWHERE = ":"
"""Stands for what is thrown away: `> /dev/null`."""

_FILTERS: dict[str, Callable[[list[Word]], bool]] = {
    "grep": _search, "egrep": _search, "rg": _search, "ggrep": _search, "cut": _fields, "awk": _awk, "gawk": _awk,
    "sed": _sed, "gsed": _sed, "wc": _counts, NOWHERE: _counts,
}  # fmt: skip
