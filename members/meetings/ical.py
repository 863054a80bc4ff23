"""A person's or a node's meetings as a calendar file.

It says when, where and what, and leads to the page; links of online meetings, agenda and people stay behind the door,
for whoever has the address of the file reads it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from portal.web.shown import site_name

from .models import Meeting, MeetingState


def calendar_of(meetings: Iterable[Meeting], *, title: str, at: datetime) -> bytes:
    """Write ``meetings`` (with organization and parts) as iCalendar text."""
    calendar = Calendar()
    calendar.add("prodid", "-//portal//meetings//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{title} - {site_name()}")
    calendar.add("refresh-interval;value=duration", "PT6H")
    site = settings.SITE_ADDRESS.rstrip("/")
    host = site.partition("://")[2] or "portal"
    for meeting in meetings:
        event = Event()
        event.add("uid", f"meeting-{meeting.pk}@{host}")
        event.add("dtstamp", at)
        event.add("dtstart", meeting.planned_at)
        event.add("dtend", meeting.planned_until or meeting.planned_at + timedelta(hours=1))
        event.add("summary", f"{meeting.title} ({meeting.organization})")
        event.add("location", meeting.place or (_("online") if meeting.online_url else ""))
        event.add("url", f"{site}{meeting.get_absolute_url()}")
        event.add("categories", [str(part.get_kind_display()) for part in meeting.parts.all()])
        cancelled = meeting.state == MeetingState.CANCELLED
        event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        calendar.add_component(event)
    return calendar.to_ical()
