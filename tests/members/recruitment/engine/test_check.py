"""What forbids a record by its people, its order and its content; what a superior may lift, and what nobody may."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from members.recruitment.engine.bans import BANS, LIFTABLE
from members.recruitment.engine.check import check_record
from members.recruitment.engine.details import (
    Heard,
    Letter,
    Minutes,
    OathFact,
    Outcome,
    Purpose,
    ReportFact,
    Topic,
)
from members.recruitment.engine.facts import CaseFacts, Fact
from members.recruitment.engine.people import BranchFacts, ExceptionFact, Named, Role, Standing
from members.recruitment.engine.steps import STEPS, XZ14, XZ26
from tests.factories.dossiers import (
    CALENDAR,
    CANDIDATE,
    FIRST,
    RULES,
    SECOND,
    TALKER,
    THIRD,
    before_step,
    clean_dossier,
    fact_of,
    through_step,
)

LATER = date(2040, 1, 1)
PROBATIONER = Named(21, "Zhou", Standing.PROBATIONARY)
OBSERVED = Named(22, "Wu", is_sanctioned=True)
SUSPENDED = Named(23, "Zheng", is_active=False)
ITSELF = Named(CANDIDATE, "Candidate")
OWN = ("by", "role", "on", "documents")


def refusals(facts: CaseFacts, fact: Fact, on: date = LATER) -> list[tuple[str, str]]:
    found = check_record(facts, RULES[facts.edition], CALENDAR, fact, on)
    return [(refusal.code, refusal.article) for refusal in found]


def spoil(facts: CaseFacts, step: str, kind: str | None, **changes) -> Fact:
    fact = fact_of(facts, step, kind)
    inner = {name: value for name, value in changes.items() if name not in OWN}
    own = {name: value for name, value in changes.items() if name in OWN}
    return replace(fact, details=replace(fact.details, **inner), **own)


GOOD = [(5, 5, 5, 0, 0), (5, 3, 3, 0, 0), (7, 4, 4, 0, 0), (5, 5, 3, 1, 1)]
# step, kind, what is written otherwise, refusals by code and article
CONTENT = [
    ("apply", None, {"received_on": date(2026, 5, 31)}, [("dates", "XZ26 5")]),
    ("talk", None, {"talker": ITSELF}, [("talker", "XZ26 7")]),
    ("talk", None, {"topics": (Topic.LAW,)}, [("topics", "XZ26 7")]),
    ("nominate", None, {"recommended_on": date(2026, 5, 31)}, [("dates", "XZ26 8")]),
    ("nominate", None, {"recommended_on": date(2026, 9, 2)}, [("dates", "XZ26 8")]),
    ("nominate", None, {"minutes": Minutes(5, 2, 2, 0, 0)}, [("committee_quorum", "XZ26 8")]),
    ("nominate", None, {"minutes": Minutes(5, 5, 2, 3, 0)}, [("committee_majority", "XZ26 8")]),
    ("nominate", None, {"minutes": Minutes(5, 5, 4, 0, 0)}, [("count_sums", "XZ26 8")]),
    ("nominate", None, {"minutes": Minutes(4, 5, 5, 0, 0)}, [("present_over_due", "XZ26 8")]),
    ("nominate", None, {"minutes": Minutes(5, 5, None, 0, 0)}, [("count_missing", "XZ26 8")]),
    ("nominate", None, {"minutes": Minutes()}, [("count_missing", "XZ26 8")]),
    ("assign_contacts", None, {"contacts": ()}, [("contacts_count", "XZ26 9")]),
    ("assign_contacts", None, {"contacts": (FIRST, SECOND, THIRD)}, [("contacts_count", "XZ26 9")]),
    ("assign_contacts", None, {"contacts": (FIRST,)}, []),
    ("assign_contacts", None, {"contacts": (FIRST, FIRST)}, [("contact_twice", "XZ26 9")]),
    ("assign_contacts", None, {"contacts": (PROBATIONER,)}, [("contact_not_full", "XZ26 9")]),
    ("assign_contacts", None, {"contacts": (OBSERVED,)}, [("contact_not_full", "XZ26 9")]),
    ("assign_contacts", None, {"contacts": (SUSPENDED,)}, [("contact_not_full", "XZ26 9")]),
    ("assign_contacts", None, {"contacts": (ITSELF,)}, [("contact_self", "XZ26 9")]),
    ("cultivate", "contact_note", {"author": THIRD}, [("author", "XZ26 10")]),
    ("propose_target", "opinions", {"heard": (Heard.MEMBERS, Heard.MASSES)}, [("opinions", "XZ26 13")]),
    ("propose_target", "review", {"outcome": Outcome.EXTENDED}, [("outcome_unknown", "XZ26 13")]),
    ("propose_target", "review", {"outcome": Outcome.REJECTED}, [("outcome", "XZ26 13")]),
    ("consent_publicity", "consent", {"outcome": Outcome.CANCELLED}, [("outcome_unknown", "XZ26 13")]),
    ("consent_publicity", "publicity", {"purpose": Purpose.ADMISSION}, [("publicity_purpose", "XZ26 13")]),
    ("consent_publicity", "publicity", {"ends_on": date(2027, 9, 16)}, [("publicity_short", "XZ26 13")]),
    ("consent_publicity", "publicity_result", {"purpose": Purpose.CONVERSION}, [("publicity_purpose", "XZ26 13")]),
    ("sponsors", None, {"sponsors": (FIRST,)}, [("sponsors_count", "XZ26 14")]),
    ("sponsors", None, {"sponsors": (FIRST, SECOND, THIRD)}, [("sponsors_count", "XZ26 14")]),
    ("sponsors", None, {"sponsors": (FIRST, FIRST)}, [("sponsor_twice", "XZ26 14")]),
    ("sponsors", None, {"sponsors": (FIRST, PROBATIONER)}, [("sponsor_not_full", "XZ26 14")]),
    ("sponsors", None, {"sponsors": (FIRST, OBSERVED)}, [("sponsor_not_full", "XZ26 14")]),
    ("sponsors", None, {"sponsors": (ITSELF, FIRST)}, [("sponsor_self", "XZ26 14")]),
    ("political_review", None, {"letters": (Letter("m", date(2027, 9, 20), None),)}, [("letters_open", "XZ26 16")]),
    (
        "political_review",
        None,
        {"letters": (Letter("m", date(2027, 9, 20), date(2027, 10, 11)),)},
        [("letters_late", "XZ26 16")],
    ),
    (
        "political_review",
        None,
        {"letters": (Letter("m", date(2027, 10, 1), date(2027, 9, 20)),)},
        [("dates", "XZ26 16")],
    ),
    ("training", None, {"has_passed": False}, [("training_failed", "XZ26 17")]),
    ("training", None, {"hours": 20, "days": 2}, [("training_short", "XZ26 17")]),
    ("training", None, {"ends_on": date(2027, 10, 1)}, [("dates", "XZ26 17")]),
    ("committee_review", None, {"minutes": Minutes(5, 2, 2, 0, 0)}, [("committee_quorum", "XZ26 18")]),
    ("pre_review", None, {"outcome": Outcome.EXTENDED}, [("outcome_unknown", "XZ26 18")]),
    ("superior_talk", None, {"talker": FIRST}, [("talker_sponsors", "XZ26 24")]),
    ("superior_talk", None, {"talker": ITSELF}, [("talker", "XZ26 24")]),
    ("approve", None, {"minutes": Minutes(9, 9, 4, 5, 0)}, [("committee_majority", "XZ26 25")]),
    ("approve", None, {"outcome": Outcome.EXTENDED}, [("outcome_unknown", "XZ26 25")]),
    ("probation", "contact_note", {"author": TALKER}, [("author", "XZ26 31")]),
    ("convert_congress", "opinions", {"heard": (Heard.MEMBERS,)}, [("opinions", "XZ26 32")]),
    ("convert_congress", "opinions", {"heard": (Heard.GROUP, Heard.MEMBERS, Heard.MASSES)}, []),
    ("convert_congress", "ballot", {"candidates": 2}, [("several_candidates", "XZ26 20")]),
    ("convert_congress", "ballot", {"sponsors_present": 0}, []),
    ("convert_approve", None, {"outcome": Outcome.CANCELLED}, [("approval_differs", "XZ26 33")]),
    ("convert_approve", None, {"standing_from": date(2028, 11, 7)}, [("standing_date", "XZ26 33")]),
]


@pytest.mark.parametrize(("step", "kind", "changes", "expected"), CONTENT)
def test_record_refused_by_its_content(step, kind, changes, expected):
    facts = clean_dossier()
    assert refusals(before_step(facts, step, kind), spoil(facts, step, kind, **changes)) == expected


@pytest.mark.parametrize("count", GOOD)
def test_minutes_that_add_up(count):
    facts = clean_dossier()
    assert refusals(before_step(facts, "nominate"), spoil(facts, "nominate", None, minutes=Minutes(*count))) == []


# Who acts wrongly, by step and kind.
CAPACITY = [
    ("apply", None, {"by": 2, "role": Role.APPLICANT}, "role"),
    ("apply", None, {"by": CANDIDATE, "role": Role.BRANCH}, "own_case"),
    ("talk", None, {"by": CANDIDATE, "role": Role.APPLICANT}, "own_case"),
    ("talk", None, {"by": CANDIDATE}, "own_case"),
    ("talk", None, {"role": Role.SUPERIOR}, "role"),
    ("file_activist", None, {"role": Role.BRANCH}, "role"),
    ("assign_contacts", None, {"role": Role.CONTACT}, "role"),
    ("cultivate", "report", {"by": 99, "role": Role.CONTACT}, "role"),
    ("cultivate", "inspection", {"by": CANDIDATE, "role": Role.APPLICANT}, "own_case"),
    ("consent_publicity", "consent", {"role": Role.BRANCH}, "role"),
    ("consent_publicity", "publicity", {"role": Role.SUPERIOR}, "role"),
    ("training", None, {"role": Role.BRANCH}, "role"),
    ("pre_review", None, {"role": Role.BRANCH}, "role"),
    ("fill_form", None, {"by": CANDIDATE, "role": Role.APPLICANT}, "own_case"),
    ("congress", "ballot", {"by": CANDIDATE}, "own_case"),
    ("approve", None, {"role": Role.BRANCH}, "role"),
    ("approve", None, {"by": CANDIDATE}, "own_case"),
    ("convert_apply", None, {"by": 2, "role": Role.APPLICANT}, "role"),
    ("convert_approve", None, {"role": Role.SPONSOR}, "role"),
]


@pytest.mark.parametrize(("step", "kind", "changes", "code"), CAPACITY)
def test_record_refused_by_who_acts(step, kind, changes, code):
    facts = clean_dossier()
    found = refusals(before_step(facts, step, kind), spoil(facts, step, kind, **changes))
    assert [found_code for found_code, _article in found] == [code]


@pytest.mark.parametrize("edition", [XZ14, XZ26])
@pytest.mark.parametrize("has_committee", [True, False])
@pytest.mark.parametrize("extension", [0, 6, 12])
def test_lawful_way_passes_record_by_record(edition, has_committee, extension):
    facts = clean_dossier(edition=edition, has_committee=has_committee, extension=extension)
    for place, fact in enumerate(facts.records):
        assert refusals(replace(facts, records=facts.records[:place]), fact, fact.on) == []


@pytest.mark.parametrize("edition", [XZ14, XZ26])
def test_nothing_is_recorded_twice(edition):
    facts = clean_dossier(edition=edition)
    for place, fact in enumerate(facts.records):
        assert refusals(replace(facts, records=facts.records[: place + 1]), fact) != []


@pytest.mark.parametrize("step", [code for code, step in STEPS.items() if step.requires])
def test_step_out_of_order_names_what_must_come_first(step):
    facts = clean_dossier()
    for required in STEPS[step].requires:
        if required in ("cultivate", "probation"):
            continue
        kept = tuple(fact for fact in before_step(facts, step).records if fact.step != required)
        special = {"training": "training_missing", "political_review": "review_missing"}
        codes = [code for code, _article in refusals(replace(facts, records=kept), fact_of(facts, step))]
        assert special.get(required, "order") in codes


@pytest.mark.parametrize("step", ["talk", "nominate", "sponsors", "pre_review", "superior_talk", "oath"])
def test_record_of_tomorrow_is_refused(step):
    facts = clean_dossier()
    fact = fact_of(facts, step)
    found = refusals(before_step(facts, step), fact, fact.on - timedelta(1))
    assert [code for code, _article in found] == ["future"]


def test_record_slipped_under_later_ones_is_refused():
    facts = through_step(clean_dossier(), "congress")
    fact = spoil(facts, "sponsors", None, sponsors=(FIRST, THIRD))
    assert ("later", "XZ26 14") in refusals(facts, fact)


def test_contacts_and_sponsors_may_be_replaced():
    facts = through_step(clean_dossier(), "sponsors")
    on = fact_of(facts, "sponsors").on + timedelta(1)
    assert refusals(facts, spoil(facts, "assign_contacts", None, contacts=(THIRD,), on=on)) == []
    assert refusals(facts, spoil(facts, "sponsors", None, sponsors=(FIRST, THIRD), on=on)) == []


def test_nothing_is_recorded_after_the_end():
    facts = clean_dossier()
    fact = Fact("oath", date(2029, 6, 1), 2, Role.BRANCH, OathFact())
    assert refusals(facts, fact) == [("ended", "XZ26 29")]


def test_reports_end_with_the_stage():
    facts = through_step(clean_dossier(), "approve")
    fact = Fact("cultivate", date(2028, 1, 5), CANDIDATE, Role.APPLICANT, ReportFact(2027, 4))
    assert refusals(facts, fact) == [("past", "XZ26 10")]


def test_details_of_another_step_are_refused():
    fact = replace(fact_of(clean_dossier(), "oath"), step="talk")
    assert refusals(clean_dossier(through="apply"), fact) == [("unknown_step", "XZ26 7")]


def test_branch_without_committee_needs_no_committee_review_of_conversion():
    facts = clean_dossier(has_committee=False)
    fact = fact_of(facts, "convert_congress", "ballot")
    assert refusals(before_step(facts, "convert_congress", "ballot"), fact) == []
    with_committee = replace(facts, branch=BranchFacts(key=1))
    assert refusals(before_step(with_committee, "convert_congress", "ballot"), fact) == [("part", "XZ26 32")]


def test_branch_without_groups_hears_no_group():
    facts = replace(clean_dossier(), branch=BranchFacts(key=1, has_groups=False))
    fact = spoil(facts, "propose_target", "opinions", heard=(Heard.CONTACTS, Heard.MEMBERS, Heard.MASSES))
    assert refusals(before_step(facts, "propose_target", "opinions"), fact) == []


def test_temporary_branch_recruits_nobody():
    facts = replace(clean_dossier(), branch=BranchFacts(key=1, is_temporary=True))
    fact = fact_of(facts, "propose_target", "review")
    assert refusals(before_step(facts, "propose_target", "review"), fact) == [("temporary_branch", "ZB")]


def test_rejected_congress_begins_anew_with_the_review():
    facts = through_step(clean_dossier(), "congress")
    vote = spoil(facts, "congress", "ballot", yes=5, no=4, abstain=0, outcome=Outcome.REJECTED)
    rejected = replace(facts, records=(*facts.records[:-1], vote))
    talk = fact_of(clean_dossier(), "superior_talk")
    assert refusals(rejected, talk) == [("order", "XZ26 24")]
    review = spoil(facts, "committee_review", None, on=vote.on + timedelta(1))
    assert refusals(rejected, review) == []


def test_blocked_publicity_takes_the_target_back():
    facts = through_step(clean_dossier(), "consent_publicity")
    blocked = spoil(facts, "consent_publicity", "publicity_result", is_blocking=True)
    blocked_facts = replace(facts, records=(*facts.records[:-1], blocked))
    assert ("order", "XZ26 14") in refusals(blocked_facts, fact_of(clean_dossier(), "sponsors"))


def test_cancelled_probation_ends_the_case():
    facts = clean_dossier()
    vote = spoil(facts, "convert_congress", "ballot", outcome=Outcome.CANCELLED)
    before = replace(facts, records=(*before_step(facts, "convert_congress", "ballot").records, vote))
    cancelled = spoil(facts, "convert_approve", None, outcome=Outcome.CANCELLED, standing_from=None)
    assert refusals(before, cancelled) == []
    assert refusals(before.with_record(cancelled), fact_of(facts, "archive")) == [("ended", "XZ26 36")]


# Exceptions: step, kind, what stands in the way.


def leaving_soon() -> tuple[CaseFacts, Fact]:
    facts = clean_dossier(leaves_on=date(2028, 1, 20))
    return before_step(facts, "pre_review"), fact_of(facts, "pre_review")


def grant(rule: str = "leaves_soon", **changes) -> ExceptionFact:
    values = {"on": date(2027, 10, 1), "by": 3, "node": 9, "is_superior": True, "reason": "Goes to the west."} | changes
    return ExceptionFact(rule=rule, **values)


@pytest.mark.parametrize(
    ("exception", "expected"),
    [
        (grant(), []),
        (grant("congress_late"), ["leaves_soon"]),  # another rule
        (grant(is_superior=False), ["leaves_soon"]),  # by the branch itself
        (grant(on=date(2029, 1, 1)), ["leaves_soon"]),  # after the step
        (grant(by=CANDIDATE), ["leaves_soon"]),
        (grant(reason=" "), ["leaves_soon"]),
    ],
)
def test_exception_lifts_the_rule_it_names(exception, expected):
    facts, fact = leaving_soon()
    found = refusals(replace(facts, exceptions=(exception,)), fact)
    assert [code for code, _article in found] == expected


def test_exception_spares_the_training():
    facts = clean_dossier()
    kept = tuple(fact for fact in before_step(facts, "committee_review").records if fact.step != "training")
    untrained, fact = replace(facts, records=kept), fact_of(facts, "committee_review")
    assert refusals(untrained, fact) == [("training_missing", "XZ26 17")]
    assert refusals(replace(untrained, exceptions=(grant("training_missing"),)), fact) == []


FLOORS = [
    "age", "quorum", "majority", "convert_early", "extension_again", "sponsor_not_full", "cultivation_short",
    "publicity_short", "review_missing", "approval_void", "role", "future", "order",
]  # fmt: skip


@pytest.mark.parametrize("code", FLOORS)
def test_floors_are_lifted_by_nobody(code):
    assert code not in LIFTABLE


def test_exception_for_a_floor_lifts_nothing():
    facts = clean_dossier()
    fact = spoil(facts, "sponsors", None, sponsors=(FIRST, PROBATIONER))
    before = replace(before_step(facts, "sponsors"), exceptions=(grant("sponsor_not_full", on=date(2026, 6, 1)),))
    assert refusals(before, fact) == [("sponsor_not_full", "XZ26 14")]


def test_every_ban_has_words():
    assert all(str(ban.words) for ban in BANS.values())


# Where the editions differ.


def test_edition_2014_lists_a_target_by_filing():
    facts = before_step(clean_dossier(edition=XZ14), "sponsors")
    assert refusals(facts, fact_of(clean_dossier(edition=XZ14), "sponsors")) == []


def test_edition_2026_lists_a_target_after_publicity():
    facts = clean_dossier()
    kept = tuple(fact for fact in before_step(facts, "sponsors").records if not fact.kind.startswith("publicity"))
    assert refusals(replace(facts, records=kept), fact_of(facts, "sponsors")) == [("order", "XZ26 14")]


def test_edition_2014_has_no_itemised_talk():
    facts = clean_dossier(edition=XZ14)
    assert refusals(before_step(facts, "talk"), spoil(facts, "talk", None, topics=())) == []


def test_edition_2014_cites_its_own_articles():
    facts = clean_dossier(edition=XZ14)
    fact = spoil(facts, "sponsors", None, sponsors=(FIRST, FIRST))
    assert refusals(before_step(facts, "sponsors"), fact) == [("sponsor_twice", "XZ14 14")]
