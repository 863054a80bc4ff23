"""News in the admin: each person works on their own part of the tree."""

import pytest
from django.urls import reverse

from news.models import Article, Column
from tests.portal.files.samples import SVG, picture, upload

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/news/article/", "/admin/news/article/add/"


def posted(world, column, /, **changes) -> dict:
    return {
        "title": "Written in the admin", "column": column.pk, "organization": world.branch.pk,
        "body_html": "<p onclick=x>Words</p>", "visibility": "internal", "version": "1",
    } | changes  # fmt: skip


@pytest.mark.parametrize(
    ("name", "status"),
    [("secretary", 200), ("college", 200), ("editor", 200), ("lecturer", 403), ("admin", 403), ("author", 403)],
)
def test_article_list_is_for_those_who_write(world, name, status) -> None:
    assert world.client(name).get(LIST, follow=True).status_code == status


@pytest.mark.parametrize(
    ("name", "sees"), [("secretary", True), ("college", True), ("editor", True), ("neighbor", False)]
)
def test_article_list_holds_ones_own(world, make, name, sees) -> None:
    article = make("public", title="Needle of the branch")
    client = world.client(name)
    for address in (LIST, f"{LIST}?q=Needle", f"{LIST}?state__exact=published"):
        assert ("Needle of the branch" in client.get(address).content.decode()) == sees
    assert client.get(reverse("admin:news_article_change", args=[article.pk])).status_code == (200 if sees else 404)


@pytest.mark.parametrize(
    ("name", "nodes"),
    [("secretary", {"branch"}), ("college", {"unit", "branch", "sibling"}), ("neighbor", {"sibling"})],
)
def test_choices_are_narrowed_to_ones_own(world, column, name, nodes) -> None:
    form = world.client(name).get(ADD).context["adminform"].form
    own = {world.nodes[node] for node in nodes}
    assert set(form.fields["organization"].queryset) == own
    assert set(form.fields["audience_organizations"].queryset) == own


def test_article_is_written_with_its_files(world, column) -> None:
    sent = posted(world, column, cover_file=upload("a.jpg", picture()), picture_files=upload("b.jpg", picture()))
    assert world.client("secretary").post(ADD, sent).status_code == 302
    article = Article.objects.get()
    assert (article.state, article.body_html, article.created_by) == ("draft", "<p>Words</p>", world.users["secretary"])
    assert (article.cover.name, article.files.count()) == ("a.jpg", 2)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"title": "x" * 500},
        {"column": "999999"},
        {"visibility": "audience"},
        {"visibility": "secret"},
        {"source_url": "javascript:alert(1)"},
        {"top_until": "2026-02-31"},
    ],
    ids=str,
)
def test_article_with_a_fault_comes_back_filled(world, column, changes) -> None:
    response = world.client("secretary").post(ADD, posted(world, column, **changes))
    assert (response.status_code, Article.objects.count()) == (200, 0)
    assert response.context["adminform"].form["body_html"].value() == "<p onclick=x>Words</p>"


@pytest.mark.parametrize("field", ["organization", "audience_organizations"])
def test_article_for_a_foreign_node_is_refused(world, column, field) -> None:
    sent = posted(world, column, visibility="audience", audience_organizations=[world.branch.pk])
    response = world.client("secretary").post(ADD, sent | {field: [world.sibling.pk]})
    assert (response.status_code, Article.objects.count()) == (200, 0)
    assert list(response.context["adminform"].form.errors) == [field]


def test_lying_cover_is_refused_and_the_rest_kept(world, column) -> None:
    sent = posted(world, column, cover_file=upload("a.png", SVG), picture_files=upload("b.jpg", picture()))
    response = world.client("secretary").post(ADD, sent)
    assert list(response.context["adminform"].form.errors) == ["cover_file"]
    assert "b.jpg" in response.content.decode()


def test_article_of_another_branch_cannot_be_changed(world, column, make) -> None:
    article = make(state="draft")
    address = reverse("admin:news_article_change", args=[article.pk])
    assert world.client("neighbor").post(address, posted(world, column)).status_code == 404
    assert Article.objects.get().title == "Title"


def test_change_of_an_old_version_comes_back(world, column, make) -> None:
    address = reverse("admin:news_article_change", args=[make(state="draft").pk])
    client = world.client("secretary")
    assert client.post(address, posted(world, column, title="First")).status_code == 302
    assert client.post(address, posted(world, column, title="Second")).status_code == 200
    assert Article.objects.get().title == "First"


def test_publishing_several_leaves_foreign_ones_alone(world, make, column) -> None:
    mine, published = make(state="draft"), make()
    foreign = make(state="draft", organization=world.sibling, title="Foreign")
    chosen = {"action": "publish_chosen", "_selected_action": [mine.pk, published.pk, foreign.pk]}
    world.client("secretary").post(LIST, chosen)
    states = {article.pk: article.state for article in Article.objects.all()}
    assert states == {mine.pk: "published", published.pk: "published", foreign.pk: "draft"}


def test_columns_are_kept_by_those_who_keep_the_site(world, column) -> None:
    address = reverse("admin:news_column_change", args=[column.pk])
    sent = {"slug": "notices", "name": "Renamed", "visibility": "public", "position": "5", "is_open": "on"}
    assert world.client("editor").post(address, sent).status_code == 403
    assert world.client("admin").post(address, sent).status_code == 302
    assert Column.objects.get().name == "Renamed"


@pytest.mark.parametrize("size", [1, 20])
def test_article_list_asks_a_fixed_number_of_questions(world, make, size, django_assert_num_queries) -> None:
    for _ in range(size):
        make()
    client = world.client("secretary")
    client.get(LIST)
    with django_assert_num_queries(8):
        client.get(LIST)
