"""Results for tests of the reports."""

from __future__ import annotations

from nightlatch.core.discover import STAGED, Selection
from nightlatch.core.finding import Finding, add_fingerprints
from nightlatch.core.run import Result


def result_of(*findings: Finding) -> Result:
    """A run that checked two files and found these."""
    result = Result(Selection(STAGED, "/repository", None), ["secrets"])
    result.tally.files = {"src/a.py": 10, "src/b.py": 20}
    result.findings = list(findings)
    for finding in findings:
        finding.hook = "secrets"
    add_fingerprints(findings)
    return result
