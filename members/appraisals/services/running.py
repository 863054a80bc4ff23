"""From the announcement to the closed ballot: participants, self-appraisals, mutual appraisal, ballot."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from portal.accounts.models import User
from portal.audit import services as audit
from portal.ballots.models import Ballot, BallotOption
from portal.ballots.rules import Rule
from portal.ballots.services import close_ballot, create_ballot, open_ballot
from portal.ballots.vocabulary import BallotKind
from portal.notifications.services import post
from portal.organizations.models import Organization, Standing
from portal.organizations.services import lock_open
from portal.web.refusals import RuleError

from ..models import Appraisal, AppraisalPerson, PeerBallot
from ..queries import appraisal_of_ballot, care_rules_on, party_of
from ..queries.gathering import Room, room_of
from ..rules import ADVANCING, PeersForm, Stage, base_of, electors_of, following, groups_of, paper_flaw
from .gathering import hold_meeting, in_session
from .holding import hold, tell_all

LEAST_PEOPLE = 2


@transaction.atomic
def announce(
    organization: Organization,
    *,
    year: int,
    self_until: date,
    ballot_on: date,
    peers: str = PeersForm.SPOKEN,
    words: str = "",
    by: User | None,
    on: date,
) -> Appraisal:
    """Announce the appraisal of a branch and year; every party member of the branch takes part and is told.

    The rules of today are kept with it. Raises ``RuleError`` for what is no branch, for a year that is neither this one
    nor the last, and for a branch of fewer than two members.
    """
    organization = lock_open(organization, on=on)
    reasons = []
    if not organization.is_branch:
        reasons.append(_("Only a branch appraises its members."))
    if not on.year - 1 <= year <= on.year:
        reasons.append(_("Appraise this year or the last."))
    people = list(party_of(organization))
    if len(people) < LEAST_PEOPLE:
        reasons.append(_("An appraisal takes at least two party members."))
    if reasons:
        raise RuleError(reasons)
    rules = care_rules_on(on, organization)
    appraisal = Appraisal(
        organization=organization,
        superior=Organization.objects.get_parent(organization) or organization,
        year=year,
        words=words,
        peers=peers,
        self_until=self_until,
        ballot_on=ballot_on,
        share_amount=rules.share_amount,
        share_of=rules.share_of,
        share_article=rules.share_article,
        counts_probationary=rules.counts_probationary,
        probationary_grade=rules.probationary_grade,
        announced_on=on,
    )
    appraisal.full_clean()
    appraisal.save()
    sync_people(appraisal)
    audit.record("appraisals.announced", appraisal, by=by, changes={"people": [0, len(people)]})
    tell_all(appraisal, "appraisal_announced", {"day": self_until})
    return appraisal


def sync_people(appraisal: Appraisal) -> None:
    """Let the participants be those who belong to the branch today: newcomers come in, whoever left is out."""
    here = {row.user_id: row for row in party_of(appraisal.organization)}
    known = {row.user_id: row for row in appraisal.people.all()}
    appraisal.people.filter(user__in=known.keys() - here.keys()).delete()
    AppraisalPerson.objects.bulk_create(
        AppraisalPerson(
            appraisal=appraisal, user_id=pk, standing=row.standing, place_id=row.organization_id
        )
        for pk, row in here.items()
        if pk not in known
    )
    moved = []
    for pk in known.keys() & here.keys():
        row, now = known[pk], here[pk]
        if (row.standing, row.place_id) != (now.standing, now.organization_id):
            row.standing, row.place_id = now.standing, now.organization_id
            moved.append(row)
    AppraisalPerson.objects.bulk_update(moved, ["standing", "place"])


@transaction.atomic
def hand_in(part: AppraisalPerson, *, text: str, by: User, on: date) -> AppraisalPerson:
    """Hand in the own self-appraisal, or a better one, until the ballot opens.

    Raises ``RuleError`` for somebody else, before it has begun, and afterwards.
    """
    appraisal = hold(part.appraisal)
    part = AppraisalPerson.objects.select_for_update().get(pk=part.pk)
    if part.user_id != by.pk:
        raise RuleError(_("Everybody writes the own self-appraisal."))
    if appraisal.state not in (Stage.SELF, Stage.PEERS):
        raise RuleError(_("Self-appraisals are handed in from the beginning of this step until the ballot."))
    if not text.strip():
        raise RuleError({"text": _("Write something about your year.")})
    part.text, part.handed_in_on = text.strip(), on
    part.full_clean()
    part.save(update_fields=["text", "handed_in_on"])
    audit.record("appraisals.handed_in", part, by=by, about=by, at=appraisal.organization)
    return part


@transaction.atomic
def advance(appraisal: Appraisal, *, stage: str, by: User, on: date) -> Appraisal:
    """Go on from ``stage``, which the page showed, to the next: ballots open and close with it.

    Raises ``RuleError`` when somebody has gone on in the meantime, or when the next step is not the branch's.
    """
    hold_meeting(appraisal)
    appraisal = hold(appraisal)
    if appraisal.state != stage:
        raise RuleError(_("Somebody has gone on in the meantime. Look at the page again."))
    if appraisal.state not in ADVANCING:
        raise RuleError(_("From here the committee reports and the superior confirms."))
    following_stage = following(appraisal.state)
    assert following_stage is not None  # an advancing stage has one
    before = appraisal.state
    if before in (Stage.ANNOUNCED, Stage.SELF, Stage.PEERS):
        sync_people(appraisal)
    # Where members speak in the meeting nothing opens; the ballot follows when the branch goes on.
    if before == Stage.SELF and appraisal.peers != PeersForm.SPOKEN:
        _open_peers(appraisal, by=by)
    elif before == Stage.PEERS:
        for peer in appraisal.peer_ballots.select_related("ballot"):
            close_ballot(peer.ballot, by=by)
        _open_ballot(appraisal, by=by)
    elif before == Stage.BALLOT:
        assert appraisal.ballot is not None  # a constraint of the table
        close_ballot(appraisal.ballot, by=by)
        appraisal.ballot.refresh_from_db()  # the service closed a row of its own
    appraisal.state = following_stage
    appraisal.version += 1
    appraisal.save(update_fields=["state", "base", "ballot", "version"])
    audit.record("appraisals.advanced", appraisal, by=by, changes={"state": [before, appraisal.state]})
    if appraisal.state == Stage.SELF:
        tell_all(appraisal, "appraisal_self", {"day": appraisal.self_until})
    elif appraisal.state == Stage.BALLOT or (appraisal.state == Stage.PEERS and appraisal.peers != PeersForm.SPOKEN):
        _tell_electors(appraisal)
    return appraisal


def _open_peers(appraisal: Appraisal, *, by: User) -> None:
    """Open the secret mutual appraisal: one ballot, or one for each party group that is large enough."""
    rows = list(appraisal.people.select_related("user"))
    places = {row.user_id: row.place_id if appraisal.peers == PeersForm.GROUPS else 0 for row in rows}
    by_user = {row.user_id: row for row in rows}
    for number, group in enumerate(groups_of(places, least=settings.BALLOT_MIN_GROUP), start=1):
        members = [by_user[pk] for pk in sorted(group)]
        title = _("Mutual appraisal %(year)d, group %(number)d") if appraisal.peers == PeersForm.GROUPS else _(
            "Mutual appraisal %(year)d"
        )
        ballot = _opened(appraisal, title % {"year": appraisal.year, "number": number}, members, by=by)
        if ballot is not None:
            PeerBallot.objects.create(appraisal=appraisal, ballot=ballot, number=number)


def _open_ballot(appraisal: Appraisal, *, by: User) -> None:
    """Settle from how many the third is taken, and open the ballot of the whole branch.

    In a meeting it opens to those who are in the room, and not below the quorum of a branch's decisions.
    """
    rows = list(appraisal.people.select_related("user").order_by("user__name", "pk"))
    full = sum(row.is_graded for row in rows)
    appraisal.base = base_of(full, len(rows) - full, counts_probationary=appraisal.counts_probationary)
    room = room_of(in_session(appraisal.meeting)) if appraisal.meeting is not None else None
    title = _("Democratic appraisal %(year)d") % {"year": appraisal.year}
    ballot = _opened(appraisal, title, rows, by=by, room=room)
    if ballot is None:
        raise RuleError(_("Nobody in this branch gets a grade, so that there is nothing to vote on."))
    appraisal.ballot = ballot


def _opened(
    appraisal: Appraisal, title: str, rows: Sequence[AppraisalPerson], *, by: User, room: Room | None = None
) -> Ballot | None:
    graded = [row.user for row in rows if row.is_graded]
    standings = {row.user_id: row.is_graded for row in rows}
    electors = set(electors_of(standings, probationary_grade=appraisal.probationary_grade))
    if room is not None:
        electors -= room.left_out
    if not graded or not electors:
        return None
    ballot = create_ballot(
        appraisal.organization,
        kind=BallotKind.GRADING,
        title=title,
        rule=Rule.PLURALITY if room is None else Rule.ORDINARY,
        people=graded,
        words=_("Give each member one grade; leave out your own name and whom you cannot judge."),
        url=appraisal.get_absolute_url(),
        by=by,
    )
    return open_ballot(ballot, electors=electors, present=len(electors) if room is None else room.here, by=by)


@sensitive_variables()
def refuse_paper(ballot: Ballot, user: User, choices: Any) -> None:
    """Raise ``RuleError`` when a paper of an appraisal grades its own author or too many as excellent.

    Keeps nothing of what it saw. Ballots of other rooms are none of its business.
    """
    if ballot.kind != BallotKind.GRADING or not isinstance(choices, Mapping):
        return
    appraisal = appraisal_of_ballot(ballot)
    if appraisal is None:
        return
    own = BallotOption.objects.filter(ballot=ballot, person=user.pk).values_list("pk", flat=True).first()
    is_final = appraisal.ballot_id == ballot.pk
    if flaw := paper_flaw(choices, own=own, limit=appraisal.limit() if is_final else None):
        raise RuleError(flaw)


def _tell_electors(appraisal: Appraisal) -> None:
    people = User.objects.filter(appraisals__appraisal=appraisal)
    if not appraisal.probationary_grade:
        people = people.filter(appraisals__standing=Standing.FULL_MEMBER)
    post(
        "appraisal_vote",
        key=f"appraisal:{appraisal.pk}:vote:{appraisal.state}",
        recipients=people.distinct(),
        params={"branch": str(appraisal.organization), "year": appraisal.year, "day": appraisal.ballot_on},
        url=appraisal.get_absolute_url(),
    )
