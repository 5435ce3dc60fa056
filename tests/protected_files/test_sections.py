"""What of the hooks' sections is a weakening, and what isn't."""

from __future__ import annotations

import pytest

from nightlatch.core import config
from nightlatch.core.config import Config
from nightlatch.core.policy import GENERAL
from nightlatch.core.schema.containers import Map
from nightlatch.protected_files.sections import SECTIONS, weakened_sections
from nightlatch.schema import SCHEMA


def read(text: str) -> Config:
    return config.load(text.encode() if text else None, "file", lambda: SCHEMA)


def told(base: str, change: str) -> list[str]:
    return [f"{one.key} | {one.sentence}" for one in weakened_sections(read(base), read(change))]


def test_every_key_of_every_section_has_its_comparison() -> None:
    assert set(SCHEMA.keys) == {*GENERAL, *SECTIONS}
    for name, steps in SECTIONS.items():
        node = SCHEMA.keys[name].node
        assert isinstance(node, Map)
        assert set(node.keys) == set(steps)


RULE = "{id: closed, paths: [.env, '.env.*', '!.env.example'], read: deny, write: ask}"

WEAKER = {
    "a baseline named": (
        "",
        "secrets: {detect-secrets-baseline: b.json}",
        "secrets.detect-secrets-baseline | secrets: detect-secrets-baseline goes from none to b.json",
    ),
    "a custom rule less": (
        "secrets: {custom-rules: [{id: ACME001, pattern: acme_x, keywords: [acme]}]}",
        "",
        "secrets.custom-rules | secrets: custom-rules: ACME001 was taken out",
    ),
    "another pattern": (
        "secrets: {custom-rules: [{id: ACME001, pattern: acme_x, keywords: [acme]}]}",
        "secrets: {custom-rules: [{id: ACME001, pattern: acme_y, keywords: [acme]}]}",
        "secrets.custom-rules[0].pattern | secrets: custom-rules.ACME001.pattern changed",
    ),
    "more entropy": (
        "secrets: {custom-rules: [{id: ACME001, pattern: acme_x, keywords: [acme]}]}",
        "secrets: {custom-rules: [{id: ACME001, pattern: acme_x, keywords: [acme], entropy: 7}]}",
        "secrets.custom-rules[0].entropy | secrets: custom-rules.ACME001.entropy goes from nothing to 7",
    ),
    "a variable not required": (
        "env-files: {required: {KEY: {min-length: 32}}}",
        "env-files: {required: {}}",
        "env-files.required | env-files: required: KEY was taken out",
    ),
    "a shorter variable": (
        "env-files: {required: {KEY: {min-length: 32}}}",
        "env-files: {required: {KEY: {min-length: 8}}}",
        "env-files.required.KEY.min-length | env-files: required.KEY.min-length goes from 32 to 8",
    ),
    "a secret file less": (
        "env-files: {secret-files: [/users.json, /keys/**]}",
        "env-files: {secret-files: [/keys/**]}",
        "env-files.secret-files | env-files: secret-files: /users.json was taken out",
    ),
    "a secret file that is none any more": (
        "env-files: {secret-files: [/keys/**]}",
        'env-files: {secret-files: [/keys/**, "!/keys/dev.key"]}',
        "env-files.secret-files | env-files: secret-files: !/keys/dev.key is exempt",
    ),
    "a pair less": (
        "enum-parity: {pairs: [{db: a.b, code: 'c::D'}]}",
        "",
        "enum-parity.pairs | enum-parity: pairs lost 1 of 1 entries",
    ),
    "advisories not needed": (
        "",
        "dependencies: {advisories: if-present}",
        "dependencies.advisories | dependencies: advisories goes from required to if-present",
    ),
    "advisories from critical on": (
        "",
        "dependencies: {fail-on: critical}",
        "dependencies.fail-on | dependencies: fail-on goes from high to critical",
    ),
    "an advisory ignored": (
        "",
        "dependencies: {ignore: [{id: CVE-2026-1, reason: x}]}",
        "dependencies.ignore[0] | dependencies.ignore: CVE-2026-1 is ignored",
    ),
    "an advisory ignored for all": (
        "dependencies: {ignore: [{id: CVE-2026-1, package: a, reason: x}]}",
        "dependencies: {ignore: [{id: CVE-2026-1, reason: x}]}",
        "dependencies.ignore[0] | dependencies.ignore: CVE-2026-1 is ignored",
    ),
    "a freer mode": (
        "protected-files: {mode: ask}",
        "protected-files: {mode: auto}",
        "protected-files.mode | protected-files: mode goes from ask to auto",
    ),
    "a rule less": (
        f"protected-files: {{rules: [{RULE}]}}",
        "protected-files: {rules: []}",
        "protected-files.rules | protected-files: rules: closed was taken out",
    ),
    "a freer verdict": (
        f"protected-files: {{rules: [{RULE}]}}",
        f"protected-files: {{rules: [{RULE.replace('read: deny', 'read: whole')}]}}",
        "protected-files.rules[0].read | protected-files: rules.closed.read goes from deny to whole",
    ),
    "a verdict less": (
        f"protected-files: {{rules: [{RULE}]}}",
        f"protected-files: {{rules: [{RULE.replace(', write: ask', '')}]}}",
        "protected-files.rules[0].write | protected-files: rules.closed.write goes from ask to nothing",
    ),
    "a closed pattern less": (
        f"protected-files: {{rules: [{RULE}]}}",
        f"protected-files: {{rules: [{RULE.replace('.env, ', '')}]}}",
        "protected-files.rules[0].paths | protected-files: rules.closed.paths: .env was taken out",
    ),
    "an exception more": (
        f"protected-files: {{rules: [{RULE}]}}",
        f"protected-files: {{rules: [{RULE.replace('!.env.example', '!.env.prod')}, ]}}".replace(
            "'!.env.prod'", "'!.env.example', '!.env.prod'"
        ),
        "protected-files.rules[0].paths | protected-files: rules.closed.paths: !.env.prod is exempt",
    ),
    "more to write": (
        "protected-files: {write-allowed: [/src/**]}",
        "protected-files: {write-allowed: [/src/**, /etc/**]}",
        "protected-files.write-allowed[1] | protected-files: write-allowed: /etc/** is open now",
    ),
    "everything to write": (
        "protected-files: {write-allowed: [/src/**]}",
        "",
        "protected-files.write-allowed | protected-files: write-allowed is empty, so it holds everywhere",
    ),
    "freer SQL": (
        "",
        "protected-files: {sql: {destructive: allow}}",
        "protected-files.sql.destructive | protected-files: sql.destructive goes from deny to allow",
    ),
    "a bypass": (
        "",
        "protected-files: {hook-bypass: ask}",
        "protected-files.hook-bypass | protected-files: hook-bypass goes from deny to ask",
    ),
    "a log kept for less long": (
        "",
        "audit-log: {days: 30}",
        "audit-log.days | audit-log: days goes from 90 to 30",
    ),
    "a log elsewhere": ("", "audit-log: {path: /tmp/x}", "audit-log.path | audit-log: path changed"),
}


@pytest.mark.parametrize(("base", "change", "said"), WEAKER.values(), ids=WEAKER)
def test_a_weakening_is_told_with_its_key(base: str, change: str, said: str) -> None:
    assert told(base, change) == [said]


STRICTER = {
    "a custom rule": ("", "secrets: {custom-rules: [{id: ACME001, pattern: acme_x, keywords: [acme]}]}"),
    "no baseline": ("secrets: {detect-secrets-baseline: b.json}", ""),
    "a required variable": ("", "env-files: {required: {KEY: {min-length: 32}}}"),
    "a longer one": (
        "env-files: {required: {KEY: {min-length: 8}}}",
        "env-files: {required: {KEY: {min-length: 32, format: hex}}}",
    ),
    "advisories": ("dependencies: {fail-on: critical}", "dependencies: {fail-on: low}"),
    "ignored for one package": (
        "dependencies: {ignore: [{id: CVE-2026-1, reason: x}]}",
        "dependencies: {ignore: [{id: CVE-2026-1, package: a, reason: x}]}",
    ),
    "a rule": ("", f"protected-files: {{rules: [{RULE}]}}"),
    "a stricter rule": (
        f"protected-files: {{rules: [{RULE}]}}",
        f"protected-files: {{rules: [{RULE.replace('write: ask', 'write: deny, consume: deny')}]}}",
    ),
    "where to write": ("", "protected-files: {write-allowed: [/src/**]}"),
    "less to write": (
        "protected-files: {write-allowed: [/src/**, /docs/**]}",
        "protected-files: {write-allowed: [/docs/**]}",
    ),
    "explore": ("", "protected-files: {mode: explore, hook-bypass: deny, sql: {opaque: deny}}"),
    "more log": ("", "audit-log: {days: 400, files: 20, max-size: 20M}"),
}


@pytest.mark.parametrize(("base", "change"), STRICTER.values(), ids=STRICTER)
def test_what_is_as_strict_or_stricter_is_not_told(base: str, change: str) -> None:
    assert told(base, change) == []


@pytest.mark.parametrize("text", [row[side] for row in (*WEAKER.values(), *STRICTER.values()) for side in (0, 1)])
def test_nothing_is_weaker_than_itself(text: str) -> None:
    assert told(text, f"# moved\n{text}") == []
