"""Security hooks that run by themselves: at commit, in CI and at an agent's tool call."""

__version__ = "0.1.0"
