"""What the name of a variable says about its value: the words are data."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SECRET_WORDS = _words(
    "SECRET SECRETS PASSWORD PASSWORDS PASSWD PASSPHRASE PASS PWD TOKEN TOKENS CREDENTIAL CREDENTIALS APIKEY APIKEYS"
    " APITOKEN SALT PEPPER PAT PASSWORT PRIVATEKEY SECRETKEY"
)
"""Words that make a name one of a secret."""

PASSWORD_WORDS = _words("PASSWORD PASSWORDS PASSWD PASSPHRASE PASS PWD")

GLUED = ("PASSWORD", "PASSWD", "SECRET", "TOKEN", "APIKEY")
"""Words that others are glued to: `PGPASSWORD`, `CLIENTSECRET`."""

KEY_WORDS = _words("KEY KEYS")
"""A name that ends with one of these is a secret's, unless a word below speaks against it."""

PUBLIC_WORDS = _words(
    "PUBLIC PUBLISHABLE ANON ANONYMOUS SITE SITEKEY PUB PRIMARY FOREIGN CACHE STORAGE SORT PARTITION"
    " HOT KEYBOARD STOREFRONT MEASUREMENT IDEMPOTENCY OBJECT QUERY INDEX LANGUAGE TRANSLATION GROUP KEYED"
    " FEATURE FLAG THROTTLE RATE QUOTA BUCKET"
)
"""Words of names whose keys everyone may know, or that name no credential."""

NOT_A_SECRET_LAST = _words(
    "URL URI URLS PATH FILE FILENAME DIR DIRECTORY FOLDER NAME NAMES USERNAME USER EMAIL ID IDS LENGTH MIN MAX SIZE"
    " BYTES EXPIRY EXPIRES EXPIRE EXPIRATION IN TTL TIMEOUT LIFETIME LIFESPAN DURATION AGE MAXAGE ENABLED ENABLE"
    " DISABLED DISABLE REQUIRED ALLOWED POLICY HEADER PREFIX SUFFIX ALGORITHM ALG TYPE ROUNDS COST LIMIT LIMITS COUNT"
    " NUMBER ISSUER ISS AUDIENCE AUD ENDPOINT HOST PORT DOMAIN SERVER FIELD HINT LABEL VERSION REGION ARN ROTATION DAYS"
    " HOURS MINUTES MINS SECONDS SECS MS MODE PROVIDER BACKEND STORE STRATEGY FORMAT ENCODING CLAIM SCOPE SCOPES"
    " WINDOW USAGE INTERVAL COOKIE METHOD RESET LOGIN BUDGET REQUESTS STRENGTH REGEX PATTERN RETRIES CLASS ENTROPY"
    " SOURCE MANAGER DRIVER ENGINE ALIAS COLUMN TABLE PER"
)
"""Last words that say something about a secret and not the secret."""

NOT_A_SECRET_FIRST = _words("ENABLE DISABLE ALLOW REQUIRE USE HAS IS SHOW HIDE SKIP FORCE MAX MIN NUM")

TOO_SHORT = _words("PASS PWD KEY KEYS OLDPWD")
"""Names that say too little; two of them are the shell's own."""

OWN_CHOICE_WORDS = _words(
    "JWT SESSION SESSIONS COOKIE COOKIES NEXTAUTH ENCRYPTION ENCRYPT CIPHER SIGNING SIGNATURE SALT PEPPER CSRF XSRF"
    " HMAC HASH MASTER MAGIC CRON INTERNAL PAYLOAD REVALIDATE REVALIDATION PREVIEW DRAFT KEYS"
)
"""Words of secrets that a team makes itself: whoever guesses one can sign or open what it protects."""

OWN_CHOICE_NAMES = _words(
    "SECRET SECRET_KEY SECRET_KEY_BASE APP_KEY APP_SECRET AUTH_SECRET AUTH_KEY APP_SECRET_KEY DJANGO_SECRET_KEY"
    " FLASK_SECRET_KEY RAILS_MASTER_KEY TOKEN_SECRET ACCESS_TOKEN_SECRET REFRESH_TOKEN_SECRET API_SECRET_KEY"
    " SERVER_SECRET UTILS_SECRET BETTER_AUTH_SECRET WEBHOOK_SIGNING_SECRET"
)

PUBLIC_PREFIXES = (
    "NEXT_PUBLIC_",
    "VITE_",
    "REACT_APP_",
    "EXPO_PUBLIC_",
    "PUBLIC_",
    "NUXT_PUBLIC_",
    "GATSBY_",
    "VUE_APP_",
    "STORYBOOK_",
    "NG_APP_",
)
"""Prefixes of variables that a bundler writes into the code that browsers load."""

PUBLISHED_WORDS = _words("SECRET SECRETS PASSWORD PASSWD PASSPHRASE CREDENTIALS PRIVATE SERVICE_ROLE")
"""Words that no published variable should have."""

SERVER_VENDORS = _words(
    "OPENAI ANTHROPIC CLAUDE GROQ MISTRAL COHERE REPLICATE HUGGINGFACE HF DEEPSEEK PERPLEXITY TOGETHER FIREWORKS"
    " ELEVENLABS EXA TAVILY APIFY PINECONE SENDGRID RESEND MAILGUN POSTMARK TWILIO GITHUB GITLAB AWS NPM VERCEL"
    " NETLIFY CLERK_SECRET UPSTASH NEON"
)
"""Vendors whose keys are all for servers."""

PRIVATE_KEY = "PRIVATE_KEY"
"""Two words that make a name one of a secret, whatever follows: `DOTENV_PRIVATE_KEY_PRODUCTION`."""

PRODUCTION_WORDS = _words("PROD PRODUCTION LIVE")
SPLIT = re.compile(r"[_.-]+")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

PASSWORD = "password"  # noqa: S105 - the name of a class of secrets
OWN_CHOICE = "own-choice"
VENDOR = "vendor"
NONE = ""


def words_of(key: str) -> list[str]:
    """`DATABASE`, `URL` of `DATABASE_URL`, `databaseUrl`."""
    return [word for word in SPLIT.split(CAMEL.sub("_", key).upper()) if word]


def public_prefix(key: str) -> str:
    """The prefix that publishes a variable, or nothing."""
    return next((prefix for prefix in PUBLIC_PREFIXES if key.startswith(prefix) and key != prefix), "")


def secret_class(key: str) -> str:
    """What kind of secret a variable of this name holds: PASSWORD, OWN_CHOICE, VENDOR, or NONE."""
    words = words_of(key)
    if not words or words[-1] in NOT_A_SECRET_LAST or words[0] in NOT_A_SECRET_FIRST:
        return NONE
    known = {*words, *(end for word in words for end in GLUED if word.endswith(end))}
    is_named = known & SECRET_WORDS or words[-1] in KEY_WORDS or PRIVATE_KEY in "_".join(words)
    if known & PUBLIC_WORDS or not is_named:
        return NONE
    if "_".join(words) in TOO_SHORT:
        return NONE
    if "_".join(words) in OWN_CHOICE_NAMES:
        return OWN_CHOICE
    if known & PASSWORD_WORDS:
        return PASSWORD
    is_own = bool(known & OWN_CHOICE_WORDS) or words[-2:] == ["AUTH", "SECRET"]
    return OWN_CHOICE if is_own and "TOKEN" not in words[-1:] else VENDOR


def is_secret_though_published(key: str, prefix: str) -> bool:
    """Whether a variable that browsers get is named like one that they must not get."""
    words = words_of(key[len(prefix) :])
    if not secret_class(key[len(prefix) :]):
        return False
    known = set(words)
    if "TOKEN" in known and "AUTH" in known:
        return True
    return bool(known & PUBLISHED_WORDS or known & SERVER_VENDORS) or {"SERVICE", "ROLE"} <= known
