"""Downloads in WeChat's browser, which saves none."""

import pytest
from django.urls import reverse
from lxml import html

from tests.world import World

WECHAT = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0.47"
ADDRESS = "/imports/template/roster/"


@pytest.fixture
def phone(world: World):
    client = world.client("committee")
    client.defaults["HTTP_USER_AGENT"] = WECHAT
    return client


def test_download_in_wechat_says_how_to_come_by_the_file(phone):
    answer = phone.get(ADDRESS)
    page = html.document_fromstring(answer.content.decode())
    assert (answer.status_code, "Content-Disposition" in answer) == (200, False)
    assert page.xpath("//input[@readonly]/@value") == [f"http://testserver{ADDRESS}"]
    (anyway,) = page.xpath("//main//a[contains(@class, 'btn')]/@href")
    assert phone.get(anyway)["Content-Disposition"].startswith("attachment")


def test_download_elsewhere_is_the_file(world: World):
    assert world.client("committee").get(ADDRESS)["Content-Disposition"].startswith("attachment")


def test_pages_in_wechat_are_themselves(phone):
    assert phone.get(reverse("imports:list")).context["shell"].user is not None
