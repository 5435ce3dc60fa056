"""What the secrets in an env file are worth: ENV105, ENV106, ENV107 and ENV113."""

from __future__ import annotations

from nightlatch.core.rule import ERROR, WARNING
from nightlatch.env_files import rules_of_contents as rules
from nightlatch.env_files.database_address import address_of
from nightlatch.env_files.environments import PRODUCTION, STAGING, TEST
from nightlatch.env_files.key_formats import (
    LONGEST_SECONDS,
    VALUE_FORMATS,
    format_of,
    seconds_of,
    vendor_of,
)
from nightlatch.env_files.key_names import OWN_CHOICE, PASSWORD, VENDOR, is_secret_though_published, public_prefix
from nightlatch.env_files.placeholders import SHORT, is_short, is_unfilled, looks_random, why_no_secret
from nightlatch.env_files.vendor_formats import (
    BROWSER,
    PRIVATE_KEY,
    PUBLIC,
    is_known_to_all,
    is_service_role,
    vendor_format,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from nightlatch.env_files.key_formats import KeyFormat
    from nightlatch.env_files.variables import Contents, Variable

LEAST_KEY_BLOCK = 150
"""A private key in PEM has more characters than this."""

LARAVEL_KEY = "APP_KEY"
DJANGO_FOR_DEVELOPMENT = b"django-insecure-"
"""How the key begins that `django-admin startproject` makes: at random, and not for production."""

NOT_A_SECRET_VALUE = (b"true", b"false", b"yes", b"no", b"on", b"off", b"null", b"none", b"undefined")


def check(contents: Contents, required: Mapping[str, Any], template: Mapping[str, bytes]) -> None:
    """Note what is wrong with the secrets of a file.

    required  the configuration's demands: name → min-length, format
    template  what the template beside it has
    """
    for variable in contents.variables:
        prefix = public_prefix(variable.key)
        if prefix and _published(contents, variable, prefix):
            continue
        if contents.is_template:
            _real_in_template(contents, variable, prefix)
        elif not variable.is_opaque and contents.environment != TEST:
            demanded = required.get(variable.key)
            if demanded is not None and _unfit(contents, variable, demanded):
                continue
            if not prefix:
                _weak_or_unfit(contents, variable, template.get(variable.key))


def _weak_or_unfit(contents: Contents, variable: Variable, template: bytes | None) -> None:
    address = address_of(variable.value)
    if address is not None:
        if address.password and (not address.is_local or contents.environment == PRODUCTION):
            _weak(contents, variable, why_no_secret(address.password, variable.key), PASSWORD)
        return
    _too_long(contents, variable)
    reason = why_no_secret(variable.value, variable.key, template)
    if variable.secret == PASSWORD and not reason and is_short(variable.value):
        reason = SHORT
    if reason:
        _weak(contents, variable, reason, variable.secret)
    else:
        _wrong_form(contents, variable)


def _weak(contents: Contents, variable: Variable, reason: str, secret: str) -> None:
    """A weak value of a secret. What a team makes itself counts everywhere, what a provider gives in production."""
    is_production = contents.environment in (PRODUCTION, STAGING)
    if not reason or (not secret and not (is_production and is_unfilled(variable.value))):
        return
    is_for_development = variable.value.startswith(DJANGO_FOR_DEVELOPMENT)
    counts = (secret == OWN_CHOICE and not is_for_development) or (secret and is_production)
    contents.at(
        rules.PLACEHOLDER,
        variable,
        f"{variable.shown} is {reason}" if reason != SHORT else f"The password {variable.shown} is {reason}",
        severity=ERROR if counts else WARNING,
        fix=_how_to_make(variable) if secret in (OWN_CHOICE, PASSWORD) else None,
    )


def _how_to_make(variable: Variable) -> str:
    if variable.key == LARAVEL_KEY:
        return "Run: php artisan key:generate"
    form = format_of(variable.key)
    return f"Put there what this gives: {form.how if form and form.how else 'openssl rand -hex 32'}"


def _wrong_form(contents: Contents, variable: Variable) -> None:
    form = format_of(variable.key)
    if form is not None and variable.token.key.upper() == variable.token.key:
        message = _misfit(contents, variable, form)
        if message:
            contents.at(rules.FORMAT, variable, message, fix=_how_to_make(variable) if form.how else None)


def _too_long(contents: Contents, variable: Variable) -> None:
    longest = LONGEST_SECONDS.get(variable.key)
    seconds = seconds_of(variable.value) if longest else None
    if longest and seconds and seconds > longest:
        contents.at(
            rules.FORMAT,
            variable,
            f"{variable.shown} is longer than {longest // 86400} days: a stolen token counts for as long",
            severity=WARNING,
            fix=f"Set it to {longest // 86400}d or less.",
        )


def _misfit(contents: Contents, variable: Variable, form: KeyFormat) -> str:
    """What a value lacks to be of its form; nothing where it is, or where another server may want another form."""
    value = variable.value
    if form.other and form.other.fullmatch(value):
        return ""
    if form.prefixes and not value.startswith(form.prefixes):
        if _leads_elsewhere(contents, variable):
            return ""
        named = " or ".join(prefix.decode() for prefix in form.prefixes[:2])
        return f"{variable.shown} doesn't begin as {form.label} does, with {named}"
    if len(value) < form.least and (form.how or not _leads_elsewhere(contents, variable)):
        return f"{variable.shown} has fewer than {form.least} characters, which is too few for {form.label}"
    return ""


def _leads_elsewhere(contents: Contents, variable: Variable) -> bool:
    """Whether the file names another server for this vendor's interface."""
    vendor = vendor_of(variable.key)
    return vendor in contents.elsewhere or (vendor == "AWS" and "S3" in contents.elsewhere)


def _unfit(contents: Contents, variable: Variable, demanded: Mapping[str, Any]) -> bool:
    """Whether a value isn't what the configuration demands."""
    least, form = demanded.get("min-length"), demanded.get("format")
    lacks = ""
    if least and len(variable.value) < least:
        lacks = f"has fewer than {least} characters"
    elif form and not VALUE_FORMATS[form].fullmatch(variable.value):
        lacks = f"is not of the form {form}"
    if not lacks:
        return False
    contents.at(
        rules.FORMAT,
        variable,
        f"{variable.shown} {lacks}, which the configuration demands",
        fix=_how_to_make(variable) if variable.secret in (OWN_CHOICE, PASSWORD) and not form else None,
    )
    return True


def _real_in_template(contents: Contents, variable: Variable, prefix: str) -> None:
    value = variable.value
    if prefix or variable.is_opaque or is_known_to_all(value):
        return
    form = vendor_format(value)
    if form is not None and form.kind == PUBLIC:
        return
    if form is not None and not why_no_secret(value[len(form.prefix) :], variable.key):
        contents.at(rules.REAL_IN_TEMPLATE, variable, f"{variable.shown} looks like {form.label}, in a template")
    elif PRIVATE_KEY.search(value) and len(value) > LEAST_KEY_BLOCK and not is_unfilled(value):
        contents.at(rules.REAL_IN_TEMPLATE, variable, f"{variable.shown} looks like a private key, in a template")
    else:
        _random_in_template(contents, variable)


def _random_in_template(contents: Contents, variable: Variable) -> None:
    address = address_of(variable.value)
    value = address.password if address else variable.value
    secret = PASSWORD if address and not address.is_local else variable.secret
    if not secret or not looks_random(value) or why_no_secret(value, variable.key):
        return
    is_ours = secret != VENDOR and not address
    contents.at(
        rules.REAL_IN_TEMPLATE,
        variable,
        f"{variable.shown} was made by a machine: all who copy the template get the same secret"
        if is_ours
        else f"{variable.shown} looks like a real secret, in a template",
        severity=WARNING if is_ours else ERROR,
    )


def _unpublished(variable: Variable, prefix: str) -> str | None:
    if variable.shown != variable.key:
        return None
    name = variable.key[len(prefix) :]
    return f"Rename it to {name}, read it on the server alone, and replace the secret if it was ever built with."


def _published(contents: Contents, variable: Variable, prefix: str) -> bool:
    """Whether a variable that browsers get holds a secret, by its value or by its name."""
    value = variable.value
    form = vendor_format(value)
    address = address_of(value)
    by_value = (
        (form is not None and form.kind not in (PUBLIC, BROWSER))
        or (is_service_role(value) and not is_known_to_all(value))
        or (address is not None and bool(address.password))
        or PRIVATE_KEY.search(value) is not None
    )
    if not by_value and not is_secret_though_published(variable.key, prefix):
        return False
    if not by_value and (value.lower() in NOT_A_SECRET_VALUE or value.isdigit()):
        return False
    is_filled = by_value or (not variable.is_opaque and not why_no_secret(value, variable.key))
    contents.at(
        rules.PUBLISHED,
        variable,
        f"{variable.shown} {'holds' if by_value else 'is named like'} a secret, and {prefix} publishes it",
        severity=ERROR if is_filled else WARNING,
        fix=_unpublished(variable, prefix),
    )
    return True
