"""What every hook stands on; it knows no hook by name."""
