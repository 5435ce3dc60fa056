"""nightlatch's rules as a plugin of detect-secrets.

    detect-secrets scan --plugin PATH-OF-THIS-FILE

or, so that a `.secrets.baseline` names a path that is the same on every machine, the path of a file in the
repository that holds one line: `from nightlatch.secrets.detect_secrets_plugin import NightlatchDetector`.

detect-secrets hands over one line at a time, so what runs over several lines isn't found: private keys in PEM
are left to its own plugin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.plugins.base import BasePlugin

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any

    from detect_secrets.util.code_snippet import CodeSnippet

    from nightlatch.secrets.scan import Scanner


class NightlatchDetector(BasePlugin):
    """Finds what the rules of nightlatch find in a line; its inline notes are honoured."""

    secret_type = "Credential with a known format (nightlatch)"  # noqa: S105 - a kind, no secret

    def __init__(self) -> None:
        self._scanner: Scanner | None = None

    def analyze_string(self, string: str) -> Generator[str, None, None]:
        """Yield the value of each credential in a text."""
        yield from self._values("", string)

    def analyze_line(
        self, filename: str, line: str, line_number: int = 0, context: CodeSnippet | None = None, **_: Any
    ) -> set[PotentialSecret]:
        """The credentials in a line, as detect-secrets wants them."""
        above = context.previous_line.rstrip("\r\n") if context else ""
        return {
            PotentialSecret(type=self.secret_type, filename=filename, secret=value, line_number=line_number)
            for value in self._values(filename, line, above)
        }

    def _values(self, path: str, line: str, above: str = "") -> list[str]:
        """What no note allows of the findings in a line; the line above it may hold one."""
        from nightlatch.core.files import File, decoded
        from nightlatch.secrets.engine import scanner_for
        from nightlatch.secrets.hook import findings_in
        from nightlatch.secrets.rules import RULES

        if self._scanner is None:
            self._scanner = scanner_for(RULES)
        file = File(path, f"{above}\n{line}".encode("utf-8", "surrogateescape"))
        found = [finding for finding in findings_in(file, self._scanner) if finding.line != 1 and not finding.note]
        return [decoded(finding.value) for finding in found if finding.value]
