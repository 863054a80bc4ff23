"""What tests that commit need here."""

from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import connection


@pytest.fixture
def open_trail(transactional_db):
    """Take the guard off the audit trail for a test that commits: its rows must go when the test has ended."""
    guard = import_module("portal.audit.migrations.0002_append_only")
    for statement in guard.REMOVE[connection.vendor]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    yield
    call_command("flush", verbosity=0, interactive=False)
    for statement in guard.REMOVE[connection.vendor] + guard.INSTALL[connection.vendor]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
