"""The practice data of transfers."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice import make_transfers  # only the command that fills an installation needs it

    make_transfers(world)


def register() -> None:
    demo_sources.register(DemoSource(code="transfers", make=_make, order=40))
