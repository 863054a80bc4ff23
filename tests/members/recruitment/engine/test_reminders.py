"""Reminders of one case: what is due, for whom, at which leads, and never twice (domain.md 3.7)."""

from datetime import date, timedelta

import pytest

from members.recruitment.engine.people import Role
from members.recruitment.engine.reminders import Reminder, reminders
from members.recruitment.engine.steps import XZ14
from tests.factories.dossiers import CALENDAR, RULES, before_step, clean_dossier, through_step

D = date


def due(facts, on=None) -> dict[str, date]:
    found = reminders(facts, RULES[facts.edition], CALENDAR, on or facts.records[-1].on)
    return {reminder.key: reminder.due_on for reminder in found}


DUE = [
    ("apply", {"talk_due": D(2026, 7, 1)}),
    ("assign_contacts", {
        "half_year_inspection_due": D(2027, 3, 1), "contact_note_due": D(2026, 12, 31),
        "thought_report_due": D(2026, 12, 31), "cultivation_one_year": D(2027, 9, 1),
    }),
    ("pre_review", {"congress_due": D(2027, 11, 25), "political_review_expiring": D(2028, 10, 10)}),
    ("congress", {"approval_due": D(2028, 2, 6)}),
    ("approve", {
        "oath_due": D(2027, 12, 26), "conversion_apply": D(2028, 11, 6), "conversion_congress_due": D(2028, 11, 6),
        "probation_inspection_due": D(2028, 5, 26),
    }),
    ("convert_congress", {"conversion_approval_due": D(2029, 2, 17)}),
]  # fmt: skip


@pytest.mark.parametrize(("step", "expected"), DUE)
def test_reminders_after_a_step(step, expected):
    found = due(through_step(clean_dossier(), step))
    assert {key: found.get(key) for key in expected} == expected


def test_archived_case_reminds_nobody():
    assert due(clean_dossier()) == {}


def test_running_notice_reminds_of_its_end():
    facts = before_step(clean_dossier(), "consent_publicity", "publicity_result")
    found = due(facts)
    assert (found["publicity_running"], found["publicity_ended"]) == (D(2027, 9, 10 + 2), D(2027, 9, 18))


def test_target_who_leaves_soon():
    facts = through_step(clean_dossier(leaves_on=D(2028, 6, 30)), "sponsors")
    assert due(facts)["leaves_soon"] == D(2028, 3, 30)


def test_extension_reminds_of_its_end():
    facts = clean_dossier(extension=6)
    first = next(n for n, fact in enumerate(facts.records) if fact.step == "convert_approve")
    facts = type(facts)(facts.edition, facts.person, facts.branch, facts.records[: first + 1])
    assert due(facts)["extension_end"] == D(2029, 5, 6)


def test_oath_of_2014_has_no_term():
    assert "oath_due" not in due(through_step(clean_dossier(edition=XZ14), "approve"))


def test_the_person_is_not_told_of_a_year_that_is_over():
    found = reminders(clean_dossier(through="assign_contacts"), RULES[clean_dossier().edition], CALENDAR, D(2026, 9, 9))
    told = {reminder.key: reminder.recipients for reminder in found}
    assert Role.APPLICANT not in told["cultivation_one_year"]
    assert told["thought_report_due"] == (Role.APPLICANT,)


TALK = Reminder("talk_due", "talk", D(2026, 7, 1), (14, 7, 1), (Role.BRANCH,))


def test_occasions_at_leads_then_weekly_one_level_higher():
    found = [(time.on, time.level) for time in TALK.occasions(D(2026, 6, 1), D(2026, 7, 20))]
    assert found == [
        (D(2026, 6, 17), 0), (D(2026, 6, 24), 0), (D(2026, 6, 30), 0), (D(2026, 7, 1), 0),
        (D(2026, 7, 8), 1), (D(2026, 7, 15), 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("on", "key"),
    [
        (D(2026, 6, 16), None),
        (D(2026, 6, 17), "talk_due:2026-07-01:-14"),
        (D(2026, 6, 18), "talk_due:2026-07-01:-14"),  # a run that comes a day late says the same
        (D(2026, 7, 1), "talk_due:2026-07-01:0"),
        (D(2026, 7, 7), "talk_due:2026-07-01:0"),
        (D(2026, 7, 8), "talk_due:2026-07-01:7"),
        (D(2026, 7, 14), "talk_due:2026-07-01:7"),
    ],
)
def test_latest_occasion_has_a_stable_key(on, key):
    latest = TALK.latest(on)
    assert (latest.key if latest else None) == key


def test_advice_does_not_escalate():
    advice = Reminder("leaves_soon", "congress", D(2026, 7, 1), (30,), (Role.BRANCH,), escalates=False)
    assert [time.on for time in advice.occasions(D(2026, 1, 1), D(2027, 1, 1))] == [D(2026, 6, 1), D(2026, 7, 1)]


def test_approval_reminds_before_it_is_void():
    facts = through_step(clean_dossier(), "congress")
    found = reminders(facts, RULES[facts.edition], CALENDAR, facts.records[-1].on)
    approval = next(reminder for reminder in found if reminder.key == "approval_due")
    days = [time.on for time in approval.occasions(D(2027, 11, 1), D(2028, 5, 6))]
    assert D(2028, 4, 6) + timedelta(15) in days
    assert days[:3] == [D(2028, 1, 7), D(2028, 1, 30), D(2028, 2, 6)]
