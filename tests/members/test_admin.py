"""Archives, the tree and posts in the administration."""

import pytest
from django.urls import reverse

from members.models import Member
from members.services import update_archive
from portal.organizations.models import Appointment, Organization

ID_NO = "11010519491231002X"


def posted(response) -> dict:
    """Return the data that the page's own form would send back."""
    form = response.context["adminform"].form
    return {
        name: "" if (value := bound.value()) is None else value
        for name, bound in ((bound.name, bound) for bound in form)
        if name != "erase"
    }


def test_member_changelist_holds_the_subtree_only(world):
    page = world.client("secretary").get(reverse("admin:members_member_changelist")).content.decode()
    assert ("Author" in page, "Stranger" in page) == (True, False)


@pytest.mark.parametrize(("reader", "status"), [("secretary", 200), ("neighbor", 404), ("admin", 404), ("author", 302)])
def test_member_change_is_for_those_who_keep_the_archive(world, reader, status):
    address = reverse("admin:members_member_change", args=[world.member("author").pk])
    found = world.client(reader).get(address).status_code
    assert found == status or (reader, found) in [("author", 403), ("admin", 403)]


def test_member_change_masks_and_writes_through_the_service(world):
    update_archive(world.member("author"), {"id_no": ID_NO}, version=1, by=world.users["secretary"])
    client = world.client("secretary")
    address = reverse("admin:members_member_change", args=[world.member("author").pk])
    page = client.get(address)
    text = page.content.decode()
    assert (ID_NO in text, "110105********002X" in text) == (False, True)
    data = posted(page)
    response = client.post(address, {**data, "title": "A"})
    assert (response.status_code, world.member("author").title, world.member("author").id_no) == (302, "A", ID_NO)
    response = client.post(address, {**data, "title": "B"})
    assert (response.status_code, world.member("author").title) == (200, "A")
    assert "Secretary" in str(response.context["adminform"].form.errors)


def test_organization_changelist_and_autocomplete_hold_the_subtree_only(world):
    client = world.client("secretary")
    page = client.get(reverse("admin:organizations_organization_changelist"))
    assert list(page.context["cl"].result_list) == [world.branch]
    query = {"app_label": "organizations", "model_name": "appointment", "field_name": "organization"}
    found = {
        name: {int(row["id"]) for row in world.client(name).get(reverse("admin:autocomplete"), query).json()["results"]}
        for name in ("secretary", "college")
    }
    assert found == {"secretary": {world.branch.pk}, "college": {world.unit.pk, world.branch.pk, world.sibling.pk}}


def test_organization_add_hangs_it_under_a_node_one_keeps(world):
    client, address = world.client("college"), reverse("admin:organizations_organization_add")
    data = {**posted(client.get(address)), "name": "New", "code": "new", "org_type": "branch"}
    refused = client.post(address, {**data, "parent": world.far_unit.pk})
    assert (refused.status_code, Organization.objects.filter(code="new").exists()) == (200, False)
    assert client.post(address, {**data, "parent": world.unit.pk}).status_code == 302
    assert Organization.objects.get_parent(Organization.objects.get(code="new")) == world.unit


def test_appointment_add_reaches_no_foreign_node_and_not_oneself(world):
    client, address = world.client("college"), reverse("admin:organizations_appointment_add")
    data = {**posted(client.get(address)), "post": "organizer", "since": str(world.since)}
    tries = [
        (world.users["peer"], world.far_branch),
        (world.users["stranger"], world.root),
        (world.users["college"], world.branch),
    ]
    for person, place in tries:
        response = client.post(address, {**data, "user": person.pk, "organization": place.pk})
        assert response.status_code == 200
    assert Appointment.objects.filter(post="organizer").count() == 0
    client.post(address, {**data, "user": world.users["peer"].pk, "organization": world.branch.pk})
    assert Appointment.objects.get(post="organizer").user == world.users["peer"]


def test_member_admin_has_no_way_to_delete(world):
    address = reverse("admin:members_member_delete", args=[world.member("author").pk])
    assert world.client("secretary").post(address, {"post": "yes"}).status_code == 403
    assert Member.objects.filter(user=world.users["author"]).exists()
