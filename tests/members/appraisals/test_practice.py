"""The practice university has appraisals at every point that a page shows, by the verbs of the portal and once only."""

from members.appraisals.models import Appraisal
from members.appraisals.practice import make_appraisals
from members.meetings.models import MeetingState
from members.practice.people import make_people
from portal.home.practice.world import PracticeWorld, make_tree


def test_appraisals_at_every_point_are_made_once(db: None) -> None:
    world = PracticeWorld(password="practice-of-tests")  # noqa: S106 - nobody signs in
    make_tree(world)
    world.branches = world.branches[:3]
    make_people(world)
    make_appraisals(world)
    assert sorted(Appraisal.objects.values_list("state", flat=True)) == ["announced", "ballot", "closed", "reported"]
    held = Appraisal.objects.select_related("meeting").get(state="announced")
    assert held.meeting is not None
    assert held.meeting.state == MeetingState.CONVENED
    make_appraisals(world)
    assert Appraisal.objects.count() == 4
