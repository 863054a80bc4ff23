"""Where minutes learn the results of votes: whoever counts votes registers here, minutes import nobody."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from portal.extensions.registry import Registry

from .rules import VoteFact


@dataclass(frozen=True, slots=True)
class VoteSource:
    """``results`` is called with the keys of meetings and returns the closed votes of all of them, in their order.

    A constant number of statements for any number of meetings. A fact without ``part_id`` belongs to the first part.
    """

    code: str
    results: Callable[[Sequence[int]], Iterable[VoteFact]]
    order: int = 100


vote_sources: Registry[VoteSource] = Registry()
