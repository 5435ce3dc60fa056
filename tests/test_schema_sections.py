"""The product's schema: the contract's examples load, bad files don't, and editors are told the same."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nightlatch.core import config, config_yaml
from nightlatch.core.errors import ConfigError
from nightlatch.core.schema.node import Node
from nightlatch.core.schema.reference import json_schema, markdown
from nightlatch.core.schema.value import LIST, MAP, Value, written
from nightlatch.schema import SCHEMA
from nightlatch.schema.general import PREFIXES

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent

DESIGN_EXAMPLE = """
version: 1
profile: standard            # or strict
hooks: [secrets, env-files]  # what `nightlatch run` runs; default: all that apply
exclude: ["/vendor/**"]      # gitignore patterns
rules: {CON107: off, ENV114: error}
overrides: [{paths: ["/apps/legacy/**"], rules: {CODE006: warning}}]
accept-unchecked: [{path: "/data/huge.json", reason: "generated", expires: "2027-01-31"}]
secrets: {detect-secrets-baseline: .secrets.baseline,
          custom-rules: [{id: ACME001, pattern: "acme_[a-z0-9]{32}", keywords: [acme_]}]}
env-files: {dialect: next, required: {JWT_SECRET: {min-length: 32}}}
enum-parity: {pairs: [{db: public.user_role, code: "src/roles.ts::UserRole"}]}
dependencies: {fail-on: high, ignore: [{id: GHSA-2345-6789-cfgh, reason: "dev only", expires: "2027-01-31"}]}
protected-files:
  mode: ask                  # explore, ask or auto: the ceiling for agents
  rules:
    - {id: guidance, paths: ["/CLAUDE.md", "/.claude/rules/**"], read: whole}
    - {id: closed, paths: [".env", ".env.*", "!.env.example", "~/.ssh/**"],
       read: deny, write: deny, metadata: allow, consume: allow}
  read-allowed: []           # empty: everywhere that no rule closes
  write-allowed: ["/src/**", "/docs/**", "//tmp/**"]
  execute-allowed: []
  sql: {destructive: deny, schema-change: ask, opaque: ask}
  hook-bypass: deny
  credentials-on-stdout: ask
  unresolved-command: ask
  secrets-in-content: deny
audit-log: {path: default, max-size: 10M, files: 10, days: 90}
"""

AGENT_POLICY = """
version: 1
protected-files:
  rules:
    - id: guidance-is-read-whole
      paths:
        - /CLAUDE.md
        - /.claude/rules/**/*.md
        - /package.json
      read: whole
    - id: secrets-stay-closed
      paths:
        - .env
        - .env.*
        - "!.env.example"
        - "*.pem"
        - "!/tests/fixtures/*.pem"
        - ~/.ssh/**
        - "!~/.ssh/*.pub"
        - //proc/*/environ
      read: deny
      write: deny
      metadata: allow
      consume: allow
    - id: hook-configuration
      paths: ["/.pre-commit-config.yaml"]
      write: ask
  write-allowed:
    - /src/**
    - //tmp/**
  sql: {destructive: deny, schema-change: ask, opaque: ask}
"""

GOOD = [
    "",
    "~",
    "{}",
    DESIGN_EXAMPLE,
    AGENT_POLICY,
    "version: 1",
    "profile: strict",
    f"hooks: [{', '.join(PREFIXES)}]",
    "exclude:",
    "rules:",
    "rules: {SEC001: error, ENV999: warning, ENUM001: info, ACME001: off, CODE014: off}",
    "overrides: []",
    "accept-unchecked: [{path: '*.bin', reason: why}]",
    "secrets:",
    "secrets: {detect-secrets-baseline: ci/.secrets.baseline}",
    "secrets: {custom-rules: [{id: A1001, pattern: x+, keywords: [x], entropy: 3.5, examples: [xx]}]}",
    "secrets: {custom-rules: [{id: ACME001, pattern: x, keywords: [x], entropy: 3}]}",
    "env-files: {dialect: docker-run, required: {A: , _B9: {min-length: 1, format: url}}}",
    "enum-parity: {pairs: [{db: orders.status, code: 'a b/c.py::Order.Status'}]}",
    "dependencies: {advisories: if-present, fail-on: low}",
    "dependencies: {ignore: [{id: CVE-2026-1234, package: lodash, reason: x}, {id: PYSEC-2026-1, reason: x}]}",
    "protected-files: {mode: auto, rules: [{id: a, paths: [x], read: ask}]}",
    "protected-files: {read-allowed: , execute-allowed: [/bin/**]}",
    "audit-log: {path: /var/log/nightlatch/audit.jsonl, max-size: 1048576, files: 1, days: 1}",
    "audit-log: {path: ~/log.jsonl, max-size: 1G}",
    "audit-log: {path: 'C:\\logs\\a.jsonl'}",
]

BAD = [
    "[]",
    "text",
    "12",
    "version: 2",
    "version: '1'",
    "version:",
    "profile: Standard",
    "profile:",
    "hooks:",
    "hooks: []",
    "hooks: secrets",
    "hooks: [secret]",
    "exclude: /a",
    "exclude: ['']",
    f"exclude: ['{'[' * 4097}']",
    f"accept-unchecked: [{{path: '{'a' * 4097}', reason: x}}]",
    "exclude: [true]",
    "rules: [SEC001]",
    "rules: {SEC01: off}",
    "rules: {sec001: off}",
    "rules: {SEC0011: off}",
    "rules: {SEC001: disabled}",
    "rules: {SEC001: false}",
    "overrides: [{paths: [], rules: {}}]",
    "overrides: [{rules: {}}]",
    "overrides: [{paths: [a]}]",
    "accept-unchecked: [{path: a}]",
    "accept-unchecked: [{path: a, reason: ''}]",
    "accept-unchecked: [{path: '!a', reason: x}]",
    "accept-unchecked: [{path: a, reason: x, expires: 31.1.2027}]",
    "accept-unchecked: [{path: a, reason: x, expires: '2027-13-01'}]",
    "accept-unchecked: [a]",
    "secrets: {detect-secrets-baseline: /etc/passwd}",
    "secrets: {detect-secrets-baseline: a/../../b}",
    "secrets: {detect-secrets-baseline: ..}",
    "secrets: {detect-secrets-baseline: 'C:x'}",
    "secrets: {detect-secrets-baseline: folder/}",
    "secrets: {custom-rules: [{id: ACME001, pattern: x}]}",
    "secrets: {custom-rules: [{id: ACME001, pattern: x, keywords: []}]}",
    "secrets: {custom-rules: [{id: SEC900, pattern: x, keywords: [x]}]}",
    "secrets: {custom-rules: [{id: acme001, pattern: x, keywords: [x]}]}",
    "secrets: {custom-rules: [{id: ACME001, pattern: x, keywords: [x], entropy: 9}]}",
    "secrets: {custom-rules: [{id: ACME001, pattern: x, keywords: [x], entropy: '3'}]}",
    "env-files: {dialect: ruby}",
    "env-files: {required: [A]}",
    "env-files: {required: {1A: {}}}",
    "env-files: {required: {A: {min-length: 0}}}",
    "env-files: {required: {A: {minlength: 1}}}",
    "enum-parity: {pairs: [{db: a}]}",
    "enum-parity: {pairs: [{db: a, code: src/roles.ts}]}",
    "enum-parity: {pairs: [{db: a, code: '::X'}]}",
    "dependencies: {advisories: never}",
    "dependencies: {fail-on: error}",
    "dependencies: {ignore: [{id: CVE-2026-1}]}",
    "dependencies: {ignore: [{id: everything, reason: x}]}",
    "protected-files: {mode: yolo}",
    "protected-files: {rules: [{paths: [x]}]}",
    "protected-files: {rules: [{id: a}]}",
    "protected-files: {rules: [{id: a, paths: []}]}",
    "protected-files: {rules: [{id: a, paths: [x], write: whole}]}",
    "protected-files: {rules: [{id: 'a b', paths: [x]}]}",
    "protected-files: {sql: deny}",
    "protected-files: {sql: {drop: deny}}",
    "protected-files: {hook-bypass: true}",
    "audit-log: {path: logs/a.jsonl}",
    "audit-log: {max-size: 10MB}",
    "audit-log: {max-size: 0}",
    "audit-log: {files: 0}",
    "audit-log: {days: 1.5}",
    "audit-log: {days: '90'}",
    "sql: {}",
]

# What a JSON Schema can't say: the validator alone refuses these.
BAD_BEYOND_JSON_SCHEMA = [
    "exclude: ['[']",
    "accept-unchecked: [{path: a, reason: x, expires: '2027-02-30'}]",
    "secrets: {custom-rules: [{id: ACME001, pattern: (, keywords: [x]}]}",
    "secrets: {custom-rules: [{id: A1001, pattern: x, keywords: [x]}, {id: A1001, pattern: y, keywords: [y]}]}",
    "protected-files: {rules: [{id: a, paths: [x]}, {id: a, paths: [y]}]}",
]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIGHTLATCH_CACHE_DIR", str(tmp_path / "cache"))


def values(text: str) -> dict[str, Any]:
    return config.load(text.encode(), ".nightlatch.yaml", lambda: SCHEMA).values


def plain(value: Value) -> object:
    """A tree of values as plain data."""
    if value.kind == MAP:
        return {key.text(): plain(item) for key, item in value.pairs()}
    return [plain(item) for item in value.items()] if value.kind == LIST else value.data


def editor_accepts(document: object) -> bool:
    if document is None:
        document = {}
    schema = json.loads(json_schema(SCHEMA, "nightlatch configuration"))
    return bool(jsonschema.Draft202012Validator(schema).is_valid(document))


def validator_accepts(root: Value) -> bool:
    from nightlatch.core.schema.node import Reading

    try:
        SCHEMA.read(root, Reading("file"), "")
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize("text", GOOD)
def test_a_good_file_loads_and_editors_accept_it(text: str) -> None:
    values(text)
    assert editor_accepts(plain(config_yaml.parsed(text.encode(), "file")))


@pytest.mark.parametrize("text", BAD)
def test_a_bad_file_is_refused_and_editors_mark_it(text: str) -> None:
    with pytest.raises(ConfigError):
        values(text)
    assert not editor_accepts(plain(config_yaml.parsed(text.encode(), "file")))


@pytest.mark.parametrize("text", BAD_BEYOND_JSON_SCHEMA)
def test_a_file_that_only_the_validator_understands_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        values(text)


KEYS = st.sampled_from(["profile", "hooks", "rules", "exclude", "audit-log", "files", "days", "SEC001", "id", "paths"])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-5, 2000)
    | st.sampled_from(["strict", "off", "error", "secrets", "10M", "default", "/x", "a", "2027-01-31", ""])
)
DOCUMENTS = st.dictionaries(
    KEYS,
    st.recursive(
        LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
    ),
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(document=DOCUMENTS)
def test_validator_and_json_schema_agree(document: object) -> None:
    assert validator_accepts(written(document)) == editor_accepts(document)


def test_the_json_schema_is_one() -> None:
    schema = json.loads(json_schema(SCHEMA, "nightlatch configuration"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_contracts_defaults_hold() -> None:
    found = values("")
    assert found["version"] == 1
    assert found["profile"] == "standard"
    assert found["hooks"] is None
    assert found["dependencies"] == {"advisories": "required", "fail-on": "high", "ignore": []}
    assert found["audit-log"] == {"path": "default", "max-size": 10 * 1024**2, "files": 10, "days": 90}
    policy = found["protected-files"]
    assert policy["sql"] == {"destructive": "deny", "schema-change": "ask", "opaque": "ask"}
    assert [policy[key] for key in ("hook-bypass", "credentials-on-stdout", "unresolved-command")] == [
        "deny",
        "ask",
        "ask",
    ]
    assert policy["secrets-in-content"] == "deny"


def test_what_a_rule_does_not_name_is_none() -> None:
    rule = values(DESIGN_EXAMPLE)["protected-files"]["rules"][0]
    assert (rule["read"], rule["write"], rule["metadata"], rule["consume"]) == ("whole", None, None, None)


def test_a_mistyped_hook_gets_a_hint() -> None:
    with pytest.raises(ConfigError) as caught:
        values("hooks: [enum-partiy]")
    assert caught.value.remedy == "Did you mean enum-parity?"


def test_an_expiry_may_be_written_without_quotes() -> None:
    [entry] = values("accept-unchecked: [{path: a, reason: x, expires: 2027-01-31}]")["accept-unchecked"]
    assert entry["expires"] == "2027-01-31"


def nodes(node: Node) -> list[Node]:
    """A node and all below it."""
    below = [getattr(node, name) for name in ("item", "value") if hasattr(node, name)]
    below += [key.node for key in getattr(node, "keys", {}).values()]
    return [node, *(inner for one in below for inner in nodes(one))]


def test_every_node_is_documented() -> None:
    assert all(node.doc.endswith(".") for node in nodes(SCHEMA))


def test_every_key_is_in_the_reference() -> None:
    page = markdown(SCHEMA)
    for suffix, key in SCHEMA.inner():
        assert f"`{suffix[1:]}`" in page
        assert key.node.doc.split("|")[0] in page


def without_prose(schema: object) -> object:
    """A JSON Schema without its descriptions."""
    if isinstance(schema, dict):
        return {key: without_prose(value) for key, value in schema.items() if key != "description"}
    return [without_prose(item) for item in schema] if isinstance(schema, list) else schema


FINGERPRINTS = {
    1: "b0e772d9409f1a71",
    2: "e94c3f7aa476a7de",
    3: "9e4469da667b833c",
    4: "5a17d6cce7dd98db",
    5: "178d1a3147f4fc8f",
}


def test_a_change_of_the_schema_raises_the_version_of_the_compiled_form() -> None:
    """Else a cache would go on giving the old form. Raise COMPILED_VERSION and note the new fingerprint here."""
    shape = without_prose(json.loads(json_schema(SCHEMA, "")))
    sample = config_yaml.compiled(DESIGN_EXAMPLE.encode(), "file", SCHEMA)
    fingerprint = hashlib.sha256(json.dumps([shape, repr(sample)]).encode()).hexdigest()[:16]
    assert FINGERPRINTS.get(config.COMPILED_VERSION) == fingerprint


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_generated_pages_are_up_to_date(generate: ModuleType) -> None:
    assert generate.main(["--check"]) == 0


def test_a_page_that_is_not_up_to_date_is_named_then_written(
    generate: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "configuration.md").write_text("old")
    assert generate.main(["--check"], tmp_path) == 1
    assert "docs/configuration.md: not up to date" in capsys.readouterr().out
    assert generate.main([], tmp_path) == 0
    assert generate.main(["--check"], tmp_path) == 0
