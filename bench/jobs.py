"""The scanners that are compared, and how each is asked for the same work. Data alone.

Each runs as it ships, without asking any provider whether a credential is valid (that would reach out), and
without printing values, where it has an option for that. At commit it is started as its own hook for pre-commit
starts it; for trees and histories it writes JSON to standard output, so that its findings can be counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

STAGED_FILES = "{staged files}"
"""Stands for the names of the staged files, which a hook runner would pass."""

FOUND = (1,)
KINGFISHER_FOUND = (200, 205)


@dataclass(frozen=True)
class Job:
    """One row of the tables: a scanner with some options.

    `commands` holds the command for each mode that the scanner has. `cache` names the variable of the
    environment by which it is given a cache folder, and `filling` what else is set while that is filled.
    """

    name: str
    commands: dict[str, tuple[str, ...]]
    version: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)
    cache: str = ""
    filling: dict[str, str] = field(default_factory=dict)
    found: tuple[int, ...] = FOUND

    @property
    def programs(self) -> set[str]:
        """The programs that it needs."""
        return {command[0] for command in self.commands.values()}


def nightlatch(name: str, engine: str) -> Job:
    """This product with one of its engines. The cache folder is filled by Hyperscan's database, where it is used."""
    secrets = ("nightlatch", "secrets")
    compiling = "hyperscan" if engine == "auto" else engine
    return Job(
        name,
        {
            "commit": secrets,
            "tree": (*secrets, "--all-files", "--format", "json"),
            "history": (*secrets, "--history", "--format", "json"),
        },
        ("nightlatch", "--version"),
        environment={"NIGHTLATCH_ENGINE": engine},
        cache="NIGHTLATCH_CACHE_DIR",
        filling={"NIGHTLATCH_ENGINE": compiling},
    )


def gitleaks(name: str, *options: str) -> Job:
    """Gitleaks."""
    json = ("--redact", "--no-banner", "--report-format", "json", "--report-path", "-", *options, ".")
    return Job(
        name,
        {
            "commit": ("gitleaks", "git", "--pre-commit", "--redact", "--staged", "--verbose", *options),
            "tree": ("gitleaks", "dir", *json),
            "history": ("gitleaks", "git", *json),
        },
        ("gitleaks", "version"),
    )


def betterleaks(name: str, *options: str) -> Job:
    """Betterleaks, version 2: its options are others than version 1 had."""
    json = ("--redact", "--no-banner", "--output", "-", *options, ".")
    return Job(
        name,
        {
            "commit": ("betterleaks", "git", "--redact", "--staged", *options),
            "tree": ("betterleaks", "filesystem", *json),
            "history": ("betterleaks", "git", *json),
        },
        ("betterleaks", "version"),
    )


def kingfisher(name: str, *options: str) -> Job:
    """MongoDB's kingfisher. Its compiled rules are cached too."""
    scan = ("kingfisher", "scan", ".", "--no-validate", "--no-update-check", "--redact", "--quiet", *options)
    return Job(
        name,
        {
            "commit": (*scan, "--staged"),
            "tree": (*scan, "--git-history", "none", "--format", "json"),
            "history": (*scan, "--format", "json"),
        },
        ("kingfisher", "--version"),
        cache="KF_RULE_CACHE_DIR",
        found=KINGFISHER_FOUND,
    )


def detect_secrets(name: str) -> Job:
    """Yelp's detect-secrets. It doesn't scan histories."""
    return Job(
        name,
        {
            "commit": ("detect-secrets-hook", "--no-verify", STAGED_FILES),
            "tree": ("detect-secrets", "scan", "--no-verify"),
        },
        ("detect-secrets", "--version"),
    )


UNDECODED = ("--max-decode-depth", "0")

JOBS = (
    nightlatch("nightlatch", "auto"),
    nightlatch("nightlatch, hyperscan", "hyperscan"),
    nightlatch("nightlatch, stdlib", "stdlib"),
    gitleaks("gitleaks"),
    gitleaks("gitleaks, no decoding", *UNDECODED),
    betterleaks("betterleaks"),
    betterleaks("betterleaks, no decoding", *UNDECODED),
    kingfisher("kingfisher"),
    kingfisher("kingfisher, no decoding", "--no-base64"),
    kingfisher("kingfisher, turbo", "--turbo"),
    detect_secrets("detect-secrets"),
)
