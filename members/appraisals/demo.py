"""The practice data of appraisals."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice import make_appraisals  # only the command that fills an installation needs it

    make_appraisals(world)


def register() -> None:
    demo_sources.register(DemoSource(code="appraisals", make=_make, order=62))
