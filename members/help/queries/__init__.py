"""Reads of talks and requests."""
