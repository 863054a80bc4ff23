"""Votes as the chair leads them and members find them; nobody sees the vote on themselves."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.meetings import services as meetings
from members.meetings.models import Attendance
from members.votes import services
from members.votes.models import MeetingVote
from members.votes.queries import votes_of
from portal.access.policy import holders, may, policy_of, scope
from portal.audit.models import AuditEntry
from portal.ballots.models import Elector
from portal.ballots.services import cast as put
from portal.organizations.models import Appointment
from tests.members.meetings.hall import congress
from tests.members.recruitment.way import at, case_at, dossier, make_cast
from tests.world import CAST

from .conftest import VOTERS, Hall

N = "members:votes:"
# Of the page of a closed vote, for a member.
STATEMENTS = 12


def page(vote, name="vote-detail", *more):
    return reverse(N + name, args=[vote.pk, *more])


def step(client, vote, verb, **data):
    return client.post(page(vote, "vote-step", verb), data, follow=True)


@pytest.fixture
def chair(world):
    return world.client("secretary")


def test_chair_prepares_opens_and_closes_a_vote(hall, chair):
    asks = chair.get(reverse(N + "vote-create", args=[hall.item.pk])).content.decode()
    assert "resolution" in asks
    assert "admission of a probationary member" in asks
    made = reverse(N + "vote-create-about", args=[hall.item.pk, "resolution"])
    assert hall.item.title in chair.get(made).content.decode()
    answer = chair.post(made, {"title": "On the plan", "words": "We agree.", "is_secret": "on"}, follow=True)
    vote = MeetingVote.objects.select_related("ballot").get()
    assert answer.redirect_chain[-1][0] == vote.get_absolute_url()
    assert (vote.ballot.title, vote.ballot.rule, vote.ballot.is_secret) == ("On the plan", "ordinary", True)

    text = chair.get(page(vote)).content.decode()
    assert "The vote can be opened while the meeting is in session." in text
    hall.begin("secretary", "contact")
    text = chair.get(page(vote)).content.decode()
    assert "Too few are present: 2 of 5; at least 3 must be." in text
    assert page(vote, "vote-step", "open") not in text
    refused = step(chair, vote, "open").content.decode()
    assert "2 of 5 due are present; at least 3 must be." in refused

    hall.come("member")
    assert "Open the vote" in chair.get(page(vote)).content.decode()
    assert "The vote is open." in step(chair, vote, "open").content.decode()
    hall.cast(vote, secretary="yes", contact="yes", member="yes")
    text = step(chair, vote, "close").content.decode()
    assert "3 in favor of 5 due; at least 3 are needed." in text
    assert "unchanged since it closed" in text


def test_figures_tell_the_hall_before_and_the_count_during_a_vote(hall, chair):
    vote = hall.vote()
    hall.begin("secretary", "contact", "member")
    found = chair.get(page(vote, "vote-figures")).json()
    assert found == {"state": "planned", "present": 3, "due": 5, "needed": 3, "ready": True}
    assert hall.world.client("member").get(page(vote, "vote-figures")).json() == {"state": "planned"}
    services.open_vote(vote, by=hall.chair)
    hall.cast(vote, contact="no")
    assert chair.get(page(vote, "vote-figures")).json() == {"state": "open", "voted": 1, "present": 3, "left": 2}


def test_members_find_the_open_vote_and_nothing_to_lead(hall, world):
    vote = hall.vote()
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    phone = world.client("member")
    place = reverse("ballots:ballot-vote", args=[vote.ballot_id])
    for address in (page(vote), hall.meeting.get_absolute_url(), reverse("home:workbench")):
        assert place in phone.get(address).content.decode(), address
    text = phone.get(page(vote)).content.decode()
    assert "/steps/" not in text
    assert phone.get(page(vote, "vote-step", "close")).status_code == 403
    phone.post(place, {"answer": "yes", "sure": "1"})
    text = phone.get(hall.meeting.get_absolute_url()).content.decode()
    assert "Your vote is in the box." in text
    assert place not in text


def test_papers_are_handed_out_and_counted_by_two(hall, chair, world):
    vote = hall.vote()
    hall.begin(*VOTERS, "probationary")
    services.open_vote(vote, by=hall.chair)
    hall.cast(vote, secretary="yes")
    chosen = [world.users[name].pk for name in ("contact", "member")]
    assert "Noted." in step(chair, vote, "papers", people=chosen).content.decode()
    text = chair.get(page(vote, "vote-step", "count")).content.decode()
    assert 'name="issued" value="2"' in text
    fields = {row.choice: f"count_{row.pk}" for row in vote.ballot.tallies.exclude(choice="cast")}
    data = {
        "issued": 2, "returned": 2, "void": 0, fields["yes"]: 2, fields["no"]: 0, fields["abstain"]: 0,
        "first": world.users["probationary"].pk, "second": world.users["probationary"].pk,
    }  # fmt: skip
    assert "Two different people count the papers." in step(chair, vote, "count", **data).content.decode()
    data["second"] = world.users["retired"].pk
    assert "The count is entered." in step(chair, vote, "count", **data).content.decode()
    assert "3 in favor of 5 due" in step(chair, vote, "close").content.decode()


def test_annulling_asks_why(hall, chair):
    vote = hall.vote()
    assert "This field is required." in step(chair, vote, "annul", reason=" ").content.decode()
    assert "Wrong words" in step(chair, vote, "annul", reason="Wrong words").content.decode()


def test_superior_approves_an_election_and_the_branch_cannot(hall, chair, world):
    made = reverse(N + "vote-create-about", args=[hall.item.pk, "election"])
    assert "auditor" not in chair.get(made).content.decode()
    people = [world.users[name].pk for name in ("contact", "member")]
    data = {"title": "Election", "post": "committee_member", "seats": 1, "rule": "election", "people": people[:1]}
    assert "1 candidates for 1 posts; at least 2 are needed." in chair.post(made, data).content.decode()
    chair.post(made, data | {"people": people})
    vote = MeetingVote.objects.get()
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    hall.mark(vote, secretary="contact", contact="contact", member="contact", retired="member")
    services.close_vote(vote, by=hall.chair)
    college, today = world.client("college"), timezone.localdate()
    assert chair.get(page(vote, "election-approve")).status_code == 403
    assert "Record the approval" not in chair.get(page(vote)).content.decode()
    assert "Approve the election: Election" in college.get(reverse("home:workbench")).content.decode()
    text = college.get(page(vote, "election-approve")).content.decode()
    assert f"{world.users['contact'].name} becomes committee member." in text
    data = {"on": today.isoformat(), "until": (today + timedelta(days=700)).isoformat(), "is_term": "True"}
    text = college.post(page(vote, "election-approve"), data | {"number": "No 7"}, follow=True).content.decode()
    assert "the posts are written" in text
    assert Appointment.objects.get(user=world.users["contact"]).approval_doc_no == "No 7"
    assert "Approve the election" not in college.get(reverse("home:workbench")).content.decode()


def test_vote_on_a_person_is_prepared_for_cases_that_one_keeps(world, hall, chair):
    cast = make_cast(world)
    case = case_at(cast, before="congress")
    made = reverse(N + "vote-create-about", args=[hall.item.pk, "admission"])
    assert case.person.name in chair.get(made).content.decode()
    chair.post(made, {"case": case.pk})
    vote = MeetingVote.objects.select_related("ballot").get()
    assert (vote.subject_case, vote.step) == (case, "congress")
    assert (vote.ballot.rule, vote.ballot.is_secret) == ("congress", True)
    # The recorder leads the sitting without keeping recruitment: no case is offered.
    type(hall.meeting).objects.filter(pk=hall.meeting.pk).update(recorder=world.users["contact"])
    assert case.person.name not in world.client("contact").get(made).content.decode()
    subject = cast.client_of(case.person.user)
    assert subject.get(page(vote)).status_code == 404
    answer = subject.get(hall.meeting.get_absolute_url())
    assert answer.status_code == 404 or vote.ballot.title not in answer.content.decode()


def test_nomination_is_prepared_led_and_recorded_on_pages(world):
    cast = make_cast(world)
    nominated = next(fact for fact in dossier().records if fact.step == "nominate")
    case = case_at(cast, before="nominate")
    with at(nominated.on):
        hall, chair = Hall(world, congress(world)), world.client("secretary")
        for purpose in ("recommend", "nomination"):
            made = reverse(N + "vote-create-about", args=[hall.item.pk, purpose])
            assert case.person.name in chair.get(made).content.decode()
            assert "The vote is prepared." in chair.post(made, {"case": case.pk}, follow=True).content.decode()
        vote = MeetingVote.objects.select_related("ballot", "meeting").get(purpose="nomination")
        assert vote.ballot.title == f"Decision on {case.person.name} as activist"
        assert "already, in “" in chair.post(made, {"case": case.pk}).content.decode()
        rows = Attendance.objects.filter(meeting=hall.meeting)
        meetings.call_roll(hall.meeting, list(rows.values_list("pk", flat=True)), by=hall.chair, at=timezone.now())
        meetings.open_meeting(hall.meeting, by=hall.chair, at=timezone.now())
        services.open_vote(vote, by=hall.chair)
        for elector in Elector.objects.filter(ballot=vote.ballot).select_related("user"):
            put(vote.ballot, elector.user, {None: "yes"})
        assert "Record in the case" in step(chair, vote, "close").content.decode()
        assert "Recommended or nominated on" in chair.get(page(vote, "vote-step", "record")).content.decode()
        day = nominated.on.isoformat()
        assert "This field is required." in step(chair, vote, "record", by_league="True").content.decode()
        text = step(chair, vote, "record", by_league="True", recommended_on=day, is_signed="on").content.decode()
        assert "The result is recorded in the case." in text
        assert "Record in the case" not in text
    assert case.records.filter(step="nominate").count() == 1


def test_an_election_shows_for_against_and_who_was_written_in(hall, chair, world):
    vote = hall.election("contact", "member")
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    keys = dict(vote.ballot.options.values_list("person", "pk"))
    contact, retired = keys[world.users["contact"].pk], keys[world.users["retired"].pk]
    for name in ("secretary", "contact", "member"):
        put(vote.ballot, world.user(name), {contact: "no", retired: "yes"})
    put(vote.ballot, world.user("disabled"), {contact: "yes"})
    text = chair.get(page(vote)).content.decode()
    assert "written in" not in text
    assert world.users["retired"].name not in text
    text = step(chair, vote, "close").content.decode()
    row = r'<th scope="row">([^<]+?)\s*(?:<span[^>]*>([^<]*)</span>)?</th>((?:<td[^>]*>[^<]*</td>)+)'
    cells = re.findall(row, text)
    found = {name: (extra, re.findall(r">([^<]*)</td>", rest)) for name, extra, rest in cells}
    assert found == {
        world.users["contact"].name: ("", ["1", "3", "0", "–"]),
        world.users["member"].name: ("", ["0", "0", "4", "–"]),
        world.users["retired"].name: ("written in", ["3", "–", "–", "elected"]),
    }


def test_hands_of_an_open_vote_and_the_tellers_are_shown_after_the_close(hall, chair, world):
    vote = hall.vote(is_secret=False)
    hall.begin(*VOTERS, "probationary")
    services.open_vote(vote, by=hall.chair)
    hall.cast(vote, secretary="yes", contact="no", member="yes")
    services.hand_out_papers(vote, by=hall.chair)
    fields = {(None, "yes"): 2}
    tellers = [world.user("probationary"), world.user("retired")]
    services.count_papers(vote, fields, issued=2, returned=2, void=0, tellers=tellers, by=hall.chair)
    assert "Who voted how" not in chair.get(page(vote)).content.decode()
    text = step(chair, vote, "close").content.decode()
    assert f"{world.users['probationary'].name}、{world.users['retired'].name}" in text
    assert "2 issued, 2 returned, 0 invalid" in text
    shown = text[text.index("Who voted how") :]
    row = f'<th scope="row">{world.users["contact"].name}</th><td data-label="Answer">against</td>'
    assert row in shown
    assert "Who voted how" in world.client("member").get(page(vote)).content.decode()


def test_a_vote_asks_the_same_however_many_took_part(hall, world, django_assert_num_queries):
    few, many = hall.vote(is_secret=False), hall.vote(is_secret=False, title="Second")
    hall.begin(*VOTERS)
    for vote, names in ((few, ["secretary"]), (many, VOTERS)):
        services.open_vote(vote, by=hall.chair)
        hall.cast(vote, **dict.fromkeys(names, "yes"))
        services.close_vote(vote, by=hall.chair)
    client = world.client("member")
    client.get(page(few))
    for vote in (few, many):
        with django_assert_num_queries(STATEMENTS):
            client.get(page(vote))


def test_t30b_the_second_of_two_chairs_is_told_who_was_first_and_when(hall, chair, world):
    vote = hall.vote()
    type(hall.meeting).objects.filter(pk=hall.meeting.pk).update(recorder=world.users["contact"])
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    other = world.client("contact")
    assert other.get(page(vote, "vote-step", "close")).status_code == 200
    assert "The vote is closed." in step(chair, vote, "close").content.decode()
    text = step(other, vote, "close").content.decode()
    assert "This ballot is closed." in text
    assert re.search(rf"{world.users['secretary'].name}.*: closed a ballot", text)
    assert "The vote is closed." not in text


def test_conversion_says_what_is_proposed(world, hall, chair):
    made = reverse(N + "vote-create-about", args=[hall.item.pk, "conversion"])
    text = chair.post(made, {"proposed": "extended"}).content.decode()
    assert "Say by how many months." in text


@pytest.mark.parametrize("purpose", ["party", "0", "admission"])
def test_purposes_that_a_sitting_does_not_have_are_not_found(hall, chair, purpose):
    from members.meetings.models import MeetingPart

    if purpose == "admission":
        MeetingPart.objects.filter(meeting=hall.meeting).update(kind="theme_party_day")
    assert chair.get(reverse(N + "vote-create-about", args=[hall.item.pk, purpose])).status_code == 404


@pytest.mark.parametrize("key", ["0", "9223372036854775807", "9223372036854775808", "1_2", "abc"])
def test_votes_of_nothing_are_not_found(chair, key):
    for rest in ("", "figures/", "approve/", "steps/open/"):
        assert chair.get(f"/members/votes/{key}/{rest}").status_code == 404
    assert chair.get(f"/members/votes/items/{key}/new/").status_code == 404


def test_unknown_steps_are_not_found_and_steps_out_of_turn_are_told(hall, chair):
    vote = hall.vote()
    assert chair.get(page(vote, "vote-step", "burn")).status_code == 404
    for verb, said in (
        ("close", "The meeting is not in session."),
        ("admit", "The meeting is not in session."),
        ("papers", "This ballot has not been opened yet."),
        ("record", "The result of this vote is no step of a case of recruitment."),
        ("again", "This vote is not closed yet."),
    ):
        assert said in step(chair, vote, verb).content.decode(), verb
    assert chair.get(page(vote, "vote-step", "open")).status_code == 200
    assert not Elector.objects.exists()


def test_votes_of_a_meeting_ask_the_same_however_many(hall, world, django_assert_num_queries):
    hall.vote()
    user = world.user("member")
    user_first = list(votes_of(hall.meeting, user))
    assert len(user_first) == 1
    for number in range(6):
        hall.vote(title=f"No {number}")
    with django_assert_num_queries(3):
        assert len(votes_of(hall.meeting, user)) == 7
    client = world.client("member")
    client.get(hall.meeting.get_absolute_url())
    with CaptureQueriesContext(connection) as many:
        client.get(hall.meeting.get_absolute_url())
    MeetingVote.objects.filter(ballot__title__startswith="No ").delete()
    with CaptureQueriesContext(connection) as few:
        client.get(hall.meeting.get_absolute_url())
    assert len(many) == len(few)


def test_scope_may_and_holders_agree(world, hall):
    cast = make_cast(world)
    hall.vote()
    hall.vote(purpose="admission", title="Admission", case=case_at(cast, before="congress"))
    rows, policy = list(MeetingVote.objects.all()), policy_of(MeetingVote)
    assert len(rows) == 2
    for actor in [*(world.user(name) for name in [*CAST, "admin", "auditor", "outsider"]), cast.person.user]:
        for action in policy.actions:
            scoped = set(scope(actor, action, MeetingVote).values_list("pk", flat=True))
            assert scoped == {row.pk for row in rows if may(actor, action, row)}, (actor, action)
            for row in rows:
                by_own = MeetingVote.objects.filter(policy.own(actor, action), pk=row.pk).exists()
                told = holders(action, row).filter(pk=actor.pk).exists()
                assert not told or row.pk in scoped, (actor, action)
                assert row.pk not in scoped or by_own or told, (actor, action)
    assert scope(cast.person.user, "view", MeetingVote).count() <= 1


def test_nobody_approves_the_election_of_their_own_body(world, hall):
    vote = hall.election("contact", "member")
    college = world.user("college")
    assert may(college, "approve", vote)
    assert list(holders("approve", vote).filter(pk=college.pk)) == [college]
    # The same vote, had it been held in the college committee itself.
    type(hall.meeting).objects.filter(pk=hall.meeting.pk).update(organization=world.unit)
    vote = MeetingVote.objects.select_related("meeting__organization").get(pk=vote.pk)
    assert not may(college, "approve", vote)
    assert not holders("approve", vote).filter(pk=college.pk).exists()
    assert may(world.user("committee"), "approve", vote)
    assert holders("approve", vote).filter(pk=world.users["committee"].pk).exists()
    assert world.client("college").get(page(vote, "election-approve")).status_code == 403


def test_the_report_of_a_count_is_taken_along_by_those_who_see_the_vote(hall, chair, world):
    from members.votes.papers import sheet_of

    vote = hall.election("contact", "member")
    place = page(vote, "vote-paper", "pdf")
    assert chair.post(place).status_code == 409
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    keys = dict(vote.ballot.options.values_list("person", "pk"))
    contact, retired = keys[world.users["contact"].pk], keys[world.users["retired"].pk]
    for name in ("secretary", "contact", "member"):
        put(vote.ballot, world.user(name), {contact: "no", retired: "yes"})
    services.close_vote(vote, by=hall.chair)
    assert place in chair.get(page(vote)).content.decode()
    vote = MeetingVote.objects.select_related("ballot", "meeting__organization", "meeting__chair").get(pk=vote.pk)
    facts = sheet_of(vote, None)
    assert (facts.due, facts.present, facts.issued, facts.returned, facts.valid, facts.seats) == (5, 5, 3, 3, 3, 1)
    assert facts.rows == (
        (world.users["contact"].name, "0", "3", "0", ""),
        (world.users["member"].name, "0", "0", "3", ""),
        (world.users["retired"].name, "3", "—", "—", "另选、当选"),
    )
    for form, kind in (("pdf", "application/pdf"), ("docx", "application/vnd.openxml")):
        answer = world.client("member").post(page(vote, "vote-paper", form))
        assert (answer.status_code, answer["Content-Type"].startswith(kind)) == (200, True)
    assert AuditEntry.objects.filter(verb="votes.paper.exported").count() == 2
    assert chair.post(page(vote, "vote-paper", "exe")).status_code == 404
    assert chair.get(place).status_code == 405
    assert world.client("stranger").post(place).status_code == 404


def test_posts_that_stay_empty_are_voted_on_in_the_same_sitting_or_told_after_it(hall, chair):
    vote = hall.election("contact", "member")
    hall.begin(*VOTERS)
    services.open_vote(vote, by=hall.chair)
    hall.mark(vote, secretary="contact", contact="member")
    services.close_vote(vote, by=hall.chair)
    text = chair.get(page(vote)).content.decode()
    assert "Vote again on the posts left" in text
    assert "One post is not filled." not in text
    meetings.close_meeting(hall.meeting, by=hall.chair, at=timezone.now())
    for address in ([N + "vote-create", [hall.item.pk]], [N + "vote-create-about", [hall.item.pk, "resolution"]]):
        over = chair.get(reverse(address[0], args=address[1]))
        assert (over.status_code, "The meeting is over." in over.content.decode()) == (409, True)
    text = chair.get(page(vote)).content.decode()
    assert "Vote again on the posts left" not in text
    assert "One post is not filled. Convene another meeting to vote on it." in text
