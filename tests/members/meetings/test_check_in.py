"""Coming in: once each, by a current code, and in words for whoever does not."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.meetings import services, signals
from members.meetings.models import Attendance, CheckInMeans, CheckInNote
from members.meetings.services import tries
from portal.audit.models import AuditEntry
from portal.web.refusals import RuleError
from tests.members.meetings.hall import congress, opened, row, scanned, typed

LATER = CheckInNote.Kind.AFTER_WINDOW


@pytest.fixture
def now():
    return timezone.now()


def code_of(refusal) -> str:
    return refusal.value.error_list[0].code


@pytest.mark.parametrize("write", [scanned, typed])
def test_current_code_brings_one_in(world, now, write):
    meeting = opened(world, now=now)
    came = services.come_by_code(meeting, world.user("member"), write(meeting, now), at=now)
    assert (came.is_new, came.waits) == (True, False)
    found = row(meeting, world, "member")
    assert (found.checked_in_at, found.means) == (now, CheckInMeans.QR if write is scanned else CheckInMeans.TYPED)
    assert AuditEntry.objects.filter(verb="meetings.checked_in", about=world.users["member"]).count() == 1


def test_second_check_in_changes_nothing(world, now):
    meeting, later = opened(world, now=now), now + timedelta(minutes=5)
    services.come_by_code(meeting, world.user("member"), scanned(meeting, now), at=now)
    again = services.come_by_code(meeting, world.user("member"), typed(meeting, later), at=later)
    assert again.is_new is False
    assert (again.attendance.checked_in_at, again.attendance.means) == (now, CheckInMeans.QR)
    assert AuditEntry.objects.filter(verb="meetings.checked_in").count() == 1


def test_people_come_in_before_the_sitting_is_opened(world, now):
    meeting = congress(world, now=now)
    assert services.come_by_code(meeting, world.user("member"), scanned(meeting, now), at=now).is_new


def test_nobody_comes_in_more_than_an_hour_before(world, now):
    meeting = congress(world, now=now, minutes=90)
    with pytest.raises(RuleError, match="begins at") as refusal:
        services.come_by_code(meeting, world.user("member"), scanned(meeting, now), at=now)
    assert code_of(refusal) == "closed"
    assert row(meeting, world, "member").checked_in_at is None


def test_nobody_comes_in_after_the_end(world, now):
    meeting = opened(world, now=now)
    services.close_meeting(meeting, by=world.user("secretary"), at=now)
    with pytest.raises(RuleError, match="has ended"):
        services.come_by_code(meeting, world.user("member"), scanned(meeting, now), at=now)
    found = row(meeting, world, "member")
    assert (found.checked_in_at, found.state) == (None, "absent")


def test_nobody_comes_in_to_what_was_called_off(world, now):
    meeting = congress(world, now=now)
    services.cancel(meeting, words="Flood", by=world.user("secretary"), at=now)
    with pytest.raises(RuleError, match="called off"):
        services.come_by_code(meeting, world.user("member"), scanned(meeting, now), at=now)


def test_photographed_code_is_refused_after_its_window(world, now):
    meeting, shown_at = opened(world, now=now), now - timedelta(seconds=46)
    with pytest.raises(RuleError, match="is over") as refusal:
        services.come_by_code(meeting, world.user("member"), scanned(meeting, shown_at), at=now)
    assert code_of(refusal) == "past"
    with pytest.raises(RuleError) as refusal:
        services.come_by_code(meeting, world.user("member"), typed(meeting, shown_at), at=now)
    assert code_of(refusal) == "wrong"
    assert row(meeting, world, "member").checked_in_at is None


def test_code_of_another_meeting_is_refused(world, now):
    meeting, other = opened(world, now=now), congress(world, now=now, node="sibling")
    with pytest.raises(RuleError) as refusal:
        services.come_by_code(meeting, world.user("member"), scanned(other, now), at=now)
    assert code_of(refusal) == "wrong"


def test_whoever_proved_the_code_before_signing_in_came_in_then(world, now):
    meeting, seen_at = opened(world, now=now), now - timedelta(minutes=2)
    came = services.come_by_code(
        meeting, world.user("member"), scanned(meeting, seen_at), at=now, shown_at=seen_at
    )
    assert came.attendance.checked_in_at == seen_at


def test_somebody_from_outside_hears_so_and_is_noted_once(world, now):
    meeting = opened(world, now=now)
    for _twice in range(2):
        with pytest.raises(services.NotInvited, match="not in the circle"):
            services.come_by_code(meeting, world.user("stranger"), scanned(meeting, now), at=now)
    note = CheckInNote.objects.get()
    assert (note.kind, note.user_id) == (CheckInNote.Kind.NOT_INVITED, world.users["stranger"].pk)
    assert not Attendance.objects.filter(user=world.users["stranger"]).exists()


def test_chair_lets_somebody_in_as_observer_without_a_vote(world, now):
    meeting, by = opened(world, now=now), world.user("secretary")
    with pytest.raises(services.NotInvited):
        services.come_by_code(meeting, world.user("stranger"), scanned(meeting, now), at=now)
    services.admit_observer(CheckInNote.objects.get(), by=by, at=now)
    found = row(meeting, world, "stranger")
    assert (found.capacity, found.may_vote, found.means) == ("observer", False, "list")
    with pytest.raises(RuleError, match="already"):
        services.admit_observer(CheckInNote.objects.get(), by=by, at=now)


def test_ten_wrong_codes_lock_one_person_out_for_a_while_and_nobody_else(world, now):
    meeting = opened(world, now=now)
    wrong = f"{(int(typed(meeting, now)) + 7) % 10**6:06}"
    for _guess in range(tries.WRONG_AT_MOST):
        with pytest.raises(RuleError) as refusal:
            services.come_by_code(meeting, world.user("member"), wrong, at=now)
        assert code_of(refusal) == "wrong"
    with pytest.raises(RuleError, match="Too many") as refusal:
        services.come_by_code(meeting, world.user("member"), typed(meeting, now), at=now)
    assert code_of(refusal) == "tries"
    assert services.come_by_code(meeting, world.user("contact"), typed(meeting, now), at=now).is_new
    with pytest.raises(RuleError, match="Too many"):
        services.send_later(meeting, world.user("member"), wrong, noted_at=now, at=now)


def test_one_device_of_two_people_is_noted_for_both_and_hinders_nobody(world, now):
    meeting, device = opened(world, now=now), "d" * 43
    for name in ("member", "contact"):
        assert services.come_by_code(
            meeting, world.user(name), scanned(meeting, now), at=now, device=device
        ).is_new
    notes = CheckInNote.objects.filter(kind=CheckInNote.Kind.SAME_DEVICE)
    assert set(notes.values_list("user_id", flat=True)) == {world.users["member"].pk, world.users["contact"].pk}
    assert len(set(notes.values_list("device", flat=True))) == 1
    services.come_by_code(meeting, world.user("probationary"), scanned(meeting, now), at=now, device="e" * 43)
    services.come_by_code(meeting, world.user("secretary"), scanned(meeting, now), at=now)
    assert notes.count() == 2


def test_marks_of_devices_end_with_the_meeting(world, now):
    meeting = opened(world, now=now)
    services.come_by_code(meeting, world.user("member"), scanned(meeting, now), at=now, device="d" * 43)
    assert row(meeting, world, "member").device not in ("", "d" * 43)
    services.close_meeting(meeting, by=world.user("secretary"), at=now)
    assert row(meeting, world, "member").device == ""


def kept(world, meeting, name, shown_at, at, write=scanned, **more):
    return services.send_later(meeting, world.user(name), write(meeting, shown_at), noted_at=shown_at, at=at, **more)


@pytest.mark.parametrize("write", [scanned, typed])
def test_code_kept_without_signal_waits_for_the_chair(world, now, write):
    meeting, later = opened(world, now=now), now + timedelta(hours=2)
    came = kept(world, meeting, "member", now, later, write)
    assert (came.waits, came.attendance.checked_in_at) == (True, None)
    note = CheckInNote.objects.get()
    assert (note.kind, note.at, now - note.code_at < timedelta(seconds=15)) == (LATER, later, True)
    services.confirm_later(note, by=world.user("secretary"), at=later)
    found = row(meeting, world, "member")
    assert (found.checked_in_at, found.means) == (note.code_at, CheckInMeans.SENT_LATER)
    assert CheckInNote.objects.get().seen_at == later


def test_kept_code_sent_after_the_end_is_late_or_in_time_as_the_screen_showed_it(world, now):
    begins = now - timedelta(minutes=20)
    meeting = opened(world, now=begins, minutes=0 + 1)
    services.close_meeting(meeting, by=world.user("secretary"), at=now)
    kept(world, meeting, "member", begins + timedelta(minutes=2), now + timedelta(minutes=1))
    kept(world, meeting, "contact", begins + timedelta(minutes=15), now + timedelta(minutes=1))
    for note in CheckInNote.objects.all():
        services.confirm_later(note, by=world.user("secretary"), at=now + timedelta(minutes=2))
    assert [row(meeting, world, name).state for name in ("member", "contact")] == ["present", "late"]


def test_kept_code_put_aside_does_not_count_and_cannot_be_sent_again(world, now):
    meeting = opened(world, now=now)
    kept(world, meeting, "member", now, now + timedelta(hours=1))
    services.look_at(CheckInNote.objects.get(), by=world.user("secretary"), at=now)
    assert row(meeting, world, "member").checked_in_at is None
    with pytest.raises(RuleError, match="looked at your code"):
        kept(world, meeting, "member", now, now + timedelta(hours=1))


def test_kept_code_that_is_still_shown_counts_at_once(world, now):
    meeting = opened(world, now=now)
    assert kept(world, meeting, "member", now, now, typed).is_new
    assert not CheckInNote.objects.exists()


def test_kept_code_is_refused_after_a_day_from_outside_the_meeting_and_when_made_up(world, now):
    begins = now - timedelta(hours=26)
    meeting = opened(world, now=begins)
    with pytest.raises(RuleError, match="until a day after"):
        kept(world, meeting, "member", begins + timedelta(minutes=5), now)
    with pytest.raises(RuleError, match="not open"):
        kept(world, meeting, "member", begins - timedelta(hours=2), begins + timedelta(hours=1))
    meeting = services.close_meeting(meeting, by=world.user("secretary"), at=begins + timedelta(hours=1))
    with pytest.raises(RuleError, match="not open"):
        kept(world, meeting, "member", begins + timedelta(hours=2), begins + timedelta(hours=3))
    with pytest.raises(RuleError, match="no code"):
        services.send_later(meeting, world.user("member"), "000000", noted_at=now - timedelta(days=9), at=now)
    with pytest.raises(services.NotInvited):
        kept(world, meeting, "stranger", begins + timedelta(minutes=5), begins + timedelta(hours=1))
    assert set(CheckInNote.objects.values_list("kind", flat=True)) == {CheckInNote.Kind.NOT_INVITED}


def test_signal_tells_who_came_in_once(world, now):
    meeting, told = opened(world, now=now), []

    def listen(sender, meeting, attendance, by, **rest):
        told.append((attendance.user_id, attendance.checked_in_at))

    signals.checked_in.connect(listen)
    try:
        for _twice in range(2):
            services.come_by_code(meeting, world.user("member"), scanned(meeting, now), at=now)
    finally:
        signals.checked_in.disconnect(listen)
    assert told == [(world.users["member"].pk, now)]


def test_check_in_takes_few_statements(world, now):
    meeting, user = opened(world, now=now), world.user("member")
    with CaptureQueriesContext(connection) as queries:
        services.come_by_code(meeting, user, scanned(meeting, now), at=now, device="d" * 43)
    texts = [query["sql"] for query in queries]
    assert len([text for text in texts if not text.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]) == 4
