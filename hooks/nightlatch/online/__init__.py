"""Other audits, asked over the network (`--online`): pip-audit and `npm audit`, as commands."""
