"""Turning the key ring, and the check that says when it does not open what is stored."""

import pytest
from django.core.management import call_command
from django.test import override_settings

from members.models import Member
from members.services import create_member
from portal.encryption.checks import ring_opens_what_is_stored
from portal.encryption.crypto import UndecryptableError, prefixes
from portal.encryption.registry import stored

ID_NO = "11010519491231002X"


def raw() -> list[str]:
    return list(Member.objects.annotate(text=stored("id_no")).order_by("pk").values_list("text", flat=True))


@pytest.fixture
def written(db):
    """Write one archive under an old key and one without anything to hide."""
    with override_settings(FIELD_KEYS=["old"]):
        create_member(number="S1", name="One", by=None, id_no=ID_NO)
        create_member(number="S2", name="Two", by=None)


def test_rotate_field_keys_moves_every_value_to_the_first_key(written):
    with override_settings(FIELD_KEYS=["new", "old"]):
        assert not raw()[0].startswith(prefixes()[0])
        call_command("rotate_field_keys", verbosity=0)
        assert raw()[0].startswith(prefixes()[0])
        once = raw()
        call_command("rotate_field_keys", verbosity=0)
        assert raw() == once
    with override_settings(FIELD_KEYS=["new"]):
        assert [member.id_no for member in Member.objects.order_by("pk")] == [ID_NO, ""]


def test_values_of_a_lost_key_are_refused_and_reported(written):
    with override_settings(FIELD_KEYS=["new"]):
        with pytest.raises(UndecryptableError):
            list(Member.objects.all())
        faults = ring_opens_what_is_stored(None, databases=["default"])
        assert [(fault.id, "Member.id_no" in fault.msg) for fault in faults] == [("encryption.E001", True)]


@pytest.mark.parametrize("keys", [["old"], ["new", "old"]])
def test_a_ring_with_the_key_is_fine(written, keys):
    with override_settings(FIELD_KEYS=keys):
        assert ring_opens_what_is_stored(None, databases=["default"]) == []


def test_the_check_asks_no_database_unless_told_to(written):
    with override_settings(FIELD_KEYS=["new"]):
        assert ring_opens_what_is_stored(None) == []
