"""What is said in several places is the same everywhere: rules, hooks, manifest, package, documentation."""

from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from identify import identify

from nightlatch.core.rule import SEVERITIES, Rule
from nightlatch.registry import MODULES, load, load_all
from nightlatch.schema.general import PREFIXES

if TYPE_CHECKING:
    from nightlatch.core.hook import Hook

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
PROJECT: dict[str, Any] = tomllib.loads(PYPROJECT)["project"]
MANIFEST: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

RULE_PREFIXES = {
    "secrets": "SEC",
    "env-files": "ENV",
    "enum-parity": "ENUM",
    "dependencies": "DEP",
    "protected-files": "PRO",
    "sql": "SQL",
    "containers": "CON",
    "prod-config": "CFG",
    "code-gates": "CODE",
    "posture": "POS",
}
"""The table of the hooks: what their rules' ids begin with."""

EVERY_HOOK = "nightlatch"
"""The manifest's id of the hook that runs all of them."""

MANIFEST_KEYS = {
    "additional_dependencies", "alias", "always_run", "args", "description", "entry", "exclude", "exclude_types",
    "fail_fast", "files", "id", "language", "language_version", "log_file", "minimum_pre_commit_version", "name",
    "pass_filenames", "require_serial", "stages", "types", "types_or", "verbose",
}  # fmt: skip
"""https://pre-commit.com/#creating-new-hooks"""

MESSAGE_HOOK = "check-commit-message"
"""The manifest's id of the one entry that gets a commit's message."""

STAGES = ["pre-commit", "pre-merge-commit", "pre-push", "manual"]
GETS_FILE_NAMES = {"check-secrets", "check-sql", "check-containers", "check-code-gates"}

RULES = [(hook, rule) for hook in load_all() for rule in hook.rules]

each_hook = pytest.mark.parametrize("name", MODULES)
each_entry = pytest.mark.parametrize("entry", MANIFEST, ids=[entry["id"] for entry in MANIFEST])
each_rule = pytest.mark.parametrize(("hook", "rule"), RULES, ids=[rule.id for _, rule in RULES])


# ── Rules ───────────────────────────────────────────────────────────────────────────────────────────


def test_ids_and_names_of_rules_are_unique() -> None:
    for words in ([rule.id for _, rule in RULES], [rule.name for _, rule in RULES]):
        assert sorted({word for word in words if words.count(word) > 1}) == []


def test_the_schema_knows_the_same_prefixes() -> None:
    assert PREFIXES == RULE_PREFIXES


@each_rule
def test_a_rule_says_all_that_a_person_needs(hook: Hook, rule: Rule) -> None:
    assert re.fullmatch(rf"{RULE_PREFIXES[hook.name]}[0-9]{{3}}", rule.id)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.severity in SEVERITIES
    assert rule.summary
    assert not rule.summary.endswith(".")
    assert rule.why.endswith(".")
    assert rule.fix.endswith(".")
    for text in (rule.summary, rule.why, rule.fix):
        assert text == " ".join(text.split()), "one line, no blanks at its ends"


@each_hook
def test_rules_stand_in_the_order_of_their_ids(name: str) -> None:
    ids = [rule.id for rule in load(name).rules]
    assert ids == sorted(ids)


@each_hook
def test_no_rule_is_left_out_of_its_hook(name: str) -> None:
    """A rule that some module defines and no list names would never be looked for."""
    package = importlib.import_module(MODULES[name].removesuffix(".hook"))
    defined = {
        rule.id
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
        for value in vars(importlib.import_module(found.name)).values()
        for rule in (value if isinstance(value, tuple | list) else [value])
        if isinstance(rule, Rule)
    }
    assert defined == {rule.id for rule in load(name).rules}


# ── Hooks: one word names each everywhere ───────────────────────────────────────────────────────────


def test_the_manifest_names_every_hook_and_the_whole() -> None:
    expected = {*(f"check-{name}" for name in MODULES), EVERY_HOOK, MESSAGE_HOOK}
    assert sorted(entry["id"] for entry in MANIFEST) == sorted(expected)


def test_every_folder_with_a_hook_is_registered() -> None:
    folders = {path.parent.name for path in (ROOT / "hooks" / "nightlatch").glob("*/hook.py")} - {"core"}
    assert folders == {name.replace("-", "_") for name in MODULES}


@each_hook
def test_a_hook_has_its_name_everywhere(name: str) -> None:
    word = name.replace("-", "_")
    hook = load(name)
    assert name in RULE_PREFIXES
    assert hook.name == name
    assert hook.summary.endswith(".")
    assert MODULES[name] == f"nightlatch.{word}.hook"
    assert list((ROOT / "tests" / word).glob("test_*.py")), "a folder of tests"


@each_hook
def test_a_hook_has_a_page(name: str) -> None:
    page = ROOT / "docs" / f"{name}.md"
    assert page.is_file(), "`nightlatch explain` sends its readers there"
    assert f"nightlatch {name}" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*(f"check-{name}" for name in MODULES), *MODULES])
def test_the_readme_names_a_hook(word: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", readme)


# ── The manifest ────────────────────────────────────────────────────────────────────────────────────


@each_entry
def test_a_manifest_entry_is_complete(entry: dict[str, Any]) -> None:
    assert set(entry) <= MANIFEST_KEYS
    assert entry["language"] == "python"
    assert entry["require_serial"] is True
    assert entry["stages"] == (["commit-msg"] if entry["id"] == MESSAGE_HOOK else STAGES)
    assert re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", entry["minimum_pre_commit_version"])
    assert entry["description"].endswith(".")


@each_entry
def test_a_manifest_entry_starts_what_is_installed(entry: dict[str, Any]) -> None:
    command, word, *rest = entry["entry"].split()
    if entry["id"] == MESSAGE_HOOK:
        assert (word, rest) == ("secrets", ["--commit-message"])
        return
    assert rest == []
    assert command in PROJECT["scripts"]
    module, _, function = PROJECT["scripts"][command].partition(":")
    assert callable(getattr(importlib.import_module(module), function))
    assert word == ("run" if entry["id"] == EVERY_HOOK else entry["id"].removeprefix("check-"))


@each_entry
def test_who_gets_file_names(entry: dict[str, Any]) -> None:
    """They come after `--`, since a name may begin with a dash. Whoever gets none runs always: deletions count too."""
    if entry["id"] == MESSAGE_HOOK:
        assert (entry["always_run"], entry.get("pass_filenames", True)) == (True, True)
    elif entry["id"] in GETS_FILE_NAMES:
        assert entry["args"] == ["--"]
        assert entry["types"] == ["file"]
        assert not entry.keys() & {"always_run", "pass_filenames"}
    else:
        assert (entry["always_run"], entry["pass_filenames"]) == (True, False)
        assert not entry.keys() & {"args", "types", "types_or", "files", "exclude"}


SAMPLES = {
    "app.py": b"print()\n",
    "Procfile": b"web: run\n",
    ".env": b"A=1\n",
    "id_rsa": b"-----\n",
    "empty.txt": b"",
    "wide.reg": "Windows Registry Editor".encode("utf-16"),
    "wide-big.txt": "text".encode("utf-16-be"),
    "latin.txt": "größe".encode("latin-1"),
    "image.png": b"\x89PNG\r\n\x1a\n\0\0",
    "data.bin": bytes(range(256)),
    "a name.with blanks": b"x\n",
    "-dash": b"x\n",
}


@pytest.mark.parametrize("entry", [entry for entry in MANIFEST if entry["id"] == "check-secrets"])
def test_what_the_manifest_selects(entry: dict[str, Any], tmp_path: Path) -> None:
    """Every regular file, since a credential may stand in any. A link's target is checked under its own name."""
    for name, content in SAMPLES.items():
        (tmp_path / name).write_bytes(content)
    executable = tmp_path / "run"
    executable.write_bytes(b"#!/bin/sh\n")
    executable.chmod(0o755)
    (tmp_path / "link").symlink_to("app.py")
    (tmp_path / "folder").mkdir()

    selected = {path.name for path in tmp_path.iterdir() if is_selected(entry, path)}
    assert selected == {*SAMPLES, "run"}


def is_selected(entry: dict[str, Any], path: Path) -> bool:
    """As pre-commit decides it."""
    tags = identify.tags_from_path(str(path))
    return (
        tags >= set(entry.get("types", ["file"]))
        and bool(not entry.get("types_or") or tags & set(entry["types_or"]))
        and not tags & set(entry.get("exclude_types", []))
        and re.search(entry.get("files", ""), path.name) is not None
        and re.search(entry.get("exclude", "^$"), path.name) is None
    )


# ── Dependencies ────────────────────────────────────────────────────────────────────────────────────

REQUIREMENTS = [*PROJECT["dependencies"], *(one for more in PROJECT["optional-dependencies"].values() for one in more)]


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_a_dependency_has_its_reason(requirement: str) -> None:
    """In a comment, on its line or on the lines above."""
    lines = [line.strip() for line in PYPROJECT.splitlines()]
    (place,) = (number for number, line in enumerate(lines) if line.startswith(f'"{requirement}"'))
    comments = (lines[place].partition("#")[2], lines[place - 1] if lines[place - 1].startswith("#") else "")
    assert any(len(comment.split()) >= 2 for comment in comments)


def test_the_oldest_python() -> None:
    assert PROJECT["requires-python"] == ">=3.11"
    assert tomllib.loads(PYPROJECT)["tool"]["ruff"]["target-version"] == "py311"


def installed_with(requirements: list[str]) -> set[str]:
    """The names of the distributions that the requirements bring along; extras aside."""
    names: set[str] = set()
    for requirement in requirements:
        name = re.split(r"[^A-Za-z0-9._-]", requirement)[0]
        if "extra ==" not in requirement and name not in names:
            names |= {name} | installed_with(metadata.requires(name) or [])
    return names


@pytest.mark.parametrize("name", sorted(installed_with(PROJECT["dependencies"])))
def test_what_is_installed_has_a_licence_that_is_no_gpl(name: str) -> None:
    facts = metadata.metadata(name)
    said = [line for field in ("License-Expression", "License") for line in facts.get_all(field, [])]
    classified = [line for line in facts.get_all("Classifier", []) if line.startswith("License ::")]
    licence = " ".join([*said, *classified])
    assert licence
    assert not re.search("GPL|GNU|General Public", licence)


ADVICE = re.compile(
    r"\b(?:pip3?|pipx|uv tool|uv pip) install (?:-\S+ )*['\"]?nightlatch\b|\b(?:uvx|pipx run|uv tool run) nightlatch\b"
)


@pytest.mark.parametrize("pattern", ["*.md", "*.yml", "docs/*.md", "hooks/**/*.py", "ci-templates/**/*"])
def test_nobody_is_told_to_install_nightlatch_by_its_bare_name(pattern: str) -> None:
    """It is on no package registry: whoever took the name there would be installed in its place."""
    files = [path for path in ROOT.glob(pattern) if path.is_file()]
    assert files
    told = [f"{path.name}: {found[0]}" for path in files for found in ADVICE.finditer(path.read_text("utf-8"))]
    assert told == []
    assert ADVICE.search("Install it: pip install 'nightlatch[postgres]'")
    assert ADVICE.search("pipx install nightlatch")
