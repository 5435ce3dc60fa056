"""Credentials for tests: generated, so that this repository holds none."""

from __future__ import annotations

import random
import string

ALPHANUMERIC = string.ascii_letters + string.digits


def random_text(length: int, seed: object, alphabet: str = ALPHANUMERIC) -> str:
    return "".join(random.Random(str(seed)).choices(alphabet, k=length))


def github_token(seed: object = 1) -> str:
    """A token of the form that GitHub's personal access tokens have (rule SEC301)."""
    return "ghp_" + random_text(36, seed)


def line_with_token(seed: object = 1) -> str:
    return f'TOKEN = "{github_token(seed)}"\n'
