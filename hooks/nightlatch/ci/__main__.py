"""`python -I -m nightlatch.ci`: without -I Python would import what lies in the checked repository."""

from __future__ import annotations

import sys

from nightlatch.ci.command import main

if __name__ == "__main__":
    if not sys.flags.isolated:
        sys.stderr.write("nightlatch: start it isolated: python -I -m nightlatch.ci\n")
        sys.exit(2)
    sys.exit(main())
