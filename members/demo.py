"""The room's part of the practice data."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice.people import make_people  # only the command that fills an installation needs it

    make_people(world)


def _make_reports(world: Any) -> None:
    from .practice.reports import make_reports

    make_reports(world)


def register() -> None:
    demo_sources.register(DemoSource(code="people", make=_make, order=10))
    demo_sources.register(DemoSource(code="reports", make=_make_reports, order=20))
