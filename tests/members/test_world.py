import pytest

from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from tests.world import CAST


@pytest.mark.parametrize("time", ["first", "again"])
def test_world_is_the_same_each_time(world, time):
    assert {name: world.member(name).organization.code for name in CAST} == {
        name: place for name, (place, standing) in CAST.items()
    }
    assert rights_of(world.user("secretary")).duties[Duty.SEE_PEOPLE] == (world.branch.path,)
    assert rights_of(world.user("retired")).duties == {}
    assert rights_of(world.user("disabled")).duties == {}
    assert world.user("outsider").affiliations.count() == 0
    more = world.branch.appointments.create(user=world.users["peer"], post="organizer", since=world.since)
    assert more.pk > 0
