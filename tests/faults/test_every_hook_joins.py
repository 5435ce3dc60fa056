"""No hook of the registry stays out of the harness."""

from __future__ import annotations

from pathlib import Path

from nightlatch.registry import MODULES, load
from tests.faults.harness import assert_found, inspect
from tests.support.repository import Repository
from tests.support.samples import SAMPLES, Sample


def test_every_hook_of_the_registry_has_exactly_one_sample() -> None:
    assert sorted(sample.hook for sample in SAMPLES) == sorted(MODULES)


def test_a_sample_names_a_rule_of_its_hook(sample: Sample) -> None:
    assert sample.rule in {rule.id for rule in load(sample.hook).rules}


def test_a_sample_s_content_is_found_and_holds_its_secrets(planted: Repository, sample: Sample) -> None:
    assert all(value in sample.content() for value in sample.secrets())
    assert_found(inspect(planted.path, sample, "--staged"), sample)


def test_nothing_is_found_in_a_sample_s_clean_content(tmp_path: Path, sample: Sample) -> None:
    (tmp_path / sample.path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / sample.path).write_text(sample.clean)
    assert inspect(tmp_path, sample, sample.path).code == 0


def test_a_sample_can_be_written_in_any_encoding(sample: Sample) -> None:
    assert sample.content().isascii()
    assert sample.content().endswith("\n")
