"""What is read of ballots: one's own part, the live figures, the result as far as it may be shown."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.accounts.models import User

from .counts import Result
from .models import Ballot, Elector, NamedVote, PaperCount, Tally
from .vocabulary import BallotKind, BallotState, Mark, Way


@dataclass(frozen=True, slots=True)
class Figures:
    """How far an open ballot is: who may vote in the room, who has; nothing of how it stands."""

    electors: int
    present: int
    voted: int
    written: int
    papers: int

    @property
    def left(self) -> int:
        return max(self.present - self.voted, 0)


def figures_of(ballots: Iterable[Ballot]) -> dict[int, Figures]:
    """Return the live figures of ballots by their key, in one query."""
    rows = (
        Elector.objects.filter(ballot__in=[ballot.pk for ballot in ballots])
        .values("ballot")
        .order_by()
        .annotate(
            electors=Count("pk"),
            present=Count("pk", filter=Q(is_present=True)),
            voted=Count("pk", filter=Q(is_present=True, voted_on__isnull=False)),
            written=Count("pk", filter=Q(way=Way.WRITTEN)),
            papers=Count("pk", filter=Q(way=Way.PAPER)),
        )
    )
    found = {row.pop("ballot"): Figures(**row) for row in rows}
    return {ballot.pk: found.get(ballot.pk, Figures(0, 0, 0, 0, 0)) for ballot in ballots}


def elector_of(ballot: Ballot, user: AnyUser) -> Elector | None:
    """Return the row of somebody who may take part, ``None`` for anybody else."""
    return Elector.objects.filter(ballot=ballot, user=user.pk).first()


def electors_left(ballot: Ballot) -> QuerySet[User]:
    """Return who is present and has not taken part: who may be given a paper."""
    waiting = Elector.objects.filter(ballot=ballot, is_present=True, voted_on=None)
    return User.objects.filter(pk__in=waiting.values("user")).order_by("name", "pk")


def counters_on_paper(ballot: Ballot) -> list[Tally]:
    """Return what tellers count: the answers, or the candidates in their order."""
    rows = Tally.objects.filter(ballot=ballot).exclude(choice=Mark.CAST).select_related("option")
    return list(rows.order_by("option__number", "pk"))


@dataclass(frozen=True, slots=True)
class Hand:
    """What somebody chose in an open ballot, in words."""

    name: str
    said: str


def hands_of(ballot: Ballot, user: AnyUser) -> list[Hand]:
    """Return who chose what in a closed ballot by name, for whoever may see the hands; two statements."""
    if ballot.is_secret or not ballot.is_closed:
        return []
    rows = scope(user, "view", NamedVote).filter(elector__ballot=ballot).select_related("elector__user")
    titles = dict(ballot.options.values_list("pk", "title"))
    return [Hand(row.elector.user.name, _said(row.choices, titles)) for row in rows.order_by("elector__user__name")]


def _said(choices: list[tuple[int | None, str]], titles: dict[int, str]) -> str:
    marks = [(titles.get(option) if option else None, str(Mark(mark).label)) for option, mark in choices]
    if not marks:
        return str(Mark.ABSTAIN.label)
    return "、".join(f"{title}: {mark}" if title else mark for title, mark in marks)


def papers_of(ballot: Ballot, user: AnyUser) -> PaperCount | None:
    """Return what the tellers found, for whoever may see it."""
    rows = scope(user, "view", PaperCount).select_related("first_teller", "second_teller")
    return rows.filter(ballot=ballot).first()


def open_for(user: AnyUser) -> QuerySet[Ballot]:
    """Return the open ballots in which ``user`` still has a vote."""
    waiting = Elector.objects.filter(user=user.pk, is_present=True, voted_on=None, ballot__state=BallotState.OPEN)
    return Ballot.objects.filter(pk__in=waiting.values("ballot")).order_by("pk")


def result_of(ballot: Ballot) -> Result | None:
    """Return the frozen result whole, for the service that goes on from it; ``None`` before the close."""
    return Result.from_json(ballot.result) if ballot.result is not None else None


def is_shown(ballot: Ballot) -> bool:
    """Say whether the count itself may be shown.

    A secret grading or choice of very few would tell what each of them chose. The vote of a meeting is shown at any
    size, because its resolution must name the numbers (domain.md 4.3).
    """
    result = result_of(ballot)
    if result is None:
        return False
    if not ballot.is_secret or ballot.kind in (BallotKind.PROPOSAL, BallotKind.ELECTION):
        return True
    return result.papers.valid >= settings.BALLOT_MIN_GROUP


def shown_result(ballot: Ballot) -> Result | None:
    """Return the result as people may see it, without the rows of a circle too small to hide anybody."""
    result = result_of(ballot)
    if result is None or is_shown(ballot):
        return result
    return Result(result.outcome, result.rule, result.due, result.present, result.papers)


def anonymity_label(ballot: Ballot) -> list[str]:
    """Say what is stored of a vote, from how this installation is really set up."""
    if not ballot.is_secret:
        return [_("This ballot is open: your name is kept with what you choose, and everybody here sees it.")]
    said = [
        _("The ballot is secret. The portal adds your vote to counters and keeps no ballot of yours."),
        _("Beside them it keeps that you took part and the day, without the time."),
        _("Nobody can look it up or change it afterwards, not with the database and all keys in hand."),
    ]
    if logs_statements():
        said.append(_("Attention: this installation logs its database statements, and with them what is chosen."))
    if ballot.kind in (BallotKind.GRADING, BallotKind.CHOICE):
        said.append(
            _("The count is shown when at least %(count)s people took part.") % {"count": settings.BALLOT_MIN_GROUP}
        )
    return said


def logs_statements() -> bool:
    """Say whether Django writes its statements, with their values, to a log here."""
    return settings.DEBUG and logging.getLogger("django.db.backends").isEnabledFor(logging.DEBUG)
