"""The list and the form: what stands on them, who prints them, and that nobody's counts do."""

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from members.appraisals import services
from members.appraisals.papers import LIST, PERSON, form_of, list_of
from members.appraisals.rules import Opinion
from portal.audit.models import AuditEntry
from portal.documents.services import Format, render


def text_of(data: bytes) -> str:
    paper = Document(BytesIO(data))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in paper.paragraphs), *cells])


def test_the_list_names_everybody_with_grade_and_opinion(year):
    low = Opinion("basically_qualified", "Came to half of the meetings.")
    appraisal = year.decided(year.counted(), excellent=1, retired=low)
    appraisal = services.report(appraisal, decided_on=year.today, by=year.by, on=year.today)
    facts = list_of(appraisal, voted=6)
    assert [line.grade for line in facts.people].count("合格") == 4
    assert {line.grade for line in facts.people if line.standing == "预备党员"} == {"参加评议，不评定等次"}
    text = text_of(render(LIST, facts, format=Format.DOCX))
    counts = ("优秀1名", "合格4名", "基本合格1名", "不合格0名", "优秀名额不超过2名")
    for words in (*counts, "Came to half of the meetings."):
        assert words in text, words
    for person in year.voters:
        assert person.name in text
    assert render(LIST, facts, format=Format.PDF).startswith(b"%PDF")


def test_the_form_of_a_person_bears_the_own_text_and_what_was_decided(year):
    appraisal = year.closed()
    part = appraisal.people.select_related("user", "appraisal__organization", "appraisal__superior").get(
        user=year.world.users["member"]
    )
    text = text_of(render(PERSON, form_of(part), format=Format.DOCX))
    for words in (part.user.name, "民主评议党员登记表", "合格", "同意。", appraisal.superior.name):
        assert words in text, words


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_papers_are_printed_by_those_who_hold_it_and_forms_by_their_person(year, form):
    reported = year.reported()
    part = year.part(reported, "member")
    mine = reverse("members:appraisals:person-paper", args=[part.pk, form])
    listed = reverse("members:appraisals:list-paper", args=[reported.pk, form])
    member, secretary = year.world.client("member"), year.world.client("secretary")
    assert member.post(mine).status_code == 403
    assert (secretary.post(mine).status_code, secretary.post(listed).status_code) == (200, 200)
    assert member.post(listed).status_code == 403
    assert secretary.get(listed).status_code == 405
    assert AuditEntry.objects.filter(verb="appraisals.paper.exported").count() == 2
    assert secretary.post(listed.replace(form, "exe")).status_code == 404


def test_the_own_form_is_there_once_everybody_was_told_and_no_paper_before_the_report(year):
    early = year.counted()
    secretary = year.world.client("secretary")
    assert secretary.post(reverse("members:appraisals:list-paper", args=[early.pk, "pdf"])).status_code == 409
    closed = services.close(
        services.confirm(
            services.report(year.decided(early, excellent=1), decided_on=year.today, by=year.by, on=year.today),
            by=year.world.user("college"), on=year.today,
        ),
        by=year.by, on=year.today,
    )  # fmt: skip
    part = year.part(closed, "member")
    mine = reverse("members:appraisals:person-paper", args=[part.pk, "pdf"])
    assert mine in year.world.client("member").get(closed.get_absolute_url()).content.decode()
    assert year.world.client("member").post(mine).status_code == 200
    assert year.world.client("contact").post(mine).status_code == 403
    assert year.world.client("neighbor").post(mine).status_code == 404
