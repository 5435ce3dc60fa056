"""Text for a log: what stands where a credential usually stands is masked, whatever it looks like.

This goes by names alone: of variables and options, and of programs that take a password in an option of their own.
Credentials that are known by their form are masked by whoever found them, before. Each pattern is compiled only
where one of its words is met, since a process masks one text and ends.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CHARACTERS = 8000
"""So much is looked at; the rest is left out."""

MASK = "***"

_KEY = (
    r"(?:api[_-]?key|access[_-]?key|private[_-]?key|passw(?:or)?d|passwd|passphrase|(?<!\$)pwd|secret|token|credential"
    r"|auth(?!or))"
)
_NAME = rf"[\w.-]{{0,60}}{_KEY}[\w.-]{{0,60}}"
_QUOTED = r"\\[\"'][^\"'\\\n]*\\[\"']|\"[^\"\n]*\"|'[^'\n]*'"
_WORD = rf"(?:{_QUOTED}|[^\s\"'])+"
_VALUE = rf"(?!-){_WORD}"
"""A word that is no option. Nothing may stand behind it in a pattern, so that it never has to be tried anew."""

_REST = r"(?:\"[^\"\n]*\"|'[^'\n]*'|[^|;&\n\"'])*"
"""The rest of one command: up to a sign that ends it, which a quoted text may hold."""

_READS_IT = r"(?:-stdin|--with-token|\bsudo\s[^|;&\n]{0,40}-\w*S|passwd\b|--passphrase-fd|\bsecrets?\b)"
"""What a program is called with that reads a password from its standard input."""

KEY_WORDS = ("key", "pass", "pwd", "secret", "token", "credential", "auth")

PATTERNS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("://",), r"(://[^\s/:@]{0,100}:)([^\s/@]{1,500})(?=@)"),
    (("://",), r"(://)([^\s/:@]{20,500})(?=@)"),
    (
        ("-u", "u ", "user", "--auth", "-a"),
        r"((?:\s|^)(?:-[a-z]{0,8}u|--(?:proxy-)?user|-a|--auth)[ =]?[\"']?[^\s:\"'/]{1,100}:(?!//|\d+\b))([^\s\"']+)",
    ),
    (("bearer", "basic"), r"\b((?:bearer|basic)\s{1,4})([^\s\"']+)"),
    (("cookie",), r"(\bcookie:\s{0,4})([^\"'\n]+)"),
    (("auth",), rf"(\bauth\s{{0,4}}=\s{{0,4}}\(\s{{0,4}}(?:{_QUOTED})\s{{0,4}},\s{{0,4}})({_QUOTED})"),
    (KEY_WORDS, rf"(--?{_NAME}\s{{1,4}})({_VALUE})"),
    (KEY_WORDS, rf"({_NAME}[\"']?\s{{0,4}}[=:]\s{{0,4}}(?:bearer |basic )?)({_QUOTED}|[^\s\"'&;,}}(]+)"),
    (KEY_WORDS, rf"(\bset\s{{1,4}}[^\s=]{{0,100}}{_KEY}[\w.-]{{0,60}}\s{{1,4}})({_VALUE})"),
    (("password", "identified"), rf"(\b(?:password|identified\s{{1,4}}(?:with\s\S{{1,40}}\s)?by)\s{{1,4}})({_QUOTED})"),
    (("/p",), r"(\s/p(?:ass(?:word)?)?:)(\S+)"),
    (("securestring",), rf"(\bconvertto-securestring\s{{1,4}}(?:-string\s{{1,4}})?)({_VALUE})"),
    (
        ("stdin", "with-token", "sudo", "passwd", "passphrase-fd", "secret"),
        rf"(\b(?:echo|printf)\s)([^|;&\n]{{1,500}})(?=\|[^|;&\n]{{0,200}}{_READS_IT})",
    ),
    (("<<<",), rf"(\b(?:passwd|chpasswd|pass|secrets?|login)\b[^|;&\n]{{0,200}}<<<\s{{0,4}})({_VALUE})"),
)
"""Words, of which one must be there, and where a value stands: behind the first group, as the second."""

OPTIONS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("sshpass", ("sshpass",), "-p"),
    ("(?:redis|keydb|valkey)-cli", ("-cli",), "-a|--pass"),
    (r"(?:docker|podman|nerdctl|registry|az|cf|oc|helm)\s+(?:registry\s+)?login", ("login",), "-p"),
    ("mongo[a-z]*", ("mongo",), "-p"),
    ("(?:sqlcmd|bcp|osql|isql)", ("sqlcmd", "bcp", "osql", "isql"), "-P"),
    ("openssl", ("openssl",), "-passin|-passout|-pass|-k|-K"),
    ("(?:zip|unzip|zipcloak)", ("zip",), "-P"),
    ("(?:7za?|7zz|7zr|rar|unrar)", ("7z", "rar"), "-h?p(?=\\S)"),
    ("lftp", ("lftp",), "-u\\s+[\"']?[^,\\s]{1,60},"),
    ("(?:smbclient|rpcclient|mount)", ("smb", "rpcclient", "mount"), "-U\\s+[\"']?[^%\\s]{1,60}%"),
    ("ldap[a-z]+", ("ldap",), "-w"),
    ("(?:twine|snowsql|cqlsh|rdesktop|ftp|ncftp[a-z]*)", ("twine", "snowsql", "cqlsh", "rdesktop", "ftp"), "-p"),
    ("ssh-keygen", ("ssh-keygen",), "-N|-P"),
    ("(?:keytool|jarsigner|apksigner)", ("keytool", "signer"), "-storepass|-keypass|-srcstorepass|-deststorepass"),
    ("(?:ipmitool|mosquitto_[a-z]+)", ("ipmitool", "mosquitto"), "-P"),
    ("security", ("security",), "-w|-p"),
    ("(?:secrets?|variable|put-parameter)", ("secret", "variable", "put-parameter"),
     "-b|--body|--value|--secret-string|--from-literal=[^=\\s]{1,100}="),
    ("(?:doppler|fly|flyctl|heroku)", ("doppler", "fly", "heroku"), r"[A-Z][A-Z0-9_]{0,60}="),
    ("nmcli", ("nmcli",), "password"),
    (r"rabbitmqctl\s+(?:add_user|change_password)", ("rabbitmqctl",), r"(?<=_user\s|sword\s)\S{1,60}\s+"),
    ("vault", ("vault",), "login"),
    (r"net\s+use", ("net use",), r"/user:\S{1,60}\s+"),
    (r"(?:sqlplus|expdp|impdp|sqlldr)", ("sqlplus", "expdp", "impdp", "sqlldr"), r"[^\s/@-][^\s/@]{0,60}/"),
    ("htpasswd", ("htpasswd",), r"(?:-\S+\s+)*\S+\s+\S+\s+"),
)  # fmt: skip
"""Programs that take a password in their own way: the program, words of which one must be there, and its options."""

ATTACHED = (("(?:mysql|mariadb)[a-z-]{0,20}", ("mysql", "mariadb"), "-p"),)
"""Programs whose option takes a password only where it follows at once."""


def redacted(text: str) -> str:
    """The text with masked values."""
    text = text[:MOST_CHARACTERS]
    lowered = text.lower()
    for words, pattern in PATTERNS:
        if _any(words, lowered):
            text = re.sub(f"(?i){pattern}", rf"\g<1>{MASK}", text)
    for programs, words, options in OPTIONS:
        if _any(words, lowered):
            text = _in_commands(text, programs, rf"(\s(?:{options})[=:]?\s{{0,4}}(?:pass:)?)({_VALUE})")
    for programs, words, options in ATTACHED:
        if _any(words, lowered):
            text = _in_commands(text, programs, rf"(\s(?:{options}))({_WORD})")
    return text


def _any(words: Sequence[str], text: str) -> bool:
    return any(word in text for word in words)


def _in_commands(text: str, programs: str, pattern: str) -> str:
    """The text with what a pattern says masked in the commands of some programs."""
    inner = re.compile(pattern)
    return re.sub(rf"(?i:\b{programs})\b{_REST}", lambda found: inner.sub(rf"\g<1>{MASK}", found[0]), text)
