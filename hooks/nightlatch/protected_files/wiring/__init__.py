"""How the guard is registered in each coding agent's own settings: read, judged, written, tried."""
