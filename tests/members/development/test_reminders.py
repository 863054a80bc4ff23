from datetime import timedelta

import pytest

from members.development import services
from members.development.models import ThoughtReport
from members.development.rules import Quarter
from portal.extensions.registry import daily_jobs
from portal.notifications.models import Notice

WRITERS = ["author", "peer", "probationary", "stranger", "target"]


def told(kind):
    rows = Notice.objects.filter(message__kind=kind).order_by("recipient__email")
    return [email.partition("@")[0] for email in rows.values_list("recipient__email", flat=True)]


@pytest.mark.parametrize("lead", [14, 3, 0])
def test_writers_without_report_are_reminded_once_for_each_lead(desk, lead):
    desk.hand_in("peer")
    desk.begin("author")
    day = desk.quarter.last_day - timedelta(days=lead)
    services.remind_writers(day)
    services.remind_writers(day)
    assert told("thought_report_due") == ["author", "probationary", "stranger", "target"]


def test_day_slept_through_is_made_up_for(desk):
    services.remind_writers(desk.quarter.last_day - timedelta(days=12))
    services.remind_writers(desk.quarter.last_day - timedelta(days=11))
    assert told("thought_report_due") == WRITERS


def test_nobody_is_reminded_in_the_middle_of_a_quarter(desk):
    services.remind_writers(desk.quarter.first_day + timedelta(days=40))
    assert Notice.objects.filter(message__kind__startswith="thought_report").count() == 0


def test_missing_report_is_asked_for_weekly_for_four_weeks(desk):
    first = desk.quarter.next.first_day
    for day in range(60):
        services.remind_writers(first + timedelta(days=day))
    assert told("thought_report_overdue") == sorted(WRITERS * 4)


def test_reader_is_reminded_weekly_and_the_secretary_a_week_later(desk):
    report = desk.hand_in()
    due = report.review.due_on
    services.remind_readers(due)
    assert told("thought_report_unread") == []
    for day in (1, 2, 2):
        services.remind_readers(due + timedelta(days=day))
    assert (told("thought_report_unread"), told("thought_report_escalated")) == (["contact"], [])
    services.remind_readers(due + timedelta(days=8))
    assert told("thought_report_unread") == ["contact", "contact"]
    assert told("thought_report_escalated") == ["college", "committee", "secretary"]


def test_answered_report_reminds_nobody(desk):
    desk.accepted()
    services.remind_readers(desk.today + timedelta(days=60))
    assert told("thought_report_unread") == []


def test_one_click_reminds_the_branch_once_a_day(desk):
    by = desk.world.user("secretary")
    desk.hand_in("target")
    first = services.remind_missing(desk.world.branch, desk.quarter, by=by, on=desk.today)
    again = services.remind_missing(desk.world.branch, desk.quarter, by=by, on=desk.today)
    assert (first, again) == (3, 0)
    assert told("thought_report_due") == ["author", "peer", "probationary"]


def test_daily_job_runs_twice_without_doubling(desk):
    desk.hand_in()
    job = daily_jobs.get("development.thought-reports")
    day = Quarter.of(desk.today).last_day
    for _time in range(2):
        job.run(day)
    counted = Notice.objects.values("recipient", "key_hash").distinct().count()
    assert counted == Notice.objects.count()
    assert ThoughtReport.objects.count() == 1
