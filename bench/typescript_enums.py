"""The hook's view of TypeScript against the compiler's, on repositories: enums that are missing, too many, or differ.

python bench/typescript_enums.py COMPILER FOLDER…

COMPILER is a folder in which `npm ci` was run with tests/enum_parity/typescript-compiler/package-lock.json.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.typescript_compiler import compiler_view, our_view


def main(words: list[str]) -> int:
    """Print a line for each folder; exit 1 where the views of the enums differ."""
    worst = 0
    for folder in map(Path, words[1:]):
        listing = subprocess.run(
            ("git", "ls-files", "-z", "*.ts", "*.tsx", "*.mts", "*.cts"), cwd=folder, capture_output=True, check=True
        ).stdout.decode()
        files = [folder / name for name in listing.split("\0") if name]
        files = [path for path in files if path.is_file() and not path.is_symlink()]
        theirs, ours = compiler_view("node", Path(words[0]), files), our_view(files)
        missing, extra = theirs.enums.keys() - ours.enums.keys(), ours.enums.keys() - theirs.enums.keys()
        differ = [key for key in theirs.enums.keys() & ours.enums.keys() if theirs.enums[key] != ours.enums[key]]
        wrong = [key for key in theirs.types.keys() & ours.types.keys() if theirs.types[key] != ours.types[key]]
        unread = theirs.types.keys() - ours.types.keys()
        print(
            f"{folder.name}: {len(files)} files; {len(theirs.enums)} enums, {len(missing)} missing, {len(extra)} too "
            f"many, {len(differ)} differ; {len(theirs.types)} types, {len(unread)} not read, {len(wrong)} differ"
        )
        worst = max(worst, bool(missing or extra or differ or wrong))
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
