"""What a job of GitHub Actions or GitLab checks: the templates start this, and this starts the command."""
