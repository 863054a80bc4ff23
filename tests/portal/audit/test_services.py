"""Rows of the trail: written with the change, never changed, on one line."""

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from portal.accounts.models import User
from portal.audit.chain import seal, verify
from portal.audit.models import AppendOnlyError, AuditEntry
from portal.audit.services import history_of, looks_at, record, record_many


@pytest.fixture
def entry(world) -> AuditEntry:
    seal()
    return record("test.done", world.branch, by=world.user("secretary"), changes={"name": ["a", "b"]})


def test_record_keeps_who_what_and_where(world, entry):
    found = AuditEntry.objects.get(pk=entry.pk)
    assert found.by_label == f"Secretary ({world.user('secretary').number})"
    assert (found.model, found.object_pk, found.object_label) == (
        "organizations.Organization", str(world.branch.pk), "branch",
    )
    assert found.organization_id == world.branch.pk
    assert found.changes == {"name": ["a", "b"]}
    assert list(history_of(world.branch))[0] == found


def test_record_leaves_no_row_when_the_change_is_rolled_back(world):
    before = AuditEntry.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("test.done", world.branch, by=None)
        raise ZeroDivisionError
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\nb", "a\\u000ab"),
        ("a\r\n2026 ERROR b", "a\\u000d\\u000a2026 ERROR b"),
        ("a\x00b", "a\\u0000b"),
        ("a\u2028b", "a\\u2028b"),
        ("a\u202eb", "a\\u202eb"),
        ("a\ud800b", "a\\ud800b"),
        ("ordinary \u674e", "ordinary \u674e"),
    ],
)
def test_record_keeps_every_text_on_one_line(world, typed, kept):
    entry = record("test.done", None, by=None, reason=typed, changes={"name": ["", typed]})
    entry.refresh_from_db()
    assert (entry.reason, entry.changes["name"][1]) == (kept, kept)


def test_record_many_writes_one_row_each(world):
    people = [world.user(name) for name in ("author", "peer", "member")]
    rows = ((type(person), person.pk, person.name, person.pk, {"name": ["", person.name]}) for person in people)
    assert record_many("test.imported", rows, by=world.user("secretary"), at=world.branch) == 3
    found = AuditEntry.objects.filter(verb="test.imported").order_by("pk")
    assert [entry.about_id for entry in found] == [person.pk for person in people]
    assert {entry.organization_id for entry in found} == {world.branch.pk}
    assert verify().whole


def test_looks_at_finds_reveals_and_nothing_else(world):
    author = world.user("author")
    look = record("members.revealed", author, by=world.user("secretary"), about=author, reason="A transfer.")
    record("members.changed", author, by=world.user("secretary"), about=author)
    record("members.revealed", world.user("peer"), by=world.user("secretary"), about=world.user("peer"))
    assert list(looks_at(author)) == [look]


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET reason = 'else' WHERE id = %s",
        "UPDATE audit_auditentry SET by_id = NULL WHERE id = %s",
        "UPDATE audit_auditentry SET at = '2001-01-01 00:00:00+00:00' WHERE id = %s",
        "DELETE FROM audit_auditentry WHERE id = %s",
    ],
)
def test_database_refuses_change_and_deletion(entry, statement, sealed):
    if sealed:
        seal()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [entry.pk])
    assert AuditEntry.objects.filter(pk=entry.pk, reason="").count() == 1


def test_database_refuses_a_second_seal(entry):
    seal()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditentry SET hash = 'else' WHERE id = %s", [entry.pk])


@pytest.mark.skipif("connection.vendor != 'sqlite'")
def test_sqlite_refuses_replacing_a_row(entry):
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        rows = "SELECT * FROM audit_auditentry WHERE id = %s"
        cursor.execute(f"INSERT OR REPLACE INTO audit_auditentry {rows}", [entry.pk])


@pytest.mark.parametrize(
    "attempt",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(reason="else"),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["reason"]),
    ],
    ids=["save", "delete", "update", "queryset delete", "bulk update"],
)
def test_orm_refuses_change_and_deletion(entry, attempt):
    with pytest.raises(AppendOnlyError):
        attempt(entry)
    assert AuditEntry.objects.filter(pk=entry.pk, reason="").count() == 1


def lift_triggers():
    """Do what only somebody with the database in hand can do."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in ("audit_no_update", "audit_no_delete", "audit_no_replace"):
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_auditentry SET reason = 'else' WHERE id = %s", "this row was changed after it was written"),
        ("UPDATE audit_auditentry SET prev_hash = 'else' WHERE id = %s", "this row does not follow the one before"),
        ("DELETE FROM audit_auditentry WHERE id = %s - 1", "a row is missing before this one"),
    ],
)
def test_verify_names_the_first_broken_row(world, entry, statement, fault):
    record("test.later", world.branch, by=None)
    assert verify().whole
    lift_triggers()
    with connection.cursor() as cursor:
        cursor.execute(statement, [entry.pk])
    verdict = verify()
    assert (verdict.whole, verdict.broken_id, verdict.fault) == (False, entry.pk, fault)
    with pytest.raises(CommandError, match=f"row {entry.pk}"):
        call_command("verify_audit")


def test_seal_run_twice_changes_nothing_more(entry):
    assert seal() == 1
    assert seal() == 0
    head = verify().head
    assert verify().head == head


def test_people_gone_leave_their_rows(world):
    person = User.objects.create_user(number="20990001", name="Gone", password=None)
    entry = record("test.done", person, by=person, about=person)
    pk = person.pk
    person.delete()
    entry.refresh_from_db()
    assert (entry.by_id, entry.about_id, entry.by_label) == (pk, pk, "Gone (20990001)")
    assert verify().whole
