"""T-12: a guesser learns neither from words nor from the work done whether a name has an account."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from portal.accounts.models import AccountMail, User

LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
PASSWORD = "correct horse battery"


@pytest.fixture
def people(db) -> None:
    make = User.objects.create_user
    make(number="20240001", email="li@example.org", password=PASSWORD, name="Li")
    make(number="20240002", email="wang@example.org", password=PASSWORD, name="Wang", is_active=False)
    new = User(number="20240003", email="zhao@example.org", name="Zhao")
    new.set_unusable_password()
    new.save()


@pytest.fixture
def hashes(people, monkeypatch) -> Iterator[list[str]]:
    """Count every computation of a password hash, which is what takes the time."""
    done: list[str] = []
    compute = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        done.append(salt)
        return compute(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    yield done


NAMES = {
    "number": "20240001", "address": "li@example.org", "address in capitals": "LI@EXAMPLE.ORG", "closed": "20240002",
    "without password": "20240003", "unknown number": "20249999", "unknown address": "nobody@example.org",
    "unknown words": "somebody or other", "very long": "x" * 254,
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_wrong_password_costs_one_hash_whatever_the_name(hashes, name):
    answer = Client().post(LOGIN, {"login": name, "password": "wrong"})
    assert (answer.status_code, len(hashes)) == (200, 1)


@pytest.mark.parametrize("name", ["20240001", "20249999", "li@example.org", "nobody@example.org"])
def test_locked_name_costs_no_hash_whatever_the_name(hashes, name):
    for _turn in range(5):
        Client().post(LOGIN, {"login": name, "password": "wrong"})
    hashes.clear()
    Client().post(LOGIN, {"login": name, "password": "wrong"})
    assert len(hashes) == 0


@pytest.mark.parametrize("address", ["li@example.org", "wang@example.org", "zhao@example.org", "nobody@example.org"])
def test_reset_costs_no_hash_and_answers_alike(hashes, address):
    answer = Client().post(RESET, {"email": address}, follow=True)
    assert (answer.redirect_chain, len(hashes)) == ([(RESET + "done/", 302)], 0)
    assert address.encode() not in answer.content


def test_reset_sends_nothing_while_the_person_waits(people, mailoutbox):
    for address in ("li@example.org", "nobody@example.org"):
        Client().post(RESET, {"email": address})
    assert (len(mailoutbox), AccountMail.objects.count()) == (0, 1)
