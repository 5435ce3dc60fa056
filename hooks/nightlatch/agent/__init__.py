"""What answers a coding agent: an event of its protocol becomes effects, and these a verdict."""
