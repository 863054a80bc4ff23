"""What the schedule does each morning: remind of what is held today or tomorrow."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from portal.notifications.posting import Posting, post_many

from .. import notices
from ..models import Activity, Enrolment, EnrolmentState, State
from .telling import where

CHUNK = 500


def remind(on: date) -> int:
    """Remind everyone with a place of the activities of the next day, and of that day's if nobody did; say how many.

    The key follows from the activity and its day, so that nobody is told twice.
    """
    zone = timezone.get_current_timezone()
    first = datetime.combine(on, time.min, tzinfo=zone)
    last = datetime.combine(on + timedelta(days=2), time.min, tzinfo=zone)
    rows = Activity.objects.filter(state=State.APPROVED, begins_at__gte=first, begins_at__lt=last).order_by("pk")
    told, activities = 0, list(rows)
    for start in range(0, len(activities), CHUNK):
        chunk = activities[start : start + CHUNK]
        people: dict[int, set[int]] = {}
        enrolled = Enrolment.objects.filter(activity__in=chunk, state=EnrolmentState.ENROLLED)
        for activity_id, user_id in enrolled.values_list("activity_id", "user_id"):
            people.setdefault(activity_id, set()).add(user_id)
        told += post_many(
            Posting(
                kind=notices.REMINDER.code,
                key=f"activity_reminder:{activity.pk}:{timezone.localdate(activity.begins_at).isoformat()}",
                recipients=frozenset(people.get(activity.pk, ())),
                params={"title": activity.title, "at": activity.begins_at, "place": where(activity)},
                url=activity.get_absolute_url(),
            )
            for activity in chunk
        )
    return told
