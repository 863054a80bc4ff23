"""Pages of the dues."""
