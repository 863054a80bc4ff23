"""People placed and appointed while their node is being merged: on PostgreSQL, where two truly meet."""

from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from members.services import place
from portal.organizations.models import Affiliation, Appointment, OrganizationParent
from portal.organizations.services import (
    affiliate,
    appoint,
    create_organization,
    merge_organizations,
    move_organization,
)
from portal.web.refusals import RuleError

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite lets one writer in at a time"),
]

TODAY = timezone.localdate()
WAIT = 1.0


def while_merging(world, call):
    """Run ``call`` while a merger of the branch waits to be committed; return what it said and whether it waited."""
    said = []

    def run():
        try:
            said.append(call())
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            said.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    with transaction.atomic():
        merge_organizations([world.branch], world.sibling, on=TODAY, reason="r", by=world.user("college"))
        thread.start()
        thread.join(WAIT)
        waited = thread.is_alive()
    thread.join(30)
    return said[0], waited


@pytest.mark.parametrize("verb", ["place", "affiliate", "appoint"])
def test_nobody_comes_into_a_node_while_it_is_merged(open_trail, world, verb):
    person, branch = world.user("stranger"), world.branch
    calls = {
        "place": lambda: place(world.member("stranger"), branch, standing="activist", on=TODAY, by=None),
        "affiliate": lambda: affiliate(person, branch, standing="activist", on=TODAY, by=None),
        "appoint": lambda: appoint(person, branch, "organizer", on=TODAY, by=None),
    }
    said, waited = while_merging(world, calls[verb])
    assert (type(said), waited) == (RuleError, True)
    assert Affiliation.objects.filter(organization=branch, until=None).count() == 0
    assert Appointment.objects.filter(organization=branch, ended_at=None).count() == 0


def test_a_person_of_the_node_is_placed_elsewhere_once_the_merger_is_done(open_trail, world):
    member = world.member("author")
    said, _waited = while_merging(world, lambda: place(member, world.office, standing="activist", on=TODAY, by=None))
    assert said.organization_id == world.office.pk
    assert Affiliation.objects.filter(user=member.user, until=None).values_list("organization_id").get() == (
        world.office.pk,
    )


@pytest.mark.parametrize("verb", ["move", "create"])
def test_the_shape_of_the_tree_changes_one_at_a_time(open_trail, world, verb):
    calls = {
        "move": lambda: move_organization(world.far_branch, parent=world.branch, by=world.user("committee")),
        "create": lambda: create_organization(parent=world.branch, by=None, name="N", code="n", org_type="group"),
    }
    said, waited = while_merging(world, calls[verb])
    assert (type(said), waited) == (RuleError, True)
    assert OrganizationParent.objects.filter(parent=world.branch, until=None).count() == 0
