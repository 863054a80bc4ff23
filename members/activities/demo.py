"""The practice data of activities."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice import make_activities  # only the command that fills an installation needs it

    make_activities(world)


def register() -> None:
    demo_sources.register(DemoSource(code="activities", make=_make, order=70))
