"""The practice university has activities in every state that a page shows, by the verbs of the portal and once only."""

from time import perf_counter

from members.activities.models import Activity, Contribution, Enrolment
from members.activities.practice import PLANS, make_activities
from members.practice.people import make_people
from portal.home.practice.world import PracticeWorld, make_tree
from portal.hours.models import HourEntry


def test_a_dozen_activities_in_all_states_are_made_once(db: None) -> None:
    world = PracticeWorld(password="practice-of-tests")  # noqa: S106 - nobody signs in
    make_tree(world)
    world.branches = world.branches[:1]
    make_people(world)
    make_activities(world)
    states = set(Activity.objects.values_list("state", flat=True))
    assert states == {"draft", "submitted", "returned", "approved", "finished", "cancelled"}
    assert Activity.objects.count() == len(PLANS)
    assert {"enrolled", "waiting"} <= set(Enrolment.objects.values_list("state", flat=True))
    assert sorted(Contribution.objects.values_list("rank", flat=True))[0] == 1
    assert set(HourEntry.objects.values_list("kind", flat=True)) == {"study", "volunteering"}
    before = Enrolment.objects.count(), HourEntry.objects.count()
    start = perf_counter()
    make_activities(world)
    assert perf_counter() - start < 1
    assert (Enrolment.objects.count(), HourEntry.objects.count()) == before
