"""The room's part of the practice data."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice.courses import make_courses  # only the command that fills an installation needs it

    make_courses(world)


demo_sources.register(DemoSource(code="courses", make=_make, order=50))
