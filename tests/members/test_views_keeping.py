"""Keeping archives and one's own record: forms, refusals, reveals, corrections, files, export."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from python_calamine import CalamineWorkbook

from members.models import ArchiveDocument, CorrectionRequest, Member
from members.services import update_archive
from portal.audit.models import AuditEntry
from portal.notifications.models import Notice

ID_NO = "11010519491231002X"


def picture() -> SimpleUploadedFile:
    target = io.BytesIO()
    Image.new("RGB", (300, 400), "navy").save(target, "PNG")
    return SimpleUploadedFile("me.png", target.getvalue(), content_type="image/png")


def status_of(client, url: str) -> int:
    """Return the status of an address that may send a file, and close the file."""
    response = client.get(url)
    response.close()
    return response.status_code


def edit_data(client, address: str) -> dict:
    """Return what the edit form would send back untouched."""
    form = client.get(address).context["form"]
    return {bound.name: "" if (value := bound.value()) is None else value for bound in form if bound.name != "erase"}


def test_member_create_takes_a_person_in_and_places_them(world):
    client, address = world.client("secretary"), reverse("members:member-create")
    data = {"number": "S1", "name": "New", "organization": world.branch.pk, "standing": "applicant", "on": "2026-01-05"}
    assert client.post(address, data | {"organization": world.sibling.pk}).status_code == 200
    assert client.post(address, data | {"number": "20240001"}).status_code == 200
    response = client.post(address, data)
    member = Member.objects.get(user__number="S1")
    assert (response.url, member.organization) == (member.get_absolute_url(), world.branch)


@pytest.mark.parametrize(("reader", "status"), [("secretary", 200), ("author", 403), ("admin", 403), ("visitor", 302)])
def test_member_create_is_for_those_who_keep_archives(world, reader, status):
    assert world.client(reader).get(reverse("members:member-create")).status_code == status


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id_no": "110105194912310029"}, "id_no"),
        ({"mobile": "123"}, "mobile"),
        ({"birth_date": "2001-02-30"}, "birth_date"),
        ({"title": "x" * 61}, "title"),
        ({"sex": "7"}, "sex"),
        ({"landline": "call me"}, "landline"),
    ],
)
def test_member_edit_ties_errors_to_fields_and_keeps_what_was_typed(world, changes, field):
    client = world.client("secretary")
    address = reverse("members:member-edit", args=[world.member("author").pk])
    response = client.post(address, edit_data(client, address) | {"school": "Typed"} | changes)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert ("Typed" in response.content.decode(), world.member("author").school) == (True, "")


def test_member_edit_keeps_and_erases_sensitive_fields(world):
    stored = {"id_no": ID_NO, "mobile": "13800001111"}
    update_archive(world.member("author"), stored, version=1, by=world.users["college"])
    client = world.client("secretary")
    address = reverse("members:member-edit", args=[world.member("author").pk])
    data = edit_data(client, address)
    assert (data["id_no"], ID_NO in client.get(address).content.decode()) == ("", False)
    client.post(address, data | {"title": "A", "erase": ["mobile"]})
    member = world.member("author")
    assert (member.id_no, member.mobile, member.mobile_index, member.title) == (ID_NO, "", "", "A")


def test_member_edit_warns_of_a_mismatch_but_saves(world):
    client = world.client("secretary")
    address = reverse("members:member-edit", args=[world.member("author").pk])
    client.post(address, edit_data(client, address) | {"id_no": ID_NO, "birth_date": "1949-12-30"})
    assert str(world.member("author").birth_date) == "1949-12-30"
    page = client.get(world.member("author").get_absolute_url())
    assert len(page.context["mismatches"]) == 1


def test_member_edit_of_two_brings_the_second_back_with_words(world):
    address = reverse("members:member-edit", args=[world.member("author").pk])
    first, second = world.client("secretary"), world.client("college")
    stale = edit_data(second, address)
    first.post(address, edit_data(first, address) | {"title": "A"})
    response = second.post(address, stale | {"title": "B"})
    assert (response.status_code, world.member("author").title) == (200, "A")
    assert "Secretary" in str(response.context["form"].errors)
    assert 'value="B"' in response.content.decode()


def test_member_place_moves_within_what_one_keeps(world):
    today = str(timezone.localdate())
    address = reverse("members:member-place", args=[world.member("author").pk])
    assert world.client("secretary").post(address, {"organization": world.sibling.pk, "on": today}).status_code == 200
    world.client("college").post(address, {"organization": world.sibling.pk, "on": today})
    assert world.member("author").organization == world.sibling
    assert world.client("secretary").get(address).status_code == 404


def test_member_reveal_wants_a_reason_shows_once_and_tells(world):
    update_archive(world.member("author"), {"id_no": ID_NO}, version=1, by=world.users["secretary"])
    client = world.client("secretary")
    address = reverse("members:member-reveal", args=[world.member("author").pk, "id_no"])
    assert ID_NO not in client.get(address).content.decode()
    assert ID_NO not in client.post(address, {"reason": ""}).content.decode()
    assert AuditEntry.objects.filter(verb="members.revealed").count() == 0
    assert ID_NO in client.post(address, {"reason": "Filling the form"}).content.decode()
    assert AuditEntry.objects.get(verb="members.revealed").about == world.users["author"]
    assert "Secretary" in world.client("author").get(reverse("audit:mine")).content.decode()


@pytest.mark.parametrize(
    ("reader", "field", "status"),
    [("secretary", "id_no", 200), ("secretary", "title", 404), ("author", "id_no", 403), ("neighbor", "id_no", 404),
     ("admin", "id_no", 404)],
)  # fmt: skip
def test_member_reveal_is_for_those_with_the_duty(world, reader, field, status):
    address = reverse("members:member-reveal", args=[world.member("author").pk, field])
    assert world.client(reader).get(address).status_code == status


def test_my_record_opens_in_full_on_request_only_and_is_recorded(world):
    update_archive(world.member("author"), {"id_no": ID_NO}, version=1, by=world.users["secretary"])
    client = world.client("author")
    assert client.get(reverse("members:my-record-open")).status_code == 405
    assert ID_NO in client.post(reverse("members:my-record-open")).content.decode()
    assert AuditEntry.objects.filter(verb="members.own_opened", by=world.users["author"]).count() == 1


def test_my_record_without_an_archive_says_so(world):
    Member.objects.filter(user=world.users["outsider"]).delete()
    client = world.client("outsider")
    assert client.get(reverse("members:my-record")).status_code == 200
    assert client.post(reverse("members:my-record-open")).status_code == 404


def test_correction_goes_to_those_who_keep_the_archive_and_back(world):
    client, address = world.client("author"), reverse("members:correction-ask")
    client.post(address, {"field": "title", "words": "It is wrong."})
    again = client.post(address, {"field": "title", "words": "Still wrong."})
    request = CorrectionRequest.objects.get()
    assert (again.status_code, "Still wrong." in again.content.decode()) == (200, True)
    told = Notice.objects.filter(message__kind="members.correction_asked").values_list("recipient__name", flat=True)
    assert set(told) == {"Secretary", "College", "Committee"}
    answer = reverse("members:correction-answer", args=[request.pk])
    found = {name: world.client(name).get(answer).status_code for name in ("secretary", "author", "neighbor", "admin")}
    assert found == {"secretary": 200, "author": 403, "neighbor": 404, "admin": 404}
    keeper = world.client("secretary")
    assert "Author" in keeper.get(reverse("members:correction-list")).content.decode()
    assert keeper.post(answer, {"state": "declined", "answer": ""}).status_code == 200
    assert keeper.post(answer, {"state": "corrected", "answer": "Done."}).status_code == 302
    assert keeper.post(answer, {"state": "declined", "answer": "No."}).status_code == 200
    request.refresh_from_db()
    assert (request.state, request.answer, request.answered_by) == ("corrected", "Done.", world.users["secretary"])
    assert "Done." in client.get(reverse("members:my-record")).content.decode()


def test_correction_of_one_s_own_is_answered_by_someone_else(world):
    request = CorrectionRequest.objects.create(member=world.member("secretary"), field="title", words="w")
    answer = reverse("members:correction-answer", args=[request.pk])
    world.client("secretary").post(answer, {"state": "corrected", "answer": "Fine."})
    request.refresh_from_db()
    assert request.state == "open"


@pytest.mark.parametrize("rows", [1, 20])
def test_correction_list_costs_the_same_for_any_number(world, rows, django_assert_num_queries):
    fields = ["", "title", "job", "school", "major", "grade", "college", "sex", "landline", "sponsors"]
    people = ["author", "peer"]
    CorrectionRequest.objects.bulk_create(
        CorrectionRequest(member=world.member(people[n % 2]), field=fields[n // 2], words="w") for n in range(rows)
    )
    client, address = world.client("secretary"), reverse("members:correction-list")
    client.get(address)
    with django_assert_num_queries(6):
        client.get(address)


def test_photo_is_stored_shown_and_taken_out(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = world.client("secretary")
    address = reverse("members:member-photo", args=[world.member("author").pk])
    assert client.post(address, {"photo": SimpleUploadedFile("me.png", b"no picture")}).status_code == 200
    assert client.post(address, {"photo": picture()}).status_code == 302
    url = world.member("author").photo.get_absolute_url()
    found = {name: status_of(world.client(name), url) for name in ("secretary", "author", "peer")}
    assert found == {"secretary": 200, "author": 200, "peer": 404}
    client.post(address, {})
    assert world.member("author").photo is None


def test_documents_are_read_by_the_person_and_those_who_keep_them(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = world.client("secretary")
    address = reverse("members:document-create", args=[world.member("author").pk])
    data = {"kind": "application_letter", "title": "Letter", "dated_on": "2025-05-04"}
    assert client.post(address, data).status_code == 200
    assert client.post(address, data | {"file": picture()}).status_code == 302
    document = ArchiveDocument.objects.get()
    url = document.file.get_absolute_url()
    found = {name: status_of(world.client(name), url) for name in ("secretary", "author", "peer", "neighbor")}
    assert found == {"secretary": 200, "author": 200, "peer": 404, "neighbor": 404}
    remove = reverse("members:document-remove", args=[document.pk])
    assert [world.client(name).get(remove).status_code for name in ("author", "neighbor")] == [403, 404]
    assert client.get(remove).status_code == 200
    client.post(remove)
    assert ArchiveDocument.objects.count() == 0


def test_export_holds_the_subtree_masked_and_is_recorded(world):
    changes = {"id_no": ID_NO, "mobile": "13800001111"}
    update_archive(world.member("author"), changes, version=1, by=world.users["secretary"])
    address = f"{reverse('members:member-export')}?standing=activist"
    client = world.client("secretary")
    assert client.get(address).status_code == 405
    response = client.post(address)
    content = b"".join(response.streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in rows[1:]] == ["Author", "Peer"]
    assert (rows[1][0], rows[1][5], rows[1][17]) == (world.users["author"].number, "****002X", "138****1111")
    assert AuditEntry.objects.get(verb="members.exported").changes == {"standing": ["", "activist"]}


@pytest.mark.parametrize("reader", ["author", "admin", "auditor"])
def test_export_is_for_those_who_may_take_lists_along(world, reader):
    assert world.client(reader).post(reverse("members:member-export")).status_code == 403
