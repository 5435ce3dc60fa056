"""The job's token, for git alone and for this process alone: nothing of it is written down.

A checkout that leaves no credentials behind is right, but then the clone of a private repository can't be deepened.
"""

from __future__ import annotations

from base64 import b64encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def settings(environ: Mapping[str, str], server: str, user: str, token: str) -> dict[str, str]:
    """Variables that make git send the token to this server, behind those that are there already.

    The empty value first takes out what a checkout may have configured: two such headers are refused.
    See `GIT_CONFIG_COUNT` in git-config(1), and `http.extraHeader`.
    """
    given = environ.get("GIT_CONFIG_COUNT", "")
    count = int(given) if given.isdecimal() else 0
    key = f"http.{server.rstrip('/')}/.extraheader"
    header = "Authorization: Basic " + b64encode(f"{user}:{token}".encode()).decode("ascii")
    return {
        "GIT_CONFIG_COUNT": str(count + 2),
        f"GIT_CONFIG_KEY_{count}": key,
        f"GIT_CONFIG_VALUE_{count}": "",
        f"GIT_CONFIG_KEY_{count + 1}": key,
        f"GIT_CONFIG_VALUE_{count + 1}": header,
    }
