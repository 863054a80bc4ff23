"""Fills the papers from what is recorded in a case: one function for each, and which papers there are now.

A paper says what the portal knows and leaves the rest blank for the pen; nobody's name is printed where a hand signs.
"""
