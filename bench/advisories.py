"""How long the database of advisories takes to build, and how long lockfiles of 200 and 2,000 packages take with it.

    python -m bench.advisories [--records 240000] [--runs 30]

Installs this checkout into a throw-away environment and makes its own records: nine of ten report a malicious
package, as in npm's, the others have ranges. The same lockfiles are checked against a small and against the large
database, each in turn with the bare interpreter, so that a drift of the machine's speed meets all alike. Prints the
median of each, and the median of the ratios pair by pair. The lockfiles are named as files, whole: every package
is compared. One in a hundred of them has advisories, none of which concerns its version. Then the same lockfiles in a
repository, with one package changed and staged: what a commit costs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.commit import report
from bench.measure import install, measured, timed, with_bytecode
from nightlatch.core.advisories.canaries import CANARIES, MALWARE_CANARIES

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW = 3000
EVERY = {"npm": 10, "PyPI": 2}
"""Ecosystem → of so many records one is no report of malware, about as in OSV's."""

LIMIT = 3600
SIZES = (200, 2000)
IN_A_HUNDRED = 100


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=240_000, help="of npm; PyPI gets a tenth")
    parser.add_argument("--runs", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scripts = install(folder / "environment")
        databases = {
            label: build(folder / label, count, scripts)
            for label, count in (("small", FEW), ("large", options.records))
        }
        plain = with_bytecode(os.environ)
        commands = {"python -c pass": ([str(scripts / "python"), "-c", "pass"], folder, plain)}
        for lockfile, size in lockfiles(folder):
            for label, database in databases.items():
                words = [str(scripts / "nightlatch"), "dependencies", lockfile]
                named = plain | {"NIGHTLATCH_ADVISORIES": str(database)}
                commands[f"{size} packages, {Path(lockfile).name}, {label} database"] = (words, folder, named)
        for label, database in databases.items():
            for lockfile, size in lockfiles(folder / label):
                where = commit(Path(lockfile))
                named = plain | {"NIGHTLATCH_ADVISORIES": str(database)}
                title = f"a commit that changes 1 of {size}, {Path(lockfile).name}, {label} database"
                commands[title] = ([str(scripts / "nightlatch"), "dependencies"], where, named)
        for words, where, environment in commands.values():
            subprocess.run(words, cwd=where, env=environment, check=True, stdout=subprocess.DEVNULL)
        report("warm", interleaved(commands, options.runs))


def interleaved(commands: dict[str, tuple[list[str], Path, dict[str, str]]], runs: int) -> dict[str, list[float]]:
    """Seconds of each run, every command once in each round."""
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            seconds[name].append(timed(*command))
    return seconds


def build(folder: Path, count: int, scripts: Path) -> Path:
    """Make archives of so many records, build the database, and print what that took."""
    folder.mkdir()
    archives = []
    for ecosystem, number in (("npm", count), ("PyPI", max(FEW, count // 10))):
        archives.append(folder / f"{ecosystem}.zip")
        with zipfile.ZipFile(archives[-1], "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
            for record in records(ecosystem, number):
                target.writestr(f"{record['id']}.json", json.dumps(record))
    output = folder / "advisories.sqlite"
    words = [str(scripts / "nightlatch"), "advisories", "build", *map(str, archives), "--output", str(output)]
    words += ["--partial"] * (count == FEW)
    usage = measured(words, folder, with_bytecode(os.environ), folder / "out", LIMIT, watch=False)
    size = output.stat().st_size / 1e6
    print(f"build of {count} npm records: {usage.wall:.1f} s, {usage.largest:.0f} MB of memory, {size:.1f} MB on disk")
    return output


def commit(lockfile: Path) -> Path:
    """A repository with the lockfile in HEAD, and one package of it changed and staged."""
    git = ("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--no-verify", "-m", "Lock"]):
        subprocess.run([*git, *words], cwd=lockfile.parent, check=True)
    times = 2 if lockfile.suffix == ".json" else 1  # its version, and the same in its address
    lockfile.write_text(lockfile.read_text().replace("3.7.1", "3.7.2", times))
    subprocess.run([*git, "add", "."], cwd=lockfile.parent, check=True)
    return lockfile.parent


def records(ecosystem: str, count: int) -> Iterator[dict[str, Any]]:
    """The canaries, and records of the usual kinds."""
    modified = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    kind = {"npm": "SEMVER", "PyPI": "ECOSYSTEM"}[ecosystem]

    def record(id: str, package: str, events: list[dict[str, str]], **more: Any) -> dict[str, Any]:
        affected = {
            "package": {"ecosystem": ecosystem, "name": package},
            "ranges": [{"type": kind, "events": events}],
        }
        return {
            "id": id,
            "modified": modified,
            "summary": f"About {package}",
            "details": "x" * 400,
            "affected": [affected],
        } | more

    for name, version, cve in CANARIES[ecosystem]:
        yield record(f"GHSA-canary-{name}", name, [{"introduced": version}, {"last_affected": version}], aliases=[cve])
    for number, (name, version) in enumerate(MALWARE_CANARIES[ecosystem]):
        yield record(f"MAL-canary-{ecosystem}-{number}", name, [{"introduced": version}, {"last_affected": version}])
    for number in range(count):
        if number % EVERY[ecosystem]:
            yield record(f"MAL-{ecosystem}-{number}", f"malicious-{number}", [{"introduced": "0"}])
        else:
            events = [
                {"introduced": "1.0.0"},
                {"fixed": "1.2.3"},
                {"introduced": "2.0.0-rc.1" if ecosystem == "npm" else "2.0rc1"},
            ]
            events.append({"fixed": "2.1.0"})
            yield record(
                f"GHSA-{ecosystem}-{number}",
                f"known-{number // EVERY[ecosystem] // 3}",
                events,
                aliases=[f"CVE-2026-{number}"],
                severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}],
            )


def lockfiles(folder: Path) -> Iterator[tuple[str, int]]:
    """requirements.txt and package-lock.json, in each size."""
    for size in SIZES:
        names = [f"known-{number}" if number % IN_A_HUNDRED == 0 else f"plain-{number}" for number in range(size)]
        place = folder / f"python-{size}"
        place.mkdir(parents=True)
        lines = (f"{name}==3.{number % 50}.1 --hash=sha256:{number:064x}\n" for number, name in enumerate(names))
        (place / "requirements.txt").write_text("".join(lines))
        yield str(place / "requirements.txt"), size
        place = folder / f"node-{size}"
        place.mkdir()
        packages: dict[str, Any] = {
            "": {"name": "app", "version": "1.0.0", "dependencies": dict.fromkeys(names[:20], "^3.0.0")}
        }
        for number, name in enumerate(names):
            version = f"3.{number % 50}.1"
            packages[f"node_modules/{name}"] = {
                "version": version,
                "resolved": f"https://registry.example.com/{name}/-/{name}-{version}.tgz",
                "integrity": "sha512-" + "A" * 86 + "==",
            }
        lock = {"name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": True, "packages": packages}
        (place / "package-lock.json").write_text(json.dumps(lock, indent=2))
        yield str(place / "package-lock.json"), size


if __name__ == "__main__":
    main()
