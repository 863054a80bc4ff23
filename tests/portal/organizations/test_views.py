"""Pages of the tree: who sees, changes, moves, closes, appoints; and what they cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.extensions.registry import panels
from portal.organizations.models import Affiliation, Appointment, Organization, OrganizationType
from portal.organizations.services import affiliate, create_organization, dismiss
from tests.factories.people import make_people


def add_branches(parent: Organization, how_many: int) -> None:
    for n in range(how_many):
        create_organization(
            parent=parent, by=None, name=f"More {n}", code=f"more-{parent.pk}-{n}", org_type=OrganizationType.BRANCH
        )


def parent_of(code: str) -> Organization:
    return Organization.objects.get_parent(Organization.objects.get(code=code))


def test_organization_tree_shows_names_types_and_secretaries(world):
    page = world.client("author").get(reverse("organizations:organization-tree")).content.decode()
    assert [name in page for name in ("branch", "sibling", "far_branch", "Secretary", "Neighbor")] == [True] * 5
    assert page.count("<details") == page.count("</details>")
    assert page.count("<ul") == page.count("</ul>")


def test_organization_tree_as_of_a_day_before_there_was_any(world):
    day = world.since - timedelta(days=1)
    page = world.client("author").get(f"{reverse('organizations:organization-tree')}?on={day}").content.decode()
    assert "far_branch" not in page


@pytest.mark.parametrize("top", ["999999", "abc", "999999999999999999999999"])
def test_organization_tree_under_an_unknown_node_is_not_found(world, top):
    address = f"{reverse('organizations:organization-tree')}?top={top}"
    assert world.client("author").get(address).status_code == 404


@pytest.mark.parametrize("more", [1, 30])
def test_organization_tree_costs_the_same_for_any_size(world, more, django_assert_num_queries):
    add_branches(world.unit, more)
    client, address = world.client("author"), reverse("organizations:organization-tree")
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)


@pytest.mark.parametrize("more", [1, 30])
def test_organization_detail_costs_the_same_for_any_size(world, more, django_assert_num_queries):
    add_branches(world.unit, more)
    make_people(world.branch, more)
    client, address = world.client("college"), world.unit.get_absolute_url()
    client.get(address)
    with django_assert_num_queries(8):
        response = client.get(address)
    assert f"More {more - 1}" in response.content.decode()


@pytest.mark.parametrize(("reader", "sees"), [("secretary", True), ("neighbor", False), ("author", False)])
def test_organization_detail_counts_people_for_those_who_may_see_them(world, reader, sees):
    page = world.client(reader).get(world.branch.get_absolute_url()).content.decode()
    assert (f"{reverse('members:member-list')}?organization={world.branch.pk}&amp;standing=" in page) is sees


def test_organization_detail_knows_a_panel_of_a_room():
    assert panels.get("people") is not None


def test_organization_pages_as_of_a_day_show_that_day(world):
    day, moved_on = timezone.localdate() - timedelta(days=20), timezone.localdate() - timedelta(days=10)
    affiliate(world.users["peer"], world.sibling, standing="activist", on=moved_on, by=None)
    held = Appointment.objects.get(user=world.users["secretary"])
    dismiss(held, on=moved_on, by=None)
    client = world.client("college")
    seen = {}
    for name, on in (("then", f"?on={day}"), ("now", "")):
        page = client.get(f"{world.branch.get_absolute_url()}{on}")
        tree = client.get(f"{reverse('organizations:organization-tree')}{on}")
        people = {row.node.code: row.people for row in tree.context["rows"]}
        secretary = "Secretary" in {post.user.name for post in page.context["around"].posts}
        seen[name] = (people["branch"], people["sibling"], people["root"], secretary)
    assert seen == {"then": (10, 2, None, True), "now": (9, 3, None, False)}


@pytest.mark.parametrize("on", ["abc", "2025-02-30", "99999-01-01", "0000-00-00"])
def test_a_day_that_is_none_is_said_to_be_none(world, on):
    for address in (world.branch.get_absolute_url(), reverse("organizations:organization-tree")):
        response = world.client("secretary").get(f"{address}?on={on}")
        assert (response.status_code, list(response.context["form"].errors)) == (200, ["on"])


@pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
def test_the_first_and_last_day_of_the_calendar_are_days(world, on):
    for address in (world.branch.get_absolute_url(), reverse("organizations:organization-tree")):
        assert world.client("secretary").get(f"{address}?on={on}").status_code == 200


@pytest.mark.parametrize("pk", [999999, 10**25])
def test_organization_detail_of_no_node_is_not_found(world, pk):
    address = world.branch.get_absolute_url().replace(str(world.branch.pk), str(pk))
    assert world.client("secretary").get(address).status_code == 404


@pytest.mark.parametrize(("reader", "sees"), [("secretary", True), ("college", True), ("neighbor", False)])
def test_organization_detail_shows_findings_to_those_who_may_see_people(world, reader, sees):
    dismiss(Appointment.objects.get(user=world.users["disabled"], organization=world.branch), on=world.since, by=None)
    Affiliation.objects.filter(organization=world.branch).exclude(user=world.users["secretary"]).delete()
    page = world.client(reader).get(world.branch.get_absolute_url()).content.decode()
    assert ("Fewer than three full members" in page) is sees


def test_organization_detail_of_a_secretary_costs_eight(world, django_assert_num_queries):
    client, address = world.client("secretary"), world.branch.get_absolute_url()
    client.get(address)
    with django_assert_num_queries(8):
        client.get(address)


# route: (may, sees but may not)
FORMS = {
    "organization-merge": ("committee college admin", "secretary neighbor author outsider"),
    "organization-split": ("committee college admin", "secretary neighbor author outsider"),
    "organization-create": ("committee college", "secretary author auditor outsider"),
    "organization-edit": ("committee college admin", "secretary neighbor author outsider"),
    "organization-move": ("committee college admin", "secretary neighbor author outsider"),
    "organization-close": ("committee college admin", "secretary neighbor author outsider"),
    "appoint": ("committee college", "secretary admin author outsider"),
}


@pytest.mark.parametrize("route", FORMS)
def test_forms_of_a_node_open_for_those_who_keep_it(world, route):
    may, may_not = FORMS[route]
    address = reverse(f"organizations:{route}", args=[world.branch.pk])
    found = {name: world.client(name).get(address).status_code for name in f"{may} {may_not}".split()}
    assert found == dict.fromkeys(may.split(), 200) | dict.fromkeys(may_not.split(), 403)


def test_organization_create_adds_below_the_node_in_the_address(world):
    data = {"org_type": "branch", "name": "New branch", "code": "new", "short_name": "", "established_on": "2025-02-30"}
    client, address = world.client("college"), reverse("organizations:organization-create", args=[world.unit.pk])
    refused = client.post(address, data)
    assert (refused.status_code, "established_on" in refused.context["form"].errors) == (200, True)
    assert "New branch" in refused.content.decode()
    response = client.post(address, data | {"established_on": "2025-02-28"})
    created = Organization.objects.get(code="new")
    assert (response.url, parent_of("new")) == (created.get_absolute_url(), world.unit)


def test_organization_create_ties_a_taken_code_to_its_field(world):
    address = reverse("organizations:organization-create", args=[world.unit.pk])
    response = world.client("college").post(address, {"org_type": "branch", "name": "Twin", "code": "branch"})
    assert list(response.context["form"].errors) == ["code"]


def test_organization_edit_changes_the_description_only(world):
    address = reverse("organizations:organization-edit", args=[world.branch.pk])
    data = {"org_type": "branch", "name": "Renamed", "code": "branch", "status": "dissolved", "path": "0001"}
    world.client("college").post(address, data)
    branch = Organization.objects.get(pk=world.branch.pk)
    assert (branch.name, branch.status, branch.path) == ("Renamed", "active", world.branch.path)


def test_organization_move_stays_within_what_one_keeps(world):
    client, address = world.client("college"), reverse("organizations:organization-move", args=[world.branch.pk])
    foreign = client.post(address, {"parent": world.far_unit.pk})
    assert (foreign.status_code, parent_of("branch")) == (200, world.unit)
    own = client.post(reverse("organizations:organization-move", args=[world.unit.pk]), {"parent": world.branch.pk})
    assert own.status_code == 200
    world.client("committee").post(address, {"parent": world.far_unit.pk})
    assert parent_of("branch") == world.far_unit


def test_organization_close_waits_until_people_are_placed_elsewhere(world):
    data = {"status": "dissolved", "on": str(timezone.localdate())}
    client = world.client("committee")
    refused = client.post(reverse("organizations:organization-close", args=[world.branch.pk]), data)
    assert (refused.status_code, Organization.objects.get(pk=world.branch.pk).status) == (200, "active")
    client.post(reverse("organizations:organization-close", args=[world.far_branch.pk]), data)
    assert Organization.objects.get(pk=world.far_branch.pk).status == "dissolved"


@pytest.mark.parametrize("words", ["20240006", "Peer"])
def test_appoint_finds_the_person_by_number_or_name(world, words):
    address = reverse("organizations:appoint", args=[world.branch.pk])
    data = {"person": words, "post": "organizer", "mode": "appointed", "on": str(world.since)}
    assert world.client("college").post(address, data).status_code == 302
    assert Appointment.objects.get(post="organizer").user == world.users["peer"]


@pytest.mark.parametrize("words", ["College", "Admin", "nobody", "Disabled"])
def test_appoint_refuses_oneself_strangers_and_closed_accounts(world, words):
    address = reverse("organizations:appoint", args=[world.branch.pk])
    data = {"person": words, "post": "organizer", "mode": "appointed", "on": str(world.since)}
    response = world.client("college").post(address, data)
    assert (response.status_code, Appointment.objects.filter(post="organizer").count()) == (200, 0)
    assert words in response.content.decode()


@pytest.mark.parametrize("node", ["far_branch", "root"])
def test_appoint_on_a_foreign_node_is_refused(world, node):
    address = reverse("organizations:appoint", args=[world.nodes[node].pk])
    data = {"person": "Peer", "post": "organizer", "mode": "appointed", "on": str(world.since)}
    assert world.client("college").post(address, data).status_code == 403
    assert Appointment.objects.filter(post="organizer").count() == 0


def test_dismiss_asks_first_and_ends_the_right_at_once(world):
    held = Appointment.objects.get(user=world.users["secretary"])
    client, address = world.client("college"), reverse("organizations:dismiss", args=[held.pk])
    their = world.client("secretary")
    assert client.get(address).status_code == 200
    assert their.get(world.member("author").get_absolute_url()).status_code == 200
    client.post(address, {"on": str(timezone.localdate())})
    assert their.get(world.member("author").get_absolute_url()).status_code == 404
    assert client.get(address).status_code == 404


def test_post_history_as_of_a_day_names_who_held_it_then(world):
    client, address = world.client("author"), reverse("organizations:post-history", args=[world.branch.pk])
    assert "Retired" in client.get(address).content.decode()
    today = client.get(f"{address}?on={timezone.localdate()}").content.decode()
    earlier = client.get(f"{address}?on={world.since}").content.decode()
    assert ("Retired" in today, "Retired" in earlier) == (False, True)


def test_person_suggest_offers_only_people_one_may_see(world):
    address = reverse("organizations:person-suggest")
    tries = [("college", "Pe"), ("college", "P"), ("college", "Admin"), ("secretary", "Pe")]
    found = [world.client(reader).get(address, {"words": words}).json()["people"] for reader, words in tries]
    assert found == [[{"number": world.users["peer"].number, "name": "Peer"}], [], [], []]
