"""The recruitment of the practice university."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice import make_recruitment  # only the command that fills an installation needs it

    make_recruitment(world)


def register() -> None:
    demo_sources.register(DemoSource(code="recruitment", make=_make, order=50))
