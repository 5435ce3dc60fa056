"""What we say the readers of env files make of a line, held against the readers themselves.

python-dotenv is a library, node and bash are programs, and dotenv comes from npm, pinned by its hash in
`npm/package-lock.json`. Lines that everybody meets and lines made at random.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from dotenv import dotenv_values

from nightlatch.env_files.dotenv_readers import READERS
from nightlatch.env_files.dotenv_tokens import Assignment, tokens

FOLDER = Path(__file__).parent
LINES = (FOLDER.parent / "cases" / "env_files" / "lines.json").read_text(encoding="utf-8")
USUAL: list[str] = json.loads(LINES)
MOST_RANDOM = 4000

pytestmark = pytest.mark.filterwarnings("ignore")

Values = dict[str, str]


def by_chance(count: int) -> list[str]:
    """Lines of the signs that readers treat in ways of their own."""
    chance = random.Random(6)
    signs = (
        "a",
        "b",
        '"',
        "'",
        "`",
        "\\",
        "#",
        " ",
        "=",
        "$",
        "{",
        "}",
        "\n",
        "\t",
        "\\n",
        '\\"',
        " #",
        "\r\n",
        ":",
        "é",
    )
    found = []
    for _ in range(count):
        quote = chance.choice(("", "", '"', "'", "`"))
        inner = "".join(chance.choices(signs, k=chance.randint(0, 8)))
        start = chance.choice(("A=", "A=", "A = ", "export A=", "A: ", "A= "))
        end = chance.choice(("", "", " # c", " ", "#c", "x"))
        found.append(start + quote + inner + quote + end + chance.choice(("", "\nB=c", '\nB="d"\n')))
    return found


TEXTS = [*USUAL, *by_chance(MOST_RANDOM)]


def ours(reader: str, text: str) -> Values:
    found = {}
    for token in tokens(text.encode()):
        reading = READERS[reader](token) if isinstance(token, Assignment) else None
        if reading is not None and isinstance(token, Assignment):
            found[token.key.decode()] = reading.value.decode()
    return found


def lines(values: dict[str, str | None]) -> Values:
    """With line feeds at the ends of lines, as a reading has them."""
    return {key: value.replace("\r\n", "\n") for key, value in values.items() if value is not None}


def python_dotenv(text: str) -> Values:
    return lines(dict(dotenv_values(stream=io.StringIO(text, newline=""), interpolate=False)))


@pytest.fixture(scope="session")
def npm(tmp_path_factory: pytest.TempPathFactory) -> list[Values]:
    """What npm's dotenv makes of every text."""
    folder = tmp_path_factory.mktemp("npm")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FOLDER / "npm" / name, folder)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=folder, check=True, timeout=300)
    script = (
        "const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "const parse = require('dotenv').parse;"
        "console.log(JSON.stringify(texts.map(text => parse(Buffer.from(text)))));"
    )
    done = subprocess.run(
        ["node", "-e", script],
        cwd=folder,
        input=json.dumps(TEXTS).encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    return [lines(values) for values in json.loads(done.stdout)]


def is_clear(text: str) -> bool:
    """Whether nothing in a text is told as a fault."""
    return all(isinstance(token, Assignment) and not token.fault for token in tokens(text.encode()))


@pytest.mark.slow
def test_where_both_libraries_agree_we_do(npm: list[Values]) -> None:
    agreed = 0
    for text, theirs in zip(TEXTS, npm, strict=True):
        other = python_dotenv(text)
        same = {key: value for key, value in theirs.items() if other.get(key) == value}
        mine = ours("dotenv", text)
        assert {key: mine.get(key) for key in same} == same, text
        agreed += len(same)
    assert agreed > MOST_RANDOM / 2


@pytest.mark.slow
def test_every_clear_line_is_read_as_npm_reads_it(npm: list[Values]) -> None:
    wrong = [text for text, theirs in zip(TEXTS, npm, strict=True) if is_clear(text) and ours("dotenv", text) != theirs]
    assert len(wrong) <= MOST_RANDOM // 500, wrong  # quotes within quotes, which it takes apart in ways of its own
    assert [text for text in wrong if text in USUAL] == []


def test_what_python_dotenv_takes_it_takes_as_we_say() -> None:
    """A line that it doesn't take may cost it the next one too: such texts are left out."""
    compared = 0
    for text in TEXTS:
        listed = [token for token in tokens(text.encode()) if isinstance(token, Assignment)]
        if is_clear(text) and all(READERS["python-dotenv"](token) for token in listed):
            assert python_dotenv(text) == ours("python-dotenv", text), text
            compared += len(listed)
    assert compared > MOST_RANDOM / 2


def numbered(reader: str, texts: list[str]) -> Values:
    """The clear texts of one line that a reader takes as they stand, each under a name of its own."""
    found = {}
    for number, text in enumerate(texts):
        listed = list(tokens(text.encode()))
        if len(listed) != 1 or not is_clear(text) or "A" not in text or not text.isprintable():
            continue
        reading = READERS[reader](listed[0]) if isinstance(listed[0], Assignment) else None
        if reading is not None and not reading.expands:
            found[text.replace("A", f"NAME_{number}", 1)] = reading.value.decode()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("reader", ["node", "bash"])
def test_what_we_are_sure_of_the_program_gives(reader: str, tmp_path: Path) -> None:
    expected = numbered(reader, TEXTS)
    assert len(expected) > 100
    file = tmp_path / ".env"
    file.write_text("\n".join(expected) + "\n", encoding="utf-8")
    command = {
        "node": ["node", f"--env-file={file}", "-e", "process.stdout.write(JSON.stringify(process.env))"],
        "bash": ["bash", "--noprofile", "--norc", "-c", f"set -a; . {file}; exec env -0"],
    }[reader]
    done = subprocess.run(command, capture_output=True, env={"PATH": os.environ["PATH"]}, check=True, timeout=60)
    given = done.stdout.decode()
    told = json.loads(given) if reader == "node" else dict(line.split("=", 1) for line in given.split("\0") if line)
    wrong = {line: value for line, value in expected.items() if told.get(next(iter(ours(reader, line)))) != value}
    assert wrong == {}
