"""Pictures and the end: hours go into the ledger, the story into the stream, word to everybody."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.files.models import Kind, StoredFile
from portal.files.services import attach, discard
from portal.web.refusals import RuleError

from .. import notices
from ..models import Activity, Enrolment, Juror, State
from ..models.activity import WORDS_MAX
from .attendance import credit
from .telling import FINISHED, held, jury, leave, taking_part, tell, tell_stream

PICTURES_MAX = 60


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
    came = set(Enrolment.objects.filter(activity=activity, attended=True).values_list("user_id", flat=True))
    credit(activity, came, by=by)
    leave(activity, "finished", by=by, state=[State.HELD, State.FINISHED])
    tell_stream(activity, FINISHED, at=now, words=story or activity.words)
    tell(notices.RESULTS, activity, (taking_part(activity) | jury(activity)) - {by.pk}, key="results", by=by)
    return activity
