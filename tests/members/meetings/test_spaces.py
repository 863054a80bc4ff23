"""Meetings in the space of their node: in its calendar and its record, for those who see them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from members.meetings import services
from members.meetings.models import Meeting, MeetingState
from members.meetings.spaces import days, record

from .sittings import planner

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


def on_calendar(world, name: str, first: date, last: date) -> list[tuple[date, str]]:
    return [(item.on, item.title) for item in days(world.branch, world.user(name), first, last)]


def test_the_calendar_shows_meetings_on_their_day_to_those_who_see_them(world):
    way = planner(world)
    # Half past midnight in Shanghai is the day before elsewhere.
    begins = (datetime.now(SHANGHAI) + timedelta(days=10)).replace(hour=0, minute=30, second=0, microsecond=0)
    day = begins.date()
    planned = way.plan(planned_at=begins, title="Theme day")
    way.plan("sibling", planned_at=begins)
    assert on_calendar(world, "secretary", day, day) == [(day, "Theme day")]
    assert on_calendar(world, "secretary", day - timedelta(days=9), day - timedelta(days=1)) == []
    assert on_calendar(world, "member", day, day) == []  # not convened yet
    way.convene(planned)
    assert on_calendar(world, "member", day, day) == [(day, "Theme day")]
    assert on_calendar(world, "stranger", day, day) == []
    services.cancel(planned, words="Storm", by=world.user("secretary"), at=way.now)
    assert on_calendar(world, "secretary", day, day) == []


def test_the_record_counts_a_year_of_the_university(world, django_assert_num_queries):
    meeting = planner(world).convene()
    assert record(world.branch, world.user("secretary"), 2025) is None
    begins = datetime(2025, 12, 31, 23, 30, tzinfo=SHANGHAI)
    Meeting.objects.filter(pk=meeting.pk).update(
        state=MeetingState.ENDED, planned_at=begins, planned_until=begins + timedelta(hours=1),
        started_at=begins, ended_at=begins + timedelta(hours=1),
    )  # fmt: skip
    secretary = world.user("secretary")
    record(world.branch, secretary, 2026)
    with django_assert_num_queries(2):
        block = record(world.branch, secretary, 2025)
    assert [value for _label, value, _url in block.figures] == [1, 0]
    assert [entry.on for entry in block.entries] == [date(2025, 12, 31)]
    assert record(world.branch, secretary, 2026) is None
    assert record(world.branch, world.user("stranger"), 2025) is None
