"""What the people of a branch learned in a year, in the record of its space: for those who see learning there."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from partyschool.models import Enrolment
from partyschool.queries import Learned, learned_in
from partyschool.services import enrol
from portal.audiences.models import Visibility
from tests.factories.rooms import make_course

pytestmark = pytest.mark.django_db


def test_a_year_of_learning_is_counted_for_those_who_see_it(world):
    courses = [make_course(world.root, by=world.user("lecturer"), visibility=Visibility.INTERNAL) for _turn in range(2)]
    zone = ZoneInfo("Asia/Shanghai")
    # The first minutes of a year in Shanghai are the last hours of the year before elsewhere.
    for name, course, year in (
        ("author", 0, 2026), ("author", 1, 2026), ("peer", 0, 2026), ("peer", 1, 2025), ("stranger", 0, 2026),
    ):  # fmt: skip
        row = enrol(courses[course], by=world.user(name))
        day = datetime(year, 1, 1, 0, 5, tzinfo=zone)
        Enrolment.objects.filter(pk=row.pk).update(started_at=day, completed_at=day, hours=Decimal("1.5"))
    assert learned_in(world.branch, world.user("secretary"), 2026) == Learned(2, 3, Decimal("4.5"))
    assert learned_in(world.branch, world.user("secretary"), 2025) == Learned(1, 1, Decimal("1.5"))
    assert learned_in(world.branch, world.user("secretary"), 2024) == Learned(0, 0, Decimal(0))
    assert learned_in(world.unit, world.user("college"), 2026) == Learned(3, 4, Decimal("6.0"))
    assert learned_in(world.branch, world.user("author"), 2026) is None
    assert learned_in(world.branch, world.user("neighbor"), 2026) is None
    page = world.client("secretary").get(f"/spaces/{world.branch.pk}/record/?year=2026").content.decode()
    assert "people who completed a course" in page
