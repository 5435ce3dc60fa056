"""What a file is by its name: an env file, a template of one, or another file that holds credentials.

Asked of every name that the walk meets, so it imports nothing.
"""

from __future__ import annotations


class Kind:
    """A kind of file.

    label     how messages call it, with its article
    marks     bytes of which a file of this kind holds one where it is a secret; none: its name says enough
    is_env    whether it is an env file: only such a file must be ignored by git
    is_dotenv whether it is written as `NAME=value` lines
    """

    __slots__ = ("is_dotenv", "is_env", "label", "marks")

    def __init__(
        self, label: str, marks: tuple[bytes, ...] = (), *, is_env: bool = False, is_dotenv: bool = False
    ) -> None:
        self.label = label
        self.marks = marks
        self.is_env = is_env
        self.is_dotenv = is_dotenv


ENV = Kind("an env file", is_env=True, is_dotenv=True)
ENV_OTHER = Kind("an env file", is_env=True)
TEMPLATE = Kind("a template of an env file", is_dotenv=True)
DIRENV = Kind("a direnv file")
PRIVATE_KEY = Kind("a private key", (b"PRIVATE KEY", b"Private-Lines:"))
KEY_STORE = Kind("a key store")
NPMRC = Kind("an .npmrc with a credential", (b"_authToken", b"_auth=", b"_auth =", b"_password"))
LOGIN = Kind("a file of logins", (b"password",))
CREDENTIALS = Kind("a file of credentials")
CONFIGURED = Kind("a file that the configuration names as secret")

TEMPLATE_WORDS = frozenset(
    (
        "example",
        "examples",
        "sample",
        "samples",
        "template",
        "templates",
        "tmpl",
        "tpl",
        "dist",
        "default",
        "defaults",
        "schema",
        "spec",
        "skel",
        "skeleton",
        "placeholder",
    )
)
"""A part of an env file's name that says it holds no value of anyone's."""

ENCRYPTED_WORDS = frozenset(("vault", "enc", "encrypted", "age", "gpg", "pgp", "asc", "sops"))
"""A part that says its values are encrypted: it is made to be committed."""

CODE_SUFFIXES = frozenset(
    (
        "ts",
        "tsx",
        "mts",
        "cts",
        "js",
        "jsx",
        "mjs",
        "cjs",
        "py",
        "rb",
        "php",
        "go",
        "rs",
        "java",
        "kt",
        "swift",
        "dart",
        "ex",
        "exs",
        "md",
        "mdx",
        "rst",
        "html",
        "css",
        "scss",
        "svg",
        "png",
        "map",
        "snap",
        "lock",
        "pub",
        "erb",
        "j2",
        "jinja",
        "jinja2",
        "hbs",
        "ejs",
        "mustache",
        "gotmpl",
    )
)
"""What a name ends with that is code or prose, or a form that is filled in elsewhere, and no env file."""

OTHER_FORMATS = frozenset(("json", "yaml", "yml", "toml", "ini", "ps1", "bat", "cmd", "fish", "nu", "xml"))
"""An env file that isn't written as `NAME=value` lines."""

TEMPLATE_NAMES = frozenset(
    f"{one}{sign}{other}"
    for sign in ".-_"
    for word in ("example", "sample", "template", "dist")
    for one, other in (("env", word), (word, "env"))
)
"""Templates without a dot in front: `env.example`, `sample.env`."""

BY_NAME = {
    ".envrc": DIRENV,
    ".npmrc": NPMRC,
    ".netrc": LOGIN,
    "_netrc": LOGIN,
    ".pypirc": LOGIN,
    ".pgpass": CREDENTIALS,
    ".git-credentials": CREDENTIALS,
    "credentials.json": CREDENTIALS,
    "id_rsa": PRIVATE_KEY,
    "id_dsa": PRIVATE_KEY,
    "id_ecdsa": PRIVATE_KEY,
    "id_ed25519": PRIVATE_KEY,
}
BY_SUFFIX = {
    "pem": PRIVATE_KEY,
    "key": PRIVATE_KEY,
    "p8": PRIVATE_KEY,
    "ppk": PRIVATE_KEY,
    "p12": KEY_STORE,
    "pfx": KEY_STORE,
}

SIGNS = ("env", "npmrc", "netrc", "pypirc", ".pgpass", "credentials", "id_", *(f".{suffix}" for suffix in BY_SUFFIX))
"""Of these texts every name of interest holds one, in small letters; few others do."""


def kind_of(name: str) -> Kind | None:
    """The kind of a file by its name without folders; None for what is of no interest here."""
    lower = name.lower()
    if lower.startswith(".env"):
        return _kind_of_env(lower)
    _, dot, suffix = lower.rpartition(".")
    return BY_NAME.get(lower) or (BY_SUFFIX.get(suffix) if dot else None) or _kind_of_bare_template(lower)


def _kind_of_env(lower: str) -> Kind | None:
    """The kind of a name that begins with `.env`, in small letters."""
    if lower == ".env":
        return ENV
    if lower == ".envrc" or lower.startswith(".envrc."):
        words = _words(lower)
        return TEMPLATE if words & TEMPLATE_WORDS else None if words & ENCRYPTED_WORDS else DIRENV
    if lower[4] not in ".-_~":
        return None  # .environment, .envoy
    words = _words(lower)
    last = lower.rpartition(".")[2]
    if last in CODE_SUFFIXES or words & ENCRYPTED_WORDS:
        return None
    if words & TEMPLATE_WORDS:
        return None if last in OTHER_FORMATS else TEMPLATE
    return ENV_OTHER if last in OTHER_FORMATS else ENV


def _words(lower: str) -> set[str]:
    """`production` and `example` of `.env.production-example`."""
    return set(lower.replace("-", ".").replace("_", ".").replace("~", ".").split("."))


def _kind_of_bare_template(lower: str) -> Kind | None:
    return TEMPLATE if lower in TEMPLATE_NAMES else None
