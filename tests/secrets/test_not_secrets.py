"""What stands where a secret would stand and is none: encrypted values, references, templates, published examples."""

from __future__ import annotations

import base64

import pytest

from nightlatch.core.files import File
from nightlatch.secrets.engine import scanner_for
from nightlatch.secrets.hook import findings_in
from nightlatch.secrets.rules import RULES
from tests.support.tokens import ALPHANUMERIC, random_text

SCANNER = scanner_for(RULES)

HEX = "0123456789abcdef"
BASE64 = ALPHANUMERIC + "+/"
SEALED = "AgB" + random_text(400, "sealed", BASE64)

REFERENCES = (
    "vault:secret/data/billing#password",
    "vault:v1:" + random_text(60, "transit", BASE64),
    "ref+vault://secret/billing#/password",
    "ref+awsssm://billing/password?region=eu-west-1",
    "op://production/billing/password",
    "secretref:billing-password",
    "keyvault:billing-password",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:billing-aB3dE6",
    "projects/81/secrets/billing/versions/latest",
    "/run/secrets/billing_password",
    "ENC[AES256_GCM,data:" + random_text(20, "sops", BASE64) + "=,iv:" + random_text(43, "iv", BASE64) + "=]",
    "ENC(" + random_text(44, "jasypt", BASE64) + ")",
    "{cipher}" + random_text(64, "cipher", HEX),
    "![" + random_text(44, "mule", BASE64) + "]",
    "$ANSIBLE_VAULT",
    "!vault",
    "!Ref",
    "!Sub",
    "${DB_PASSWORD}",
    "${db_password}",
    "$DB_PASSWORD",
    "$DB_PASSWORD1",
    "$db_password",
    "$dbPassword2",
    "$monsoon",
    "$(DbPassword)",
    "#{DbPassword}#",
    "%DB_PASSWORD%",
    "%env(DB_PASSWORD)%",
    "%(db_password)s",
    "<password>",
    "[password]",
    "__DB_PASSWORD__",
    "{{password}}",
    "{{resolve:secretsmanager:billing:SecretString:password}}",
    "{{.Values.database.password}}",
    "${{secrets.DB_PASSWORD}}",
    "@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/billing/)",
)

NAMES = (
    "MISTRAL_API_KEY",
    "COHERE_API_KEY",
    "AWS_SECRET_ACCESS_KEY",
    "AZURE_OPENAI_API_KEY",
    "TWILIO_AUTH_TOKEN",
    "HCLOUD_TOKEN",
    "UPSTASH_REDIS_REST_TOKEN",
    "CLOUDINARY_API_SECRET",
    "PAGERDUTY_API_TOKEN",
    "EXPO_TOKEN",
)

OTHER_NAMES = (
    ("COHERE_INDEX={}", 40, ALPHANUMERIC),
    ("deepgram_sha1 = '{}'", 40, HEX),
    ("deepgramCommitSha: {}", 40, HEX),
    ("MISTRAL_AGENT_ID={}", 32, ALPHANUMERIC),
    ("twilio-content-hash: {}", 32, HEX),
    ("spotifyClientSecretMd5 = '{}'", 32, HEX),
    ("zendesk_image_tag: {}", 40, ALPHANUMERIC),
    ("AZURE_OPENAI_API_VERSION={}", 32, HEX),
    ("https://acme-corp.io/twilio.{}.js", 32, HEX),
    ("SKU: SK{}", 32, HEX),
    ("/img/{}-us14.png", 32, HEX),
)
"""Names of which one word is a provider's and another says that the value is something else."""

PUBLISHED = (
    ("AWS_ACCESS_KEY_ID=AKIA", "IOSFODNN7EXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/", "bPxRfiCYEXAMPLEKEY"),
    ("AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/", "K1SZFPTOtr/KBHBeksoGMGw=="),
    ("AccountKey=C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaG", "Qy67XIw/Jw=="),
    ("token ghp_", "16C7e42F292c6912E7710c838347Ae178B4a"),
    ("STRIPE_KEY=sk_test_", "4eC39HqLyjWDarjtT1zdp7dc"),
    ("STRIPE_KEY=sk_test_", "BQokikJOvBiI2HlWgH4olfQ2"),
    ("https://api.telegram.org/bot110201543:", "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe"),
    ("CLOUDFLARE_API_TOKEN=8M7wS6hCpXVc-", "DoRnPPY_UCWPgy8aea4Wy6kCe5T"),
    ("PLAID_TOKEN=access-sandbox-de3ce8ef-", "33f8-452c-a685-8671031fc0f6"),
    ("RECAPTCHA_SECRET_KEY=6LeIxAcTAAAAAGG-", "vFI1TnRWxMZNFuojJ4WifJWe"),
    ("HEROKU_API_KEY=01234567-89ab-", "cdef-0123-456789abcdef"),
    ("PRIVATE_KEY=0xac0974bec39a17e36ba4a6b4d238ff94", "4bacb478cbed5efcae784d7bf4f2ff80"),
    ("PRIVATE_KEY=4f3edf983ac636a65a842ce7c78d9aa7", "06d3b113bce9c46f30d7d21715b23b1d"),
    ("https://hooks.slack.com/services/T00000000/B00000000/", "XXXXXXXXXXXXXXXXXXXXXXXX"),
)
"""What providers print on their own pages, in two halves."""

ENCRYPTED_FILES = {
    "sops.yaml": "mistral_api_key: ENC[AES256_GCM,data:{},iv:{},tag:{},type:str]\nsops:\n    age: []\n".format(
        random_text(44, "data", BASE64), random_text(44, "iv", BASE64), random_text(24, "tag", BASE64)
    ),
    "sealed.yaml": "kind: SealedSecret\nspec:\n  encryptedData:\n"
    f"    MISTRAL_API_KEY: {SEALED}\n    HCLOUD_TOKEN: {SEALED}=\n",
    "vault.yaml": "cohere_api_key: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n"
    + "".join(f"  {random_text(80, number, '0123456789')}\n" for number in range(4)),
    "secret.age": "-----BEGIN AGE ENCRYPTED FILE-----\n"
    + "\n".join(random_text(64, number, BASE64) for number in range(6))
    + "\n-----END AGE ENCRYPTED FILE-----\n",
    "task.yaml": "env:\n  - name: MISTRAL_API_KEY\n    valueFrom:\n      secretKeyRef: {name: mistral, key: api-key}\n",
}


def found_in(text: str, path: str = "deploy/settings.yaml") -> list[str]:
    return [finding.rule.id for finding in findings_in(File(path, text.encode()), SCANNER)]


@pytest.mark.parametrize("value", [value for value in REFERENCES if not set(value) & set('@/"<>')])
def test_a_reference_in_a_url_is_no_password(value: str) -> None:
    assert found_in(f"postgres://billing:{value}@db.acme-corp.io/billing") == []


@pytest.mark.parametrize("value", REFERENCES)
@pytest.mark.parametrize("quote", ["", "'", '\\"', "&quot;"])
def test_a_reference_in_a_connection_string_is_no_password(value: str, quote: str) -> None:
    start = "Server=sql.acme-corp.io;Database=billing;User Id=billing;"
    assert found_in(f"{start}Password={quote}{value}{quote};Encrypt=true") == []
    assert found_in(f"jdbc:mysql://db.acme-corp.io/billing?user=billing&password={quote}{value}{quote}") == []


@pytest.mark.parametrize("value", REFERENCES)
def test_a_reference_behind_a_provider_s_name_is_no_key(value: str) -> None:
    lines = [f"{name}={value}\n{name.lower()}: {value}\nexport {name}='{value}'\n" for name in NAMES]
    assert found_in("".join(lines)) == []


@pytest.mark.parametrize(("text", "length", "alphabet"), OTHER_NAMES, ids=[text for text, _, _ in OTHER_NAMES])
def test_a_name_can_say_that_its_value_is_something_else(text: str, length: int, alphabet: str) -> None:
    assert [found_in(text.format(random_text(length, seed, alphabet))) for seed in range(20)] == [[]] * 20


@pytest.mark.parametrize("parts", PUBLISHED, ids=[first for first, _ in PUBLISHED])
def test_what_a_provider_publishes_is_no_secret(parts: tuple[str, str]) -> None:
    assert found_in("".join(parts)) == []


@pytest.mark.parametrize("path", ENCRYPTED_FILES)
def test_an_encrypted_file_holds_no_secret(path: str) -> None:
    assert found_in(ENCRYPTED_FILES[path], path) == []


@pytest.mark.parametrize("pair", ["user:password", "admin:changeme", "$USER:$PASSWORD", "deploy:${TOKEN}", "no pair"])
def test_registries_passwords_are_read_before_they_count(pair: str) -> None:
    encoded = base64.b64encode(pair.encode()).decode()
    docker = f'{{"auths": {{"registry.acme-corp.io": {{"auth": "{encoded}"}}}}}}'
    npm = f"//npm.acme-corp.io/:_auth={encoded}\n"
    assert found_in(docker, "config.json") == []
    assert found_in(npm, ".npmrc") == []
    real = base64.b64encode(b"deploy:Zephyr-" + random_text(12, pair).encode()).decode()
    assert found_in(docker.replace(encoded, real), "config.json") == ["SEC336"]
    assert found_in(npm.replace(encoded, real), ".npmrc") == ["SEC335"]


def google_key(seed: object) -> str:
    return "AIzaSy" + random_text(33, seed, ALPHANUMERIC + "_-")


FIREBASE_CLIENTS = {
    "google-services.json": '{{"client": [{{"client_info": {{"mobilesdk_app_id": "1:8:android:0a"}},'
    ' "api_key": [{{"current_key": "{}"}}]}}]}}',
    "GoogleService-Info.plist": "<dict>\n\t<key>API_KEY</key>\n\t<string>{}</string>\n"
    "\t<key>GOOGLE_APP_ID</key>\n\t<string>1:8:ios:0a</string>\n</dict>",
    "src/firebase.ts": 'export const app = initializeApp({{\n  apiKey: "{}",\n  authDomain: "acme.firebaseapp.com",\n'
    '  projectId: "acme",\n  messagingSenderId: "8123456",\n}});',
    "lib/firebase_options.dart": "FirebaseOptions(\n    apiKey: '{}',\n    appId: '1:8123456:android:0a1b2c3d4e',\n"
    "    messagingSenderId: '8123456',\n);",
    ".env": "NEXT_PUBLIC_FIREBASE_API_KEY={}",
}
NO_FIREBASE_CLIENTS = {
    "src/maps.ts": 'const maps = new Loader({{ apiKey: "{}", version: "weekly" }});',
    ".env": "GEMINI_API_KEY={}\nFIREBASE_PROJECT=acme",
    "current.json": '{{"current_key": "{}"}}',
    "src/firebase.ts": 'const gemini = "{}";\n'
    'const app = {{ authDomain: "a.firebaseapp.com", messagingSenderId: "8" }};',
}


@pytest.mark.parametrize("path", FIREBASE_CLIENTS)
def test_a_firebase_client_s_key_is_a_warning_of_its_own(path: str) -> None:
    findings = list(findings_in(File(path, FIREBASE_CLIENTS[path].format(google_key(path)).encode()), SCANNER))
    assert [(finding.rule.id, finding.severity) for finding in findings] == [("SEC143", "warning")]


@pytest.mark.parametrize("path", NO_FIREBASE_CLIENTS)
def test_any_other_google_key_stays_an_error(path: str) -> None:
    findings = list(findings_in(File(path, NO_FIREBASE_CLIENTS[path].format(google_key(path)).encode()), SCANNER))
    assert [(finding.rule.id, finding.severity) for finding in findings] == [("SEC107", "error")]


PHRASES = (
    "yourTopSecretPassword",
    "supersecure",
    "passwd-on-proxy",
    "MyVeryLongPassword1",
    "this-is-not-the-real-password",
)
NO_PHRASES = ("onlyForHere", "supersonic", "passwordless-monsoon", "topSecretMonsoon")


def password_in_a_url(password: str) -> list[str]:
    return found_in(f"url = postgresql://billing:{password}@db.acme-billing.com/shop\n")


@pytest.mark.parametrize("password", PHRASES)
def test_a_phrase_in_the_place_of_a_password_is_none(password: str) -> None:
    assert password_in_a_url(password) == []


@pytest.mark.parametrize("password", NO_PHRASES)
def test_a_password_that_only_begins_like_one_is_told(password: str) -> None:
    assert password_in_a_url(password) == ["SEC011"]
