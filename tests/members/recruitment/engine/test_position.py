"""Where a case stands, what it lacks and what may be recorded, with days and articles."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from members.recruitment.engine.codec import decode, encode
from members.recruitment.engine.details import DETAILS, KINDS, Outcome
from members.recruitment.engine.evaluate import evaluate
from members.recruitment.engine.facts import CaseFacts
from members.recruitment.engine.people import ExceptionFact, Role, Standing
from members.recruitment.engine.steps import STEPS, XZ14, XZ26, Stage, steps_of
from members.recruitment.engine.vocabulary import KIND_LABELS, PAPER_LABELS
from portal.organizations import models as organizations
from portal.rulesets.editions import EDITIONS
from tests.factories.dossiers import (
    CALENDAR,
    RULES,
    before_step,
    changed,
    clean_dossier,
    fact_of,
    through_step,
    without,
)

D = date


def position(facts: CaseFacts, on: date | None = None):
    return evaluate(facts, RULES[facts.edition], CALENDAR, on or facts.records[-1].on)


# After a step on its day: the stage, the next step, the standing and since when.
POSITIONS = [
    ("apply", Stage.APPLICATION, "talk", Standing.APPLICANT, D(2026, 6, 1)),
    ("talk", Stage.ACTIVIST, "nominate", Standing.APPLICANT, D(2026, 6, 1)),
    ("nominate", Stage.ACTIVIST, "file_activist", Standing.ACTIVIST, D(2026, 9, 1)),
    ("file_activist", Stage.ACTIVIST, "assign_contacts", Standing.ACTIVIST, D(2026, 9, 1)),
    ("assign_contacts", Stage.ACTIVIST, "cultivate", Standing.ACTIVIST, D(2026, 9, 1)),
    ("propose_target", Stage.TARGET, "consent_publicity", Standing.ACTIVIST, D(2026, 9, 1)),
    ("consent_publicity", Stage.TARGET, "sponsors", Standing.DEVELOPMENT_TARGET, D(2027, 9, 18)),
    ("sponsors", Stage.TARGET, "political_review", Standing.DEVELOPMENT_TARGET, D(2027, 9, 18)),
    ("political_review", Stage.TARGET, "training", Standing.DEVELOPMENT_TARGET, D(2027, 9, 18)),
    ("training", Stage.ADMISSION, "committee_review", Standing.DEVELOPMENT_TARGET, D(2027, 9, 18)),
    ("committee_review", Stage.ADMISSION, "pre_review", Standing.DEVELOPMENT_TARGET, D(2027, 9, 18)),
    ("pre_review", Stage.ADMISSION, "fill_form", Standing.DEVELOPMENT_TARGET, D(2027, 9, 18)),
    ("fill_form", Stage.ADMISSION, "congress", Standing.DEVELOPMENT_TARGET, D(2027, 9, 18)),
    ("congress", Stage.ADMISSION, "superior_talk", Standing.DEVELOPMENT_TARGET, D(2027, 9, 18)),
    ("superior_talk", Stage.ADMISSION, "approve", Standing.DEVELOPMENT_TARGET, D(2027, 9, 18)),
    ("approve", Stage.ADMISSION, "file_above", Standing.PROBATIONARY, D(2027, 11, 6)),
    ("file_above", Stage.PROBATION, "assign_branch", Standing.PROBATIONARY, D(2027, 11, 6)),
    ("assign_branch", Stage.PROBATION, "oath", Standing.PROBATIONARY, D(2027, 11, 6)),
    ("oath", Stage.PROBATION, "probation", Standing.PROBATIONARY, D(2027, 11, 6)),
    ("convert_apply", Stage.PROBATION, "probation", Standing.PROBATIONARY, D(2027, 11, 6)),
    ("convert_congress", Stage.PROBATION, "convert_approve", Standing.PROBATIONARY, D(2027, 11, 6)),
    ("convert_approve", Stage.PROBATION, "archive", Standing.FULL_MEMBER, D(2028, 11, 6)),
    ("archive", Stage.PROBATION, None, Standing.FULL_MEMBER, D(2028, 11, 6)),
]


@pytest.mark.parametrize(("step", "stage", "following", "standing", "since"), POSITIONS)
def test_position_after_each_step(step, stage, following, standing, since):
    now = position(through_step(clean_dossier(), step))
    assert (now.stage, now.step, now.standing, now.standing_since) == (stage, following, standing, since)
    assert now.is_ended is (step == "archive")


@pytest.mark.parametrize("edition", [XZ14, XZ26])
@pytest.mark.parametrize("extension", [0, 6])
def test_each_next_record_is_permitted(edition, extension):
    facts = clean_dossier(edition=edition, extension=extension)
    for place, fact in enumerate(facts.records):
        now = position(replace(facts, records=facts.records[:place]), fact.on)
        assert (fact.step, fact.kind) in {(permitted.step, permitted.kind) for permitted in now.may}


def test_archived_case_lacks_nothing():
    now = position(clean_dossier())
    assert (now.gaps, now.may, now.may_not, now.findings) == ((), (), (), ())
    assert len(now.done) == 23  # all but cultivation and probation, which their time completes


def test_first_day_lacks_the_talk():
    facts = clean_dossier(through="apply")
    gap = position(facts).gaps[0]
    assert (gap.step, gap.article, gap.actor, gap.earliest, gap.due, gap.overdue_since) == (
        "talk", "XZ26 7", Role.BRANCH, D(2026, 6, 1), D(2026, 7, 1), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "since"), [(D(2026, 6, 30), None), (D(2026, 7, 1), None), (D(2026, 7, 2), D(2026, 7, 2))]
)
def test_talk_overdue_since(on, since):
    now = position(clean_dossier(through="apply"), on)
    assert (now.gaps[0].overdue_since, now.overdue_since, now.due) == (since, since, D(2026, 7, 1))


def test_target_lacks_everything_at_once():
    now = position(clean_dossier(through="consent_publicity"))
    gaps = [(gap.step, gap.actor, gap.article) for gap in now.gaps if gap.code == "record"]
    assert gaps == [
        ("sponsors", Role.BRANCH, "XZ26 14"),
        ("political_review", Role.BRANCH, "XZ26 16"),
        ("training", Role.TRAINER, "XZ26 17"),
    ]


def test_imported_case_lacks_what_was_left_out():
    facts = through_step(clean_dossier(), "oath")
    facts = without(without(facts, "talk"), "file_activist")
    now = position(facts)
    assert now.step == "talk"
    assert [gap.step for gap in now.gaps if gap.code == "record"][:2] == ["talk", "file_activist"]


def test_missing_paper_is_a_gap():
    facts = changed(clean_dossier(through="talk"), "talk", documents=())
    gaps = [(gap.code, gap.step, gap.kind) for gap in position(facts).gaps if gap.code == "paper"]
    assert gaps == [("paper", "talk", "talk_record")]


def test_branch_without_committee_acts_by_its_congress():
    for has_committee, actor in ((True, Role.COMMITTEE), (False, Role.CONGRESS)):
        now = position(clean_dossier(through="talk", has_committee=has_committee))
        assert [gap.actor for gap in now.gaps if gap.step == "nominate"] == [actor]


@pytest.mark.parametrize(
    ("on", "inspections", "reports"),
    [
        (D(2026, 12, 31), 0, 0),  # the quarter that runs is not late on its last day
        (D(2027, 1, 1), 0, 1),
        (D(2027, 3, 1), 0, 1),
        (D(2027, 3, 2), 1, 1),
        (D(2027, 4, 1), 1, 2),
        (D(2027, 9, 2), 2, 3),
        (D(2027, 10, 1), 2, 4),
    ],
)
def test_what_recurs_is_missed_once_per_period(on, inspections, reports):
    now = position(clean_dossier(through="assign_contacts"), on)
    found = [gap.code for gap in now.gaps]
    assert (found.count("inspection"), found.count("report"), found.count("contact_note")) == (
        inspections, reports, reports,
    )  # fmt: skip
    assert all(gap.is_advice for gap in now.gaps if gap.code in ("report", "contact_note"))


def test_too_early_step_says_from_when():
    facts = clean_dossier(through="assign_contacts")
    now = position(facts)
    refused = next(item for item in now.may_not if (item.step, item.kind) == ("propose_target", "review"))
    assert [reason.code for reason in refused.reasons] == ["part", "cultivation_short"]
    assert (now.step, now.earliest, now.due) == ("cultivate", D(2027, 9, 1), D(2027, 3, 1))
    assert refused.earliest is None  # not time alone forbids it
    assert refused.arithmetic[1] == "Cultivation since 2026-09-01 must last 12 months, until 2027-09-01."


def test_conversion_too_early_by_time_alone():
    facts = before_step(clean_dossier(), "convert_congress", "ballot")
    now = position(facts, D(2028, 11, 5))
    refused = next(item for item in now.may_not if item.kind == "ballot")
    assert "convert_early" in {reason.code for reason in refused.reasons}
    assert ("convert_congress", "ballot") in {(item.step, item.kind) for item in position(facts).may}


def test_what_is_not_done_is_either_permitted_or_refused():
    now = position(clean_dossier(through="apply"))
    listed = {item.step for item in (*now.may, *now.may_not)}
    assert listed == set(STEPS) - {"apply"}


def test_leaving_soon_warns_at_the_review():
    facts = before_step(clean_dossier(leaves_on=D(2027, 12, 1)), "committee_review")
    permitted = next(item for item in position(facts, D(2027, 10, 18)).may if item.step == "committee_review")
    assert [warning.code for warning in permitted.warnings] == ["leaves_soon"]


def test_lifted_rule_stays_visible_as_a_warning():
    exception = ExceptionFact("leaves_soon", D(2027, 10, 1), 3, 9, True, "Goes to the west.")
    facts = before_step(clean_dossier(leaves_on=D(2027, 12, 1)), "pre_review")
    facts = replace(facts, exceptions=(exception,))
    permitted = next(item for item in position(facts, D(2027, 10, 25)).may if item.step == "pre_review")
    assert [warning.code for warning in permitted.warnings] == ["leaves_soon"]


def test_spared_training_is_no_gap():
    exception = ExceptionFact("training_missing", D(2027, 10, 1), 3, 9, True, "Abroad on duty.")
    facts = without(clean_dossier(through="political_review"), "training")
    now = position(replace(facts, exceptions=(exception,)))
    assert now.step == "committee_review"
    assert "training" not in {gap.step for gap in now.gaps}


def test_admission_begins_anew_after_six_months():
    facts = clean_dossier(through="congress")
    held = fact_of(facts, "congress").on
    assert position(facts, D(2028, 5, 6)).step == "superior_talk"
    late = position(facts, D(2028, 5, 7))
    assert (held, late.step, late.standing) == (D(2027, 11, 6), "committee_review", Standing.DEVELOPMENT_TARGET)
    assert "committee_review" in {item.step for item in late.may}


def test_expired_review_is_a_gap():
    facts = clean_dossier(through="committee_review")
    until = fact_of(facts, "political_review").on.replace(year=2028)
    assert "renewal" not in {gap.code for gap in position(facts, until).gaps}
    gap = next(gap for gap in position(facts, until + timedelta(1)).gaps if gap.code == "renewal")
    assert (gap.step, gap.overdue_since) == ("political_review", until + timedelta(1))


def test_extension_opens_a_second_round():
    facts = clean_dossier(extension=6)
    first = next(n for n, fact in enumerate(facts.records) if fact.step == "convert_approve")
    now = position(replace(facts, records=facts.records[: first + 1]))
    assert (now.step, now.standing) == ("probation", Standing.PROBATIONARY)
    assert now.earliest == D(2029, 5, 6)
    assert "convert_apply" not in now.done


def test_cancelled_probation_ends_outside():
    facts = changed(clean_dossier(through="convert_approve"), "convert_congress", "ballot", outcome=Outcome.CANCELLED)
    facts = changed(facts, "convert_approve", outcome=Outcome.CANCELLED, standing_from=None)
    now = position(facts)
    assert (now.step, now.standing, now.is_ended) == (None, Standing.MASS, True)


def test_records_of_later_days_are_not_known_yet():
    facts = clean_dossier()
    assert position(facts, D(2026, 6, 1)).done == ("apply",)


def test_findings_can_be_left_out():
    facts = changed(clean_dossier(), "apply", likeness=99)
    now = evaluate(facts, RULES[XZ26], CALENDAR, D(2030, 1, 1), with_findings=False)
    assert now.findings == ()


# The data the rules stand on.


def test_steps_are_those_of_the_editions():
    for edition in (XZ14, XZ26):
        assert tuple(step.code for step in steps_of(edition)) == EDITIONS[edition].steps
    assert [step.number for step in STEPS.values()] == list(range(1, 26))


def test_requirements_point_backwards():
    for step in STEPS.values():
        assert all(STEPS[code].number < step.number for code in step.requires)


def test_words_for_every_kind_and_paper():
    assert set(KIND_LABELS) == set(KINDS)
    assert {paper for step in STEPS.values() for paper in step.documents} <= set(PAPER_LABELS)
    assert set(DETAILS) == set(STEPS)


def test_standings_are_those_of_the_tree():
    assert [standing.value for standing in Standing] == organizations.Standing.values


@pytest.mark.parametrize("extension", [0, 6])
def test_details_survive_storage(extension):
    for fact in clean_dossier(extension=extension).records:
        assert decode(fact.kind, encode(fact.details)) == fact.details


def test_details_of_another_shape_are_refused():
    with pytest.raises(TypeError):
        decode("oath", {"place": "Hall", "unknown": 1})
    with pytest.raises(KeyError):
        decode("nothing", {})
