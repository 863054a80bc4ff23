"""A sitting that was held without the portal is entered afterwards: circle of its day, list, minutes, and a trace."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.meetings import services
from members.meetings.models import Attendance, Meeting, MeetingState
from members.minutes.models import Minutes
from members.obligations.engine.periods import Period, Span
from members.services import place
from portal.audit.models import AuditEntry
from portal.organizations.models import Standing
from portal.web.refusals import RuleError

pytestmark = pytest.mark.django_db
KINDS = ["branch_congress"]


def enter(world, **changed) -> Meeting:
    ended = timezone.now() - timedelta(days=3)
    facts = {
        "kinds": KINDS, "title": "Congress on paper", "planned_at": ended - timedelta(hours=1), "planned_until": ended,
        "chair": world.user("secretary"), "recorder": world.user("contact"), "by": world.user("secretary"),
        "at": timezone.now(), "agenda": [services.Matter("branch_congress", "The report", 20)],
    }  # fmt: skip
    return services.enter_held(world.branch, **(facts | changed))


def test_its_circle_is_that_of_its_day_and_nobody_was_there_yet(world):
    today = timezone.localdate()
    place(world.member("probationary"), world.branch, standing=Standing.FULL_MEMBER, on=today, by=None)
    meeting = enter(world)
    assert (meeting.state, meeting.convened_at) == (MeetingState.ENDED, None)
    row = Attendance.objects.get(meeting=meeting, user=world.users["probationary"])
    assert (row.standing, row.may_vote, row.state) == (Standing.PROBATIONARY, False, "absent")
    assert not Attendance.objects.filter(meeting=meeting, checked_in_at__isnull=False).exists()
    assert AuditEntry.objects.filter(verb="meetings.brought_in", by=world.users["secretary"]).count() == 1


def test_list_and_minutes_follow_as_after_any_sitting(world):
    meeting = enter(world)
    assert Minutes.objects.get(meeting=meeting).state == "draft"
    member = Attendance.objects.get(meeting=meeting, user=world.users["member"])
    services.call_roll(meeting, {member.pk}, by=world.user("secretary"), at=timezone.now())
    member.refresh_from_db()
    assert (member.state, member.means) == ("present", "list")
    assert meeting.agenda.get().title == "The report"


def test_what_has_not_ended_is_planned_instead(world):
    soon = timezone.now() + timedelta(minutes=5)
    with pytest.raises(RuleError, match="has not ended"):
        enter(world, planned_at=soon - timedelta(hours=1), planned_until=soon)
    assert not Meeting.objects.exists()


def test_the_same_sitting_is_not_entered_twice(world):
    enter(world)
    with pytest.raises(RuleError, match="Congress on paper"):
        enter(world, title="Once more")
    assert Meeting.objects.count() == 1
    enter(world, kinds=["theme_party_day"], title="Theme day")
    assert Meeting.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"kinds": ["democratic_life_meeting"]}, "holds no"),
        ({"kinds": []}, "at least one kind"),
    ],
)
def test_what_planning_refuses_is_refused_here_too(world, changed, words):
    with pytest.raises(RuleError, match=words):
        enter(world, **changed)
    with pytest.raises(RuleError, match="cannot chair"):
        enter(world, chair=world.user("stranger"))
    before = timezone.now() - timedelta(days=500)
    with pytest.raises(RuleError):
        enter(world, planned_at=before, planned_until=before + timedelta(hours=1))
    assert not Meeting.objects.exists()


def test_page_leads_to_the_list_and_says_that_it_was_entered(world):
    client = world.client("secretary")
    day = timezone.localdate() - timedelta(days=2)
    answer = client.post(
        reverse("members:meetings:held-enter") + f"?organization={world.branch.pk}",
        {
            "title": "Congress on paper", "kinds": KINDS, "day": day.isoformat(), "begins": "14:30", "lasts": "60",
            "chair": world.users["secretary"].pk, "recorder": world.users["contact"].pk,
            "agenda": "The report | 20\nElections",
        },
    )  # fmt: skip
    meeting = Meeting.objects.get()
    assert answer.url == reverse("members:meetings:roll", args=[meeting.pk])
    assert list(meeting.agenda.order_by("number").values_list("title", flat=True)) == ["The report", "Elections"]
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert "Entered afterwards" in page
    assert world.users["secretary"].name in page


@pytest.mark.parametrize(
    ("field", "value"),
    [("day", ""), ("day", "2999-01-01"), ("agenda", "x" * 200), ("kinds", "nothing"), ("lasts", "0")],
)
def test_a_refused_form_comes_back_filled(world, field, value):
    day = timezone.localdate() - timedelta(days=2)
    sent = {
        "title": "Kept words", "kinds": KINDS, "day": day.isoformat(), "begins": "14:30", "lasts": "60",
        "chair": world.users["secretary"].pk, "recorder": world.users["contact"].pk,
    } | {field: value}  # fmt: skip
    answer = world.client("secretary").post(
        reverse("members:meetings:held-enter") + f"?organization={world.branch.pk}", sent
    )
    assert answer.status_code == 200
    assert "Kept words" in answer.content.decode()
    assert not Meeting.objects.exists()


def test_a_missed_duty_leads_there_but_not_one_of_a_quarter_to_come(world):
    def shown(day) -> bool:
        quarter = Period.of(Span.QUARTER, day).code
        page = reverse("members:obligations:duty", args=[world.branch.pk, "branch_congress", quarter])
        address = f"{reverse('members:meetings:held-enter')}?organization={world.branch.pk}&amp;kind=branch_congress"
        return address in world.client("secretary").get(page).content.decode()

    today = timezone.localdate()
    assert shown(today)
    assert not shown(today + timedelta(days=100))
