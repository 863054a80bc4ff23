"""Rotating codes: what counts when, of whom, and what a phone may keep."""

from datetime import UTC, datetime, timedelta

import pytest

from members.meetings.rules.codes import (
    SLOT_SECONDS,
    Verdict,
    begin_of,
    device_digest,
    read,
    read_kept,
    scan_code,
    slot_of,
    typed_code,
)
from members.meetings.rules.day import late_after, votes_needed, window_of

SECRET, OTHER = b"s" * 32, b"t" * 32
NOW = datetime(2028, 2, 29, 15, 59, 50, tzinfo=UTC)  # ten minutes before midnight in Shanghai, on a leap day
SLOT = slot_of(NOW)


@pytest.mark.parametrize(
    ("slots", "verdict"),
    [(-5760, Verdict.PAST), (-2, Verdict.PAST), (-1, Verdict.CURRENT), (0, Verdict.CURRENT), (1, Verdict.CURRENT),
     (2, Verdict.WRONG)],
)  # fmt: skip
def test_scanned_code_counts_in_its_window_and_one_more(slots, verdict):
    reading = read(SECRET, scan_code(SECRET, SLOT + slots), now=NOW)
    assert reading.verdict is verdict
    assert reading.shown_at == (None if verdict is Verdict.WRONG else begin_of(SLOT + slots))


@pytest.mark.parametrize(
    ("slots", "verdict"),
    [(-2, Verdict.WRONG), (-1, Verdict.CURRENT), (0, Verdict.CURRENT), (1, Verdict.CURRENT), (2, Verdict.WRONG)],
)
def test_typed_code_counts_in_its_window_and_one_more(slots, verdict):
    assert read(SECRET, typed_code(SECRET, SLOT + slots), now=NOW).verdict is verdict


def test_code_of_the_screen_dies_half_a_minute_after_it_was_photographed():
    code = scan_code(SECRET, slot_of(NOW))
    ends = begin_of(SLOT) + timedelta(seconds=2 * SLOT_SECONDS)
    assert read(SECRET, code, now=ends - timedelta(milliseconds=1)).verdict is Verdict.CURRENT
    assert read(SECRET, code, now=ends).verdict is Verdict.PAST


@pytest.mark.parametrize(
    "code",
    ["", "0", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "zzzzzzzzz-AAAAAAAAAAAAAAAA", "-AAAAAAAAAAAAAAAA",
     "0-AAAAAAAAAAAAAAAA", "x" * 5000, "1a-" + "A" * 17, "\x00" * 6],
)  # fmt: skip
def test_what_is_no_code_is_wrong(code):
    assert read(SECRET, code, now=NOW).verdict is Verdict.WRONG
    assert read_kept(SECRET, code, noted_at=NOW, now=NOW).verdict is Verdict.WRONG


def test_code_of_another_meeting_is_wrong():
    assert read(OTHER, scan_code(SECRET, SLOT), now=NOW).verdict is Verdict.WRONG
    own = {typed_code(OTHER, SLOT + step) for step in (-1, 0, 1)}
    assert own.isdisjoint({typed_code(SECRET, SLOT)})
    assert read(OTHER, typed_code(SECRET, SLOT), now=NOW).verdict is Verdict.WRONG


def test_slot_cannot_be_moved_inside_a_scanned_code():
    old, digest = scan_code(SECRET, SLOT - 100).split("-", 1)
    now = scan_code(SECRET, SLOT).split("-", 1)[0]
    assert read(SECRET, f"{old}-{digest}", now=NOW).verdict is Verdict.PAST
    assert read(SECRET, f"{now}-{digest}", now=NOW).verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("off", "verdict"),
    [(0, Verdict.PAST), (119, Verdict.PAST), (-119, Verdict.PAST), (200, Verdict.WRONG), (-200, Verdict.WRONG)],
)
def test_kept_digits_are_found_around_the_phones_clock(off, verdict):
    shown_at = NOW - timedelta(hours=3)
    code = typed_code(SECRET, slot_of(shown_at))
    reading = read_kept(SECRET, code, noted_at=shown_at + timedelta(seconds=off), now=NOW)
    assert reading.verdict is verdict
    if verdict is Verdict.PAST:
        assert reading.shown_at == begin_of(slot_of(shown_at))


def test_kept_digits_of_the_future_are_wrong():
    ahead = NOW + timedelta(hours=1)
    assert read_kept(SECRET, typed_code(SECRET, slot_of(ahead)), noted_at=ahead, now=NOW).verdict is Verdict.WRONG


def test_typed_codes_have_six_digits_and_differ_from_slot_to_slot():
    codes = [typed_code(SECRET, SLOT + step) for step in range(200)]
    assert {len(code) for code in codes} == {6}
    assert all(code.isdigit() for code in codes)
    assert len(set(codes)) > 195


def test_meeting_without_secret_has_no_codes():
    with pytest.raises(ValueError, match="secret"):
        typed_code(b"", SLOT)


def test_device_is_another_in_each_meeting_and_none_without_a_token():
    assert device_digest(SECRET, "token") != device_digest(OTHER, "token")
    assert len(device_digest(SECRET, "token")) == 64
    assert device_digest(SECRET, "") == ""


@pytest.mark.parametrize(
    ("due", "needed"), [(0, 0), (1, 1), (3, 2), (4, 3), (7, 4), (8, 5), (10, 6), (15, 8)]
)
def test_more_than_half_is_needed(due, needed):
    assert votes_needed(due) == needed


def test_nobody_is_late_before_the_sitting_was_opened():
    planned = NOW
    assert late_after(planned, planned - timedelta(minutes=5), minutes=10) == planned + timedelta(minutes=10)
    assert late_after(planned, planned + timedelta(minutes=20), minutes=10) == planned + timedelta(minutes=30)


def test_window_holds_an_hour_before_and_half_a_day_after():
    window = window_of(NOW, NOW + timedelta(hours=2))
    assert NOW - timedelta(minutes=60) in window
    assert NOW - timedelta(minutes=61) not in window
    assert NOW + timedelta(hours=14) in window
    assert NOW + timedelta(hours=14, seconds=1) not in window
