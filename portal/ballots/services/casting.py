"""Put a vote into the box: a person takes part once, and nothing joins them to what they chose."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from portal.accounts.models import User
from portal.audit import services as audit
from portal.web.refusals import RuleError

from .. import signals
from ..models import Ballot, Elector, NamedVote, Tally
from ..rules import TERMS, Rule, marks_of, too_many_others
from ..vocabulary import BallotKind, BallotState, Mark, Way
from .preparing import held, led

Choices = Mapping[int | None, str] | Sequence[int]


@transaction.atomic
@sensitive_variables()
def cast(ballot: Ballot, user: User, choices: Choices, *, on: date | None = None) -> None:
    """Take the vote of one person in the room, once.

    ``choices`` is ``{None: "yes"}`` for a proposal, ``{option: mark}`` for a grading and an election (in which whom one
    leaves out, one abstains on), a list of options otherwise (an empty one is a ballot without a mark). Raises
    ``RuleError`` for somebody who may not vote, has voted, or comes too late, and for more marks than are allowed.
    Leaves no row in the trail. ``on`` dates what was held earlier.
    """
    ballot = held(ballot, BallotState.OPEN)
    marked = _counters(ballot, choices)
    signals.casting.send(Ballot, ballot=ballot, user=user, choices=choices)
    mine = Elector.objects.filter(ballot=ballot, user=user.pk, is_present=True, voted_on=None)
    if not mine.update(voted_on=on or timezone.localdate(), way=Way.ONLINE):
        raise RuleError(_why_not(ballot, user))
    _count(ballot, user, marked)


@transaction.atomic
@sensitive_variables()
def record_written(ballot: Ballot, user: User, choices: Choices, *, by: User) -> None:
    """Put in the formal opinion that an absent voter sent before the meeting; it cannot be taken out again."""
    ballot = led(ballot, BallotState.PLANNED)
    if not TERMS[Rule(ballot.rule)].written:
        raise RuleError(_("By this rule only those who are present vote."))
    marked = _counters(ballot, choices)
    elector, is_new = Elector.objects.get_or_create(
        ballot=ballot, user=user, defaults={"voted_on": timezone.localdate(), "way": Way.WRITTEN}
    )
    if not is_new:
        raise RuleError(_("The written opinion of %(name)s is in the box already."), params={"name": user.name})
    _count(ballot, user, marked)
    # Neither whose opinion it was nor what it said: the day of the elector is all that is kept.
    audit.record("ballots.written_taken", ballot, by=by)


def _why_not(ballot: Ballot, user: User) -> str:
    elector = Elector.objects.filter(ballot=ballot, user=user.pk).first()
    if elector is None:
        return _("You may not vote here.")
    if elector.voted_on is None:
        return _("You are not checked in as present. Ask the chair.")
    return {
        Way.ONLINE: _("Your vote is in the box already."),
        Way.WRITTEN: _("Your written opinion is in the box already."),
        Way.PAPER: _("You were given a paper to vote on."),
    }[Way(elector.way)]


@sensitive_variables()
def _counters(ballot: Ballot, choices: Choices) -> dict[int, tuple[int | None, str]]:
    """Return the counters that grow, by key, with what they stand for; raise ``RuleError`` for an invalid ballot."""
    kind = BallotKind(ballot.kind)
    wanted = _wanted(kind, choices)
    rows = list(Tally.objects.filter(ballot=ballot).select_related("option"))
    known = {(row.option_id, row.choice): row.pk for row in rows}
    if kind is BallotKind.PROPOSAL and len(wanted) != 1:
        raise RuleError(_("Choose one answer."))
    favored = sum(1 for _option, choice in wanted if choice == Mark.YES)
    if kind in (BallotKind.ELECTION, BallotKind.CHOICE) and favored > ballot.most:
        raise RuleError(
            _("%(marked)s are marked; a ballot with more than %(most)s is invalid."),
            params={"marked": favored, "most": ballot.most},
        )
    others = {row.option_id for row in rows if row.option and not row.option.is_candidate}
    if too_many_others(sum(1 for option, _choice in wanted if option in others), len(wanted) - favored):
        raise RuleError(_("Somebody else is elected in place of a candidate whom one votes against."))
    if not wanted <= known.keys() or any(choice not in marks_of(kind) for _option, choice in wanted):
        raise RuleError(_("This is not on the ballot."))
    return {known[pair]: pair for pair in [(None, Mark.CAST.value), *wanted]}


@sensitive_variables()
def _wanted(kind: BallotKind, choices: Choices) -> set[tuple[int | None, str]]:
    if isinstance(choices, Mapping):
        return {(option, str(choice)) for option, choice in choices.items()}
    marks: Iterable[int] = choices
    if len(set(marks)) != len(list(marks)):
        raise RuleError(_("Nobody can be marked twice."))
    return {(option, Mark.YES.value) for option in marks}


@sensitive_variables()
def _count(ballot: Ballot, user: User, marked: dict[int, tuple[int | None, str]]) -> None:
    """Add one to the counters in ``marked``, in a statement that writes every counter of the ballot anew."""
    more = Case(When(pk__in=list(marked), then=Value(1)), default=Value(0))
    Tally.objects.filter(ballot=ballot).update(count=F("count") + more)
    if not ballot.is_secret:
        elector = Elector.objects.get(ballot=ballot, user=user)
        chosen = sorted((pair for pair in marked.values() if pair[1] != Mark.CAST), key=str)
        NamedVote.objects.create(elector=elector, choices=[list(pair) for pair in chosen])
