"""Whether a branch had a committee on the day of a record, and not only whether it has one now."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from members.models import Member
from members.recruitment import services
from members.recruitment.engine.dossier import replay
from members.recruitment.engine.people import BranchFacts
from members.recruitment.queries import facts_of
from members.recruitment.queries.facts import committees_in
from members.services import place
from portal.organizations.models import Standing
from tests.factories.dossiers import CALENDAR, RULES, clean_dossier
from tests.members.recruitment.way import at, case_at, make_cast


@pytest.mark.parametrize(
    ("spans", "committees"),
    [
        ([], ()),
        ([("2020-01-01", None)] * 6, (("2020-01-01", False),)),
        ([("2020-01-01", None)] * 7, (("2020-01-01", True),)),
        (
            [*[("2020-01-01", None)] * 6, ("2021-03-01", "2022-05-31")],
            (("2020-01-01", False), ("2021-03-01", True), ("2022-06-01", False)),
        ),
        ([*[("2020-01-01", None)] * 6, ("2020-01-01", "2022-05-31"), ("2022-06-01", None)], (("2020-01-01", True),)),
    ],
)
def test_committee_follows_the_days_of_full_members(spans, committees):
    days = [(date.fromisoformat(since), date.fromisoformat(until) if until else None) for since, until in spans]
    assert committees_in(days) == tuple((date.fromisoformat(day), has_committee) for day, has_committee in committees)


def test_step_is_read_with_the_committee_of_its_day(world):
    cast = make_cast(world)
    case = case_at(cast, through="archive")
    before = facts_of([case])[case.pk].branch
    assert before.has_committee
    left = case.records.order_by("-on", "-pk")[0].on + timedelta(days=10)
    with at(left):
        for member in Member.objects.filter(organization=world.branch, standing=Standing.FULL_MEMBER)[:5]:
            place(member, world.sibling, standing=Standing.FULL_MEMBER, on=left, by=None)
        facts = facts_of([case])[case.pk]
    assert not facts.branch.has_committee
    assert [facts.branch.has_committee_on(day) for day in (left - timedelta(days=1), left)] == [True, False]


@pytest.mark.parametrize(("committees", "codes"), [((), ["part"]), (((date.min, False), (date(2040, 1, 1), True)), [])])
def test_review_is_missing_only_where_there_was_a_committee(committees, codes):
    facts = clean_dossier(has_committee=False)
    facts = replace(facts, branch=BranchFacts(1, has_committee=True, committees=committees))
    found = replay(facts, RULES[facts.edition], CALENDAR)[1]
    assert [finding.code for finding in found if finding.step == "convert_congress"] == codes


def test_earlier_branch_counts_for_the_days_before_a_move(world):
    cast = make_cast(world)
    case = case_at(cast, through="talk")
    moved = case.records.order_by("-on")[0].on + timedelta(days=30)
    with at(moved):
        case = services.move_case(case, world.sibling, on=moved, is_handed_over=True, by=world.user("secretary"))
        branch = facts_of([case])[case.pk].branch
    assert (branch.key, branch.has_committee) == (world.sibling.pk, False)
    assert [branch.has_committee_on(day) for day in (moved - timedelta(days=1), moved)] == [True, False]
