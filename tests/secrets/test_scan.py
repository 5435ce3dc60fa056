from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightlatch.core.files import File
from nightlatch.core.finding import add_fingerprints
from nightlatch.secrets.hook import findings_in
from nightlatch.secrets.rules import RULES
from nightlatch.secrets.scan import OVERLAP, SLICE, Scanner, chunks
from tests.support.tokens import github_token, random_text

SCANNER = Scanner(RULES)
TOKEN = github_token()


def found(text: str | bytes) -> list[tuple[str, int | None]]:
    file = File("a.txt", text.encode() if isinstance(text, str) else text)
    return [(finding.rule.id, finding.column) for finding in findings_in(file, SCANNER)]


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "'{}'",
        '"{}"',
        "token:{}",
        "--token={}",
        "https://{}@github.com/acme/app",
        "a_{}",
        "a-{}",
        "first\\n{}\\nlast",
        "q=1%3D{}",
        "\\u003d{}",
        "\\x3d{}",
        "\t{}\t",
        "\xa0{}\xa0",
        "({},)",
        "<b>{}</b>",
        "{},{}",
    ],
)
def test_a_token_is_found_whatever_stands_around_it(around: str) -> None:
    one = around.replace("{}", TOKEN)
    assert [rule for rule, _ in found(one)] == ["SEC301"]


@pytest.mark.parametrize("around", ["x{}", "{}x", "9{}", "{}9"])
def test_a_part_of_a_longer_word_is_no_token(around: str) -> None:
    assert found(around.replace("{}", TOKEN)) == []


def test_each_line_and_value_is_found_once() -> None:
    other = github_token(2)
    assert len(found(f"{TOKEN} {TOKEN}\n")) == 1
    assert len(found(f"{TOKEN} {other}\n")) == 2
    assert len(found(f"{TOKEN}\n{TOKEN}\n")) == 2


def test_a_provider_s_format_wins_over_a_candidate_in_the_same_place() -> None:
    assert [rule for rule, _ in found(f"https://bot:{TOKEN}@github.com/acme/app")] == ["SEC301"]


@pytest.mark.parametrize(
    "position", [0, 100, SLICE - 20, SLICE, SLICE + 5, SLICE + OVERLAP - 10, 3 * SLICE - 1, 200_000]
)
def test_a_token_anywhere_in_a_very_long_line_is_found_once(position: int) -> None:
    filler = "lorem ipsum " * 20_000
    line = filler[:position] + f" {TOKEN} " + filler[position:]
    assert found(line) == [("SEC301", position + 2)]


def test_every_one_of_many_tokens_in_a_long_line_is_found() -> None:
    tokens = [github_token(number) for number in range(2000)]
    line = ",".join(f'"{token}"' for token in tokens)
    assert len(found(line)) == 2000


@given(st.data())
def test_chunks_are_the_lines_that_hold_a_keyword(data: st.DataObject) -> None:
    lines = data.draw(st.lists(st.sampled_from([b"", b"x", b"key", b"x key key", b"other", b"keyother"]), max_size=12))
    text = b"\n".join(lines)
    got = [text[start:end] for start, _, end in chunks([b"key", b"other"], text)]
    assert got == [line for line in lines if b"key" in line or b"other" in line]


@given(st.integers(0, 2**32))
def test_slices_cover_every_match_of_a_long_line_once(seed: int) -> None:
    generator = random.Random(seed)
    places = sorted({generator.randrange(0, 3 * SLICE, 64) for _ in range(5)})
    line = bytearray(b"-" * (4 * SLICE))
    for number, place in enumerate(places):
        token = github_token((seed, number)).encode()
        line[place : place + len(token)] = token
    assert [column for _, column in found(bytes(line))] == [place + 1 for place in places]


def test_the_message_shows_the_public_prefix_and_nothing_more() -> None:
    file = File("a.txt", f"x = '{TOKEN}'".encode())
    (finding,) = findings_in(file, SCANNER)
    assert "(ghp_…)" in finding.message
    assert TOKEN[4:8] not in finding.message


def test_candidates_only_warn_in_test_folders() -> None:
    url = b"postgres://billing:" + b"zh87mTa5Vsqxez@db.acme-corp.io/billing"
    severities = {
        path: [finding.severity for finding in findings_in(File(path, url), SCANNER)]
        for path in ("src/a.py", "tests/a.py", "src/a.spec.ts", "contest/a.py")
    }
    assert severities == {
        "src/a.py": ["error"],
        "tests/a.py": ["warning"],
        "src/a.spec.ts": ["warning"],
        "contest/a.py": ["error"],
    }
    token = [finding.severity for finding in findings_in(File("tests/a.py", TOKEN.encode()), SCANNER)]
    assert token == ["error"]


def test_random_text_is_not_taken_for_secrets() -> None:
    alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_-.:@ \n"
    assert found(random_text(2_000_000, "noise", alphabet)) == []


def test_the_hook_masks_what_it_finds_before_anything_is_hashed() -> None:
    prints = set()
    for password in ("MonsoonLanternQuay", "OrchardGravelTuesday"):
        file = File("a.txt", f"db postgres://billing:{password}@db.acme-corp.io/b".encode())
        found = list(findings_in(file, SCANNER))
        add_fingerprints(found)
        prints.add(found[0].fingerprint)
    assert len(prints) == 1


@pytest.mark.parametrize(
    ("name", "found_rules"),
    [
        ("api_key", ["SEC411"]),
        ("authToken", ["SEC411"]),
        ("self.auth_token", ["SEC411"]),
        ("--token", ["SEC411"]),
        ("csrf_token", []),
        ("nextPageToken", []),
        ("acme-token", []),
        ("ACME_AUTH_TOKEN", []),
    ],
)
def test_a_plain_name_takes_its_provider_from_the_lines_around_it(name: str, found_rules: list[str]) -> None:
    value = random_text(32, name, "0123456789abcdef")
    assert [rule for rule, _ in found(f'import twilio\n\n{name} = "{value}"\n')] == found_rules
    assert found(f'import other\n\n{name} = "{value}"\n') == []
    assert found("import twilio\n" + "\n" * 8 + f'{name} = "{value}"\n') == []
