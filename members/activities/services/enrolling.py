"""Places and the queue for them. The row of the activity is held first: nobody gets a place that is not there."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.files.services import discard
from portal.web.refusals import RuleError

from .. import notices
from ..models import Activity, Contribution, Enrolment, EnrolmentState, Phase, State, Team
from ..rules import next_places
from .telling import LIVING, held, jury, leave, tell


@transaction.atomic
def enrol(activity: Activity, user: User, *, team: str = "", now: datetime | None = None) -> Enrolment:
    """Give ``user`` a place, or one on the waiting list when all are taken; ``team`` names a team to join or to make.

    Raises ``RuleError`` before enrolment opens and after it closes, for whoever is enrolled already, for a juror, when
    no place is left and there is no waiting list, and for a team that is full.
    """
    now = now or timezone.now()
    activity = held(activity, State.APPROVED)
    phase = activity.phase(now)
    if phase == Phase.APPROVED:
        raise RuleError(_("Enrolment has not opened yet."))
    if phase != Phase.OPEN or now >= activity.ends_at:
        raise RuleError(_("Enrolment has closed."))
    if user.pk in jury(activity):
        raise RuleError(_("You are on the jury; a juror does not take part."))
    row = Enrolment.objects.filter(activity=activity, user=user).first()
    if row is not None and row.state != EnrolmentState.WITHDRAWN:
        raise RuleError(_("You are enrolled already."))
    rows = Enrolment.objects.filter(activity=activity)
    taken = rows.filter(state=EnrolmentState.ENROLLED).count()
    is_full = activity.limit is not None and taken >= activity.limit
    # Whoever waits goes before whoever comes later, even if a place has just become free.
    is_full = is_full or rows.filter(state=EnrolmentState.WAITING).exists()
    if is_full and not activity.has_waiting_list:
        raise RuleError(_("All places are taken."), code="full")
    row = row or Enrolment(activity=activity, user=user)
    row.team = _team(activity, team)
    row.state = EnrolmentState.WAITING if is_full else EnrolmentState.ENROLLED
    row.place = (rows.aggregate(last=Max("place"))["last"] or 0) + 1
    row.enrolled_at, row.withdrawn_at, row.attended = now, None, None
    row.save()
    _leave(row, "waiting" if is_full else "enrolled", by=user)
    return row


def _team(activity: Activity, name: str) -> Team | None:
    name = " ".join(name.split())
    if activity.team_size is None:
        if name:
            raise RuleError({"team": _("People take part in this activity one by one.")})
        return None
    if not name:
        return None
    if len(name) > 40:
        raise RuleError({"team": _("At most %(limit)d signs.") % {"limit": 40}})
    team, _is_new = Team.objects.get_or_create(activity=activity, name=name)
    if team.enrolments.filter(state__in=LIVING).count() >= activity.team_size:
        raise RuleError({"team": _("The team “%(name)s” is full.") % {"name": name}})
    return team


@transaction.atomic
def withdraw(activity: Activity, user: User, *, now: datetime | None = None) -> list[Enrolment]:
    """Give up a place, or the one in the queue; return who moved up. What one handed in alone goes as well.

    Raises ``RuleError`` once the activity has begun.
    """
    now = now or timezone.now()
    activity = held(activity, State.APPROVED)
    if now >= activity.begins_at:
        raise RuleError(_("The activity has begun. Tell whoever leads it if you cannot be there."))
    row = Enrolment.objects.select_related("team").filter(activity=activity, user=user, state__in=LIVING).first()
    if row is None:
        raise RuleError(_("You are not enrolled."))
    team, row.team = row.team, None
    row.state, row.withdrawn_at, row.attended = EnrolmentState.WITHDRAWN, now, None
    row.save()
    _leave(row, "withdrew", by=user)
    _clear(activity, user, team)
    return move_up(activity)


@transaction.atomic
def change_team(activity: Activity, user: User, *, team: str, now: datetime | None = None) -> Enrolment:
    """Let somebody with a place, or one in the queue, join or make another team, or go on alone with an empty name.

    The place stays. What was handed in alone goes when one joins a team; what a team handed in stays with it as long as
    somebody is in it. Raises ``RuleError`` once the activity has begun, and for a team that is full.
    """
    activity = held(activity, State.APPROVED)
    if (now or timezone.now()) >= activity.begins_at:
        raise RuleError(_("The activity has begun; teams stay as they are."))
    if activity.team_size is None:
        raise RuleError(_("People take part in this activity one by one."))
    row = Enrolment.objects.select_related("team").filter(activity=activity, user=user, state__in=LIVING).first()
    if row is None:
        raise RuleError(_("You are not enrolled."))
    before = row.team
    # Out first, so that one's own team is never full of oneself.
    row.team = None
    row.save(update_fields=["team"])
    row.team = _team(activity, team)
    row.save(update_fields=["team"])
    if before == row.team:
        return row
    _leave(row, "team_changed", by=user, team=[before.name if before else "", row.team.name if row.team else ""])
    _clear(activity, user if row.team else None, before)
    return row


def _clear(activity: Activity, user: User | None, team: Team | None) -> None:
    """Take away what was handed in by somebody alone, and a team that nobody is in any more with what it handed in."""
    gone = Contribution.objects.filter(activity=activity, user=user, team=None) if user else Contribution.objects.none()
    if team is not None and not team.enrolments.exists():
        gone = gone | Contribution.objects.filter(team=team)
    for contribution in gone.select_related("file"):
        file = contribution.file
        contribution.delete()
        if file is not None:
            discard(file)
    if team is not None and not team.enrolments.exists():
        team.delete()


def move_up(activity: Activity) -> list[Enrolment]:
    """Give free places to those who wait, in their order, and tell them; ``activity`` is held."""
    rows = Enrolment.objects.filter(activity=activity)
    waiting = list(rows.filter(state=EnrolmentState.WAITING).order_by("place").values_list("pk", flat=True))
    taken = rows.filter(state=EnrolmentState.ENROLLED).count()
    moving = next_places(waiting, enrolled=taken, limit=activity.limit)
    if not moving:
        return []
    rows.filter(pk__in=moving).update(state=EnrolmentState.ENROLLED)
    moved = list(rows.filter(pk__in=moving).select_related("user").order_by("place"))
    for row in moved:
        _leave(row, "moved_up", by=None)
        tell(notices.PLACE, activity, {row.user_id}, key=f"{row.pk}:{row.place}", at=activity.begins_at)
    return moved


def _leave(row: Enrolment, verb: str, *, by: User | None, **changes: Any) -> None:
    audit.record(f"activities.{verb}", row, by=by, about=row.user, at=row.activity.organization, changes=changes)


@transaction.atomic
def close_enrolment(activity: Activity, *, by: User, now: datetime | None = None) -> Activity:
    """Let nobody enrol any more, before the time is up."""
    activity = held(activity, State.APPROVED)
    if activity.closed_at is None:
        activity.closed_at = now or timezone.now()
        activity.save(update_fields=["closed_at"])
        leave(activity, "enrolment_closed", by=by)
    return activity


@transaction.atomic
def reopen_enrolment(activity: Activity, *, by: User, now: datetime | None = None) -> Activity:
    """Let people enrol again; raise ``RuleError`` when the time is up."""
    activity = held(activity, State.APPROVED)
    if (now or timezone.now()) >= activity.enrol_until:
        raise RuleError(_("Enrolment has closed; its time is up."))
    if activity.closed_at is not None:
        activity.closed_at = None
        activity.save(update_fields=["closed_at"])
        leave(activity, "enrolment_reopened", by=by)
    return activity
