"""Two years of news in the practice university."""

import random
from datetime import timedelta
from typing import Any

from django.utils import timezone

from news.models import Article, Column
from news.services import Text, ensure_columns, publish, write_article
from portal.audiences.models import Visibility
from portal.audiences.services import Circle
from portal.files.services import store
from portal.home.practice.world import PracticeWorld, texts

from .pictures import landscape

# Each text appears once lately and again in earlier years, as customary events do.
ROUNDS = 3


def make_articles(world: PracticeWorld) -> None:
    """Publish news in every column over two years; what is there stays."""
    columns = {column.slug: column for column in ensure_columns()}
    if Article.objects.exists():
        return
    data = texts(__file__, "articles.json")
    for turn in range(ROUNDS):
        for place, row in enumerate(data["articles"]):
            if turn == 0 or not row.get("audience"):
                _write(world, data, columns, row, days=place + turn * 240 + world.rng.randint(0, 3), turn=turn)


def _write(
    world: PracticeWorld, data: dict[str, Any], columns: dict[str, Column], row: dict[str, Any], *, days: int, turn: int
) -> None:
    editor = world.accounts["editor"]
    at = timezone.now() - timedelta(days=days, hours=world.rng.randint(1, 9))
    branch = world.home_branch if row.get("branch") else None
    cover = None
    if row.get("picture") and turn == 0:
        cover = store(landscape(world.rng, "cover.jpg"), kind="image", by=editor, caption=row["title"])
    paragraphs, pictures = [*row["body"]], []
    if row.get("top") and turn == 0:
        drawn = landscape(random.Random(row["title"]), "picture.jpg")  # noqa: S311 - practice data
        pictures.append(store(drawn, kind="image", by=editor, caption=row["title"]))
        paragraphs.insert(1, "[picture 1]")
    title = row["title"] if turn == 0 else data["again"].format(title=row["title"], year=at.year)
    text = Text(
        column=columns[row["column"]],
        organization=branch or world.root,
        title=title,
        summary=row["summary"],
        body="".join(f"<p>{paragraph}</p>" for paragraph in paragraphs),
        source=str(branch) if branch else data["source"],
        author_name=str(editor),
        top_until=world.today + timedelta(days=30) if row.get("top") and turn == 0 else None,
        visibility=Visibility.AUDIENCE if row.get("audience") else Visibility.PUBLIC,
        circle=Circle(organizations=[branch]) if row.get("audience") and branch else Circle(),
    )
    article = write_article(text, by=None, cover=cover, pictures=pictures)
    publish(article, by=None, at=at)
