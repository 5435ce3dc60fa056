"""How findings leave: one module for each format."""
