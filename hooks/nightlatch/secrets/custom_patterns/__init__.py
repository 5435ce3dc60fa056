"""The patterns of a team's own rules: read, and proven to be bounded in time and the same for both engines."""
