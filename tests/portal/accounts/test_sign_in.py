"""Signing in: by number or address, locked after wrong passwords, nothing told to those who guess."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts import locks
from portal.accounts.models import SignInLock, User
from portal.audit.models import AuditEntry

PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"


@pytest.fixture
def person(db) -> User:
    return User.objects.create_user(number="20240001", email="li@example.org", password=PASSWORD, name="Li")


@pytest.fixture
def other(db) -> User:
    return User.objects.create_user(number="20240002", email="wang@example.org", password=PASSWORD, name="Wang")


def sign_in(name: str, password: str = PASSWORD, client: Client | None = None, **extra):
    return (client or Client()).post(LOGIN, {"login": name, "password": password}, **extra)


@pytest.mark.parametrize("name", ["20240001", " 20240001 ", "li@example.org", "LI@example.org"])
def test_sign_in_by_number_or_address(person, name):
    assert sign_in(name).status_code == 302


@pytest.mark.parametrize(
    "names",
    [["20240001"], ["li@example.org"], ["20240001", "li@example.org", "LI@EXAMPLE.ORG", " 20240001"]],
    ids=["number", "address", "both and spellings"],
)
def test_account_locks_after_five_wrong_passwords_wherever_they_come_from(person, names):
    for turn in range(15):
        response = sign_in(names[turn % len(names)], "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{turn}")
        assert response.status_code == 200
    for address in ("1.2.3.4", "8.8.8.8, 1.1.1.1"):
        assert sign_in(names[0], HTTP_X_FORWARDED_FOR=address).status_code == 200
    assert AuditEntry.objects.filter(verb="accounts.sign_in_failed", about=person).count() == 5
    assert AuditEntry.objects.filter(verb="accounts.locked", about=person).count() == 1


def test_locked_account_does_not_hold_up_others_at_the_same_gateway(person, other):
    for _turn in range(15):
        sign_in("20240001", "wrong")
    assert sign_in("20240002").status_code == 302


@pytest.mark.parametrize(("minutes", "status"), [(9, 200), (11, 302)])
def test_lock_lasts_ten_minutes_from_the_last_try_that_counted(person, minutes, status):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        for _turn in range(4):
            sign_in("20240001", "wrong")
    with time_machine.travel(start + timedelta(minutes=5), tick=False):
        sign_in("20240001", "wrong")
    with time_machine.travel(start + timedelta(minutes=5 + minutes), tick=False):
        assert sign_in("20240001").status_code == status


def test_right_password_wipes_the_count(person):
    for _turn in range(4):
        sign_in("20240001", "wrong")
    sign_in("20240001")
    for _turn in range(4):
        sign_in("20240001", "wrong")
    assert sign_in("20240001").status_code == 302


def test_parallel_tries_are_counted_before_they_are_made(person):
    now = timezone.now()
    assert [locks.claim_try("user:1", now=now) for _turn in range(7)] == [1, 2, 3, 4, 5, 0, 0]


def words_of(response) -> str:
    """Return the page without what differs on every page: tokens and what was typed."""
    text = re.sub(r'value="[^"]*"', "", response.content.decode())
    return re.sub(r'nonce="[^"]*"', "", text)


@pytest.mark.parametrize("turns", [1, 7], ids=["wrong password", "locked"])
def test_sign_in_page_does_not_tell_known_from_unknown_names(person, turns):
    for _turn in range(turns):
        known, unknown = sign_in("20240001", "wrong"), sign_in("20249999", "wrong")
    assert known.status_code == unknown.status_code == 200
    assert words_of(known) == words_of(unknown)


def test_password_reset_does_not_tell_known_from_unknown_addresses(person, django_capture_on_commit_callbacks):
    settings_of_answer = []
    for address in ("li@example.org", "nobody@example.org"):
        response = Client().post("/accounts/password/reset/", {"email": address}, follow=True)
        settings_of_answer.append((response.redirect_chain, words_of(response)))
    assert settings_of_answer[0] == settings_of_answer[1]


def test_unknown_name_is_recorded_without_the_name(db):
    sign_in("my secret password", "wrong")
    entry = AuditEntry.objects.get(verb="accounts.sign_in_failed")
    assert (entry.about_id, entry.object_label, entry.by_label) == (None, "", "")
    assert "secret" not in str(entry.changes)


def test_session_key_changes_at_sign_in_and_dies_at_sign_out(person):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    sign_in("20240001", client=client)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert key != "a" * 32
    page = reverse("accounts:overview")
    assert client.get(page).status_code == 200
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get(page).status_code == 200
    client.post("/accounts/logout/")
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert thief.get(page).status_code == 302
    assert set(AuditEntry.objects.filter(about=person).values_list("verb", flat=True)) == {
        "accounts.signed_in", "accounts.signed_out",
    }


def test_disabled_account_is_out_at_the_next_request_and_cannot_come_back(person):
    client = Client()
    sign_in("20240001", client=client)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(reverse("accounts:overview")).status_code == 302
    assert sign_in("20240001").headers["Location"] == "/accounts/inactive/"
    assert AuditEntry.objects.filter(verb="accounts.signed_in").count() == 1


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "http:evil.example", "javascript:alert(1)", "https:evil.example", "//evil.example/%2f..", " //evil.example",
        "\t//evil.example", "/\t/evil.example", "https://testserver@evil.example", "https://testserver.evil.example",
    ],
)
@pytest.mark.parametrize(
    ("page", "home"), [(LOGIN, settings.LOGIN_REDIRECT_URL), ("/account/language/", "home:landing")]
)
def test_next_never_leads_to_another_host(person, target, page, home):
    data = {"login": "20240001", "password": PASSWORD, "language": "en", "next": target}
    response = Client().post(page, data)
    assert (response.status_code, response.headers["Location"]) == (302, resolve_url(home))


def test_next_leads_on_within_the_house(person):
    target = reverse("accounts:overview")
    response = Client().post(LOGIN, {"login": "20240001", "password": PASSWORD, "next": target})
    assert response.headers["Location"] == target


def test_nobody_signs_up(db):
    data = {"username": "x1", "email": "x@example.org", "password1": PASSWORD, "password2": PASSWORD}
    Client().post("/accounts/signup/", data)
    assert User.objects.count() == 0


@pytest.fixture
def reset_link(person, settings, django_capture_on_commit_callbacks, request) -> str:
    """Ask for a new password with a forged host and return the link in the mail."""
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.SITE_ADDRESS = "https://party.example.edu"
    from portal.celery import app

    app.conf.task_always_eager = True
    request.addfinalizer(lambda: setattr(app.conf, "task_always_eager", False))
    with django_capture_on_commit_callbacks(execute=True):
        Client().post(
            "/accounts/password/reset/", {"email": "li@example.org"}, HTTP_X_FORWARDED_HOST="evil.example",
            HTTP_HOST="localhost",
        )
    (message,) = mail.outbox
    assert message.to == ["li@example.org"]
    (link,) = re.findall(r"https?://\S+/password/reset/key/\S+", message.body)
    return link


def test_reset_link_carries_the_configured_address_only(reset_link):
    assert reset_link.startswith("https://party.example.edu/accounts/password/reset/key/")
    assert "evil.example" not in mail.outbox[0].body
    assert "localhost" not in mail.outbox[0].body


def test_reset_link_sets_a_password_once_and_lifts_the_lock(person, reset_link):
    for _turn in range(6):
        sign_in("20240001", "wrong")
    client, path = Client(), reset_link.removeprefix("https://party.example.edu")
    page = client.get(path, follow=True)
    form = {"password1": "another horse battery", "password2": "another horse battery"}
    assert client.post(page.redirect_chain[-1][0], form).status_code == 302
    assert SignInLock.objects.count() == 0
    assert sign_in("20240001", "another horse battery").status_code == 302
    again = Client().get(path, follow=True)
    assert again.context["token_fail"] is True
    assert AuditEntry.objects.filter(verb="accounts.password_reset", about=person).count() == 1


@pytest.mark.parametrize(
    ("password", "accepted"),
    [("short", False), ("password1234", False), ("20240001-li", False), ("a quiet evening", True), ("x" * 129, False)],
)
def test_new_password_is_judged_by_length_and_commonness(person, password, accepted):
    client = Client()
    sign_in("20240001", client=client)
    data = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert (client.post("/accounts/password/change/", data).status_code == 302) is accepted
