"""Many branches at once: the same sums as each branch's own page, in numbers, at the same cost for few and many."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.help.models import HeartTalk, HelpRequest
from members.help.queries.overview import branch_years
from members.help.queries.talks import year_plan
from members.help.rules.talks import TalkKind, wanted_talks
from portal.organizations.duties import Post
from portal.organizations.models import Affiliation
from portal.organizations.services import appoint, move_organization
from tests.factories.people import make_people
from tests.members.help.conftest import SECRET

ADDRESS = "/members/help/talks/overview/"


@pytest.mark.parametrize(
    ("committee", "members", "wanted"),
    [
        (set(), set(), (0, 0, 0)), (set(), {1}, (0, 0, 0)), (set(), {1, 2}, (0, 0, 2)), ({1}, {1, 2}, (0, 1, 0)),
        ({1, 2, 3}, {1, 2, 3}, (3, 0, 0)), ({1, 2, 9}, {1, 2, 3, 4, 5}, (1, 3, 3)),
    ],
)  # fmt: skip
def test_what_a_year_asks_about(committee, members, wanted):
    found = wanted_talks(committee, members)
    assert tuple(found[kind] for kind in TalkKind) == wanted


def sums(branch, year, on):
    return tuple((part.done, part.wanted) for part in year_plan(branch, year, on=on).parts)


def test_the_numbers_are_those_of_each_branch(care):
    care.confirmed(care.written(care.talk()))
    care.ask()
    late = care.ask("peer")
    HelpRequest.objects.filter(pk=late.pk).update(
        asked_on=care.today - timedelta(days=30), promised_on=care.today - timedelta(days=20)
    )
    branches = [care.world.branch, care.world.sibling, care.world.far_branch]
    rows = {row.branch: row for row in branch_years(branches, care.today.year, on=care.today)}
    for branch in branches:
        shares = tuple((share.done, share.wanted) for share in rows[branch].shares)
        assert shares == sums(branch, care.today.year, care.today), branch
    mine = rows[care.world.branch]
    assert (mine.members, mine.waiting, mine.late) == (len(year_plan(care.world.branch, care.today.year,
                                                                     on=care.today).members), 2, 1)  # fmt: skip
    # One talk of two ordinary members is a talk of each.
    assert sum(share.done for share in mine.shares) == 2
    assert (rows[care.world.sibling].asked, rows[care.world.sibling].late) == (0, 0)


def test_a_year_gone_by_is_told_of_those_who_were_there(care):
    year = care.today.year - 1
    branch = care.world.branch
    before = make_people(branch, 3, standing="full_member", since=date(year, 1, 1))
    Affiliation.objects.filter(organization=branch).update(since=date(year - 1, 1, 1))
    gone = Affiliation.objects.filter(organization=branch, standing="full_member").first()
    Affiliation.objects.filter(pk=gone.pk).update(until=care.today - timedelta(days=1))
    move_organization(branch, parent=care.world.far_unit, by=None)
    branch.refresh_from_db()
    row = branch_years([branch], year, on=care.today)[0]
    plan = year_plan(branch, year, on=care.today)
    assert gone.user_id in plan.members
    assert row.members == len(plan.members)
    assert tuple((share.done, share.wanted) for share in row.shares) == sums(branch, year, care.today)
    assert {person.user_id for person in before} <= set(plan.members)


@pytest.mark.parametrize("years", [0, 1])
def test_the_overview_costs_the_same_for_few_and_many(care, years):
    year, few = care.today.year - years, [care.world.branch]

    def statements(branches):
        with CaptureQueriesContext(connection) as seen:
            branch_years(branches, year, on=care.today)
        return len(seen)

    assert statements(few) == 5 + years
    for person in make_people(care.world.sibling, 6):
        appoint(person.user, care.world.sibling, Post.COMMITTEE_MEMBER, on=care.today, by=None)
    care.confirmed(care.written(care.talk()))
    assert statements([care.world.branch, care.world.sibling, care.world.far_branch]) == 5 + years


def test_the_page_tells_numbers_and_no_names(care):
    care.confirmed(care.written(care.talk()))
    care.ask()
    page = care.world.client("college").get(ADDRESS)
    assert {row.branch for row in page.context["rows"]} >= {care.world.branch, care.world.sibling}
    assert page.context["waiting"] == 1
    text = page.content.decode()
    talk = HeartTalk.objects.get()
    assert not any(words in text for words in (SECRET, talk.first.name, talk.second.name))
    for odd in ({"year": "abc"}, {"year": "0"}, {"year": str(2**63)}, {"page": "x"}, {"year": care.today.year + 5}):
        assert care.world.client("college").get(ADDRESS, odd).status_code == 200, odd
    assert care.world.client("member").get(ADDRESS).status_code == 403


def test_the_list_of_a_branch_leads_to_the_overview_where_there_are_several(care):
    list_page = reverse("members:help:talk-list")
    assert care.world.client("college").get(list_page).context["overview_url"] == ADDRESS
    assert care.world.client("secretary").get(list_page).context["overview_url"] == ""
