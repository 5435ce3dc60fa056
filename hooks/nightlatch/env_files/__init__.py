"""The hook `env-files`: secret files are closed to others and to git, and what stands in `.env` files."""
