"""The command `nightlatch advisories`: it builds, fetches and tells about the offline database."""
