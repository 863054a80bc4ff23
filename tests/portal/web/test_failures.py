"""What is answered when something goes wrong: the status, the words, and nothing of the machine."""

import pytest
from django.db import OperationalError
from lxml import html


def heading(answer):
    return html.document_fromstring(answer.content.decode()).xpath("//h1")[0].text_content().strip()


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    "kind, status, words",
    [
        ("away", 503, "Out of service for a moment"),
        ("table", 500, "Something went wrong on our side"),
        ("value", 500, "Something went wrong on our side"),
        ("data", 400, "This request cannot be read"),
        ("overflow", 400, "This request cannot be read"),
        ("nul", 400, "This request cannot be read"),
        ("rule", 409, "This is not possible now"),
        ("denied", 403, "You may not do this"),
    ],
)
def test_fault_is_answered_by_its_page(gallery, kind, status, words):
    answer = gallery.get(f"/gallery/fault/{kind}/")
    assert (answer.status_code, heading(answer)) == (status, words)
    assert b"Traceback" not in answer.content
    assert b'href="/"' in answer.content


def test_refusal_lists_every_reason_and_leads_back(gallery):
    answer = gallery.get("/gallery/fault/rule/", headers={"referer": "http://testserver/gallery/list/?page=2"})
    page = html.document_fromstring(answer.content.decode())
    assert [reason.text for reason in page.xpath("//ul[@class='reasons']/li")] == ["Not a year yet.", "No contact."]
    assert page.xpath("//main//a[contains(@class, 'btn-primary')]/@href") == ["/gallery/list/?page=2"]


@pytest.mark.parametrize("origin", ["http://evil.example/x", "http://testserver//evil.example/x", "nonsense"])
def test_refusal_never_leads_to_another_host(gallery, origin):
    answer = gallery.get("/gallery/fault/rule/", headers={"referer": origin})
    page = html.document_fromstring(answer.content.decode())
    (back,) = page.xpath("//main//a[contains(@class, 'btn-primary')]/@href")
    assert not back.startswith("//")
    assert "http" not in back


@pytest.mark.logs_errors
def test_away_says_when_to_come_back(gallery):
    answer = gallery.get("/gallery/fault/away/")
    assert (answer["Retry-After"], answer["Cache-Control"]) == ("30", "no-store")


@pytest.mark.logs_errors
def test_database_gone_before_the_view_is_answered_without_it(gallery, world, monkeypatch):
    client = world.client("author")
    client.raise_request_exception = False

    def gone(*_args, **_named):
        raise OperationalError("could not connect to server")

    with monkeypatch.context() as broken:
        broken.setattr("django.db.backends.utils.CursorWrapper.execute", gone)
        assert client.get("/desk/").status_code == 503


@pytest.mark.parametrize(
    "address, status",
    [
        ("/about/?x=%00", 400),
        ("/about/?x=%FF", 400),
        ("/about/?x=" + "a" * 5000, 400),
        ("/about/%00", 400),
        ("/about/?x=" + "a" * 3000, 200),
        ("/no-such-page/", 404),
    ],
)
def test_garbled_address_is_refused_in_words(gallery, address, status):
    assert gallery.get(address).status_code == status


def test_forged_session_key_counts_as_none(gallery, settings):
    gallery.cookies[settings.SESSION_COOKIE_NAME] = "a\\000b"
    assert gallery.get("/about/").status_code == 200


def test_stale_form_is_explained(gallery):
    gallery.handler.enforce_csrf_checks = True
    answer = gallery.post("/care/", {"care": "1"})
    assert (answer.status_code, heading(answer)) == (403, "This page had grown too old")


TYPED = "A long report that nobody wants to type again"


@pytest.mark.parametrize(
    ("came_from", "shown"), [("http://testserver/about/?x=1", [TYPED]), ("http://evil.example/", []), (None, [])]
)
def test_stale_form_shows_its_own_sender_what_was_typed(gallery, came_from, shown):
    gallery.handler.enforce_csrf_checks = True
    headers = {"Referer": came_from} if came_from else {}
    sent = {"body": TYPED, "new_password": TYPED, "care": "1"}
    page = html.document_fromstring(gallery.post("/care/", sent, headers=headers).content.decode())
    assert page.xpath("//textarea/text()") == shown
    again = "/about/?x=1" if shown else "/care/"
    assert page.xpath("//a[contains(@class, 'btn-primary')]/@href") == [again]


def test_not_found_is_said_in_chinese_too(gallery, settings):
    gallery.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert heading(gallery.get("/no-such-page/")) != "This page cannot be found"
