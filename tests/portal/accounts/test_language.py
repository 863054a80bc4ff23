"""Chinese first; a choice is kept with the account, or by the browser of a visitor, through one switch everywhere."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse
from lxml import html

PAGE = "/about/"
SWITCH = "/account/language/"


def lang(client: Client, page: str = PAGE, **headers: str) -> str:
    return html.fromstring(client.get(page, headers=headers).content).get("lang")


@pytest.fixture
def chinese(settings):
    """Undo what makes other tests read English."""
    settings.LANGUAGE_CODE = "zh-hans"


@pytest.mark.parametrize("asked", ["en", "en-US,en;q=0.9", "zh-CN", "de", ""])
def test_first_visit_is_in_chinese_whatever_the_browser_asks_for(db, chinese, asked):
    answer = Client().get(PAGE, headers={"Accept-Language": asked})
    assert (html.fromstring(answer.content).get("lang"), answer.headers["Content-Language"]) == ("zh-Hans", "zh-hans")
    assert "Accept-Language" not in answer.headers.get("Vary", "")


def test_choice_of_a_visitor_is_kept_in_a_cookie(db, chinese):
    client = Client()
    assert client.post(SWITCH, {"language": "en", "next": PAGE}).headers["Location"] == PAGE
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert lang(client) == "en"


def test_choice_of_a_person_is_kept_with_the_account_and_holds_on_every_device(world, chinese):
    first, second = world.client("author"), world.client("author")
    second.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    first.post(SWITCH, {"language": "en", "next": PAGE})
    assert world.user("author").language == "en"
    assert (lang(first), lang(second), lang(Client())) == ("en", "en", "zh-Hans")


@pytest.mark.parametrize("code", ["xx", "", "de", "../en"])
def test_language_that_is_not_offered_changes_nothing(world, code):
    client = world.client("author")
    client.post(SWITCH, {"language": "en", "next": PAGE})
    client.post(SWITCH, {"language": code, "next": PAGE})
    assert (world.user("author").language, client.cookies[settings.LANGUAGE_COOKIE_NAME].value) == ("en", "en")


@pytest.mark.parametrize("forged", ["xx", "en\n", "zh", "a" * 600])
def test_forged_cookie_is_no_choice(db, chinese, forged):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = forged
    assert lang(client) == "zh-Hans"


@pytest.mark.parametrize(
    ("name", "page"), [(None, "/"), ("author", "/"), ("author", "/account/"), ("admin", "/admin/")]
)
def test_switch_stands_on_every_page_and_leads_to_the_same_place(world, name, page):
    forms = html.fromstring(world.client(name).get(page).content).xpath("//form[.//*[@name='language']]")
    assert {form.get("action") for form in forms} == {SWITCH}
    assert len([form for form in forms if form.xpath(".//button[@name='language']")]) == 1


def test_there_is_no_second_mechanism():
    names = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    assert "set_language" not in names
    assert reverse("accounts:language") == SWITCH


def test_page_of_failure_is_in_the_language_chosen(world):
    client = world.client("author")
    client.post(SWITCH, {"language": "zh-hans", "next": PAGE})
    assert lang(client, "/nowhere/") == "zh-Hans"
