"""What stands where a secret would stand and is none: documentation's examples, templates, weak words."""

from __future__ import annotations

import re

ACCOUNTS_FOR_TESTS = """
    ac0974bec39a17e3 59c6995e998f97a5 5de4111afa1a4b94 7c852118294e51e6 47e179ec19748859 8b3a350cf5c34c91
    92db14e403b83dfe 4bbbf85ce3377467 dbda1821b80551c9 2a871d0798f97d79
    4f3edf983ac636a6 6cbed15c793ce576 6370fd033278c143 646f1ce2fdad0e6d add53f9a7e588d00 395df67f0c2d2d9f
    e485d098507f54e7 a453611d9419d0e5 829e924fdf021ba3 b0057716d5917bad
"""
"""The beginnings of the private keys that Hardhat, Anvil and Ganache give to everyone's local chain."""

PUBLISHED = (
    b"y_nbakkc66ryytwuxyeu",  # PagerDuty's reference of its API
    b"eby8vdm02xnocqflquwjpl",  # Azure's storage emulator
    b"c2y6ydjf5/r+ob0n8a7cgv30",  # Azure's Cosmos DB emulator
    b"16c7e42f292c6912e7710c838347ae",  # GitHub's pages on its tokens
    b"1b4a2e77838347a7e420ce178f2e7c69",
    b"4ec39hqlyjwdarjtt1zd",  # Stripe's pages on its interface
    b"bqokikjovbii2hlwgh4o",
    b"17653672481-19874698323-pdfzk",  # Slack's pages on its tokens
    b"cl2fmq.zncjm1xvw7vrze",  # Discord's pages on its interface
    b"cungfq.wuilz7z6hojzve",
    b"aahdqtcvch1vgwjxfseofs",  # Telegram's pages on bots
    b"8m7ws6hcpxvc-dornppy_ucw",  # Cloudflare's pages on its interface
    b"sn3lztjbx6kkg7odcbuaxoo9",
    b"de3ce8ef-33f8-452c-a685",  # Plaid's pages on its interface
    b"ar8aqbm8j_xr9klqmziryqxzg",  # Salesforce's pages on sessions
    b"cfabdegwdoklmawdzdo98xt2",  # Twitch's pages on signing in
    b"mlheaaaaaaa0%2buseid",  # X's pages on signing in
    b"6leixactaaaaagg-vfi1tnrw",  # reCAPTCHA's keys for tests
    b"7ad3773142a66",  # Pusher's pages on signing
    b"dhar4xy7lxsdotmnk",  # Mollie's pages on its interface
    b"4e2b327e2ef5471885cd0bc5",  # Easyship's pages on its interface
    b"e92fb7eb-d882-47a4-a265",  # RFC 8959
    b"aym1sysppbydfgzld3umj1qzkob",  # RFC 7515
    b"01234567-89ab",
    *(key.encode() for key in ACCOUNTS_FOR_TESTS.split()),
)
"""The beginnings, in lower case, of credentials that their providers publish."""

EXAMPLE_PARTS = (
    b"example",
    b"placeholder",
    b"changeme",
    b"redacted",
    b"your_",
    b"your-",
    b"xxxxx",
    b"*****",
    b".....",
    b"000000",
    b"0123456789",
    b"1234567890",
    b"abcdefghi",
    b"x-oauth-basic",
    *PUBLISHED,
)
"""Texts that a random value of some 40 characters holds less often than once in a million times."""

TEMPLATE = (
    rb"%[A-Za-z_][A-Za-z0-9_]{0,60}%|%[sdv@]"
    rb"|\{[^{}]{0,80}\}|<[^<>]{0,80}>|\[[^\[\]]{0,80}\]"
    rb"|[A-Z]{2,20}(?:_[A-Z]{2,20}){1,6}|__[A-Za-z0-9_]{1,60}__|(?:process\.env|os\.environ)[^;]{0,80}"
)
"""A value that is a place to fill in, from end to end."""

REFERENCE = (
    rb"(?i:ENC[\[(]|%env\(|\{cipher\}|!\[|\$ANSIBLE_VAULT|@Microsoft\.KeyVault\(|ref\+[a-z]{2,30}:|arn:aws|projects/"
    rb"|(?:vault|secretref|secret|keyvault|keyring|ssm|asm|kms|sops|env|file|awssm|gcpsm|azurekv):"
    rb"|[a-z][a-z0-9+.-]{1,20}://|/(?:var/)?run/secrets/|/mnt/secrets|/vault/secrets/"
    rb"|!(?:Sub|Ref|GetAtt|Join|ImportValue|FindInMap|secret|vault|env|env_var|reference)\b)"
)
"""How a value begins that is encrypted, or that says where the secret is kept."""

DOLLAR_NAME = re.compile(rb"\$([A-Za-z_][A-Za-z0-9_]{0,60})")
NAMES_OF_VARIABLES = (
    b"pass", b"pwd", b"pw", b"secret", b"token", b"key", b"cred", b"user", b"login", b"auth", b"account",
    b"db", b"sql", b"mongo", b"redis", b"rabbit", b"host", b"server", b"url", b"uri", b"port", b"conn",
    b"env", b"conf", b"cfg", b"var", b"val", b"arg", b"param", b"opt", b"data", b"str", b"name",
)  # fmt: skip
LEAST_AFTER_DOLLAR = 8

TEMPLATE_PARTS = (
    rb"\$\{[^}]{0,100}\}|\$\([^)]{0,100}\)|^\$\(|\{\{[^}]{0,100}|#\{[^}]{0,100}\}"
    rb"|%\{[^}]{0,100}\}|%\([a-z_]{1,40}\)s|<%|\$\[\["
)
"""A variable within a value. The end may be missing, where a blank inside it has cut the value off."""

WORDS = frozenset(
    b"""
    a abc access an admin administrator apikey app auth bar baz changeit changeme changethis credential credentials db
    dbpass
    dbpassword default demo dev devpassword dummy dummypass example fake foo foobar guest hello hidden hunter key
    letmein login my masked mypass mypassword mysecret mysecretpassword mysql name none null one pass passphrase passwd
    password postgres postgresql private pswd pw pwd qwerty rabbitmq redacted redis removed root sa sample secret
    secretpassword secure secured string supersecret test the three two tester testing testpass testpassword testuser
    todo token topsecret undefined user username userpass userpassword value welcome word xxx your yourpassword
    yoursecret
    """.split()
)
"""Words that stand in the place of a password in documentation, tests and development set-ups."""

FILLERS = frozenset(
    b"""
    any be but easy email for git goes good here http https in is it local long mail must new no not of old on only our
    please proxy random real really safe server service short should simple some strong super that there this
    to top unique very with
    """.split()
)
"""What such words are put together with: `yourTopSecretPassword`, `passwd-on-proxy`."""

LONGEST_PHRASE = 60

LETTERS_OR_SPACE = bytes(byte if byte in b"abcdefghijklmnopqrstuvwxyz" else 32 for byte in range(256))
SPOKEN = bytes.maketrans(b"013457@$!", b"oleastasi")
"""Digits and signs that stand for letters, as in `p@ssw0rd`."""
LEAST_LENGTH = 4
LEAST_DISTINCT = 4
"""A password with fewer than one distinct character in so many is a row of the same."""
ENOUGH = 40
"""A longer one, such as a token, needs no more distinct characters than one of this length."""

LOCAL_HOSTS = (b"localhost", b"host.docker.internal", b"0.0.0.0", b"[::1]", b"::1")
LOCAL_ENDINGS = (b".localhost", b".local", b".internal", b".svc", b".svc.cluster.local")
KEYBOARD_ROWS = (b"abcd", b"qwer", b"asdf", b"zxcv", b"tyui", b"ghjk", b"1234", b"5678")
MOST_BESIDE_A_ROW = 3
"""How many characters may stand beside runs along the keyboard in a password that is typed, not chosen."""

DOCUMENTATION_HOSTS = frozenset((b"host", b"hostname", b"server", b"domain", b"address", b"ip", b"example"))
DOCUMENTATION_DOMAINS = (b"example.com", b"example.org", b"example.net", b"example", b"invalid", b"test")


def is_example(value: bytes) -> bool:
    """Whether a provider's credential is one that documentation shows."""
    lowered = value.lower()
    return any(part in lowered for part in EXAMPLE_PARTS)


def is_template(value: bytes) -> bool:
    """Whether the value is filled in later or kept elsewhere: `${PASSWORD}`, `<password>`, `vault:app#db`, `ENC[…]`."""
    return bool(
        is_variable(value)
        or re.fullmatch(TEMPLATE, value)
        or re.match(REFERENCE, value)
        or re.search(TEMPLATE_PARTS, value)
    )


def is_variable(value: bytes) -> bool:
    """Whether a value is `$NAME`.

    Which languages replace it can't be seen, so the name decides: one in capitals always is a variable's. With
    small letters it is a password where it has a digit and no word that such a variable's name would have:
    `$Monsoon42`, but not `$dbPassword2` and not `$monsoon`.
    """
    found = DOLLAR_NAME.fullmatch(value)
    if found is None:
        return False
    name = found[1]
    lowered = name.lower()
    return (
        name == name.upper()
        or lowered.translate(None, b"0123456789") == lowered
        or len(name) < LEAST_AFTER_DOLLAR
        or any(part in lowered for part in NAMES_OF_VARIABLES)
    )


def is_weak(password: bytes, user: bytes = b"") -> bool:
    """Whether a password is a placeholder, a well-known default or the user's own name."""
    lowered = password.lower()
    words = _words(lowered)
    return (
        len(password) < LEAST_LENGTH
        or lowered == user.lower()
        or all(word in WORDS for word in words)
        or b"".join(words) in WORDS
        or b"".join(_words(lowered.translate(SPOKEN))) in WORDS
        or _is_phrase(words)
        or _is_along_the_keyboard(lowered)
        or len(set(lowered)) <= min(len(lowered), ENOUGH) // LEAST_DISTINCT
        or is_example(password)
    )


def _is_phrase(words: list[bytes]) -> bool:
    """Whether runs of letters are such words and fillers from end to end, and not fillers alone."""
    return (
        sum(map(len, words)) <= LONGEST_PHRASE
        and all(_is_made_of(run, WORDS | FILLERS) for run in words)
        and not all(_is_made_of(run, FILLERS) for run in words)
    )


def _is_made_of(run: bytes, known: frozenset[bytes]) -> bool:
    """Whether words of a set, of two letters at least, follow each other through a run of letters."""
    reached = [0]
    for end in range(2, len(run) + 1):
        if any(end - start > 1 and run[start:end] in known for start in reached):
            reached.append(end)
    return reached[-1] == len(run)


def _is_along_the_keyboard(lowered: bytes) -> bool:
    rest = lowered
    for row in KEYBOARD_ROWS:
        rest = rest.replace(row, b"")
    return len(rest) <= MOST_BESIDE_A_ROW and rest != lowered


def _words(lowered: bytes) -> list[bytes]:
    """The runs of letters of a lower-case text."""
    return lowered.translate(LETTERS_OR_SPACE).split()


def is_local(host: bytes) -> bool:
    """Whether a host is this machine, or a bare name as containers give it."""
    lowered = host.lower()
    bare = b"." not in lowered and b":" not in lowered
    return lowered.startswith(b"127.") or lowered in LOCAL_HOSTS or lowered.endswith(LOCAL_ENDINGS) or bare


def is_documentation(host: bytes) -> bool:
    """Whether a host is reserved for documentation, or a word in its place."""
    lowered = host.lower()
    under = any(lowered == domain or lowered.endswith(b"." + domain) for domain in DOCUMENTATION_DOMAINS)
    return lowered in DOCUMENTATION_HOSTS or under
