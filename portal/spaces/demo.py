"""The spaces of the practice university."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice.posts import make_posts  # only the command that fills an installation needs it

    make_posts(world)


def register() -> None:
    demo_sources.register(DemoSource(code="spaces", make=_make, order=60))
