"""Every page of the account is drawn in the house's frame; accounts in the admin have fixed fields."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from portal.access.rights import rights_of
from portal.accounts import locks
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.organizations.models import Organization


@pytest.mark.parametrize(
    "page",
    [
        "/account/", "/accounts/email/", "/accounts/password/change/", "/accounts/logout/", "/accounts/2fa/",
        "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/", "/accounts/sessions/",
        "/accounts/reauthenticate/",
    ],
)
def test_account_page_opens(world, page):
    author = world.users["author"]
    author.set_password("a quiet evening")
    author.save()
    client = Client()
    client.post("/accounts/login/", {"login": author.number, "password": "a quiet evening"})
    response = client.get(page, follow=True)
    assert response.status_code == 200
    assert b'id="content"' in response.content


@pytest.mark.parametrize(
    "page", ["/accounts/login/", "/accounts/password/reset/", "/accounts/signup/", "/accounts/inactive/"]
)
def test_entrance_page_opens(db, page):
    response = Client().get(page)
    assert response.status_code == 200
    assert b'id="content"' in response.content


def test_practice_accounts_stand_on_the_sign_in_page_in_practice_only(db, settings):
    User.objects.create_user(number="secretary", name="Zhao", password="practice-1")
    settings.PRACTICE_PASSWORD = "practice-1"
    assert b"practice-1" not in Client().get("/accounts/login/").content
    settings.PRACTICE = True
    assert b"practice-1" in Client().get("/accounts/login/").content


FORGED = {"is_superuser": "1", "is_staff": "1", "groups": "1", "user_permissions": "1", "password": "known", "pk": "1"}


def test_keeper_changes_the_fixed_fields_and_nothing_else(world):
    author = world.user("author")
    address = reverse("admin:accounts_user_change", args=[author.pk])
    data = {"number": author.number, "name": "Renamed", "email": "new@example.org", "is_active": "on"} | FORGED
    assert world.client("admin").post(address, data).status_code == 302
    after = world.user("author")
    assert (after.name, after.email, after.is_superuser, after.password) == (
        "Renamed", "new@example.org", False, author.password,
    )
    assert list(after.groups.all()) + list(after.user_permissions.all()) == []
    entry = AuditEntry.objects.get(verb="accounts.changed")
    assert (entry.by_id, entry.about_id) == (world.user("admin").pk, author.pk)
    assert entry.changes == {"name": ["Author", "Renamed"], "email": ["***", "***"]}


def test_keeper_cannot_turn_the_address_of_somebody_with_duties(world):
    secretary = world.user("secretary")
    address = reverse("admin:accounts_user_change", args=[secretary.pk])
    data = {"number": secretary.number, "name": secretary.name, "email": "mine@example.org", "is_active": "on"}
    world.client("admin").post(address, data)
    assert world.user("secretary").email == secretary.email


@pytest.mark.parametrize(("name", "status"), [("secretary", 403), ("committee", 403), ("author", 302)])
def test_others_change_no_account(world, name, status):
    address = reverse("admin:accounts_user_change", args=[world.user("peer").pk])
    response = world.client(name).post(address, {"number": "1", "name": "x", "is_active": "on"})
    assert response.status_code == status
    assert world.user("peer").name == "Peer"


def test_new_account_has_no_password_until_its_person_chooses_one(world):
    world.client("admin").post(reverse("admin:accounts_user_add"), {"number": "20260001", "name": "New"} | FORGED)
    created = User.objects.get(number="20260001")
    assert (created.has_usable_password(), created.is_superuser, created.email) == (False, False, None)


def test_unlock_lifts_the_lock_by_admin_and_command(world):
    author = world.user("author")
    for turn in range(2):
        for _try in range(6):
            Client().post("/accounts/login/", {"login": author.number, "password": "wrong"})
        assert locks.is_locked(author) is True
        if turn:
            call_command("unlock_account", author.number)
        else:
            data = {"action": "unlock", "_selected_action": [author.pk]}
            world.client("admin").post(reverse("admin:accounts_user_changelist"), data)
        assert locks.is_locked(author) is False
    assert AuditEntry.objects.filter(verb="accounts.unlocked", about=author).count() == 2


def test_first_admin_makes_root_posts_and_a_password_shown_once(db, capsys):
    call_command("first_admin", number="1000", name="First", organization="The university committee")
    password = capsys.readouterr().out.rsplit(": ", 1)[1].strip()
    user = User.objects.get(number="1000")
    assert user.check_password(password) is True
    assert user.is_superuser is False
    assert Organization.objects.get().name == "The university committee"
    assert {"keep_tree", "keep_accounts", "keep_settings", "appoint"} == set(rights_of(user).duties)
    call_command("first_admin", number="1000")
    assert "Password" not in capsys.readouterr().out


def test_first_admin_refuses_a_weak_password_and_writes_nothing(db, monkeypatch):
    monkeypatch.setenv("PORTAL_ADMIN_PASSWORD", "short")
    with pytest.raises(CommandError):
        call_command("first_admin", number="1000", name="First", organization="The university committee")
    assert (User.objects.count(), Organization.objects.count()) == (0, 0)
