"""The practice data of talks and requests."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice import make_talks_and_requests  # only the command that fills an installation needs it

    make_talks_and_requests(world)


def register() -> None:
    demo_sources.register(DemoSource(code="members_help", make=_make, order=60))
