"""GitHub Actions: the event's payload says which commits it brings.

https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
https://docs.github.com/webhooks/webhook-events-and-payloads
"""

from __future__ import annotations

import json
import os

from nightlatch.ci.scope import EventError, Scope, commit, pushed, reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_PAYLOAD = 64 << 20
"""Bytes of an event's payload; GitHub's own bound is 25 MB."""

ELSEWHERE = "In GitHub Actions it is. Elsewhere start the command itself: nightlatch run --help"

USER = "x-access-token"
"""Goes with the job's token where git asks for a user."""


def scope(environ: Mapping[str, str]) -> Scope:
    """What the event asks to be checked.

    Pull requests (and whatever else names one), merge groups and pushes: their commits. Everything else, such as
    `schedule` and `workflow_dispatch`: everything. Raises EventError where the payload can't be read, or lacks what
    its event is to have.
    """
    name = environ.get("GITHUB_EVENT_NAME", "")
    event = _payload(environ.get("GITHUB_EVENT_PATH", ""))
    if not name:
        raise EventError("GITHUB_EVENT_NAME is not set.", ELSEWHERE)
    if "pull_request" in event or name.startswith("pull_request"):
        return Scope(
            name,
            commit(_inner(event, "pull_request", "base", "sha"), "pull_request.base.sha"),
            commit(_inner(event, "pull_request", "head", "sha"), "pull_request.head.sha"),
        )
    if name == "merge_group":
        return Scope(
            name,
            commit(_inner(event, "merge_group", "base_sha"), "merge_group.base_sha"),
            commit(_inner(event, "merge_group", "head_sha"), "merge_group.head_sha"),
            upload=False,
        )
    if name == "push":
        default = reference(_inner(event, "repository", "default_branch"), "repository.default_branch")
        return pushed(
            name,
            commit(event.get("before"), "before"),
            commit(event.get("after"), "after"),
            default=default,
            is_default=event.get("ref") == f"refs/heads/{default}",
        )
    return Scope(name)


def _payload(path: str) -> dict[str, object]:
    try:
        with open(path, "rb") as file:
            raw = file.read(MAX_PAYLOAD + 1)
        event = json.loads(raw[:MAX_PAYLOAD]) if len(raw) <= MAX_PAYLOAD else None
    except (OSError, ValueError, RecursionError):
        event = None
    if not isinstance(event, dict):
        raise EventError(
            f"The event's payload can't be read: {os.path.basename(path) or 'GITHUB_EVENT_PATH is not set'}.",
            ELSEWHERE,
        )
    return event


def _inner(event: dict[str, object], *keys: str) -> object:
    value: object = event
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
