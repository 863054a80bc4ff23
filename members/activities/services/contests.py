"""Hand something in, score it as a juror, let the audience vote, and freeze what came of it."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.ballots import services as ballots
from portal.ballots.models import BallotKind, Mark, Rule
from portal.ballots.queries import is_shown
from portal.files.models import StoredFile
from portal.files.services import attach, discard
from portal.web.refusals import RuleError

from .. import notices
from ..models import Activity, Contribution, Criterion, Enrolment, EnrolmentState, Juror, Score, State
from ..queries.contests import sheets_of
from ..rules import hundredths, ranks
from .telling import held, leave, tell

VOTE_MIN = 2


@transaction.atomic
def contribute(
    activity: Activity,
    user: User,
    *,
    title: str,
    text: str = "",
    file: StoredFile | None = None,
    now: datetime | None = None,
) -> Contribution:
    """Hand in what one takes part with, for the team if one is in a team; until the activity begins it can be replaced.

    Raises ``RuleError`` for whoever has no place, after the beginning, and where nothing is handed in.
    """
    now = now or timezone.now()
    activity = held(activity, State.APPROVED)
    if not activity.takes_contributions:
        raise RuleError(_("Nothing is handed in for this activity."))
    if now >= activity.begins_at:
        raise RuleError(_("The activity has begun; nothing can be handed in any more."))
    place = (
        Enrolment.objects.select_related("team")
        .filter(activity=activity, user=user, state=EnrolmentState.ENROLLED)
        .first()
    )
    if place is None:
        raise RuleError(_("Only those who have a place can hand something in."))
    rows = Contribution.objects.select_related("file").filter(activity=activity)
    row = (rows.filter(team=place.team) if place.team else rows.filter(user=user, team=None)).first()
    old = row.file if row else None
    row = row or Contribution(activity=activity, team=place.team)
    row.user, row.title, row.text, row.file, row.handed_in_at = user, title.strip(), text.strip(), file, now
    row.full_clean(exclude=["activity", "user", "team", "file"])
    row.save()
    if file is not None:
        attach(file, row)
    if old is not None and old != file:
        discard(old)
    audit.record("activities.contributed", row, by=user, about=user, at=activity.organization)
    return row


@transaction.atomic
def score(
    activity: Activity, user: User, points: Mapping[tuple[int, int], int], *, now: datetime | None = None
) -> None:
    """Take what a juror gives, by contribution and criterion; it can be changed until the scores are closed.

    Raises ``RuleError`` for whoever is not on the jury, before the beginning, after the close, and for points outside
    of what a criterion allows; then nothing is written.
    """
    activity = held(activity, State.APPROVED, State.HELD)
    juror = Juror.objects.filter(activity=activity, user=user).first()
    if juror is None:
        raise RuleError(_("You are not on the jury of this activity."))
    if (now or timezone.now()) < activity.begins_at:
        raise RuleError(_("Scores are given from the beginning of the activity on."))
    if activity.scored_at is not None:
        raise RuleError(_("The scores are closed."))
    most = dict(Criterion.objects.filter(activity=activity).values_list("pk", "most"))
    contributions = set(Contribution.objects.filter(activity=activity).values_list("pk", flat=True))
    for (contribution, criterion), given in points.items():
        if contribution not in contributions or criterion not in most:
            raise RuleError(_("This is not to be scored here."))
        if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= most[criterion]:
            raise RuleError(_("Give whole points from 0 to %(most)d.") % {"most": most[criterion]})
    Score.objects.bulk_create(
        (
            Score(contribution_id=contribution, criterion_id=criterion, juror=juror, points=given)
            for (contribution, criterion), given in points.items()
        ),
        update_conflicts=True,
        unique_fields=["contribution", "criterion", "juror"],
        update_fields=["points"],
    )
    # That somebody scored is in the trail; what was given is not for those who read it.
    audit.record("activities.scored", activity, by=user, about=user)


@transaction.atomic
def close_scores(
    activity: Activity, *, leave_out: bool = False, by: User, now: datetime | None = None
) -> Activity:
    """Close the scores and freeze averages and ranks; equals share a rank.

    Raises ``RuleError`` while a juror has scored some and not all, and when none has scored. A juror who gave nothing
    at all was not there. With ``leave_out`` only whole sheets count; when there is none nothing is ranked, so that a
    contest whose jury never came can still be ended.
    """
    now = now or timezone.now()
    activity = held(activity, State.APPROVED, State.HELD)
    if now < activity.begins_at:
        raise RuleError(_("The activity has not begun."))
    if activity.scored_at is not None:
        raise RuleError(_("The scores are closed."))
    rows = {row.pk: row for row in Contribution.objects.filter(activity=activity)}
    sheets = sheets_of(activity)
    names = dict(Juror.objects.filter(activity=activity).values_list("pk", "user__name"))
    if not names:
        raise RuleError(_("This activity has no jury."))
    if sheets.partial and not leave_out:
        missing = ", ".join(names[pk] for pk in sheets.partial)
        raise RuleError(
            _("These jurors have not scored everything yet: %(names)s. Wait for them, or tick that they are left out.")
            % {"names": missing}
        )
    if rows and not sheets.complete and not leave_out:
        raise RuleError(_("No juror has scored yet. Wait for them, or tick that they are left out."))
    averages = {pk: sheets.average(pk) for pk in rows}
    _freeze(rows, averages, "score")
    activity.scored_at = now
    activity.save(update_fields=["scored_at"])
    left_out = [names[pk] for pk in sheets.partial]
    changes: dict[str, Any] = {"left_out": [None, left_out]} if left_out else {}
    leave(activity, "scores_closed", by=by, **changes)
    return activity


def _freeze(rows: Mapping[int, Contribution], values: Mapping[int, Fraction | int | None], field: str) -> None:
    """Write values and the ranks that follow from them."""
    places = ranks(values)
    for pk, row in rows.items():
        value = values.get(pk)
        setattr(row, field, hundredths(value) if isinstance(value, Fraction) else value)
        row.rank = places.get(pk)
    Contribution.objects.bulk_update(rows.values(), [field, "rank"])


@transaction.atomic
def open_vote(activity: Activity, *, by: User, now: datetime | None = None) -> Activity:
    """Let the audience vote: everyone who has a place, or was there if that is recorded already; secretly and once."""
    activity = held(activity, State.APPROVED, State.HELD)
    if not activity.audience_votes:
        raise RuleError(_("No vote of the audience was planned."))
    if activity.ballot_id is not None:
        raise RuleError(_("The vote was opened already."))
    if (now or timezone.now()) < activity.begins_at:
        raise RuleError(_("The activity has not begun."))
    rows = list(Contribution.objects.select_related("user", "team").filter(activity=activity).order_by("pk"))
    if len(rows) < VOTE_MIN:
        raise RuleError(_("There must be at least two contributions to choose from."))
    people = Enrolment.objects.filter(activity=activity, state=EnrolmentState.ENROLLED)
    if activity.state == State.HELD:
        people = people.filter(attended=True)
    electors = set(people.values_list("user_id", flat=True))
    if not electors:
        raise RuleError(_("Nobody is here who could vote."))
    ballot = ballots.create_ballot(
        activity.organization,
        kind=BallotKind.CHOICE,
        title=activity.title,
        rule=Rule.PLURALITY,
        options=[f"{number}. {row.title} ({row.whose})"[:160] for number, row in enumerate(rows, start=1)],
        url=activity.get_absolute_url(),
        by=by,
    )
    ballots.open_ballot(ballot, electors=electors, present=len(electors), by=by)
    activity.ballot = ballot
    activity.save(update_fields=["ballot"])
    leave(activity, "vote_opened", by=by)
    url = reverse("ballots:ballot-vote", args=[ballot.pk])
    tell(notices.VOTE, activity, electors, key="vote", by=by, url=url)
    return activity


@transaction.atomic
def close_vote(activity: Activity, *, by: User) -> Activity:
    """Close the vote and write what came of it; without a jury the ranks follow from it.

    Of an audience too small to hide anybody only the winner is written.
    """
    activity = held(activity, State.APPROVED, State.HELD)
    if activity.ballot is None:
        raise RuleError(_("The vote has not been opened."))
    result = ballots.close_ballot(activity.ballot, by=by)
    activity.ballot.refresh_from_db()
    options = list(activity.ballot.options.order_by("number").values_list("pk", flat=True))
    rows = {row.pk: row for row in Contribution.objects.filter(activity=activity).order_by("pk")}
    option_of = dict(zip(rows, options, strict=True))
    judged = Juror.objects.filter(activity=activity).exists()
    if is_shown(activity.ballot):
        votes = {pk: result.count(Mark.YES, option) for pk, option in option_of.items()}
        if judged:
            for pk, row in rows.items():
                row.votes = votes[pk]
            Contribution.objects.bulk_update(rows.values(), ["votes"])
        else:
            _freeze(rows, votes, "votes")
    elif not judged:
        for pk, row in rows.items():
            row.rank = 1 if option_of[pk] in result.elected else None
        Contribution.objects.bulk_update(rows.values(), ["rank"])
    leave(activity, "vote_closed", by=by)
    return activity
