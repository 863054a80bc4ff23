"""Two people decide about one duty at the same instant: on PostgreSQL, where they truly meet."""

import pytest
from django.db import connection

from members.meetings.models import MeetingKind
from members.obligations.engine.periods import Period, Span
from members.obligations.kinds import DutyKind
from members.obligations.models import LectureMark, Waiver
from members.obligations.services import mark_lecture, revoke, unmark_lecture, waive
from portal.audit.models import AuditEntry
from tests.members.dues.test_races import at_once
from tests.members.obligations.conftest import Hall
from tests.portal.notifications.conftest import open_trail

__all__ = ["open_trail"]

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


def test_of_two_waivers_one_is_kept(open_trail, hall: Hall) -> None:
    period, people = Period.of(Span.MONTH, hall.today), [hall.world.user(name) for name in ("college", "committee")]
    results = at_once(
        *[
            lambda by=by: waive(
                hall.world.branch, DutyKind.THEME_PARTY_DAY, period, reason="All are away.", by=by, on=hall.today
            )
            for by in people
        ]
    )
    assert sorted(results) == ["done", "refused"]
    assert Waiver.objects.count() == AuditEntry.objects.filter(verb="obligations.waived").count() == 1


def test_a_waiver_is_taken_back_once(open_trail, hall: Hall) -> None:
    period = Period.of(Span.MONTH, hall.today)
    waiver = waive(hall.world.branch, DutyKind.THEME_PARTY_DAY, period, reason="Away.", by=None, on=hall.today)
    calls = [lambda words=words: revoke(waiver, words=words, by=None, on=hall.today) for words in ("One", "Two")]
    assert sorted(at_once(*calls)) == ["done", "refused"]
    assert AuditEntry.objects.filter(verb="obligations.waiver_revoked").count() == 1


def test_a_lecture_is_marked_once_and_unmarked_once(open_trail, hall: Hall) -> None:
    part = hall.held(hall.world.branch, hall.today, MeetingKind.PARTY_LECTURE).parts.get()
    kind = DutyKind.INTEGRITY_LECTURE
    assert at_once(*[lambda: mark_lecture(part, kind, by=None)] * 2) == ["done", "done"]
    assert LectureMark.objects.count() == AuditEntry.objects.filter(verb="obligations.lecture_marked").count() == 1
    assert at_once(*[lambda: unmark_lecture(part, kind, by=None)] * 2) == ["done", "done"]
    assert AuditEntry.objects.filter(verb="obligations.lecture_unmarked").count() == 1
