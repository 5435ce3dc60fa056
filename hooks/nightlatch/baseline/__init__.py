"""The command `nightlatch baseline`: it writes the file that `core/baseline` reads."""
