"""Publishing tells the readers once."""

import pytest
from django.urls import reverse

from news.models import Article
from news.services import publish, withdraw
from portal.accounts.models import User
from portal.notifications.models import Message, Notice
from portal.notifications.registry import kinds
from portal.notifications.services import set_preference


def told() -> set[str]:
    return set(Notice.objects.filter(message__kind="article_published").values_list("recipient__name", flat=True))


BRANCH = {
    "Author", "Peer", "Contact", "Probationary", "Applicant", "Target", "Member", "Retired", "Secretary",
}  # fmt: skip


@pytest.mark.parametrize(
    ("visibility", "notify", "expected"),
    [
        ("audience", None, BRANCH),
        ("audience", False, set()),
        ("public", None, set()),
        ("internal", False, set()),
    ],
)
def test_publish_tells_the_audience_unless_switched_off(world, make, visibility, notify, expected) -> None:
    publish(make(visibility, state="draft"), by=world.user("editor"), notify=notify)
    assert told() == expected


@pytest.mark.parametrize(("visibility", "notify"), [("internal", None), ("public", True)])
def test_publish_for_all_tells_everyone_with_an_account_but_the_publisher(world, make, visibility, notify) -> None:
    publish(make(visibility, state="draft"), by=world.user("editor"), notify=notify)
    active = User.objects.filter(is_active=True).exclude(name="Editor")
    assert told() == set(active.values_list("name", flat=True))


def test_publish_again_tells_nobody_twice(world, make) -> None:
    editor, article = world.user("editor"), make("audience", state="draft")
    publish(article, by=editor)
    withdraw(article, by=editor, reason="r")
    Article.objects.update(title="Another title")
    publish(article, by=editor, notify=True)
    assert (told(), Notice.objects.count(), Message.objects.count()) == (BRANCH, len(BRANCH), 1)


def test_publish_tells_later_when_it_was_switched_off_at_first(world, make) -> None:
    editor, article = world.user("editor"), make("audience", state="draft")
    publish(article, by=editor, notify=False)
    withdraw(article, by=editor, reason="r")
    assert publish(article, by=editor).notify_readers is False
    assert told() == set()
    withdraw(article, by=editor, reason="r")
    publish(article, by=editor, notify=True)
    assert told() == BRANCH


def test_publish_spares_those_who_switched_the_kind_off(world, make) -> None:
    set_preference(world.user("peer"), kinds.get("article_published"), in_site=False, email=False)
    publish(make("audience", state="draft"), by=world.user("editor"))
    assert told() == BRANCH - {"Peer"}


def test_publish_in_a_closed_column_tells_nobody(world, make, column) -> None:
    column.is_open = False
    column.save()
    publish(make("audience", state="draft"), by=world.user("editor"))
    assert told() == set()


@pytest.mark.parametrize(("visibility", "ticked"), [("audience", True), ("internal", True), ("public", False)])
def test_article_publish_asks_whether_to_tell(world, make, visibility, ticked) -> None:
    article, client = make(visibility, state="draft"), world.client("editor")
    address = reverse("news:article-publish", args=[article.pk])
    assert client.get(address).context["form"]["notify"].value() is ticked
    client.post(address, {"notify": "on"})
    assert "Peer" in told()
    withdraw(article, by=None)
    assert "notify" not in client.get(address).context["form"].fields
    client.post(address, {"notify": "on"})
    assert Notice.objects.filter(recipient=world.users["peer"]).count() == 1


def test_the_notice_leads_to_the_article(world, make) -> None:
    article = make("audience", state="draft")
    publish(article, by=world.user("editor"))
    client = world.client("peer")
    page = client.get(reverse("notifications:inbox")).content.decode()
    assert "News: Title" in page
    assert client.get(Message.objects.get().url).status_code == 200


@pytest.mark.parametrize("how_many", [1, 40])
def test_publish_costs_the_same_for_any_number_of_readers(world, make, how_many, django_assert_num_queries) -> None:
    from tests.factories.people import make_people

    make_people(world.branch, how_many)
    article, editor = make("audience", state="draft"), world.user("editor")
    publish(make("audience", state="draft"), by=editor)
    with django_assert_num_queries(18):
        publish(article, by=editor)
    assert Notice.objects.filter(message__key=f"news.published:{article.pk}").count() == len(BRANCH) + how_many
