"""What recruitment does each morning: reckon anew what time alone has changed in open cases, then send reminders."""

from datetime import date

from portal.extensions.registry import DailyJob, daily_jobs


def settle(on: date) -> None:
    from .services import settle_all  # jobs are leaves

    settle_all(on=on)


def remind(on: date) -> None:
    from .services.reminding import send_reminders  # jobs are leaves

    send_reminders(on=on)


def register() -> None:
    daily_jobs.register(DailyJob(code="recruitment.settle", run=settle, order=40))
    daily_jobs.register(DailyJob(code="recruitment.remind", run=remind, order=230))
