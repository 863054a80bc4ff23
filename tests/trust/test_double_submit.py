"""T-30a: a form that is sent twice has one effect."""

import threading

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone

from forum.models import Post, Thread
from members.models import CorrectionRequest, Member
from portal.audiences.models import Visibility
from portal.audit.models import AuditEntry
from portal.notifications.models import Message
from portal.organizations.models import Appointment, Organization
from portal.reviews.models import Version
from tests.access.walking import outcome


def twice(client, url, data):
    return [client.post(url, dict(data)).status_code for _ in range(2)]


def test_thread_and_reply_sent_twice(world):
    from tests.factories.rooms import make_board

    board = make_board(world.branch, by=world.user("secretary"), visibility=Visibility.AUDIENCE)
    client = world.client("author")
    twice(client, reverse("forum:thread-create", args=[board.slug]), {"title": "T", "body": "B", "token": "a" * 32})
    assert Thread.objects.count() == 1
    twice(client, reverse("forum:reply", args=[Thread.objects.get().pk]), {"body": "B", "token": "b" * 32})
    assert Post.objects.count() == 2


def test_notice_sent_twice(world):
    data = {
        "title": "Tell", "text": "All", "organizations": [world.branch.pk], "confirmed": "1",
        "key": "6f0c0ac2-3c64-4f0a-8f0e-0d8b5a3b9a10",
    }  # fmt: skip
    twice(world.client("secretary"), reverse("notifications:send"), data)
    assert Message.objects.filter(kind="announcement").count() == 1


def test_person_created_twice(world):
    data = {
        "number": "20249999", "name": "New", "organization": world.branch.pk, "standing": "applicant",
        "on": timezone.localdate(),
    }  # fmt: skip
    assert twice(world.client("secretary"), reverse("members:member-create"), data) == [302, 200]
    assert Member.objects.filter(user__number="20249999").count() == 1


def test_correction_asked_twice(world):
    twice(world.client("author"), reverse("members:correction-ask"), {"field": "title", "words": "Please."})
    assert CorrectionRequest.objects.count() == 1


def test_organization_created_twice(world):
    data = {"name": "New branch", "short_name": "new", "code": "new", "org_type": "branch",
            "established_on": timezone.localdate()}  # fmt: skip
    twice(world.client("committee"), reverse("organizations:organization-create", args=[world.unit.pk]), data)
    assert Organization.objects.filter(code="new").count() == 1


def test_appointed_twice_and_dismissed_twice(world):
    data = {"person": world.users["member"].number, "post": "youth_commissioner", "mode": "appointed"}
    data["on"] = timezone.localdate()
    client = world.client("committee")
    twice(client, reverse("organizations:appoint", args=[world.branch.pk]), data)
    held = Appointment.objects.filter(user=world.users["member"])
    assert held.count() == 1
    twice(client, reverse("organizations:dismiss", args=[held.get().pk]), {"on": timezone.localdate()})
    assert AuditEntry.objects.filter(verb="organizations.dismissed", about=world.users["member"]).count() == 1


def test_report_handed_in_twice(world):
    from members.development.rules import Quarter

    now, client = Quarter.of(timezone.localdate()), world.client("peer")
    write = reverse("members:development:thought-report-write", args=[now.year, now.number])
    check = reverse("members:development:thought-report-check", args=[now.year, now.number])
    client.post(write, {"title": "T", "body": "Words of my own.", "draft_version": 0, "action": "check"})
    seen = client.get(check).context["seen"]
    twice(client, check, {"seen": seen})
    assert Version.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time.")
@pytest.mark.parametrize("turn", range(3))
def test_twenty_at_once_have_one_effect(turn):
    from tests.world import make_world

    world = make_world()
    url = reverse("members:correction-ask")
    clients = [world.client("author") for _ in range(20)]
    gate, answers = threading.Barrier(20), []

    def send(client):
        gate.wait()
        try:
            answers.append(outcome(client.post(url, {"field": "title", "words": "Please."})))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (answers, CorrectionRequest.objects.count()) == (["ok"] * 20, 1)
