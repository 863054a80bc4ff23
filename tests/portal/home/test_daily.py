from datetime import date

import pytest

from portal.extensions.registry import DailyJob, daily_jobs
from portal.home import daily
from portal.home.tasks import run_daily


@pytest.fixture
def jobs():
    """Three jobs in order; the second fails as long as it is told to."""
    ran, broken = [], [True]

    def second(on):
        if broken[0]:
            raise ValueError("bad row")
        ran.append(("second", on))

    entries = [
        DailyJob("first", lambda on: ran.append(("first", on)), order=1),
        DailyJob("second", second, order=2),
        DailyJob("third", lambda on: ran.append(("third", on)), order=3),
    ]
    others = list(daily_jobs)
    for job in others:
        daily_jobs.unregister(job.code)
    for entry in entries:
        daily_jobs.register(entry)
    yield ran, broken
    for entry in entries:
        daily_jobs.unregister(entry.code)
    for job in others:
        daily_jobs.register(job)


@pytest.mark.logs_errors
def test_run_jobs_one_that_fails_does_not_stop_the_others(jobs):
    ran, broken = jobs
    day = date(2026, 3, 31)
    assert daily.run_jobs(day) == ["second"]
    assert daily.run_jobs(day) == ["second"]
    assert ran == [("first", day), ("third", day)]
    broken[0] = False
    assert daily.run_jobs(day) == []
    assert ran == [("first", day), ("third", day), ("second", day)]


def test_run_daily_each_day_once(jobs):
    ran, broken = jobs
    broken[0] = False
    for day in ("2026-03-31", "2026-03-31", "2026-04-01"):
        run_daily(day)
    assert [on for code, on in ran if code == "first"] == [date(2026, 3, 31), date(2026, 4, 1)]
