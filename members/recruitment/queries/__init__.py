"""Reads on recruitment: facts for the engine, who acts in a case, and what the candidate is told."""

from .acting import roles_in, superior_of, superiors_of
from .facts import Known, facts_of, known_of, named_on, people_in, resolved
from .own import OwnWay, own_papers, own_way
from .reading import Reading, reading_of

__all__ = [
    "Known",
    "OwnWay",
    "Reading",
    "facts_of",
    "known_of",
    "named_on",
    "own_papers",
    "own_way",
    "people_in",
    "reading_of",
    "resolved",
    "roles_in",
    "superior_of",
    "superiors_of",
]
