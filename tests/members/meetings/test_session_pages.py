"""The screen in the hall, the phone in the hand and the chair's list, as people meet them."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.meetings import services
from members.meetings.models import AgendaItem, Attendance, CheckInNote, Meeting, MeetingState
from members.meetings.rules.codes import SLOT_SECONDS
from members.meetings.views.check_in import SCAN_COOKIE
from tests.members.meetings.hall import congress, opened, row, scanned, typed

N = "members:meetings:"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def chair(world):
    return world.client("secretary")


def page(meeting, name, *more):
    return reverse(N + name, args=[meeting.pk, *more])


def scan(client, meeting, at):
    """Open what the picture says, as the camera does, and return the page that follows."""
    return client.get(page(meeting, "check-in-scan", scanned(meeting, at)), follow=True)


def test_screen_shows_a_picture_digits_and_the_figures(world, now, chair):
    meeting = opened(world, now=now)
    text = chair.get(page(meeting, "session")).content.decode()
    assert '<svg viewBox="0 0 ' in text
    assert "style=" not in text.split('class="code-frame"')[1].split("</section>")[0]
    assert re.search(r"<strong data-code-typed>\d{3} \d{3}</strong>", text)
    assert "present of due" in text


def test_screen_of_a_meeting_that_is_not_open_shows_no_code(world, now, chair):
    meeting = congress(world, now=now, minutes=180)
    assert "data-code-url" not in chair.get(page(meeting, "session")).content.decode()
    assert chair.get(page(meeting, "session-code")).json() == {"seconds": 0}


def test_code_of_the_screen_checks_in_the_person_who_is_signed_in(world, now, chair):
    meeting, phone = opened(world, now=now), world.client("member")
    code = chair.get(page(meeting, "session-code")).json()
    assert 1 <= code["seconds"] <= SLOT_SECONDS
    answer = phone.post(page(meeting, "check-in"), {"code": code["typed"]}, follow=True)
    assert "You are checked in since" in answer.content.decode()
    assert row(meeting, world, "member").means == "typed"


def test_camera_opens_the_page_that_checks_in(world, now):
    meeting, phone = opened(world, now=now), world.client("member")
    shown = scan(phone, meeting, timezone.now())
    text = shown.content.decode()
    assert "Check in now" in text
    assert row(meeting, world, "member").checked_in_at is None  # looking changes nothing
    code = re.search(r'name="code" value="([^"]+)"', text)[1]
    answer = phone.post(page(meeting, "check-in"), {"code": code}, follow=True)
    assert "You are checked in since" in answer.content.decode()
    assert row(meeting, world, "member").means == "qr"
    assert "You are checked in since" in scan(phone, meeting, timezone.now()).content.decode()


def test_scan_before_signing_in_counts_when_it_was_made(world, now):
    begins = now - timedelta(minutes=4)
    meeting, phone = opened(world, now=begins), Client()
    seen_at = timezone.now()
    first = phone.get(page(meeting, "check-in-scan", scanned(meeting, seen_at)))
    assert SCAN_COOKIE in first.cookies
    assert phone.get(first.headers["Location"]).headers["Location"].startswith(reverse("account_login"))
    # Another code of the same minute was not proved by this browser.
    old = scanned(meeting, seen_at - timedelta(minutes=2))
    phone.force_login(world.users["member"], backend="portal.accounts.backends.AccountBackend")
    assert phone.post(page(meeting, "check-in"), {"code": old}).status_code == 409
    code = first.headers["Location"].partition("code=")[2]
    assert phone.post(page(meeting, "check-in"), {"code": code}).status_code == 302
    assert row(meeting, world, "member").checked_in_at is not None


def test_scan_of_an_old_code_or_of_no_meeting_marks_nothing_and_says_nothing(world, now):
    meeting = opened(world, now=now)
    for address in (
        page(meeting, "check-in-scan", scanned(meeting, now - timedelta(minutes=5))),
        reverse(N + "check-in-scan", args=[meeting.pk + 1000, scanned(meeting, now)]),
        reverse(N + "check-in-scan", args=[2**63, "x"]),
    ):
        answer = Client().get(address)
        assert (answer.status_code, SCAN_COOKIE in answer.cookies) == (302, False)


def test_proof_of_a_scan_holds_for_its_meeting_and_cannot_be_made_up(world, now):
    meeting, phone = opened(world, now=now), world.client("member")
    old = scanned(meeting, now - timedelta(minutes=3))
    for value in ("", f"{meeting.pk} {old} {int(now.timestamp())}:sig", "x y", "\x00"):
        phone.cookies[SCAN_COOKIE] = value
        assert phone.post(page(meeting, "check-in"), {"code": old}).status_code == 409
    assert row(meeting, world, "member").checked_in_at is None


def test_photographed_code_is_refused_and_may_go_to_the_chair(world, now):
    meeting, phone = opened(world, now=now - timedelta(minutes=10)), world.client("member")
    old = scanned(meeting, now - timedelta(minutes=5))
    refused = phone.post(page(meeting, "check-in"), {"code": old})
    assert refused.status_code == 409
    assert "This code is over" in refused.content.decode()
    shown = phone.get(page(meeting, "check-in"), {"code": old}).content.decode()
    assert "Send the code to the chair" in shown
    answer = phone.post(page(meeting, "check-in"), {"code": old, "later": "1"}, follow=True)
    assert "The chair says whether it counts" in answer.content.decode()
    assert row(meeting, world, "member").checked_in_at is None
    assert CheckInNote.objects.get().kind == "after_window"


def test_phone_without_signal_sends_the_digits_later(world, now):
    meeting, phone = opened(world, now=now - timedelta(hours=1)), world.client("member")
    seen_at = now - timedelta(minutes=40)
    data = {"code": typed(meeting, seen_at), "noted_at": str(int(seen_at.timestamp() * 1000))}
    first = phone.post(page(meeting, "check-in-later"), data)
    assert (first.status_code, first.json()["state"]) == (200, "waits")
    assert phone.post(page(meeting, "check-in-later"), data).json()["state"] == "waits"
    assert CheckInNote.objects.count() == 1
    for noted_at in ("", "x", "9" * 15, "-" + "9" * 14, "NaN"):
        answer = phone.post(page(meeting, "check-in-later"), data | {"noted_at": noted_at})
        assert answer.status_code in (400, 409)
        assert answer.json()["state"] == "refused"


def test_somebody_from_outside_is_refused_in_words_with_a_code_and_knows_nothing_without(world, now):
    meeting, phone = opened(world, now=now), world.client("stranger")
    assert phone.get(page(meeting, "check-in")).status_code == 404
    assert phone.post(page(meeting, "check-in"), {"code": typed(meeting, timezone.now())}).status_code == 404
    assert not CheckInNote.objects.exists()
    answer = phone.post(page(meeting, "check-in"), {"code": scanned(meeting, timezone.now())})
    assert answer.status_code == 403
    assert "not in the circle" in answer.content.decode()
    assert CheckInNote.objects.get().user_id == world.users["stranger"].pk


@pytest.mark.parametrize("code", ["", "12", "abcdef", "١٢٣٤٥٦", "x" * 5000, "\x00", "0-AAAAAAAAAAAAAAAA"])
def test_what_is_no_code_is_refused_in_words(world, now, code):
    meeting, phone = opened(world, now=now), world.client("member")
    answer = phone.post(page(meeting, "check-in"), {"code": code})
    assert answer.status_code in (400, 409)
    assert row(meeting, world, "member").checked_in_at is None


def test_live_part_is_sent_again_only_when_something_changed(world, now, chair):
    meeting = opened(world, now=now)
    first = chair.get(page(meeting, "session-live"))
    again = chair.get(page(meeting, "session-live"), headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    services.check_in(meeting, world.user("member"), means="qr", at=now)
    changed = chair.get(page(meeting, "session-live"), headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "<strong>1</strong>" in changed.content.decode()


def test_live_part_of_a_member_offers_no_step(world, now):
    meeting = opened(world, now=now)
    text = world.client("member").get(page(meeting, "session-live")).content.decode()
    assert "What was resolved" in text
    assert "formaction" not in text


def test_chair_opens_goes_through_the_agenda_and_closes(world, now, chair):
    meeting = congress(world, now=now)
    first, second = AgendaItem.objects.filter(meeting=meeting)
    assert "Open the meeting" in chair.get(page(meeting, "session")).content.decode()
    chair.post(page(meeting, "session-open"))
    chair.post(page(meeting, "item-take-up", first.pk))
    chair.post(page(meeting, "item-take-up", second.pk))
    text = chair.get(page(meeting, "session-live")).content.decode()
    assert text.index("item-done") < text.index("item-now")
    chair.post(page(meeting, "item-finish", second.pk))
    assert "End" not in text
    asked = chair.get(page(meeting, "session-close")).content.decode()
    assert "0 of" in asked
    assert chair.post(page(meeting, "session-close")).status_code == 302
    assert Meeting.objects.get().state == MeetingState.ENDED
    assert chair.post(page(meeting, "item-take-up", first.pk)).status_code == 409
    assert chair.post(page(meeting, "session-open")).status_code == 409
    assert "The meeting ended at" in chair.get(page(meeting, "session")).content.decode()


def test_matter_of_another_meeting_is_not_found(world, now, chair):
    meeting, other = opened(world, now=now), congress(world, now=now, node="sibling")
    item = AgendaItem.objects.filter(meeting=other).first()
    assert chair.post(page(meeting, "item-take-up", item.pk)).status_code == 404


def test_list_is_filtered_ticked_and_undone(world, now, chair):
    meeting = opened(world, now=now)
    member = row(meeting, world, "member")
    text = chair.get(page(meeting, "roll"), {"words": "memb"}).content.decode()
    assert "Member" in text
    assert "Probationary" not in text
    answer = chair.post(page(meeting, "roll") + "?words=memb", {"person": [member.pk], "action": "in"})
    assert answer.headers["Location"].endswith("?words=memb")
    assert row(meeting, world, "member").means == "list"
    assert "Member" not in chair.get(page(meeting, "roll"), {"show": "missing", "words": "memb"}).content.decode()
    chair.post(page(meeting, "roll"), {"person": [member.pk], "action": "left"})
    assert row(meeting, world, "member").left_at is not None
    chair.post(page(meeting, "roll"), {"person": [member.pk], "action": "undo"})
    assert row(meeting, world, "member").checked_in_at is None


@pytest.mark.parametrize(
    "data", [{}, {"action": "in"}, {"action": "x", "person": "1"}, {"action": "in", "person": ["0", "1_2", "9" * 30]}]
)
def test_list_takes_no_nonsense(world, now, chair, data):
    meeting = opened(world, now=now)
    assert chair.post(page(meeting, "roll"), data).status_code == 302
    assert not Attendance.objects.exclude(checked_in_at=None).exists()


def test_remarks_wait_for_the_chair_and_lead_somewhere(world, now, chair):
    meeting = opened(world, now=now - timedelta(hours=1))
    seen_at = now - timedelta(minutes=30)
    services.send_later(meeting, world.user("member"), scanned(meeting, seen_at), noted_at=seen_at, at=now)
    with pytest.raises(services.NotInvited):
        services.check_in(meeting, world.user("stranger"), means="qr", at=now)
    assert "2 remarks on check-ins to look at" in chair.get(page(meeting, "session-live")).content.decode()
    text = chair.get(page(meeting, "note-list")).content.decode()
    assert "It counts" in text
    assert "Let in as observer" in text
    for kind, action in (("after_window", "confirm"), ("not_invited", "admit")):
        note = CheckInNote.objects.get(kind=kind)
        assert chair.post(page(meeting, "note-list"), {"remark": note.pk, "action": action}).status_code == 302
        assert chair.post(page(meeting, "note-list"), {"remark": note.pk, "action": action}).status_code == 409
    assert row(meeting, world, "member").means == "sent_later"
    assert row(meeting, world, "stranger").capacity == "observer"
    for remark in ("", "0", "1_2", "abc", "9" * 30):
        assert chair.post(page(meeting, "note-list"), {"remark": remark, "action": "seen"}).status_code == 404


def test_missed_meeting_is_made_up_on_its_page(world, now, chair):
    meeting = opened(world, now=now)
    missing = row(meeting, world, "member")
    address = page(meeting, "attendance-make-up", missing.pk)
    early = chair.post(address, {"words": "Read the minutes"})
    assert "Only a meeting that has ended" in early.content.decode()
    services.close_meeting(meeting, by=world.user("secretary"), at=now)
    assert address in chair.get(page(meeting, "roll")).content.decode()
    assert chair.post(address, {"words": "Read the minutes"}).status_code == 302
    assert row(meeting, world, "member").state == "made_up"


def test_page_of_the_meeting_leads_to_check_in_and_screen(world, now, chair):
    meeting = opened(world, now=now)
    at = reverse(N + "meeting-detail", args=[meeting.pk])
    assert page(meeting, "session") in chair.get(at).content.decode()
    text = world.client("member").get(at).content.decode()
    assert page(meeting, "check-in") in text
    assert page(meeting, "session") not in text


PAGES = [("session", "secretary"), ("session-live", "secretary"), ("session-live", "member"), ("roll", "secretary"),
         ("check-in", "member")]  # fmt: skip


@pytest.mark.parametrize(("name", "who"), PAGES)
def test_pages_cost_the_same_for_few_and_many(world, now, name, who, django_assert_num_queries):
    """A session's pages ask what they ask, however many sit in the hall."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.factories.people import make_member

    meeting = opened(world, now=now)
    found = []
    for more in (0, 20):
        people = [make_member(world.branch, "full_member").user for _number in range(more)]
        Attendance.objects.bulk_create(
            Attendance(meeting=meeting, user=user, standing="full_member", may_vote=True, checked_in_at=now, means="qr")
            for user in people
        )
        for number in range(more):
            part = meeting.parts.first()
            AgendaItem.objects.create(meeting=meeting, part=part, number=10 + number, title="More")
        client = world.client(who)
        client.get(page(meeting, name))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page(meeting, name)).status_code == 200
        found.append(len(queries))
    assert found[0] == found[1]
    assert found[0] <= 14
