"""The pages of imports, as a secretary in the browser walks through them."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from members.models import Member
from portal.accounts.models import User
from portal.imports import services
from portal.imports.exports import workbook
from portal.imports.models import ImportRow, ImportRun, State
from portal.imports.tasks import sweep_imports, work_on_import
from portal.imports.workbooks import MAX_ROWS

from .lists import HEADINGS, book, confirmed, sample, undone, worked

pytestmark = pytest.mark.django_db


def upload(client, world, file, place="root"):
    return client.post(reverse("imports:list"), {"kind": "roster", "organization": world.nodes[place].pk, "file": file})


def test_import_walks_from_upload_to_undo(world):
    client = world.client("committee")
    answer = upload(client, world, sample("roster-300.xlsx"))
    run = ImportRun.objects.get()
    here = reverse("imports:run", args=[run.pk])
    assert (answer.status_code, answer.url) == (302, here)
    waiting = client.get(here).content.decode()
    assert "data-poll" in waiting
    assert 'http-equiv="refresh"' in waiting

    work_on_import(run.pk)
    page = client.get(here)
    assert page.status_code == 200
    assert page.context["counts"]["new"] == 300
    assert client.get(reverse("imports:progress", args=[run.pk])).content.strip() == b""
    names = [proposal["name"] for proposal in ImportRun.objects.get().proposals]
    confirm = reverse("imports:confirm", args=[run.pk])
    assert client.get(confirm).status_code == 200
    assert client.post(confirm, {"take": "valid", "create": names}).url == here
    assert client.post(confirm, {"take": "valid", "create": names}).url == here
    work_on_import(run.pk)
    work_on_import(run.pk)
    assert Member.objects.filter(user__number="T20040001").count() == 1
    assert ImportRun.objects.get().applied_count == 300
    assert client.get(here).status_code == 200

    undo = reverse("imports:undo", args=[run.pk])
    assert client.get(undo).status_code == 200
    assert client.post(undo).url == here
    work_on_import(run.pk)
    assert ImportRun.objects.get().state == State.UNDONE
    assert not Member.objects.filter(user__number="T20040001").exists()
    assert client.get(here).status_code == 200


def test_import_list_needs_the_duty(world):
    url = reverse("imports:list")
    assert world.client("secretary").get(url).status_code == 200
    assert world.client("peer").get(url).status_code == 403
    assert world.client("editor").get(url).status_code == 403
    assert world.client("retired").get(url).status_code == 403
    assert world.client("visitor").get(url).status_code == 302


@pytest.mark.parametrize("route", ["run", "progress", "columns", "confirm", "undo", "discard", "workbook"])
def test_import_of_another_is_unknown(world, bring, roster_row, route):
    run = bring(book(HEADINGS, roster_row()), by="secretary", place="branch")
    url = reverse(f"imports:{route}", args=[run.pk])
    assert world.client("neighbor").get(url).status_code == 404
    assert world.client("committee").get(url).status_code == 404
    assert world.client("peer").get(url).status_code == 404
    answer = world.client("secretary").get(url)
    assert answer.status_code in (200, 302)
    answer.close()


def test_import_upload_into_foreign_organization_is_refused(world):
    client = world.client("secretary")
    answer = upload(client, world, sample("roster-300.xlsx"), place="sibling")
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["organization"]
    assert ImportRun.objects.count() == 0


HTML = b"<html><body><table><tr><td>1</td></tr></table></body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.xlsx", b"", "empty"),
        ("page.xls", HTML, "web_page"),
        ("page.xlsx", HTML, "web_page"),
        ("list.pdf", b"%PDF-1.7", "extension"),
        ("text.xlsx", "学号,姓名\n1,张三\n".encode(), "not_as_named"),
        ("noise.xlsx", b"\0\x01\x02" * 99, "not_a_workbook"),
        ("torn.xlsx", b"PK\x03\x04" + b"torn" * 99, "broken"),
        ("secret.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("letter.xls", OLE, "not_a_workbook"),
        ("macros.xlsm", b"PK\x03\x04", "macros"),
        ("noise.csv", b"a,b\n\0\0", "not_a_workbook"),
    ],
)
def test_import_upload_of_bad_file_says_why(world, name, content, code):
    answer = upload(world.client("committee"), world, SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    assert [error.code for error in answer.context["form"].errors["file"].as_data()] == [code]
    assert ImportRun.objects.count() == 0


def test_import_upload_beyond_the_limit_is_refused(world, settings):
    settings.UPLOAD_MAX_MB = 0
    answer = upload(world.client("committee"), world, sample("roster-300.xlsx"))
    assert [error.code for error in answer.context["form"].errors["file"].as_data()] == ["too_big"]


def test_import_of_torn_workbook_fails_in_words(bring):
    whole = book(HEADINGS, ["x"] * len(HEADINGS)).read()
    # A directory that is in order, with a sheet that is not.
    import zipfile

    target = BytesIO()
    with zipfile.ZipFile(BytesIO(whole)) as source, zipfile.ZipFile(target, "w") as torn:
        for info in source.infolist():
            data = source.read(info)
            torn.writestr(info, data[: len(data) // 2] if "sheet1" in info.filename else data)
    run = bring(SimpleUploadedFile("torn.xlsx", target.getvalue()))
    assert (run.state, run.failure[0]) == ("failed", "broken")


def test_import_of_bomb_is_not_unpacked(bring, monkeypatch):
    monkeypatch.setattr("portal.imports.workbooks.UNPACKED_MAX_BYTES", 40_000)
    monkeypatch.setattr("portal.imports.workbooks._kind_of_archive", lambda upload, extension: "xlsx")
    run = bring(sample("roster-300.xlsx"))
    assert (run.state, run.failure[0]) == ("failed", "unpacked_too_big")


def test_import_of_too_many_rows_is_refused(bring, monkeypatch):
    assert MAX_ROWS == 200_000
    monkeypatch.setattr("portal.imports.workbooks.MAX_ROWS", 100)
    run = bring(sample("roster-300.xlsx"))
    assert (run.state, run.failure) == ("failed", ["too_many_rows", {"limit": 100}])


@pytest.mark.parametrize(
    ("rows", "state", "code"),
    [
        ([["just"], ["words"]], "failed", "no_heading"),
        ([HEADINGS], "failed", "no_rows"),
        ([["姓名", "性别"], ["张三", "男"]], "unclear", "missing_column"),
    ],
)
def test_import_of_unusable_list_says_why(bring, rows, state, code):
    run = bring(book(*rows))
    assert (run.state, run.failure[0]) == (state, code)


def test_import_columns_named_by_hand(world, bring, roster_row):
    headings = ["编码" if heading == "学号" else heading for heading in HEADINGS]
    run = bring(book(headings, roster_row()))
    assert run.state == State.UNCLEAR
    client = world.client("committee")
    url = reverse("imports:columns", args=[run.pk])
    assert client.get(url).status_code == 200
    data = {f"column_{index}": code for index, code in enumerate(run.mapping)}
    assert client.post(url, data).status_code == 422
    assert client.post(url, {**data, "column_0": "name"}).status_code == 422
    assert client.post(url, {**data, "column_0": "number"}).status_code == 302
    assert (worked(run).state, ImportRun.objects.get().new_count) == ("ready", 1)


def test_import_csv(bring, roster_row):
    text = ",".join(HEADINGS) + "\n" + ",".join(roster_row()) + "\n"
    run = bring(SimpleUploadedFile("list.csv", text.encode("gb18030")))
    assert (run.state, run.new_count, run.error_count) == ("ready", 1, 0)


def test_import_run_page_has_constant_queries(world, bring, roster_row, django_assert_num_queries):
    client = world.client("committee")
    for count in (1, 30):
        rows = [roster_row(学号=f"2026{count}{i:03}", 公民身份号码="", 电子邮箱="") for i in range(count)]
        run = bring(book(HEADINGS, *rows))
        client.get(reverse("imports:run", args=[run.pk]))
        with django_assert_num_queries(RUN_PAGE_QUERIES):
            assert client.get(reverse("imports:run", args=[run.pk])).status_code == 200


RUN_PAGE_QUERIES = 6


def test_import_list_page_has_constant_queries(world, bring, roster_row, django_assert_num_queries):
    client = world.client("committee")
    for count in (1, 5):
        for _ in range(count):
            bring(book(HEADINGS, roster_row()))
        client.get(reverse("imports:list"))
        with django_assert_num_queries(LIST_PAGE_QUERIES):
            assert client.get(reverse("imports:list")).status_code == 200


LIST_PAGE_QUERIES = 8


def test_import_filters_narrow_the_rows(world, bring):
    run = bring(sample("roster-messy.xlsx"))
    client = world.client("committee")
    url = reverse("imports:run", args=[run.pk])
    assert len(client.get(url, {"show": "error"}).context["rows"]) == 21
    assert {row.outcome for row in client.get(url, {"show": "suspicious"}).context["rows"]} == {"new", "same"}
    assert len(client.get(url, {"q": "T20135106"}).context["rows"]) == 1
    assert client.get(url, {"show": "nonsense", "q": "%_"}).status_code == 200


def test_import_workbook_comes_back_with_findings(world, bring):
    run = bring(sample("roster-messy.xlsx"))
    answer = world.client("committee").get(reverse("imports:workbook", args=[run.pk]))
    sheet = openpyxl.load_workbook(BytesIO(answer.getvalue())).active
    assert sheet.cell(40, 3).value == "20255305035"
    assert sheet.cell(40, 8).value == "440106200307059850"
    assert sheet.cell(40, 2).value
    assert sheet.cell(40, 8).fill.fgColor.rgb == "FFF8C9C4"
    assert sheet.cell(208, 2).value is None
    assert sheet.cell(2, 3).value == "学号/工号"
    assert not any(cell.data_type == "f" for row in sheet for cell in row)


def test_import_template_is_itself_importable(world, bring):
    answer = world.client("secretary").get(reverse("imports:template", args=["roster"]))
    content = answer.getvalue()
    made = openpyxl.load_workbook(BytesIO(content))
    assert len(made.worksheets) == 3
    assert made.worksheets[0].data_validations.count >= 6
    run = bring(SimpleUploadedFile("template.xlsx", content))
    assert (run.state, run.total) == ("ready", 1)
    assert world.client("secretary").get(reverse("imports:template", args=["nothing"])).status_code == 404


def test_import_discard_clears_rows_and_file(world, bring, roster_row, django_capture_on_commit_callbacks):
    run = bring(book(HEADINGS, roster_row()))
    client = world.client("committee")
    assert client.get(reverse("imports:discard", args=[run.pk])).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("imports:discard", args=[run.pk])).status_code == 302
    run = ImportRun.objects.get()
    assert (run.state, bool(run.file), ImportRow.objects.count()) == ("discarded", False, 0)
    assert client.get(reverse("imports:run", args=[run.pk])).status_code == 200


def test_import_waits_on_the_workbench(world, bring, roster_row):
    from portal.imports.queries import waiting_for

    run = bring(book(HEADINGS, roster_row()))
    group = waiting_for(world.user("committee"), world.since)
    assert (group.count, group.items[0].url) == (1, reverse("imports:run", args=[run.pk]))
    assert waiting_for(world.user("secretary"), world.since).count == 0
    services.discard(run, by=run.by)
    assert waiting_for(world.user("committee"), world.since).count == 0


def test_sweep_imports_goes_on_where_a_worker_died(world, bring, monkeypatch):
    from datetime import timedelta

    from portal.imports.services import applying, lifecycle

    monkeypatch.setattr(applying, "CHUNK", 100)
    run = bring(sample("roster-300.xlsx"))
    services.confirm(run, take="valid", chosen=[proposal["name"] for proposal in run.proposals], by=run.by)
    chunks = []
    write = applying._apply_chunk

    def dies(run):
        if len(chunks) == 2:
            raise SystemExit
        chunks.append(1)
        return write(run)

    monkeypatch.setattr(applying, "_apply_chunk", dies)
    with pytest.raises(SystemExit):
        services.work(run.pk)
    run = ImportRun.objects.get()
    assert (run.state, run.applied_count) == ("applying", 200)
    monkeypatch.setattr(applying, "_apply_chunk", write)
    started = []
    monkeypatch.setattr(lifecycle.work_on_import, "delay", started.append)
    sweep_imports()
    assert started == []
    ImportRun.objects.update(claimed_at=run.claimed_at - timedelta(minutes=10))
    sweep_imports()
    assert started == [run.pk]
    work_on_import(run.pk)
    run = ImportRun.objects.get()
    assert (run.state, run.applied_count) == ("done", 300)
    assert User.objects.filter(number__startswith="20").exclude(number__startswith="2024000").count() > 200


def test_purge_clears_rows_after_seven_days(bring, roster_row):
    from datetime import timedelta

    from django.utils import timezone

    run = confirmed(bring(book(HEADINGS, roster_row())))
    assert services.purge(timezone.now() + timedelta(days=6)) == 0
    assert services.purge(timezone.now() + timedelta(days=8)) == 1
    assert services.purge(timezone.now() + timedelta(days=8)) == 0
    run.refresh_from_db()
    assert (ImportRow.objects.count(), run.applied_count, run.can_be_undone) == (0, 1, False)


def test_undo_again_changes_nothing(bring, roster_row):
    run = undone(confirmed(bring(book(HEADINGS, roster_row()))))
    assert undone(run).state == "undone"


def test_workbook_keeps_identifiers_and_hostile_text_as_text():
    rows = [("110105194912310021", "=1+1"), ("0012", "+86 1"), (7, "@x")]
    with workbook(["n", ("t", 20)], iter(rows), sheet="a/b") as made:
        sheet = openpyxl.load_workbook(made).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["110105194912310021", "=1+1"], ["0012", "+86 1"], [7, "@x"],
    ]  # fmt: skip
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} == {"s", "n"}
