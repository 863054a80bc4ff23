"""Tests that commit can be cleaned up after, and the trail refuses again afterwards."""

import pytest
from django.db import DatabaseError, connection

from portal.audit.models import AuditEntry
from portal.audit.services import record


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_trail_is_emptied_between_tests_that_commit_and_guarded_within(turn):
    record("test.done", None, by=None)
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditentry")
    assert AuditEntry.objects.count() == 1
