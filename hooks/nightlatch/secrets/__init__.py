"""The `secrets` hook: no credential enters a commit, a branch or the history."""
