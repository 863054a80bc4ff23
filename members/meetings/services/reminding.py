"""Remind those who have not answered, seven, three days and one day before a meeting, and those who left one open."""

from datetime import date, timedelta

from django.utils import timezone

from portal.notifications.posting import Posting, post_many

from .. import notices
from ..models import Attendance, Capacity, Meeting, MeetingState
from ..queries.meetings import first_moment
from .telling import left_open
from .templates import propose

LEADS = (7, 3, 1)
# For how long somebody is told of a sitting that was left open.
LEFT_OPEN_DAYS = 14


def remind(on: date) -> int:
    """Leave the reminders that ``on`` has reached, and return how many are new; a missed day is made up.

    A meeting that was moved is reminded of anew. Nobody is reminded on the day of the convening itself.
    """
    rows = Attendance.objects.filter(
        answer="", exempt_words="", capacity=Capacity.DUE,
        meeting__state=MeetingState.CONVENED, meeting__convened_at__lt=first_moment(on),
        meeting__planned_at__gte=first_moment(on + timedelta(days=1)),
        meeting__planned_at__lt=first_moment(on + timedelta(days=max(LEADS) + 1)),
    )  # fmt: skip
    asked: dict[int, set[int]] = {}
    meetings = {}
    for row in rows.select_related("meeting__organization").order_by("meeting_id").iterator(1000):
        meetings[row.meeting_id] = row.meeting
        asked.setdefault(row.meeting_id, set()).add(row.user_id)
    postings = []
    for pk, meeting in meetings.items():
        day = timezone.localdate(meeting.planned_at)
        lead = min(lead for lead in LEADS if (day - on).days <= lead)
        postings.append(
            Posting(
                notices.REMINDER.code,
                key=f"meeting:{pk}:reminder:{day.isoformat()}:{lead}",
                recipients=frozenset(asked[pk]),
                params={
                    "meeting": pk,
                    "title": meeting.title,
                    "organization": str(meeting.organization),
                    "begins": meeting.planned_at,
                    "place": meeting.place,
                },
                url=meeting.get_absolute_url(),
            )
        )
    return post_many(postings)


def remind_leaders(on: date) -> int:
    """Tell chair and recorder, once, of sittings that should have been over before ``on`` and were not closed."""
    rows = Meeting.objects.filter(
        state__in=[MeetingState.CONVENED, MeetingState.IN_SESSION],
        planned_until__lt=first_moment(on),
        planned_until__gte=first_moment(on - timedelta(days=LEFT_OPEN_DAYS)),
    )
    rows = rows.select_related("organization").order_by("pk")
    return post_many([left_open(meeting) for meeting in rows.iterator(1000)])


def run_daily(on: date) -> None:
    """Propose what templates bring, remind, and tell of what was left open."""
    propose(on)
    remind(on)
    remind_leaders(on)
