"""GitLab CI: predefined variables say which commits a pipeline is for.

https://docs.gitlab.com/ci/variables/predefined_variables/
"""

from __future__ import annotations

from nightlatch.ci.scope import EventError, Scope, commit, pushed, reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

USER = "gitlab-ci-token"
"""Goes with the job's token where git asks for a user."""

MERGE_REQUESTS = ("merge_request_event", "external_pull_request_event")
ELSEWHERE = "In GitLab CI it is. Elsewhere start the command itself: nightlatch run --help"

MERGE_BASE = "CI_MERGE_REQUEST_DIFF_BASE_SHA"


def scope(environ: Mapping[str, str]) -> Scope:
    """What the pipeline asks to be checked.

    Merge requests and pushes: their commits. Everything else, such as `schedule`, `web` and `trigger`: everything.
    In a pipeline for merged results the merge request's own newest commit has a variable of its own, since the
    pipeline's commit is a merge with the target branch. Raises EventError where a variable is not what it should be.
    """
    source = environ.get("CI_PIPELINE_SOURCE", "")
    if not source:
        raise EventError("CI_PIPELINE_SOURCE is not set.", ELSEWHERE)
    newest = commit(environ.get("CI_COMMIT_SHA"), "CI_COMMIT_SHA")
    if source in MERGE_REQUESTS or environ.get(MERGE_BASE):
        head = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")
        return Scope(
            source,
            commit(environ.get(MERGE_BASE), MERGE_BASE),
            commit(head, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") if head else newest,
        )
    if source == "push":
        default = reference(environ.get("CI_DEFAULT_BRANCH"), "CI_DEFAULT_BRANCH")
        tag = environ.get("CI_COMMIT_TAG")
        return pushed(
            source,
            commit(environ.get("CI_COMMIT_BEFORE_SHA"), "CI_COMMIT_BEFORE_SHA"),
            f"refs/tags/{reference(tag, 'CI_COMMIT_TAG')}" if tag else newest,
            default=default,
            is_default=environ.get("CI_COMMIT_BRANCH") == default,
        )
    return Scope(source)
