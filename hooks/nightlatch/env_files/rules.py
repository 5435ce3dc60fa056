"""Every rule of the `env-files` hook, in the order of their ids."""

from __future__ import annotations

from nightlatch.env_files.rules_of_contents import CONTENT_RULES
from nightlatch.env_files.rules_of_files import FILE_RULES

RULES = (*FILE_RULES, *CONTENT_RULES)
