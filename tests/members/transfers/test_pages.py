"""Each page as people use it, through the browser's requests, at two sizes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from members.models import Member
from members.transfers import services
from members.transfers.models import Batch, RelationPeriod, Transfer
from members.transfers.printing import LETTER, draw_letter, facts_of
from members.transfers.services.batches import BatchLine
from portal.audit.models import AuditEntry
from portal.documents.pdf import write_pictures
from portal.documents.services import render
from portal.organizations.models import Standing
from tests.factories.people import make_people
from tests.portal.documents.reading import pdf_text

from .conftest import OUTSIDE


def url(name, *args):
    return reverse(f"members:transfers:{name}", args=args)


def step(row, verb):
    return url("transfer-step", row.pk, verb)


def test_person_asks_sees_the_state_and_takes_it_back(office):
    client = office.world.client("member")
    assert client.get(url("my-transfer")).status_code == 200
    form = {"kind": "transfer_out", "committee": OUTSIDE, "reason": "A job"}
    assert client.get(url("transfer-ask")).status_code == 200
    assert client.post(url("transfer-ask"), {"kind": "transfer_out"}).context["form"].errors.keys() == {"committee"}
    assert client.post(url("transfer-ask"), form)["Location"] == url("my-transfer")
    row = Transfer.objects.get()
    page = client.get(url("my-transfer"))
    assert (page.context["current"], page.context["responsible"].name) == (row, "branch")
    assert client.get(row.get_absolute_url()).status_code == 200
    assert client.get(step(row, "withdraw")).status_code == 200
    assert client.post(step(row, "withdraw"), {})["Location"] == url("my-transfer")
    assert Transfer.objects.get().state == "withdrawn"


def test_both_sides_take_their_steps_on_pages(office):
    world = office.world
    row = office.move("far_branch")
    month = office.today.isoformat()
    college, far, far_college = world.client("college"), world.client(None), world.client(None)
    far.force_login(office.far.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    far_college.force_login(office.far_college.user, backend=settings.AUTHENTICATION_BACKENDS[0])
    assert far.get(row.get_absolute_url()).status_code == 404  # not before the sender has checked
    refused = world.client("secretary").post(step(row, "check"), {"dues_paid_to": month})
    assert (refused.status_code, len(refused.context["form"].non_field_errors())) == (200, 1)
    taken = [
        (world.client("secretary"), "check", {"dues_paid_to": month, "file_checked": "on"}),
        (college, "issue", {"valid_days": "60", "handler": "Li"}),
        (far_college, "receive", {}),
        (far, "accept", {"accepted_on": month}),
    ]
    for client, verb, data in taken:
        page = client.get(step(row, verb))
        assert page.status_code == 200
        assert client.post(step(row, verb), data)["Location"] == row.get_absolute_url()
    assert Transfer.objects.get().state == "accepted"
    assert far.get(row.get_absolute_url()).status_code == 200
    assert far.post(step(row, "accept"), {"accepted_on": month}).status_code == 409


def test_letter_is_printed_by_its_issuer_and_recorded(office):
    row = office.issued(office.out())
    client = office.world.client("college")
    page = client.post(url("letter-print", row.pk))
    assert (page["Content-Type"], page.content[:5]) == ("application/pdf", b"%PDF-")
    assert AuditEntry.objects.filter(verb="transfers.letter.exported", about=office.member().user).count() == 1
    assert client.get(url("letter-print", row.pk)).status_code == 405
    assert office.world.client("secretary").post(url("letter-print", row.pk)).status_code == 403


def test_letter_says_what_the_form_asks_for(office):
    person = office.member()
    Member.objects.filter(pk=person.pk).update(sex="2", ethnicity="05", birth_date=office.today.replace(year=2000))
    letter = office.issued(office.out(), days=30).letters.get()
    letter.transfer.person.refresh_from_db()
    text = pdf_text(render(LETTER, facts_of(letter), format="pdf"))
    assert text.count(f"（{office.today.year}）第0001号") == text.count("中国共产党党员组织关系介绍信") == 3
    years, name = office.today.year - 2000, person.name.replace(" ", "")
    assert f"{name}同志（女），{years}岁，维吾尔族，系中共（正式党员）" in text
    assert text.count("30天") == 2
    words = ["第一联存根", "第二联介绍信", "第三联回执", "特此回复", "经办人", "联系电话", "传真", "通讯地址"]
    assert [word for word in words if word not in text] == []
    assert text.count("加盖骑缝章") == 2


def test_letter_with_long_names_is_one_page(office):
    letter = office.issued(office.out()).letters.get()
    facts = facts_of(letter)
    long = dict.fromkeys(("from_unit", "to_unit", "to_committee", "issuer"), "某某省某某市某某大学软件学院" * 2)
    assert len(write_pictures(draw_letter(replace(facts, **long)), ppi=20)) == 1


def test_arrival_is_registered_by_number(office):
    client = office.world.client("secretary")
    outsider = office.world.users["outsider"]
    data = {
        "number": outsider.number, "destination": office.world.branch.pk, "standing": "full_member",
        "committee": OUTSIDE, "letter_number": "A-7", "issued_on": office.today.isoformat(), "valid_days": "90",
        "dues_paid_to": office.today.isoformat(),
    }  # fmt: skip
    assert client.get(url("arrival-create")).status_code == 200
    stranger = client.post(url("arrival-create"), {**data, "number": office.world.users["stranger"].number})
    assert list(stranger.context["form"].errors) == ["number"]
    done = client.post(url("arrival-create"), data)
    assert done["Location"] == Transfer.objects.get().get_absolute_url()


def fill(office, count):
    """Put ``count`` issued transfers into the branch, by sets."""
    people = make_people(office.world.branch, count, standing=Standing.FULL_MEMBER)
    for number, person in enumerate(people):
        Member.objects.filter(pk=person.pk).update(
            sex="1", ethnicity="01", birth_date=office.today - timedelta(days=9000), id_no_index=f"page{number}",
            graduated_on=office.today,
        )  # fmt: skip
    return people


def batch_of(office, count):
    people = fill(office, count)
    batch = services.start_batch(
        office.world.branch, [BatchLine(person, committee=OUTSIDE) for person in people], title="Graduates",
        dues_paid_to=office.today, file_checked=True, by=None, on=office.today,
    )  # fmt: skip
    services.issue_batch(batch, valid_days=90, by=None, on=office.today)
    return batch


@pytest.mark.parametrize("count", [2, 18])
def test_lists_cost_the_same_for_any_number(office, count, django_assert_num_queries):
    batch = batch_of(office, count)
    client = office.world.client("college")
    client.get(reverse("members:my-record"))
    with django_assert_num_queries(6):
        page = client.get(url("transfer-list") + "?state=open")
    assert len(page.context["rows"]) == count
    with django_assert_num_queries(7):
        assert client.get(batch.get_absolute_url()).status_code == 200
    row = batch.transfers.first()
    with django_assert_num_queries(8):
        assert client.get(row.get_absolute_url()).status_code == 200


def test_list_is_filtered_by_the_address(office):
    office.checked(office.move())
    office.out("contact")

    def names(reader, query):
        page = office.world.client(reader).get(f"{url('transfer-list')}?{query}")
        return sorted(row["transfer"].person.name for row in page.context["rows"])

    assert names("secretary", "") == ["Contact", "Member"]
    assert names("secretary", "direction=in") == []
    assert names("neighbor", "direction=in") == ["Member"]
    assert names("neighbor", "turn=on") == ["Member"]
    assert names("secretary", "turn=on") == ["Contact"]
    assert names("secretary", "kind=transfer_out") == ["Contact"]
    assert names("secretary", "words=Mem") == ["Member"]
    assert names("secretary", "late=on") == []
    assert names("secretary", "state=nonsense") == ["Contact", "Member"]
    assert names("college", f"organization={office.world.sibling.pk}") == ["Member"]


def test_batch_is_examined_and_started_by_one_submit(office):
    first, second = fill(office, 2)
    client = office.world.client("secretary")
    address = f"{url('batch-create')}?organization={office.world.branch.pk}&since={office.today.isoformat()}"
    page = client.get(address)
    assert [line.person for line in page.context["lines"]] == [first, second]
    data = {
        "title": "Graduates", "to": OUTSIDE, "dues_paid_to": office.today.isoformat(), "file_checked": "on",
        "person": [first.pk, second.pk], f"to-{second.pk}": "The sibling",
    }  # fmt: skip
    examined = client.post(address, {**data, "to": "", "action": "examine"})
    assert [len(line.forbidding) for line in examined.context["lines"]] == [1, 0]
    refused = client.post(address, {**data, "to": "", "action": "start"})
    assert (refused.status_code, Batch.objects.count()) == (200, 0)
    done = client.post(address, {**data, "action": "start"})
    batch = Batch.objects.get()
    assert done["Location"] == batch.get_absolute_url()
    assert list(batch.transfers.order_by("pk").values_list("route", "state")) == [
        ("out", "branch_checked"), ("within", "branch_checked"),
    ]  # fmt: skip
    college = office.world.client("college")
    assert college.get(url("batch-issue", batch.pk)).status_code == 200
    assert college.post(url("batch-issue", batch.pk), {"valid_days": "30"})["Location"] == batch.get_absolute_url()
    assert batch.transfers.filter(state="committee_issued").count() == 1


@pytest.mark.parametrize("count", [1, 15])
def test_people_away_cost_the_same_for_any_number(office, count, django_assert_num_queries):
    for person in fill(office, count):
        services.begin_relation(person, "abroad", since=office.today, by=None, on=office.today)
    client = office.world.client("secretary")
    client.get(reverse("members:my-record"))
    with django_assert_num_queries(7):
        page = client.get(url("relation-list"))
    assert len(page.context["page"]) == count


def test_relation_is_recorded_kept_up_and_ended_on_pages(office):
    client, person = office.world.client("secretary"), office.member()
    data = {"state": "lost_contact", "since": office.today.isoformat()}
    assert client.get(url("relation-create", person.pk)).status_code == 200
    assert list(client.post(url("relation-create", person.pk), data).context["form"].errors) == ["reason_code"]
    done = client.post(url("relation-create", person.pk), {**data, "reason_code": "3"})
    row = RelationPeriod.objects.get()
    assert done["Location"] == row.get_absolute_url()
    assert client.get(row.get_absolute_url()).status_code == 200
    log = {"on": office.today.isoformat(), "means": "telephone", "words": "No answer"}
    assert client.post(url("relation-contact", row.pk), log)["Location"] == row.get_absolute_url()
    assert row.contacts.get().is_reached is False
    assert client.get(url("relation-end", row.pk)).status_code == 200
    end = {"until": office.today.isoformat(), "words": "Found"}
    assert client.post(url("relation-end", row.pk), end)["Location"] == row.get_absolute_url()
    assert RelationPeriod.objects.get().until == office.today


def test_archive_says_who_answers(office):
    row = office.move()
    page = office.world.client("secretary").get(office.member().get_absolute_url()).content.decode()
    assert row.get_absolute_url() in page
    services.begin_relation(office.member("contact"), "floating", since=office.today, by=None, on=office.today)
    page = office.world.client("contact").get(reverse("members:my-record")).content.decode()
    assert url("my-transfer") in page


def test_workbench_shows_what_waits(office):
    office.out()
    page = office.world.client("secretary").get(reverse("home:workbench")).content.decode()
    assert Transfer.objects.get().get_absolute_url() in page
