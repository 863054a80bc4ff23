"""T-30e: two tabs that change one thing; the second is told, and nothing is lost in silence."""

import pytest
from django.urls import reverse
from django.utils import timezone

from members.meetings.models import MeetingTemplate
from tests.members.meetings.sittings import planner

N = "members:meetings:"


@pytest.fixture
def desk(world):
    return planner(world)


@pytest.fixture
def client(world):
    return world.client("secretary")


def seen_in(page) -> str:
    return page.context["seen"]


def test_second_tab_of_a_matter_is_told(desk, client):
    meeting = desk.convene()
    part = meeting.parts.get()
    client.post(reverse(N + "agenda-create", args=[meeting.pk]), {"title": "Matter", "part": part.pk})
    item = meeting.agenda.get()
    address = reverse(N + "agenda-edit", args=[item.pk])
    seen = seen_in(client.get(address))
    sent = {"part": part.pk, "seen": seen}
    assert client.post(address, sent | {"title": "From the first tab"}).status_code == 302
    page = client.post(address, sent | {"title": "From the second tab"})
    assert "changed this matter meanwhile" in str(page.context["form"].errors)
    assert page.context["form"]["title"].value() == "From the second tab"
    item.refresh_from_db()
    assert item.title == "From the first tab"


def test_second_tab_of_a_template_is_told(desk, client):
    sent = {
        "title": "Each month", "kinds": ["branch_congress"], "recurrence": "", "begins": "14:30",
        "lasts_minutes": "90", "agenda": "",
    }  # fmt: skip
    assert client.post(reverse(N + "template-create"), sent).status_code == 302
    template = MeetingTemplate.objects.get()
    address = reverse(N + "template-edit", args=[template.pk])
    seen = seen_in(client.get(address))
    assert client.post(address, sent | {"title": "First", "seen": seen}).status_code == 302
    page = client.post(address, sent | {"title": "Second", "seen": seen})
    assert "changed this template meanwhile" in str(page.context["form"].errors)
    assert MeetingTemplate.objects.get().title == "First"
    assert client.post(address, sent | {"title": "Third", "seen": seen_in(client.get(address))}).status_code == 302


def test_second_tab_of_a_meeting_is_told(desk, client):
    meeting = desk.plan()
    seen = seen_in(client.get(reverse(N + "meeting-edit", args=[meeting.pk])))
    desk.edit(meeting, title="From the first tab")
    users = desk.world.users
    day = timezone.localdate(meeting.planned_at).isoformat()
    sent = {
        "title": "From the second tab", "kinds": ["branch_congress"], "day": day, "begins": "14:30", "lasts": "60",
        "chair": users["secretary"].pk, "recorder": users["secretary"].pk, "seen": seen,
    }  # fmt: skip
    page = client.post(reverse(N + "meeting-edit", args=[meeting.pk]), sent)
    assert "changed this meeting meanwhile" in str(page.context["form"].errors)
    meeting.refresh_from_db()
    assert meeting.title == "From the first tab"
