"""The sealed part of a file: who knows of it, who opens it and how long, and what stays on record."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members.recruitment import services
from members.recruitment.engine.people import Role
from members.recruitment.models import SealedFile, SealedKind, SealedOpening
from portal.audit.models import AuditEntry
from portal.files.models import StoredFile
from portal.files.services import store
from portal.web.refusals import RuleError
from tests.members.recruitment.way import at, case_at, make_cast
from tests.portal.files.samples import picture, upload


@pytest.fixture(autouse=True)
def _media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cast(world):
    return make_cast(world)


@pytest.fixture
def sealed(cast):
    case = case_at(cast, through="assign_contacts")
    with at(day_of(case)):
        by = cast.world.user("secretary")
        scan = store(upload("reply.jpg", picture()), kind="scan", by=by)
        yield services.seal_file(case, scan, kind=SealedKind.REPLY, subject="father", dated_on=None, by=by)


def day_of(case):
    return case.records.order_by("-on")[0].on


def url(name, sealed, *others):
    return reverse(f"members:recruitment:{name}", args=[sealed.case_id, *others])


def test_scan_is_put_under_seal_by_the_branch(cast):
    case = case_at(cast, through="talk")
    with at(day_of(case)):
        client = cast.world.client("secretary")
        address = reverse("members:recruitment:sealed-create", args=[case.pk])
        data = {"kind": "inquiry", "subject": "mother", "dated_on": "2027-03-01"}
        missing = client.post(address, data)
        assert missing.context["form"].errors.keys() == {"file"}
        later = client.post(address, data | {"dated_on": "2028-01-01", "file": upload("a.jpg", picture())})
        assert later.context["form"].errors.keys() == {"dated_on"}
        assert not SealedFile.objects.exists()
        answer = client.post(address, data | {"file": upload("a.jpg", picture())})
    row = SealedFile.objects.get()
    assert answer["Location"] == reverse("members:recruitment:sealed-list", args=[case.pk])
    assert (row.case, row.subject, row.file.object_id) == (case, "mother", row.pk)


def test_nothing_is_sealed_in_a_closed_case(cast, sealed):
    case, by = sealed.case, cast.world.user("secretary")
    scan = store(upload("b.jpg", picture()), kind="scan", by=by)
    services.close(case, reason="withdrawn", on=timezone.localdate(), words="Asked for it.", by=by)
    with pytest.raises(RuleError, match="closed"):
        services.seal_file(case, scan, kind=SealedKind.REPLY, subject="mother", dated_on=None, by=by)


def test_file_is_out_of_reach_before_a_look_and_some_minutes_after(cast, sealed):
    client, file = cast.world.client("secretary"), sealed.file.get_absolute_url()
    text = client.get(url("sealed-list", sealed)).content.decode()
    assert file not in text and "father" in text
    assert client.get(file).status_code == 404
    empty = client.post(url("sealed-open", sealed, sealed.pk), {"reason": ""})
    assert empty.context["form"].errors.keys() == {"reason"}
    assert client.get(file).status_code == 404
    opened = client.post(url("sealed-open", sealed, sealed.pk), {"reason": "Checking the reply"})
    assert file in opened.content.decode()
    answer = client.get(file)
    assert answer.status_code == 200
    answer.close()
    other = cast.world.client("college")  # knows of it, and has not given a reason
    assert other.get(file).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert client.get(file).status_code == 404


def test_look_is_on_record_for_auditors_and_not_for_the_candidate(cast, sealed):
    services.open_sealed(sealed, reason="Checking the reply", by=cast.world.user("college"))
    person = sealed.case.person.user
    row = AuditEntry.objects.get(verb="recruitment.sealed.revealed")
    assert (row.by, row.about, row.reason) == (cast.world.user("college"), person, "Checking the reply")
    assert row.organization == sealed.case.organization
    text = cast.client_of(person).get(reverse("audit:mine")).content.decode()
    assert "Checking the reply" not in text and "sealed" not in text
    with pytest.raises(RuleError):
        services.open_sealed(sealed, reason=" ", by=cast.world.user("college"))
    assert SealedOpening.objects.count() == 1


def test_nobody_else_knows_of_sealed_files(cast, sealed):
    clients = [cast.world.client(name) for name in ("neighbor", "member", "auditor", "lecturer")]
    clients += [cast.client_of(cast.actor(role)) for role in (Role.APPLICANT, Role.CONTACT)]
    for client in clients:
        pages = (url("sealed-list", sealed), url("sealed-open", sealed, sealed.pk), sealed.file.get_absolute_url())
        for address in pages:
            assert client.get(address).status_code == 404
        assert client.post(url("sealed-open", sealed, sealed.pk), {"reason": "Curious"}).status_code == 404
    assert not SealedOpening.objects.exists()


def test_sealed_file_is_reached_by_its_own_case_alone(cast, sealed):
    client = cast.world.client("secretary")
    wrong = reverse("members:recruitment:sealed-open", args=[sealed.case_id + 1, sealed.pk])
    assert client.get(wrong).status_code == 404


def test_wrong_scan_is_taken_out_by_the_branch_with_a_reason(cast, sealed, django_capture_on_commit_callbacks):
    address = url("sealed-remove", sealed, sealed.pk)
    assert cast.world.client("college").post(address, {"reason": "Wrong person"}).status_code == 403
    services.open_sealed(sealed, reason="Checking the reply", by=cast.world.user("secretary"))
    client = cast.world.client("secretary")
    assert client.post(address, {"reason": ""}).context["form"].errors.keys() == {"reason"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"reason": "Of another person"})["Location"] == url("sealed-list", sealed)
    assert not SealedFile.objects.exists() and not StoredFile.objects.filter(pk=sealed.file_id).exists()
    row = AuditEntry.objects.get(verb="recruitment.sealed.removed")
    assert row.reason == "Of another person"


def test_sealed_papers_are_in_no_list_of_papers(cast, sealed):
    name = sealed.file.name
    client = cast.world.client("secretary")
    for page in ("case-detail", "case-papers"):
        assert name not in client.get(url(page, sealed)).content.decode()


def test_list_takes_the_same_queries_for_one_and_for_many(cast, sealed, django_assert_num_queries):
    client, by = cast.world.client("secretary"), cast.world.user("secretary")
    client.get(url("sealed-list", sealed))
    for rows in (1, 5):
        while SealedFile.objects.count() < rows:
            scan = store(upload("more.jpg", picture()), kind="scan", by=by)
            services.seal_file(sealed.case, scan, kind=SealedKind.PROOF, subject="mother", dated_on=None, by=by)
        with django_assert_num_queries(7):
            client.get(url("sealed-list", sealed))


@pytest.mark.parametrize("changes", [{"kind": "x"}, {"subject": ""}])
def test_database_refuses_a_sealed_file_without_kind_or_subject(sealed, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedFile.objects.filter(pk=sealed.pk).update(**changes)
