"""A waiver or two and the vacations of the practice university."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice import make_waivers  # only the command that fills an installation needs it

    make_waivers(world)


def register() -> None:
    demo_sources.register(DemoSource(code="obligations", make=_make, order=75))
