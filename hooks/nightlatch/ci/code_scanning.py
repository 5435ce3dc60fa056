"""What of a SARIF report belongs into code scanning: neither what is allowed nor what only the history holds.

GitHub reads no suppressions, and closes an alert once its line is gone, while the history keeps the secret.
"""

from __future__ import annotations

import json
import os

from nightlatch.core.errors import ReportError


def to_upload(report: str) -> None:
    """Take out of a SARIF file what is not for code scanning. Raises ReportError where it can't be read or written."""
    beside = f"{report}.new"
    try:
        with open(report, encoding="utf-8") as file:
            document = json.load(file)
        for run in document["runs"]:
            run["results"] = [result for result in run["results"] if _is_open(result)]
        with open(beside, "w", encoding="utf-8", newline="\n") as file:
            json.dump(document, file, ensure_ascii=False, separators=(",", ":"))
        os.replace(beside, report)
    except (OSError, ValueError) as error:
        what = error.strerror if isinstance(error, OSError) else "it is not JSON"
        raise ReportError(f"{report} can't be made ready for code scanning: {what}.", "Look at the disk.") from None


def _is_open(result: dict[str, object]) -> bool:
    properties = result.get("properties")
    is_history = isinstance(properties, dict) and bool(properties.get("history"))
    return not (result.get("suppressions") or is_history)
