"""Each page as people use it, through the browser's requests."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.development import services
from members.development.models import CultivationContact, ShowcaseEntry, ThoughtReport
from portal.drafts.models import Draft
from portal.drafts.services import draft_of, save_draft

from .conftest import TEXT

NAMES = "members:development:"


def url(name, *args):
    return reverse(NAMES + name, args=args)


def editor(desk):
    return url("thought-report-write", desk.quarter.year, desk.quarter.number)


def check(desk):
    return url("thought-report-check", desk.quarter.year, desk.quarter.number)


def test_author_writes_checks_and_hands_in(desk):
    client = desk.world.client("author")
    assert client.get(url("my-thought-reports")).status_code == 200
    assert client.get(editor(desk)).status_code == 200
    sent = client.post(editor(desk), {"title": "Mine", "body": TEXT, "draft_version": "0", "action": "check"})
    assert (sent.status_code, sent["Location"]) == (302, check(desk))
    page = client.get(check(desk))
    assert page.status_code == 200
    done = client.post(check(desk), {"seen": page.context["seen"]})
    report = ThoughtReport.objects.get()
    assert (done.status_code, done["Location"]) == (302, report.get_absolute_url())
    assert (report.review.state, report.title, Draft.objects.count()) == ("submitted", "Mine", 0)
    again = client.post(check(desk), {"seen": page.context["seen"]})
    assert again["Location"] == report.get_absolute_url()
    assert report.review.versions.count() == 1
    assert client.get(report.get_absolute_url()).status_code == 200


def test_editor_keeps_what_is_refused(desk):
    client = desk.world.client("author")
    page = client.post(editor(desk), {"title": "", "body": TEXT, "draft_version": "0", "action": "check"})
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["title"])
    assert draft_of(desk.world.user("author"), f"thought-report.{desk.quarter}").data["body"] == TEXT


def test_editor_shows_both_texts_when_another_page_saved_later(desk):
    client, author = desk.world.client("author"), desk.world.user("author")
    save_draft(author, f"thought-report.{desk.quarter}", {"title": "", "body": "from the phone"}, version=0, device="p")
    page = client.post(editor(desk), {"title": "Mine", "body": "from here", "draft_version": "0", "action": "check"})
    assert page.status_code == 200
    assert page.context["theirs"].data["body"] == "from the phone"
    text = page.content.decode()
    assert text.count("from the phone") == 1 and text.count("from here") == 1
    kept = client.post(
        editor(desk),
        {"title": "Mine", "body": "from here", "draft_version": page.context["draft_version"], "action": "check"},
    )
    assert kept["Location"] == check(desk)


def test_editor_refuses_those_who_do_not_write(desk):
    assert desk.world.client("member").get(editor(desk)).status_code == 409
    assert desk.world.client("admin").get(editor(desk)).status_code == 409
    assert desk.world.client("author").get(url("thought-report-write", 2020, 1)).status_code == 409
    assert desk.world.client("author").get(url("thought-report-write", 2020, 7)).status_code == 404
    assert desk.world.client("author").get(url("thought-report-write", 99999, 1)).status_code == 404


def test_scan_is_kept_even_when_the_text_is_not_handed_in(desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = desk.world.client("author")
    scan = SimpleUploadedFile("page.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF", "application/pdf")
    lie = SimpleUploadedFile("page.pdf", b"GIF89a nothing", "application/pdf")
    refused = client.post(editor(desk), {"title": "T", "body": TEXT, "action": "attach", "scans": [lie]})
    assert list(refused.context["form"].errors) == ["scans"]
    draft = draft_of(desk.world.user("author"), f"thought-report.{desk.quarter}")
    sent = client.post(
        editor(desk), {"title": "T", "body": TEXT, "action": "attach", "scans": [scan], "draft_version": draft.version}
    )
    assert sent.status_code == 302
    report = ThoughtReport.objects.get()
    file = report.files.get()
    assert client.get(editor(desk)).status_code == 200
    removed = client.post(url("thought-report-scan-remove", report.pk, file.pk))
    assert (removed.status_code, report.files.count()) == (302, 0)


def test_contact_reads_comments_returns_and_author_rewrites(desk):
    report = desk.hand_in()
    contact, author = desk.world.client("contact"), desk.world.client("author")
    assert contact.get(url("thought-report-to-answer")).status_code == 200
    answer = url("thought-report-answer", report.pk)
    assert contact.get(answer, {"comment": "2", "quote": "something"}).status_code == 200
    assert contact.post(url("thought-report-read", report.pk)).status_code == 302
    empty = contact.post(
        url("thought-report-comment", report.pk), {"paragraph": "2", "body": "", "visibility": "author"}
    )
    assert empty.status_code == 422
    made = contact.post(
        url("thought-report-comment", report.pk), {"paragraph": "2", "body": "Say more.", "visibility": "author"}
    )
    comment = report.review.comments.get()
    assert made["Location"] == f"{answer}#c{comment.pk}"
    no_words = contact.post(answer, {"words": "", "version": "1", "decision": "return"})
    assert list(no_words.context["form"].errors) == ["words"]
    assert contact.post(answer, {"words": "More of it.", "version": "1", "decision": "return"}).status_code == 302
    assert author.get(editor(desk)).content.decode().count("More of it.") == 1
    settled = author.post(url("thought-report-settle", report.pk, comment.pk))
    assert settled["Location"] == f"{report.get_absolute_url()}#c{comment.pk}"
    desk.hand_in(body=TEXT.replace("Paragraph 2", "Paragraph two"))
    compared = contact.get(url("thought-report-compare", report.pk))
    assert [row.kind for row in compared.context["rows"]] == ["same", "changed", "same", "same", "same"]
    assert contact.get(answer).status_code == 200
    assert contact.post(answer, {"words": "Good.", "version": "2", "decision": "accept"}).status_code == 302
    page = author.get(report.get_absolute_url())
    assert (page.status_code, page.context["review"].state) == (200, "accepted")
    assert author.get(editor(desk)).status_code == 302


def test_second_reader_is_told_who_answered(desk):
    report = desk.hand_in()
    services.accept_report(report, words="Good.", by=desk.world.user("secretary"))
    page = desk.world.client("contact").post(
        url("thought-report-answer", report.pk), {"words": "Mine too", "version": "1", "decision": "return"}
    )
    assert page.status_code == 200
    errors = page.context["form"].non_field_errors()
    assert len(errors) == 1 and "Secretary" in errors[0]
    assert page.context["form"]["words"].value() == "Mine too"


def test_author_takes_a_report_back(desk):
    report = desk.hand_in()
    client = desk.world.client("author")
    assert client.get(url("thought-report-withdraw", report.pk)).status_code == 200
    assert client.post(url("thought-report-withdraw", report.pk)).status_code == 302
    assert desk.world.client("contact").get(report.get_absolute_url()).status_code == 404
    assert client.get(editor(desk)).context["form"].initial["body"].splitlines()[0] == TEXT.splitlines()[0]


def test_strangers_know_of_no_report(desk):
    report = desk.hand_in()
    for name in ("neighbor", "peer", "member", "stranger", "admin", "retired"):
        client = desk.world.client(name)
        for page in ("detail", "answer", "compare", "likeness", "print", "copy-sheet"):
            assert client.get(url(f"thought-report-{page}", report.pk)).status_code == 404, (name, page)
    assert desk.world.client("author").get(url("thought-report-answer", report.pk)).status_code == 403


def test_papers_are_pdf(desk):
    report = desk.accepted()
    client = desk.world.client("author")
    for page in ("thought-report-print", "thought-report-copy-sheet"):
        response = client.get(url(page, report.pk))
        assert (response.status_code, response.content[:5]) == (200, b"%PDF-")
    # The sheet for copying is one page: its scan carries the code once.
    assert response.content.count(b"/Type/Page/") == 1


def test_lists_grid_and_reminder(desk):
    desk.hand_in()
    client = desk.world.client("secretary")
    page = client.get(url("thought-report-list"), {"words": "Author", "state": "submitted", "year": desk.quarter.year})
    assert (page.status_code, len(page.context["page"])) == (200, 1)
    assert len(client.get(url("thought-report-list"), {"words": "Nobody"}).context["page"]) == 0
    grid = client.get(url("thought-report-grid"))
    assert grid.status_code == 200
    cells = {row.member.user.name: row.cells[desk.quarter.number - 1].cell for row in grid.context["rows"]}
    assert cells["Author"] == "waiting"
    assert desk.world.client("committee").get(url("thought-report-grid")).status_code == 200
    sent = client.post(
        url("thought-report-remind"), {"organization": desk.world.branch.pk, "quarter": str(desk.quarter)}
    )
    assert sent.status_code == 302
    assert desk.world.client("author").get(url("thought-report-grid")).status_code == 403
    assert client.get(url("thought-report-grid"), {"organization": desk.world.sibling.pk}).status_code == 404


def test_secretary_assigns_and_ends_contacts(desk):
    client, peer = desk.world.client("secretary"), desk.world.member("peer")
    assert client.get(url("contact-list"), {"without": "1"}).status_code == 200
    page = url("contact-assign", peer.pk)
    assert client.get(page).status_code == 200
    sent = {"contact": desk.world.member("contact").pk, "since": desk.today.isoformat()}
    assert client.post(page, sent).status_code == 302
    row = CultivationContact.objects.get(person=peer)
    assert client.get(url("contact-end", row.pk)).status_code == 200
    assert client.post(url("contact-end", row.pk)).status_code == 302
    assert client.get(url("contact-assign", desk.world.member("stranger").pk)).status_code == 404
    assert desk.world.client("contact").get(url("contact-list")).status_code == 200


def test_showcase_from_proposal_to_withdrawal(desk):
    report = desk.accepted()
    contact, author, secretary = (desk.world.client(name) for name in ("contact", "author", "secretary"))
    assert contact.get(url("showcase-propose", report.pk)).status_code == 200
    assert contact.post(url("showcase-propose", report.pk), {"words": "Honest."}).status_code == 302
    entry = ShowcaseEntry.objects.get()
    consent = url("showcase-consent", entry.token)
    assert author.get(consent).status_code == 200
    assert desk.world.client("editor").get(url("showcase-detail", entry.token)).status_code == 404
    named = author.post(consent, {"title": "T", "body": "I, Author, think.", "is_named": "anonymous"})
    assert len(named.context["form"].non_field_errors()) == 1
    assert author.post(consent, {"title": "T", "body": "I think.", "is_named": "anonymous"}).status_code == 302
    assert secretary.get(url("showcase-manage")).status_code == 200
    assert secretary.get(url("showcase-publish", entry.token)).status_code == 200
    assert secretary.post(url("showcase-publish", entry.token)).status_code == 302
    for page in (url("showcase-list"), url("showcase-detail", entry.token)):
        text = desk.world.client("stranger").get(page).content.decode()
        assert text.count("I think.") == 1
        assert "Author" not in text.replace("author", "").replace("The author", "").replace("Authors", "")
    assert author.get(url("showcase-withdraw", entry.token)).status_code == 200
    assert author.post(url("showcase-withdraw", entry.token)).status_code == 302
    assert desk.world.client("stranger").get(url("showcase-detail", entry.token)).status_code == 404


@pytest.mark.parametrize(("actor", "status"), [("secretary", 200), ("editor", 200), ("author", 403), ("contact", 403)])
def test_showcase_manage_names_the_duty_to_those_without_it(desk, actor, status):
    response = desk.world.client(actor).get(url("showcase-manage"))
    assert response.status_code == status
    assert ("published by those who review" in response.content.decode()) is (status == 403)
