"""Which paths hold tests and their data, by the conventions of the common languages."""

from __future__ import annotations

FOLDERS = frozenset(
    (
        "test",
        "tests",
        "__tests__",
        "testing",
        "testdata",
        "test-data",
        "test_data",
        "spec",
        "specs",
        "fixtures",
        "__fixtures__",
        "e2e",
        "mocks",
        "__mocks__",
    )
)
NAME_PARTS = ("_test.", ".test.", "-test.", ".spec.", "_spec.", "-spec.")


def is_test(path: str) -> bool:
    """Whether a path (with `/`) lies in a test folder or is named as a test."""
    *folders, name = path.lower().split("/")
    return (
        any(folder in FOLDERS for folder in folders)
        or name.startswith("test_")
        or any(part in name for part in NAME_PARTS)
    )
