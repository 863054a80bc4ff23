"""Who is told what on which day, and that nobody is told twice."""

from datetime import date, timedelta

import pytest

from members.meetings.models import MeetingKind
from members.obligations.engine.evaluate import LifeRules, Obligation, Status, Unit, obligation_in
from members.obligations.engine.periods import Period, Span
from members.obligations.engine.reminding import mark_of
from members.obligations.kinds import DutyKind
from members.obligations.models import Waiver
from members.obligations.queries import Place
from members.obligations.queries.absences import absences, turnout_by_month, turnouts
from members.obligations.services import run_daily, waive
from portal.notifications.models import Notice
from portal.organizations.models import Organization
from portal.rulesets.days import add_months
from portal.rulesets.editions import LIFE_2019
from portal.rulesets.values import merge
from tests.members.obligations.conftest import Hall

RULES = LifeRules.of(merge(LIFE_2019))
APRIL = Period.read("2026-04")


def april(on: date, *, status: Status | None = None) -> Obligation:
    found = obligation_in(Unit("branch"), DutyKind.THEME_PARTY_DAY, APRIL, [], (), RULES, on=on)
    assert status is None or found.status is status
    return found


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        (date(2026, 4, 1), ""),
        (date(2026, 4, 22), ""),
        (date(2026, 4, 23), "lead"),
        (date(2026, 4, 29), "lead"),
        (date(2026, 4, 30), "day"),
        (date(2026, 5, 1), "late0"),
        (date(2026, 5, 7), "late0"),
        (date(2026, 5, 8), "late1"),
        (date(2026, 5, 15), "late2"),
        (date(2026, 5, 28), "late3"),
        (date(2026, 5, 29), ""),
    ],
)
def test_marks_follow_the_last_day(day: date, mark: str) -> None:
    assert mark_of(april(day), day, 7) == mark


@pytest.fixture
def quiet(hall: Hall) -> Hall:
    """Let every node but the branch be suspended, and the branch hold what is due by the year and by the quarter."""
    Organization.objects.exclude(pk=hall.world.branch.pk).update(status="suspended")
    for year in (hall.today.year - 2, hall.today.year - 1, hall.today.year):
        for month in (1, 4, 7, 10):
            kinds = [MeetingKind.BRANCH_CONGRESS, MeetingKind.PARTY_LECTURE]
            yearly = [
                MeetingKind.ORGANIZATIONAL_LIFE_MEETING, MeetingKind.DEMOCRATIC_APPRAISAL, MeetingKind.SECRETARY_REVIEW,
            ]  # fmt: skip
            meeting = hall.held(hall.world.branch, date(year, month, 1), *kinds, *yearly)
            hall.speaker(meeting, hall.world.users["secretary"])
            meeting.parts.get(kind="party_lecture").lecture_marks.create(kind=DutyKind.INTEGRITY_LECTURE)
        Waiver.objects.create(
            organization=hall.world.branch, kind=DutyKind.HEART_TALKS, period=str(year), reason="Quiet", on=hall.today
        )
    return hall


def hold_theme_days(hall: Hall, first: int) -> None:
    """Hold the theme day of every month up to ``first`` months ago."""
    for months in range(first, 15):
        hall.held(hall.world.branch, hall.ago(months), MeetingKind.THEME_PARTY_DAY)


def told(kind: str) -> set[tuple[str, str]]:
    rows = Notice.objects.filter(message__kind=kind).values_list("recipient__name", "message__key")
    return {(name, key.rpartition(":")[2]) for name, key in rows}


def test_the_secretary_is_reminded_before_and_on_the_last_day_and_once(quiet: Hall) -> None:
    hold_theme_days(quiet, 1)
    last = add_months(quiet.month, 1) - timedelta(days=1)
    for before in (8, 7, 6, 6, 0, 0):
        run_daily(last - timedelta(days=before))
    assert told("org_life_missing") == {("Secretary", "lead"), ("Secretary", "day")}
    assert Notice.objects.filter(message__kind="org_life_missing").count() == 2
    assert told("org_life_alarm") == set()


def test_what_was_held_is_not_reminded_of(quiet: Hall) -> None:
    hold_theme_days(quiet, 1)
    last = add_months(quiet.month, 1) - timedelta(days=1)
    quiet.held(quiet.world.branch, quiet.month, MeetingKind.THEME_PARTY_DAY)
    run_daily(last)
    assert not Notice.objects.filter(message__kind__startswith="org_life").exists()


def test_the_superior_is_alarmed_weekly_and_after_a_week_one_node_higher(quiet: Hall) -> None:
    last = quiet.month - timedelta(days=1)
    hold_theme_days(quiet, 2)
    for late in (1, 2, 7):
        run_daily(last + timedelta(days=late))
    assert told("org_life_missed") == {("Secretary", "late0")}
    assert told("org_life_alarm") == {("College", "0")}
    for late in (8, 9):
        run_daily(last + timedelta(days=late))
    assert told("org_life_alarm") == {("College", "0"), ("College", "1"), ("Committee", "1")}
    run_daily(last + timedelta(days=29))
    assert len(told("org_life_alarm")) == 3


def rows_behind(hall: Hall, name: str) -> set[Organization]:
    """Follow the newest alarm of somebody to its page, and return the nodes that it shows."""
    notice = Notice.objects.filter(message__kind="org_life_alarm", recipient__name=name).latest("pk")
    page = hall.world.client(name.casefold()).get(notice.message.url)
    assert page.status_code == 200
    return {row["node"] for row in page.context["rows"]}


def test_an_alarm_leads_to_the_nodes_that_missed_something(quiet: Hall) -> None:
    last = quiet.month - timedelta(days=1)
    hold_theme_days(quiet, 2)
    run_daily(last + timedelta(days=1))
    run_daily(last + timedelta(days=8))
    assert rows_behind(quiet, "College") == rows_behind(quiet, "Committee") == {quiet.world.branch}


def waive_it(quiet: Hall, last: date) -> None:
    period = Period.of(Span.MONTH, last)
    waive(quiet.world.branch, DutyKind.THEME_PARTY_DAY, period, reason="Away.", by=None, on=quiet.today)


def enter_it_late(quiet: Hall, last: date) -> None:
    quiet.held(quiet.world.branch, last, MeetingKind.THEME_PARTY_DAY)


@pytest.mark.parametrize("settle", [waive_it, enter_it_late])
def test_alarms_stop_when_it_was_waived_or_entered_late(quiet: Hall, settle) -> None:
    last = quiet.month - timedelta(days=1)
    hold_theme_days(quiet, 2)
    run_daily(last + timedelta(days=1))
    settle(quiet, last)
    for late in (2, 8, 15, 22):
        run_daily(last + timedelta(days=late))
    assert told("org_life_alarm") == {("College", "0")}


def test_what_stands_in_the_plan_is_not_reminded_of(quiet: Hall) -> None:
    hold_theme_days(quiet, 1)
    last = add_months(quiet.month, 1) - timedelta(days=1)
    meeting = quiet.planned(quiet.world.branch, last, MeetingKind.THEME_PARTY_DAY)
    run_daily(last - timedelta(days=5))
    assert told("org_life_missing") == set()
    quiet.call_off(meeting)
    run_daily(last - timedelta(days=4))
    assert told("org_life_missing") == {("Secretary", "lead")}


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        (date(2026, 10, 31), ""),
        (date(2026, 11, 1), "early"),
        (date(2026, 12, 23), "early"),
        (date(2026, 12, 24), "lead"),
    ],
)
def test_a_duty_of_the_year_is_told_of_two_months_ahead(day: date, mark: str) -> None:
    period = Period.read("2026")
    found = obligation_in(Unit("branch"), DutyKind.DEMOCRATIC_APPRAISAL, period, [], (), RULES, on=day)
    assert mark_of(found, day, 7) == mark


@pytest.mark.parametrize("rows", [1, 6])
def test_a_morning_reads_the_same_whatever_the_number_of_branches(
    hall: Hall, django_assert_num_queries, rows: int
) -> None:
    from portal.organizations.models import OrganizationType
    from portal.organizations.services import create_organization

    for number in range(rows):
        create_organization(
            parent=hall.world.unit, by=None, name=f"B{number}", code=f"B{number}", org_type=OrganizationType.BRANCH,
            established_on=hall.world.since,
        )  # fmt: skip
    day = hall.month + timedelta(days=1)
    run_daily(day)
    with django_assert_num_queries(8):
        run_daily(day)


def absent(hall: Hall, on: date, **states: str) -> None:
    hall.came(hall.held(hall.world.branch, on, MeetingKind.THEME_PARTY_DAY), **states)


def away(hall: Hall) -> dict[str, int]:
    place = Place((hall.world.branch.path,), exact=True)
    return {row.name: row.months for row in absences(place, on=hall.today, months=(3, 5))}


def test_who_stayed_away_without_leave_is_named_to_the_branch_alone(hall: Hall) -> None:
    absent(hall, add_months(hall.today, -6), contact="present", member="present", secretary="present")
    absent(hall, add_months(hall.today, -4), contact="absent", member="present", secretary="present")
    absent(
        hall, add_months(hall.today, -1),
        contact="absent", member="absent", secretary="present", probationary="leave", retired="exempt",
    )  # fmt: skip
    assert away(hall) == {"Contact": 5, "Member": 3}
    run_daily(hall.today)
    run_daily(hall.today)
    notices = Notice.objects.filter(message__kind="absent_streak")
    assert {notice.recipient.name for notice in notices} == {"Secretary"}
    assert {notice.message.params["months"] for notice in notices} == {3, 5}
    assert all("Contact" not in str(notice.message.params) for notice in notices)


def test_making_it_up_ends_an_absence_and_newcomers_are_not_counted(hall: Hall) -> None:
    absent(hall, add_months(hall.today, -2), contact="absent", member="absent")
    assert away(hall) == {"Contact": 5, "Member": 5}
    absent(hall, add_months(hall.today, -1), contact="made_up")
    assert away(hall) == {"Member": 5}
    hall.world.users["member"].affiliations.update(since=add_months(hall.today, -2))
    assert away(hall) == {}


def test_turnout_leaves_out_who_is_exempt(hall: Hall) -> None:
    absent(hall, hall.month, contact="absent", member="late", secretary="present", retired="exempt")
    (found,) = turnouts([hall.world.branch.pk], hall.month, hall.today).values()
    assert (found.due, found.came, found.percent) == (3, 2, 66)
    assert turnout_by_month(hall.world.branch.pk, hall.today.year)[hall.today.month] == found
