"""Templates of credentials: a credential's form stands in a case, its characters are made when the test runs."""

from __future__ import annotations

import base64
import json
import random
import re
import string
import uuid

from tests.support.private_keys import key_file

ALPHABETS = {
    "alnum": string.ascii_letters + string.digits,
    "b64": string.ascii_letters + string.digits + "+/",
    "b64url": string.ascii_letters + string.digits + "_-",
    "base32": string.ascii_uppercase + "234567",
    "base32lower": string.ascii_lowercase + "234567",
    "base58": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
    "bech32": "qpzry9x8gf2tvdw0s3jn54khce6mua7l",
    "BECH32": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
    "clear": "123456789abcdefghijkmnopqrstuvwxyz",
    "digits": string.digits,
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "letters": string.ascii_letters,
    "lower": string.ascii_lowercase + string.digits,
    "small": string.ascii_lowercase,
    "ulid": "0123456789abcdefghjkmnpqrstvwxyz",
    "upper": string.ascii_uppercase + string.digits,
}
"""What `<name:length>` draws from."""

HEADER = '{"alg":"HS256","typ":"JWT"}'
CLAIMS = '{"sub":"<digits:10>","iat":17<digits:8>,"exp":19<digits:8>}'
"""What `<jwt>` says; a template may give claims of its own."""

_PLACEHOLDER = re.compile(
    r"(?P<escape><<)"
    r"|(?P<seam><>)"
    r"|<(?P<block>\w+)\|(?P<inner>.*?)\|>"
    r"|<(?P<name>\w+)(?::(?P<low>\d+)(?:-(?P<high>\d+))?)?>"
    r"|(?P<stray><)",
    re.DOTALL,
)


def expand(template: str, seed: object) -> str:
    """The template with its placeholders filled in: the same text for the same seed. ValueError for an unknown one.

    `<hex:32>` and its kin (the names are those of ALPHABETS) give so many characters, `<alnum:30-40>` a number
    between the two; `<uuid>` a random UUID; `<jwt>` a signed token, `<jwt|{"role":"admin"}|>` one with these claims;
    `<base64|user:<alnum:20>|>` and `<base64url|…|>` encode what the template within gives; `<pem|rsa|>` is a key file
    (the kinds are those of private_keys.KINDS), `<pem_in_string|rsa|>` one with its line ends written as `\\n`,
    `<pem_in_yaml|rsa|>` one indented by four, `<pem_in_base64|rsa|>` one encoded once more; `<<` is a plain `<`, and
    `<>` nothing: the seam in a well-known value that is not to stand here in one piece.
    """
    return _expand(template, random.Random(f"{seed}"))


def _expand(template: str, rng: random.Random) -> str:
    return _PLACEHOLDER.sub(lambda found: _filled(found, rng), template)


def _filled(found: re.Match[str], rng: random.Random) -> str:
    if found["escape"]:
        return "<"
    if found["seam"]:
        return ""
    if found["block"]:
        return _block(found["block"], _expand(found["inner"], rng), rng)
    if found["low"]:
        return _characters(found, rng)
    if found["name"] == "uuid":
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    if found["name"] == "jwt":
        return _block("jwt", _expand(CLAIMS, rng), rng)
    raise ValueError(f"unknown placeholder: {found[0]}")


def _characters(found: re.Match[str], rng: random.Random) -> str:
    if found["name"] not in ALPHABETS:
        raise ValueError(f"unknown placeholder: {found[0]}")
    low = int(found["low"])
    length = rng.randint(low, int(found["high"])) if found["high"] else low
    return "".join(rng.choices(ALPHABETS[found["name"]], k=length))


def _block(name: str, inner: str, rng: random.Random) -> str:
    if name == "base64":
        return base64.b64encode(inner.encode()).decode()
    if name == "base64url":
        return _base64url(inner)
    if name.startswith("pem"):
        return _pem(name, key_file(inner, rng))
    if name == "jwt":
        json.loads(inner)  # a ValueError too where the claims are no JSON
        signature = "".join(rng.choices(ALPHABETS["b64url"], k=43))
        return f"{_base64url(HEADER)}.{_base64url(inner)}.{signature}"
    raise ValueError(f"unknown placeholder: <{name}|…|>")


def _pem(name: str, file: str) -> str:
    if name == "pem":
        return file
    if name == "pem_in_string":
        return file.replace("\n", "\\n")
    if name == "pem_in_yaml":
        return file.replace("\n", "\n    ")
    if name == "pem_in_base64":
        return base64.b64encode(f"{file}\n".encode()).decode()
    raise ValueError(f"unknown placeholder: <{name}|…|>")


def _base64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
