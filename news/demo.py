"""The room's part of the practice data."""

from typing import Any

from portal.extensions.registry import DemoSource, demo_sources


def _make(world: Any) -> None:
    from .practice.articles import make_articles  # only the command that fills an installation needs it

    make_articles(world)


demo_sources.register(DemoSource(code="news", make=_make, order=30))
