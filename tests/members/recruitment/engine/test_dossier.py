"""Faulty files are found with their article, clean ones leave nothing to find (peers.md 1.3, domain.md 3)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from members.recruitment.engine.details import Letter, Minutes, Outcome
from members.recruitment.engine.dossier import LINTS, contradictions
from members.recruitment.engine.evaluate import evaluate
from members.recruitment.engine.facts import CaseFacts, Document
from members.recruitment.engine.people import Named, Standing
from members.recruitment.engine.steps import XZ14, XZ26
from portal.rulesets.days import add_months
from tests.factories.dossiers import CALENDAR, FIRST, RULES, SECOND, changed, clean_dossier, fact_of, without

PROBATIONER = Named(21, "Zhou", Standing.PROBATIONARY)

CLEAN = {
    "ordinary": clean_dossier(),
    "begun on a month's end": clean_dossier(date(2026, 5, 31)),
    "begun on a leap day": clean_dossier(date(2028, 2, 29)),
    "over the year's end": clean_dossier(date(2026, 12, 31)),
    "without committee": clean_dossier(has_committee=False),
    "extended by half a year": clean_dossier(extension=6),
    "extended by a year": clean_dossier(extension=12),
    "edition of 2014": clean_dossier(date(2023, 9, 1), edition=XZ14),
    "edition of 2014, extended": clean_dossier(date(2024, 2, 29), edition=XZ14, extension=6),
    "still cultivated": clean_dossier(through="cultivate"),
    "just admitted": clean_dossier(through="approve"),
    "leaves in time": clean_dossier(leaves_on=date(2029, 6, 30)),
    "as old as needed": clean_dossier(birth_date=date(2008, 6, 1)),
}


@pytest.mark.parametrize("name", CLEAN)
def test_clean_dossier_has_no_finding(name):
    facts = CLEAN[name]
    assert contradictions(facts, RULES[facts.edition], CALENDAR) == ()


def papers(facts: CaseFacts, step: str, kind: str | None = None, **changes) -> CaseFacts:
    documents = tuple(replace(document, **changes) for document in fact_of(facts, step, kind).documents)
    return changed(facts, step, kind, documents=documents)


def with_paper(facts: CaseFacts, step: str, document: Document) -> CaseFacts:
    return changed(facts, step, documents=(*fact_of(facts, step).documents, document))


def autobiography(facts: CaseFacts) -> CaseFacts:
    day = fact_of(facts, "training").on + timedelta(1)
    return with_paper(facts, "committee_review", Document("autobiography", dated_on=day, is_signed=True))


def stated(facts: CaseFacts) -> CaseFacts:
    return papers(facts, "fill_form", states=(("apply", date(2026, 6, 2)), ("nominate", date(2026, 9, 1))))


def bunched(facts: CaseFacts) -> CaseFacts:
    reports = [fact for fact in facts.records if fact.kind == "report" and fact.step == "cultivate"]
    late = reports[1].on - timedelta(1)
    moved = replace(reports[0], on=late, documents=(), recorded_on=late)
    return replace(facts, records=tuple(sorted((f if f is not reports[0] else moved for f in facts.records), key=_on)))


def _on(fact) -> date:
    return fact.on


def review_early(facts: CaseFacts) -> CaseFacts:
    on = fact_of(facts, "political_review").on
    return changed(facts, "political_review", letters=(Letter("mother", on - timedelta(9), on + timedelta(1)),))


def late_training(facts: CaseFacts) -> CaseFacts:
    day = fact_of(facts, "congress").on + timedelta(1)
    return changed(facts, "training", on=day, starts_on=day, ends_on=day)


def late_congress(facts: CaseFacts) -> CaseFacts:
    return changed(facts, "congress", "ballot", on=add_months(fact_of(facts, "pre_review").on, 1) + timedelta(1))


def early_congress(facts: CaseFacts) -> CaseFacts:
    return changed(facts, "congress", "ballot", on=fact_of(facts, "pre_review").on - timedelta(1))


def late_approval(months: int) -> Callable[[CaseFacts], CaseFacts]:
    return lambda facts: changed(facts, "approve", on=add_months(fact_of(facts, "congress").on, months) + timedelta(1))


def early_conversion(facts: CaseFacts) -> CaseFacts:
    day = add_months(fact_of(facts, "congress").on, 12) - timedelta(1)
    return changed(facts, "convert_congress", "ballot", on=day)


def short_notice(facts: CaseFacts) -> CaseFacts:
    fact = fact_of(facts, "consent_publicity", "publicity")
    return changed(facts, "consent_publicity", "publicity", ends_on=fact.details.ends_on - timedelta(1))


def second_extension(facts: CaseFacts) -> CaseFacts:
    facts = changed(facts, "convert_congress", "ballot", outcome=Outcome.EXTENDED, months=6)
    return changed(facts, "convert_approve", outcome=Outcome.EXTENDED, standing_from=None)


def cut_short(facts: CaseFacts) -> CaseFacts:
    """Move the application so that the talk came later than a month after it."""
    return changed(facts, "talk", on=date(2026, 7, 2))


# What is spoiled, how, the finding with its article that must come of it.
FAULTY = [
    ("signature missing", lambda f: papers(f, "talk", is_signed=False), "paper_unsigned", "XZ26 7"),
    ("date missing", lambda f: papers(f, "congress", "ballot", dated_on=None), "paper_undated", "XZ26 20"),
    ("minutes of another day", lambda f: papers(f, "nominate", dated_on=date(2026, 8, 30)), "paper_date", "XZ26 8"),
    ("autobiography after the course", autobiography, "autobiography_late", "XZ26 16"),
    ("review before the reply", review_early, "letters_late", "XZ26 16"),
    ("inquiry unanswered", lambda f: changed(f, "political_review", letters=(Letter("f", date(2027, 9, 20), None),)),
     "letters_open", "XZ26 16"),
    ("minutes without numbers", lambda f: changed(f, "committee_review", minutes=Minutes(5, 5, 5)),
     "count_missing", "XZ26 18"),
    ("ballot without due", lambda f: changed(f, "congress", "ballot", due=None), "count_missing", "XZ26 20"),
    ("sums that do not add up", lambda f: changed(f, "congress", "ballot", abstain=0), "count_sums", "XZ26 20"),
    ("more ballots than issued", lambda f: changed(f, "congress", "ballot", returned=10, abstain=2),
     "returned_over_issued", "XZ26 20"),
    ("congress below quorum", lambda f: changed(f, "congress", "ballot", due=18), "quorum", "XZ26 19"),
    ("carried without majority", lambda f: changed(f, "congress", "ballot", yes=5, no=3), "majority", "XZ26 20"),
    ("vote on two people", lambda f: changed(f, "congress", "ballot", candidates=2), "several_candidates", "XZ26 20"),
    ("reports written in one go", bunched, "reports_bunched", "XZ26 10"),
    ("report before its quarter", lambda f: changed(f, "probation", "report", quarter=4, year=2028),
     "report_early", "XZ26 10"),
    ("forms name different days", stated, "stated_date", "XZ26 18"),
    ("contact on probation", lambda f: changed(f, "assign_contacts", contacts=(FIRST, PROBATIONER)),
     "contact_not_full", "XZ26 9"),
    ("sponsor on probation", lambda f: changed(f, "sponsors", sponsors=(FIRST, PROBATIONER)),
     "sponsor_not_full", "XZ26 14"),
    ("one sponsor twice", lambda f: changed(f, "sponsors", sponsors=(SECOND, SECOND)), "sponsor_twice", "XZ26 14"),
    ("leaves too soon", lambda f: replace(f, person=replace(f.person, leaves_on=date(2028, 2, 5))),
     "leaves_soon", "XZ26 18"),
    ("congress before pre-review", early_congress, "order", "XZ26 20"),
    ("congress later than a month", late_congress, "congress_late", "XZ26 19"),
    ("publicity too short", short_notice, "publicity_short", "XZ26 13"),
    ("training too short", lambda f: changed(f, "training", hours=23, days=2), "training_short", "XZ26 17"),
    ("training after the congress", late_training, "training_late", "XZ26 17"),
    ("application under 18", lambda f: replace(f, person=replace(f.person, birth_date=date(2008, 6, 2))),
     "age", "XZ26 5"),
    ("copied application", lambda f: changed(f, "apply", likeness=83), "copied", "XZ26 5"),
    ("copied report", lambda f: changed(f, "cultivate", "report", likeness=70), "copied", "XZ26 10"),
    ("conversion before the day", early_conversion, "convert_early", "XZ26 31"),
    ("approval after three months", late_approval(3), "approval_late", "XZ26 25"),
    ("approval after six months", late_approval(6), "approval_void", "XZ26 25"),
    ("talk after a month", cut_short, "talk_late", "XZ26 7"),
    ("oath after a month", lambda f: changed(f, "oath", on=date(2027, 12, 27)), "oath_late", "XZ26 29"),
    ("cultivated too shortly", lambda f: changed(f, "nominate", on=date(2026, 9, 5)), "cultivation_short", "XZ26 13"),
    ("no political review", lambda f: without(f, "political_review"), "review_missing", "XZ26 16"),
    ("recorded before it happened", lambda f: changed(f, "oath", recorded_on=date(2027, 12, 1)),
     "recorded_early", "XZ26 29"),
    ("probation from the approval", lambda f: changed(f, "approve", probation_from=fact_of(f, "approve").on),
     "probation_dates", "XZ26 31"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "code", "article"), [row[1:] for row in FAULTY], ids=[row[0] for row in FAULTY])
def test_faulty_dossier_is_found_with_its_article(spoil, code, article):
    found = contradictions(spoil(clean_dossier()), RULES[XZ26], CALENDAR)
    assert (code, article) in {(finding.code, finding.article) for finding in found}
    assert all(str(finding) and finding.article for finding in found)


ALONE = {"signature missing", "review before the reply", "sums that do not add up", "publicity too short",
         "training too short", "application under 18", "copied application", "contact on probation",
         "forms name different days", "reports written in one go", "recorded before it happened"}  # fmt: skip


@pytest.mark.parametrize("row", [row for row in FAULTY if row[0] in ALONE], ids=lambda row: row[0])
def test_one_fault_is_one_finding(row):
    _name, spoil, code, _article = row
    assert {finding.code for finding in contradictions(spoil(clean_dossier()), RULES[XZ26], CALENDAR)} == {code}


def test_second_extension_is_found():
    facts = second_extension(clean_dossier(extension=6))
    found = contradictions(facts, RULES[XZ26], CALENDAR)
    assert ("extension_again", "XZ26 31") in {(finding.code, finding.article) for finding in found}


def test_unknown_birth_date_asks_for_a_look():
    facts = clean_dossier()
    facts = replace(facts, person=replace(facts.person, birth_date=None))
    assert [finding.code for finding in contradictions(facts, RULES[XZ26], CALENDAR)] == ["age_unknown"]


def test_likeness_below_the_flag_is_no_finding():
    assert contradictions(changed(clean_dossier(), "apply", likeness=69), RULES[XZ26], CALENDAR) == ()


def test_position_carries_the_findings():
    facts = changed(clean_dossier(), "apply", likeness=83)
    position = evaluate(facts, RULES[XZ26], CALENDAR, date(2030, 1, 1))
    assert [(finding.code, finding.is_advice) for finding in position.findings] == [("copied", True)]


def test_every_lint_has_words():
    assert all(str(lint.words) for lint in LINTS.values())
