"""Who was there, pictures, the end: hours go into the ledger, the story into the stream, word to everybody."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.files.models import Kind, StoredFile
from portal.files.services import attach, discard
from portal.hours.services import Hours, enter_hours
from portal.imports.exports import workbook
from portal.web.refusals import RuleError

from .. import notices
from ..models import Activity, Enrolment, EnrolmentState, Juror, State
from ..models.activity import WORDS_MAX
from ..queries.people import listed
from .telling import FINISHED, held, jury, leave, taking_part, tell, tell_stream

PICTURES_MAX = 60
SOURCE = "activities"


@transaction.atomic
def record_attendance(
    activity: Activity, present: Collection[int], *, by: User, now: datetime | None = None
) -> Activity:
    """Write who was there, by the keys of enrolments; all others who had a place were not.

    From the first time on the activity counts as held. Raises ``RuleError`` before it begins, after it is finished, and
    for people who have no place.
    """
    activity = held(activity, State.APPROVED, State.HELD)
    if (now or timezone.now()) < activity.begins_at:
        raise RuleError(_("The activity has not begun."))
    rows = Enrolment.objects.filter(activity=activity, state=EnrolmentState.ENROLLED)
    wanted = set(present)
    if wanted - set(rows.values_list("pk", flat=True)):
        raise RuleError(_("Somebody on the list has no place in this activity."))
    came = rows.filter(pk__in=wanted).update(attended=True)
    rows.exclude(pk__in=wanted).update(attended=False)
    before, activity.state = activity.state, State.HELD
    activity.save(update_fields=["state"])
    leave(activity, "attendance_recorded", by=by, state=[before, activity.state], present=[None, came])
    return activity


@transaction.atomic
def add_pictures(activity: Activity, files: Iterable[StoredFile], *, by: User, now: datetime | None = None) -> Activity:
    """Give pictures to an activity that has begun; whoever sees the activity sees them."""
    activity = held(activity, State.APPROVED, State.HELD, State.FINISHED)
    if (now or timezone.now()) < activity.begins_at:
        raise RuleError(_("The activity has not begun."))
    files = list(files)
    if any(file.kind != Kind.IMAGE for file in files):
        raise RuleError(_("Only pictures are taken here."))
    if activity.pictures.count() + len(files) > PICTURES_MAX:
        raise RuleError(_("At most %(limit)d pictures.") % {"limit": PICTURES_MAX})
    for file in files:
        attach(file, activity)
    if files:
        leave(activity, "pictures_added", by=by, pictures=[None, len(files)])
    return activity


@transaction.atomic
def remove_picture(activity: Activity, file: StoredFile, *, by: User) -> None:
    """Take a picture away for good."""
    activity = held(activity, State.APPROVED, State.HELD, State.FINISHED)
    if not activity.pictures.filter(pk=file.pk).exists():
        raise RuleError(_("This picture belongs to something else."))
    discard(file)
    leave(activity, "picture_removed", by=by, pictures=[1, None])


@transaction.atomic
def finish(activity: Activity, *, story: str, by: User, now: datetime | None = None) -> Activity:
    """End an activity that was held: enter the hours of those who were there, tell the stream and everybody.

    Raises ``RuleError`` while its end has not come, while attendance is not recorded, and while scores or a vote are
    still open.
    """
    now, story = now or timezone.now(), story.strip()
    activity = held(activity, State.HELD)
    reasons = []
    if now < activity.ends_at:
        reasons.append(_("The activity has not ended yet."))
    if len(story) > WORDS_MAX:
        reasons.append(_("At most %(limit)d signs.") % {"limit": WORDS_MAX})
    has_contributions = activity.contributions.exists()
    if has_contributions and activity.scored_at is None and Juror.objects.filter(activity=activity).exists():
        reasons.append(_("Close the scores of the jury first."))
    if activity.ballot is not None and activity.ballot.is_open:
        reasons.append(_("Close the vote of the audience first."))
    if reasons:
        raise RuleError(reasons)
    activity.state, activity.finished_at, activity.story = State.FINISHED, now, story
    activity.save(update_fields=["state", "finished_at", "story"])
    _enter_hours(activity, by=by)
    leave(activity, "finished", by=by, state=[State.HELD, State.FINISHED])
    tell_stream(activity, FINISHED, at=now, words=story or activity.words)
    tell(notices.RESULTS, activity, (taking_part(activity) | jury(activity)) - {by.pk}, key="results", by=by)
    return activity


def _enter_hours(activity: Activity, *, by: User) -> None:
    if not activity.minutes:
        return
    came = Enrolment.objects.filter(activity=activity, attended=True).order_by("pk").values_list("user_id", flat=True)
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
            for user_id in came
        ),
        by=by,
    )


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
