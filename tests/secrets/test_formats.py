"""Private keys, tokens and passwords: what their confirmations accept and refuse."""

from __future__ import annotations

import base64
import json

import pytest

from nightlatch.core.files import File
from nightlatch.secrets.hook import findings_in
from nightlatch.secrets.rules import RULES
from nightlatch.secrets.scan import Scanner
from tests.support.tokens import ALPHANUMERIC, github_token, random_text

SCANNER = Scanner(RULES)
BODY = "\n".join(random_text(64, number, ALPHANUMERIC + "+/") for number in range(12))


def rules_in(text: str) -> list[str]:
    return [finding.rule.id for finding in findings_in(File("src/a.txt", text.encode()), SCANNER)]


def pem(label: str, body: str = BODY) -> str:
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"


@pytest.mark.parametrize(
    "label",
    [
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "EC PRIVATE KEY",
        "DSA PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ],
)
def test_keys_in_armour_are_found_with_every_line_end_and_quoting(label: str) -> None:
    text = pem(label)
    escaped = text.replace("\n", "\\n")
    indented = "key: |\n" + "".join(f"    {line}\n" for line in text.splitlines())
    joined = " +\n".join(f'    "{line}\\n"' for line in text.splitlines())
    for form in (text, text.replace("\n", "\r\n"), f'"{escaped}"', indented, joined, f"cert\n{text}\ncert"):
        assert rules_in(form) == ["SEC001"], form[:80]


def test_a_key_that_is_cut_off_is_still_a_key() -> None:
    assert rules_in("-----BEGIN RSA PRIVATE KEY-----\n" + BODY) == ["SEC001"]


def test_two_keys_are_two_findings() -> None:
    assert rules_in(pem("RSA PRIVATE KEY") + pem("EC PRIVATE KEY", BODY[::-1].strip())) == ["SEC001", "SEC001"]


def test_headers_of_armour_are_no_obstacle() -> None:
    assert rules_in(pem("PGP PRIVATE KEY BLOCK", f"Version: GnuPG v2\nComment: a key\n\n{BODY}")) == ["SEC001"]
    assert rules_in(pem("RSA PRIVATE KEY", f"Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n{BODY}")) == ["SEC002"]


@pytest.mark.parametrize(("cipher", "rule"), [("none", "SEC001"), ("aes256-ctr", "SEC002")])
def test_an_openssh_key_says_itself_whether_it_is_encrypted(cipher: str, rule: str) -> None:
    head = b"openssh-key-v1\0" + len(cipher).to_bytes(4, "big") + cipher.encode()
    body = base64.b64encode(head + random_text(300, cipher).encode()).decode()
    lines = "\n".join(body[start : start + 70] for start in range(0, len(body), 70))
    assert rules_in(pem("OPENSSH PRIVATE KEY", lines)) == [rule]


@pytest.mark.parametrize(("cipher", "rule"), [("none", "SEC003"), ("aes256-cbc", "SEC002")])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\\n"])
def test_a_putty_key_says_itself_whether_it_is_encrypted(cipher: str, rule: str, end: str) -> None:
    lines = ("Key-File-3: ssh-rsa", f"Encryption: {cipher}", "Comment: deploy", "Private-Lines: 1", BODY[:64])
    assert rules_in("PuTTY-User-" + end.join(lines)) == [rule]


def test_of_two_putty_keys_each_tells_of_itself() -> None:
    key = "PuTTY-User-{}Key-File-3: ssh-rsa\nEncryption: {}\nPrivate-Lines: 1\n" + BODY[:64] + "\n"
    assert rules_in(key.format("", "aes256-cbc") + key.format("", "none")) == ["SEC002", "SEC003"]


@pytest.mark.parametrize(
    "text",
    [
        pem("PUBLIC KEY"),
        pem("CERTIFICATE"),
        pem("PRIVATE KEY", "..."),
        pem("PRIVATE KEY", "<your private key here>"),
        pem("PRIVATE KEY", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj...\n"),
        'HEADER = "-----BEGIN PRIVATE KEY-----"\n' + "some_quite_long_identifier = another_long_identifier\n" * 20,
    ],
)
def test_what_only_looks_like_a_key_is_none(text: str) -> None:
    assert rules_in(text) == []


def jwt(claims: object, header: object = None) -> str:
    parts = [{"alg": "HS256", "typ": "JWT"} if header is None else header, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, random_text(43, str(claims))])


def test_a_json_web_token_is_found_by_what_it_says() -> None:
    assert rules_in(f"TOKEN={jwt({'sub': 'u-1', 'role': 'service_role'})}") == ["SEC010"]
    assert rules_in(f"TOKEN={jwt({'sub': 'u-1'}, header={'typ': 'no algorithm'})}") == []
    assert rules_in(f"TOKEN={jwt(['a list'])}") == []
    assert rules_in(f"TOKEN={jwt({'role': 'anon'})}") == []
    number = "1" + random_text(4400, "number", "0123456789")
    digits = base64.urlsafe_b64encode(b'{"sub": "u-1", "n": ' + number.encode() + b"}").rstrip(b"=").decode()
    head, _, signature = jwt({"sub": "u-1"}).split(".")
    assert rules_in(f"TOKEN={head}.{digits}.{signature}") == ["SEC010"]
    assert rules_in(f"TOKEN={jwt({'iss': 'supabase-demo', 'role': 'service_role'})}") == []
    assert rules_in(f"TOKEN={jwt({'sub': '1234567890', 'name': 'John Doe'})}") == []


STRONG = "zh87mTa5" + "Vsqxez"


@pytest.mark.parametrize(
    "text",
    [
        "postgres://billing:{}@db.acme-corp.io:5432/billing",
        "postgresql+asyncpg://billing:{}@db.acme-corp.io/billing",
        "mongodb+srv://billing:{}@cluster0.ab1cd.mongodb.net/?retryWrites=true",
        "https://deploy:{}@git.acme-corp.io/app.git",
        "redis://:{}@cache.acme-corp.io:6379/0",
        "postgres://billing:{}@localhost/billing",
        "postgres://billing:{}@db:5432/billing",
        "postgres://billing:{}@[2001:db8::1]:5432/billing",
        "postgres://billing:{}@${{DB_HOST}}/billing",
        "smtp://mailer%40acme-corp.io:{}@smtp.acme-corp.io:587",
    ],
)
def test_a_real_password_in_a_url_is_found(text: str) -> None:
    assert rules_in(text.format(STRONG)) == ["SEC011"]


@pytest.mark.parametrize(
    "text",
    [
        "postgres://postgres:postgres@localhost/app",
        "postgres://app:app@db/app",
        "postgres://app:secret@db/app",
        "postgres://app:p%40ssw0rd@localhost/app",
        "http://user:pass%20pass@complex.url.com/",
        "postgres://app:$DB_PASSWORD@db.acme-corp.io/app",
        "postgres://app:%s@db.acme-corp.io/app",
        "postgres://app:[password]@db.acme-corp.io/app",
        "postgres://app:********@db.acme-corp.io/app",
        "postgres://app:xxxxxxxx@db.acme-corp.io/app",
        "postgres://app:" + STRONG + "@db.example.com/app",
        "https://acme-corp.io:8080/path?mail=a@b.io",
        "https://jo%40email.com:a%20secret@müller.de:1234/pa%20th",
        "http://david:one+two@www.acme-corp.com/",
        "redis://h:asdfqwer1234asdf@ec2-1-1-1-1.compute-1.amazonaws.com:111",
        "git@github.com:acme/app.git",
        "http://localhost:3000/@scope/package",
    ],
)
def test_templates_defaults_and_documentation_are_no_passwords(text: str) -> None:
    assert rules_in(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Server=sql.acme-corp.io;Database=app;User Id=app;Password={};",
        "Data Source=sql.acme-corp.io;Initial Catalog=app;UID=app;PWD={}",
        "jdbc:mysql://db.acme-corp.io:3306/app?user=app&password={}&useSSL=true",
        "host=db.acme-corp.io port=5432 dbname=app user=app password={}",
    ],
)
def test_a_password_in_a_connection_string_is_found(text: str) -> None:
    assert rules_in(text.format(STRONG)) == ["SEC012"]
    assert rules_in(text.format("changeme")) == []
    assert rules_in(text.format("${DB_PASSWORD}")) == []


QUOTED = (
    "Server=sql.acme-corp.io;Database=app;User Id=app;Password='{}';",
    'Server=sql.acme-corp.io;Database=app;User Id=app;Password="{}";',
    '"Server=sql.acme-corp.io;Database=app;User Id=app;Password=\\"{}\\";"',
    '@"Server=sql.acme-corp.io;Database=app;User Id=app;Password=""{}"";"',
    '<add connectionString="Server=sql.acme-corp.io;User Id=app;Password=&quot;{}&quot;;"/>',
    "host='db.acme-corp.io' user='app' password='{}'",
    'connect(host="db.acme-corp.io", user="app", password="{}")',
    '<Resource url="jdbc:mysql://db.acme-corp.io/app" username="app" password="{}"/>',
    "Driver={{{{ODBC Driver 18 for SQL Server}}}};Server=sql.acme-corp.io;UID=app;PWD={{{}}}",
)


@pytest.mark.parametrize("text", QUOTED)
def test_a_quoted_password_in_a_connection_string_is_found_without_its_quotes(text: str) -> None:
    file = File("src/a.txt", text.format(STRONG).encode())
    assert [(finding.rule.id, finding.value) for finding in findings_in(file, SCANNER)] == [("SEC012", STRONG.encode())]
    assert rules_in(text.format("${DB_PASSWORD}")) == []
    assert rules_in(text.format("db_password2" if "{{" in text else "changeme")) == []


@pytest.mark.parametrize(
    "text",
    [
        '"Server=sql.acme-corp.io;User Id=app;Password=" + password + ";Encrypt=true"',
        "'Server=sql.acme-corp.io;User Id=app;Password=' . $pw . ';Encrypt=true'",
        '"Server=sql.acme-corp.io;User Id=app;Password=\'" + pw + "\';"',
        'f"Server=sql.acme-corp.io;UID=app;PWD={db_password};"',
        "f\"Server=sql.acme-corp.io;UID=app;PWD={settings['db']['password']};\"",
        'f"Server=sql.acme-corp.io;UID=app;PWD={get_password(name)!r};"',
        'connect(host="db.acme-corp.io", user="app", password=load_password("db"))',
        "connect(host=args.host, user=args.user, password=args.pw)",
        'Server=sql.acme-corp.io;User Id=app;Password="";Database=app',
        "Server=sql.acme-corp.io;User Id=app;Password='';Database='app'",
        "Server=sql.acme-corp.io;User Id=app;Password='" + STRONG,
    ],
)
def test_code_between_quotes_is_no_password(text: str) -> None:
    assert rules_in(text) == []


@pytest.mark.parametrize("password", ["$Monsoon42", "$monsoon42gale", "$$Monsoon", "Gale$Monsoon4"])
def test_a_dollar_before_a_word_with_digits_is_a_part_of_the_password(password: str) -> None:
    assert rules_in(f"postgres://billing:{password}@db.acme-corp.io/billing") == ["SEC011"]
    assert rules_in(f"Server=sql.acme-corp.io;User Id=app;Password={password};") == ["SEC012"]


def test_a_dollar_beside_other_variables_is_one() -> None:
    assert rules_in("mysql://$user:$Monsoon42@db.acme-corp.io/app") == []
    assert rules_in("mysql://app:$Monsoon42@$host/app") == []


LONG = {
    "ya29.a0": ("SEC205", 2000),
    "fm2_": ("SEC224", 1500),
    "ops_eyJ": ("SEC248", 1200),
    "pypi-AgEIcHlwaS5vcmc": ("SEC316", 1100),
    "sl.u.": ("SEC707", 1400),
    "hvb.AAAA": ("SEC243", 700),
}


@pytest.mark.parametrize("prefix", LONG)
def test_a_long_token_is_found_to_its_end(prefix: str) -> None:
    rule, length = LONG[prefix]
    token = prefix + random_text(length, prefix)
    (finding,) = findings_in(File("src/a.txt", f"TOKEN={token}\n".encode()), SCANNER)
    assert (finding.rule.id, finding.value) == (rule, token.encode())


def test_a_property_that_gets_another_s_is_no_connection_string() -> None:
    code = "this.url.host=this.base.host;this.url.username=this.base.username;this.url.password=this.base.password;"
    assert rules_in(code) == []
    assert rules_in(f"-Dapp.url=jdbc:mysql://db.acme-corp.io/app -Dapp.password={STRONG}") == ["SEC012"]


def test_what_stands_inside_a_key_s_block_is_told_too() -> None:
    token = github_token()
    encrypted = pem("ENCRYPTED PRIVATE KEY", f"{BODY}\n{token}")
    assert sorted(rules_in(encrypted)) == ["SEC002", "SEC301"]
    assert rules_in(pem("RSA PRIVATE KEY", f"{BODY}\n# DEK-Info: none")) == ["SEC001"]


@pytest.mark.parametrize("password", ["[v7Kd02mQx91Zt", "__k2Hs81Lq0aBz", "x$(y7Lq0aBz91Zt"])
def test_a_password_that_only_begins_like_a_template_is_one(password: str) -> None:
    assert rules_in(f"postgres://billing:{password}@db.acme-corp.io/billing") == ["SEC011"]


def test_a_host_that_only_ends_like_documentation_s_is_none() -> None:
    assert rules_in(f"postgres://u:{STRONG}@prod-example.com/x") == ["SEC011"]


CONTEXTS = (
    'MISTRAL_API_KEY: str = "{}"',
    'const mistralApiKey: string = "{}";',
    'os.getenv("MISTRAL_API_KEY") or "{}"',
    'process.env.MISTRAL_API_KEY || "{}"',
    'process.env.MISTRAL_API_KEY ?? "{}"',
    "MISTRAL_API_KEY ?= {}",
    "${{MISTRAL_API_KEY:-{}}}",
    '#define MISTRAL_API_KEY "{}"',
    "ENV MISTRAL_API_KEY {}",
    "--mistral-api-key {}",
    '"{{\\"mistral_api_key\\": \\"{}\\"}}"',
    'MISTRAL_API_KEY            = "{}"',
)


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_value_is_found_behind_its_name_in_many_languages(context: str) -> None:
    assert rules_in(context.format(random_text(32, "mistral"))) != []
