"""Merging and splitting: people, posts, archives, links; what is refused; what the pages show and cost."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import Member
from portal.audit.models import AuditEntry
from portal.organizations.models import Affiliation, Appointment, Organization, OrganizationLink
from portal.organizations.services import create_organization, merge_organizations, split_organization
from portal.web.refusals import RuleError
from tests.factories.people import make_people

TODAY = timezone.localdate()


def users_in(node: Organization) -> set[int]:
    return set(Affiliation.objects.filter(organization=node, until=None).values_list("user_id", flat=True))


def merge(world, *, on=TODAY, reason="Too few members", nodes=None, into=None) -> list[OrganizationLink]:
    return merge_organizations(
        nodes or [world.branch], into or world.sibling, on=on, reason=reason, by=world.user("college")
    )


def test_merge_moves_people_with_standing_and_archive(world):
    before = users_in(world.branch)
    standings = dict(Member.objects.filter(user__in=before).values_list("user_id", "standing"))
    merge(world)
    assert (users_in(world.branch), users_in(world.sibling) >= before) == (set(), True)
    moved = Member.objects.filter(user__in=before)
    assert set(moved.values_list("organization_id", flat=True)) == {world.sibling.pk}
    assert dict(moved.values_list("user_id", "standing")) == standings
    places = Affiliation.objects.filter(user=world.users["author"]).order_by("since")
    assert list(places.values_list("organization_id", "since", "until")) == [
        (world.branch.pk, world.since, TODAY - timedelta(days=1)),
        (world.sibling.pk, TODAY, None),
    ]


def test_merge_ends_posts_and_their_rights_at_once(world):
    their = world.client("secretary")
    assert their.get(world.member("author").get_absolute_url()).status_code == 200
    merge(world)
    held = Appointment.objects.get(user=world.users["secretary"])
    assert (held.until, held.ended_at is None) == (TODAY - timedelta(days=1), False)
    assert their.get(world.member("author").get_absolute_url()).status_code == 404
    assert world.client("neighbor").get(world.member("author").get_absolute_url()).status_code == 200


def test_merge_closes_the_node_with_its_successor(world):
    people = len(users_in(world.branch))
    (link,) = merge(world, reason="  Too few members ")
    node = Organization.objects.get(pk=world.branch.pk)
    assert (node.status, node.closed_on) == ("merged", TODAY)
    assert (link.kind, link.earlier, link.later, link.on) == ("merged", node, world.sibling, TODAY)
    assert (link.reason, link.people) == ("Too few members", people)
    assert set(AuditEntry.objects.filter(reason="Too few members").values_list("verb", flat=True)) == {
        "organizations.merged", "organizations.affiliated", "organizations.dismissed",
    }  # fmt: skip


def test_merge_takes_several_and_what_lies_below(world):
    group = create_organization(parent=world.branch, by=None, name="Group", code="group", org_type="group")
    third = create_organization(parent=world.unit, by=None, name="Third", code="third", org_type="branch")
    links = merge(world, nodes=[world.branch, third])
    assert {link.earlier.code for link in links} == {"branch", "third"}
    assert Organization.objects.get_parent(Organization.objects.get(pk=group.pk)) == world.sibling
    assert Organization.objects.get(code="branch").status == "merged"
    assert Organization.objects.find_problems() == ([], [], [], [], [])


def test_merge_corrects_those_who_came_on_the_very_day(world):
    merge(world, on=world.since)
    places = Affiliation.objects.filter(user=world.users["author"])
    assert list(places.values_list("organization_id", "since", "until")) == [(world.sibling.pk, world.since, None)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": "  "}, "reason"),
        ({"on": TODAY + timedelta(days=1)}, "future"),
        ({"on": TODAY - timedelta(days=500)}, "did not exist"),
        ({"on": TODAY.replace(year=1200)}, "Check the year"),
        ({"into": "branch"}, "Choose what"),
        ({"into": "unit"}, "another kind"),
        ({"nodes": ["unit"], "into": "branch"}, "below it"),
    ],
)
def test_merge_refuses(world, change, words):
    change = dict(change)
    if "into" in change:
        change["into"] = world.nodes[change["into"]]
    if "nodes" in change:
        change["nodes"] = [world.nodes[name] for name in change["nodes"]]
    with pytest.raises(RuleError) as refusal:
        merge(world, **change)
    assert words in str(refusal.value)
    assert (OrganizationLink.objects.count(), Organization.objects.get(code="branch").status) == (0, "active")


def test_merge_refuses_a_node_that_is_closed_and_people_who_came_later(world):
    merge(world)
    with pytest.raises(RuleError):
        merge(world)
    with pytest.raises(RuleError):
        merge(world, nodes=[world.sibling], into=world.far_branch, on=TODAY - timedelta(days=5))


@pytest.mark.parametrize("verb", ["merge", "split"])
def test_statements_do_not_grow_with_people(world, verb):
    def run(node: Organization, people: int) -> int:
        made = make_people(node, people)
        with CaptureQueriesContext(connection) as seen:
            if verb == "merge":
                merge(world, nodes=[node], into=world.office)
            else:
                chosen = [person.user_id for person in made]
                fields = {"name": "New", "code": f"new-{people}", "org_type": "branch"}
                split_organization(node, people=chosen, on=TODAY, reason="R", by=world.user("committee"), **fields)
        return len(seen)

    other = create_organization(parent=world.far_unit, by=None, name="X", code="x", org_type="branch")
    few, many = (world.far_branch, other) if verb == "merge" else (world.branch, world.sibling)
    assert run(few, 3) == run(many, 40)


def test_split_makes_a_sibling_and_moves_the_chosen(world):
    chosen = {world.users[name].pk for name in ("author", "peer")}
    made = split_organization(
        world.branch, people=chosen, on=TODAY, reason="Too many", by=world.user("college"),
        name="New branch", code="new", org_type="branch",
    )  # fmt: skip
    assert (users_in(made), users_in(world.branch) & chosen) == (chosen, set())
    assert (Organization.objects.get_parent(made), made.established_on) == (world.unit, TODAY)
    assert set(Member.objects.filter(user__in=chosen).values_list("organization_id", flat=True)) == {made.pk}
    link = OrganizationLink.objects.get()
    assert (link.kind, link.earlier, link.later, link.people) == ("split", world.branch, made, 2)


@pytest.mark.parametrize("chosen", [[], ["stranger"], "all"])
def test_split_refuses_nobody_strangers_and_everybody(world, chosen):
    people = users_in(world.branch) if chosen == "all" else [world.users[name].pk for name in chosen]
    with pytest.raises(RuleError):
        split_organization(
            world.branch, people=people, on=TODAY, reason="R", by=world.user("college"),
            name="New", code="new", org_type="branch",
        )  # fmt: skip
    assert Organization.objects.filter(code="new").exists() is False


@pytest.mark.parametrize(
    "change",
    [{"kind": "other"}, {"reason": ""}, {"later": "branch"}],
)
def test_link_constraints_hold_in_the_database(world, change):
    (link,) = merge(world)
    values = {name: world.nodes.get(value, value) for name, value in change.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganizationLink.objects.filter(pk=link.pk).update(**values)


def test_link_of_a_merged_node_is_the_only_one(world):
    (link,) = merge(world)
    link.pk, link.later = None, world.far_branch
    with pytest.raises(IntegrityError), transaction.atomic():
        link.save(force_insert=True)


def test_merge_page_says_what_will_happen_before_it_does(world):
    client, address = world.client("college"), reverse("organizations:organization-merge", args=[world.branch.pk])
    data = {"into": world.sibling.pk, "on": str(TODAY), "reason": "Too few members"}
    people = len(users_in(world.branch))
    page = client.post(address, data)
    assert (page.status_code, f"{people} people belong to sibling" in page.content.decode()) == (200, True)
    assert Organization.objects.get(pk=world.branch.pk).status == "active"
    back = client.post(address, data | {"change": "1"})
    assert "Too few members" in back.content.decode()
    done = client.post(address, data | {"confirmed": "1"})
    assert (done.status_code, done.url) == (302, world.sibling.get_absolute_url())
    shown = {name: client.get(world.nodes[name].get_absolute_url()).content.decode() for name in ("branch", "sibling")}
    assert ["Merged into" in shown["branch"], "Took in" in shown["sibling"]] == [True, True]


def test_merge_page_offers_only_what_one_keeps(world):
    client, address = world.client("college"), reverse("organizations:organization-merge", args=[world.branch.pk])
    data = {"into": world.far_branch.pk, "on": str(TODAY), "reason": "R", "confirmed": "1"}
    assert (client.post(address, data).status_code, OrganizationLink.objects.count()) == (200, 0)
    assert world.client("committee").post(address, data).status_code == 302


def test_split_page_takes_ticks_and_numbers(world):
    client, address = world.client("college"), reverse("organizations:organization-split", args=[world.branch.pk])
    place = Affiliation.objects.get(user=world.users["author"], until=None)
    data = {
        "name": "New branch", "code": "new", "org_type": "branch", "people": [place.pk],
        "numbers": world.users["peer"].number, "on": str(TODAY), "reason": "Too many",
    }  # fmt: skip
    wrong = client.post(address, data | {"numbers": f"{world.users['stranger'].number} 1"})
    assert list(wrong.context["form"].errors) == ["numbers"]
    assert "2 people move to New branch" in client.post(address, data).content.decode()
    done = client.post(address, data | {"confirmed": "1"})
    made = Organization.objects.get(code="new")
    assert (done.url, users_in(made)) == (
        made.get_absolute_url(), {world.users["author"].pk, world.users["peer"].pk},
    )  # fmt: skip


def test_split_page_shows_no_people_to_those_who_may_not_see_them(world):
    address = reverse("organizations:organization-split", args=[world.branch.pk])
    page = world.client("admin").get(address)
    assert (page.status_code, "Author" in page.content.decode()) == (200, False)
    data = {"name": "N", "code": "n", "org_type": "branch", "numbers": world.users["author"].number,
            "on": str(TODAY), "reason": "R", "confirmed": "1"}  # fmt: skip
    assert world.client("admin").post(address, data).status_code == 200
    assert Organization.objects.filter(code="n").exists() is False
