"""Who is due, votes, listens and is exempt: tables without a database (domain.md 1.3, 3.3, 5.1)."""

import pytest

from members.meetings.models import MeetingKind
from members.meetings.rules.circles import Person, Seat, kinds_for, may_chair, seat_in, seats_of
from portal.organizations.models import OrganizationType

K = MeetingKind
CONGRESS, COMMITTEE, GROUP, LECTURE, THEME, LIFE, APPRAISAL, LEADING, REVIEW = (
    K.BRANCH_CONGRESS, K.BRANCH_COMMITTEE, K.GROUP_MEETING, K.PARTY_LECTURE, K.THEME_PARTY_DAY,
    K.ORGANIZATIONAL_LIFE_MEETING, K.DEMOCRATIC_APPRAISAL, K.DEMOCRATIC_LIFE_MEETING, K.SECRETARY_REVIEW,
)  # fmt: skip


def person(standing: str = "full_member", **facts) -> Person:
    return Person(1, standing, **facts)


def short(seat: Seat | None) -> str:
    """Say a seat in a word: ``votes``, ``due``, ``observer``, ``-``."""
    if seat is None:
        return "-"
    return "votes" if seat.may_vote else str(seat.capacity)


@pytest.mark.parametrize(
    ("kind", "standing", "found"),
    [
        (CONGRESS, "full_member", "votes"),
        (CONGRESS, "probationary", "due"),
        (CONGRESS, "development_target", "observer"),
        (CONGRESS, "activist", "observer"),
        (CONGRESS, "applicant", "-"),
        (CONGRESS, "mass", "-"),
        (LECTURE, "probationary", "due"),
        (LECTURE, "activist", "observer"),
        (THEME, "full_member", "votes"),
        (THEME, "activist", "observer"),
        (LIFE, "probationary", "due"),
        (LIFE, "activist", "-"),
        (APPRAISAL, "probationary", "due"),
        (APPRAISAL, "development_target", "-"),
        (GROUP, "full_member", "votes"),
        (GROUP, "activist", "-"),
        (COMMITTEE, "full_member", "-"),
        (REVIEW, "full_member", "votes"),
    ],
)
def test_seat_of_somebody_who_belongs_to_a_branch(kind, standing, found):
    assert short(seat_in(kind, person(standing), org_type="branch")) == found


@pytest.mark.parametrize(
    ("kind", "facts", "org_type", "found"),
    [
        (COMMITTEE, {"posts": frozenset({"secretary"})}, "branch", "votes"),
        (COMMITTEE, {"posts": frozenset({"committee_member"})}, "branch", "votes"),
        (COMMITTEE, {"posts": frozenset({"organizer"})}, "branch", "-"),
        (COMMITTEE, {"posts": frozenset({"committee_staff"})}, "college_committee", "-"),
        (COMMITTEE, {"posts": frozenset({"group_leader"})}, "branch", "observer"),
        (COMMITTEE, {"leads_below": True}, "branch", "observer"),
        (COMMITTEE, {"leads_below": True}, "college_committee", "-"),
        (LEADING, {"posts": frozenset({"deputy_secretary"}), "belongs": False}, "college_committee", "votes"),
        (LEADING, {}, "college_committee", "-"),
        (REVIEW, {"leads_below": True, "belongs": False}, "college_committee", "votes"),
        (REVIEW, {}, "college_committee", "-"),
        (CONGRESS, {"belongs": False, "posts": frozenset({"secretary"})}, "branch", "-"),
        (CONGRESS, {"is_suspended": True}, "branch", "due"),
        (CONGRESS, {}, "functional_branch", "due"),
        (CONGRESS, {}, "temporary_branch", "due"),
        (CONGRESS, {}, "floating_branch", "votes"),
    ],
)
def test_seat_by_post_and_place(kind, facts, org_type, found):
    assert short(seat_in(kind, person(**facts), org_type=org_type)) == found


def test_who_is_exempt_or_not_counted_stays_due_with_the_reason():
    seat = seat_in(CONGRESS, person(exempt_words="Ill", excluded_words="Agreed above"), org_type="branch")
    assert (seat.capacity, seat.exempt_words, seat.excluded_words) == ("due", "Ill", "Agreed above")


def test_observers_are_left_out_when_nobody_is_to_listen():
    assert seat_in(CONGRESS, person("activist"), org_type="branch", with_observers=False) is None
    assert seat_in(COMMITTEE, person(leads_below=True), org_type="branch", with_observers=False) is None


def test_several_kinds_give_the_most_that_any_of_them_gives():
    leader = person(posts=frozenset({"group_leader"}))
    assert short(seats_of([COMMITTEE], [leader], org_type="branch")[1]) == "observer"
    assert short(seats_of([COMMITTEE, CONGRESS], [leader], org_type="branch")[1]) == "votes"
    assert short(seats_of([CONGRESS, COMMITTEE], [leader], org_type="branch")[1]) == "votes"


@pytest.mark.parametrize(
    ("seat", "posts", "found"),
    [
        (Seat(1, "full_member"), (), True),
        (Seat(1, "probationary"), (), True),
        (Seat(1, "activist", capacity="observer"), (), False),
        (None, (), False),
        (None, ("secretary",), True),
        (None, ("committee_staff",), False),
    ],
)
def test_who_may_chair(seat, posts, found):
    assert may_chair(seat, posts) is found


def test_every_type_of_organization_holds_some_kind_and_committees_no_congress():
    for org_type in OrganizationType.values:
        assert kinds_for(org_type)
    assert CONGRESS in kinds_for("branch")
    assert CONGRESS not in kinds_for("college_committee")
    assert LEADING in kinds_for("university_committee")
    assert LEADING not in kinds_for("branch")
    assert COMMITTEE not in kinds_for("group")
