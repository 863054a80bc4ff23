"""Reads of cultivation: one's own reports, those to answer, the grid of a branch."""
