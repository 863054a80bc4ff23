"""The practice meetings are lawful, and made once."""

from collections import Counter

import pytest

from members.meetings.models import Attendance, Meeting, MeetingPart, MeetingTemplate
from members.meetings.practice import make_meetings
from members.practice.people import make_people
from portal.home.practice.world import PracticeWorld, make_tree
from portal.hours.models import HourEntry

pytestmark = pytest.mark.django_db


def test_practice_meetings_fill_two_years_and_are_made_once(db: None) -> None:
    world = PracticeWorld(password="practice-of-tests")  # noqa: S106 - nobody signs in
    make_tree(world)
    world.branches = world.branches[:2]
    make_people(world)
    make_meetings(world)

    states = Counter(Meeting.objects.values_list("state", flat=True))
    assert states["ended"] > 40
    assert states["convened"] == 2
    assert states["planned"] >= 1
    assert set(states) == {"ended", "convened", "planned"}
    kinds = Counter(MeetingPart.objects.filter(meeting__state="ended").values_list("kind", flat=True))
    assert set(kinds) == {
        "branch_congress", "branch_committee", "theme_party_day", "party_lecture", "organizational_life_meeting",
        "democratic_appraisal",
    }  # fmt: skip
    home = MeetingPart.objects.filter(
        meeting__state="ended", meeting__organization=world.home_branch, kind="branch_congress"
    )
    assert home.count() in (7, 8, 9)
    due = Attendance.objects.filter(meeting__state="ended", capacity="due")
    assert not due.filter(state="").exists()
    assert Attendance.objects.filter(leave_state="asked", meeting__state="convened").exists()
    assert MeetingTemplate.objects.count() == 2
    lectures = MeetingPart.objects.filter(
        meeting__state="ended", meeting__organization=world.home_branch, kind="party_lecture"
    )
    assert HourEntry.objects.values("key").distinct().count() == lectures.count() > 0

    before = Meeting.objects.count()
    make_meetings(world)
    assert Meeting.objects.count() == before


def test_committees_and_groups_of_the_practice_university_sit_too(db: None) -> None:
    world = PracticeWorld(password="practice-of-tests")  # noqa: S106 - nobody signs in
    make_tree(world)
    world.branches = world.branches[:6]
    make_people(world)
    make_meetings(world)

    college = MeetingPart.objects.filter(meeting__organization=world.colleges[0], meeting__state="ended")
    kinds = Counter(college.values_list("kind", flat=True))
    assert kinds["branch_committee"] in (19, 20, 21)
    assert kinds["democratic_life_meeting"] in (1, 2, 3)
    assert not Meeting.objects.filter(organization=world.colleges[1]).exists()
    groups = Meeting.objects.filter(organization__org_type="group")
    assert groups.exists()
    assert set(groups.values_list("state", flat=True)) == {"ended"}
    assert set(MeetingPart.objects.filter(meeting__in=groups).values_list("kind", flat=True)) == {"group_meeting"}
    due = Attendance.objects.filter(meeting__organization__in=[world.colleges[0]], capacity="due")
    assert not due.exclude(meeting__state="convened").filter(state="").exists()
