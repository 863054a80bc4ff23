"""The practice data of votes."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice import make_votes  # only the command that fills an installation needs it

    make_votes(world)


def register() -> None:
    demo_sources.register(DemoSource(code="votes", make=_make, order=56))
