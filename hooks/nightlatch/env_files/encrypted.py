"""Files that are encrypted as a whole: they may be in git, and nothing in them can be read."""

from __future__ import annotations

ENCRYPTED_HEADS = (
    b"\0GITCRYPT\0",
    b" GITCRYPT ",
    b"$ANSIBLE_VAULT",
    b"age-encryption.org/",
    b"-----BEGIN AGE ENCRYPTED FILE-----",
    b"-----BEGIN PGP MESSAGE-----",
    b"Salted__",
)
"""How a file begins that is encrypted as a whole: git-crypt, Ansible Vault, age, OpenPGP, OpenSSL.

The blanks are NULs, as `core/files.py` reads them.
"""


def is_encrypted(data: bytes) -> bool:
    """Whether a file is encrypted as a whole."""
    return data.startswith(ENCRYPTED_HEADS)
