"""Pages of talks and requests."""
