"""The baseline: findings that are known and allowed, each with a reason, in a file of an entry a line.

An entry names its finding by the fingerprint, which survives moved lines and says nothing of the value, and by
`mark`: 8 bits of an HMAC of the value under the file's random salt. So another value in the same place is a new
finding, and nobody can test guesses against the file: every 256th guess fits.

Here is how the file is read and what it allows; `nightlatch/baseline` writes it.
"""
