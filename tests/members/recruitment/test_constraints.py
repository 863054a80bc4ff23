"""What the database itself refuses, each rule broken on purpose past every service."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from members.recruitment.models import (
    Ballot,
    Batch,
    Case,
    CaseMove,
    ExceptionGrant,
    Paper,
    Quota,
    Sponsor,
    StepRecord,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


@pytest.fixture
def rows(world):
    """Return one lawful row of each table."""
    user, author = world.user("secretary"), world.member("author")
    case = Case.objects.create(
        person=author, organization=world.branch, edition="recruitment-2026-05", opened_on=DAY
    )
    record = StepRecord.objects.create(
        case=case, step="congress", kind="ballot", on=DAY, role="branch", recorded_by=user
    )
    ExceptionGrant.objects.create(case=case, rule="leaves_soon", node=world.unit, by=user, on=DAY, words="w")
    Sponsor.objects.create(
        case=case, person=author, sponsor=world.member("contact"), place=1, record=record, since=DAY
    )
    Quota.objects.create(organization=world.branch, year=2026, planned=3)
    return {"case": case, "record": record, "user": user, "author": author, "world": world}


def new_case(rows, **changes):
    values = {
        "person": rows["world"].member("peer"), "organization": rows["world"].branch, "edition": "e", "opened_on": DAY,
    }  # fmt: skip
    Case.objects.create(**values | changes)


def new_record(rows, **changes):
    values = {
        "case": rows["case"], "step": "talk", "kind": "talk", "on": DAY, "role": "branch", "recorded_by": rows["user"],
    }  # fmt: skip
    return StepRecord.objects.create(**values | changes)


def new_ballot(rows, **changes):
    votes = {
        "due": 10, "present": 9, "issued": 9, "returned": 9, "yes": 8, "no": 0, "abstain": 1, "invalid": 0,
        "written": 0,
    }  # fmt: skip
    Ballot.objects.create(record=rows["record"], **votes | changes)


def new_sponsor(rows, **changes):
    values = {
        "case": rows["case"], "person": rows["author"], "sponsor": rows["world"].member("member"), "place": 2,
        "record": rows["record"], "since": DAY,
    }  # fmt: skip
    Sponsor.objects.create(**values | changes)


BROKEN = {
    "case_one_open_per_person": lambda rows: new_case(rows, person=rows["author"]),
    "case_state_known": lambda rows: new_case(rows, state="paused"),
    "case_stage_known": lambda rows: new_case(rows, stage="x"),
    "case_standing_known": lambda rows: new_case(rows, standing="x"),
    "case_step_known": lambda rows: new_case(rows, current_step="x"),
    "case_closed_whole": lambda rows: new_case(rows, state="closed", closed_on=DAY),
    "case_dates_in_order": lambda rows: new_case(
        rows, state="closed", closed_on=date(2026, 5, 1), closed_reason="left"
    ),
    "case_move_two_branches": lambda rows: CaseMove.objects.create(
        case=rows["case"], on=DAY, from_branch=rows["world"].branch, to_branch=rows["world"].branch,
        is_handed_over=True,
    ),
    "exception_once_per_rule": lambda rows: ExceptionGrant.objects.create(
        case=rows["case"], rule="leaves_soon", node=rows["world"].unit, by=rows["user"], on=DAY, words="w"
    ),
    "exception_has_reason": lambda rows: ExceptionGrant.objects.create(
        case=rows["case"], rule="league", node=rows["world"].unit, by=rows["user"], on=DAY, words=""
    ),
    "step_record_once_per_round": lambda rows: new_record(rows, step="congress", kind="ballot"),
    "step_record_step_known": lambda rows: new_record(rows, step="x"),
    "step_record_kind_known": lambda rows: new_record(rows, kind="x"),
    "step_record_role_known": lambda rows: new_record(rows, role="x"),
    "step_record_correction_whole": lambda rows: new_record(rows, is_annulment=True, reason="r"),
    "step_record_correction_reason": lambda rows: new_record(rows, corrects=rows["record"]),
    "step_record_corrected_once": lambda rows: [
        new_record(rows, corrects=rows["record"], reason="r") for _time in range(2)
    ],
    "paper_kind_known": lambda rows: Paper.objects.create(record=rows["record"], kind="x"),
    "ballot_present_within_due": lambda rows: new_ballot(rows, due=8),
    "ballot_written_within_due": lambda rows: new_ballot(rows, written=2, yes=10),
    "ballot_issued_within_present": lambda rows: new_ballot(rows, issued=10),
    "ballot_returned_within_issued": lambda rows: new_ballot(rows, issued=8),
    "ballot_adds_up": lambda rows: new_ballot(rows, yes=7),
    "ballot_not_negative": lambda rows: new_ballot(rows, no=-1, yes=9),
    "sponsor_two_places": lambda rows: new_sponsor(rows, place=1),
    "sponsor_once": lambda rows: new_sponsor(rows, sponsor=rows["world"].member("contact")),
    "sponsor_place_known": lambda rows: new_sponsor(rows, place=3),
    "sponsor_not_oneself": lambda rows: new_sponsor(rows, sponsor=rows["author"]),
    "sponsor_dates_in_order": lambda rows: new_sponsor(rows, until=date(2026, 5, 1)),
    "batch_kind_known": lambda rows: Batch.objects.create(
        kind="x", organization=rows["world"].branch, on=DAY, step="talk", made_by=rows["user"]
    ),
    "quota_once_a_year": lambda rows: Quota.objects.create(organization=rows["world"].branch, year=2026, planned=1),
    "quota_year_in_range": lambda rows: Quota.objects.create(organization=rows["world"].branch, year=1999, planned=1),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_row_the_database_refuses(rows, name):
    with pytest.raises(IntegrityError), transaction.atomic():
        BROKEN[name](rows)


def test_the_lawful_rows_are_taken(rows):
    new_case(rows)
    new_record(rows)
    new_ballot(rows)
    new_sponsor(rows)
    assert (Case.objects.count(), StepRecord.objects.count(), Ballot.objects.count()) == (2, 2, 1)


@pytest.mark.parametrize("verb", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
@pytest.mark.parametrize("model", [StepRecord, Ballot, ExceptionGrant])
def test_what_was_recorded_is_never_changed(rows, model, verb):
    new_ballot(rows)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table=model._meta.db_table))
    assert model.objects.count() == 1
    assert timezone.localdate(rows["record"].recorded_at) == timezone.localdate()
