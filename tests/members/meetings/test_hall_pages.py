"""Names on the wall when asked for, people who take part online, the list to take along, matters added on the spot."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from members.meetings import services
from members.meetings.models import Attendance, CalendarFeed, SeatRemark
from members.meetings.queries.circles import busy_at
from portal.audit.models import AuditEntry
from portal.organizations.models import Standing
from tests.factories.people import make_people
from tests.members.meetings.hall import congress, opened, row
from tests.members.meetings.sittings import planner

N = "members:meetings:"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def chair(world):
    return world.client("secretary")


def page(meeting, name, *more):
    return reverse(N + name, args=[meeting.pk, *more])


def text_of(client, address):
    return client.get(address).content.decode()


def test_names_hang_on_the_wall_only_when_whoever_leads_asks_for_them(world, now, chair):
    meeting = opened(world, now=now)
    services.check_in(meeting, world.user("member"), means="list", at=now)
    member = world.client("member")
    assert "Came in last" not in text_of(chair, page(meeting, "session"))
    shown = text_of(chair, page(meeting, "session") + "?names=1")
    assert "Came in last</span> <span>Member</span>" in shown
    live = page(meeting, "session-live")
    assert f'data-live="{live}?names=1"' in shown
    assert "<span>Member</span>" in text_of(chair, live + "?names=1")
    assert "Came in last" not in text_of(chair, live)
    assert "Came in last" not in text_of(member, live + "?names=1")


def test_who_takes_part_online_is_noted_so(world, now, chair):
    meeting = opened(world, now=now)
    assert "They take part online" not in text_of(chair, page(meeting, "roll"))
    meeting.online_url = "https://meeting.example.edu.cn/1"
    meeting.save(update_fields=["online_url"])
    assert "They take part online" in text_of(chair, page(meeting, "roll"))
    seat = row(meeting, world, "member")
    chair.post(page(meeting, "roll"), {"person": seat.pk, "action": "online"})
    assert row(meeting, world, "member").means == "online"


def test_list_is_taken_along_by_whoever_may_export(world, now, chair):
    meeting = opened(world, now=now)
    services.invite_guest(meeting, world.users["lecturer"], words="=Lecturer", by=world.user("secretary"))
    services.check_in(meeting, world.user("member"), means="qr", at=now)
    answer = chair.post(page(meeting, "roll-export"))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    lines = {line[2]: line for line in sheet.iter_rows(min_row=2, values_only=True)}
    assert lines["Member"][1] == world.users["member"].number
    assert lines["Member"][9] == "code on the screen"
    assert lines["Lecturer"][4] == "observer (=Lecturer)"
    assert len(lines) == Attendance.objects.filter(meeting=meeting).count()
    assert AuditEntry.objects.filter(verb="meetings.list_exported").count() == 1


def test_list_is_refused_to_a_recorder_without_the_duty(world, now):
    meeting = opened(world, now=now)
    services.change_leaders(
        meeting, chair=world.users["secretary"], recorder=world.users["contact"], by=world.user("secretary")
    )
    contact = world.client("contact")
    assert "Export to Excel" not in text_of(contact, page(meeting, "roll"))
    assert contact.post(page(meeting, "roll-export")).status_code == 403


def test_matter_is_added_while_the_meeting_goes_on(world, now, chair):
    meeting = opened(world, now=now)
    assert page(meeting, "agenda-create") in text_of(chair, page(meeting, "session"))
    answer = chair.post(page(meeting, "agenda-create"), {"title": "A motion", "part": meeting.parts.get().pk})
    assert answer["Location"] == page(meeting, "session")
    services.take_up(meeting.agenda.get(title="A motion"), by=world.user("secretary"), at=now)
    shown = text_of(chair, meeting.get_absolute_url())
    assert shown.count(">Strike<") == 2  # what has been taken up stands


def test_way_in_stands_first_once_people_come(world, now):
    meeting, member = opened(world, now=now), world.client("member")
    shown = text_of(member, meeting.get_absolute_url())
    assert shown.index(page(meeting, "check-in")) < shown.index("You and this meeting")
    early = congress(world, now=now, minutes=300)
    assert page(early, "check-in") not in text_of(member, early.get_absolute_url())


def test_calendar_tells_its_owner_when_it_was_read(world, now, django_assert_num_queries):
    feed, token = services.make_feed(world.user("member"), at=now)
    member = world.client("member")
    assert "not read yet" in text_of(member, reverse(N + "feed-list"))
    for _twice in range(2):
        assert world.client("member").get(reverse(N + "feed", args=[token])).status_code == 200
    feed.refresh_from_db()
    assert feed.asked_on == timezone.localdate()
    assert f"last read on {feed.asked_on}" in text_of(member, reverse(N + "feed-list"))
    with django_assert_num_queries(0):
        services.note_asked(feed, on=feed.asked_on)
    assert CalendarFeed.objects.count() == 1


def test_whoever_convenes_hears_who_is_called_elsewhere_at_that_time(world, chair):
    desk = planner(world)
    first = desk.convene()
    second = desk.plan(title="At the same time")
    everybody = list(first.attendances.values_list("user_id", flat=True))
    assert busy_at(second, everybody) == first.attendances.filter(capacity="due", exempt_words="").count()
    assert "called to another meeting at the same time" in text_of(chair, page(second, "meeting-convene"))
    later = desk.plan(title="Afterwards", planned_at=desk.now + timedelta(days=10, hours=1))
    assert busy_at(later, everybody) == 0
    assert busy_at(first, everybody) == 0


@pytest.mark.parametrize("name", ["template-create", "remark-create"])
def test_whoever_keeps_many_organizations_says_which(world, name):
    college, address = world.client("college"), reverse(N + name)
    lines = college.get(address).context["nodes"]
    assert {line["name"] for line in lines} == {"The unit", "The branch", "The sibling"}
    found = college.get(f"{address}?words=sibling").context["nodes"]
    assert [line["url"] for line in found] == [f"{address}?organization={world.sibling.pk}"]
    assert college.get(found[0]["url"]).context["organization"] == world.sibling
    assert college.get(f"{address}?organization={world.nodes['far_branch'].pk}").status_code == 404
    assert world.client("secretary").get(address).context["organization"] == world.branch
    assert not SeatRemark.objects.exists()


def test_whoever_convenes_reads_the_names_first(world, chair):
    desk = planner(world)
    meeting = desk.plan()
    services.remark_seat(
        world.users["contact"], world.branch, kind="exempt", words="Aged", since=timezone.localdate(),
        by=world.user("secretary"),
    )  # fmt: skip
    found = chair.get(page(meeting, "meeting-convene")).context["called"]
    assert found.voting == ["Disabled", "Member", "Retired", "Secretary"]
    assert found.without_vote == ["Probationary"]
    assert found.exempt == [("Contact", "Aged")]
    assert found.observers == ["Author", "Peer", "Target"]


@pytest.mark.parametrize("many", [2, 30])
def test_convening_page_costs_the_same_for_any_number(world, chair, many):
    make_people(world.branch, many, standing=Standing.FULL_MEMBER)
    address = page(planner(world).plan(), "meeting-convene")
    chair.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert chair.get(address).status_code == 200
    assert len(queries) == 15
