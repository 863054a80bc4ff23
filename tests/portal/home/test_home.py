"""Front page, workbench and guides: what each person finds there, at a constant cost."""

import pytest
from django.urls import reverse
from django.utils import timezone

from members.development.rules import Quarter
from members.development.services.contacts import assign_contact
from members.development.services.reports import begin_report, hand_in
from tests.factories.rooms import make_board, make_course, make_threads
from tests.world import World

GUIDES = {
    "author": {"activist", "talks-help"},
    "applicant": {"activist", "talks-help"},
    "contact": {"contact", "talks-help", "appraisal"},
    "secretary": {"contact", "secretary", "recruitment", "obligations", "talks-help", "appraisal", "meetings", "votes"},
    "college": {
        "contact", "secretary", "recruitment-committee", "obligations", "talks-help", "appraisal", "meetings", "votes",
    },
    "outsider": set(),
}


@pytest.mark.parametrize("actor", list(GUIDES))
def test_guides_are_for_those_they_are_written_for(world: World, actor: str) -> None:
    client = world.client(actor)
    found = {guide.code for guide in client.get(reverse("home:guide-list")).context["guides"]}
    assert found == GUIDES[actor]
    for code in ("activist", "contact", "secretary", "recruitment", "recruitment-committee"):
        expected = 200 if code in found else 404
        assert client.get(reverse("home:guide", args=[code])).status_code == expected


def test_workbench_shows_the_contact_what_waits_for_an_answer(world: World) -> None:
    today = timezone.localdate()
    assign_contact(world.member("author"), world.member("contact"), by=None, on=today)
    report = begin_report(world.member("author"), Quarter.of(today), by=world.user("author"), on=today)
    hand_in(report, title="A title", body="Words " * 50, by=world.user("author"), on=today)
    page = world.client("contact").get(reverse("home:workbench"))
    urls = {item.url for entry in page.context["groups"] for item in entry.group.items}
    assert any(str(report.pk) in url for url in urls)
    other = world.client("member").get(reverse("home:workbench"))
    assert all(not entry.group.items for entry in other.context["groups"] if entry.code != "courses")


@pytest.mark.parametrize("rows", [1, 12])
@pytest.mark.parametrize(("actor", "expected"), [("author", 9), ("secretary", 10)])
def test_workbench_asks_the_same_queries_whatever_waits(
    world: World, django_assert_num_queries, rows: int, actor: str, expected: int
) -> None:
    # One statement finds out which rooms have something; only these ask for it.
    for _ in range(rows):
        make_course(world.root, by=world.user("lecturer"), is_required=True, lessons=1)
    client = world.client(actor)
    client.get(reverse("home:workbench"))
    with django_assert_num_queries(expected):
        assert client.get(reverse("home:workbench")).status_code == 200


def test_workbench_asks_visitors_to_sign_in(client, db: None) -> None:
    assert client.get(reverse("home:workbench")).status_code == 302


def test_landing_shows_visitors_only_what_is_public(world: World) -> None:
    public = make_board(world.root, by=world.user("moderator"), visibility="public")
    internal = make_board(world.root, by=world.user("moderator"), visibility="internal")
    make_threads(public, 1, by=world.user("peer"))
    hidden = make_threads(internal, 1, by=world.user("peer"))[0]
    type(hidden).objects.filter(pk=hidden.pk).update(title="Internal talk")
    assert "Internal talk" not in world.client(None).get("/").content.decode()
    assert "Internal talk" in world.client("author").get("/").content.decode()
