"""What a log may show of a command: no value that stands where a password usually does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core.redact import MASK, MOST_CHARACTERS, redacted
from tests.support.tokens import random_text

CASES = Path(__file__).resolve().parents[1] / "cases" / "core"
WITH = (CASES / "commands_with_passwords.txt").read_text(encoding="utf-8").splitlines()
WITHOUT = (CASES / "commands_without_passwords.txt").read_text(encoding="utf-8").splitlines()
VALUE = random_text(12, "redact")


@pytest.mark.parametrize("form", WITH)
def test_a_password_is_masked_and_the_program_stays(form: str) -> None:
    command = form.replace("@VALUE@", VALUE)
    shown = redacted(command)
    assert VALUE not in shown
    assert MASK in shown
    assert shown[:4] == command[:4]


@pytest.mark.parametrize("form", WITH)
def test_it_is_masked_within_a_longer_command_too(form: str) -> None:
    command = f"cd /srv && {form.replace('@VALUE@', VALUE)} ; ls"
    assert VALUE not in redacted(command)


@pytest.mark.parametrize("command", WITHOUT)
def test_an_ordinary_command_stays_as_it_is(command: str) -> None:
    assert redacted(command) == command


@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_password_of_several_parts_is_masked_whole(quote: str) -> None:
    parts = f"{quote}{VALUE[:6]};{VALUE[6:]}{quote}{quote}{VALUE}{quote}"
    for command in (f"mysql -p{parts} app", f"sshpass -p {parts} ssh h", f"zip -P {parts} a.zip b"):
        shown = redacted(command)
        assert VALUE not in shown
        assert VALUE[6:] not in shown


def test_each_of_several_passwords_is_masked() -> None:
    other = random_text(12, "other")
    shown = redacted(f"openssl pkcs12 -passin pass:{VALUE} -passout pass:{other} -in a.p12; sshpass -p {other} ssh h")
    assert VALUE not in shown
    assert other not in shown


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(redacted(text), str)


def test_a_text_is_bounded() -> None:
    assert len(redacted("a" * (2 * MOST_CHARACTERS))) == MOST_CHARACTERS
