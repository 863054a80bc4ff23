"""The page on which somebody votes, on a phone and without script."""

import pytest
from django.urls import reverse

from portal.ballots import services
from portal.ballots.models import Elector

from .conftest import counted, options


def page(ballot):
    return reverse("ballots:ballot-vote", args=[ballot.pk])


@pytest.fixture
def phone(world):
    return world.client("member")


def test_vote_page_asks_once_more_before_the_vote_is_in_the_box(booth, phone):
    ballot = booth.opened(booth.proposal())
    assert "Look at it once more" in phone.get(page(ballot)).content.decode()
    text = phone.post(page(ballot), {"answer": "yes"}).content.decode()
    assert "Put this into the box?" in text
    assert '<input type="hidden" name="answer" value="yes"' in text
    assert counted(ballot)[("", "cast")] == (0, 0)
    text = phone.post(page(ballot), {"answer": "yes", "sure": "1"}, follow=True).content.decode()
    assert "Your vote is in the box." in text
    assert counted(ballot)[("", "yes")] == (1, 0)


def test_second_vote_and_votes_after_the_close_are_refused_in_words(booth, phone):
    ballot = booth.opened(booth.proposal())
    phone.post(page(ballot), {"answer": "yes", "sure": "1"})
    answer = phone.post(page(ballot), {"answer": "no", "sure": "1"})
    assert (answer.status_code, "Your vote is in the box already." in answer.content.decode()) == (409, True)
    services.close_ballot(ballot, by=booth.chair)
    late = booth.world.client("contact")
    assert "This ballot is closed." in late.get(page(ballot)).content.decode()
    answer = late.post(page(ballot), {"answer": "no", "sure": "1"})
    assert (answer.status_code, "This ballot is closed." in answer.content.decode()) == (409, True)
    assert counted(ballot)[("", "cast")] == (1, 0)


def test_nothing_chosen_or_nonsense_comes_back_with_words(booth, phone):
    ballot = booth.opened(booth.proposal())
    for data in ({}, {"answer": "maybe"}, {"answer": "cast"}, {"answer": "yes\0"}):
        for sure in ({}, {"sure": "1"}):
            answer = phone.post(page(ballot), data | sure)
            assert answer.status_code in (200, 400), data
    assert not Elector.objects.filter(voted_on__isnull=False).exists()


def test_too_many_marks_are_told_before_they_count(booth, phone):
    ballot = booth.opened(booth.election(seats=2, candidates=3))
    one, two, three = (f"mark_{option.pk}" for option in options(ballot))
    text = phone.post(page(ballot), {one: "yes", two: "yes", three: "yes"}).content.decode()
    assert "3 are marked; a ballot with more than 2 is invalid." in text
    text = phone.post(page(ballot), {one: "yes", two: "no"}).content.decode()
    assert [text.count(f"<strong>{words}</strong>") for words in ("In favor", "Against", "Abstain")] == [1, 1, 1]
    phone.post(page(ballot), {one: "yes", two: "no", "sure": "1"})
    found = {key: value[0] for key, value in counted(ballot).items()}
    names = [option.title for option in options(ballot)]
    assert [(found[name, "yes"], found[name, "no"]) for name in names] == [(1, 0), (0, 1), (0, 0)]


def test_choices_of_things_are_ticked_and_not_more_than_allowed(booth, phone):
    ballot = services.create_ballot(
        booth.world.branch, kind="choice", title="Where to", rule="plurality", options=["A", "B", "C"], seats=2,
        by=booth.chair,
    )  # fmt: skip
    booth.opened(ballot)
    keys = [str(option.pk) for option in options(ballot)]
    text = phone.post(page(ballot), {"marks": keys}).content.decode()
    assert "3 are marked; a ballot with more than 2 is invalid." in text
    text = phone.post(page(ballot), {"marks": keys[:2]}).content.decode()
    assert text.count('name="marks"') == 2
    assert "not marked" in text
    phone.post(page(ballot), {"marks": keys[:2], "sure": "1"})
    assert [value[0] for key, value in counted(ballot).items() if key[1] == "yes"] == [1, 1, 0]


def test_somebody_else_is_elected_without_script_in_place_of_a_candidate(booth, phone):
    ballot = booth.election(seats=2, candidates=3)
    services.open_ballot(
        ballot, electors=booth.keys(), present=booth.keys(), others=booth.keys(), by=booth.chair
    )
    text = phone.get(page(ballot)).content.decode()
    assert "Elect somebody else" in text
    assert text.count('<select name="other_') == 2
    one, two, three, fourth, fifth = options(ballot)
    assert [option.is_candidate for option in (one, three, fourth, fifth)] == [True, True, False, False]
    given = {f"mark_{one.pk}": "yes", "other_1": str(fourth.pk)}
    for wrong, said in (
        ({}, "in place of a candidate whom one votes against"),
        ({f"mark_{two.pk}": "no", "other_2": str(fourth.pk), f"mark_{three.pk}": "no"}, "Nobody can be marked twice."),
        ({f"mark_{two.pk}": "no", f"mark_{three.pk}": "yes"}, "3 are marked; a ballot with more than 2 is invalid."),
        ({f"mark_{two.pk}": "no", "other_1": str(two.pk)}, "Select a valid choice."),
    ):
        for sure in ({}, {"sure": "1"}):
            answer = phone.post(page(ballot), given | wrong | sure).content.decode()
            assert said in answer, (said, sure)
            assert "<details class=\"vote-others\" open>" in answer
    assert counted(ballot)[("", "cast")] == (0, 0)
    given[f"mark_{two.pk}"] = "no"
    assert "elected by you, though not a candidate" in phone.post(page(ballot), given).content.decode()
    assert "Your vote is in the box." in phone.post(page(ballot), given | {"sure": "1"}, follow=True).content.decode()
    found = counted(ballot)
    assert (found[one.title, "yes"][0], found[two.title, "no"][0], found[fourth.title, "yes"][0]) == (1, 1, 1)


def test_a_vote_is_cast_without_script(booth, phone):
    """Every form on the way is a plain POST to the page itself, and the count stands in the page (ux.md 49)."""
    ballot = booth.opened(booth.proposal())
    first = phone.get(page(ballot)).content.decode()
    form = first[first.index('<form method="post" class="vote-form') :]
    assert "action=" not in form[: form.index(">")]
    assert first.count('type="radio"') == 3
    second = phone.post(page(ballot), {"answer": "no"}).content.decode()
    assert 'name="sure" value="1"' in second
    last = phone.post(page(ballot), {"answer": "no", "sure": "1"}, follow=True).content.decode()
    assert "<strong data-voted>1</strong>" in last
    for text in (first, second, last):
        assert " hx-" not in text


def test_absent_people_see_why_they_cannot_vote(booth, world):
    ballot = booth.opened(booth.proposal(), present=3)
    client = world.client("member")  # third of the five
    assert "Look at it once more" in client.get(page(ballot)).content.decode()
    Elector.objects.filter(ballot=ballot, user=world.users["member"]).update(is_present=False)
    assert "You are not checked in as present." in client.get(page(ballot)).content.decode()
    assert client.post(page(ballot), {"answer": "yes", "sure": "1"}).status_code == 409


def test_grades_may_be_left_out(booth, phone):
    ballot = services.create_ballot(
        booth.world.branch, kind="grading", title="Appraisal", rule="ordinary", people=booth.people[:2], by=booth.chair
    )
    booth.opened(ballot)
    one, two = options(ballot)
    text = phone.post(page(ballot), {f"grade_{one.pk}": "excellent"}).content.decode()
    assert "Excellent" in text or "excellent" in text
    phone.post(page(ballot), {f"grade_{one.pk}": "excellent", "sure": "1"})
    assert counted(ballot)[(one.title, "excellent")] == (1, 0)
    assert counted(ballot)[("", "cast")] == (1, 0)


def test_count_is_told_to_who_may_see_the_ballot_and_never_how_it_stands(booth, world):
    ballot = booth.opened(booth.proposal())
    services.cast(ballot, booth.people[0], {None: "yes"})
    answer = world.client("member").get(reverse("ballots:ballot-count", args=[ballot.pk]))
    assert answer.json() == {"state": "open", "label": "open", "present": 5, "voted": 1, "left": 4}
    assert world.client("author").get(reverse("ballots:ballot-count", args=[ballot.pk])).status_code == 404


@pytest.mark.parametrize("key", ["0", "9223372036854775807", "9223372036854775808", "1_2", "abc"])
def test_ballots_of_nothing_are_not_found(booth, phone, key):
    assert phone.get(f"/ballots/{key}/").status_code == 404
    assert phone.get(f"/ballots/{key}/count/").status_code == 404


def test_workbench_shows_open_votes_until_they_are_cast(booth, world):
    ballot = booth.opened(booth.proposal(title="On the budget"))
    client = world.client("member")
    assert "On the budget" in client.get(reverse("home:workbench")).content.decode()
    services.cast(ballot, world.user("member"), {None: "yes"})
    assert "On the budget" not in client.get(reverse("home:workbench")).content.decode()


def test_vote_page_asks_the_same_however_many_electors(booth, phone, django_assert_num_queries):
    ballot = booth.opened(booth.proposal())
    phone.get(page(ballot))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection, ) as few:
        phone.get(page(ballot))
    from tests.factories.people import make_member

    more = [make_member(booth.world.branch, "full_member", name=f"More {n}", on=booth.world.since) for n in range(8)]
    wide = booth.proposal(title="Wide")
    keys = booth.keys() | {member.user_id for member in more}
    services.open_ballot(wide, electors=keys, present=keys, by=booth.chair)
    with django_assert_num_queries(len(few)):
        phone.get(page(wide))
