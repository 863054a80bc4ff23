"""What follows from an election: the posts when it is approved, another vote on those that stayed empty."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.meetings.models import AgendaItem
from portal.accounts.models import User
from portal.audit import services as audit
from portal.ballots.counts import Result
from portal.ballots.vocabulary import Mark
from portal.organizations.models import Appointment, AppointmentMode
from portal.organizations.services import appoint, dismiss, update_organization
from portal.web.refusals import RuleError

from .. import notices
from ..models import MeetingVote
from ..queries import is_held_again
from ..rules import Purpose
from .holding import create_vote
from .results import closed_result, day_of

_DAY = timedelta(days=1)


@transaction.atomic
def approve_election(
    vote: MeetingVote,
    *,
    on: date,
    until: date | None = None,
    number: str = "",
    is_term: bool = True,
    by: User,
) -> list[Appointment]:
    """Record the superior's approval of an election and write the posts of those elected, from ``on`` until ``until``.

    At the end of a term the present holders of the post step down the day before; a by-election adds to them.
    """
    rows = MeetingVote.objects.select_for_update(of=("self",))
    vote = rows.select_related("ballot", "meeting__organization", "approved_by").get(pk=vote.pk)
    result = closed_result(vote)
    _refuse_approval(vote, result, on, until)
    node = vote.meeting.organization
    elected = _people(vote, result)
    if is_term:
        _end_term(vote, on, by)
    mode = AppointmentMode.ELECTED if is_term else AppointmentMode.BY_ELECTION
    made = [
        appoint(person, node, vote.post, on=on, until=until, mode=mode, approval_doc_no=number, by=by)
        for person in elected
    ]
    vote.approved_on, vote.approved_by, vote.approval_number, vote.waits_for = on, by, number, ""
    vote.full_clean()
    vote.save(update_fields=["approved_on", "approved_by", "approval_number", "waits_for"])
    names = "、".join(person.name for person in elected)
    audit.record(
        "votes.election_approved", vote, by=by, at=node,
        changes={"elected": ["", names], "approved_on": [None, on], "number": ["", number]},
    )  # fmt: skip
    notices.election_approved(vote, elected, by=by)
    return made


def _refuse_approval(vote: MeetingVote, result: Result, on: date, until: date | None) -> None:
    if vote.purpose != Purpose.ELECTION or not result.elected:
        raise RuleError(_("Nobody was elected in this vote."))
    if vote.approved_on is not None:
        raise RuleError(
            _("%(name)s has recorded the approval of %(day)s already."),
            params={"name": vote.approved_by, "day": date_format(vote.approved_on, "SHORT_DATE_FORMAT")},
        )
    reasons = []
    if on < day_of(vote):
        reasons.append(_("The approval cannot come before the election."))
    if on > timezone.localdate():
        reasons.append(_("The approval is recorded when it has come."))
    if until is not None and until <= on:
        reasons.append(_("The term cannot end before it begins."))
    if reasons:
        raise RuleError(reasons)


def _people(vote: MeetingVote, result: Result) -> list[User]:
    options = vote.ballot.options.filter(pk__in=result.elected).select_related("person")
    return [option.person for option in options if option.person]


def _end_term(vote: MeetingVote, on: date, by: User) -> None:
    """End the posts of those who held them until now, but not of who was elected to them in the same sitting."""
    node, new = vote.meeting.organization, []
    beside = MeetingVote.objects.filter(meeting=vote.meeting_id, post=vote.post, approved_on__isnull=False)
    for other in beside.select_related("ballot"):
        new += _people(other, closed_result(other))
    old = Appointment.objects.filter(organization=node, post=vote.post, ended_at=None).exclude(user__in=new)
    for held in old.order_by("pk"):
        dismiss(held, on=on - _DAY, by=by)
    if vote.post in ("secretary", "committee_member"):
        update_organization(node, by=by, term_started_on=on)


@transaction.atomic
def hold_again(vote: MeetingVote, *, by: User) -> MeetingVote:
    """Prepare another vote: on those who were level where some were, else on those not elected who had most votes."""
    vote = MeetingVote.objects.select_for_update(of=("self",)).select_related("ballot").get(pk=vote.pk)
    result = closed_result(vote)
    if vote.purpose != Purpose.ELECTION or not result.open_seats:
        raise RuleError(_("No post is left to be voted on again."))
    if is_held_again(vote):
        raise RuleError(_("Another vote on these posts is prepared already."))
    people = _standing_again(vote, result)
    item = vote.item or AgendaItem.objects.filter(meeting=vote.meeting_id).order_by("number").first()
    if item is None:
        raise RuleError(_("The agenda has no matter to which this could belong."))
    seats = result.open_seats
    rule = vote.ballot.rule if len(people) > seats else "election_equal"
    again = create_vote(
        item, purpose=vote.purpose, title=_("%(title)s, again") % {"title": vote.ballot.title[:180]},
        rule=rule, post=vote.post, people=people, seats=min(seats, len(people)), by=by,
    )  # fmt: skip
    again.again = vote
    again.save(update_fields=["again"])
    return again


def _standing_again(vote: MeetingVote, result: Result) -> list[User]:
    """Return who stands again: those who were level, or the candidates left and who, written in, outdid one (XJ20)."""
    options = list(vote.ballot.options.exclude(pk__in=result.elected).select_related("person"))
    votes = {option.pk: result.count(Mark.YES, option.pk) for option in options}
    if result.tied:
        stand = [option for option in options if option.pk in result.tied]
    else:
        fewest = min((votes[option.pk] for option in options if option.is_candidate), default=0)
        stand = [option for option in options if option.is_candidate or votes[option.pk] > fewest]
    return [option.person for option in stand if option.person]
