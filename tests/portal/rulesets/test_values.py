"""Editions hold what domain.md says; layers merge, and nothing loosens what stands above it."""

from datetime import date
from fractions import Fraction

import pytest

from portal.rulesets import words
from portal.rulesets.editions import (
    DUES_2008,
    EDITION_2014,
    EDITION_2026_05,
    EDITIONS,
    ORGANIZATION_2020,
    RELATIONS_2019,
    edition_on,
)
from portal.rulesets.values import Bound, Edition, Flaw, Layer, Mark, Unit, Value, merge

NATIONAL = [
    # code, amount of 2014 and of 2026 (None: not known), bound
    ("person.min_age", 18, 18, Bound.FLOOR),
    ("talk.after_application", 1, 1, Bound.CEILING),
    ("contacts.min", 1, 1, Bound.FIXED),
    ("contacts.max", 2, 2, Bound.FIXED),
    ("inspection.interval", 6, 6, Bound.CEILING),
    ("cultivation.min", 12, 12, Bound.FLOOR),
    ("publicity.target", None, 5, Bound.FLOOR),
    ("sponsors.count", 2, 2, Bound.FIXED),
    ("training.hours", 24, 24, Bound.FLOOR),
    ("training.days", 3, 3, Bound.FLOOR),
    ("leaves_soon.within", 3, 3, Bound.FLOOR),
    ("congress.after_pre_review", 1, 1, Bound.CEILING),
    ("approval.within", 3, 3, Bound.CEILING),
    ("approval.hard", 6, 6, Bound.CEILING),
    ("oath.within", None, 1, Bound.CEILING),
    ("probation.months", 12, 12, Bound.FIXED),
    ("extension.min", 6, 6, Bound.FIXED),
    ("extension.max", 12, 12, Bound.FIXED),
    ("extension.times", 1, 1, Bound.FIXED),
    ("conversion.approval_within", 3, 3, Bound.CEILING),
    ("thought_report.interval", 3, 3, Bound.FREE),
    ("contact_note.interval", 3, 3, Bound.FREE),
    ("political_review.valid", 12, 12, Bound.FREE),
    ("publicity.admission", 5, 5, Bound.FREE),
    ("publicity.conversion", 5, 5, Bound.FREE),
]


@pytest.mark.parametrize(("code", "old", "new", "bound"), NATIONAL)
def test_recruitment_editions_hold_the_values_of_the_regulation(code, old, new, bound):
    for edition, amount in ((EDITION_2014, old), (EDITION_2026_05, new)):
        rule = merge(edition).get(code)
        assert (rule and rule.amount) == amount
        assert rule is None or (rule.value.bound, rule.layer) == (bound, Layer.NATIONAL)


@pytest.mark.parametrize("edition", EDITIONS.values(), ids=lambda edition: edition.code)
def test_every_value_has_words_an_article_unless_local_and_a_range_that_holds_it(edition):
    assert edition.code in words.EDITION_TITLES
    for value in edition.values:
        assert value.code in words.LABELS, value.code
        assert value.range[0] <= value.amount <= value.range[1], value.code
        assert value.flaw_of(value.amount) is None, value.code
        assert value.article or value.mark is not Mark.SOURCED, value.code
        assert not value.article or value.article.partition(" ")[0] in words.REGULATIONS, value.code
        assert words.amount_words(value, value.amount)
        assert words.law_words(value)


def test_words_name_no_rule_that_is_gone():
    assert {value.code for edition in EDITIONS.values() for value in edition.values} == set(words.LABELS)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("2010-01-01", "recruitment-2014"),
        ("2014-05-28", "recruitment-2014"),
        ("2026-05-10", "recruitment-2014"),
        ("2026-05-11", "recruitment-2026-05"),
        ("2030-01-01", "recruitment-2026-05"),
    ],
)
def test_edition_on_is_that_under_which_a_case_begins(day, code):
    assert edition_on(date.fromisoformat(day)).code == code
    assert EDITIONS[code].holds_on(date.fromisoformat(day)) == (day >= "2014-05-28")


@pytest.mark.parametrize(
    ("code", "amount", "flaw"),
    [
        ("cultivation.min", 11, Flaw.LOOSENS),
        ("cultivation.min", 12, None),
        ("cultivation.min", 18, None),
        ("cultivation.min", 36, None),
        ("cultivation.min", 37, Flaw.OUT_OF_RANGE),
        ("publicity.target", 4, Flaw.LOOSENS),
        ("publicity.target", 7, None),
        ("training.hours", 23, Flaw.LOOSENS),
        ("congress.after_pre_review", 2, Flaw.LOOSENS),
        ("congress.after_pre_review", 0, Flaw.OUT_OF_RANGE),
        ("approval.within", 2, None),
        ("approval.within", 4, Flaw.LOOSENS),
        ("approval.hard", 7, Flaw.LOOSENS),
        ("inspection.interval", 3, None),
        ("inspection.interval", 7, Flaw.LOOSENS),
        ("sponsors.count", 1, Flaw.FIXED),
        ("sponsors.count", 3, Flaw.FIXED),
        ("probation.months", 13, Flaw.FIXED),
        ("congress.majority", 2, Flaw.FIXED),
        ("thought_report.interval", 6, None),
        ("thought_report.interval", 0, Flaw.OUT_OF_RANGE),
        ("activist_date.basis", 1, None),
        ("activist_date.basis", 2, Flaw.OUT_OF_RANGE),
        ("publicity.admission", 0, None),
    ],
)
def test_a_floor_is_only_raised_a_ceiling_only_lowered(code, amount, flaw):
    assert EDITION_2026_05.value(code).flaw_of(amount) == flaw
    rule = merge(EDITION_2026_05, {code: amount})[code]
    national = EDITION_2026_05.value(code).amount
    assert rule.amount == (national if flaw else amount)
    assert rule.layer == (Layer.NATIONAL if flaw else Layer.UNIVERSITY)


@pytest.mark.parametrize(
    ("code", "university", "habit", "shown"),
    [
        ("cultivation.min", 18, 12, None),
        ("cultivation.min", 18, 18, None),
        ("cultivation.min", 18, 24, 24),
        ("inspection.interval", 3, 6, None),
        ("inspection.interval", 3, 2, 2),
        ("thought_report.interval", 3, 1, 1),
        ("thought_report.interval", 3, 6, 6),
        ("sponsors.count", 2, 3, None),
    ],
)
def test_a_habit_is_advice_and_never_looser_than_what_is_in_force(code, university, habit, shown):
    rule = merge(EDITION_2026_05, {code: university}, {code: habit})[code]
    assert (rule.amount, rule.habit) == (university, shown)


def test_a_setting_of_an_unknown_rule_is_left_out():
    rules = merge(EDITION_2014, {"oath.within": 1, "publicity.target": 7})
    assert ("oath.within" in rules, rules.get("publicity.target")) == (False, None)
    assert not rules.is_on("publicity.target")
    with pytest.raises(KeyError):
        rules["oath.within"]


def test_shares_are_exact():
    congress, election = merge(EDITION_2026_05), merge(ORGANIZATION_2020)
    assert (congress["congress.quorum"].share, congress["congress.quorum"].value.strict) == (Fraction(1, 2), True)
    assert (congress["congress.majority"].share, congress["congress.majority"].value.strict) == (Fraction(1, 2), True)
    assert (election["election.quorum"].share, election["election.quorum"].value.strict) == (Fraction(4, 5), False)


def test_dues_are_brackets_of_the_whole_base():
    rules = merge(DUES_2008)
    found = [
        (rule.amount // 100 if (rule := rules.get(f"dues.salary.{n}.up_to")) else None,
         rules[f"dues.salary.{n}.rate"].share)
        for n in range(1, 5)
    ]  # fmt: skip
    assert found == [(3000, Fraction(1, 200)), (5000, Fraction(1, 100)), (10000, Fraction(3, 200)),
                     (None, Fraction(1, 50))]  # fmt: skip
    assert (rules.amount("dues.student"), rules["dues.rounding"].choice) == (20, "half_up")
    assert rules.amount("dues.make_up_within") == 6


def test_relations_hold_the_clocks_of_transfers():
    rules = merge(RELATIONS_2019)
    assert (rules.amount("letter.valid_max"), rules.amount("retained.after_graduation")) == (90, 2)
    assert (rules.amount("abroad.limit"), rules.amount("lost.contact_after")) == (5, 6)


def test_an_edition_names_no_value_twice():
    value = Value("a", 1, Unit.DAYS, "", Mark.PRACTICE, Bound.FREE)
    with pytest.raises(ValueError, match="twice"):
        Edition("e", "r", date(2020, 1, 1), None, (value, value))


def test_both_recruitment_editions_have_the_twenty_five_steps():
    assert len(EDITION_2026_05.steps) == len(set(EDITION_2026_05.steps)) == 25
    assert EDITION_2014.steps == EDITION_2026_05.steps
