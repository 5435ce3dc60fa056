"""What a file is by its name: an env file, a template of one, or another file that holds credentials.

Asked of every name that the walk meets, so it imports nothing.
"""

from __future__ import annotations

ALWAYS = ""
UNLESS_ENCRYPTED = "unless encrypted"
WITH_SECRETS = "with secrets"


class Kind:
    """A kind of file.

    label     how messages call it, with its article
    marks     bytes of which a file of this kind holds one where it is a secret; none: its name says enough
    is_env    whether it is an env file: only such a file must be ignored by git
    is_dotenv whether it is written as `NAME=value` lines
    counts    when a file of this name counts: ALWAYS, UNLESS_ENCRYPTED, or only WITH_SECRETS
    """

    __slots__ = ("counts", "is_dotenv", "is_env", "label", "marks")

    def __init__(
        self,
        label: str,
        marks: tuple[bytes, ...] = (),
        *,
        is_env: bool = False,
        is_dotenv: bool = False,
        counts: str = ALWAYS,
    ) -> None:
        self.label = label
        self.marks = marks
        self.is_env = is_env
        self.is_dotenv = is_dotenv
        self.counts = counts


ENV = Kind("an env file", is_env=True, is_dotenv=True)
ENV_OTHER = Kind("an env file", is_env=True)
ENV_ENCRYPTED = Kind("an env file", is_env=True, is_dotenv=True, counts=UNLESS_ENCRYPTED)
ENV_BY_OTHER_NAME = Kind("an env file", is_env=True, is_dotenv=True, counts=WITH_SECRETS)
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
"""A part that says its values are encrypted, and so made to be committed: its content must say it too."""

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

OTHER_FORMATS = frozenset(("json", "yaml", "yml", "toml", "ini", "ps1", "bat", "cmd", "fish", "nu", "xml", "php"))
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
    "jks": KEY_STORE,
    "keystore": KEY_STORE,
}

KEY_NAMES = ("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519")
"""What the names of SSH keys begin with, as `id_ed25519_work`."""

VARS = ".dev.vars"
"""The env file of Cloudflare's wrangler, which may have an environment behind it."""

FOLDER_OF_ENV_FILES = "/.envs/"
"""A folder whose files are env files under any name, as Cookiecutter Django has it."""

SEPARATORS = str.maketrans(dict.fromkeys("-_~ ()@+,", "."))
RUN_COMMANDS = ".env-cmdrc"
"""The file of env-cmd, in JSON."""

SIGNS = (
    "env",
    "npmrc",
    "netrc",
    "pypirc",
    ".pgpass",
    "credentials",
    "id_",
    ".dev.vars",
    *(f".{suffix}" for suffix in BY_SUFFIX),
)
"""Of these texts every name of interest holds one, in small letters; few others do."""


def kind_at(path: str) -> Kind | None:
    """The kind of a file by its path; None for what is of no interest here."""
    kind = kind_of(path.rpartition("/")[2])
    if kind is None and FOLDER_OF_ENV_FILES in f"/{path}":
        return _kind_in_a_folder_of_env_files(path.rpartition("/")[2].lower())
    return kind


def kind_of(name: str) -> Kind | None:
    """The kind of a file by its name without folders; None for what is of no interest here."""
    lower = name.lower()
    if lower.startswith(".env"):
        return _kind_of_env(lower)
    if lower.startswith(VARS) and lower[len(VARS) : len(VARS) + 1] in ("", "."):
        return TEMPLATE if _words(lower) & TEMPLATE_WORDS else ENV
    _, dot, suffix = lower.rpartition(".")
    known = BY_NAME.get(lower) or (BY_SUFFIX.get(suffix) if dot else None) or _kind_of_bare_template(lower)
    if known is not None:
        return known
    if dot and suffix == "env":
        return None if _words(lower) & TEMPLATE_WORDS else ENV_BY_OTHER_NAME
    is_key = lower.startswith(KEY_NAMES) and suffix not in CODE_SUFFIXES and suffix not in OTHER_FORMATS
    return PRIVATE_KEY if is_key else None


def _kind_of_env(lower: str) -> Kind | None:
    """The kind of a name that begins with `.env`, in small letters."""
    words = _words(lower)
    if lower == ".envrc" or lower.startswith(".envrc."):
        return TEMPLATE if words & TEMPLATE_WORDS else ENV_ENCRYPTED if words & ENCRYPTED_WORDS else DIRENV
    if lower[4:5].isalpha():
        return None  # .environment, .envoy
    last = lower.rpartition(".")[2]
    if last in CODE_SUFFIXES:
        return None
    if words & TEMPLATE_WORDS:
        return None if last in OTHER_FORMATS else TEMPLATE
    if words & ENCRYPTED_WORDS:
        return ENV_ENCRYPTED
    return ENV_OTHER if last in OTHER_FORMATS or lower == RUN_COMMANDS else ENV


def _kind_in_a_folder_of_env_files(lower: str) -> Kind | None:
    is_other = lower.rpartition(".")[2] in CODE_SUFFIXES or _words(lower) & TEMPLATE_WORDS
    return None if is_other else ENV_BY_OTHER_NAME


def _words(lower: str) -> set[str]:
    """`production` and `example` of `.env.production-example`."""
    return set(lower.translate(SEPARATORS).split("."))


def _kind_of_bare_template(lower: str) -> Kind | None:
    return TEMPLATE if lower in TEMPLATE_NAMES else None
