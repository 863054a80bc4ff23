"""Lists and pages of people: who sees whom, what is masked, and what a page costs."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Member
from members.services import update_archive
from portal.extensions.registry import person_panels, timeline_sources
from portal.organizations.models import Affiliation, Standing
from portal.organizations.services import affiliate
from tests.factories.people import make_people

ID_NO = "11010519491231002X"


def names(response) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', response.content.decode())


@pytest.mark.parametrize(
    ("reader", "seen"),
    [
        ("secretary", {"Secretary", "Author", "Peer", "Contact", "Probationary", "Applicant", "Target", "Member",
                       "Retired", "Disabled"}),
        ("neighbor", {"Neighbor", "Stranger"}),
        ("author", {"Author"}),
        ("outsider", {"Outsider"}),
        ("admin", {"Admin"}),
    ],
)  # fmt: skip
def test_member_list_holds_the_reader_s_subtree(world, reader, seen):
    response = world.client(reader).get(reverse("members:member-list"))
    assert set(names(response)) == seen


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("standing=activist", ["Author", "Peer"]),
        ("words=auth", ["Author"]),
        ("words=nobody", []),
        ("standing=nonsense&words=Peer", ["Peer"]),
        ("organization=99999999&words=Peer", ["Peer"]),
        ("on=not-a-day&words=Peer", ["Peer"]),
        (f"words={ID_NO.lower()}", ["Author"]),
        ("words=138%200000%201111", ["Author"]),
    ],
)
def test_member_list_filters_from_the_address(world, query, seen):
    update_archive(
        world.member("author"), {"id_no": ID_NO, "mobile": "13800001111"}, version=1, by=world.users["secretary"]
    )
    response = world.client("secretary").get(f"{reverse('members:member-list')}?{query}")
    assert names(response) == seen


def test_member_list_of_a_foreign_organization_is_empty(world):
    response = world.client("secretary").get(f"{reverse('members:member-list')}?organization={world.sibling.pk}")
    assert (names(response), "Stranger" in response.content.decode()) == ([], False)


def test_member_list_as_of_a_day_holds_those_who_have_left(world):
    moved_on = timezone.localdate() - timedelta(days=10)
    affiliate(world.users["peer"], world.far_branch, standing=Standing.ACTIVIST, on=moved_on, by=None)
    Member.objects.filter(user=world.users["peer"]).update(organization=world.far_branch)
    client, address = world.client("secretary"), reverse("members:member-list")
    assert "Peer" not in names(client.get(address))
    assert "Peer" in names(client.get(f"{address}?on={moved_on - timedelta(days=1)}"))
    assert "Peer" not in names(client.get(f"{address}?on={moved_on}"))


@pytest.mark.parametrize("people", [1, 45])
def test_member_list_costs_the_same_for_any_number(world, people, django_assert_num_queries):
    make_people(world.branch, people)
    client = world.client("secretary")
    client.get(reverse("members:my-record"))  # the first request of a session writes when it was
    with django_assert_num_queries(5):
        response = client.get(reverse("members:member-list"))
    assert len(names(response)) == min(people + 10, 20)
    assert len(response.content) < 50_000


def test_member_list_pages_reach_everyone_once(world):
    make_people(world.branch, 45)
    client, address, seen = world.client("secretary"), reverse("members:member-list"), []
    while address:
        response = client.get(address)
        seen += names(response)
        following = re.search(r'rel="next" href="([^"]*)"', response.content.decode())
        address = f"{reverse('members:member-list')}{following[1]}" if following else ""
    assert len(seen) == len(set(seen)) == 55


@pytest.mark.parametrize(
    ("reader", "status"),
    [("secretary", 200), ("committee", 200), ("college", 200), ("author", 200), ("peer", 404), ("neighbor", 404),
     ("admin", 404), ("retired", 404), ("outsider", 404), ("visitor", 302), ("disabled", 302)],
)  # fmt: skip
def test_member_detail_is_unknown_to_those_who_may_not_know(world, reader, status):
    author = world.member("author")
    assert world.client(reader).get(author.get_absolute_url()).status_code == status


@pytest.mark.parametrize("route", ["member-edit", "member-place", "member-photo", "document-create"])
def test_member_forms_refuse_the_person_and_hide_from_others(world, route):
    address = reverse(f"members:{route}", args=[world.member("author").pk])
    found = {name: world.client(name).get(address).status_code for name in ("secretary", "author", "neighbor", "admin")}
    assert found == {"secretary": 200, "author": 403, "neighbor": 404, "admin": 404}


def test_member_detail_masks_sensitive_fields(world):
    changes = {"id_no": ID_NO, "mobile": "13800001111", "home_address": "北京市海淀区某路1号"}
    update_archive(world.member("author"), changes, version=1, by=world.users["secretary"])
    pages = {"secretary": world.member("author").get_absolute_url(), "author": reverse("members:my-record")}
    for reader, address in pages.items():
        page = world.client(reader).get(address).content.decode()
        assert [text in page for text in (ID_NO, "13800001111", "某路1号")] == [False, False, False]
        assert [text in page for text in ("110105********002X", "138****1111", "北京市****")] == [True, True, True]


@pytest.mark.parametrize("rows", [1, 30])
def test_member_detail_costs_the_same_for_any_history(world, rows, django_assert_num_queries):
    start = world.since - timedelta(days=1000)
    Affiliation.objects.bulk_create(
        Affiliation(
            user=world.users["author"], organization=world.branch, standing=Standing.APPLICANT,
            since=start + timedelta(days=n), until=start + timedelta(days=n),
        )
        for n in range(rows)
    )  # fmt: skip
    client, address = world.client("secretary"), world.member("author").get_absolute_url()
    client.get(address)
    # Of an activist no dues are owed: their block asks nothing.
    with django_assert_num_queries(6 + len(timeline_sources) + len(person_panels) - 1):
        client.get(address)
