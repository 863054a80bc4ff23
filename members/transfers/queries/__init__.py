"""Reads about transfers: facts for the rules, lists, whose turn it is, and who answers for a person."""
