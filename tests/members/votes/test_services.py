"""Votes of a sitting: who takes part, one at a time, and what follows from a result."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.meetings import services as meetings
from members.meetings.models import Attendance
from members.recruitment.models import StepRecord
from members.recruitment.services import RecordRefused
from members.votes import services
from members.votes.models import MeetingVote
from members.votes.queries import obstacles_to, open_votes, recommended_on, still_to_record, vote_facts
from members.votes.signals import closed
from portal.ballots.models import Elector
from portal.ballots.queries import result_of
from portal.ballots.services import cast
from portal.ballots.vocabulary import Mark
from portal.notifications.models import Notice
from portal.organizations.duties import Post
from portal.organizations.models import Appointment, Organization
from portal.web.refusals import RuleError
from tests.members.recruitment.way import at, case_at, dossier, make_cast

from .conftest import VOTERS, Hall


def refusal(call) -> str:
    with pytest.raises(ValidationError) as caught:
        call()
    return " ".join(caught.value.messages)


def test_electors_are_those_with_a_vote_and_present_those_who_came_in(hall):
    vote = hall.vote()
    assert refusal(lambda: services.open_vote(vote, by=hall.chair)) == "The meeting is not in session."
    hall.begin("secretary", "contact", "member", "probationary", "author")
    vote = services.open_vote(vote, by=hall.chair)
    assert (vote.ballot.due, vote.ballot.present) == (5, 3)
    rows = Elector.objects.filter(ballot=vote.ballot).values_list("user__number", "is_present")
    wanted = {hall.world.users[name].number: name in ("secretary", "contact", "member") for name in VOTERS}
    assert dict(rows) == wanted


def test_leave_changes_nothing_in_the_base_but_a_remark_does(hall):
    asked = hall.world.user("member")
    meetings.answer(hall.meeting, asked, answer="leave", words="Ill", at=timezone.now())
    world, since = hall.world, timezone.localdate() - timedelta(days=1)
    meetings.remark_seat(
        world.user("retired"), world.branch, kind="not_counted", words="Abroad", since=since, by=hall.chair
    )
    vote = hall.vote()
    hall.begin("secretary", "contact", "retired")
    assert services.open_vote(vote, by=hall.chair).ballot.due == 4
    assert Elector.objects.filter(ballot=vote.ballot, is_present=True).count() == 2


def test_who_has_left_the_room_is_not_present(hall):
    hall.begin("secretary", "contact", "member")
    row = Attendance.objects.get(meeting=hall.meeting, user=hall.world.users["member"])
    meetings.note_leaving(hall.meeting, [row.pk], by=hall.chair, at=timezone.now())
    vote = hall.vote()
    assert refusal(lambda: services.open_vote(vote, by=hall.chair)).startswith("2 of 5 due are present; at least 3")


def test_votes_of_a_sitting_come_one_after_the_other(hall):
    first, second = hall.vote(), hall.vote(title="Second")
    hall.begin(*VOTERS)
    services.open_vote(first, by=hall.chair)
    assert refusal(lambda: services.open_vote(second, by=hall.chair)).startswith("Another vote of this meeting is open")
    services.close_vote(first, by=hall.chair)
    assert services.open_vote(second, by=hall.chair).ballot.is_open


def test_no_meeting_ends_over_an_open_vote(hall):
    vote = hall.vote()
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    said = refusal(lambda: meetings.close_meeting(hall.meeting, by=hall.chair, at=timezone.now()))
    assert said.startswith("A vote is open.")
    services.annul_vote(vote, reason="Wrong words", by=hall.chair)
    meetings.close_meeting(hall.meeting, by=hall.chair, at=timezone.now())
    assert refusal(lambda: hall.vote()) == "The meeting is over."


def test_latecomers_vote_after_the_chair_let_them_in(hall):
    vote = hall.vote()
    hall.begin("secretary", "contact", "member")
    services.open_vote(vote, by=hall.chair)
    assert refusal(lambda: services.admit_latecomers(vote, by=hall.chair)).startswith("Nobody who may vote")
    hall.come("retired", "probationary")
    assert services.admit_latecomers(vote, by=hall.chair) == 1
    hall.cast(vote, retired="yes")
    assert list(open_votes(hall.meeting.pk, hall.world.user("contact"))) == [vote.ballot]
    assert not open_votes(hall.meeting.pk, hall.world.user("retired")).exists()


def test_what_is_decided_depends_on_the_kind_of_meeting(hall):
    assert refusal(lambda: hall.vote(rule="congress")) == "This is not decided by such a rule."
    begins = timezone.now() + timedelta(days=1)
    keeper = hall.world.user("secretary")
    theme = meetings.plan(
        hall.world.branch, kinds=["theme_party_day"], title="Theme", planned_at=begins,
        planned_until=begins + timedelta(hours=1), chair=keeper, recorder=keeper,
        agenda=[meetings.Matter("theme_party_day", "First")], by=keeper, at=timezone.now(),
    )  # fmt: skip
    other = Hall(hall.world, theme)
    assert refusal(lambda: other.election("contact", "member")) == "This is not decided in a meeting of this kind."
    assert other.vote().ballot.rule == "ordinary"


def test_only_posts_that_are_elected_and_people_with_a_vote(hall):
    assert refusal(lambda: hall.election("contact", "member", post="system_administrator")).startswith("This post")
    assert refusal(lambda: hall.election("contact", "probationary")).startswith("Only full members")
    assert refusal(lambda: hall.election("contact", "neighbor")).startswith("Only full members")
    assert hall.election("contact", "member").post == "committee_member"


def test_written_opinions_are_for_votes_on_people(hall):
    vote = hall.vote(title="x")
    said = refusal(lambda: services.take_written(vote, hall.world.user("member"), "yes", by=hall.chair))
    assert said == "By this rule only those who are present vote."


def elected(hall: Hall, *, mark: str = "contact") -> MeetingVote:
    vote = hall.election("contact", "member")
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    hall.mark(vote, secretary=mark, contact=mark, member=mark, retired="member")
    services.close_vote(vote, by=hall.chair)
    return MeetingVote.objects.select_related("ballot", "meeting__organization").get(pk=vote.pk)


def test_an_approved_election_writes_posts_and_ends_those_before(hall):
    world, today = hall.world, timezone.localdate()
    from portal.organizations.services import appoint

    before = appoint(world.user("retired"), world.branch, Post.COMMITTEE_MEMBER, on=world.since, by=None)
    vote = elected(hall)
    assert not Appointment.objects.filter(user=world.users["contact"]).exists()
    name = world.users["contact"].name
    told = Notice.objects.filter(message__kind="vote_election_held")
    assert {(row.recipient, row.message.params["names"]) for row in told} == {
        (world.users[who], name) for who in ("college", "committee")
    }  # fmt: skip
    until = today + timedelta(days=1095)
    made = services.approve_election(vote, on=today, until=until, number="2026-9", by=world.user("college"))
    assert [(row.user, row.post, row.since, row.until, row.mode, row.approval_doc_no) for row in made] == [
        (world.users["contact"], "committee_member", today, until, "elected", "2026-9")
    ]
    told = Notice.objects.filter(message__kind="vote_election_approved").values_list("recipient__number", flat=True)
    assert sorted(told) == sorted(world.users[who].number for who in ("contact", "secretary"))
    before.refresh_from_db()
    assert before.until == today - timedelta(days=1)
    assert Organization.objects.get(pk=world.branch.pk).term_started_on == today
    vote.refresh_from_db()
    assert (vote.approved_on, vote.approved_by) == (today, world.users["college"])
    said = refusal(lambda: services.approve_election(vote, on=today, by=world.user("committee")))
    assert said.startswith(f"{world.users['college']} has recorded the approval of ")


def test_a_by_election_leaves_the_others_in_their_posts(hall):
    from portal.organizations.services import appoint

    before = appoint(hall.world.user("retired"), hall.world.branch, Post.COMMITTEE_MEMBER, on=hall.world.since, by=None)
    made = services.approve_election(
        elected(hall), on=timezone.localdate(), is_term=False, by=hall.world.user("college")
    )
    before.refresh_from_db()
    assert (before.ended_at, made[0].mode) == (None, "by_election")


def test_somebody_written_in_is_elected_and_gets_the_post(hall):
    vote = hall.election("contact", "member")
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    # The fifth of those with a vote has no account that could hold a post.
    retired, secretary = (hall.world.users[name] for name in ("retired", "secretary"))
    stand = dict(vote.ballot.options.filter(is_candidate=True).values_list("person", "pk"))
    others = dict(vote.ballot.options.filter(is_candidate=False).values_list("person", "pk"))
    assert {retired.pk, secretary.pk} == others.keys()
    against = stand[hall.world.users["contact"].pk]
    for name in ("secretary", "contact", "member"):
        cast(vote.ballot, hall.world.user(name), {against: "no", others[retired.pk]: "yes"})
    services.close_vote(vote, by=hall.chair)
    made = services.approve_election(vote, on=timezone.localdate(), by=hall.world.user("college"))
    assert [row.user for row in made] == [retired]
    assert vote_facts([hall.meeting.pk])[0].verdict == f"elected：{retired.name}"


def test_posts_left_are_voted_on_again_between_those_with_most_votes(hall):
    vote = hall.election("contact", "member", seats=1)
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    options = dict(vote.ballot.options.values_list("person", "pk"))
    contact, member, retired, secretary = (
        options[hall.world.users[name].pk] for name in ("contact", "member", "retired", "secretary")
    )
    cast(vote.ballot, hall.world.user("secretary"), {contact: "no", retired: "yes"})
    cast(vote.ballot, hall.world.user("contact"), {contact: "no", retired: "yes"})
    cast(vote.ballot, hall.world.user("member"), {contact: "no", secretary: "yes"})
    cast(vote.ballot, hall.world.user("retired"), {contact: "yes"})
    cast(vote.ballot, hall.world.user("disabled"), {member: "yes"})
    services.close_vote(vote, by=hall.chair)
    again = services.hold_again(vote, by=hall.chair)
    # Two candidates with a vote each are left; one who was written in had two, another only one.
    stand = [option.person for option in again.ballot.options.all()]
    assert stand == [hall.world.users[name] for name in ("contact", "member", "retired")]


def test_nobody_else_is_elected_between_people_who_were_level(hall):
    vote = hall.election("contact", "member")
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    hall.mark(vote, secretary="contact", contact="contact", member="member", retired="member")
    stand = dict(vote.ballot.options.filter(is_candidate=True).values_list("person", "pk"))
    from portal.ballots.models import Ballot
    from portal.ballots.rules import decide_election

    assert decide_election("election", due=5, present=4, seats=1, votes=[3, 3]).tied == (0, 1)
    services.close_vote(vote, by=hall.chair)
    # Nobody had more than half: others may still be elected in the next vote.
    again = services.hold_again(vote, by=hall.chair)
    services.open_vote(again, by=hall.chair)
    assert again.ballot.options.filter(is_candidate=False).count() == 2
    services.annul_vote(again, reason="Once more", by=hall.chair)
    Ballot.objects.filter(pk=vote.ballot_id).update(
        result={**result_of(Ballot.objects.get(pk=vote.ballot_id)).to_json(), "tied": sorted(stand.values())}
    )
    level = services.hold_again(MeetingVote.objects.get(pk=vote.pk), by=hall.chair)
    services.open_vote(MeetingVote.objects.get(pk=level.pk), by=hall.chair)
    assert not level.ballot.options.filter(is_candidate=False).exists()


def test_a_second_part_of_an_election_leaves_those_elected_in_the_first(hall):
    first = elected(hall)
    today, college = timezone.localdate(), hall.world.user("college")
    services.approve_election(first, on=today, by=college)
    second = hall.election("member", "retired", title="The other post")
    services.open_vote(second, by=hall.chair)
    hall.mark(second, secretary="member", contact="member", member="member")
    services.close_vote(second, by=hall.chair)
    services.approve_election(second, on=today, by=college)
    held = Appointment.objects.filter(organization=hall.world.branch, post="committee_member", ended_at=None)
    assert {row.user for row in held} == {hall.world.users[name] for name in ("contact", "member")}


def test_approvals_that_cannot_be(hall):
    vote, by, today = elected(hall), hall.world.user("college"), timezone.localdate()
    day = timedelta(days=1)
    for fields, said in (
        ({"on": today - day}, "The approval cannot come before"),
        ({"on": today + day}, "The approval is recorded when"),
        ({"on": today, "until": today}, "The term cannot end before"),
        ({"on": today, "by": hall.world.user("contact")}, "Nobody appoints themselves"),
    ):
        given = {"by": by} | fields
        assert refusal(lambda given=given: services.approve_election(vote, **given)).startswith(said)
    assert not Appointment.objects.filter(user=hall.world.users["contact"]).exists()


def test_level_candidates_stand_again(hall):
    vote = hall.election("contact", "member", "retired", seats=1)
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    hall.mark(vote, secretary="contact", contact="contact", member="member", retired="member", disabled="retired")
    services.close_vote(vote, by=hall.chair)
    vote.ballot.refresh_from_db()
    again = services.hold_again(vote, by=hall.chair)
    # Nobody had more than half of those present, so that all who were not elected stand again.
    assert sorted(option.person.pk for option in again.ballot.options.all()) == sorted(
        hall.world.users[name].pk for name in ("contact", "member", "retired")
    )
    assert (again.again, again.post, again.ballot.seats) == (vote, "committee_member", 1)
    assert refusal(lambda: services.hold_again(vote, by=hall.chair)).startswith("Another vote on these posts")
    said = refusal(lambda: services.approve_election(vote, on=timezone.localdate(), by=hall.chair))
    assert said == "Nobody was elected in this vote."


def test_minutes_learn_closed_votes_alone(hall):
    vote, _waiting = hall.vote(), hall.vote(title="Later")
    heard = []
    closed.connect(listener := lambda sender, vote, result, by, **rest: heard.append((vote.pk, result.outcome)))
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    hall.cast(vote, secretary="yes", contact="yes", member="yes", retired="no")
    services.close_vote(vote, by=hall.chair)
    closed.disconnect(listener)
    assert heard == [(vote.pk, "passed")]
    (fact,) = vote_facts([hall.meeting.pk])
    assert (fact.title, fact.part_id, fact.due, fact.present, fact.yes, fact.no, fact.passed, fact.verdict) == (
        "On the plan", vote.part_id, 5, 5, 3, 1, True, "passed",
    )  # fmt: skip
    assert any("3 in favor of 5 due" in line for line in fact.arithmetic)


def test_facts_of_many_votes_are_one_statement(hall, django_assert_num_queries):
    votes = [hall.vote(title=f"No {number}") for number in range(3)]
    hall.begin(*VOTERS)
    for vote in votes:
        services.open_vote(vote, by=hall.chair)
        services.close_vote(vote, by=hall.chair)
    with django_assert_num_queries(1):
        assert len(vote_facts([hall.meeting.pk])) == 3


@pytest.mark.parametrize(
    "values",
    [
        {"purpose": "party"},
        {"purpose": "admission"},
        {"post": "secretary"},
        {"purpose": "election", "post": "auditor"},
        {"proposed": "passed"},
        {"months": 6},
        {"step": "congress"},
        {"approved_on": "2026-01-01"},
        {"waits_for": "rain"},
    ],
)
def test_tables_refuse_votes_that_do_not_fit(hall, values):
    vote = hall.vote()
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingVote.objects.filter(pk=vote.pk).update(**values)


# Recruitment: the case stands before its congress; the sitting is on that day.


@pytest.fixture
def candidate(world):
    """Return the cast, the case before the congress on admission, and the fact that the dossier has for it."""
    cast = make_cast(world)
    facts = dossier()
    ballot = next(fact for fact in facts.records if fact.step == "congress" and fact.kind == "ballot")
    case = case_at(cast, before="congress")
    return cast, case, ballot


def held_congress(world, cast, case, on):
    """Return a hall whose sitting is on ``on``, with everybody there."""
    from tests.members.meetings.hall import congress

    hall = Hall(world, congress(world))
    vote = hall.vote(purpose="admission", title="Admission", case=case)
    rows = Attendance.objects.filter(meeting=hall.meeting)
    meetings.call_roll(hall.meeting, list(rows.values_list("pk", flat=True)), by=hall.chair, at=timezone.now())
    hall.meeting = meetings.open_meeting(hall.meeting, by=hall.chair, at=timezone.now())
    services.open_vote(vote, by=hall.chair)
    return hall, vote


def test_the_congress_on_admission_is_recorded_with_its_numbers(world, candidate):
    cast, case, ballot = candidate
    # What the dossier records before the ballot of the congress: the notice and its result.
    from tests.members.recruitment.way import take

    for fact in dossier().records:
        if fact.step == "congress" and fact.kind != "ballot":
            with at(fact.on):
                take(cast, case, fact)
    with at(ballot.on):
        hall, vote = held_congress(world, cast, case, ballot.on)
        due = vote.ballot.due
        from portal.ballots.services import cast as put

        voters = [row.user for row in Elector.objects.filter(ballot=vote.ballot).select_related("user")]
        for user in voters[:-1]:
            put(vote.ballot, user, {None: "yes"})
        put(vote.ballot, voters[-1], {None: "no"})
        assert refusal(lambda: services.record_step(vote, sponsors_present=2, by=hall.chair)) == (
            "This vote is not closed yet."
        )
        services.close_vote(vote, by=hall.chair)
        with pytest.raises(RecordRefused) as caught:
            services.record_step(vote, sponsors_present=1, by=hall.chair)
        assert {refused.code for refused in caught.value.refusals} == {"sponsors_absent"}
        row = services.record_step(vote, sponsors_present=2, is_signed=True, by=hall.chair)
        said = refusal(lambda: services.record_step(vote, sponsors_present=2, by=world.user("contact")))
        assert said.startswith(f"{hall.chair} has recorded the result in the case already, ")
    vote.refresh_from_db()
    assert (vote.record, row.step, row.kind, row.on) == (row, "congress", "ballot", ballot.on)
    details = StepRecord.objects.get(pk=row.pk).details
    assert (details["due"], details["present"], details["yes"], details["no"], details["abstain"]) == (
        due, due, due - 1, 1, 0,
    )  # fmt: skip
    assert sorted(paper.kind for paper in row.papers.all()) == ["ballot_summary", "resolution"]


def test_a_written_opinion_on_a_person_counts_without_being_present(world, candidate):
    _cast, case, ballot = candidate
    from tests.members.meetings.hall import congress

    with at(ballot.on):
        hall = Hall(world, congress(world))
        vote = hall.vote(purpose="admission", title="Admission", case=case)
        absent = world.user("member")
        said = refusal(lambda: services.take_written(vote, world.user("probationary"), "yes", by=hall.chair))
        assert said.endswith("may not vote in this meeting.")
        services.take_written(vote, absent, "yes", by=hall.chair)
        assert refusal(lambda: hall.vote(purpose="admission", title="Again", case=case)).startswith("A vote about this")
        hall.begin(*VOTERS)
        assert refusal(lambda: services.take_written(vote, world.user("contact"), "no", by=hall.chair)).startswith(
            "Written opinions count when"
        )
        due = Attendance.objects.filter(meeting=hall.meeting, may_vote=True).count()
        hall.come(*VOTERS)
        rows = Attendance.objects.filter(meeting=hall.meeting)
        meetings.call_roll(hall.meeting, list(rows.values_list("pk", flat=True)), by=hall.chair, at=timezone.now())
        services.open_vote(vote, by=hall.chair)
        assert (vote.ballot.due, vote.ballot.present) == (due, due - 1)
        services.close_vote(vote, by=hall.chair)
    vote.ballot.refresh_from_db()
    result = result_of(vote.ballot)
    assert (result.papers.written, result.count(Mark.YES)) == (1, 1)


def test_a_void_ballot_changes_no_case(world, candidate):
    cast, case, ballot = candidate
    with at(ballot.on):
        hall, vote = held_congress(world, cast, case, ballot.on)
        services.hand_out_papers(vote, by=hall.chair)
        given = Elector.objects.filter(way="paper").count()
        services.count_papers(
            vote, {(None, "yes"): given + 1}, issued=given, returned=given + 1, void=0,
            tellers=[world.user("probationary"), world.user("peer")], by=hall.chair,
        )  # fmt: skip
        services.close_vote(vote, by=hall.chair)
        vote.ballot.refresh_from_db()
        with pytest.raises(RuleError, match="void"):
            services.record_step(vote, sponsors_present=2, by=hall.chair)


# The step before: members recommend, the committee decides.


@pytest.fixture
def applicant(world):
    cast_, nominated = make_cast(world), next(fact for fact in dossier().records if fact.step == "nominate")
    return case_at(cast_, before="nominate"), nominated


def held_vote(hall: Hall, purpose: str, case, *answers: str) -> MeetingVote:
    vote = hall.vote(purpose=purpose, title=purpose, case=case)
    if hall.meeting.state != "in_session":
        rows = Attendance.objects.filter(meeting=hall.meeting)
        meetings.call_roll(hall.meeting, list(rows.values_list("pk", flat=True)), by=hall.chair, at=timezone.now())
        hall.meeting = meetings.open_meeting(hall.meeting, by=hall.chair, at=timezone.now())
    services.open_vote(vote, by=hall.chair)
    voters = [row.user for row in Elector.objects.filter(ballot=vote.ballot).select_related("user").order_by("pk")]
    for user, answer in zip(voters, [*answers, *["yes"] * len(voters)], strict=False):
        cast(vote.ballot, user, {None: answer})
    services.close_vote(vote, by=hall.chair)
    return MeetingVote.objects.select_related("ballot", "subject_case__person").get(pk=vote.pk)


def test_a_nomination_is_recommended_decided_and_recorded_by_votes(world, applicant):
    from tests.members.meetings.hall import congress

    case, nominated = applicant
    with at(nominated.on):
        hall = Hall(world, congress(world))
        first = held_vote(hall, "recommend", case)
        assert (first.step, first.waits_for, first.ballot.rule) == ("nominate", "", "ordinary")
        said = refusal(lambda: services.record_step(first, by=hall.chair))
        assert said == "The result of this vote is no step of a case of recruitment."
        assert recommended_on(case) == nominated.on
        second = held_vote(hall, "nomination", case, "no", "abstain")
        assert (second.waits_for, second.ballot.rule) == ("record", "committee")
        row = services.record_step(
            second, by_league=True, recommended_on=recommended_on(case), is_signed=True, by=hall.chair
        )
        second.refresh_from_db()
    due = second.ballot.due
    details = StepRecord.objects.get(pk=row.pk).details
    assert (row.step, row.kind, details["by_league"], details["recommended_on"]) == (
        "nominate", "nomination", True, nominated.on.isoformat(),
    )  # fmt: skip
    assert details["minutes"] == {"due": due, "present": due, "yes": due - 2, "no": 1, "abstain": 1}
    assert sorted(paper.kind for paper in row.papers.all()) == ["committee_minutes", "recommendation"]
    assert (second.record, second.waits_for) == (row, "")


def test_a_result_that_somebody_recorded_by_hand_waits_no_more(world, applicant):
    from members.recruitment import services as recruitment
    from tests.members.meetings.hall import congress
    from tests.members.recruitment.way import papers_of

    case, nominated = applicant
    with at(nominated.on):
        hall = Hall(world, congress(world))
        vote = held_vote(hall, "nomination", case)
        assert list(still_to_record(MeetingVote.objects.all())) == [vote]
        recruitment.record(
            case, "nominate", on=nominated.on, details=nominated.details, by=hall.chair, documents=papers_of(nominated)
        )
        assert not still_to_record(MeetingVote.objects.all()).exists()


def test_an_applicant_who_is_not_decided_on_stays_one(world, applicant):
    from tests.members.meetings.hall import congress

    case, nominated = applicant
    with at(nominated.on):
        hall = Hall(world, congress(world))
        assert recommended_on(case) is None
        vote = held_vote(hall, "nomination", case, *["no"] * 20)
        assert vote.waits_for == ""
        assert "no step to record" in refusal(lambda: services.record_step(vote, by=hall.chair))


def test_a_vote_tells_what_still_stands_before_its_step(world, applicant):
    from tests.members.meetings.hall import congress

    case, nominated = applicant
    with at(nominated.on):
        hall = Hall(world, congress(world))
        assert obstacles_to(hall.vote(purpose="nomination", title="On time", case=case)) == []
        assert obstacles_to(hall.vote()) == []
        early = hall.vote(purpose="admission", title="Too early", case=case)
        assert any("First this step must be complete" in reason for reason in obstacles_to(early))


def test_a_congress_is_told_who_must_still_come_in(world, candidate):
    from tests.members.meetings.hall import congress

    _cast, case, ballot = candidate
    with at(ballot.on):
        hall = Hall(world, congress(world))
        vote = hall.vote(purpose="admission", title="Admission", case=case)

        def missing() -> list[str]:
            vote.meeting.refresh_from_db()
            return [reason.split(",")[0].split(" is not")[0] for reason in obstacles_to(vote) if "checked in" in reason]

        assert missing() == []
        hall.begin(*VOTERS)
        sponsors = [row.sponsor for row in case.sponsors.current().select_related("sponsor__user").order_by("pk")]
        assert sorted(missing()) == sorted(["The candidate", *(sponsor.name for sponsor in sponsors)])
        here = Attendance.objects.filter(meeting=hall.meeting, user__in=[sponsor.user_id for sponsor in sponsors])
        meetings.call_roll(hall.meeting, list(here.values_list("pk", flat=True)), by=hall.chair, at=timezone.now())
        assert missing() == ["The candidate"]
