"""What may still change once a plan was handed in: time, place and places; calling it off; throwing a draft away."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.ballots.models import BallotState
from portal.ballots.services import annul
from portal.reviews import services as reviews
from portal.spaces import services as spaces
from portal.web.refusals import RuleError

from .. import notices
from ..models import CANCELLABLE, Activity, Enrolment, EnrolmentState, Mode, State
from ..queries.places import nearest_approvers
from ..rules import Gap, gaps_of
from .enrolling import move_up
from .planning import plan_of
from .telling import ANNOUNCED, LIVING, held, jury, leave, taking_part, tell, where

REASON_MAX = 300
# What of a plan depends on its time alone.
OF_TIME = (Gap.NOT_AHEAD, Gap.TOO_FAR, Gap.TOO_LONG, Gap.ENROLMENT_PAST)
ENROLMENT_LEAST = timedelta(minutes=1)


@transaction.atomic
def adjust(
    activity: Activity,
    *,
    place: str,
    online_url: str,
    limit: int | None,
    begins_at: datetime | None = None,
    ends_at: datetime | None = None,
    by: User,
    now: datetime | None = None,
) -> list[Enrolment]:
    """Change time, place and number of places of an approved activity; return who moved up by it.

    Everything else was approved and stays. Enrolment moves along with the beginning; those who approved are told of
    another time. Raises ``RuleError`` when fewer places are left than are taken, and for a time that cannot be.
    """
    now = now or timezone.now()
    activity = held(activity, State.APPROVED)
    if now >= activity.begins_at:
        raise RuleError(_("The activity has begun."))
    taken = Enrolment.objects.filter(activity=activity, state=EnrolmentState.ENROLLED).count()
    if limit is not None and limit < taken:
        raise RuleError({"limit": _("%(count)d people are enrolled already.") % {"count": taken}})
    before = (activity.begins_at, activity.ends_at, where(activity), activity.limit)
    activity.place = place.strip() if activity.mode != Mode.ONLINE else ""
    activity.online_url = online_url.strip() if activity.mode != Mode.ON_SITE else ""
    activity.limit = limit
    _move(activity, begins_at or activity.begins_at, ends_at or activity.ends_at, now=now)
    activity.full_clean(exclude=["review", "author", "audience", "ballot"])
    activity.save(update_fields=["place", "online_url", "limit", "begins_at", "ends_at", "enrol_from", "enrol_until"])
    after = (activity.begins_at, activity.ends_at, where(activity), activity.limit)
    names = ("begins_at", "ends_at", "place", "limit")
    told = zip(names, before, after, strict=True)
    changes: dict[str, Any] = {name: [old, new] for name, old, new in told if old != new}
    if not changes:
        return []
    leave(activity, "adjusted", by=by, **changes)
    moved = move_up(activity)
    _tell_adjusted(activity, is_moved=before[:2] != after[:2], is_elsewhere=before[2] != after[2], by=by)
    return moved


def _move(activity: Activity, begins_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Let an activity begin and end at another time; enrolment closes as long before it as was approved."""
    if (begins_at, ends_at) == (activity.begins_at, activity.ends_at):
        return
    shift = begins_at - activity.begins_at
    activity.begins_at, activity.ends_at = begins_at, ends_at
    activity.enrol_until += shift
    # Brought forward, enrolment that is open stays so; it closes when it closes.
    activity.enrol_from = min(activity.enrol_from, activity.enrol_until - ENROLMENT_LEAST)
    gaps = gaps_of(plan_of(activity), now=now)
    if found := [gap for gap in gaps if gap in OF_TIME]:
        raise RuleError({"begins_at": [gap.label for gap in found]})


def _tell_adjusted(activity: Activity, *, is_moved: bool, is_elsewhere: bool, by: User) -> None:
    """Tell those who take part and the jury of another time or place; of another time also those who approve."""
    if not is_moved and not is_elsewhere:
        return
    people = taking_part(activity, *LIVING) | jury(activity) | {activity.author_id}
    if is_moved:
        people |= nearest_approvers(activity)
    tell(
        notices.MOVED if is_moved else notices.CHANGED, activity, people - {by.pk}, by=by, at=activity.begins_at,
        place=where(activity), key=f"{timezone.now():%Y%m%d%H%M%S%f}",
    )  # fmt: skip


@transaction.atomic
def cancel(activity: Activity, *, words: str, by: User) -> Activity:
    """Call an activity off before it was held, and tell everybody who had to do with it."""
    words = words.strip()
    if not words:
        raise RuleError({"words": _("Say why the activity is called off.")})
    if len(words) > REASON_MAX:
        raise RuleError({"words": _("At most %(limit)d signs.") % {"limit": REASON_MAX}})
    activity = held(activity, *CANCELLABLE)
    before, activity.state, activity.cancel_words = activity.state, State.CANCELLED, words
    activity.save(update_fields=["state", "cancel_words"])
    if activity.ballot is not None and activity.ballot.state in (BallotState.PLANNED, BallotState.OPEN):
        annul(activity.ballot, words, by=by)
    if activity.review.is_waiting:
        reviews.withdraw(activity.review, by, words=words)
    spaces.untell(f"{ANNOUNCED}:{activity.pk}")
    leave(activity, "cancelled", by=by, reason=words, state=[before, activity.state])
    people = taking_part(activity, *LIVING) | (jury(activity) if before == State.APPROVED else set())
    people = (people | {activity.author_id}) - {by.pk}
    tell(notices.CANCELLED, activity, people, key="off", by=by, words=words)
    return activity


@transaction.atomic
def discard_draft(activity: Activity, *, by: User) -> None:
    """Throw away a draft that was never handed in."""
    activity = held(activity, State.DRAFT)
    if activity.review.version_count:
        raise RuleError(_("This activity was handed in before; call it off instead."))
    audit.record(
        "activities.discarded", activity, by=by, about=activity.author, changes={"title": [activity.title, ""]}
    )
    review, audience = activity.review, activity.audience
    activity.delete()
    review.delete()
    if audience is not None:
        audience.delete()
