"""The arithmetic of a congress and of a committee as a case records it; the sums are those of all ballots.

A congress counts its majority from those **due** (domain.md 3.3); rules and words stand in ``portal.ballots.rules``.
"""

from dataclasses import dataclass

from portal.ballots.rules import SENTENCES, Rule, Sum, decide_proposal

OPENS = SENTENCES["quorum"]
PASSES = SENTENCES["majority_due"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a meeting opens and a vote passes, with the sum of those present and the sum of those in favor."""

    presence: Sum
    favor: Sum

    @property
    def min_present(self) -> int:
        return self.presence.numbers["need"]

    @property
    def min_yes(self) -> int:
        return self.favor.numbers["need"]

    @property
    def opens(self) -> bool:
        return self.presence.holds

    @property
    def passes(self) -> bool:
        return self.opens and self.favor.holds

    @property
    def words(self) -> tuple[str, str]:
        """Return the two sums as sentences, without the article, which the edition of the case names."""
        return self.presence.sentence, self.favor.sentence


def congress(due: int, present: int, yes: int, written: int = 0) -> Verdict:
    """Judge a branch congress: more than half of ``due`` present, more than half of ``due`` in favor (XZ26 19, 20).

    ``yes`` includes the ``written`` opinions in favor sent in before; those who wrote are not present, and nobody can
    vote that is neither present nor has written.
    """
    return _judged(Rule.CONGRESS, due, present, min(yes, present + written))


def committee(due: int, present: int, yes: int) -> Verdict:
    """Judge a committee's decision: more than half of its members present, more than half of them in favor (ZB)."""
    return _judged(Rule.COMMITTEE, due, present, min(yes, present))


def _judged(rule: Rule, due: int, present: int, yes: int) -> Verdict:
    return Verdict(*decide_proposal(rule, due=due, present=present, yes=yes, no=0).sums)
