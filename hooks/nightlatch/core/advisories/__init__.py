"""The offline database of advisories: what its file holds, and which packages it says something of."""
