"""The meetings of the practice university."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice import make_meetings  # only the command that fills an installation needs it

    make_meetings(world)


def register() -> None:
    demo_sources.register(DemoSource(code="meetings", make=_make, order=55))
