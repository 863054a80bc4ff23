"""Sessions end by themselves, and duties ask for a second factor."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from portal.accounts.factors import has_second_factor

PAGE = "/account/"


@pytest.mark.parametrize(
    ("minutes", "page", "status"),
    [(10, PAGE, 200), (29, PAGE, 200), (31, PAGE, 302), (14, "/admin/", 200), (16, "/admin/", 302)],
)
def test_idle_session_ends(world, minutes, page, status):
    client, start = world.client("admin"), timezone.now()
    with time_machine.travel(start, tick=False):
        client.get(PAGE)
    with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
        response = client.get(page)
        assert response.status_code == status
        if status == 302:
            assert response.headers["Location"].endswith("ended=1")
            assert client.get(PAGE).status_code == 302


def test_session_ends_after_twelve_hours_of_work(world):
    client, start = world.client("author"), timezone.now()
    for minutes in range(0, 12 * 60, 20):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert client.get(PAGE).status_code == 200
    with time_machine.travel(start + timedelta(hours=12, minutes=1), tick=False):
        assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize(("headers", "status"), [({}, 200), ({"X-Background": "1"}, 302)])
def test_requests_a_page_makes_by_itself_are_no_presence(world, headers, status):
    client, start = world.client("author"), timezone.now()
    for minutes in (0, 20):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            client.get(PAGE, headers=headers)
    with time_machine.travel(start + timedelta(minutes=40), tick=False):
        assert client.get(PAGE).status_code == status


def test_presence_is_written_once_in_two_minutes(world, django_assert_num_queries):
    client, start = world.client("author"), timezone.now()
    writes = []
    for seconds in (0, 30, 60, 119, 121):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            client.get(PAGE)
            writes.append(client.session["session_seen"])
    assert [seen - writes[0] for seen in writes] == [0, 0, 0, 0, 121]


def test_stay_goes_on_with_the_session(world):
    client, start = world.client("author"), timezone.now()
    with time_machine.travel(start, tick=False):
        client.get(PAGE)
    with time_machine.travel(start + timedelta(minutes=28), tick=False):
        stay, aside = reverse("accounts:stay"), {"X-Background": "1"}
        assert client.get(stay, headers=aside).json() == {"seconds": 2 * 60, "may_stay": True}
        assert client.get(f"{stay}?area=admin", headers=aside).json() == {"seconds": 0, "may_stay": True}
        assert client.post(stay).json() == {"seconds": 30 * 60, "may_stay": True}
        assert client.post(f"{stay}?area=admin").json() == {"seconds": 15 * 60, "may_stay": True}


def test_stay_cannot_put_off_the_end_of_twelve_hours(world):
    client, start = world.client("author"), timezone.now()
    for minutes in range(0, 12 * 60 - 5, 25):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            client.get(PAGE)
    with time_machine.travel(start + timedelta(hours=12, minutes=-5), tick=False):
        assert client.post(reverse("accounts:stay")).json() == {"seconds": 5 * 60, "may_stay": False}


@pytest.mark.parametrize(("page", "minutes"), [(PAGE, 30), ("/admin/", 15)])
def test_page_knows_when_to_warn(world, page, minutes):
    with time_machine.travel(timezone.now(), tick=False):
        text = world.client("secretary").get(page).content.decode()
    assert f'data-seconds="{60 * minutes}"' in text
    assert 'data-warn-seconds="180"' in text
    assert "js/session.js" in text


def test_visitor_is_not_warned(db, client):
    assert "session-end" not in client.get("/").content.decode()


@pytest.fixture
def factor_required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.mark.parametrize("page", ["/admin/", "/admin/accounts/user/", "/audit/", "/audit/mine/"])
@pytest.mark.parametrize("name", ["secretary", "committee", "auditor", "admin", "editor"])
def test_people_with_duties_reach_no_page_without_a_second_factor(world, factor_required, name, page):
    response = world.client(name).get(page)
    assert (response.status_code, response.headers["Location"]) == (302, reverse("mfa_index"))


@pytest.mark.parametrize("page", ["/account/", "/accounts/2fa/", "/accounts/logout/", "/accounts/email/"])
def test_people_without_factor_reach_what_they_need_to_set_one_up(world, factor_required, page):
    response = world.client("secretary").get(page, follow=True)
    assert reverse("mfa_index") not in [address for address, _status in response.redirect_chain]
    assert response.status_code == 200


def test_people_without_duties_need_no_second_factor(world, factor_required):
    assert world.client("author").get("/audit/mine/").status_code == 200


@pytest.mark.parametrize(
    ("kind", "enough"), [("totp", True), ("webauthn", True), ("recovery_codes", False)]
)
def test_second_factor_opens_the_house(world, factor_required, kind, enough):
    secretary = world.user("secretary")
    Authenticator.objects.create(user=secretary, type=kind, data={})
    assert has_second_factor(secretary) is enough
    assert (world.client("secretary").get("/audit/mine/").status_code == 200) is enough


def test_old_password_must_be_renewed_only_in_the_graded_profile(world, settings):
    client = world.client("author")
    world.users["author"].password_changed_at = timezone.now() - timedelta(days=91)
    world.users["author"].set_password("a quiet evening")
    world.users["author"].save(update_fields=["password_changed_at", "password"])
    client = world.client("author")
    assert client.get("/audit/mine/").status_code == 200
    settings.PASSWORD_MAX_DAYS = 90
    assert client.get("/audit/mine/").headers["Location"] == "/accounts/password/change/"
