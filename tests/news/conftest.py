from collections.abc import Callable
from pathlib import Path

import pytest

from news.models import Article, Column
from news.services import Text, publish, withdraw, write_article
from portal.audiences.services import Circle


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


@pytest.fixture
def column(db) -> Column:
    return Column.objects.create(slug="notices", name="Notices")


@pytest.fixture
def make(world, column) -> Callable[..., Article]:
    """Return a maker of articles of the branch: ``make("public", title="…", state="draft")``."""

    def maker(visibility: str = "public", *, state: str = "published", **fields) -> Article:
        circle = Circle(organizations=[world.branch]) if visibility == "audience" else Circle()
        given = {"column": column, "organization": world.branch, "title": "Title", "body": "<p>Words</p>"} | fields
        files = {name: given.pop(name) for name in ("cover", "pictures", "attachments") if name in given}
        at = given.pop("at", None)
        article = write_article(Text(visibility=visibility, circle=circle, **given), by=None, **files)
        if state != "draft":
            article = publish(article, by=None, at=at)
        return withdraw(article, by=None) if state == "withdrawn" else article

    return maker
