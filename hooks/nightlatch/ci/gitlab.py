"""GitLab CI: predefined variables say which commits a pipeline is for.

https://docs.gitlab.com/ci/variables/predefined_variables/
"""

from __future__ import annotations

from nightlatch.ci.scope import Scope, branch, commit, pushed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

USER = "gitlab-ci-token"
"""Goes with the job's token where git asks for a user."""

MERGE_BASE = "CI_MERGE_REQUEST_DIFF_BASE_SHA"


def scope(environ: Mapping[str, str]) -> Scope:
    """What the pipeline asks to be checked.

    Merge requests and pushes: their commits. Everything else, such as `schedule`, `web` and `trigger`: everything.
    In a pipeline for merged results the merge request's own newest commit has a variable of its own, since the
    pipeline's commit is a merge with the target branch. Raises EventError where a variable holds no commit.
    """
    source = environ.get("CI_PIPELINE_SOURCE", "")
    newest = commit(environ.get("CI_COMMIT_SHA"), "CI_COMMIT_SHA")
    if environ.get(MERGE_BASE):
        head = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA")
        return Scope(
            source,
            commit(environ.get(MERGE_BASE), MERGE_BASE),
            commit(head, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") if head else newest,
        )
    if source == "push":
        default = environ.get("CI_DEFAULT_BRANCH")
        return pushed(
            source,
            commit(environ.get("CI_COMMIT_BEFORE_SHA"), "CI_COMMIT_BEFORE_SHA"),
            newest,
            default=branch(default, "CI_DEFAULT_BRANCH"),
            is_default=environ.get("CI_COMMIT_BRANCH") == default,
        )
    return Scope(source or "an unnamed event")
