"""The configuration's schema: `SCHEMA`, put together from one module a section.

It stands beside the command line, not in `core`, since it knows the hooks by name.
"""

from __future__ import annotations

from nightlatch.core.schema.containers import Map
from nightlatch.schema import dependencies, enum_parity, env_files, general, protected_files, secrets

SCHEMA = Map(
    "The configuration of nightlatch, `.nightlatch.yaml` at the root of the repository.",
    *general.KEYS,
    secrets.KEY,
    env_files.KEY,
    enum_parity.KEY,
    dependencies.KEY,
    protected_files.KEY,
    general.AUDIT_LOG,
)
