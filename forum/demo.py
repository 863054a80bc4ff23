"""The room's part of the practice data."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice.boards import make_boards  # only the command that fills an installation needs it

    make_boards(world)


demo_sources.register(DemoSource(code="boards", make=_make, order=40))
