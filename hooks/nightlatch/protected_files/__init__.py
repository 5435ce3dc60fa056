"""The hook `protected-files`: what guards the repository is not weakened by the change that it guards against."""
