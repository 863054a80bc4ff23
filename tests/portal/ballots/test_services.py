"""What may be done with ballots, in which order, and what is refused."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from portal.audit.models import AuditEntry
from portal.ballots import services
from portal.ballots.models import Ballot, BallotOption, Elector, NamedVote, PaperCount, Tally
from portal.ballots.queries import figures_of, result_of, shown_result
from portal.ballots.signals import closed
from portal.web.refusals import RuleError

from .conftest import counted, options


def refusal(call) -> str:
    with pytest.raises(RuleError) as caught:
        call()
    return " ".join(caught.value.messages)


def test_secret_vote_runs_from_opening_to_frozen_result(booth):
    ballot = booth.opened(booth.proposal(), present=4)
    heard = []
    closed.connect(listener := lambda sender, ballot, result, by, **rest: heard.append((result.outcome, by)))
    for user, answer in zip(booth.people[:4], ("yes", "yes", "yes", "no"), strict=True):
        services.cast(ballot, user, {None: answer})
    assert counted(ballot) == {
        ("", "cast"): (4, 0), ("", "yes"): (3, 0), ("", "no"): (1, 0), ("", "abstain"): (0, 0),
    }  # fmt: skip
    result = services.close_ballot(ballot, by=booth.chair)
    closed.disconnect(listener)
    assert heard == [("passed", booth.chair)]
    assert (result.due, result.present, result.count("yes"), result.count("no"), result.passed) == (5, 4, 3, 1, True)
    ballot.refresh_from_db()
    assert result_of(ballot) == result
    assert services.is_intact(ballot)
    assert not NamedVote.objects.exists()


def test_majority_is_counted_from_those_due(booth):
    ballot = booth.opened(booth.proposal(), present=3)
    for user, answer in zip(booth.people[:3], ("yes", "yes", "abstain"), strict=True):
        services.cast(ballot, user, {None: answer})
    result = services.close_ballot(ballot, by=booth.chair)
    assert result.outcome == "rejected"
    assert any(line.startswith("2 in favor of 5 due; at least 3 are needed.") for line in result.words)


def test_opens_not_below_quorum_and_says_the_sum(booth):
    ballot = booth.proposal()
    said = refusal(lambda: booth.opened(ballot, present=2))
    assert said.startswith("2 of 5 due are present; at least 3 must be. (")
    ballot.refresh_from_db()
    assert (ballot.state, Elector.objects.count()) == ("planned", 0)
    election = booth.election()
    assert refusal(lambda: booth.opened(election, present=3)).startswith("3 of 5 due are present; at least 4 must be.")
    assert booth.opened(election, present=4).is_open


def test_votes_are_refused_to_strangers_absent_twice_and_outside_the_opening(booth):
    ballot = booth.proposal()
    first, absent = booth.people[0], booth.people[4]
    assert refusal(lambda: services.cast(ballot, first, {None: "yes"})) == "This ballot has not been opened yet."
    booth.opened(ballot, present=4)
    assert refusal(lambda: services.cast(ballot, booth.world.user("probationary"), {None: "yes"})) == (
        "You may not vote here."
    )
    assert refusal(lambda: services.cast(ballot, absent, {None: "yes"})).startswith("You are not checked in")
    services.cast(ballot, first, {None: "yes"})
    assert refusal(lambda: services.cast(ballot, first, {None: "no"})) == "Your vote is in the box already."
    services.close_ballot(ballot, by=booth.chair)
    assert refusal(lambda: services.cast(ballot, booth.people[1], {None: "yes"})) == "This ballot is closed."
    assert counted(ballot)[("", "cast")] == (1, 0)


def test_nothing_is_counted_of_an_invalid_ballot(booth):
    ballot, user = booth.opened(booth.election(seats=1, candidates=2)), booth.people[0]
    first, second = (option.pk for option in options(ballot))
    other = options(booth.election())[0].pk
    assert refusal(lambda: services.cast(ballot, user, [first, second])) == (
        "2 are marked; a ballot with more than 1 is invalid."
    )
    assert refusal(lambda: services.cast(ballot, user, [other])) == "This is not on the ballot."
    assert refusal(lambda: services.cast(ballot, user, {None: "cast"})) == "This is not on the ballot."
    assert refusal(lambda: services.cast(ballot, user, {first: "abstain"})) == "This is not on the ballot."
    proposal = booth.opened(booth.proposal())
    assert refusal(lambda: services.cast(proposal, user, {None: "cast"})) == "This is not on the ballot."
    assert refusal(lambda: services.cast(proposal, user, {})) == "Choose one answer."
    assert set(counted(ballot).values()) == {(0, 0)}
    assert not Elector.objects.filter(voted_on__isnull=False).exists()


def test_election_elects_and_leaves_the_tied_for_another_ballot(booth):
    ballot = booth.opened(booth.election(seats=2, candidates=3))
    one, two, three = (option.pk for option in options(ballot))
    marked = ([one, two], [one, three], [one, two], [one, three], [two, three])
    for user, marks in zip(booth.people, marked, strict=True):
        services.cast(ballot, user, marks)
    result = services.close_ballot(ballot, by=booth.chair)
    assert (result.outcome, result.elected, result.tied, result.open_seats) == ("revote", (one,), (two, three), 1)


def written_in(booth, **fields):
    """Return an open election of one of two, the candidates, and the three who may be written in."""
    ballot = booth.election(**fields)
    services.open_ballot(ballot, electors=booth.keys(), present=booth.keys(), others=booth.keys(), by=booth.chair)
    return ballot, *options(ballot)


def test_somebody_who_does_not_stand_is_elected(booth):
    ballot, one, two, *others = written_in(booth)
    assert [option.person for option in others] == sorted(booth.people[2:], key=lambda person: (person.name, person.pk))
    chosen = others[0]
    for user in booth.people[:3]:
        services.cast(ballot, user, {one.pk: "no", chosen.pk: "yes"})
    services.cast(ballot, booth.people[3], {one.pk: "yes", two.pk: "no"})
    services.cast(ballot, booth.people[4], {})
    result = services.close_ballot(ballot, by=booth.chair)
    assert (result.outcome, result.elected) == ("elected", (chosen.pk,))
    assert [(row.option, row.choice, row.count) for row in result.rows] == [
        (one.pk, "yes", 1), (one.pk, "no", 3), (two.pk, "yes", 0), (two.pk, "no", 1), (chosen.pk, "yes", 3),
    ]  # fmt: skip
    assert f"{chosen.title}: 3 in favor of 5 present; at least 3 are needed." in " ".join(result.words)
    assert not any(other.title in words for words in result.words for other in others[1:])


def test_who_abstains_elects_nobody_else_and_who_votes_against_one_elects_one(booth):
    ballot, one, two, third, fourth, _fifth = written_in(booth, seats=2, candidates=2, rule="election_equal")
    user = booth.people[0]
    two_for_one = {one.pk: "no", third.pk: "yes", fourth.pk: "yes"}
    for marks in ({third.pk: "yes"}, {one.pk: "yes", third.pk: "yes"}, two_for_one):
        assert "in place of a candidate" in refusal(lambda marks=marks: services.cast(ballot, user, marks))
    both = {one.pk: "no", two.pk: "yes", third.pk: "yes", fourth.pk: "yes"}
    assert refusal(lambda: services.cast(ballot, user, both)).startswith("3 are marked")
    assert refusal(lambda: services.cast(ballot, user, {one.pk: "no", third.pk: "no"})) == "This is not on the ballot."
    assert counted(ballot)[("", "cast")] == (0, 0)
    services.cast(ballot, user, {one.pk: "no", two.pk: "no", third.pk: "yes", fourth.pk: "yes"})


def test_people_of_one_name_carry_their_number(booth):
    from tests.factories.people import make_member

    name = booth.people[0].name
    same = make_member(booth.world.branch, "full_member", name=name, on=booth.world.since).user
    ballot = booth.election()
    keys = booth.keys() | {same.pk}
    services.open_ballot(ballot, electors=keys, present=keys, others=keys, by=booth.chair)
    assert options(ballot)[0].title == name
    assert [row.title for row in options(ballot) if row.person == same] == [f"{name} ({same.number})"]
    twins = booth.election(people=[booth.people[0], same])
    assert [row.title for row in options(twins)] == [f"{name} ({booth.people[0].number})", f"{name} ({same.number})"]


def test_names_written_on_paper_are_counted_by_tellers_who_may_be_among_them(booth):
    ballot, one, two, third, *_rest = written_in(booth)
    services.hand_out(ballot, by=booth.chair)
    tellers = [third.person, booth.world.user("retired")]

    def count(counts):
        return services.record_paper_count(
            ballot, counts, issued=5, returned=5, void=0, tellers=tellers, by=booth.chair
        )

    said = refusal(lambda: count({(one.pk, "no"): 1, (third.pk, "yes"): 2}))
    assert said == "More people were written in than candidates voted against."
    assert "More marks were counted" in refusal(lambda: count({(one.pk, "yes"): 4, (two.pk, "yes"): 2}))
    count({(one.pk, "yes"): 1, (one.pk, "no"): 4, (two.pk, "no"): 5, (third.pk, "yes"): 4})
    assert services.close_ballot(ballot, by=booth.chair).elected == (third.pk,)


def test_a_proposal_has_nobody_to_write_in(booth):
    ballot = booth.proposal()
    services.open_ballot(ballot, electors=booth.keys(), present=booth.keys(), others=booth.keys(), by=booth.chair)
    assert not BallotOption.objects.filter(ballot=ballot).exists()


def test_who_comes_too_late_is_told_who_was_first(booth):
    ballot = booth.opened(booth.proposal())
    services.close_ballot(ballot, by=booth.chair)
    said = refusal(lambda: services.close_ballot(ballot, by=booth.world.user("college")))
    assert said.startswith(f"This ballot is closed. {booth.chair.name}")
    assert said.endswith("closed a ballot")


def test_a_ballot_without_a_mark_counts_as_cast(booth):
    ballot = booth.opened(booth.election())
    services.cast(ballot, booth.people[0], [])
    result = services.close_ballot(ballot, by=booth.chair)
    assert (result.papers.online, result.papers.cast, sum(row.count for row in result.rows)) == (1, 1, 0)


def test_rules_are_kept_when_a_ballot_is_prepared(booth):
    assert refusal(lambda: booth.election(seats=3, candidates=3)).startswith("3 candidates for 3 posts; at least 4")
    assert booth.election(seats=3, candidates=3, rule="election_equal").pk
    assert refusal(lambda: booth.proposal(is_secret=False)) == "By this rule the ballot is secret."
    assert refusal(lambda: booth.proposal(rule="election")) == "This rule is not for ballots of this kind."
    assert refusal(lambda: booth.proposal(options=["a"])) == "A proposal has no candidates."
    assert refusal(lambda: booth.proposal(kind="choice", rule="plurality")) == "Name at least one candidate."
    assert refusal(lambda: booth.election(people=[booth.chair, booth.chair])) == "Nobody stands on a ballot twice."
    assert refusal(lambda: booth.election(most=2)).startswith("No more candidates can be marked")
    with pytest.raises(ValidationError):
        booth.proposal(title="")


def test_written_opinions_count_but_not_as_present(booth):
    ballot, absent = booth.proposal(), booth.people[4]
    services.record_written(ballot, absent, {None: "yes"}, by=booth.chair)
    assert refusal(lambda: services.record_written(ballot, absent, {None: "no"}, by=booth.chair)).startswith(
        "The written opinion of"
    )
    booth.opened(ballot, present=4)
    assert refusal(lambda: services.cast(ballot, absent, {None: "no"})) == "Your written opinion is in the box already."
    for user in booth.people[:2]:
        services.cast(ballot, user, {None: "yes"})
    late = refusal(lambda: services.record_written(ballot, booth.people[3], {None: "no"}, by=booth.chair))
    assert late.startswith("This ballot is open already.")
    result = services.close_ballot(ballot, by=booth.chair)
    assert (result.present, result.papers.written, result.count("yes"), result.passed) == (4, 1, 3, True)


def test_who_wrote_and_came_is_not_counted_twice(booth):
    ballot = booth.proposal()
    services.record_written(ballot, booth.people[0], {None: "yes"}, by=booth.chair)
    assert booth.opened(ballot, present=5).present == 4


def test_opinion_of_one_who_may_not_vote_stops_the_opening(booth):
    ballot = booth.proposal()
    services.record_written(ballot, booth.world.user("retired"), {None: "yes"}, by=booth.chair)
    assert refusal(lambda: booth.opened(ballot)).endswith("It cannot be taken out: annul this ballot.")


def test_written_opinions_are_for_congresses_alone(booth):
    ballot = booth.election()
    said = refusal(lambda: services.record_written(ballot, booth.people[0], [], by=booth.chair))
    assert said == "By this rule only those who are present vote."


def test_latecomers_are_let_in_and_nobody_is_taken_out(booth):
    ballot = booth.opened(booth.proposal(), present=3)
    assert services.admit_present(ballot, booth.keys(4), by=booth.chair) == 1
    assert services.admit_present(ballot, set(), by=booth.chair) == 0
    services.cast(ballot, booth.people[3], {None: "yes"})
    ballot.refresh_from_db()
    assert ballot.present == 4
    assert refusal(lambda: services.cast(ballot, booth.people[4], {None: "yes"})).startswith("You are not checked in")


def paper(booth, ballot, counts, *, issued, returned, void=0, tellers=None):
    tellers = tellers or [booth.world.user("probationary"), booth.world.user("retired")]
    return services.record_paper_count(
        ballot, counts, issued=issued, returned=returned, void=void, tellers=tellers, by=booth.chair
    )


def test_papers_are_added_to_what_came_in_the_portal(booth):
    ballot = booth.opened(booth.proposal())
    services.cast(ballot, booth.people[0], {None: "yes"})
    assert services.hand_out(ballot, by=booth.chair) == 4
    assert refusal(lambda: services.cast(ballot, booth.people[1], {None: "yes"})) == (
        "You were given a paper to vote on."
    )
    assert refusal(lambda: services.close_ballot(ballot, by=booth.chair)).startswith("Papers were handed out")
    paper(booth, ballot, {(None, "yes"): 3}, issued=4, returned=3)
    paper(booth, ballot, {(None, "yes"): 2, (None, "no"): 1}, issued=4, returned=4, void=1)
    result = services.close_ballot(ballot, by=booth.chair)
    assert (result.count("yes"), result.count("no"), result.papers.void, result.passed) == (3, 1, 1, True)
    assert (result.papers.cast, result.papers.valid) == (5, 4)


@pytest.mark.parametrize(
    ("counts", "numbers", "said"),
    [
        ({(None, "yes"): 3}, {"issued": 5, "returned": 3}, "5 papers are entered as issued; 4 people were given one."),
        ({(None, "yes"): 3}, {"issued": 4, "returned": 4}, "3 answers were counted on 4 valid papers."),
        ({(None, "yes"): 0}, {"issued": 4, "returned": 1, "void": 2}, "There cannot be more invalid papers"),
        ({(None, "yes"): 4, (None, "no"): -1}, {"issued": 4, "returned": 3}, "There cannot be more invalid papers"),
        ({(None, "cast"): 3}, {"issued": 4, "returned": 3}, "This is not on the ballot."),
    ],
)
def test_paper_counts_that_do_not_add_up(booth, counts, numbers, said):
    ballot = booth.opened(booth.proposal(), present=4)
    services.hand_out(ballot, by=booth.chair)
    assert said in refusal(lambda: paper(booth, ballot, counts, **numbers))
    assert not PaperCount.objects.exists()


def test_two_tellers_who_do_not_stand_themselves(booth):
    ballot = booth.opened(booth.election())
    services.hand_out(ballot, by=booth.chair)
    one, two = (option.pk for option in options(ballot))
    teller, other = booth.world.user("probationary"), booth.world.user("retired")
    counts = {(one, "yes"): 3, (two, "yes"): 2}
    numbers = {"issued": 5, "returned": 5}
    assert refusal(lambda: paper(booth, ballot, counts, **numbers, tellers=[teller, teller])).startswith("Two")
    assert "cannot count it" in refusal(
        lambda: paper(booth, ballot, counts, **numbers, tellers=[teller, booth.people[0]])
    )
    too_many = {(one, "yes"): 3, (two, "yes"): 3}
    assert "More marks" in refusal(lambda: paper(booth, ballot, too_many, **numbers, tellers=[teller, other]))
    paper(booth, ballot, counts, issued=5, returned=5)
    assert services.close_ballot(ballot, by=booth.chair).elected == (one,)


def test_more_papers_back_than_issued_make_it_void(booth):
    ballot = booth.opened(booth.proposal())
    services.hand_out(ballot, by=booth.chair)
    paper(booth, ballot, {(None, "yes"): 6}, issued=5, returned=6)
    result = services.close_ballot(ballot, by=booth.chair)
    assert (result.outcome, result.passed, result.elected) == ("void", False, ())


def test_papers_go_only_to_people_present_who_have_not_voted(booth):
    ballot = booth.opened(booth.proposal(), present=4)
    services.cast(ballot, booth.people[0], {None: "yes"})
    for user in (booth.people[0], booth.people[4]):
        assert refusal(lambda user=user: services.hand_out(ballot, [user.pk], by=booth.chair)).startswith("Somebody")
    assert services.hand_out(ballot, [booth.people[1].pk], by=booth.chair) == 1


def test_a_box_with_more_votes_than_people_is_not_concluded(booth):
    ballot = booth.opened(booth.proposal())
    services.cast(ballot, booth.people[0], {None: "yes"})
    Tally.objects.filter(ballot=ballot).update(count=2)
    assert refusal(lambda: services.close_ballot(ballot, by=booth.chair)).startswith("2 votes are in the box of 1")
    ballot.refresh_from_db()
    assert ballot.is_open


def test_open_ballots_keep_the_hands(booth):
    ballot = booth.opened(booth.proposal(rule="ordinary", is_secret=False))
    services.cast(ballot, booth.people[0], {None: "no"})
    vote = NamedVote.objects.get()
    assert (vote.elector.user, vote.choices) == (booth.people[0], [[None, "no"]])


def test_gradings_of_few_show_no_counts(booth, settings):
    people = booth.people[:2]
    fields = {"kind": "grading", "title": "Appraisal", "rule": "ordinary", "people": people, "by": booth.chair}
    ballot = services.create_ballot(booth.world.branch, **fields)
    booth.opened(ballot)
    one, two = (option.pk for option in options(ballot))
    for user in booth.people[:4]:
        services.cast(ballot, user, {one: "excellent", two: "qualified"})
    services.close_ballot(ballot, by=booth.chair)
    ballot.refresh_from_db()
    assert result_of(ballot).count("excellent", one) == 4
    assert shown_result(ballot).rows == ()
    settings.BALLOT_MIN_GROUP = 4
    assert shown_result(ballot).count("excellent", one) == 4


def test_a_ballot_of_a_few_members_shows_its_arithmetic(booth):
    ballot = services.open_ballot(booth.proposal(), electors=booth.keys(3), present=booth.keys(3), by=booth.chair)
    services.cast(ballot, booth.people[0], {None: "yes"})
    services.close_ballot(ballot, by=booth.chair)
    ballot.refresh_from_db()
    assert shown_result(ballot).count("yes") == 1


def test_annulled_ballots_forget_what_was_in_them(booth):
    ballot = booth.opened(booth.proposal())
    services.cast(ballot, booth.people[0], {None: "yes"})
    with pytest.raises(ValidationError):
        services.annul(ballot, "  ", by=booth.chair)
    services.annul(ballot, "Wrong question.", by=booth.chair)
    assert set(counted(ballot).values()) == {(0, 0)}
    assert refusal(lambda: services.cast(ballot, booth.people[1], {None: "yes"})) == "This ballot was annulled."
    assert refusal(lambda: services.close_ballot(ballot, by=booth.chair)).startswith("This ballot was annulled.")


def test_a_closed_ballot_shows_when_it_was_meddled_with(booth):
    ballot = booth.opened(booth.proposal())
    services.cast(ballot, booth.people[0], {None: "yes"})
    services.close_ballot(ballot, by=booth.chair)
    ballot.refresh_from_db()
    result = ballot.result
    Ballot.objects.filter(pk=ballot.pk).update(result=result | {"outcome": "passed"})
    ballot.refresh_from_db()
    assert not services.is_intact(ballot)
    Ballot.objects.filter(pk=ballot.pk).update(result=result)
    ballot.refresh_from_db()
    assert services.is_intact(ballot)
    Elector.objects.filter(ballot=ballot, way="online").update(way="paper")
    assert not services.is_intact(ballot)


def test_figures_of_any_number_of_ballots_are_one_query(booth, django_assert_num_queries):
    ballots = [booth.opened(booth.proposal(title=f"No {number}")) for number in range(4)]
    services.cast(ballots[0], booth.people[0], {None: "yes"})
    with django_assert_num_queries(1):
        found = figures_of(ballots)
    assert [found[ballot.pk].voted for ballot in ballots] == [1, 0, 0, 0]
    assert found[ballots[0].pk].left == 4


def test_only_opening_and_closing_are_in_the_trail(booth):
    ballot = booth.opened(booth.proposal())
    services.cast(ballot, booth.people[1], {None: "yes"})
    services.close_ballot(ballot, by=booth.chair)
    rows = AuditEntry.objects.filter(verb__startswith="ballots.").order_by("pk")
    assert [row.verb for row in rows] == ["ballots.created", "ballots.opened", "ballots.closed"]
    assert {row.by_id for row in rows} == {booth.chair.pk}


def test_an_error_in_the_middle_leaves_neither_vote_nor_voter(booth, monkeypatch):
    ballot = booth.opened(booth.proposal())

    def fail(*args):
        raise RuntimeError

    monkeypatch.setattr("portal.ballots.services.casting._count", fail)
    with pytest.raises(RuntimeError):
        services.cast(ballot, booth.people[0], {None: "yes"})
    monkeypatch.undo()
    services.cast(ballot, booth.people[0], {None: "yes"})
    assert counted(ballot)[("", "cast")] == (1, 0)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (Ballot, {"state": "lost"}),
        (Ballot, {"rule": "other"}),
        (Ballot, {"kind": "other"}),
        (Ballot, {"state": "closed"}),
        (Ballot, {"state": "planned"}),
        (Ballot, {"present": 6}),
        (Ballot, {"due": None}),
        (Ballot, {"state": "annulled"}),
        (Ballot, {"seats": 0}),
        (BallotOption, {"number": 0}),
        (BallotOption, {"number": 1}),
        (Elector, {"way": "online"}),
        (Elector, {"voted_on": date(2026, 1, 1)}),
        (Elector, {"way": "written", "voted_on": date(2026, 1, 1), "is_present": True}),
        (Elector, {"way": "online", "voted_on": date(2026, 1, 1), "is_present": False}),
        (Tally, {"choice": "maybe"}),
        (Tally, {"choice": "yes", "option": None}),
        (PaperCount, {"void": 9}),
    ],
)
def test_tables_refuse_what_no_ballot_can_be(booth, model, values):
    ballot = booth.opened(booth.election())
    services.hand_out(ballot, [booth.people[4].pk], by=booth.chair)
    paper(booth, ballot, {}, issued=1, returned=1, void=1)
    Elector.objects.filter(way="paper").update(way="", voted_on=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**values)
