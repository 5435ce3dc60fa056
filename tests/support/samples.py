"""For each hook something that it must find: what every harness that goes over all hooks is run with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.support.tokens import github_token, line_with_token


@dataclass(frozen=True)
class Sample:
    """A file in which a hook must find something.

    hook      its name on the command line
    path      a file that the hook looks at; its suffix is kept where a test needs another name
    rule      what it must find there, as an error
    content   makes the file's text (ASCII, whole lines) anew: no credential stands in this repository
    clean     a text of the same kind in which it finds nothing
    secrets   makes the values in `content` that no output may hold
    by_name   whether the hook looks at files of certain names alone, and reads them as lines of a format of their own
    before    for a hook that compares a change with its base: what stands there before; the path is then the
              only one that it looks at, and there must be a commit to compare with
    placed    whether the hook looks at this path because of its folder: the same content elsewhere is nothing to it
    """

    hook: str
    path: str
    rule: str
    content: Callable[[], str]
    clean: str
    secrets: Callable[[], tuple[str, ...]]
    before: str = ""
    by_name: bool = False
    placed: bool = False

    @property
    def by_file(self) -> bool:
        """Whether the hook looks into each file by itself, wherever it lies."""
        return not self.before and not self.placed


RUNNER = """\
repos:
  - repo: https://example.com/nightlatch
    rev: v1
    hooks:
      - id: check-secrets
"""

MIGRATION = """\
import enum

from alembic import op

revision = "0001"
down_revision = None


# parity: public.user_role
class UserRole(enum.StrEnum):
    ADMIN = "admin"
    MEMBER = "member"


def upgrade():
    op.execute("CREATE TYPE user_role AS ENUM ({labels})")
"""

SAMPLES = (
    Sample(
        hook="secrets",
        path="settings.py",
        rule="SEC301",
        content=line_with_token,
        clean='TOKEN = os.environ["TOKEN"]\n',
        secrets=lambda: (github_token(),),
    ),
    Sample(
        hook="env-files",
        path=".env.example",
        rule="ENV107",
        content=lambda: f"GITHUB_TOKEN={github_token()}\n",
        clean="GITHUB_TOKEN=\n",
        secrets=lambda: (github_token(),),
        by_name=True,
    ),
    Sample(
        hook="enum-parity",
        path="versions/0001_roles.py",
        rule="ENUM001",
        content=lambda: MIGRATION.format(labels="'admin'") + f"# {github_token()}\n",
        clean=MIGRATION.format(labels="'admin', 'member'"),
        secrets=lambda: (github_token(),),
        placed=True,
    ),
    Sample(
        hook="dependencies",
        path="requirements.txt",
        rule="DEP205",
        content=lambda: f"acme @ git+https://build:{github_token()}@git.example.com/acme.git@main\n",
        clean="-e ./acme\n",
        secrets=lambda: (github_token(),),
        by_name=True,
    ),
    Sample(
        hook="protected-files",
        path=".pre-commit-config.yaml",
        rule="PRO011",
        before=RUNNER,
        content=lambda: f"{RUNNER}        exclude: {github_token()}\n",
        clean=f"# Started at every commit.\n{RUNNER}",
        secrets=lambda: (github_token(),),
    ),
)
