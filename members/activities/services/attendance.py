"""Who was there: those with a place, those who waited, those who just came; the hours follow the list."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import IO

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.policy import may
from portal.accounts.models import User
from portal.audit import services as audit
from portal.hours.services import Hours, annul_hours, enter_hours, occasion
from portal.imports.exports import workbook
from portal.web.refusals import RuleError

from ..models import Activity, Enrolment, EnrolmentState, State
from ..queries.people import listed
from .telling import held, jury, leave

# People who came without enrolling, in one go.
WALKED_IN_MAX = 50
# So long after its end somebody who was forgotten can still be put on the list.
CORRECTABLE = timedelta(days=60)
SOURCE = "activities"


@transaction.atomic
def record_attendance(
    activity: Activity,
    present: Collection[int],
    *,
    more: Iterable[User] = (),
    seen: str | None = None,
    by: User,
    now: datetime | None = None,
) -> Activity:
    """Write who was there, by the keys of enrolments; all others who had a place were not.

    Whoever waited and came gets a place, even beyond the limit: it says how many may enrol, the list who was there.
    ``more`` are people who came without enrolling; ``seen`` is the ``sign_of`` the list that was ticked. From the first
    time on the activity counts as held; for a while after it is finished the list can still be put right, and the hours
    follow it. Raises ``RuleError`` before it begins, for people who are not on the list, when somebody else recorded it
    since it was seen, and for ``more`` who judge or for whom the activity is not meant.
    """
    now = now or timezone.now()
    activity = held(activity, State.APPROVED, State.HELD, State.FINISHED)
    if now < activity.begins_at:
        raise RuleError(_("The activity has not begun."))
    if activity.finished_at is not None and now > activity.finished_at + CORRECTABLE:
        raise RuleError(
            _("The activity was finished more than %(days)d days ago; its list stands.") % {"days": CORRECTABLE.days}
        )
    if seen is not None and seen != sign_of(activity):
        raise RuleError(
            _("The list has changed since you opened it. It is shown as it stands now; make your changes again."),
            code="moved_on",
        )
    rows = Enrolment.objects.filter(activity=activity)
    known = dict(rows.exclude(state=EnrolmentState.WITHDRAWN).values_list("pk", "user_id"))
    wanted = set(present)
    if wanted - known.keys():
        raise RuleError(_("Somebody on the list has no place in this activity."))
    before = set(rows.filter(attended=True).values_list("user_id", flat=True))
    ticked = {known[pk] for pk in wanted}
    wanted |= _walked_in(activity, [user for user in more if user.pk not in ticked], by=by, now=now)
    rows.filter(pk__in=wanted).update(state=EnrolmentState.ENROLLED, withdrawn_at=None, attended=True)
    rows.filter(state=EnrolmentState.ENROLLED).exclude(pk__in=wanted).update(attended=False)
    came = set(rows.filter(attended=True).values_list("user_id", flat=True))
    state = activity.state
    if activity.state == State.APPROVED:
        activity.state = State.HELD
        activity.save(update_fields=["state"])
    leave(activity, "attendance_recorded", by=by, state=[state, activity.state], present=[len(before), len(came)])
    if activity.state == State.FINISHED:
        _take_back(activity, before - came, by=by)
        credit(activity, came - before, by=by)
    return activity


def sign_of(activity: Activity) -> str:
    """Return a short sign of the list as it stands, so that of two who record it the second learns of the first."""
    rows = Enrolment.objects.filter(activity=activity).exclude(state=EnrolmentState.WITHDRAWN).order_by("pk")
    text = ";".join(f"{pk} {state} {attended}" for pk, state, attended in rows.values_list("pk", "state", "attended"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _walked_in(activity: Activity, came: Iterable[User], *, by: User, now: datetime) -> set[int]:
    """Put people on the list who came without a place; return the keys of their enrolments. ``activity`` is held."""
    people = {user.pk: user for user in came}
    if len(people) > WALKED_IN_MAX:
        raise RuleError({"more": _("At most %(limit)d people at once.") % {"limit": WALKED_IN_MAX}})
    judges = jury(activity) & people.keys()
    outside = [user for pk, user in people.items() if pk not in judges and not may(user, "enrol", activity)]
    reasons = []
    if judges:
        names = "、".join(people[pk].name for pk in sorted(judges))
        reasons.append(_("On the jury, and so not among those who take part: %(names)s") % {"names": names})
    if outside:
        names = "、".join(user.name for user in outside)
        reasons.append(_("The activity is not meant for these people: %(names)s") % {"names": names})
    if reasons:
        raise RuleError({"more": reasons})
    rows = {row.user_id: row for row in Enrolment.objects.filter(activity=activity, user__in=people)}
    last = Enrolment.objects.filter(activity=activity).aggregate(last=Max("place"))["last"] or 0
    found = set()
    for pk, user in people.items():
        row = rows.get(pk)
        if row is None:
            last += 1
            row = Enrolment(activity=activity, user=user, place=last, enrolled_at=now)
        row.state, row.withdrawn_at, row.attended = EnrolmentState.ENROLLED, None, True
        row.save()
        audit.record("activities.walked_in", row, by=by, about=user, at=activity.organization)
        found.add(row.pk)
    return found


def credit(activity: Activity, people: Collection[int], *, by: User) -> None:
    """Enter the hours of those who were there; nothing for an activity that credits none."""
    if not activity.minutes:
        return
    enter_hours(
        (
            Hours(
                person_id=user_id,
                kind=activity.hour_kind,
                minutes=activity.minutes,
                on=timezone.localdate(activity.begins_at),
                source=SOURCE,
                key=str(activity.pk),
                title=activity.title,
                organization_id=activity.organization_id,
                url=activity.get_absolute_url(),
            )
            for user_id in sorted(people)
        ),
        by=by,
    )


def _take_back(activity: Activity, people: Collection[int], *, by: User) -> None:
    if people:
        entered = occasion(SOURCE, str(activity.pk)).filter(person__in=people)
        annul_hours(entered, words=_("The list of who was there was put right."), by=by)


@transaction.atomic
def attendance_workbook(activity: Activity, *, by: User) -> IO[bytes]:
    """Write the list of those enrolled, and record who took it along."""
    columns = [
        _("No."), (_("Number"), 16), (_("Name"), 12), (_("Organization"), 30), (_("Team"), 16), (_("State"), 18),
        _("Was there"),
    ]  # fmt: skip
    words = {True: _("yes"), False: _("no"), None: ""}
    rows = (
        [
            row.place,
            row.user.number,
            row.user.name,
            row.belongs_to or "",
            row.team.name if row.team else "",
            str(row.get_state_display()),
            words[row.attended],
        ]
        for row in listed(activity)
    )
    taken = workbook(columns, rows, sheet=activity.title)
    audit.record("activities.exported", activity, by=by)
    return taken
