"""The pages of an appraisal as people use them, through the browser's requests."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from members.appraisals import services
from members.appraisals.models import Appraisal
from members.appraisals.panels import results as panel
from members.appraisals.rules import Stage
from members.appraisals.timeline import results as timeline
from members.appraisals.work import self_to_write, to_confirm, to_go_on
from portal.audit.models import AuditEntry
from portal.drafts.services import draft_of, save_draft
from portal.organizations.models import Standing
from tests.factories.people import make_people

from .conftest import TEXT


def url(name, *args):
    return reverse(f"members:appraisals:{name}", args=args)


def test_secretary_leads_it_and_the_superior_confirms_on_pages(year):
    world, day = year.world, year.today.isoformat()
    secretary, college, member = (world.client(name) for name in ("secretary", "college", "member"))
    assert secretary.get(url("appraisal-create")).status_code == 200
    form = {
        "organization": world.branch.pk, "year": year.today.year, "self_until": day, "ballot_on": day,
        "peers": "spoken",
    }  # fmt: skip
    assert secretary.post(url("appraisal-create"), {**form, "year": 2001}).context["form"].errors
    address = secretary.post(url("appraisal-create"), form)["Location"]
    appraisal = Appraisal.objects.get()
    assert address == appraisal.get_absolute_url()

    def go_on(stage):
        page = secretary.get(url("advance", appraisal.pk))
        assert page.context["form"].initial == {"stage": stage}
        assert secretary.post(url("advance", appraisal.pk), {"stage": stage})["Location"] == address

    go_on("announced")
    part = year.part(appraisal, "member")
    assert member.get(url("self-write", part.pk)).status_code == 200
    assert member.post(url("self-write", part.pk), {"text": TEXT})["Location"] == address
    assert TEXT in world.client("contact").get(url("self-read", part.pk)).content.decode()
    go_on("self")
    go_on("peers")
    appraisal.refresh_from_db()
    page = member.get(address)
    ballot_address = reverse("ballots:ballot-vote", args=[appraisal.ballot_id])
    assert ballot_address in page.content.decode()
    grades = {f"grade_{pk}": mark for pk, mark in year.paper(appraisal.ballot, world.user("member")).items()}
    assert member.post(ballot_address, grades | {"sure": "1"}).status_code == 302
    count = secretary.get(reverse("ballots:ballot-count", args=[appraisal.ballot_id])).json()
    assert (count["voted"], count["present"]) == (1, 7)
    year.vote(appraisal, [voter for voter in year.voters if voter != world.user("member")])
    go_on("ballot")
    appraisal.refresh_from_db()
    page = secretary.get(url("opinions", appraisal.pk))
    data = {"version": appraisal.version}
    for row in appraisal.people.all():
        if row.is_graded:
            data[f"grade_{row.pk}"] = "qualified"
    too_many = {key: "excellent" for key in data if key.startswith("grade_")}
    refused = secretary.post(url("opinions", appraisal.pk), data | too_many)
    assert (refused.status_code, len(refused.context["form"].non_field_errors())) == (200, 1)
    assert secretary.post(url("opinions", appraisal.pk), data)["Location"] == address
    assert secretary.get(url("report", appraisal.pk)).context["gaps"] == []
    assert secretary.post(url("report", appraisal.pk), {"decided_on": day})["Location"] == address
    assert secretary.get(url("confirm", appraisal.pk)).status_code == 403
    assert college.post(url("return", appraisal.pk), {}).context["form"].errors
    assert college.get(url("confirm", appraisal.pk)).status_code == 200
    assert college.post(url("confirm", appraisal.pk))["Location"] == address
    assert secretary.post(url("close", appraisal.pk))["Location"] == address
    appraisal.refresh_from_db()
    assert (appraisal.state, member.get(address).context["own_result"].grade) == ("closed", "qualified")


def test_grades_of_others_are_shown_to_those_who_hold_it_alone(year):
    appraisal = year.closed()
    for name, shown in (("secretary", True), ("college", True), ("member", False), ("probationary", False)):
        page = year.world.client(name).get(appraisal.get_absolute_url())
        assert page.context["shows_results"] == shown, name
    assert year.world.client("neighbor").get(appraisal.get_absolute_url()).status_code == 404


def test_text_is_saved_while_one_writes_and_the_draft_goes_when_it_is_handed_in(year):
    appraisal = year.forward(year.announced(), to=Stage.SELF)
    member, part = year.world.user("member"), year.part(appraisal, "member")
    save_draft(member, f"appraisal:{part.pk}", {"text": "Half a"}, version=0, device="d", sequence=1)
    client = year.world.client("member")
    assert client.get(url("self-write", part.pk)).context["form"].initial["text"] == "Half a"
    client.post(url("self-write", part.pk), {"text": TEXT})
    assert draft_of(member, f"appraisal:{part.pk}") is None
    assert client.get(url("self-write", part.pk)).context["form"].initial["text"] == TEXT
    year.forward(appraisal, to=Stage.BALLOT)
    assert client.get(url("self-write", part.pk)).status_code == 409


def test_results_are_taken_along_after_confirmation_and_that_is_recorded(year):
    appraisal = year.reported()
    client = year.world.client("secretary")
    assert client.post(url("export", appraisal.pk)).status_code == 409
    services.confirm(appraisal, by=year.world.user("college"), on=year.today)
    answer = client.post(url("export", appraisal.pk))
    rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert len(rows) == 8
    assert {row[0] for row in rows[1:]} == {row.user.number for row in appraisal.people.select_related("user")}
    assert AuditEntry.objects.filter(verb="appraisals.results.exported", by=year.by).count() == 1


def test_result_stands_in_the_archive_and_on_the_timeline(year):
    assert panel(year.world.user("member"), year.world.user("member")) is None
    year.closed()
    member = year.world.user("member")
    assert len(panel(member, member)["rows"]) == 1
    assert panel(member, year.world.user("contact")) is None
    (entry,) = timeline(member, member, 5)
    assert str(year.today.year) in entry.title
    assert year.world.client("member").get(reverse("members:my-record")).status_code == 200
    page = year.world.client("secretary").get(reverse("members:member-detail", args=[member.member.pk]))
    assert page.status_code == 200


def test_workbench_shows_each_what_waits(year):
    appraisal = year.forward(year.announced(), to=Stage.SELF)
    member, secretary = year.world.user("member"), year.by
    assert self_to_write(member, year.today).count == 1
    assert to_go_on(secretary, year.today).count == 1
    services.hand_in(year.part(appraisal, "member"), text=TEXT, by=member, on=year.today)
    assert self_to_write(member, year.today).count == 0
    assert to_confirm(year.world.user("college"), year.today).count == 0


def test_report_waits_on_the_workbench_of_the_superior(year):
    year.reported()
    assert to_confirm(year.world.user("college"), year.today).count == 1
    assert to_confirm(year.by, year.today).count == 0


@pytest.mark.parametrize("name", ["appraisal-list", "my-appraisals"])
def test_lists_open_empty_and_filtered(year, name):
    client = year.world.client("secretary")
    assert client.get(url(name)).status_code == 200
    year.announced()
    assert client.get(url(name)).status_code == 200
    assert client.get(url(name) + "?year=2001&state=self").status_code == 200
    assert client.get(url(name) + "?year=abc&state=x&page=zz").status_code == 200


@pytest.mark.parametrize("key", ["0", "999999", str(2**63), "1_2", "abc"])
def test_addresses_of_nothing_are_not_found(year, key):
    client = year.world.client("secretary")
    for path in ("{}/", "{}/advance/", "{}/opinions/", "people/{}/", "people/{}/write/"):
        assert client.get("/members/appraisals/" + path.format(key)).status_code == 404, path


def test_pages_cost_the_same_for_few_and_many(year):
    appraisal = year.counted()
    client = year.world.client("secretary")
    address, opinions = appraisal.get_absolute_url(), url("opinions", appraisal.pk)
    client.get(address)
    counts = []
    for more in (0, 30):
        for row in make_people(year.world.branch, more, standing=Standing.FULL_MEMBER):
            appraisal.people.create(user=row.user, standing=Standing.FULL_MEMBER, place=year.world.branch)
        found = []
        for page in (address, opinions, url("appraisal-list")):
            with CaptureQueriesContext(connection) as counter:
                assert client.get(page).status_code == 200
            found.append(len(counter))
        counts.append(found)
    assert counts[0] == counts[1]

