"""Credentials that no single provider issues: private keys, JSON Web Tokens, passwords in addresses.

Their patterns find candidates; a confirmation of their own (see `rules.py`) reads the rest.
"""

from __future__ import annotations

from nightlatch.core.rule import WARNING
from nightlatch.secrets.secret_rule import BLOCK, CANDIDATE, CLEAN_UP, SecretRule

PEM_HEADER = r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"
PUTTY_HEADER = r"PuTTY-User-Key-File-[23]: [a-z0-9-]{3,40}"

QUOTED = r"""\\{0,2}"{1,2}[^"\r\n\\]{1,128}\\{0,2}"{1,2}|\\{0,2}'{1,2}[^'\r\n\\]{1,128}\\{0,2}'{1,2}"""
"""A value in quotes, with those that stand doubled or escaped because quotes stand around the whole."""

CONNECTION_STRING = (
    r"(?i:password|pwd)[ \t]{0,4}=[ \t]{0,4}"
    r"(?P<secret>" + QUOTED + r"|&quot;[^&\r\n]{1,128}&quot;|\{(?:[^{}\r\n]|\}\}){1,128}\}"
    r"""|[^;"'`\s&<>\\,)]{1,128})"""
)

NEW_KEY = (
    "Rotate first: make a new key pair, replace the public key wherever the old one was trusted, and keep the private"
    f" key out of the repository (a secret manager, or a path outside it). {CLEAN_UP}"
)
CHANGE_IT = f"Change the password first, and read it from the environment or a secret manager. {CLEAN_UP}"

RULES = (
    SecretRule(
        id="SEC001",
        tier=BLOCK,
        name="private-key",
        provider="",
        summary="Private key",
        pattern=PEM_HEADER,
        keywords=("private key",),
        before="",
        after="",
        revoke="wherever its public key is trusted",
        why="Whoever has the key can sign, decrypt or log in as its owner.",
        fix=NEW_KEY,
        positive=(
            (
                "-----BEGIN ",
                "RSA PRIVATE KEY-----\nYn9ZhyiA4uoRgnatmUdjAWtGSU8po+799NksnRH9ucAUsdMlHUvTCQCyEZDz/Tdd\n",
                "J8HyS5SUkCnD8zRA9a9SkpXz9w3QlY7Zkuvqdt7s8Stqcbnr3yBdGBLEPH1qhT61\nqtc4xatws8phP9nhFyJfm5di4PzJ59FH\n",
                "-----END RSA PRIVATE KEY-----\n",
            ),
            (
                '{"private_key": "-----BEGIN ',
                "PRIVATE KEY-----\\nzTOlUcR64cXQLioDnkHIfxIq2HZt/PlJhx2jIclHkCiHp6bR1IqfEouHgxzNNAL5\\n",
                'wIScGebcy8F5n3/YNBDRzrZSgqbjG3uhkWKFLf6xuI5aHUQPFeNBTxaQWk8JzFal\\n-----END PRIVATE KEY-----\\n"}',
            ),
            (
                "-----BEGIN ",
                "EC PRIVATE KEY-----\nHlsZfYcMMDktXP/tKsf2rcDkdfrUnW5gcF+Ha6ili8GjHEAD6/Wj9KfzjsQGMrb9\n",
                "Yn9ZhyiA4uoRgnatmUdjAWtG\n",
            ),
        ),
        negative=(
            "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
            'if text.startswith("-----BEGIN RSA PRIVATE KEY-----"):',
            "-----BEGIN PUBLIC KEY-----\nzTOlUcR64cXQLioDnkHIfxIq2HZt/PlJhx2jIclHkCiHp6bR1IqfEouHgxzNNAL5\n",
            "-----BEGIN PRIVATE KEY-----\n" + "A" * 64 + "\n-----END PRIVATE KEY-----",
        ),
        entropy=0,
    ),
    SecretRule(
        id="SEC002",
        tier=BLOCK,
        name="encrypted-private-key",
        provider="",
        summary="Private key that a passphrase protects",
        severity=WARNING,
        pattern=f"(?:{PEM_HEADER}|{PUTTY_HEADER})",
        keywords=("private key", "putty-user-key-file-"),
        before="",
        after="",
        revoke="wherever its public key is trusted",
        why="The passphrase can be guessed offline, as fast and as long as the finder likes.",
        fix=NEW_KEY,
        positive=(
            (
                "-----BEGIN ",
                "ENCRYPTED PRIVATE KEY-----\nYn9ZhyiA4uoRgnatmUdjAWtGSU8po+799NksnRH9ucAUsdMlHUvTCQCyEZDz/Tdd\n",
                "-----END ENCRYPTED PRIVATE KEY-----\n",
            ),
            (
                "-----BEGIN ",
                "RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,0A\n\n",
                "J8HyS5SUkCnD8zRA9a9SkpXz9w3QlY7Zkuvqdt7s8Stqcbnr3yBdGBLEPH1qhT61\n-----END RSA PRIVATE KEY-----\n",
            ),
            (
                "PuTTY-User-Key-",
                "File-3: ssh-ed25519\nEncryption: aes256-cbc\nPublic-Lines: 1\nAAAAC3NzaC1lZDI1NTE5AAAA\n",
                "Private-Lines: 1\nJ8HyS5SUkCnD8zRA9a9SkpXz9w3QlY7Zkuvqdt7s8Stq\n",
            ),
        ),
        negative=(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\n<your key>\n-----END ENCRYPTED PRIVATE KEY-----",
            "the header is -----BEGIN ENCRYPTED PRIVATE KEY----- in that case",
        ),
        entropy=0,
    ),
    SecretRule(
        id="SEC003",
        tier=BLOCK,
        name="putty-private-key",
        provider="",
        summary="PuTTY private key",
        pattern=PUTTY_HEADER,
        keywords=("putty-user-key-file-",),
        revoke="wherever its public key is trusted",
        why="Whoever has the key can log in as its owner.",
        fix=NEW_KEY,
        positive=(
            (
                "PuTTY-User-Key-",
                "File-2: ssh-rsa\nEncryption: none\nComment: deploy\nPublic-Lines: 1\nAAAAB3NzaC1yc2EAAAABJQAAAQEA\n",
                "Private-Lines: 1\nYn9ZhyiA4uoRgnatmUdjAWtGSU8po+799NksnRH9ucAUsdMlHUvTCQCyEZDz/Tdd\n",
            ),
            (
                "PuTTY-User-Key-",
                "File-3: ssh-ed25519\r\nEncryption: none\r\nPublic-Lines: 1\r\nAAAAC3NzaC1lZDI1NTE5AAAA\r\n",
                "Private-Lines: 1\r\nJ8HyS5SUkCnD8zRA9a9SkpXz9w3QlY7Zkuvqdt7s8Stq\r\n",
            ),
        ),
        negative=(
            ("PuTTY-User-Key-", "File-3: ssh-ed25519\nEncryption: aes256-cbc\nPrivate-Lines: 1\nJ8HyS5SUkCnD8z\n"),
            "a file that begins with PuTTY-User-Key-File-2: ssh-rsa is PuTTY's",
        ),
        entropy=0,
    ),
    SecretRule(
        id="SEC004",
        name="json-web-key",
        provider="",
        summary="Private JSON Web Key",
        pattern=r"""["']?[dk]["']?[ \t]{0,8}:[ \t]{0,8}["'](?P<secret>[A-Za-z0-9_-]{20,1024})["']""",
        keywords=('"d"', "'d'", " d:", '"k"', "'k'", " k:"),
        in_file="kty",
        after="",
        revoke="wherever its public key is trusted",
        why="Whoever has the key can sign tokens as its owner.",
        fix=NEW_KEY,
        entropy=3.5,
        positive=(
            (
                '{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "d',
                '": "h-ImB-LK777pzNk8cL6j5IXAAjlsHUqJoUD_-Ydua-5"}',
            ),
            ('{\n  "kty": "OKP",\n  "crv": "Ed25519",\n  "d', '": "Zs1-ImB-LK777pzNk8cL6j5IXAAjlsHUqJoUD_-Ydu0"\n}'),
            ('{"kty":"oct","k', '":"q2Rk7mVx0bTn9sLwYd4HcJf8uEoPz1Ag5iXt6BvNlKw","alg":"HS256"}'),
        ),
        negative=(
            '{"kty": "EC", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}',
            ('{"path": {"d', '": "h-ImB-LK777pzNk8cL6j5IXAAjlsHUqJoUD_-Ydua-5"}}'),
            ('{"kty": "EC", "k', '": "q2Rk7mVx0bTn9sLwYd4HcJf8uEoPz1Ag5iXt6BvNlKw"}'),
            ('{"kty": "oct", "k', '": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcg"}'),
        ),
    ),
    SecretRule(
        id="SEC010",
        name="json-web-token",
        provider="",
        summary="JSON Web Token",
        tier=CANDIDATE,
        pattern=r"eyJ[A-Za-z0-9_-]{8,4096}\.eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{20,1024}",
        keywords=("eyj",),
        before="A-Za-z0-9_-",
        after="A-Za-z0-9_-",
        revoke="where it was issued, or by changing the key that signs it",
        why="Until it expires, whoever has the token acts as its subject.",
        positive=(
            (
                "SUPABASE_SERVICE_ROLE_KEY=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
                ".eyJzdWIiOiJ1LTgxIiwicm9sZSI6InNlcnZpY2Vfcm9sZSIsImlhdCI6MTcwMDAwMDAwMH0",
                ".PtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O7",
            ),
            (
                'headers = {"Authorization": "Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0',
                ".eyJpc3MiOiJiaWxsaW5nIiwidWlkIjo3N30",
                '.6UMFxFkM_R5Kjp1vRt-1fjORS_6ilI8ihN5KXSc7Tvo_hBKqFYY_kv5ZJr3J1TWDtkwtDDb-xHKas1VOqg6YYZ"}',
            ),
        ),
        negative=(
            (
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
                ".eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ",
                ".PtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O7",
            ),
            (
                "NEXT_PUBLIC_SUPABASE_ANON_KEY=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
                ".eyJyb2xlIjoiYW5vbiIsImlzcyI6InN1cGFiYXNlIn0",
                ".PtYgjmUhBel31iEl2hpChYgCfrL1spNxnyVmihA_2O7",
            ),
            "eyJhbGciOi.eyJub3QgYSB0b2tlbg.short",
        ),
    ),
    SecretRule(
        id="SEC011",
        name="password-in-url",
        provider="",
        summary="Password in a URL",
        tier=CANDIDATE,
        pattern=r"""[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s:@/"'`<>\\]{0,100}:(?P<secret>[^\s@/"'`<>\\]{1,200})@""",
        keywords=("://",),
        in_line="@",
        after="",
        revoke="where the account lives",
        why="Whoever can read the repository, today or in its history, can log in with it.",
        fix=CHANGE_IT,
        entropy=0,
        positive=(
            ("DATABASE_URL=postgres:", "//billing:zh87mTa5Vsqxez@db.acme-corp.io:5432/billing"),
            ('const cache = "rediss:', '//:XjU2JgJngKtFI3OyV2@cache.acme-corp.io:6380"'),
            ("amqp:", "//worker:ztUjAwyuh1vauWv1@localhost/%2f"),
            ("git clone https:", "//deploy:Monsoon-Lantern-42@git.acme-corp.io/app.git"),
        ),
        negative=(
            "postgres://postgres:postgres@localhost:5432/app",
            "postgres://app:${DB_PASSWORD}@db.acme-corp.io/app",
            "https://user:password@example.com/",
            "http://user:pass@proxy.acme-corp.io:8080",
            "mongodb://<user>:<password>@cluster0.mongodb.net",
            'f"redis://:{password}@{host}"',
            "see https://acme-corp.io:8080/a and mail me@acme-corp.io",
            "redis://:redis@cache:6379/0",
        ),
    ),
    SecretRule(
        id="SEC012",
        name="password-in-connection-string",
        provider="",
        summary="Password in a connection string",
        tier=CANDIDATE,
        pattern=CONNECTION_STRING,
        keywords=("password=", "password =", "pwd=", "pwd ="),
        after="",
        revoke="where the account lives",
        why="Whoever can read the repository, today or in its history, can log in with it.",
        fix=CHANGE_IT,
        entropy=0,
        positive=(
            (
                '"Server=tcp:sql.acme-corp.io,1433;Database=billing;User Id=app;Pass',
                'word=zh87mTa5Vsqxez;Encrypt=true"',
            ),
            ("url: jdbc:postgresql://db.acme-corp.io/billing?user=app&pass", "word=XjU2JgJngKtFI3OyV2"),
            ('dsn = "host=db.acme-corp.io dbname=billing user=app pass', 'word=ztUjAwyuh1vauWv1"'),
        ),
        negative=(
            '"Server=localhost;Database=app;User Id=sa;Password=changeme"',
            "jdbc:mysql://db.acme-corp.io/app?user=app&password=${DB_PASSWORD}",
            "connect(host=host, user=user, password=password)",
            "if (password == other) { return }",
            ("pass", "word = zh87mTa5Vsqxez"),
        ),
    ),
    SecretRule(
        id="SEC013",
        name="secret-token-uri",
        provider="",
        summary="Token that its own address calls secret (RFC 8959)",
        pattern=r"secret-token:(?P<secret>[A-Za-z0-9._~%!$&*+;=:@-]{16,512})",
        keywords=("secret-token:",),
        after="",
        revoke="where it was issued",
        entropy=3.3,
        positive=(
            ("CENSUS_API_KEY=secret-token:", "tmIuSALYKeIP", "g8zl5HMfQzuv"),
            (
                'curl -H "Authorization: Bearer secret-token:',
                "VxvPMMqPnZPZ5zOy69US",
                'gjKenk6gIgcZtOPnyVcFfhK" https://api.acme-corp.io/v1/me',
            ),
        ),
        negative=(
            ("secret-token:", "E92FB7EB-D882-47A4-A265-A0B6135DC842%20foo"),
            "the scheme secret-token:<your token> is RFC 8959's",
            "secret-token:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ),
    ),
)
