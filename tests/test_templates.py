"""The templates that the cases of described credentials are written in."""

from __future__ import annotations

import base64
import json
import re
import uuid

import pytest

from tests.support.templates import expand


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("plain text", "plain text"),
        ("<<your-token>", "<your-token>"),
        ("dop_<>v1_", "dop_v1_"),
        ("key_<hex:32>", r"key_[0-9a-f]{32}"),
        ("AKIA<base32:16>;", r"AKIA[A-Z2-7]{16};"),
        ("<alnum:30-40>", r"[A-Za-z0-9]{30,40}"),
        ("<lower:8>-<upper:8>", r"[a-z0-9]{8}-[A-Z0-9]{8}"),
    ],
)
def test_placeholders_become_characters_of_their_alphabet(template: str, expected: str) -> None:
    assert re.fullmatch(expected, expand(template, 1))


def test_the_same_seed_gives_the_same_text_and_another_seed_another() -> None:
    assert expand("<alnum:40>", "SEC301-0") == expand("<alnum:40>", "SEC301-0")
    assert expand("<alnum:40>", "SEC301-0") != expand("<alnum:40>", "SEC301-1")


def test_what_has_a_structure_is_well_formed() -> None:
    assert uuid.UUID(expand("<uuid>", 1)).version == 4
    header, claims, signature = expand('<jwt|{"role":"admin"}|>', 1).split(".")
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {"alg": "HS256", "typ": "JWT"}
    assert json.loads(base64.urlsafe_b64decode(claims + "==")) == {"role": "admin"}
    assert len(signature) == 43
    assert expand("<jwt>", 1).count(".") == 2
    assert re.fullmatch(r"user:[0-9a-f]{6}", base64.b64decode(expand("<base64|user:<hex:6>|>", 1)).decode())


@pytest.mark.parametrize("template", ["<your-token>", "<hexx:3>", "<hex>", "<rot13|a|>", "a < b", "<jwt|claims|>"])
def test_an_unknown_placeholder_is_an_error(template: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the function promises no more
        expand(template, 1)
