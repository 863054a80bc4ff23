"""Reads on activities."""
