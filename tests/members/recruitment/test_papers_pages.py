"""The papers of a case through the browser: who sees and takes them, what is kept of it, and what is refused."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.urls import reverse

from members.models import Member
from members.recruitment import services
from members.recruitment.letters import Tables
from members.recruitment.models import BatchKind, Case, StepRecord
from members.recruitment.papers.filling.left import Line
from members.recruitment.papers.filling.table import fill
from members.recruitment.papers.people import Period, Relative
from members.recruitment.queries.files import file_of, with_letter
from members.services import update_archive
from portal.audit.models import AuditEntry
from portal.organizations.models import Standing
from tests.factories.people import make_member
from tests.members.recruitment.way import APPLIED_ON, Cast, at, case_at, dossier, make_cast, take
from tests.portal.documents.reading import docx_text, pdf_text

pytestmark = pytest.mark.django_db
ID_NO, ADDRESS = "110105200001010112", "喀什市解放路一号"
QUERIES, LIST_QUERIES = 23, 25
INTERNAL = [
    "talk_record", "recommendation", "committee_minutes", "activist_filing", "contact_assignment", "inspection",
    "cultivation_register", "opinion_record", "dossier_index", "target_filing", "publicity_notice",
    "application_letter",
]  # fmt: skip


def url(name, *args):
    return reverse(f"members:recruitment:{name}", args=args)


def download(client, case, code, format="pdf", **data):
    return client.post(url("paper-download", case.pk, code, format), data)


@pytest.fixture
def cast(world) -> Cast:
    return make_cast(world)


@pytest.fixture
def case(cast) -> Iterator[Case]:
    """Give a case of an activist, and let it be two months later."""
    made = case_at(cast, through="assign_contacts")
    with at(date(2027, 8, 9)):
        yield made


def of_person(cast, client):
    """Return a browser in which the candidate is signed in."""
    client.force_login(cast.person.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def test_page_shows_each_paper_with_its_state(cast, case):
    page = cast.world.client("secretary").get(url("case-papers", case.pk))
    assert page.status_code == 200
    rows = {
        (part.step.code, row.code): row
        for _stage, parts in page.context["stages"]
        for part in parts
        for row in part.rows
    }
    steps = {step for step, _code in rows}
    assert steps == {"apply", "talk", "nominate", "file_activist", "assign_contacts", "cultivate"}
    talk = rows["talk", "talk_record"]
    assert (talk.tone, talk.on, talk.record) == ("success", date(2027, 3, 11), StepRecord.objects.get(step="talk").pk)
    assert rows["cultivate", "cultivation_register"].tone == "neutral"
    assert rows["apply", ""].tone == "success"  # on paper: there is nothing to print
    assert page.context["missing"] == []


def test_page_costs_the_same_for_any_number_of_records(cast, case, django_assert_num_queries):
    client = cast.world.client("secretary")
    client.get(url("case-papers", case.pk))
    with django_assert_num_queries(QUERIES):
        client.get(url("case-papers", case.pk))
    for fact in dossier().records:
        if fact.step in ("cultivate", "propose_target") and fact.on < date(2028, 6, 10):
            with at(fact.on):
                take(cast, case, fact)
    with django_assert_num_queries(QUERIES):
        client.get(url("case-papers", case.pk))


@pytest.mark.parametrize(("format", "read"), [("pdf", pdf_text), ("docx", docx_text)])
def test_paper_is_sent_named_in_chinese_and_kept_nowhere_but_in_the_trail(cast, case, format, read):
    answer = download(cast.world.client("secretary"), case, "talk_record", format)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    name = cast.person.user.name.replace(" ", "_")
    assert f"{name}-入党申请人谈话记录.{format}" in unquote(answer["Content-Disposition"])
    text = read(answer.content)
    assert cast.person.user.name.replace(" ", "") in text
    entry = AuditEntry.objects.get(verb="recruitment.paper.exported")
    assert (entry.about, entry.by, entry.organization) == (
        cast.person.user, cast.world.users["secretary"], case.organization,
    )  # fmt: skip
    assert entry.changes == {"paper": ["", "talk_record"], "format": ["", format]}


def test_paper_of_one_record_is_asked_by_its_key(cast, case):
    client, record = cast.world.client("secretary"), StepRecord.objects.get(step="nominate")
    assert download(client, case, "committee_minutes", record=record.pk).status_code == 200
    assert download(client, case, "committee_minutes", record=record.pk + 1000).status_code == 404
    for odd in ("x", "-1", "1" * 30, "١"):
        assert download(client, case, "committee_minutes", record=odd).status_code == 400
    assert AuditEntry.objects.filter(verb="recruitment.paper.exported").count() == 1


def test_paper_that_is_none_is_not_found(cast, case):
    for code, format in (("nonsense", "pdf"), ("talk_record", "exe"), ("ballot_summary", "pdf"), ("talk-re", "pdf")):
        assert download(cast.world.client("secretary"), case, code, format).status_code == 404, (code, format)
    assert not AuditEntry.objects.filter(verb="recruitment.paper.exported").exists()


def test_papers_are_sent_by_post_alone(cast, case):
    client = cast.world.client("secretary")
    assert client.get(url("paper-download", case.pk, "talk_record", "pdf")).status_code == 405
    assert client.post(url("case-papers", case.pk)).status_code == 405


def test_candidate_gets_no_internal_paper(cast, case, client):
    candidate = of_person(cast, client)
    assert candidate.get(url("case-papers", case.pk)).status_code == 404
    for code in INTERNAL:
        assert download(candidate, case, code).status_code == 404, code
        assert candidate.post(url("own-paper", code, "pdf")).status_code == 404, code
    assert not AuditEntry.objects.filter(verb="recruitment.paper.exported").exists()


def test_others_know_of_no_papers(cast, case):
    for name in ("neighbor", "contact", "author", "lecturer", "auditor"):
        client = cast.world.client(name)
        assert client.get(url("case-papers", case.pk)).status_code == 404, name
        assert download(client, case, "talk_record").status_code == 404, name


@pytest.fixture
def listed(cast) -> Iterator[Case]:
    """Give a case whose person is a development target, with an identity number and an address."""
    member = Member.objects.get(pk=cast.person.pk)
    update_archive(
        member, {"id_no": ID_NO, "current_address": ADDRESS}, version=member.version, by=cast.world.user("secretary")
    )
    made = case_at(cast, through="consent_publicity")
    with at(date(2028, 7, 1)):
        yield made


def test_draft_of_the_form_says_the_number_only_to_those_who_may_reveal_it(cast, listed, client, monkeypatch):
    text = pdf_text(download(cast.world.client("secretary"), listed, "membership_form_draft").content)
    assert ID_NO in text and ADDRESS in text
    full = AuditEntry.objects.get(verb="recruitment.paper.exported")
    assert full.changes["fields"] == ["", ["current_address", "id_no"]]
    monkeypatch.setattr("members.recruitment.services.papers.may", lambda user, action, obj: False)
    text = pdf_text(download(cast.world.client("secretary"), listed, "membership_form_draft").content)
    assert ID_NO not in text and ADDRESS not in text and ID_NO[:3] in text
    assert AuditEntry.objects.filter(verb="recruitment.paper.exported").latest("pk").changes["fields"] == ["", []]
    own = of_person(cast, client).post(url("own-paper", "membership_form_draft", "pdf"))
    assert (own.status_code, ID_NO in pdf_text(own.content)) == (200, True)


def test_notice_on_the_wall_holds_nothing_of_the_archive(cast, listed):
    for format, read in (("pdf", pdf_text), ("docx", docx_text)):
        text = read(download(cast.world.client("secretary"), listed, "publicity_notice", format).content)
        assert cast.person.user.name.replace(" ", "") in text
        assert ID_NO not in text and ADDRESS not in text and "2007年1月1日" not in text


def test_list_of_a_month_names_whom_the_branch_decided_on(cast, case):
    client = cast.world.client("college")
    page = client.get(url("filing-list"), {"month": "2027-06"})
    assert [row.pk for row, _day in page.context["rows"]] == [case.pk]
    assert [*client.get(url("filing-list")).context["rows"]] == []
    data = {"node": cast.world.unit.pk, "list": "activist_filing", "month": "2027-06"}
    answer = client.post(url("filing-download", "docx"), data)
    assert cast.person.user.name.replace(" ", "") in docx_text(answer.content)
    assert AuditEntry.objects.filter(verb="recruitment.paper.exported", about=cast.person.user).count() == 1
    assert client.post(url("filing-download", "docx"), {**data, "month": "2027-07"}).status_code == 409
    assert client.post(url("filing-download", "docx"), {**data, "month": "1927-07"}).status_code == 409
    assert client.post(url("filing-download", "docx"), {**data, "list": "everybody"}).status_code == 409
    assert client.post(url("filing-download", "exe"), data).status_code == 404
    assert client.post(url("filing-download", "docx"), {**data, "node": "x"}).status_code == 404
    assert client.get(url("filing-list"), {"month": "soon"}).status_code == 400


def test_list_shows_only_branches_of_ones_own(cast, case):
    client, asked = cast.world.client("neighbor"), {"month": "2027-06"}
    assert client.get(url("filing-list"), {**asked, "node": cast.world.branch.pk}).status_code == 404
    assert client.get(url("filing-list"), asked).context["rows"] == []
    assert cast.world.client("author").get(url("filing-list"), asked).status_code == 403


def test_list_costs_the_same_for_any_number(cast, case, django_assert_num_queries):
    client = cast.world.client("college")
    client.get(url("filing-list"), {"month": "2027-06"})
    with django_assert_num_queries(LIST_QUERIES):
        client.get(url("filing-list"), {"month": "2027-06"})
    for _number in range(2):
        other = Cast(cast.world, _another(cast), cast.people)
        case_at(other, through="nominate")
    with django_assert_num_queries(LIST_QUERIES):
        page = client.get(url("filing-list"), {"month": "2027-06"})
    assert len(page.context["rows"]) == 3


def _another(cast):
    return make_member(cast.world.branch, Standing.MASS, on=cast.world.since, birth_date=date(2007, 1, 1))


def test_paper_of_a_batch_names_everybody_of_it(cast, case):
    first = case_at(Cast(cast.world, _another(cast), cast.people), through="talk")
    second = case_at(Cast(cast.world, _another(cast), cast.people), through="talk")
    fact = next(fact for fact in dossier().records if fact.step == "nominate")
    by = cast.world.user("secretary")
    with at(fact.on):
        made = services.record_batch(
            [first, second], "nominate", kind=BatchKind.MEETING, organization=first.organization, on=fact.on,
            details={first.pk: fact.details, second.pk: fact.details}, by=by,
        )  # fmt: skip
    assert made.refused == {}
    client = cast.world.client("secretary")
    page = client.get(url("batch-detail", made.batch.pk)).content.decode()
    assert all(url("batch-paper", made.batch.pk, "activist_filing", kind) in page for kind in ("pdf", "docx"))
    answer = client.post(url("batch-paper", made.batch.pk, "activist_filing", "pdf"))
    text = pdf_text(answer.content)
    assert [one.person.user.name.replace(" ", "") in text for one in (first, second)] == [True, True]
    assert case.person.user.name.replace(" ", "") not in text
    about = AuditEntry.objects.filter(verb="recruitment.paper.exported").values_list("about", flat=True)
    assert set(about) == {first.person.user_id, second.person.user_id}
    assert client.post(url("batch-paper", made.batch.pk, "committee_minutes", "pdf")).status_code == 404
    assert cast.world.client("neighbor").post(
        url("batch-paper", made.batch.pk, "activist_filing", "pdf")
    ).status_code == 404


def test_letter_that_came_through_the_portal_is_printed_in_its_words(cast, client):
    relation = Relative("father", "Zhang Dashan", date(1975, 3, 1), "masses", "A farm")
    tables = Tables(history=(Period(date(2019, 9, 1), None, "School of the town"),), family=(relation,))
    with at(APPLIED_ON):
        person = Member.objects.select_related("user", "organization").get(pk=cast.person.pk)
        letter = services.hand_in_letter(
            services.begin_letter(person, "admission", on=APPLIED_ON), body="I wish to join, of my own will.",
            tables=tables, carrier="handwritten", is_declared=True, by=person.user, on=APPLIED_ON,
        )  # fmt: skip
        case = services.receive_letter(letter, is_signed=True, by=cast.world.user("secretary"))
        secretary = pdf_text(download(cast.world.client("secretary"), case, "application_letter").content)
        own = pdf_text(of_person(cast, client).post(url("own-paper", "application_letter", "pdf")).content)
        assert secretary == own
        for words in ("Iwishtojoin,ofmyownwill.", "ZhangDashan", "Schoolofthetown", "2027年3月1日"):
            assert words in secretary, words
        file = file_of(Case.objects.with_people().get(pk=case.pk), on=APPLIED_ON)
        assert (file.letters, file.letter) == (frozenset({"admission"}), None)
        assert fill(with_letter(file), Line("fill_form", "", "membership_form_draft")).family == (relation,)
    about = AuditEntry.objects.filter(verb="recruitment.paper.exported").values_list("about", "by")
    assert set(about) == {(person.user_id, cast.world.users["secretary"].pk), (person.user_id, person.user_id)}
