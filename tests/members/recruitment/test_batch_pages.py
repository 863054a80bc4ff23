"""One meeting about many people: who may be chosen, what is looked at before, and what is written for whom."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from members.recruitment import services
from members.recruitment.engine.details import ApplicationFact, TalkFact, Topic
from members.recruitment.engine.people import Named
from members.recruitment.models import Batch, Case, Paper, StepRecord
from portal.drafts.services import draft_of, save_draft
from portal.organizations.models import Standing
from tests.factories.people import make_member

from .way import APPLIED_ON, at

pytestmark = pytest.mark.django_db
TALKED_ON = APPLIED_ON + timedelta(10)
DECIDED_ON = APPLIED_ON + timedelta(100)


def applicant(world, node=None, *, talked: bool = True, by: str = "secretary") -> Case:
    """Return the case of somebody of a branch who has applied, and with whom the branch has talked."""
    person = make_member(node or world.branch, Standing.MASS, on=world.since, birth_date=date(2007, 1, 1))
    details = ApplicationFact(received_on=APPLIED_ON)
    with at(APPLIED_ON):
        case = services.open_case(person, on=APPLIED_ON, details=details, by=world.user(by))
    if talked:
        talker = world.user(by)
        with at(TALKED_ON):
            details = TalkFact(Named(talker.pk, talker.name), tuple(Topic))
            services.record(case, "talk", on=TALKED_ON, details=details, by=talker)
    return case


def url_of(step: str = "nominate", kind: str = "nomination", node=None) -> str:
    url = reverse("members:recruitment:batch-create", args=[step, kind])
    return f"{url}?organization={node.pk}" if node else url


def nominated(*cases: Case, action: str, **changes) -> dict:
    """Return the form of one committee meeting; the votes are each person's own."""
    data = {"on": DECIDED_ON.isoformat(), "due": 5, "present": 5, "action": action, "case": [case.pk for case in cases]}
    for case in cases:
        own = {"by_league": "False", "recommended_on": TALKED_ON.isoformat(), "yes": 5, "no": 0, "abstain": 0}
        data |= {f"c{case.pk}-{name}": value for name, value in own.items()}
    return data | changes


def recorded() -> int:
    return StepRecord.objects.filter(step="nominate").count()


def test_a_check_says_for_each_what_would_come_of_it_and_writes_nothing(world):
    fine, short, early = applicant(world), applicant(world), applicant(world, talked=False)
    with at(DECIDED_ON):
        client = world.client("secretary")
        page = client.get(url_of())
        assert {line.case for line in page.context["table"].lines} == {fine, short}
        assert [(line.case, [str(words) for words in line.reasons]) for line in page.context["table"].shut] == [
            (early, ["First this step must be complete: Talk with the applicant. "
                     "(Rules on recruiting members (2026), article 8)"]),
        ]  # fmt: skip
        data = nominated(fine, short, action="check", **{f"c{short.pk}-yes": 2, f"c{short.pk}-no": 3})
        page = client.post(url_of(), data)
    found = {line.case: list(line.reasons) for line in page.context["table"].lines}
    assert (page.status_code, found[fine]) == (200, [])
    assert found[short] == [
        "2 in favor of 5 due; at least 3 are needed. (Rules on recruiting members (2026), article 8)"
    ]
    assert (recorded(), Batch.objects.count()) == (0, 0)


def test_a_batch_writes_for_each_whom_the_rules_let_pass_and_names_the_others(world):
    fine, short = applicant(world), applicant(world)
    votes = {f"c{short.pk}-yes": 2, f"c{short.pk}-no": 3}
    papers = {"paper_committee_minutes_on": DECIDED_ON.isoformat(), "paper_committee_minutes_signed": "on"}
    with at(DECIDED_ON):
        client = world.client("secretary")
        answer = client.post(url_of(), nominated(fine, short, action="record", **votes, **papers))
        batch = Batch.objects.get()
        assert answer.url == reverse("members:recruitment:batch-detail", args=[batch.pk])
        page = client.get(answer.url)
    assert (batch.kind, batch.step, batch.on, batch.organization) == ("meeting", "nominate", DECIDED_ON, world.branch)
    row = StepRecord.objects.get(step="nominate")
    assert (row.case, row.batch) == (fine, batch)
    assert row.details["minutes"] == {"due": 5, "present": 5, "yes": 5, "no": 0, "abstain": 0}
    assert Paper.objects.get(record=row).kind == "committee_minutes"
    assert [line["record"] for line in page.context["rows"]] == [row]
    assert [(line["case"], line["reasons"]) for line in page.context["refused"]] == [
        (short, ["2 in favor of 5 due; at least 3 are needed. (Rules on recruiting members (2026), article 8)"])
    ]


def test_nobody_chosen_a_wrong_number_or_everybody_refused_writes_nothing(world):
    case = applicant(world)
    with at(DECIDED_ON):
        client = world.client("secretary")
        for changes, status, words in (
            ({"case": []}, 422, "Choose at least one person."),
            ({"case": ["nothing", "99999999999999999999"]}, 422, "Choose at least one person."),
            ({f"c{case.pk}-yes": "many"}, 422, "Please check the rows marked below."),
            ({"due": ""}, 422, "This field is required."),
            ({"on": "2099-01-01"}, 409, "2099-01-01 has not come yet."),
            ({f"c{case.pk}-yes": 1, f"c{case.pk}-no": 4}, 409, "1 in favor of 5 due; at least 3 are needed."),
        ):
            answer = client.post(url_of(), nominated(case, action="record", **changes))
            assert (answer.status_code, words in answer.content.decode()) == (status, True), changes
    assert (recorded(), Batch.objects.count()) == (0, 0)


def test_two_secretaries_with_the_same_list_write_each_person_once(world):
    case = applicant(world)
    with at(DECIDED_ON):
        assert world.client("secretary").post(url_of(), nominated(case, action="record")).status_code == 302
        again = world.client("secretary").post(url_of(), nominated(case, action="record"))
    assert again.status_code == 422
    assert "For somebody you chose this cannot be recorded any more" in again.content.decode()
    assert "This is recorded already, on 2027-06-09." in again.content.decode()
    assert (recorded(), Batch.objects.count()) == (1, 1)


def test_a_superior_files_for_several_branches_at_once(world):
    cases = [applicant(world), applicant(world, world.sibling, by="neighbor")]
    for case, name in zip(cases, ("secretary", "neighbor"), strict=True):
        with at(DECIDED_ON):
            data = nominated(case, action="record")
            assert world.client(name).post(url_of(), data).status_code == 302
    on = DECIDED_ON + timedelta(3)
    with at(on):
        client = world.client("college")
        page = client.get(url_of("file_activist", "filing"))
        assert page.context["node"] == world.unit
        sent = {"on": on.isoformat(), "number": "2027-7", "case": [case.pk for case in cases], "action": "record"}
        assert client.post(url_of("file_activist", "filing"), sent).status_code == 302
    rows = StepRecord.objects.filter(step="file_activist")
    assert {(row.case_id, row.details["number"], row.role) for row in rows} == {
        (case.pk, "2027-7", "superior") for case in cases
    }
    # Each branch reads its own record, the list itself belongs to the committee.
    batch = Batch.objects.get(kind="filing")
    url = reverse("members:recruitment:batch-detail", args=[batch.pk])
    assert world.client("secretary").get(url).status_code == 404


def test_nobody_reads_in_a_list_what_was_decided_of_themselves(world):
    from portal.organizations.duties import Post
    from portal.organizations.services import appoint

    case, other = applicant(world), applicant(world)
    with at(DECIDED_ON):
        assert world.client("secretary").post(url_of(), nominated(case, other, action="record")).status_code == 302
    appoint(case.person.user, world.branch, Post.ORGANIZER, on=world.since, by=None)
    world.users["candidate"] = case.person.user
    url = reverse("members:recruitment:batch-detail", args=[Batch.objects.get().pk])
    page = world.client("candidate").get(url)
    assert [line["record"].case for line in page.context["rows"]] == [other]
    with at(DECIDED_ON + timedelta(1)):
        table = world.client("candidate").get(url_of("cultivate", "inspection")).context["table"]
    assert case not in {line.case for line in (*table.lines, *table.shut)}


@pytest.mark.parametrize(("name", "status"), [("member", 403), ("author", 403), ("college", 403), ("lecturer", 403)])
def test_batch_create_is_for_those_who_record_the_kind(world, name, status):
    assert world.client(name).get(url_of()).status_code == status
    assert world.client(name).post(url_of(), {}).status_code == status


def test_batch_create_knows_only_what_makes_sense_for_many(world):
    client = world.client("secretary")
    for step, kind in (("talk", "talk"), ("sponsors", "sponsors"), ("congress", "review"), ("x", "y")):
        assert client.get(url_of(step, kind)).status_code == 404
    assert client.get(url_of(node=world.sibling)).context["node"] is None  # not a place of theirs


def test_the_pages_ask_as_often_for_many_as_for_few(world, django_assert_num_queries):
    cases = [applicant(world)]
    with at(DECIDED_ON):
        client = world.client("secretary")
        client.get(url_of())  # what is read once a process
        with django_assert_num_queries(QUERIES):
            client.get(url_of())
        cases += [applicant(world) for _ in range(4)]
        with django_assert_num_queries(QUERIES):
            client.get(url_of())
        client.post(url_of(), nominated(cases[0], action="check"))  # from here on there is a draft
        with django_assert_num_queries(CHECK_QUERIES):
            client.post(url_of(), nominated(cases[0], action="check"))
        with django_assert_num_queries(CHECK_QUERIES):
            client.post(url_of(), nominated(*cases, action="check"))
        client.post(url_of(), nominated(*cases, action="record"))
        url = reverse("members:recruitment:batch-detail", args=[Batch.objects.get().pk])
        with django_assert_num_queries(DETAIL_QUERIES):
            client.get(url)
        with django_assert_num_queries(LIST_QUERIES):
            client.get(reverse("members:recruitment:batch-list"))


QUERIES, CHECK_QUERIES, DETAIL_QUERIES, LIST_QUERIES = 24, 44, 7, 7


def test_what_was_typed_for_many_is_kept_until_it_is_recorded(world):
    chosen, other = applicant(world), applicant(world)
    user = world.user("secretary")
    with at(DECIDED_ON):
        client = world.client("secretary")
        key = client.get(url_of()).context["draft_key"]
        kept = {"due": "7", "case": [str(chosen.pk)], f"c{chosen.pk}-yes": "4", f"c{other.pk}-yes": "3"}
        save_draft(user, key, kept, version=0, device="a")
        page = client.get(url_of())
        lines = {line.case: line for line in page.context["table"].lines}
        assert page.context["form"]["due"].value() == "7"
        assert (lines[chosen].chosen, lines[other].chosen) == (True, False)
        assert (lines[chosen].form["yes"].value(), lines[other].form["yes"].value()) == ("4", "3")
        assert "field-error" not in page.content.decode()
        refused = client.post(url_of(), nominated(chosen, action="record", due=""))
        assert (refused.status_code, draft_of(user, key).data[f"c{chosen.pk}-yes"]) == (422, "5")
        assert refused.context["draft_version"] == draft_of(user, key).version
        client.post(url_of(), nominated(chosen, action="record"))
    assert (recorded(), draft_of(user, key)) == (1, None)
