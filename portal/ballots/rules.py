"""The arithmetic of ballots: who must be there, what carries, each sum in words with its article (domain.md 3.3).

Pure: numbers in, sums out; no database, no clock. A congress counts its majority from those **due**, an election from
those **present**.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.rulesets.words import article_words

from .vocabulary import ANSWERS, GRADES, BallotKind, Mark, Outcome


class Rule(models.TextChoices):
    """By which rule a ballot opens and carries."""

    CONGRESS = "congress", _("branch congress on a person")
    ELECTION = "election", _("election with spare candidates")
    ELECTION_EQUAL = "election_equal", _("election with as many candidates as posts")
    ORDINARY = "ordinary", _("other decisions of a branch")
    COMMITTEE = "committee", _("decision of a committee")
    PLURALITY = "plurality", _("most votes, without quorum")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a number of people; ``strict`` asks for more than it."""

    of: Fraction
    strict: bool

    def least(self, base: int) -> int:
        """Return the fewest people that make up this share of ``base``."""
        whole, rest = divmod(base * self.of.numerator, self.of.denominator)
        return whole + 1 if self.strict or rest else whole


MORE_THAN_HALF = Share(Fraction(1, 2), strict=True)
HALF = Share(Fraction(1, 2), strict=False)
FOUR_FIFTHS = Share(Fraction(4, 5), strict=False)
# Candidates beyond the posts, in hundredths of the posts; a university may ask for more.
SPARE_PERCENT = 20


@dataclass(frozen=True, slots=True)
class Terms:
    """What one rule asks; ``base`` is what the majority is counted from. No quorum: it opens with anybody."""

    kinds: frozenset[BallotKind]
    quorum: Share | None
    quorum_article: str
    majority: Share | None
    base: str
    majority_article: str
    # Only a secret ballot will do.
    secret: bool = False
    # Formal opinions that came before the meeting count (XZ14).
    written: bool = False
    spare: bool = False


_PROPOSAL, _ELECTION, _GRADING, _CHOICE = tuple(BallotKind)
TERMS: dict[Rule, Terms] = {
    Rule.CONGRESS: Terms(
        frozenset({_PROPOSAL}), MORE_THAN_HALF, "XZ26 19", MORE_THAN_HALF, "due", "XZ26 20", secret=True, written=True
    ),
    Rule.ELECTION: Terms(
        frozenset({_ELECTION}), FOUR_FIFTHS, "XJ20", MORE_THAN_HALF, "present", "XJ20", secret=True, spare=True
    ),
    Rule.ELECTION_EQUAL: Terms(
        frozenset({_ELECTION}), FOUR_FIFTHS, "XJ20", MORE_THAN_HALF, "present", "XJ20", secret=True
    ),
    Rule.ORDINARY: Terms(frozenset({_PROPOSAL, _GRADING}), HALF, "ZB 11", MORE_THAN_HALF, "due", "ZB 11"),
    Rule.COMMITTEE: Terms(frozenset({_PROPOSAL, _GRADING}), MORE_THAN_HALF, "ZB", MORE_THAN_HALF, "due", "ZB"),
    Rule.PLURALITY: Terms(frozenset({_PROPOSAL, _CHOICE, _GRADING}), None, "", None, "present", ""),
}

# Lazy sentences by the code of a sum; every name in them is a number, but ``name``.
SENTENCES: Mapping[str, Promise] = {
    "quorum": _("%(present)s of %(due)s due are present; at least %(need)s must be."),
    "majority_due": _("%(yes)s in favor of %(base)s due; at least %(need)s are needed."),
    "majority_present": _("%(yes)s in favor of %(base)s present; at least %(need)s are needed."),
    "more_yes": _("%(yes)s in favor, %(no)s against."),
    "candidate": _("Candidate %(number)s: %(yes)s in favor of %(base)s present; at least %(need)s are needed."),
    "candidate_named": _("%(name)s: %(yes)s in favor of %(base)s present; at least %(need)s are needed."),
    "seats": _("%(elected)s of %(seats)s posts are filled."),
    "tie": _("%(tied)s candidates have the same number of votes for %(left)s posts: they are voted on again."),
    "spare": _("%(candidates)s candidates for %(seats)s posts; at least %(need)s are needed."),
    "returned": _("%(returned)s papers came back of %(issued)s issued; more than were issued make a ballot void."),
    "papers": _(
        "%(cast)s ballots: %(online)s in the portal, %(written)s written opinions, %(valid)s valid on paper, "
        "%(void)s invalid."
    ),
}


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum: what was counted, what is needed, whether it holds, and the article that asks for it."""

    code: str
    holds: bool
    numbers: Mapping[str, int]
    article: str = ""
    # Whom it is about, where it is about one of several.
    name: str = ""

    @property
    def sentence(self) -> str:
        """Return the sum as a sentence in the language of the moment."""
        return str(SENTENCES[self.code]) % {**self.numbers, "name": self.name}

    @property
    def words(self) -> str:
        """Return the sentence with its article."""
        said = self.sentence
        if not self.article:
            return said
        return gettext("%(reason)s (%(article)s)") % {"reason": said, "article": article_words(self.article)}

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Sum":
        return cls(data["code"], data["holds"], dict(data["numbers"]), data["article"], data.get("name", ""))


@dataclass(frozen=True, slots=True)
class Decision:
    """What a count comes to. ``elected`` and ``tied`` are places in the list of votes that was given."""

    outcome: Outcome
    sums: tuple[Sum, ...] = ()
    elected: tuple[int, ...] = ()
    tied: tuple[int, ...] = field(default=())


def min_present(rule: Rule, due: int) -> int:
    """Return how many of ``due`` must be present for a ballot to open."""
    quorum = TERMS[rule].quorum
    return quorum.least(due) if quorum else 0


def min_yes(rule: Rule, due: int, present: int) -> int:
    """Return how many votes in favor carry."""
    terms = TERMS[rule]
    return terms.majority.least(due if terms.base == "due" else present) if terms.majority else 0


def quorum(rule: Rule, due: int, present: int) -> Sum:
    """Say whether enough are present; those who sent a written opinion are not."""
    need = min_present(rule, due)
    numbers = {"present": present, "due": due, "need": need}
    return Sum("quorum", present >= need, numbers, TERMS[rule].quorum_article)


def spare(rule: Rule, candidates: int, seats: int, percent: int = SPARE_PERCENT) -> Sum:
    """Say whether there are enough candidates: one for each post, and where spares are asked, ``percent`` more."""
    need = seats + (Share(Fraction(percent, 100), strict=False).least(seats) if TERMS[rule].spare else 0)
    return Sum("spare", candidates >= need, {"candidates": candidates, "seats": seats, "need": need}, "XJ20")


def returned(issued: int, came_back: int) -> Sum:
    """Say whether the papers in the box can be counted at all: never more than were issued."""
    return Sum("returned", came_back <= issued, {"returned": came_back, "issued": issued}, "XJ20")


def decide_proposal(rule: Rule, *, due: int, present: int, yes: int, no: int) -> Decision:
    """Judge a proposal; abstentions, invalid papers and absences count against it where the base is those due.

    ``yes`` includes written opinions.
    """
    if rule is Rule.PLURALITY:
        more = Sum("more_yes", yes > no, {"yes": yes, "no": no})
        return Decision(Outcome.PASSED if more.holds else Outcome.REJECTED, (more,))
    terms = TERMS[rule]
    opens, need = quorum(rule, due, present), min_yes(rule, due, present)
    base = due if terms.base == "due" else present
    carries = Sum(
        f"majority_{terms.base}", yes >= need, {"yes": yes, "base": base, "need": need}, terms.majority_article
    )
    passed = opens.holds and carries.holds
    return Decision(Outcome.PASSED if passed else Outcome.REJECTED, (opens, carries))


def decide_election(
    rule: Rule, *, due: int, present: int, seats: int, votes: Sequence[int], names: Sequence[str] = ()
) -> Decision:
    """Judge an election: who has more than half of those present, by most votes, as many as there are posts.

    ``votes`` are those in favor, of candidates and of whoever was written in; ``names`` are for the sentences. A
    tie for the last post elects nobody of the tied; they are voted on again, as posts that stay empty are.
    """
    need, opens = min_yes(rule, due, present), quorum(rule, due, present)
    article = TERMS[rule].majority_article
    sums = [opens]
    for place, count in enumerate(votes):
        numbers = {"number": place + 1, "yes": count, "base": present, "need": need}
        name = names[place] if names else ""
        sums.append(Sum("candidate_named" if name else "candidate", count >= need, numbers, article, name))
    able = [place for place, count in enumerate(votes) if count >= need] if opens.holds else []
    elected, tied = _by_most(able, votes, seats)
    if tied:
        sums.append(Sum("tie", False, {"tied": len(tied), "left": seats - len(elected)}, article))
    sums.append(Sum("seats", len(elected) == seats, {"elected": len(elected), "seats": seats}))
    outcome = Outcome.ELECTED if len(elected) == seats else Outcome.REVOTE
    return Decision(outcome, tuple(sums), elected, tied)


def decide_choice(*, seats: int, votes: Sequence[int]) -> Decision:
    """Judge a choice by most votes; what nobody chose is never chosen."""
    able = [place for place, count in enumerate(votes) if count]
    elected, tied = _by_most(able, votes, seats)
    sums = (Sum("tie", False, {"tied": len(tied), "left": seats - len(elected)}),) if tied else ()
    return Decision(Outcome.COUNTED, sums, elected, tied)


def _by_most(able: Sequence[int], votes: Sequence[int], seats: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return who gets the ``seats`` by most votes, and who is level for the last of them."""
    ranked = sorted(able, key=lambda place: (-votes[place], place))
    if len(ranked) <= seats:
        return tuple(ranked), ()
    last = votes[ranked[seats - 1]]
    if votes[ranked[seats]] < last:
        return tuple(ranked[:seats]), ()
    return (
        tuple(place for place in ranked if votes[place] > last),
        tuple(place for place in ranked if votes[place] == last),
    )


def marks_of(kind: BallotKind) -> tuple[Mark, ...]:
    """Return what is counted on a ballot of ``kind``: without candidates for a proposal, for each of them otherwise.

    Whoever marks neither for nor against a candidate of an election abstains; nobody needs to count that.
    """
    marks = {BallotKind.PROPOSAL: ANSWERS, BallotKind.GRADING: GRADES, BallotKind.ELECTION: (Mark.YES, Mark.NO)}
    return marks.get(kind, (Mark.YES,))


def too_many_others(written_in: int, against: int) -> bool:
    """Say whether more people are written in than candidates voted against: who abstains elects nobody else (XJ20)."""
    return written_in > against
