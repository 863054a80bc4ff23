"""Taking in, placing, changing, revealing: what is written, refused, recorded and told."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from members import services
from members.models import CorrectionRequest, Member
from portal.audit.models import AuditEntry
from portal.encryption.crypto import blind_index
from portal.notifications.models import Notice
from portal.organizations.models import Organization, Standing
from portal.web.refusals import RuleError

ID_NO = "11010519491231002X"


def test_create_member_opens_account_archive_and_place(world):
    member = services.create_member(
        number="S1", name="New", by=world.users["secretary"], organization=world.branch, standing=Standing.APPLICANT,
        on=world.since, id_no=" 11010519491231002x ",
    )  # fmt: skip
    assert (member.organization, member.standing, member.standing_since) == (world.branch, "applicant", world.since)
    assert (member.id_no, member.id_no_index) == (ID_NO, blind_index(ID_NO))
    assert member.user.has_usable_password() is False
    assert list(member.user.affiliations.values_list("organization", "standing", "since")) == [
        (world.branch.pk, "applicant", world.since)
    ]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"number": "20240001"}, {"number"}),
        ({"number": "has blank"}, {"number"}),
        ({"email": "AUTHOR@example.org"}, {"email"}),
        ({"id_no": "110105194912310029"}, {"id_no"}),
        ({"id_no": "440524188001010014"}, {"id_no"}),
        ({"mobile": "12345678901"}, {"mobile"}),
        ({"sex": "5"}, {"sex"}),
    ],
)
def test_create_member_refuses_by_field_and_leaves_nothing(world, fields, wrong):
    before = Member.objects.count()
    with pytest.raises(ValidationError) as refusal, transaction.atomic():
        services.create_member(**{"number": "S1", "name": "New", "by": None, **fields})
    assert set(getattr(refusal.value, "error_dict", {"email": 0})) <= wrong | {"__all__"}
    assert Member.objects.count() == before


def test_place_moves_the_person_with_the_archive(world):
    today = timezone.localdate()
    college = world.users["college"]
    member = services.place(world.member("author"), world.sibling, standing="activist", on=today, by=college)
    assert (member.organization, member.standing_since) == (world.sibling, world.since)
    assert list(member.user.affiliations.order_by("since").values_list("organization", "until")) == [
        (world.branch.pk, today - timedelta(days=1)),
        (world.sibling.pk, None),
    ]


def test_place_counts_a_new_standing_from_its_day(world):
    today = timezone.localdate()
    member = services.place(world.member("target"), world.branch, standing="probationary", on=today, by=None)
    assert (member.standing, member.standing_since) == ("probationary", today)


@pytest.mark.parametrize("days", [1, -500])
def test_place_refuses_the_future_and_the_time_before(world, days):
    on = timezone.localdate() + timedelta(days=days)
    with pytest.raises(RuleError):
        services.place(world.member("author"), world.sibling, standing="activist", on=on, by=None)
    assert world.member("author").organization == world.branch


def test_place_refuses_a_closed_organization(world):
    Organization.objects.filter(pk=world.far_branch.pk).update(closed_on=timezone.localdate())
    with pytest.raises(RuleError):
        services.place(world.member("author"), world.far_branch, standing="activist", on=timezone.localdate(), by=None)


def test_update_archive_tells_the_second_editor_who_changed_what(world):
    secretary, college = world.users["secretary"], world.users["college"]
    services.update_archive(world.member("author"), {"title": "A"}, version=1, by=secretary)
    with pytest.raises(RuleError) as refusal:
        services.update_archive(world.member("author"), {"title": "B"}, version=1, by=college)
    words = refusal.value.messages[0]
    assert ("Secretary" in words, str(Member._meta.get_field("title").verbose_name) in words) == (True, True)
    assert (world.member("author").title, world.member("author").version) == ("A", 2)


def test_update_archive_records_masked_changes_only(world):
    services.update_archive(
        world.member("author"), {"id_no": ID_NO, "title": "A", "grade": ""}, version=1, by=world.users["secretary"]
    )
    entry = AuditEntry.objects.get(verb="members.changed")
    assert entry.changes == {"id_no": ["", "110105********002X"], "title": ["", "A"]}
    assert (entry.about, entry.by) == (world.users["author"], world.users["secretary"])


def test_update_archive_without_a_change_writes_nothing(world):
    services.update_archive(world.member("author"), {"title": ""}, version=1, by=world.users["secretary"])
    assert (world.member("author").version, AuditEntry.objects.filter(verb="members.changed").count()) == (1, 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"application_on": date(2024, 5, 1), "activist_on": date(2024, 4, 1)},
        {"activist_on": date(2024, 5, 1), "target_on": date(2024, 4, 1)},
        {"target_on": date(2024, 5, 1), "joined_on": date(2024, 4, 1)},
        {"joined_on": date(2024, 5, 1), "converted_on": date(2024, 4, 1)},
        {"birth_date": date(2024, 5, 1), "application_on": date(2024, 4, 1)},
        {"enrolled_on": date(2024, 5, 1), "graduated_on": date(2024, 4, 1)},
        {"entered_on": date(2024, 5, 1), "left_on": date(2024, 4, 1)},
    ],
)
def test_dates_out_of_order_are_refused_in_words_and_by_the_database(world, changes):
    with pytest.raises(ValidationError):
        services.update_archive(world.member("author"), changes, version=1, by=world.users["secretary"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(user=world.users["author"]).update(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"standing": "saint"}, {"standing_since": None}, {"sex": "5"}, {"ethnicity": "99"}, {"education_level": "99"},
        {"degree": "9"}, {"education_mode": "x"}, {"person_kind": "x"}, {"political_status": "99"},
        {"conversion_kind": "x"}, {"entry_kind": "x"}, {"leave_kind": "x"},
    ],
)  # fmt: skip
def test_codes_outside_the_lists_break_on_the_database(world, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(user=world.users["author"]).update(**changes)


def test_identity_numbers_are_unique_across_archives(world):
    secretary = world.users["secretary"]
    services.update_archive(world.member("author"), {"id_no": ID_NO}, version=1, by=secretary)
    with pytest.raises(ValidationError):
        services.update_archive(world.member("peer"), {"id_no": ID_NO}, version=1, by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(user=world.users["peer"]).update(id_no_index=blind_index(ID_NO))


def test_sensitive_fields_lie_encrypted_and_cannot_be_filtered(world):
    services.update_archive(world.member("author"), {"id_no": ID_NO}, version=1, by=world.users["secretary"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_no FROM members_member WHERE id = %s", [world.member("author").pk])
        stored = cursor.fetchone()[0]
    assert (stored[:3], ID_NO in stored, world.member("author").id_no) == ("v1:", False, ID_NO)
    for lookup in ("id_no", "id_no__contains", "id_no__in", "id_no__startswith"):
        with pytest.raises(FieldError):
            Member.objects.filter(**{lookup: [ID_NO] if lookup.endswith("in") else ID_NO}).exists()
    assert Member.objects.filter(id_no__isnull=True).count() == 0


def test_reveal_returns_the_field_records_the_look_and_tells_the_person(world):
    services.update_archive(world.member("author"), {"id_no": ID_NO}, version=1, by=world.users["secretary"])
    found = services.reveal(world.member("author"), "id_no", reason="Form 7", by=world.users["secretary"])
    entry = AuditEntry.objects.get(verb="members.revealed")
    assert (found, entry.about, entry.reason, entry.changes) == (
        ID_NO, world.users["author"], "Form 7", {"field": ["", "id_no"]},
    )  # fmt: skip
    assert list(Notice.objects.values_list("recipient__name", "message__kind")) == [("Author", "members.revealed")]


def test_leave_ends_the_place_and_keeps_its_history(world):
    today, member = timezone.localdate(), world.member("member")
    left = services.leave(member, kind="transfer_out", on=today, by=world.users["secretary"])
    assert (left.organization, left.leave_kind, left.left_on) == (None, "transfer_out", today)
    assert list(member.user.affiliations.values_list("organization", "since", "until")) == [
        (world.branch.pk, world.since, today - timedelta(days=1))
    ]
    assert AuditEntry.objects.filter(verb="organizations.departed", by=world.users["secretary"]).count() == 1
    with pytest.raises(RuleError):
        services.leave(world.member("peer"), kind="deceased", on=today + timedelta(days=1), by=None)
    with pytest.raises(RuleError):
        services.leave(world.member("peer"), kind="deceased", on=world.since - timedelta(days=1), by=None)


def test_reveal_wants_a_reason_and_has_a_limit(world, monkeypatch):
    member, by = world.member("author"), world.users["secretary"]
    with pytest.raises(ValidationError):
        services.reveal(member, "id_no", reason="  ", by=by)
    with pytest.raises(ValueError, match="not a sensitive field"):
        services.reveal(member, "title", reason="why", by=by)
    monkeypatch.setattr(services, "REVEALS_PER_HOUR", 2)
    services.reveal(member, "id_no", reason="one", by=by)
    services.reveal(member, "id_no", reason="two", by=by)
    with pytest.raises(RuleError):
        services.reveal(member, "id_no", reason="three", by=by)
    assert AuditEntry.objects.filter(verb="members.revealed").count() == 2


def test_open_own_is_for_oneself_only(world):
    with pytest.raises(ValueError, match="Only the person"):
        services.open_own(world.member("author"), by=world.users["secretary"])
    assert services.open_own(world.member("author"), by=world.users["author"])["id_no"] == ""


@pytest.mark.parametrize(
    "broken",
    [{"state": "x"}, {"state": "corrected"}, {"answer": "words"}, {"state": "declined", "answer": "words"}],
)
def test_correction_requests_hold_a_whole_answer_or_none(world, broken):
    request = CorrectionRequest.objects.create(member=world.member("author"), field="title", words="w")
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionRequest.objects.filter(pk=request.pk).update(**broken)
