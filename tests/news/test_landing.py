"""The news on the front page: a leading article, cards with pictures, and the rest by title."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.files.services import store
from tests.portal.files.samples import picture, upload

ADDRESS = reverse("home:landing")


def shown(client) -> tuple[str | None, list[str], list[str]]:
    """Return the titles of the leading article, of the cards and of the list."""
    blocks = client.get(ADDRESS).context["main_blocks"]
    news = next(block.context for block in blocks if block.template == "news/_landing_front.html")
    return news["lead"].title, [card.title for card in news["cards"]], [row.title for row in news["articles"]]


def illustrated(make, title, *, caption="", **fields):
    cover = store(upload("a.jpg", picture()), kind="image", by=None, caption=caption)
    return make(title=title, cover=cover, **fields)


def earlier(hours: int) -> datetime:
    return timezone.now() - timedelta(hours=hours)


def test_landing_leads_with_a_picture_and_shows_cards(client, make) -> None:
    make(title="Newest", at=earlier(1))
    illustrated(make, "Leading", at=earlier(2))
    for number in range(4):
        illustrated(make, f"Card {number}", at=earlier(3 + number))
    assert shown(client) == ("Leading", ["Card 0", "Card 1", "Card 2"], ["Newest", "Card 3"])


def test_landing_without_pictures_leads_with_the_newest(client, make) -> None:
    make(title="Older", at=earlier(2))
    make(title="Newest", at=earlier(1))
    assert shown(client) == ("Newest", [], ["Older"])
    assert '<img class="news-picture"' not in client.get(ADDRESS).content.decode()


def test_landing_pictures_have_words_a_shape_and_are_open_to_visitors(client, make) -> None:
    article = illustrated(make, "Leading", caption="Students at a desk")
    page = client.get(ADDRESS).content.decode()
    assert f'src="{article.cover_url}"' in page
    assert 'alt="Students at a desk" width="640" height="360"' in page
    for address in (article.cover_url, article.cover_wide_url):
        assert client.get(address).status_code == 200


def test_landing_says_a_caption_that_is_the_title_once(make) -> None:
    assert illustrated(make, "Leading", caption="Leading").cover_alt == ""


@pytest.mark.parametrize("more", [1, 8])
def test_landing_costs_the_same_for_any_number_of_cards(client, make, world, more, django_assert_num_queries) -> None:
    for number in range(more):
        illustrated(make, f"Card {number}", at=earlier(number))
    reader = world.client("author")
    reader.get(ADDRESS)
    with django_assert_num_queries(9):
        reader.get(ADDRESS)
