"""Months clamped to their end, working days by the calendar of 2026 as announced and of 2027 as foreseen."""

import csv
from datetime import date
from pathlib import Path

import pytest

from portal.rulesets.days import Calendar, add_months, add_workdays, whole_months, workdays_between

FOLDER = Path(__file__).resolve().parents[3] / "portal" / "rulesets" / "calendars"


def packaged() -> Calendar:
    days = {"holiday": set(), "workday": set()}
    for year in (2026, 2027):
        with (FOLDER / f"{year}.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                days[row["kind"]].add(date.fromisoformat(row["day"]))
    return Calendar(frozenset(days["holiday"]), frozenset(days["workday"]), frozenset({2026}))


CALENDAR = packaged()


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-05-15", 0, "2026-05-15"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
        ("2026-01-15", -13, "2024-12-15"),
        ("2026-06-30", 12, "2027-06-30"),
    ],
)
def test_add_months_clamps_to_the_end_of_a_month(day, months, found):
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(found)


@pytest.mark.parametrize(
    ("since", "on", "months"),
    [
        ("2026-01-31", "2026-02-27", 0),
        ("2026-01-31", "2026-02-28", 1),
        ("2025-06-15", "2026-06-14", 11),
        ("2025-06-15", "2026-06-15", 12),
        ("2024-02-29", "2025-02-27", 11),
        ("2024-02-29", "2025-02-28", 12),
        ("2026-05-10", "2026-05-10", 0),
        ("2026-05-10", "2026-05-09", -1),
        ("2026-05-10", "2026-04-10", -1),
        ("2026-05-10", "2026-04-09", -2),
    ],
)
def test_whole_months_counts_what_has_passed(since, on, months):
    assert whole_months(date.fromisoformat(since), date.fromisoformat(on)) == months


WORKDAYS = [
    # An ordinary week, Friday over the weekend, and posting on a day off.
    ("2026-11-16", 5, "2026-11-23", False),
    ("2026-11-20", 1, "2026-11-23", False),
    ("2026-11-21", 1, "2026-11-23", False),
    ("2026-11-22", 5, "2026-11-27", False),
    # National Day 2026: 1-7 October off, Sunday 20 September and Saturday 10 October worked.
    ("2026-09-18", 1, "2026-09-20", False),
    ("2026-09-18", 5, "2026-09-24", False),
    ("2026-09-24", 5, "2026-10-09", False),
    ("2026-09-28", 5, "2026-10-10", False),
    ("2026-09-30", 1, "2026-10-08", False),
    ("2026-09-30", 3, "2026-10-10", False),
    ("2026-09-30", 5, "2026-10-13", False),
    ("2026-10-07", 5, "2026-10-13", False),
    # Spring Festival 2026: 15-23 February off, 14 and 28 February worked.
    ("2026-02-13", 1, "2026-02-14", False),
    ("2026-02-13", 2, "2026-02-24", False),
    ("2026-02-13", 5, "2026-02-27", False),
    ("2026-02-13", 6, "2026-02-28", False),
    ("2026-02-13", 7, "2026-03-02", False),
    # New Year, Qingming, Labour Day, Dragon Boat, Mid-Autumn 2026.
    ("2026-01-02", 1, "2026-01-04", False),
    ("2026-04-03", 5, "2026-04-13", False),
    ("2026-04-30", 5, "2026-05-11", False),
    ("2026-06-18", 5, "2026-06-26", False),
    ("2026-09-24", 1, "2026-09-28", False),
    # Into a year that nobody has announced, and within it.
    ("2026-12-25", 4, "2026-12-31", False),
    ("2026-12-25", 5, "2027-01-04", True),
    ("2026-12-31", 1, "2027-01-04", True),
    ("2027-02-04", 5, "2027-02-17", True),
    ("2027-04-30", 1, "2027-05-05", True),
    ("2027-09-30", 5, "2027-10-12", True),
    # Years without any calendar: weekends alone, and said to be provisional.
    ("2025-09-30", 5, "2025-10-07", True),
    ("2030-09-30", 5, "2030-10-07", True),
    ("2025-12-29", 5, "2026-01-06", True),
]


@pytest.mark.parametrize(("day", "n", "last", "is_provisional"), WORKDAYS)
def test_add_workdays_leaves_out_the_posting_day_and_every_day_off(day, n, last, is_provisional):
    found = add_workdays(date.fromisoformat(day), n, CALENDAR)
    assert found == (date.fromisoformat(last), is_provisional)


@pytest.mark.parametrize(("day", "n", "last", "is_provisional"), WORKDAYS)
def test_workdays_between_counts_back_what_was_added(day, n, last, is_provisional):
    assert workdays_between(date.fromisoformat(day), date.fromisoformat(last), CALENDAR) == (n, is_provisional)


def test_no_working_day_is_the_day_itself_and_never_provisional():
    assert add_workdays(date(2030, 1, 1), 0, CALENDAR) == (date(2030, 1, 1), False)
    assert workdays_between(date(2030, 1, 5), date(2030, 1, 5), CALENDAR) == (0, False)
    assert workdays_between(date(2030, 1, 5), date(2030, 1, 1), CALENDAR) == (0, False)


def test_working_days_are_not_counted_backward():
    with pytest.raises(ValueError, match="forward"):
        add_workdays(date(2026, 1, 1), -1, CALENDAR)


@pytest.mark.parametrize("n", range(1, 40))
def test_another_working_day_is_always_a_later_working_day(n):
    for start in (date(2026, 2, 10), date(2026, 9, 15), date(2026, 12, 20)):
        earlier, last = add_workdays(start, n - 1, CALENDAR)[0], add_workdays(start, n, CALENDAR)[0]
        assert last > earlier
        assert CALENDAR.is_workday(last)


@pytest.mark.parametrize(
    ("year", "holidays", "shifted"),
    [(2026, 33, 6), (2027, 19, 0)],
)
def test_packaged_years_hold_what_was_announced_or_foreseen(year, holidays, shifted):
    assert sum(day.year == year for day in CALENDAR.holidays) == holidays
    assert sum(day.year == year for day in CALENDAR.shifted) == shifted
    assert all(day.weekday() >= 5 for day in CALENDAR.shifted)
