"""What is read for the engine: records, committees, groups, students, settings, and in how many statements."""

from datetime import date, timedelta

import pytest

from members.help.queries.talks import year_plan
from members.meetings.models import MeetingKind
from members.models import Member
from members.obligations.engine.evaluate import Status
from members.obligations.engine.periods import Period, Span
from members.obligations.kinds import DutyKind
from members.obligations.queries import Place, read, windows_of, year_windows
from members.obligations.queries.board import board_of
from members.obligations.queries.one import obligation_of
from members.obligations.services import mark_lecture, waive
from portal.organizations.duties import Post
from portal.organizations.models import Affiliation, Organization, OrganizationType, Standing
from portal.organizations.services import appoint, create_organization
from portal.rulesets.days import add_months
from portal.rulesets.models import RuleSetting
from tests.factories.people import make_member
from tests.members.obligations.conftest import Hall

K = DutyKind


def status_of(hall: Hall, node: Organization, kind: str, day: date | None = None) -> Status | None:
    from members.obligations.kinds import DUTIES

    period = Period.of(DUTIES[kind].span, day or hall.today)
    found = obligation_of(node, kind, period, on=hall.today)
    return found.status if found else None


def test_a_held_sitting_meets_the_duty_of_each_part(hall: Hall) -> None:
    hall.held(hall.world.branch, hall.today, MeetingKind.THEME_PARTY_DAY, MeetingKind.BRANCH_CONGRESS)
    assert status_of(hall, hall.world.branch, K.THEME_PARTY_DAY) is Status.MET
    assert status_of(hall, hall.world.branch, K.BRANCH_CONGRESS) is Status.MET
    assert status_of(hall, hall.world.branch, K.PARTY_LECTURE) is Status.DUE
    assert status_of(hall, hall.world.sibling, K.THEME_PARTY_DAY) is Status.DUE


@pytest.mark.parametrize("state", ["planned", "convened"])
def test_what_was_not_held_meets_nothing(hall: Hall, state: str) -> None:
    hall.held(hall.world.branch, hall.today, MeetingKind.THEME_PARTY_DAY, state=state)
    assert status_of(hall, hall.world.branch, K.THEME_PARTY_DAY) is Status.PLANNED


def test_the_day_of_a_sitting_is_that_of_the_place(hall: Hall) -> None:
    """Half past midnight of the first here is still the month before at Greenwich."""
    first = hall.month
    hall.held(hall.world.branch, first, MeetingKind.THEME_PARTY_DAY)
    assert status_of(hall, hall.world.branch, K.THEME_PARTY_DAY) is Status.MET
    assert status_of(hall, hall.world.branch, K.THEME_PARTY_DAY, first - timedelta(days=1)) is Status.OVERDUE


def test_a_committee_is_owed_once_there_are_seven_full_members_or_three_posts(hall: Hall) -> None:
    branch, sibling = hall.world.branch, hall.world.sibling
    assert status_of(hall, sibling, K.BRANCH_COMMITTEE) is None
    since = hall.ago(3)
    for name in range(7):
        make_member(sibling, Standing.FULL_MEMBER, name=f"Seven {name}", on=since)
    # Seven have been here since the tenth, the larger part of that month; with the neighbor they are eight.
    assert status_of(hall, sibling, K.BRANCH_COMMITTEE, since) is Status.OVERDUE
    assert status_of(hall, sibling, K.BRANCH_COMMITTEE, hall.ago(4)) is None
    assert status_of(hall, branch, K.BRANCH_COMMITTEE) is None
    for name, post in (("contact", Post.ORGANIZATION_COMMISSIONER), ("member", Post.PUBLICITY_COMMISSIONER)):
        appoint(hall.world.users[name], branch, post, on=hall.month, by=None)
    assert status_of(hall, branch, K.BRANCH_COMMITTEE) is Status.DUE
    assert status_of(hall, branch, K.BRANCH_COMMITTEE, hall.ago(1)) is None


def test_a_lecture_by_a_secretary_and_one_on_integrity_count_besides(hall: Hall) -> None:
    branch = hall.world.branch
    lecture = hall.held(branch, hall.today, MeetingKind.PARTY_LECTURE)
    assert status_of(hall, branch, K.LEADER_LECTURE) is Status.DUE
    hall.speaker(lecture, hall.world.users["contact"])
    assert status_of(hall, branch, K.LEADER_LECTURE) is Status.DUE
    other = hall.held(branch, hall.today, MeetingKind.PARTY_LECTURE)
    hall.speaker(other, hall.world.users["neighbor"])
    assert status_of(hall, branch, K.LEADER_LECTURE) is Status.MET
    assert status_of(hall, branch, K.INTEGRITY_LECTURE) is Status.DUE
    mark_lecture(lecture.parts.get(), K.INTEGRITY_LECTURE, by=hall.world.user("secretary"))
    assert status_of(hall, branch, K.INTEGRITY_LECTURE) is Status.MET


def test_groups_owe_their_own_and_hold_the_life_meeting_for_the_branch(hall: Hall) -> None:
    branch = hall.world.branch
    groups = [
        create_organization(
            parent=branch, by=None, name=f"Group {number}", code=f"G{number}", org_type=OrganizationType.GROUP,
            established_on=hall.world.since,
        )
        for number in (1, 2)
    ]  # fmt: skip
    hall.held(groups[0], hall.today, MeetingKind.GROUP_MEETING, MeetingKind.ORGANIZATIONAL_LIFE_MEETING)
    assert status_of(hall, groups[0], K.GROUP_MEETING) is Status.MET
    assert status_of(hall, groups[1], K.GROUP_MEETING) is Status.DUE
    assert status_of(hall, branch, K.GROUP_MEETING) is None
    assert status_of(hall, branch, K.ORGANIZATIONAL_LIFE_MEETING) is Status.DUE
    hall.held(groups[1], hall.today, MeetingKind.ORGANIZATIONAL_LIFE_MEETING)
    assert status_of(hall, branch, K.ORGANIZATIONAL_LIFE_MEETING) is Status.MET


def test_vacations_hold_for_branches_of_students_by_the_setting(hall: Hall) -> None:
    branch = hall.world.branch
    august = date(hall.today.year - 1, 8, 15)
    Organization.objects.filter(pk=branch.pk).update(established_on=date(august.year, 1, 1))
    RuleSetting.objects.create(
        edition="life-2019", code="life.vacation_august", amount=1, organization=hall.world.root, words="Decision 3",
        at=hall.held(branch, hall.today).planned_at,
    )  # fmt: skip
    assert status_of(hall, branch, K.THEME_PARTY_DAY, august) is Status.OVERDUE
    Member.objects.filter(organization=branch).update(person_kind="undergraduate")
    assert status_of(hall, branch, K.THEME_PARTY_DAY, august) is Status.VACATION
    assert status_of(hall, branch, K.THEME_PARTY_DAY, august.replace(month=9)) is Status.OVERDUE


def test_what_a_setting_would_loosen_is_left_out(hall: Hall) -> None:
    at = hall.held(hall.world.branch, hall.today).planned_at
    for code in ("life.theme_day_per_month", "life.lecture_per_quarter"):
        RuleSetting.objects.create(
            edition="life-2019", code=code, amount=0, organization=hall.world.root, words="x", at=at
        )
    assert status_of(hall, hall.world.branch, K.THEME_PARTY_DAY) is Status.DUE
    assert status_of(hall, hall.world.branch, K.PARTY_LECTURE) is None


def test_a_suspended_node_owes_nothing_and_a_committee_its_own_meeting(hall: Hall) -> None:
    Organization.objects.filter(pk=hall.world.sibling.pk).update(status="suspended")
    assert status_of(hall, hall.world.sibling, K.THEME_PARTY_DAY) is None
    assert status_of(hall, hall.world.unit, K.DEMOCRATIC_LIFE_MEETING) is Status.DUE
    assert status_of(hall, hall.world.unit, K.THEME_PARTY_DAY) is None


@pytest.mark.parametrize("rows", [1, 8])
def test_a_university_is_read_in_three_statements(hall: Hall, django_assert_num_queries, rows: int) -> None:
    world = hall.world
    for number in range(rows):
        node = create_organization(
            parent=world.unit, by=None, name=f"Branch {number}", code=f"N{number}", org_type=OrganizationType.BRANCH
        )
        make_member(node, Standing.FULL_MEMBER, on=world.since)
        lecture = hall.held(node, hall.today, MeetingKind.THEME_PARTY_DAY, MeetingKind.PARTY_LECTURE)
        mark_lecture(lecture.parts.get(kind="party_lecture"), K.INTEGRITY_LECTURE, by=None)
        waive(node, K.BRANCH_CONGRESS, Period.of(Span.QUARTER, hall.today), reason="Moved", by=None, on=hall.today)
    with django_assert_num_queries(3):
        reading = read(Place((world.root.path,)), windows_of(hall.today, hall.today), on=hall.today)
        found = [owed for node in reading.nodes for owed in reading.owed_now(node, hall.today)]
    assert sum(owed.status is Status.WAIVED for owed in found) == rows
    assert sum(owed.kind is K.INTEGRITY_LECTURE and owed.status is Status.MET for owed in found) == rows


def test_what_is_read_for_a_month_says_the_same_as_what_is_read_for_a_year(hall: Hall) -> None:
    branch = hall.world.branch
    for months in range(0, 12, 2):
        hall.held(branch, min(hall.ago(months), hall.today), MeetingKind.THEME_PARTY_DAY, MeetingKind.PARTY_LECTURE)
    place = Place((branch.path,), exact=True)
    one = read(place, windows_of(hall.today, hall.today), on=hall.today)
    whole = read(place, year_windows(hall.today.year), on=hall.today)
    assert one.owed_now(branch, hall.today) == whole.owed_now(branch, hall.today)


def test_the_board_counts_what_its_rows_show(hall: Hall) -> None:
    hall.held(hall.world.branch, hall.today, MeetingKind.THEME_PARTY_DAY)
    board = board_of(hall.world.root, Period.of(Span.MONTH, hall.today), on=hall.today)
    assert sum(board.counts.values()) == sum(len(row.owed) for row in board.rows)
    met = board.filtered(kind=K.THEME_PARTY_DAY, status=Status.MET)
    assert [row.node for row in met] == [hall.world.branch]
    assert board.counts[K.THEME_PARTY_DAY, Status.MET] == 1
    named = board_of(hall.world.root, Period.of(Span.MONTH, hall.today), on=hall.today, words="SIBL")
    assert [row.node for row in named.rows] == [hall.world.sibling]


def test_a_sitting_in_the_plan_shows_as_planned_until_its_day_has_passed(hall: Hall) -> None:
    branch, last = hall.world.branch, add_months(hall.month, 1) - timedelta(days=1)
    meeting = hall.planned(branch, last, MeetingKind.THEME_PARTY_DAY, MeetingKind.PARTY_LECTURE)
    hall.speaker(meeting, hall.world.users["secretary"])
    for kind in (K.THEME_PARTY_DAY, K.PARTY_LECTURE, K.LEADER_LECTURE):
        assert status_of(hall, branch, kind) is Status.PLANNED
    assert status_of(hall, branch, K.INTEGRITY_LECTURE) is Status.DUE
    hall.call_off(meeting)
    assert status_of(hall, branch, K.THEME_PARTY_DAY) is Status.DUE
    # What should have been held yesterday, and was not, is no plan.
    kind, before = K.THEME_PARTY_DAY, hall.today - timedelta(days=1)
    hall.planned(branch, before, MeetingKind.THEME_PARTY_DAY)
    found = obligation_of(branch, kind, Period.of(Span.MONTH, before), on=hall.today)
    assert found.planned == ()


def tally(hall: Hall, year: int | None = None) -> tuple[int, int] | None:
    period = Period.of(Span.YEAR, date(year or hall.today.year, 1, 1))
    found = obligation_of(hall.world.branch, K.HEART_TALKS, period, on=hall.today)
    return (found.needed, found.held) if found else None


def planned_tally(hall: Hall, year: int | None = None) -> tuple[int, int]:
    """Return the same from the page on which talks are planned."""
    plan = year_plan(hall.world.branch, year or hall.today.year, on=hall.today)
    return sum(part.wanted for part in plan.parts), sum(part.done for part in plan.parts)


def test_talks_count_as_the_plan_of_talks_counts_them(hall: Hall) -> None:
    people = hall.world.users
    Organization.objects.filter(pk=hall.world.branch.pk).update(established_on=date(hall.today.year - 2, 1, 1))
    appoint(people["contact"], hall.world.branch, Post.ORGANIZATION_COMMISSIONER, on=hall.today, by=None)
    group = create_organization(
        parent=hall.world.branch, by=None, name="Group", code="G", org_type=OrganizationType.GROUP
    )
    make_member(group, Standing.FULL_MEMBER, name="In the group", on=hall.today)
    assert tally(hall) == planned_tally(hall)
    seen = {tally(hall)}
    for one, other in (
        ("secretary", "contact"), ("secretary", "contact"), ("secretary", "member"), ("contact", "member"),
        ("member", "probationary"), ("probationary", "retired"), ("secretary", "neighbor"), ("contact", "disabled"),
    ):  # fmt: skip
        hall.talked(people[one], people[other])
        assert tally(hall) == planned_tally(hall), (one, other)
        seen.add(tally(hall))
    assert len(seen) == 5  # what is said twice, to somebody from elsewhere or to nobody, adds nothing
    unconfirmed = hall.talked(people["secretary"], people["retired"])
    before = tally(hall)
    unconfirmed.second_confirmed_on = None
    unconfirmed.save()
    assert tally(hall) == planned_tally(hall) == (before[0], before[1] - 1)


def test_talks_of_more_than_one_a_year_and_of_a_year_that_has_passed(hall: Hall) -> None:
    people, at = hall.world.users, hall.held(hall.world.branch, hall.today).planned_at
    Organization.objects.filter(pk=hall.world.branch.pk).update(established_on=date(hall.today.year - 2, 1, 1))
    appoint(people["contact"], hall.world.branch, Post.ORGANIZATION_COMMISSIONER, on=hall.today, by=None)
    for kind in ("committee_committee", "committee_member", "member_member"):
        RuleSetting.objects.create(
            edition="care-2019", code=f"heart_talk.{kind}", amount=2, organization=hall.world.root, words="x", at=at
        )
    for one, other in (("secretary", "contact"), ("secretary", "member"), ("member", "probationary")):
        before = tally(hall)
        hall.talked(people[one], people[other])
        assert tally(hall) == planned_tally(hall) == before
        hall.talked(people[one], people[other])
        assert tally(hall) == planned_tally(hall)
        assert tally(hall)[1] > before[1]
    last_year = hall.today.year - 1
    hall.talked(people["secretary"], people["member"], year=last_year)
    assert tally(hall, last_year) == planned_tally(hall, last_year)
    assert tally(hall, hall.today.year + 1) is None


def test_talks_of_very_many_branches_are_counted_once_in_some_minutes(
    hall: Hall, monkeypatch, django_assert_num_queries
) -> None:
    def found() -> dict[int, tuple[int, int]]:
        reading = read(Place((hall.world.root.path,)), windows_of(hall.today, hall.today), on=hall.today)
        of_year = [(node.pk, reading.units[node.pk].talks.get(hall.today.year)) for node in reading.nodes]
        return {pk: (talks.wanted, talks.done) for pk, talks in of_year if talks}

    hall.talked(hall.world.users["contact"], hall.world.users["member"])
    each_time = found()
    assert each_time[hall.world.branch.pk][1] == 2
    monkeypatch.setattr("members.obligations.queries.talks.MANY_NODES", 1)
    with django_assert_num_queries(3):
        assert found() == each_time
    with django_assert_num_queries(2):
        assert found() == each_time
    hall.talked(hall.world.users["secretary"], hall.world.users["member"])
    assert found() == each_time
    # One branch is always counted anew.
    assert tally(hall)[1] == 3


def test_full_members_of_a_group_count_for_its_branch(hall: Hall) -> None:
    sibling = hall.world.sibling
    group = create_organization(
        parent=sibling, by=None, name="Group", code="G", org_type=OrganizationType.GROUP,
        established_on=hall.world.since,
    )  # fmt: skip
    for number in range(6):
        make_member(group, Standing.FULL_MEMBER, name=f"Member {number}", on=hall.ago(2))
    assert Affiliation.objects.filter(organization=group).count() == 6
    assert status_of(hall, sibling, K.BRANCH_COMMITTEE) is Status.DUE
