"""Many at once: everybody counts once, whoever taps twice, at whichever server, and nobody slips past the end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from members.meetings import services
from members.meetings.models import Attendance
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.web.refusals import RuleError
from tests.members.meetings.hall import opened, row, scanned
from tests.portal.notifications.conftest import open_trail

__all__ = ["open_trail"]
pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, THREADS = 60, 8


@pytest.fixture
def files(tmp_path_factory):
    """Threads of their own connections see each other's rows only in a file."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("SQLite in memory is one connection; the bench runs this on its file")


def side_by_side(jobs):
    """Run jobs in a few threads that begin together, and return what each gave or raised, in order."""
    barrier = Barrier(THREADS)

    def work(mine):
        barrier.wait(30)
        found = []
        try:
            for job in mine:
                try:
                    found.append(job())
                except RuleError as refusal:
                    found.append(refusal)
        finally:
            connection.close()
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(work, [jobs[number::THREADS] for number in range(THREADS)]))
    return [answer for part in parts for answer in part]


def seat(meeting, count):
    people = User.objects.bulk_create(User(number=f"rush{n}", name=f"Rush {n}", password="!") for n in range(count))
    Attendance.objects.bulk_create(
        Attendance(meeting=meeting, user=user, standing="full_member", may_vote=True) for user in people
    )
    return people


def test_everybody_taps_twice_and_counts_once(open_trail, world, files):
    now = timezone.now()
    meeting = opened(world, now=now)
    people = seat(meeting, PEOPLE)
    code = scanned(meeting, now)
    taps = [lambda user=user: services.come_by_code(meeting, user, code, at=now) for user in people for _ in range(2)]
    came = side_by_side(taps)
    assert sum(answer.is_new for answer in came) == PEOPLE
    assert len(came) == 2 * PEOPLE
    assert Attendance.objects.filter(meeting=meeting, checked_in_at=now).count() == PEOPLE
    noted = AuditEntry.objects.filter(verb="meetings.checked_in").values_list("about_id", flat=True)
    assert sorted(noted) == sorted(user.pk for user in people)


def test_chair_and_phone_note_the_same_people_once(open_trail, world, files):
    now = timezone.now()
    meeting = opened(world, now=now)
    people = seat(meeting, 24)
    keys = list(Attendance.objects.filter(user__in=people).values_list("pk", flat=True))
    by, code = world.user("secretary"), scanned(meeting, now)
    jobs = [lambda user=user: services.come_by_code(meeting, user, code, at=now) for user in people]
    jobs[::6] = [lambda part=part: services.call_roll(meeting, keys, by=by, at=now) for part in range(4)]
    side_by_side(jobs)
    assert Attendance.objects.filter(meeting=meeting, user__in=people, checked_in_at=None).count() == 0
    own = AuditEntry.objects.filter(verb="meetings.checked_in").count()
    listed = AuditEntry.objects.filter(verb="meetings.roll_called").count()
    assert own + listed == len(people)


def test_nobody_comes_in_unnoticed_while_the_meeting_is_closed(open_trail, world, files):
    now = timezone.now()
    meeting = opened(world, now=now - timedelta(minutes=1))
    people = seat(meeting, 40)
    by, code = world.user("secretary"), scanned(meeting, now)
    jobs = [lambda user=user: services.come_by_code(meeting, user, code, at=now) for user in people]
    jobs[20] = lambda: services.close_meeting(meeting, by=by, at=now)
    side_by_side(jobs)
    rows = Attendance.objects.filter(meeting=meeting, user__in=people)
    assert rows.filter(checked_in_at=None).exclude(state="absent").count() == 0
    assert rows.filter(checked_in_at=now).exclude(state="present").count() == 0
    assert row(meeting, world, "member").state == "absent"
