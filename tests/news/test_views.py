"""Who reads which news, on every page that shows or counts them."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from news import queries
from news.models import Article, Column
from news.services import Text, publish, withdraw, write_article
from portal.access.policy import may, scope

pytestmark = pytest.mark.django_db
EVERYONE = ("visitor", "outsider", "author", "stranger", "secretary", "neighbor", "committee", "editor")
SIGNED_IN = set(EVERYONE) - {"visitor"}
IN_BRANCH = {"author", "secretary"}
WRITERS = {"secretary", "committee", "editor"}  # they keep the branch's news and read what it publishes

# visibility, state, who reads it
TABLE = [
    ("public", "published", set(EVERYONE)),
    ("internal", "published", SIGNED_IN),
    ("audience", "published", IN_BRANCH | WRITERS),
    ("public", "draft", set()),
    ("audience", "draft", set()),
    ("public", "withdrawn", set()),
]


@pytest.mark.parametrize(("visibility", "state", "readers"), TABLE, ids=[f"{row[0]}-{row[1]}" for row in TABLE])
def test_article_is_seen_by_its_readers_everywhere(world, make, column, visibility, state, readers) -> None:
    article = make(visibility, state=state, title="Needle in the hay")
    top = make(visibility, state=state, title="Needle on top", top_until=timezone.localdate())
    for name in EVERYONE:
        client, sees = world.client(name), name in readers
        assert (client.get(article.get_absolute_url()).status_code == 200) == sees
        for address in (reverse("news:home"), column.get_absolute_url()):
            page = client.get(address).content.decode()
            assert (("Needle in the hay" in page), ("Needle on top" in page)) == (sees, sees)
        user = AnonymousUser() if name == "visitor" else world.user(name)
        assert {found.pk for found in queries.front(user)} == ({article.pk, top.pk} if sees else set())
        assert queries.published(user).count() == (2 if sees else 0)
        # A feed is the same for whoever fetches it: what a visitor may read.
        feed = client.get(reverse("news:rss")).content.decode()
        assert ("Needle in the hay" in feed) == ("visitor" in readers)


def test_article_out_of_sight_is_not_found(world, make) -> None:
    hidden = make("audience")
    assert world.client("stranger").get(hidden.get_absolute_url()).status_code == 404
    assert world.client(None).get(hidden.get_absolute_url()).status_code == 404


def test_internal_column_shows_nothing_to_visitors(world, make, column) -> None:
    article = make("public")
    Column.objects.update(visibility="internal")
    for address in (
        column.get_absolute_url(),
        article.get_absolute_url(),
        reverse("news:column-rss", args=["notices"]),
    ):
        assert world.client(None).get(address).status_code == 404
    assert world.client("outsider").get(article.get_absolute_url()).status_code == 200


def test_policy_answers_agree(world, make) -> None:
    for visibility in ("public", "internal", "audience"):
        for state in ("draft", "published", "withdrawn"):
            make(visibility, state=state)
    for name in EVERYONE:
        user = AnonymousUser() if name == "visitor" else world.user(name)
        for action in ("view", "add", "change", "publish", "withdraw", "unknown"):
            allowed = {article for article in Article.objects.all() if may(user, action, article)}
            assert set(scope(user, action, Article)) == allowed


@pytest.mark.parametrize(
    ("route", "may_do", "sees", "knows_nothing"),
    [
        ("news:article-preview", WRITERS | {"college"}, set(), {"author", "stranger", "neighbor", "outsider"}),
        ("news:article-publish", WRITERS | {"college"}, set(), {"author", "stranger", "neighbor", "outsider"}),
        ("news:article-withdraw", WRITERS | {"college"}, set(), {"author", "stranger", "neighbor", "outsider"}),
    ],
)
def test_editing_pages_are_for_editors(world, make, route, may_do, sees, knows_nothing) -> None:
    address = reverse(route, args=[make(state="draft").pk])
    assert world.client(None).get(address).status_code == 302
    statuses = {name: world.client(name).get(address).status_code for name in may_do | sees | knows_nothing}
    assert {name for name, status in statuses.items() if status == 200} == may_do
    assert {name for name, status in statuses.items() if status == 403} == sees
    assert {name for name, status in statuses.items() if status == 404} == knows_nothing


def test_reader_may_not_withdraw_what_is_seen(world, make) -> None:
    address = reverse("news:article-withdraw", args=[make("public").pk])
    assert world.client("author").post(address, {"reason": "x"}).status_code == 403


def test_publishing_is_asked_and_then_done(world, make) -> None:
    article, client = make(state="draft"), world.client("secretary")
    address = reverse("news:article-publish", args=[article.pk])
    client.get(address)
    assert Article.objects.get().state == "draft"
    assert client.post(address).headers["Location"] == article.get_absolute_url()
    assert Article.objects.get().state == "published"
    again = client.post(address)
    assert (again.status_code, "published already" in again.content.decode()) == (200, True)


def test_withdrawing_wants_a_reason(world, make) -> None:
    article, client = make(), world.client("secretary")
    address = reverse("news:article-withdraw", args=[article.pk])
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": "The date is wrong."}).status_code == 302
    assert Article.objects.get().state == "withdrawn"


def test_article_names_its_neighbours_within_sight(world, make) -> None:
    now = timezone.now()
    rows = [
        make(visibility, title=f"Article {n}", at=now - timedelta(days=n))
        for n, visibility in enumerate(["public", "internal", "public", "audience", "public"])
    ]
    seen = queries.with_neighbours(AnonymousUser()).get(pk=rows[2].pk)
    assert (seen.newer["pk"], seen.older["pk"]) == (rows[0].pk, rows[4].pk)
    seen = queries.with_neighbours(world.user("author")).get(pk=rows[2].pk)
    assert (seen.newer["pk"], seen.older["pk"]) == (rows[1].pk, rows[3].pk)
    assert queries.with_neighbours(AnonymousUser()).get(pk=rows[0].pk).newer is None


def test_column_pages_lead_through_all_of_it(world, make, column) -> None:
    now = timezone.now()
    titles = [make(title=f"Number {n:02}", at=now - timedelta(hours=n)).title for n in range(45)]
    client, address, seen = world.client(None), column.get_absolute_url(), []
    while address:
        page = client.get(address).context["page"]
        seen += [article.title for article in page]
        address = f"{column.get_absolute_url()}?after={page.after}" if page.after else ""
    assert seen == titles


@pytest.mark.parametrize("parameters", ["?after=x", "?page=1000000000", "?after=" + "A" * 900, "?before=W10"])
def test_column_of_a_broken_address_shows_its_beginning(world, make, column, parameters) -> None:
    make(title="The first")
    response = world.client(None).get(column.get_absolute_url() + parameters)
    assert (response.status_code, b"The first" in response.content) == (200, True)


@pytest.mark.parametrize("path", ["/news/nowhere/", "/news/articles/0/", "/news/articles/99999999999999999999/"])
def test_unknown_address_is_not_found(world, column, path) -> None:
    assert world.client("author").get(path).status_code == 404


def test_empty_pages_say_so(world, column) -> None:
    assert (
        "Nothing has been published"
        in world.client(None).get(reverse("news:home")).content.decode()
    )
    assert (
        "Nothing has been published"
        in world.client(None).get(column.get_absolute_url()).content.decode()
    )


def fill(world, count: int) -> Article:
    """Fill every one of ``count`` columns with ``count`` articles, some on top, and return the last."""
    article = None
    for n in range(count):
        column = Column.objects.create(slug=f"c{n}", name=f"Column {n}")
        for m in range(count):
            top = timezone.localdate() if m == 0 else None
            text = Text(
                column=column,
                organization=world.branch,
                title=f"{n}.{m}",
                body="<p>x</p>",
                visibility="public",
                top_until=top,
            )
            article = publish(write_article(text, by=None), by=None)
    return article


@pytest.mark.parametrize("size", [2, 12])
@pytest.mark.parametrize(
    ("name", "home", "column", "page"),
    [(None, 3, 3, 1), ("author", 7, 7, 5)],
    ids=["visitor", "author"],
)
def test_pages_ask_a_fixed_number_of_questions(
    world, size, name, home, column, page, django_assert_num_queries
) -> None:
    article = fill(world, size)
    addresses = {
        reverse("news:home"): home,
        article.column.get_absolute_url(): column,
        article.get_absolute_url(): page,
    }
    client = world.client(name)
    client.get(reverse("news:home"), {"unkept": "1"})  # the session of a fresh sign-in is written here
    for address, count in addresses.items():
        with django_assert_num_queries(count):
            client.get(address, {"unkept": "1"})


def test_visitor_is_served_without_database_or_session(world, make, column, django_assert_num_queries) -> None:
    article = make("public")
    client = Client()
    for address in (reverse("news:home"), column.get_absolute_url(), article.get_absolute_url()):
        first = client.get(address)
        with django_assert_num_queries(0):
            again = client.get(address)
        token = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[^"]+')
        assert token.sub(b"", again.content) == token.sub(b"", first.content)
        assert set(token.findall(again.content)).isdisjoint(token.findall(first.content))
        assert set(first.cookies) | set(again.cookies) == {"csrftoken"}
    assert Session.objects.count() == 0


def test_kept_page_is_renewed_by_publishing_and_withdrawing(
    world, make, column, django_capture_on_commit_callbacks
) -> None:
    client, address = Client(), column.get_absolute_url()
    assert b"Needle" not in client.get(address).content
    with django_capture_on_commit_callbacks(execute=True):
        article = make("public", title="Needle")
    assert b"Needle" in client.get(address).content
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(article, by=None)
    assert b"Needle" not in client.get(address).content


def test_kept_page_speaks_the_language_of_the_visitor(world, make) -> None:
    article = make("public")
    pages = {}
    for code in ("zh-hans", "en", "zh-hans"):
        visitor = Client()
        visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = code
        pages[code] = visitor.get(article.get_absolute_url()).content.decode()
    assert ('lang="en"' in pages["en"], 'lang="zh-Hans"' in pages["zh-hans"]) == (True, True)


def test_kept_page_is_not_for_people(world, make) -> None:
    hidden = make("internal")
    assert world.client("author").get(hidden.get_absolute_url()).status_code == 200
    assert Client().get(hidden.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_feed_is_well_formed(world, make, kind) -> None:
    from defusedxml.ElementTree import fromstring

    article = make("public", title="A <b>title</b> & more")
    for address in (reverse(f"news:{kind}"), reverse(f"news:column-{kind}", args=["notices"])):
        response = world.client(None).get(address)
        assert response.status_code == 200
        assert article.title in "".join(fromstring(response.content).itertext())


def test_hostile_words_are_words(world, make) -> None:
    article = make(
        "public", title="<script>alert(1)</script>", source="<img src=x onerror=alert(1)>", subtitle="{{ 7*7 }}"
    )
    for address in (article.get_absolute_url(), article.column.get_absolute_url(), reverse("news:home")):
        page = world.client(None).get(address).content.decode()
        assert ("<script>alert" in page, "<img src=x" in page, ">49<" in page) == (False, False, False)
