"""The arithmetic of votes, with the sums in words (domain.md 3.3).

A congress counts its majority from those **due**, an election from those **present**; both open by those present.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.ballots.rules import Share

HALF = Fraction(1, 2)
FOUR_FIFTHS = Fraction(4, 5)

OPENS = _("%(present)s of %(due)s are present; at least %(min_present)s must be.")
PASSES = _("%(yes)s votes in favor of %(base)s; at least %(min_yes)s are needed.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a meeting opens and a vote passes; ``base`` is what the majority is counted from."""

    due: int
    present: int
    yes: int
    base: int
    min_present: int
    min_yes: int

    @property
    def opens(self) -> bool:
        return self.present >= self.min_present

    @property
    def passes(self) -> bool:
        return self.opens and self.yes >= self.min_yes

    @property
    def numbers(self) -> dict[str, Any]:
        """Return the sums by name, as the sentences below take them."""
        return {
            "due": self.due,
            "present": self.present,
            "yes": self.yes,
            "base": self.base,
            "min_present": self.min_present,
            "min_yes": self.min_yes,
        }

    @property
    def words(self) -> tuple[str, str]:
        """Return the two sums as sentences: of those present, and of those in favor."""
        return _said(OPENS, self.numbers), _said(PASSES, self.numbers)


def least(base: int, share: Fraction, *, strict: bool) -> int:
    """Return the fewest people that make up ``share`` of ``base``; ``strict`` asks for more than the share."""
    return Share(share, strict).least(base)


def congress(due: int, present: int, yes: int, written: int = 0) -> Verdict:
    """Judge a branch congress: more than half of ``due`` present, more than half of ``due`` in favor (XZ26 19, 20).

    ``yes`` includes the ``written`` opinions in favor sent in before; those who wrote are not present, and nobody can
    vote that is neither present nor has written.
    """
    most = least(due, HALF, strict=True)
    return Verdict(due, present, min(yes, present + written), due, most, most)


def committee(due: int, present: int, yes: int) -> Verdict:
    """Judge a committee's decision: more than half of its members present, more than half of them in favor (ZB)."""
    return congress(due, present, yes)


def election(due: int, present: int, yes: int) -> Verdict:
    """Judge an election: four fifths of the electors present, more than half of those present in favor (XJ20)."""
    min_present = least(due, FOUR_FIFTHS, strict=False)
    return Verdict(due, present, yes, present, min_present, least(present, HALF, strict=True))


def _said(words: Promise, numbers: dict[str, Any]) -> str:
    return str(words) % numbers
