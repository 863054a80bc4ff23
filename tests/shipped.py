"""Bring back what migrations put in, after a transactional test has emptied every table."""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.db.models.signals import post_migrate

CALENDAR = "portal.rulesets.migrations.0002_calendar_of_2026_and_2027"


def keep_shipped_data() -> None:
    """Let the signal that follows every flush fill the calendar again."""
    post_migrate.connect(_bring_in, dispatch_uid="tests.shipped")


def _bring_in(sender: Any, **kwargs: Any) -> None:
    if sender.label == "rulesets":
        import_module(CALENDAR).bring_in(apps, None)
