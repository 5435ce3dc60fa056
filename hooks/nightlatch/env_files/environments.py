"""Which environment an env file is for: its name says it, as `.env.production` does."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PRODUCTION = "production"
STAGING = "staging"
TEST = "test"
DEVELOPMENT = "development"
UNKNOWN = ""

WORDS = {
    PRODUCTION: ("production", "prod", "prd", "live"),
    STAGING: ("staging", "stage", "stg", "uat", "preprod", "preproduction", "preview", "qa"),
    TEST: ("test", "tests", "testing", "ci", "e2e", "cypress", "playwright"),
    DEVELOPMENT: ("development", "develop", "devel", "dev", "local", "sandbox"),
}
"""Environment → the words that stand for it, the environment first that counts where a name has two of them:
`.env.production.local` is for production."""

FOLDERS = frozenset(("production", "prod", "staging", "stage", "development", "dev"))
"""Names of folders that say it for a plain `.env` in them."""

BY_WORD = {word: environment for environment, words in WORDS.items() for word in words}
ORDER = tuple(WORDS)

VARIABLES = ("NODE_ENV", "APP_ENV", "RAILS_ENV", "RACK_ENV", "FLASK_ENV", "DJANGO_ENV", "ASPNETCORE_ENVIRONMENT")
"""Variables that hold the name of the environment."""


def environment_of(path: str, own: Mapping[str, str]) -> str:
    """The environment that a file's path names, or UNKNOWN.

    own  the configuration's words and what they stand for; they go before the table above
    """
    folder, _, name = path.rpartition("/")
    words = name.lower().replace("-", ".").replace("_", ".").split(".")
    for word in words:
        if word in own:
            return own[word]
    named = {BY_WORD[word] for word in words if word in BY_WORD}
    if not named:
        last = folder.rpartition("/")[2].lower()
        return own.get(last) or (BY_WORD[last] if last in FOLDERS else UNKNOWN)
    return min(named, key=ORDER.index)


def environment_named(word: str) -> str:
    """The environment that a value of NODE_ENV and its like means, or UNKNOWN."""
    return BY_WORD.get(word.strip().lower(), UNKNOWN)
