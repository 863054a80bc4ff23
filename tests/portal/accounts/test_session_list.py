"""Where an account is signed in: everyone sees their own sessions and ends any of them."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from portal.accounts.devices import device_of
from portal.audit.models import AuditEntry

LIST = "/accounts/sessions/"
PASSWORD = "a quiet evening"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0"
WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.50"


@pytest.fixture
def enter(world):
    """Return a function that signs somebody in from a browser of its own."""

    def sign_in(name: str, agent: str = FIREFOX) -> Client:
        person = world.users[name]
        if not person.check_password(PASSWORD):
            person.set_password(PASSWORD)
            person.save()
        client = Client(headers={"User-Agent": agent})
        assert client.post("/accounts/login/", {"login": person.number, "password": PASSWORD}).status_code == 302
        client.get("/account/")
        return client

    return sign_in


def row_of(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (WECHAT, "WeChat on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/126.0 Safari/537.36", "Chrome on macOS"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) Chrome/114.0 Safari/537.36 ArkWeb", "Chrome on HarmonyOS"),
        ("curl/8.0 Linux", "Linux"),
        ("", "A browser that does not say its name"),
    ],
)
def test_device_is_named_by_families(agent, words):
    assert str(device_of(agent)) == words


def test_list_names_each_session_and_marks_this_one(enter):
    here, other = enter("author"), enter("author", WECHAT)
    enter("peer")
    rows = html.fromstring(here.get(LIST).content).xpath("//table/tbody/tr")
    words = [" ".join(row.text_content().split()) for row in rows]
    assert len(words) == 2
    assert words[0].startswith("Firefox on Windows This device")
    assert words[1].startswith("WeChat on Android")
    (link,) = rows[1].xpath(".//a/@href")
    assert link == reverse("accounts:session-end", args=[row_of(other).pk])


def test_one_session_is_ended_and_the_others_go_on(enter):
    here, lost, third = enter("author"), enter("author", WECHAT), enter("author")
    address = reverse("accounts:session-end", args=[row_of(lost).pk])
    assert here.get(address).status_code == 200
    assert is_in(lost) is True
    assert here.post(address).headers["Location"] == LIST
    assert [is_in(client) for client in (here, lost, third)] == [True, False, True]
    entry = AuditEntry.objects.get(verb="accounts.session_ended")
    assert (entry.about_id == entry.by_id, entry.changes) == (True, {"session": ["WeChat Android", ""]})
    assert here.post(address).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_session_of_somebody_else_does_not_exist(enter, method):
    mine, theirs = enter("author"), enter("peer")
    address = reverse("accounts:session-end", args=[row_of(theirs).pk])
    assert getattr(mine, method)(address).status_code == 404
    assert is_in(theirs) is True
    assert AuditEntry.objects.filter(verb="accounts.session_ended").count() == 0


def test_own_session_is_ended_by_signing_out_alone(enter):
    here = enter("author")
    assert here.post(reverse("accounts:session-end", args=[row_of(here).pk])).status_code == 409
    assert is_in(here) is True


def test_all_others_are_ended_at_once(enter):
    here, first, second, peer = enter("author"), enter("author"), enter("author", WECHAT), enter("peer")
    address = reverse("accounts:session-end-others")
    assert here.get(address).status_code == 200
    assert here.post(address).status_code == 302
    assert [is_in(client) for client in (here, first, second, peer)] == [True, False, False, True]
    assert AuditEntry.objects.filter(verb="accounts.session_ended").count() == 2


def test_list_cannot_be_posted_to(enter):
    here, other = enter("author"), enter("author")
    assert here.post(LIST).status_code == 405
    assert is_in(other) is True


def test_session_that_opens_nothing_any_more_is_not_listed(enter):
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        here = enter("author")
        enter("author")
    with time_machine.travel(start + timedelta(minutes=20), tick=False):
        assert len(html.fromstring(here.get(LIST).content).xpath("//tbody/tr")) == 2
    with time_machine.travel(start + timedelta(minutes=40), tick=False):
        assert len(html.fromstring(here.get(LIST).content).xpath("//tbody/tr")) == 1


@pytest.mark.parametrize("count", [1, 12])
def test_list_asks_the_same_number_of_questions(enter, count, django_assert_num_queries):
    here = enter("author")
    for _turn in range(count):
        enter("author")
    here.get(LIST)
    with django_assert_num_queries(6):
        here.get(LIST)
