"""The minutes of the practice university."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice import make_minutes  # only the command that fills an installation needs it

    make_minutes(world)


def register() -> None:
    demo_sources.register(DemoSource(code="minutes", make=_make, order=58))
