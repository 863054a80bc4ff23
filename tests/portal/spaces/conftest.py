from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.spaces.models import StreamEntry
from portal.spaces.services import tell


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    """Keep uploads of a test in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()


@pytest.fixture
def told(world) -> Callable[..., StreamEntry]:
    """Tell the branch's stream of something and return the entry."""

    def tell_it(key: str = "news.article:1", *, node: Any = None, days: float = 0, **fields: Any) -> StreamEntry:
        at: datetime = timezone.now() - timedelta(days=days)
        facts = {"at": at, "kind": "news.article", "title": f"Title of {key}", "url": "/news/1/"}
        tell(node or world.branch, key=key, **(facts | fields))
        return StreamEntry.objects.get(key=key)

    return tell_it
