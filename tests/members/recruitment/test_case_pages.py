"""The page of a case and the verbs around it, as the browser asks for them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from members.recruitment import services
from members.recruitment.engine.bans import LIFTABLE
from members.recruitment.engine.details import ApplicationFact, ContactNoteFact, TalkFact, Topic
from members.recruitment.engine.people import Named, Role
from members.recruitment.engine.vocabulary import EXCEPTION_LABELS
from members.recruitment.models import Case, CaseMove, ExceptionGrant
from members.services import place
from portal.organizations.models import Standing
from tests.factories.people import make_member
from tests.members.recruitment.way import APPLIED_ON, at, case_at, make_cast


@pytest.fixture
def cast(world):
    return make_cast(world)


def url(name, *args):
    return reverse(f"members:recruitment:{name}", args=args)


def page(cast, case, name="secretary"):
    return cast.world.client(name).get(url("case-detail", case.pk))


def opened(cast, on):
    person = make_member(cast.world.branch, Standing.MASS, on=cast.world.since, birth_date=date(2005, 1, 1))
    return services.open_case(
        person, on=on, details=ApplicationFact(received_on=on), by=cast.world.user("secretary")
    )


def test_page_says_what_comes_next_who_acts_and_what_lacks(cast):
    case = case_at(cast, through="apply")
    with at(APPLIED_ON + timedelta(days=10)):
        shown = page(cast, case).context
    assert (shown["next"]["number"], shown["next"]["who"]) == (2, "the branch")
    assert shown["next"]["due"] == date(2027, 4, 1)
    assert [(action.kind, bool(action.url)) for action in shown["actions"]] == [("Talk", True)]
    assert [gap.words for gap in shown["missing"]][:1] == ["Still to be recorded: talk."]
    assert shown["missing"][0].url == url("record-create", case.pk, "talk", "talk")
    nomination = next(bar for bar in [*shown["near"], *shown["far"]] if bar.kind == "Recommendation and decision")
    assert any("Talk with the applicant" in words and "article 8" in words for words in nomination.reasons)
    assert len(shown["steps"]) == 25
    assert [line.state for line in shown["steps"]][:3] == ["done", "current", "later"]


def test_turn_within_a_step_is_that_of_the_next_record(cast):
    case = case_at(cast, before="consent_publicity")
    with at(case.records.order_by("-on")[0].on):
        shown = page(cast, case).context
    assert (shown["next"]["number"], shown["next"]["who"]) == (8, "the superior committee")
    assert [line.who for line in shown["steps"]][7:9] == ["the superior committee", "the branch"]


def test_page_says_since_when_something_is_late(cast):
    case = case_at(cast, through="apply")
    with at(date(2027, 4, 10)):
        response = page(cast, case)
    assert response.context["missing"][0].overdue_since == date(2027, 4, 2)
    assert "2027-04-02" in response.content.decode()


def test_actions_follow_the_capacity_of_the_reader(cast):
    case = case_at(cast, through="nominate")
    with at(case.records.order_by("-on")[0].on):
        branch, superior = page(cast, case).context, page(cast, case, "college").context
    assert "Filing" not in [action.kind for action in branch["actions"]]
    assert [(action.who, action.kind) for action in branch["others"]] == [("the superior committee", "Filing")]
    assert [action.kind for action in superior["actions"]] == ["Filing"]
    assert {link["url"] for link in superior["links"]} == {url("sealed-list", case.pk), url("exception-grant", case.pk)}
    assert {link["url"] for link in branch["links"]} == {
        url("sealed-list", case.pk), url("case-move", case.pk), url("case-close", case.pk)
    }  # fmt: skip


def test_candidate_and_strangers_do_not_know_of_the_page(cast):
    case = case_at(cast, through="nominate")
    client = cast.client_of(cast.actor(Role.APPLICANT))
    assert client.get(url("case-detail", case.pk)).status_code == 404
    for name in ("neighbor", "member", "peer", "auditor", "outsider"):
        assert page(cast, case, name).status_code == 404


def test_contact_sees_the_own_notes_and_nothing_undecided(cast):
    case = case_at(cast, through="assign_contacts")
    contact = cast.actor(Role.CONTACT)
    day = case.records.order_by("-on")[0].on + timedelta(days=20)
    with at(day):
        author = Named(contact.pk, contact.name)
        by_branch = ContactNoteFact(author, "Written down by the branch.")
        services.record(case, "cultivate", on=day, by=contact, details=ContactNoteFact(author, "Reads much."))
        services.record(case, "cultivate", on=day, by=cast.world.user("secretary"), details=by_branch)
        client = cast.client_of(contact)
        response = client.get(url("case-detail", case.pk))
    text = response.content.decode()
    assert [note["text"] for note in response.context["notes"]] == ["Reads much."]
    assert response.context["note_url"] == url("record-create", case.pk, "cultivate", "contact_note")
    assert "missing" not in response.context and "Written down by the branch." not in text
    for name in ("case-close", "case-move", "exception-grant", "sealed-list", "sealed-create", "case-papers"):
        assert client.get(url(name, case.pk)).status_code == 404


def test_correction_stays_in_the_history_struck_through(cast):
    case = case_at(cast, through="talk")
    talk = case.records.get(step="talk")
    secretary = cast.world.user("secretary")
    with at(talk.on + timedelta(days=1)):
        services.correct(
            talk, on=talk.on - timedelta(days=1), by=secretary, reason="The day was wrong.",
            details=TalkFact(Named(secretary.pk, secretary.name), tuple(Topic), "Well."),
        )  # fmt: skip
        entries = page(cast, case).context["history"]
    talks = [(entry.is_struck, entry.reason) for entry in entries if "Talk" in entry.title]
    assert talks == [(True, "Corrected by Secretary: The day was wrong."), (False, "")]


def test_page_takes_the_same_queries_for_a_young_and_an_old_case(cast, django_assert_num_queries):
    old = case_at(cast, through="training")
    day = old.records.order_by("-on")[0].on
    with at(day):
        young = opened(cast, day)
        client = cast.world.client("secretary")
        client.get(url("case-detail", young.pk))
        for case in (young, old):
            with django_assert_num_queries(26):
                client.get(url("case-detail", case.pk))


def test_secretary_enters_a_letter_on_paper(cast):
    person = cast.person
    with at(APPLIED_ON):
        client = cast.world.client("secretary")
        assert client.get(url("case-create", person.pk)).status_code == 200
        data = {"on": "2027-02-26", "received_on": "2027-03-01", "is_signed": "on", "leaves_on": "2029-06-30"}
        answer = client.post(url("case-create", person.pk), data)
        case = Case.objects.get()
        assert answer["Location"] == url("case-detail", case.pk)
        assert client.get(url("case-create", person.pk)).status_code == 409
        assert client.post(url("case-create", person.pk), data).status_code == 409
    record = case.records.get()
    assert (case.opened_on, case.leaves_on, record.on) == (date(2027, 2, 26), date(2029, 6, 30), date(2027, 2, 26))
    assert [(paper.kind, paper.is_signed) for paper in record.papers.all()] == [("application_letter", True)]


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({}, {"on", "received_on"}),
        ({"on": "2027-13-01", "received_on": "2027-03-01"}, {"on"}),
        ({"on": "2027-03-02", "received_on": "2027-03-02"}, {"__all__"}),
        ({"on": "2024-01-05", "received_on": "2027-03-01"}, {"__all__"}),
        ({"on": "2027-03-01", "received_on": "2027-03-01", "barred_until": "2028-01-01"}, {"__all__"}),
    ],
)
def test_letter_that_no_rule_lets_in_opens_nothing(cast, data, fields):
    with at(APPLIED_ON):
        answer = cast.world.client("secretary").post(url("case-create", cast.person.pk), data)
    assert answer.context["form"].errors.keys() == fields
    assert not Case.objects.exists()


def test_only_the_branch_of_the_person_opens_a_case(cast):
    for name, status in (("neighbor", 404), ("college", 404), ("peer", 404)):
        assert cast.world.client(name).get(url("case-create", cast.person.pk)).status_code == status
    secretary = cast.world.member("secretary")
    assert cast.world.client("secretary").get(url("case-create", secretary.pk)).status_code == 404
    member = cast.world.member("member")
    assert cast.world.client("secretary").get(url("case-create", member.pk)).status_code == 409


def test_case_is_closed_with_a_reason_and_says_so(cast):
    case = case_at(cast, through="talk")
    with at(APPLIED_ON + timedelta(days=60)):
        client = cast.world.client("secretary")
        shown = client.get(url("case-close", case.pk)).context
        assert [value for value, _label in shown["form"].fields["reason"].choices] == ["withdrawn", "unfit", "left"]
        refused = client.post(url("case-close", case.pk), {"reason": "archived", "on": "2027-04-20", "words": "Done"})
        assert refused.context["form"].errors.keys() == {"reason"}
        early = client.post(url("case-close", case.pk), {"reason": "unfit", "on": "2027-06-20", "words": "Later"})
        assert early.context["form"].non_field_errors() == ["This day has not come yet."]
        data = {"reason": "withdrawn", "on": "2027-04-20", "words": "Asked for it in writing."}
        assert client.post(url("case-close", case.pk), data)["Location"] == url("case-detail", case.pk)
        assert client.post(url("case-close", case.pk), data).status_code == 409
        shown = client.get(url("case-detail", case.pk))
    assert (shown.context["actions"], shown.context["next"], shown.status_code) == ([], None, 200)
    assert "Asked for it in writing." in shown.content.decode()
    assert {link["url"] for link in shown.context["links"]} == {url("sealed-list", case.pk)}


def test_probationary_member_can_only_leave(cast):
    case = case_at(cast, through="approve")
    with at(case.records.order_by("-on")[0].on):
        client = cast.world.client("secretary")
        shown = client.get(url("case-close", case.pk))
        assert [value for value, _label in shown.context["form"].fields["reason"].choices] == ["left"]
        data = {"reason": "unfit", "on": "2027-04-20", "words": "Words"}
        assert client.post(url("case-close", case.pk), data).context["form"].errors.keys() == {"reason"}


def test_case_goes_to_the_branch_of_its_person_alone(cast):
    case = case_at(cast, through="nominate")
    day = case.records.order_by("-on")[0].on + timedelta(days=5)
    with at(day):
        client = cast.world.client("secretary")
        assert client.get(url("case-move", case.pk)).context["destination"] is None
        assert client.post(url("case-move", case.pk), {"on": f"{day}", "is_handed_over": "no"}).status_code == 409
        place(cast.person, cast.world.sibling, standing=Standing.ACTIVIST, on=day, by=None)
        assert page(cast, case).context["pauses"] == [f"{cast.person.name} belongs to sibling now: hand the case on."]
        answer = client.post(url("case-move", case.pk), {"on": f"{day}", "is_handed_over": ""})
        assert answer.context["form"].errors.keys() == {"is_handed_over"}
        answer = client.post(url("case-move", case.pk), {"on": f"{day}", "is_handed_over": "no"})
        assert answer["Location"] == url("case-list")  # the branch before no longer sees it
        assert page(cast, case).status_code == 404
        new = page(cast, case, "neighbor").context
    assert (CaseMove.objects.get().is_handed_over, new["moves"][0].to_branch.code) == (False, "sibling")


def test_every_rule_that_may_be_lifted_is_offered_in_words():
    assert EXCEPTION_LABELS.keys() == LIFTABLE


def test_superior_allows_one_exception_with_a_reason(cast):
    case = case_at(cast, through="talk")
    day = case.records.order_by("-on")[0].on
    data = {"rule": "nominate_early", "on": f"{day}", "words": "Decorated in an emergency."}
    with at(day):
        assert cast.world.client("secretary").post(url("exception-grant", case.pk), data).status_code == 403
        client = cast.world.client("college")
        assert client.get(url("exception-grant", case.pk)).status_code == 200
        fixed = client.post(url("exception-grant", case.pk), data | {"rule": "convert_early"})
        assert fixed.context["form"].errors.keys() == {"rule"}
        empty = client.post(url("exception-grant", case.pk), data | {"words": ""})
        assert empty.context["form"].errors.keys() == {"words"}
        assert not ExceptionGrant.objects.exists()
        assert client.post(url("exception-grant", case.pk), data)["Location"] == url("case-detail", case.pk)
        again = client.post(url("exception-grant", case.pk), data)
        assert again.context["form"].errors.keys() == {"rule"}
        shown = page(cast, case).context
    assert [str(words) for words, _grant in shown["grants"]] == [str(EXCEPTION_LABELS["nominate_early"])]
    assert any(entry.title.startswith("Exception:") for entry in shown["history"])


def test_people_accompanied_are_listed_for_contacts_alone(cast, django_assert_num_queries):
    case = case_at(cast, through="assign_contacts")
    with at(case.records.order_by("-on")[0].on):
        client = cast.client_of(cast.actor(Role.CONTACT))
        client.get(url("accompanied-list"))
        with django_assert_num_queries(6):
            assert [row.pk for row in client.get(url("accompanied-list")).context["page"]] == [case.pk]
        others = [cast.world.client(name) for name in ("secretary", "college", "peer")]
        others.append(cast.client_of(cast.actor(Role.APPLICANT)))
        for other in others:
            assert list(other.get(url("accompanied-list")).context["page"]) == []


def test_archive_leads_to_the_case_and_to_a_letter_on_paper(cast):
    address = cast.person.get_absolute_url()
    with at(APPLIED_ON):
        before = cast.world.client("secretary").get(address).content.decode()
        assert url("case-create", cast.person.pk) in before
    case = case_at(cast, through="talk")
    with at(APPLIED_ON + timedelta(days=40)):
        for name, is_seen in (("secretary", True), ("college", True), ("member", False)):
            text = cast.world.client(name).get(address).content.decode()
            assert (url("case-detail", case.pk) in text, url("case-create", cast.person.pk) in text) == (is_seen, False)
