"""Branches whose meetings were held on chosen days, with verbs short enough for tests."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import combinations

import pytest
from django.utils import timezone

from members.help.models import HeartTalk
from members.help.queries.places import party_members
from members.meetings.models import AgendaItem, Attendance, Meeting, MeetingPart
from portal.accounts.models import User
from portal.organizations.models import Organization, Standing
from portal.rulesets.days import add_months
from tests.world import World


@dataclass
class Hall:
    """``world`` on ``today``; ``month`` is the first day of this month."""

    world: World
    today: date

    @property
    def month(self) -> date:
        return self.today.replace(day=1)

    def ago(self, months: int) -> date:
        """Return the tenth of a month ``months`` before this one."""
        return add_months(self.month, -months).replace(day=10)

    def held(
        self, node: Organization, on: date, *kinds: str, state: str = "ended", told: date | None = None, title: str = ""
    ) -> Meeting:
        begins = timezone.make_aware(datetime.combine(on, time(0, 30)))
        people = self.world.users
        is_held = state == "ended"
        meeting = Meeting.objects.create(
            organization=node, title=title or "A sitting", state=state, planned_at=begins,
            planned_until=begins + timedelta(hours=2), started_at=begins if is_held else None,
            ended_at=begins + timedelta(hours=2) if is_held else None, chair=people["secretary"],
            recorder=people["contact"], code_secret=b"s" * 32,
            convened_at=timezone.make_aware(datetime.combine(told, time(9))) if told else None,
        )  # fmt: skip
        for number, kind in enumerate(kinds, start=1):
            MeetingPart.objects.create(meeting=meeting, kind=kind, number=number)
        return meeting

    def planned(self, node: Organization, on: date, *kinds: str, state: str = "convened") -> Meeting:
        return self.held(node, on, *kinds, state=state, title="A sitting to come")

    def call_off(self, meeting: Meeting) -> None:
        Meeting.objects.filter(pk=meeting.pk).update(state="cancelled", cancelled_words="Nobody has time.")

    def talked(self, one: User, other: User, *, year: int | None = None, node: Organization | None = None) -> HeartTalk:
        """Let two people have had a talk that both confirmed."""
        first, second = sorted((one, other), key=lambda user: user.pk)
        day = date(year or self.today.year, 1, 1)
        return HeartTalk.objects.create(
            organization=node or self.world.branch, year=day.year, kind="member_member", first=first, second=second,
            state="held", held_on=day, first_confirmed_on=day, second_confirmed_on=day,
        )  # fmt: skip

    def all_talked(self, year: int, node: Organization | None = None) -> None:
        """Let everybody of a branch have talked with everybody else in a year."""
        people = party_members(node or self.world.branch).values()
        for one, other in combinations(people, 2):
            self.talked(one, other, year=year, node=node)

    def speaker(self, meeting: Meeting, user: User) -> None:
        part = meeting.parts.get(kind="party_lecture")
        AgendaItem.objects.create(meeting=meeting, part=part, number=1, title="Lecture", presenter=user)

    def came(self, meeting: Meeting, **states: str) -> None:
        """Write the attendance of people of the cast by their state."""
        for name, state in states.items():
            Attendance.objects.create(
                meeting=meeting, user=self.world.users[name], standing=Standing.FULL_MEMBER, state=state,
                made_up_words="Read the text." if state == "made_up" else "",
            )  # fmt: skip


@pytest.fixture
def hall(world: World) -> Hall:
    return Hall(world, timezone.localdate())
