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
    b"U2FsdGVkX1",
    b"eyJpdiI6",
)
"""How a file begins that is encrypted as a whole: git-crypt, Ansible Vault, age, OpenPGP, OpenSSL (also in base64),
Laravel.

The blanks are NULs, as `core/files.py` reads them.
"""


def is_encrypted(data: bytes) -> bool:
    """Whether a file is encrypted as a whole."""
    return data.startswith(ENCRYPTED_HEADS)


VAULT = ("DOTENV_VAULT_", "DOTENV_PUBLIC_KEY", "sops_")
"""Variables of dotenv-vault, dotenvx and SOPS whose values are encrypted, or speak of the encryption."""


def is_sealed(text: bytes) -> bool:
    """Whether nothing of a file can be read: it is encrypted as a whole, or every value in it is."""
    from nightlatch.env_files import placeholders, plaintext
    from nightlatch.env_files.vendor_formats import first_credential

    if is_encrypted(text):
        return True
    held = plaintext.Plaintext(text, is_dotenv=True)
    if held.is_secret or first_credential(text):
        return False
    if not held.variables:
        return not _is_text(text) or (b"ENC[AES256_GCM" in text and b"sops" in text)
    return held.is_understood and all(
        not variable.value or placeholders.is_encrypted(variable.value) or variable.key.startswith(VAULT)
        for variable in held.variables
    )


def _is_text(data: bytes) -> bool:
    """Binary OpenPGP, or what a key service gives, is no text in any encoding that people use."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
