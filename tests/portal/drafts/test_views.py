import json

import pytest
from django.test import Client
from django.urls import reverse

from portal.drafts.models import Draft
from portal.drafts.services import draft_of, save_draft

URL = "/drafts/report.1/"


def save(client, data, **more):
    return client.post(URL, json.dumps({"data": data, "version": 0, "device": "one", **more}), "application/json")


def test_draft_saves_and_returns(world):
    client = world.client("author")
    answer = save(client, {"body": "text"})
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    back = client.get(URL)
    assert (back.json()["data"], back.json()["version"]) == ({"body": "text"}, 1)
    assert "no-store" in back["Cache-Control"]


def test_draft_takes_a_form_as_a_closing_page_sends_it(world):
    client = world.client("author")
    answer = client.post(URL, {"body": "text", "many": ["1", "2"], "draft_version": "0", "draft_device": "one"})
    assert answer.status_code == 200
    assert draft_of(world.user("author"), "report.1").data == {"body": "text", "many": ["1", "2"]}


def test_draft_of_nobody_yet_is_empty(world):
    assert world.client("author").get(URL).json()["version"] == 0


def test_draft_tells_of_a_conflict_with_time_and_text(world):
    save_draft(world.user("author"), "report.1", {"body": "phone"}, version=0, device="phone")
    answer = save(world.client("author"), {"body": "desk"})
    assert answer.status_code == 409
    assert answer.json()["data"] == {"body": "phone"}
    assert len(answer.json()["time"]) == 8


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"null", b'{"data": 1}', b'{"data": {"a": 1}}', b'{"data": {"a": {"b": "c"}}}',
        b'{"data": {"a": "\\u0000"}}', b'{"data": {"a": "\\ud800"}}', b'{"data": {}, "version": "x"}',
        b'{"data": {}, "version": -1}', b'{"data": {}, "sequence": [1]}', b"\xff\xfe", b'{"data":' + b"[" * 5000,
    ],
)  # fmt: skip
def test_draft_refuses_what_it_cannot_read(world, body):
    answer = world.client("author").post(URL, body, "application/json")
    assert answer.status_code == 400
    assert Draft.objects.count() == 0


def test_draft_refuses_too_much(world):
    answer = save(world.client("author"), {"body": "x" * 450_000})
    assert (answer.status_code, Draft.objects.count()) == (400, 0)


def test_draft_bounds_the_counters(world):
    assert save(world.client("author"), {"a": "b"}, version=10**30, sequence=10**30).status_code == 200


def test_draft_of_another_person_stays_unseen(world):
    save_draft(world.user("author"), "report.1", {"body": "mine"}, version=0)
    assert world.client("secretary").get(URL).json()["data"] == {}


def test_draft_asks_for_sign_in_and_token(world):
    assert Client().get(URL).status_code == 302
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.users["author"], backend="portal.accounts.backends.AccountBackend")
    assert save(client, {"body": "text"}).status_code == 403
    assert Draft.objects.count() == 0


@pytest.mark.parametrize("key", ["A", "a b", "-a", "a" * 101, "a/b"])
def test_draft_address_takes_well_formed_keys_only(world, key):
    assert world.client("author").get(f"/drafts/{key}/").status_code == 404


def test_draft_saves_in_few_queries(world, django_assert_num_queries):
    client, author = world.client("author"), world.users["author"]
    save(client, {"body": "a"})
    with django_assert_num_queries(QUERIES):
        save(client, {"body": "ab"}, version=1)
    assert reverse("drafts:draft", args=["report.1"]) == URL
    assert draft_of(author, "report.1").version == 2


QUERIES = 6
