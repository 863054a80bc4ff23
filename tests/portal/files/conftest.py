from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    """Keep uploads of a test in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    return settings.MEDIA_ROOT


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def article(world):
    return _article(world, "One")


@pytest.fixture
def other_article(world):
    return _article(world, "Two")


def _article(world, title: str):
    from news.models import Column
    from news.services import Text, publish, write_article

    column = Column.objects.get_or_create(slug="notices", defaults={"name": "Notices"})[0]
    text = Text(column=column, organization=world.branch, title=title, body="<p>Words</p>", visibility="internal")
    return publish(write_article(text, by=None), by=None)
