"""Who meets which page of a record, what it says before and after, and what two people do at once."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.recruitment import services
from members.recruitment.engine.details import TalkFact, Topic
from members.recruitment.engine.people import Named
from members.recruitment.models import Case, Paper, StepRecord
from portal.audit.models import AuditEntry
from portal.drafts.models import Draft
from tests.portal.files.samples import picture

from .way import APPLIED_ON, at, case_at, make_cast

pytestmark = pytest.mark.django_db
TALKED_ON = APPLIED_ON + timedelta(10)


@pytest.fixture
def cast(world):
    return make_cast(world)


@pytest.fixture
def applied(cast):
    """A case in which the letter alone is recorded."""
    return case_at(cast, through="apply")


@pytest.fixture
def talked(cast):
    """A case whose first talk is recorded."""
    return case_at(cast, through="talk")


def url_of(name: str, *args) -> str:
    return reverse(f"members:recruitment:{name}", args=args)


def talk_url(case: Case) -> str:
    return url_of("record-create", case.pk, "talk", "talk")


def talk_form(cast, **changes) -> dict:
    talker = next(iter(cast.people.values()))
    data = {
        "on": TALKED_ON.isoformat(), "talker": talker.user_id, "topics": [topic.value for topic in Topic],
        "opinion": "Sincere.\r\nKnows the duties.", "seen": 2**40,
    }  # fmt: skip
    return {name: value for name, value in (data | changes).items() if value is not None}


def test_record_create_says_the_rule_its_term_and_who_may_be_named(cast, applied):
    with at(TALKED_ON):
        page = cast.world.client("secretary").get(talk_url(applied))
    text = page.content.decode()
    assert page.context["due"] == date(2027, 4, 1)
    assert "Rules on recruiting members (2026), article 7" in text
    named = {member.pk for member in page.context["form"].fields["talker"].queryset}
    full = {member.pk for member in cast.people.values()}
    assert full <= named and cast.person.pk not in named
    assert cast.world.member("probationary").pk not in named and cast.world.member("neighbor").pk not in named


def test_record_create_before_its_time_has_no_form_but_the_day_and_who_may_lift_it(cast):
    case = case_at(cast, through="assign_contacts")
    with at(APPLIED_ON + timedelta(150)):
        page = cast.world.client("secretary").get(url_of("record-create", case.pk, "propose_target", "review"))
        opinions = cast.world.client("secretary").get(url_of("record-create", case.pk, "propose_target", "opinions"))
    assert (page.status_code, page.context["form"], page.context["earliest"]) == (200, None, date(2028, 6, 1))
    assert any("Cultivation since 2027-06-01 must last 12 months, until 2028-06-01." in one
               for one in page.context["reasons"])  # fmt: skip
    assert not any("Cultivation" in words for words in page.context["liftable"])  # the year is the nation's floor
    assert opinions.context["form"] is not None


def test_record_create_offers_the_exception_to_the_superior_alone(cast):
    case = case_at(cast, through="committee_review")
    Case.objects.filter(pk=case.pk).update(leaves_on=date(2028, 8, 20))
    on = case.records.order_by("-pk").first().on + timedelta(1)
    with at(on):
        page = cast.world.client("college").get(url_of("record-create", case.pk, "pre_review", "pre_review"))
    # Only the passing of time stands in the way: a record of an earlier day is still taken.
    assert page.context["form"] is not None
    assert any("The person leaves on 2028-08-20" in words for words in page.context["warnings"])


def test_a_late_record_of_something_done_in_time_is_taken(cast):
    """The congress was held within its month and is recorded two months later, under its own day."""
    case = case_at(cast, before="congress")
    publicised = case.records.filter(step="fill_form").get().on
    with at(publicised + timedelta(75)):
        page = cast.world.client("secretary").get(url_of("record-create", case.pk, "congress", "publicity"))
    assert page.context["form"] is not None


def test_record_create_writes_the_record_its_paper_and_its_scan(cast, applied):
    scan = SimpleUploadedFile("talk.jpg", picture(), "image/jpeg")
    data = talk_form(cast, paper_talk_record_on=TALKED_ON.isoformat(), paper_talk_record_signed="on",
                     paper_talk_record_file=scan)  # fmt: skip
    with at(TALKED_ON):
        answer = cast.world.client("secretary").post(talk_url(applied), data)
        assert answer.status_code == 302 and answer.url == url_of("case-detail", applied.pk)
    row = StepRecord.objects.get(case=applied, step="talk")
    assert row.details["opinion"] == "Sincere.\nKnows the duties."
    paper = Paper.objects.get(record=row)
    assert (paper.kind, paper.dated_on, paper.is_signed) == ("talk_record", TALKED_ON, True)
    assert paper.file.name == "talk.jpg"
    assert not Draft.objects.filter(key__startswith="recruitment.").exists()


def test_a_refused_form_keeps_what_was_typed_and_the_scan(cast, applied):
    scan = SimpleUploadedFile("talk.jpg", picture(), "image/jpeg")
    with at(TALKED_ON):
        client = cast.world.client("secretary")
        answer = client.post(talk_url(applied), talk_form(cast, topics=["view"], paper_talk_record_file=scan))
        assert answer.status_code == 409
        text = answer.content.decode()
        assert "Sincere." in text and "talk.jpg" in text
        assert "4 are missing. (Rules on recruiting members (2026), article 7)" in text
        # The window is closed; the text is there when the page is opened again.
        again = client.get(talk_url(applied)).content.decode()
        assert "Sincere." in again
    assert StepRecord.objects.filter(case=applied, step="talk").count() == 0


def test_the_second_secretary_is_told_who_was_first(cast, applied):
    with at(TALKED_ON):
        client = cast.world.client("secretary")
        seen = client.get(talk_url(applied)).context["seen"]
        committee = cast.world.user("secretary")
        other = cast.world.client("college")
        assert other.post(talk_url(applied), talk_form(cast, seen=seen)).status_code == 403
        services.record(
            applied, "talk", on=TALKED_ON,
            details=TalkFact(Named(next(iter(cast.people.values())).user_id, ""), tuple(Topic)), by=committee,
        )  # fmt: skip
        rows, trail = StepRecord.objects.count(), AuditEntry.objects.count()
        mine = client.post(talk_url(applied), talk_form(cast, seen=seen))
    assert mine.status_code == 409
    assert "This is recorded already, on 2027-03-11." in mine.content.decode()
    assert (StepRecord.objects.count(), AuditEntry.objects.count()) == (rows, trail)


def test_replacing_people_whom_another_has_just_named_is_told_first(cast):
    """Contacts may be replaced, so the engine alone would let the second secretary overwrite the first."""
    from portal.organizations.duties import Post
    from portal.organizations.services import appoint

    case = case_at(cast, before="assign_contacts")
    people = [member.user_id for member in cast.people.values()]
    deputy = cast.people[14].user
    appoint(deputy, cast.world.branch, Post.DEPUTY_SECRETARY, on=cast.world.since, by=None)
    on = APPLIED_ON + timedelta(100)
    url = url_of("record-create", case.pk, "assign_contacts", "contacts")
    with at(on):
        client = cast.world.client("secretary")
        seen = client.get(url).context["seen"]
        cast.world.users["deputy"] = deputy
        first = cast.world.client("deputy").post(url, {"on": on.isoformat(), "contact_1": people[0], "seen": seen})
        assert first.status_code == 302
        second = client.post(url, {"on": on.isoformat(), "contact_1": people[1], "seen": seen})
        assert second.status_code == 409
        assert f"{deputy.name} recorded “cultivation contacts” of {on}" in second.content.decode()
        assert StepRecord.objects.filter(case=case, kind="contacts").count() == 1
        third = client.post(url, {"on": on.isoformat(), "contact_1": people[1], "seen": second.context["seen"]})
    assert third.status_code == 302


@pytest.mark.parametrize(
    ("name", "status"),
    [("secretary", 200), ("college", 403), ("committee", 403), ("neighbor", 404), ("lecturer", 404), ("member", 404)],
)
def test_a_step_is_recorded_by_its_own_role(cast, applied, name, status):
    with at(TALKED_ON):
        client = cast.world.client(name)
        assert client.get(talk_url(applied)).status_code == status
        answer = client.post(talk_url(applied), talk_form(cast))
    assert answer.status_code == (302 if status == 200 else status)
    assert StepRecord.objects.filter(case=applied, step="talk").count() == (status == 200)


def test_the_candidate_never_sees_a_form_or_a_record(cast, talked):
    row, letter = talked.records.get(step="talk"), talked.records.get(step="apply")
    cast.world.users["candidate"] = cast.person.user
    client = cast.world.client("candidate")
    for url in (
        talk_url(talked),
        url_of("record-create", talked.pk, "convert_apply", "conversion"),
        *(url_of(name, one.pk) for name in ("record-detail", "record-correct", "record-annul", "paper-create")
          for one in (row, letter)),
    ):  # fmt: skip
        assert (url, client.get(url).status_code) == (url, 404)
        assert client.post(url, {}).status_code in (404, 405)


@pytest.mark.parametrize(("step", "kind"), [("talk", "ballot"), ("nothing", "talk"), ("congress", "review")])
def test_a_kind_that_no_step_takes_is_not_there(cast, applied, step, kind):
    assert cast.world.client("secretary").get(url_of("record-create", applied.pk, step, kind)).status_code == 404


def test_a_contact_notes_in_the_own_name_alone(cast):
    case = case_at(cast, through="assign_contacts")
    contact, other = list(cast.people.values())[:2]
    cast.world.users["accompanying"] = contact.user
    url = url_of("record-create", case.pk, "cultivate", "contact_note")
    on = APPLIED_ON + timedelta(120)
    with at(on):
        client = cast.world.client("accompanying")
        page = client.get(url)
        assert page.status_code == 200 and "author" not in page.context["form"].fields
        sent = {"on": on.isoformat(), "note": "Reads much.", "author": other.user_id, "seen": 2**40}
        assert client.post(url, sent).status_code == 302
        assert client.get(url_of("record-create", case.pk, "cultivate", "inspection")).status_code == 403
    row = StepRecord.objects.get(case=case, kind="contact_note")
    assert (row.details["author"]["key"], row.role) == (contact.user_id, "contact")


def test_record_detail_tells_the_sums_of_a_vote(cast):
    case = case_at(cast, through="nominate")
    row = case.records.get(kind="nomination")
    page = cast.world.client("secretary").get(url_of("record-detail", row.pk))
    assert page.context["arithmetic"] == [
        "5 of 5 due are present; at least 3 must be.",
        "5 in favor of 5 due; at least 3 are needed.",
        "The motion is carried.",
    ]
    facts = dict(page.context["facts"])
    names = ("Decided on", "Put forward by", "Should attend")
    assert [facts[name] for name in names] == ["2027-06-01", "the league", "5"]
    assert page.context["missing"] == []


def test_record_detail_names_what_is_not_in_the_file_and_takes_it_later(cast, applied):
    with at(TALKED_ON):
        client = cast.world.client("secretary")
        assert client.post(talk_url(applied), talk_form(cast)).status_code == 302
        row = StepRecord.objects.get(case=applied, step="talk")
        before = Case.objects.get(pk=applied.pk).gap_count
        page = client.get(url_of("record-detail", row.pk))
        assert [str(name) for name in page.context["missing"]] == ["talk record"]
        url = page.context["paper_url"]
        assert client.post(url, {"kind": "talk_record"}).status_code == 422
        assert client.post(url, {"kind": "oath_record", "dated_on": TALKED_ON.isoformat()}).status_code == 422
        assert Paper.objects.filter(record=row).count() == 0
        assert cast.world.client("college").post(url, {"kind": "talk_record"}).status_code == 409
        sent = {"kind": "talk_record", "dated_on": TALKED_ON.isoformat(), "is_signed": "on"}
        assert client.post(url, sent).status_code == 302
        assert client.post(url, sent).status_code == 409
    assert Paper.objects.get(record=row).dated_on == TALKED_ON
    assert Case.objects.get(pk=applied.pk).gap_count == before - 1
    assert AuditEntry.objects.filter(verb="recruitment.paper_filed").count() == 1


def test_record_correct_shows_what_was_recorded_and_keeps_the_wrong_row(cast, talked):
    row = talked.records.get(step="talk")
    with at(TALKED_ON + timedelta(1)):
        client = cast.world.client("secretary")
        page = client.get(url_of("record-correct", row.pk))
        initial = page.context["form"].initial
        assert (initial["on"], initial["talker"], len(initial["topics"])) == (row.on, row.details["talker"]["key"], 5)
        rows = StepRecord.objects.count()
        for changes, status, words in (
            ({"reason": ""}, 422, "This field is required."),
            ({"reason": "Typo", "on": "2026-01-01"}, 409, "First this step must be complete"),
            ({"reason": "Typo", "topics": []}, 409, "5 are missing."),
        ):
            answer = client.post(url_of("record-correct", row.pk), talk_form(cast, **changes))
            assert (answer.status_code, words in answer.content.decode()) == (status, True), changes
        assert StepRecord.objects.count() == rows
        right = TALKED_ON - timedelta(1)
        data = talk_form(cast, on=right.isoformat(), reason="The minutes say the tenth.")
        answer = client.post(url_of("record-correct", row.pk), data)
        old = client.get(url_of("record-detail", row.pk))
        assert (old.context["correct_url"], old.context["annul_url"]) == ("", "")
        assert client.get(url_of("record-correct", row.pk)).status_code == 409
    new = StepRecord.objects.get(corrects=row)
    assert answer.url == url_of("record-detail", new.pk)
    assert (new.on, new.reason) == (right, "The minutes say the tenth.")
    assert StepRecord.objects.get(pk=row.pk).on == TALKED_ON


def test_record_annul_asks_for_a_reason_and_spares_what_later_records_build_on(cast):
    case = case_at(cast, through="nominate")
    letter, talk, nomination = (case.records.get(step=step) for step in ("apply", "talk", "nominate"))
    with at(nomination.on + timedelta(1)):
        client = cast.world.client("secretary")
        page = client.get(url_of("record-annul", nomination.pk))
        assert page.status_code == 200 and len(page.context["effects"]) == 3
        assert client.post(url_of("record-annul", nomination.pk), {"reason": ""}).status_code == 422
        assert client.post(url_of("record-annul", talk.pk), {"reason": "Never was."}).status_code == 409
        assert cast.world.client("college").post(url_of("record-annul", talk.pk), {"reason": "x"}).status_code == 409
        assert StepRecord.objects.filter(is_annulment=True).count() == 0
        assert client.post(url_of("record-annul", nomination.pk), {"reason": "Never was."}).status_code == 302
        assert client.post(url_of("record-annul", letter.pk), {"reason": "x"}).status_code == 409
    assert StepRecord.objects.get(is_annulment=True).corrects == nomination
