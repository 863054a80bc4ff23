"""A sign-in from a device that the account has not used is told to the account, and nothing else about it is kept."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone, translation

from portal.accounts import devices
from portal.accounts.models import KnownDevice
from portal.notifications.models import MailState, Notice
from portal.notifications.queries import read_out
from portal.notifications.registry import kinds

PASSWORD = "a quiet evening"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture
def author(world):
    person = world.user("author")
    person.set_password(PASSWORD)
    person.email = "author@example.org"
    person.save()
    return person


def sign_in(person, client: Client | None = None) -> Client:
    client = client or Client(headers={"User-Agent": FIREFOX})
    client.post("/accounts/login/", {"login": person.number, "password": PASSWORD})
    return client


def notices_of(person) -> list[Notice]:
    return list(Notice.objects.filter(recipient=person, message__kind="new_device").select_related("message"))


def test_first_sign_in_ever_is_not_told(author):
    sign_in(author)
    assert (notices_of(author), KnownDevice.objects.count()) == ([], 1)


def test_device_used_before_is_not_told_again(author):
    client = sign_in(author)
    client.post("/accounts/logout/")
    sign_in(author, client)
    assert (notices_of(author), KnownDevice.objects.count()) == ([], 1)


def test_further_device_is_told_once_with_browser_and_the_way_to_end_it(author):
    sign_in(author)
    second = sign_in(author)
    second.post("/accounts/logout/")
    sign_in(author, second)
    (notice,) = notices_of(author)
    assert (notice.mail_state, notice.message.url) == (MailState.PENDING, "/accounts/sessions/")
    with translation.override("en"):
        words = read_out(notice.message)
    assert "Firefox on Windows" in words.body
    assert str(timezone.localtime().year) in words.body
    assert "Where I am signed in" in words.body


def test_wrong_password_makes_no_device_known(author):
    sign_in(author)
    stranger = Client()
    stranger.post("/accounts/login/", {"login": author.number, "password": "wrong"})
    assert (KnownDevice.objects.count(), settings.DEVICE_COOKIE_NAME in stranger.cookies) == (1, False)


def test_two_accounts_on_one_device_cannot_be_joined_by_the_table(author, world):
    peer = world.user("peer")
    peer.set_password(PASSWORD)
    peer.save()
    client = sign_in(author)
    client.post("/accounts/logout/")
    sign_in(peer, client)
    hashes = set(KnownDevice.objects.values_list("token_hash", flat=True))
    assert len(hashes) == 2
    assert client.cookies[settings.DEVICE_COOKIE_NAME].value not in hashes


def test_table_keeps_neither_address_nor_browser(db):
    with connection.cursor() as cursor:
        columns = {column.name for column in connection.introspection.get_table_description(
            cursor, KnownDevice._meta.db_table)}  # fmt: skip
    assert columns == {"id", "user_id", "token_hash", "used_on"}


@pytest.mark.parametrize("forged", ["", "x", "a" * 42, "a" * 44, "a" * 42 + "\n", "ä" * 43])
def test_forged_cookie_is_replaced(author, forged):
    client = Client(headers={"User-Agent": FIREFOX})
    client.cookies[settings.DEVICE_COOKIE_NAME] = forged
    sign_in(author, client)
    cookie = client.cookies[settings.DEVICE_COOKIE_NAME]
    assert devices.is_token(cookie.value) is True
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_kind_cannot_be_switched_off(author):
    assert kinds.get("new_device").statutory is True


def test_devices_long_unused_are_forgotten_save_the_last(author, world):
    today = timezone.localdate()
    for days in (500, 450):
        KnownDevice.objects.create(user=author, token_hash=f"old {days}", used_on=today - timedelta(days=days))
    KnownDevice.objects.create(user=world.user("peer"), token_hash="old", used_on=today - timedelta(days=500))
    assert devices.sweep_devices(today) == 1
    assert sorted(KnownDevice.objects.values_list("token_hash", flat=True)) == ["old", "old 450"]
    assert devices.note_sign_in(author, devices.new_token(), on=today) is not None
