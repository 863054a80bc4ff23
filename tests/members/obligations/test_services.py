"""Waivers and marks of lectures: what is refused, what is kept, what races leave."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from members.meetings.models import MeetingKind
from members.obligations.engine.evaluate import Status
from members.obligations.engine.periods import Period, Span
from members.obligations.kinds import DutyKind
from members.obligations.models import LectureMark, Waiver
from members.obligations.policies import is_superior
from members.obligations.queries.one import obligation_of
from members.obligations.services import mark_lecture, revoke, unmark_lecture, waive
from portal.audit.models import AuditEntry
from portal.rulesets.days import add_months
from portal.web.refusals import RuleError
from tests.members.obligations.conftest import Hall

K = DutyKind


def month(hall: Hall, before: int = 0) -> Period:
    return Period.of(Span.MONTH, add_months(hall.month, -before))


def do_waive(hall: Hall, period: Period, kind: str = K.THEME_PARTY_DAY, reason: str = "Everybody was away.") -> Waiver:
    return waive(hall.world.branch, kind, period, reason=reason, by=hall.world.user("college"), on=hall.today)


def test_a_waiver_is_kept_with_its_reason_and_can_be_taken_back(hall: Hall) -> None:
    period = month(hall, 1)
    waiver = do_waive(hall, period)
    assert obligation_of(hall.world.branch, K.THEME_PARTY_DAY, period, on=hall.today).status is Status.WAIVED
    entry = AuditEntry.objects.get(verb="obligations.waived")
    assert (entry.reason, entry.organization_id) == ("Everybody was away.", hall.world.branch.pk)
    revoke(waiver, words="It can be held.", by=hall.world.user("college"), on=hall.today)
    assert obligation_of(hall.world.branch, K.THEME_PARTY_DAY, period, on=hall.today).status is Status.OVERDUE
    with pytest.raises(RuleError, match="already"):
        revoke(waiver, words="Again.", by=None, on=hall.today)
    assert do_waive(hall, period).pk != waiver.pk
    assert AuditEntry.objects.filter(verb="obligations.waiver_revoked").count() == 1


def test_what_was_met_waived_or_is_not_owed_cannot_be_waived(hall: Hall) -> None:
    hall.held(hall.world.branch, hall.today, MeetingKind.THEME_PARTY_DAY)
    with pytest.raises(RuleError, match="was done"):
        do_waive(hall, month(hall))
    do_waive(hall, month(hall, 1))
    with pytest.raises(RuleError, match="already"):
        do_waive(hall, month(hall, 1))
    with pytest.raises(RuleError, match="Nothing of this kind"):
        do_waive(hall, month(hall), K.GROUP_MEETING)
    with pytest.raises(RuleError, match="Nothing of this kind"):
        do_waive(hall, month(hall), K.DEMOCRATIC_APPRAISAL)  # owed by the year, not by the month
    with pytest.raises(RuleError, match="Nothing of this kind"):
        do_waive(hall, month(hall, 30))  # the branch did not stand yet
    with pytest.raises(RuleError, match="too far ahead"):
        do_waive(hall, month(hall, -15))
    assert Waiver.objects.count() == 1


def test_a_period_long_over_is_a_matter_of_record(hall: Hall) -> None:
    branch = hall.world.branch
    type(branch).objects.filter(pk=branch.pk).update(established_on=hall.today - timedelta(days=2000))
    with pytest.raises(RuleError, match="too long"):
        do_waive(hall, month(hall, 27))


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_a_waiver_wants_a_reason_that_fits(hall: Hall, reason: str) -> None:
    with pytest.raises(ValidationError):
        do_waive(hall, month(hall), reason=reason)
    assert not Waiver.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "nothing"},
        {"reason": ""},
        {"revoked_on": "2026-01-01"},
        {"revoked_words": "Why"},
    ],
)
def test_the_database_refuses_waivers_that_make_no_sense(hall: Hall, change: dict) -> None:
    waiver = do_waive(hall, month(hall))
    with pytest.raises(IntegrityError), transaction.atomic():
        Waiver.objects.filter(pk=waiver.pk).update(**change)


def test_the_database_refuses_a_second_waiver_and_a_mark_of_no_lecture(hall: Hall) -> None:
    waiver = do_waive(hall, month(hall))
    part = hall.held(hall.world.branch, hall.today, MeetingKind.PARTY_LECTURE).parts.get()
    mark = mark_lecture(part, K.INTEGRITY_LECTURE, by=None)
    for broken in (
        Waiver(organization=waiver.organization, kind=waiver.kind, period=waiver.period, reason="x", on=hall.today),
        LectureMark(part=part, kind=mark.kind),
        LectureMark(part=part, kind=K.PARTY_LECTURE),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken.save()


def test_only_a_lecture_that_was_held_counts_as_one_on_integrity(hall: Hall) -> None:
    branch, by = hall.world.branch, hall.world.user("secretary")
    day = hall.held(branch, hall.today, MeetingKind.THEME_PARTY_DAY).parts.get()
    planned = hall.held(branch, hall.today, MeetingKind.PARTY_LECTURE, state="convened").parts.get()
    lecture = hall.held(branch, hall.today, MeetingKind.PARTY_LECTURE).parts.get()
    for part, kind in ((day, K.INTEGRITY_LECTURE), (planned, K.INTEGRITY_LECTURE), (lecture, K.PARTY_LECTURE)):
        with pytest.raises(RuleError):
            mark_lecture(part, kind, by=by)
    mark_lecture(lecture, K.INTEGRITY_LECTURE, by=by)
    mark_lecture(lecture, K.INTEGRITY_LECTURE, by=by)
    assert LectureMark.objects.count() == AuditEntry.objects.filter(verb="obligations.lecture_marked").count() == 1
    for _time in range(2):
        unmark_lecture(lecture, K.INTEGRITY_LECTURE, by=by)
    assert AuditEntry.objects.filter(verb="obligations.lecture_unmarked").count() == 1


def test_nobody_waives_their_own_but_the_root(hall: Hall) -> None:
    world = hall.world
    college, committee, secretary = (world.user(name) for name in ("college", "committee", "secretary"))
    assert is_superior(college, world.branch)
    assert not is_superior(college, world.unit)
    assert not is_superior(college, world.far_branch)
    assert is_superior(committee, world.unit)
    assert is_superior(committee, world.root)
    assert not is_superior(secretary, world.branch)
