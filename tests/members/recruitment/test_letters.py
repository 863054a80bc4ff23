"""A candidate's letter through the browser's requests: written, handed in, returned, received, and what forbids it."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from members.models import Member
from members.recruitment import services
from members.recruitment.engine.details import DETAILS
from members.recruitment.letters import tables_from_text
from members.recruitment.models import Case, Letter, LetterTrace, Paper
from members.recruitment.queries import own_way
from portal.access.policy import holders, may, policy_of, scope
from portal.audit.models import AuditEntry
from portal.drafts.models import Draft
from portal.drafts.services import draft_of, save_draft
from portal.notifications.models import Notice
from portal.organizations.models import Standing
from portal.rulesets.days import add_months
from portal.web.refusals import RuleError
from tests.factories.people import make_member
from tests.portal.files.samples import picture
from tests.world import CAST

from .way import APPLIED_ON, at, case_at, dossier, make_cast, take

NAMES = "members:recruitment:"
TEXT = "\n".join(f"Paragraph {number} says in my own words why I apply for membership." for number in range(1, 5))
ROWS = {
    "history-0-since": "2019-09", "history-0-until": "2022-06", "history-0-words": "School of the town, pupil",
    "family-0-relation": "father", "family-0-name": "Somebody", "family-0-birth_date": "1975-03",
}  # fmt: skip


def url(name, *args):
    return reverse(NAMES + name, args=args)


def sent(kind="admission", body=TEXT, **others):
    """Return what a browser sends of the editor."""
    data = {"body": body, "carrier": "handwritten", "draft_version": "0", "action": "check", **others}
    if kind == "admission":
        for name in ("history", "family", "social_relations"):
            data |= {f"{name}-TOTAL_FORMS": "3", f"{name}-INITIAL_FORMS": "0"}
    return data


@pytest.fixture
def cast(world):
    return make_cast(world)


@pytest.fixture
def today():
    with at(APPLIED_ON):
        yield APPLIED_ON


def browser(cast):
    cast.world.users["candidate"] = cast.person.user
    return cast.world.client("candidate")


def handed_in(cast, body=TEXT, person=None):
    """Return a letter that waits for the branch."""
    person = Member.objects.select_related("user", "organization").get(pk=(person or cast.person).pk)
    letter = services.begin_letter(person, "admission", on=APPLIED_ON)
    return services.hand_in_letter(
        letter, body=body, tables=tables_from_text(""), carrier="handwritten", is_declared=True, by=person.user,
        on=APPLIED_ON,
    )  # fmt: skip


def hand_in(client, kind="admission", **others):
    client.post(url("letter-write", kind), sent(kind, **others))
    page = client.get(url("letter-check", kind))
    assert page.status_code == 200
    return client.post(url("letter-check", kind), {"seen": page.context["seen"], "declared": "on"}), page


def answer(client, letter, decision, **others):
    data = {"decision": decision, "version": str(letter.review.version_count), "words": "", **others}
    return client.post(url("letter-answer", letter.pk), data)


def test_letter_is_written_handed_in_and_received_on_its_own_day(cast, today):
    client = browser(cast)
    assert client.get(url("letter-write", "admission")).status_code == 200
    kept = client.post(url("letter-write", "admission"), sent(**ROWS))
    assert (kept.status_code, kept["Location"]) == (302, url("letter-check", "admission"))
    page = client.get(url("letter-check", "admission"))
    refused = client.post(url("letter-check", "admission"), {"seen": page.context["seen"]})
    assert (refused.status_code, list(refused.context["form"].errors), Letter.objects.count()) == (200, ["declared"], 0)
    done = client.post(url("letter-check", "admission"), {"seen": page.context["seen"], "declared": "on"})
    letter = Letter.objects.get()
    assert (done.status_code, done["Location"]) == (302, letter.get_absolute_url())
    assert (letter.review.state, letter.submitted_on, letter.case) == ("submitted", today, None)
    assert letter.review.due_on == date(2027, 4, 1)
    assert tables_from_text(letter.tables).history[0].words == "School of the town, pupil"
    assert tables_from_text(letter.tables).family[0].birth_date == date(1975, 3, 1)
    assert Draft.objects.count() == 0
    assert client.get(letter.get_absolute_url()).status_code == 200
    assert Case.objects.count() == 0

    with at(date(2027, 3, 9)):  # a session does not last so long
        secretary = cast.world.client("secretary")
        assert secretary.get(url("letter-list")).context["page"].paginator.count == 1
        assert secretary.get(url("letter-answer", letter.pk)).status_code == 200
        received = answer(secretary, letter, "receive", is_signed="on")
    assert (received.status_code, received["Location"]) == (302, url("letter-list"))
    letter.refresh_from_db()
    case = Case.objects.get()
    row = case.records.get()
    assert (letter.case, letter.received_on, letter.review.state) == (case, today, "accepted")
    assert (case.opened_on, row.on, row.details["received_on"]) == (today, today, "2027-03-01")
    paper = Paper.objects.get()
    assert (paper.kind, paper.dated_on, paper.is_signed) == ("application_letter", today, True)
    assert own_way(cast.person.user).standing == Standing.APPLICANT
    assert {"recruitment_letter_received", "recruitment_standing"} <= set(
        Notice.objects.filter(recipient=cast.person.user).values_list("message__kind", flat=True)
    )


def test_editor_keeps_what_is_refused(cast, today):
    client = browser(cast)
    page = client.post(url("letter-write", "admission"), sent(body="", **ROWS))
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["body"])
    page = client.post(url("letter-write", "admission"), sent(**{"family-0-relation": "mother", "draft_version": "1"}))
    assert page.status_code == 200
    assert page.context["editor"].tables["family"].forms[0].errors.keys() == {"name"}
    kept = draft_of(cast.person.user, "recruitment-letter.admission")
    assert (kept.data["body"], kept.data["family-0-relation"]) == (TEXT, "mother")
    again = client.get(url("letter-write", "admission")).content.decode()
    assert "Paragraph 4 says in my own words" in again
    assert 'value="mother"' in again
    assert client.get(url("letter-check", "admission"))["Location"] == url("letter-write", "admission")


def test_editor_shows_both_texts_when_another_device_saved_later(cast, today):
    client = browser(cast)
    save_draft(cast.person.user, "recruitment-letter.admission", {"body": "from the phone"}, version=0, device="p")
    page = client.post(url("letter-write", "admission"), sent())
    assert page.status_code == 200
    assert page.context["theirs"].data["body"] == "from the phone"
    text = page.content.decode()
    assert "from the phone" in text
    assert "Paragraph 1 says" in text
    assert draft_of(cast.person.user, "recruitment-letter.admission").data == {"body": "from the phone"}
    version = str(page.context["draft_version"])
    again = client.post(url("letter-write", "admission"), sent(draft_version=version))
    assert again["Location"] == url("letter-check", "admission")


def test_check_notices_a_text_changed_on_another_device(cast, today):
    client = browser(cast)
    client.post(url("letter-write", "admission"), sent())
    seen = client.get(url("letter-check", "admission")).context["seen"]
    known = draft_of(cast.person.user, "recruitment-letter.admission")
    save_draft(cast.person.user, known.key, {**known.data, "body": "Other words."}, version=known.version)
    page = client.post(url("letter-check", "admission"), {"seen": seen, "declared": "on"})
    assert (page.status_code, page.context["changed"], Letter.objects.count()) == (200, True, 0)


def test_handing_in_and_receiving_twice_happens_once(cast, today):
    client, secretary = browser(cast), cast.world.client("secretary")
    _done, page = hand_in(client)
    letter = Letter.objects.get()
    again = client.post(url("letter-check", "admission"), {"seen": page.context["seen"], "declared": "on"})
    assert again["Location"] == letter.get_absolute_url()
    assert letter.review.versions.count() == 1
    assert services.hand_in_letter(
        letter, body=TEXT, tables=tables_from_text(""), carrier="handwritten", is_declared=True,
        by=cast.person.user, on=APPLIED_ON,
    ).review.versions.count() == 1  # fmt: skip
    assert answer(secretary, letter, "receive").status_code == 302
    second = answer(secretary, letter, "receive")
    assert second.status_code == 422
    assert "Secretary" in str(second.context["form"].errors)
    assert (Case.objects.count(), Case.objects.get().records.count()) == (1, 1)


def test_returned_letter_is_changed_compared_and_handed_in_again(cast, today):
    client, secretary = browser(cast), cast.world.client("secretary")
    hand_in(client, **ROWS)
    letter = Letter.objects.get()
    empty = answer(secretary, letter, "return")
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["words"])
    assert answer(secretary, letter, "return", words="Say more of your motives.").status_code == 302
    editor = client.get(url("letter-write", "admission"))
    assert "Say more of your motives." in editor.content.decode()
    assert 'value="School of the town, pupil"' in editor.content.decode()
    with at(date(2027, 3, 20)):
        client, secretary = browser(cast), cast.world.client("secretary")
        hand_in(client, body=TEXT + "\nMy motives are these.", draft_version="0")
        letter = Letter.objects.get()
        assert (letter.review.version_count, letter.submitted_on) == (2, date(2027, 3, 20))
        assert letter.review.due_on == date(2027, 4, 20)
        for reader in (client, secretary):
            page = reader.get(url("letter-compare", letter.pk))
            assert "My motives are these." in page.content.decode()
        stale = answer(secretary, letter, "receive", version="1")
        assert (stale.status_code, Case.objects.count()) == (422, 0)
        assert answer(secretary, letter, "receive").status_code == 302
    assert Case.objects.get().opened_on == date(2027, 3, 20)


def test_letter_taken_back_is_nobody_elses(cast, today):
    client, secretary = browser(cast), cast.world.client("secretary")
    hand_in(client)
    letter = Letter.objects.get()
    assert secretary.get(letter.get_absolute_url()).status_code == 200
    assert client.get(url("letter-withdraw", letter.pk)).status_code == 200
    assert client.post(url("letter-withdraw", letter.pk))["Location"] == url("letter-write", "admission")
    assert secretary.get(letter.get_absolute_url()).status_code == 404
    assert secretary.post(url("letter-answer", letter.pk), {"decision": "receive"}).status_code == 404
    assert "Paragraph 3 says" in client.get(url("letter-write", "admission")).content.decode()
    hand_in(client)
    letter.refresh_from_db()
    assert (Letter.objects.count(), letter.review.version_count) == (1, 2)
    answer(secretary, letter, "receive")
    assert client.post(url("letter-withdraw", letter.pk)).status_code == 409
    assert Letter.objects.get().review.state == "accepted"


def test_scans_stay_beside_the_letter_and_only_its_writer_removes_them(cast, today):
    client, secretary = browser(cast), cast.world.client("secretary")
    page = SimpleUploadedFile("letter.jpg", picture(), "image/jpeg")
    assert client.post(url("letter-write", "admission"), {**sent(action="attach"), "scans": page}).status_code == 302
    letter = Letter.objects.get()
    file = letter.files.get()
    assert client.get(file.get_absolute_url()).status_code == 200
    assert secretary.get(file.get_absolute_url()).status_code == 404
    hand_in(client)
    assert secretary.get(file.get_absolute_url()).status_code == 200
    assert secretary.post(url("letter-scan-remove", letter.pk, file.pk)).status_code == 403
    assert client.post(url("letter-scan-remove", letter.pk, file.pk)).status_code == 409
    assert letter.files.count() == 1


def test_candidate_under_eighteen_is_told_while_writing_and_refused_at_handing_in(cast, today):
    Member.objects.filter(pk=cast.person.pk).update(birth_date=date(2009, 3, 2))
    client = browser(cast)
    text = client.get(url("letter-write", "admission")).content.decode()
    assert "18" in text
    words, from_when = client.get(url("letter-write", "admission")).context["warnings"]
    assert "5" in words
    assert "2027-03-02" in from_when
    client.post(url("letter-write", "admission"), sent())
    page = client.get(url("letter-check", "admission"))
    done = client.post(url("letter-check", "admission"), {"seen": page.context["seen"], "declared": "on"})
    assert done.status_code == 409
    assert words in done.content.decode().replace("&quot;", '"')
    assert not Letter.objects.exclude(submitted_on=None).exists()
    assert draft_of(cast.person.user, "recruitment-letter.admission").data["body"] == TEXT
    with at(date(2027, 3, 2)):
        hand_in(browser(cast))
        assert Letter.objects.get().submitted_on == date(2027, 3, 2)


def test_letter_of_somebody_barred_is_not_received(cast, today):
    letter = handed_in(cast)
    # The archive is put right after the letter was handed in: the engine refuses at receipt.
    Member.objects.filter(pk=cast.person.pk).update(birth_date=date(2010, 1, 1))
    secretary = cast.world.client("secretary")
    assert secretary.get(url("letter-answer", letter.pk)).context["refusals"]
    page = answer(secretary, letter, "receive")
    assert page.status_code == 422
    assert (Case.objects.count(), Letter.objects.get().review.state) == (0, "submitted")


def test_bar_of_an_earlier_case_counts_for_the_next_letter(cast, today):
    person = Member.objects.select_related("user", "organization").get(pk=cast.person.pk)
    case = take(cast, None, dossier().records[0]).case
    Case.objects.filter(pk=case.pk).update(barred_until=date(2030, 1, 1))
    services.close(Case.objects.get(), reason="unfit", on=APPLIED_ON, words="w", by=cast.world.user("secretary"))
    with at(date(2029, 12, 31)):
        person = Member.objects.select_related("user", "organization").get(pk=person.pk)
        letter = services.begin_letter(person, "admission", on=date(2029, 12, 31))
        with pytest.raises(RuleError) as refusal:
            services.hand_in_letter(
                letter, body=TEXT, tables=tables_from_text(""), carrier="handwritten", is_declared=True,
                by=person.user, on=date(2029, 12, 31),
            )  # fmt: skip
    assert [error.code for error in refusal.value.error_list] == ["rejoin_bar"]


@pytest.mark.parametrize("name", ["author", "target", "probationary", "member", "secretary"])
def test_those_beyond_the_application_write_none(world, name):
    assert world.client(name).get(url("letter-write", "admission")).status_code == 409
    with pytest.raises(RuleError):
        services.begin_letter(world.member(name), "admission", on=APPLIED_ON)
    assert Letter.objects.count() == 0


def test_outsiders_and_unknown_kinds_are_refused(world):
    assert world.client("outsider").get(url("letter-write", "admission")).status_code == 409
    assert world.client("author").get(url("letter-write", "other")).status_code == 404
    assert world.client("author").get(url("letter-write", "conversion")).status_code == 409


def test_unreadable_rows_write_nothing(cast, today):
    client = browser(cast)
    for faulty in (
        {"history-0-since": "2022-06", "history-0-until": "2019-01", "history-0-words": "w"},
        {"history-0-since": "yesterday", "history-0-words": "w"},
        {"history-TOTAL_FORMS": "x"},
        {"history-TOTAL_FORMS": "900"},
        {"carrier": "by dove"},
    ):
        page = client.post(url("letter-write", "admission"), {**sent(), **faulty, "draft_device": "p"})
        assert page.status_code == 200, faulty
        assert Letter.objects.count() == 0


def conversion_sent(**others):
    return {"faults": "I am more patient now.", "explanations": "", **others}


def test_conversion_application_has_its_window_and_is_recorded_in_the_case(cast):
    case = case_at(cast, before="convert_apply")
    held = case.records.get(step="congress", kind="ballot").on
    window = add_months(held, 11)
    with at(window - timedelta(days=1)):
        client = browser(cast)
        client.post(url("letter-write", "conversion"), sent("conversion", **conversion_sent()))
        page = client.get(url("letter-check", "conversion"))
        done = client.post(url("letter-check", "conversion"), {"seen": page.context["seen"], "declared": "on"})
        assert done.status_code == 409
        assert window.isoformat() in done.content.decode()
    with at(window):
        client = browser(cast)
        done, _page = hand_in(client, "conversion")
        letter = Letter.objects.get(kind="conversion")
        assert done["Location"] == letter.get_absolute_url()
        assert tables_from_text(letter.tables).faults == "I am more patient now."
    with at(add_months(held, 12)):
        assert answer(cast.world.client("secretary"), letter, "receive", is_signed="on").status_code == 302
        row = case.records.get(step="convert_apply")
        assert (row.on, row.papers.get().kind) == (window, "conversion_application")
        assert browser(cast).get(url("letter-write", "conversion")).status_code == 409


def test_letters_are_the_writers_and_the_branchs(cast, today):
    world, letter = cast.world, handed_in(cast)
    seen = {
        name for name in ("secretary", "neighbor", "committee", "college", "author", "contact", "admin", "auditor")
        if may(world.user(name), "view", letter)
    }  # fmt: skip
    assert seen == {"secretary"}
    assert may(cast.person.user, "write", letter)
    assert not may(cast.person.user, "answer", letter)
    assert set(holders("answer", letter).values_list("pk", flat=True)) == {world.users["secretary"].pk}
    services.withdraw_letter(letter, by=cast.person.user)
    letter = Letter.objects.with_people().get()
    assert not may(world.user("secretary"), "view", letter)
    assert not holders("answer", letter).exists()


def test_secretary_does_not_receive_the_own_letter(cast, today):
    """Whoever keeps the recruitment of the branch and writes a letter waits for another hand."""
    from portal.organizations.duties import Post
    from portal.organizations.services import appoint

    appoint(cast.person.user, cast.world.branch, Post.ORGANIZATION_COMMISSIONER, on=APPLIED_ON, by=None)
    letter, client = handed_in(cast), browser(cast)
    assert client.get(url("letter-answer", letter.pk)).status_code == 403
    assert answer(client, letter, "receive").status_code == 403
    assert scope(cast.person.user, "answer", Letter).count() == 0


def test_likeness_is_told_to_writer_and_branch_without_a_name(cast, today):
    handed_in(cast)
    other = make_member(cast.world.branch, Standing.MASS, on=cast.world.since, birth_date=date(2007, 5, 5), name="Twin")
    cast.world.users["twin"] = other.user
    client = cast.world.client("twin")
    client.post(url("letter-write", "admission"), sent())
    page = client.get(url("letter-check", "admission"))
    assert [finding.percent for finding in page.context["findings"]] == [100]
    assert cast.person.user.name not in page.content.decode()
    letter = handed_in(cast, person=other)
    assert letter.likeness == 100
    assert LetterTrace.objects.values("version").distinct().count() == 2


def test_print_is_a_post_and_leaves_a_trace(cast, today):
    client, secretary = browser(cast), cast.world.client("secretary")
    letter = handed_in(cast)
    assert client.get(url("letter-print", letter.pk, "pdf")).status_code == 405
    for reader, kind, head in ((client, "pdf", b"%PDF"), (secretary, "docx", b"PK")):
        paper = reader.post(url("letter-print", letter.pk, kind))
        assert (paper.status_code, paper.content[: len(head)]) == (200, head)
    assert client.post(url("letter-print", letter.pk, "exe")).status_code == 404
    assert cast.world.client("neighbor").post(url("letter-print", letter.pk, "pdf")).status_code == 404
    assert AuditEntry.objects.filter(verb="recruitment.letter.exported").count() == 2


def test_tables_are_encrypted_at_rest(cast, today):
    from django.db import connection

    client = browser(cast)
    hand_in(client, **ROWS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tables FROM recruitment_letter")
        (stored,) = cursor.fetchone()
    assert "Somebody" not in stored


def test_database_refuses_halves(cast, today):
    letter = handed_in(cast)
    for broken in (
        {"carrier": ""}, {"is_declared": False}, {"received_on": APPLIED_ON}, {"kind": "other"}, {"likeness": 101},
        {"carrier": "dove"},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(**broken)
    from portal.reviews.services import open_review

    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.create(
            person=cast.person, kind="admission", review=open_review("recruitment_letter", author=cast.person.user)
        )


def test_letter_list_asks_the_same_for_few_and_many(cast, today, django_assert_num_queries):
    client = cast.world.client("secretary")
    handed_in(cast)
    client.get(url("letter-list"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(url("letter-list"))
    for number in range(12):
        person = make_member(cast.world.branch, Standing.MASS, on=cast.world.since, birth_date=date(2007, 1, 1))
        handed_in(cast, person=person, body=f"{TEXT}\nNumber {number}.")
    with django_assert_num_queries(LIST_QUERIES):
        client.get(url("letter-list"))


LIST_QUERIES = 6


def recorded(client, case):
    """Try every record of every step by a candidate's hand, and return what the portal answered."""
    for step, kinds in DETAILS.items():
        for kind in kinds:
            address = url("record-create", case.pk, step, kind.kind)
            yield client.post(address, {"on": "2027-03-01"}).status_code
            yield client.get(address).status_code


def test_candidate_records_no_step_of_the_own_case(cast):
    """T-62: as the candidate, each of the twenty-five steps, in any order."""
    case = case_at(cast, through="talk")
    before = case.records.count()
    with at(date(2027, 4, 2)):
        assert set(recorded(browser(cast), case)) == {404}
        assert {browser(cast).post(url(name, case.pk)).status_code for name in ("case-close", "case-move")} == {404}
    assert case.records.count() == before


@pytest.mark.parametrize("state", ["begun", "submitted", "returned", "withdrawn", "accepted"])
def test_scope_and_may_and_holders_agree_on_letters(cast, today, state):
    secretary = cast.world.user("secretary")
    if state == "begun":
        person = Member.objects.select_related("user", "organization").get(pk=cast.person.pk)
        services.begin_letter(person, "admission", on=APPLIED_ON)
    else:
        letter = handed_in(cast)
    if state == "returned":
        services.return_letter(letter, words="w", by=secretary)
    elif state == "withdrawn":
        services.withdraw_letter(letter, by=cast.person.user)
    elif state == "accepted":
        services.receive_letter(letter, is_signed=False, by=secretary)
    letter = Letter.objects.with_people().get()
    shown = state in ("submitted", "returned", "accepted")
    for name in (*CAST, "admin", "auditor", "outsider"):
        user = cast.world.user(name)
        for action in policy_of(Letter).actions:
            assert scope(user, action, Letter).exists() == may(user, action, letter), (name, action)
            assert may(user, action, letter) == (shown and name == "secretary" and action != "write"), (name, action)
    assert may(cast.person.user, "view", letter)
    assert list(holders("answer", letter)) == ([secretary] if shown else [])
