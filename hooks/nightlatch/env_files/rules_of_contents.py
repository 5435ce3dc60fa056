"""The rules about what stands in env files and in their templates."""

from __future__ import annotations

from nightlatch.core.rule import WARNING, Rule

DUPLICATE = Rule(
    id="ENV101",
    name="env-duplicate-key",
    summary="A variable is set twice in the same file",
    why="Most readers take the last, some the first: whoever mends the other one changes nothing, and doesn't see why.",
    fix="Delete one of the two lines.",
)

SYNTAX = Rule(
    id="ENV102",
    name="env-syntax",
    summary="A line that readers of env files don't understand",
    why="Most drop such a line without a word, or take the next ones for a part of it: the variable is then not set.",
    fix="Write it as NAME=value, with quotes around a value that has blanks or signs, and close what is open.",
)

COMMAND = Rule(
    id="ENV103",
    name="env-command-substitution",
    summary="A command stands in a value",
    why="dotenvx and every shell run it while they read the file: whoever may write a value may run a program.",
    fix="Put the command's result there. Where the text is meant as it stands, put it in single quotes.",
)

NOT_PORTABLE = Rule(
    id="ENV104",
    name="env-not-portable",
    severity=WARNING,
    summary="Readers of env files disagree on a value",
    why="The same file gives one password to the application and another to the container or the script beside it.",
    fix="Write the value so that all agree: single quotes around it, without backslashes or `$`. "
    "Where one reader alone reads it, name that in .nightlatch.yaml: env-files: {dialect: …}.",
)

PLACEHOLDER = Rule(
    id="ENV105",
    name="env-placeholder",
    summary="A secret is a placeholder, or a value that everyone knows",
    why="Who knows the template or the usual defaults can sign in, or sign tokens that count.",
    fix="Put a value of your own there, such as what `openssl rand -hex 32` gives, or leave it empty for now.",
)

FORMAT = Rule(
    id="ENV106",
    name="env-value-format",
    summary="A value isn't what its variable needs",
    why="A short signing secret is found by trying; a key of the wrong form is refused when it is needed, or stands "
    "in the wrong place.",
    fix="Put a value of that form there.",
)

REAL_IN_TEMPLATE = Rule(
    id="ENV107",
    name="env-secret-in-template",
    summary="A template holds what looks like a real secret",
    why="A template is committed and copied: everyone who has it has the secret too.",
    fix="Leave the value empty in the template, and replace the secret where it is in use.",
)

SAME_SECRET = Rule(
    id="ENV108",
    name="env-secret-shared",
    summary="Two environments have the same secret",
    why="Whoever gets hold of a developer's file has the keys of the other environment too.",
    fix="Make another secret for one of the two.",
)

PRODUCTION_IN_DEVELOPMENT = Rule(
    id="ENV109",
    name="env-production-in-development",
    summary="A development or test file leads to production",
    why="A test that deletes, mails or charges then does so to customers; and a developer's machine holds the keys.",
    fix="Put development's own value there: a test key, another host.",
)

DEBUG_IN_PRODUCTION = Rule(
    id="ENV110",
    name="env-debug-in-production",
    summary="A production file switches on what belongs to development",
    why="Debug modes show traces, settings and secrets to whoever makes an error happen, and switch checks off.",
    fix="Switch it off in this file.",
)

LOOSE_IN_PRODUCTION = Rule(
    id="ENV111",
    name="env-local-or-open-in-production",
    severity=WARNING,
    summary="A production file holds an address of this machine, one without TLS, or `*`",
    why="Left over from development it leads nowhere, goes over the network in the clear, or lets everyone in.",
    fix="Put production's own address there, with https, and name the hosts that may call.",
)

SAME_DATABASE = Rule(
    id="ENV112",
    name="env-database-shared",
    summary="Two environments use the same database",
    why="What is tried out in development happens to the data of the other environment.",
    fix="Give one of the two a database of its own.",
)

PUBLISHED = Rule(
    id="ENV113",
    name="env-secret-published",
    summary="A secret has a name that bundlers publish",
    why="Variables with this prefix are written into the code that every visitor's browser loads.",
    fix="Rename it without the prefix and read it on the server alone; replace the secret if it was ever built with.",
)

PARITY = Rule(
    id="ENV114",
    name="env-template-parity",
    severity=WARNING,
    summary="The template and an env file don't have the same variables",
    why="Whoever sets the project up from the template misses a variable, or keeps one that nothing reads.",
    fix="Add the variable where it is missing, in the template without a value, or delete it where nothing reads it.",
)

ROTATION = Rule(
    id="ENV115",
    name="env-rotation-overdue",
    severity=WARNING,
    summary="A secret is older than its kind should be",
    why="The longer a secret is in use, the more copies of it lie about, and the more people have had it.",
    fix="Replace the secret, and put today's date into the ledger.",
)

CONTENT_RULES = (
    DUPLICATE,
    SYNTAX,
    COMMAND,
    NOT_PORTABLE,
    PLACEHOLDER,
    FORMAT,
    REAL_IN_TEMPLATE,
    SAME_SECRET,
    PRODUCTION_IN_DEVELOPMENT,
    DEBUG_IN_PRODUCTION,
    LOOSE_IN_PRODUCTION,
    SAME_DATABASE,
    PUBLISHED,
    PARITY,
    ROTATION,
)
