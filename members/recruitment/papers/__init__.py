"""Papers of recruitment: one module for each stage of domain.md 3.5, with the facts of each paper beside its layout.

The words are those that offices print; an engine or service never reads them.
"""
