"""A form that arrives after the session has ended: nothing is written, nothing of it is lost."""

import pytest
from django.urls import reverse
from lxml import html

from portal.drafts.models import Draft
from tests.world import World

ADDRESS = "/notices/preferences/"
PAGE = "/organizations/?q=a"
TYPED = "A long text that nobody wants to type again"


def send(world: World, data, came_from: str | None = f"http://testserver{PAGE}"):
    headers = {"Referer": came_from} if came_from else {}
    return world.client(None).post(ADDRESS, data, headers=headers)


def test_what_was_typed_comes_back_with_the_way_to_sign_in(world: World):
    answer = send(world, {"words": TYPED, "password": TYPED, "choice": "1"})
    page = html.document_fromstring(answer.content.decode())
    assert (answer.status_code, answer["Cache-Control"]) == (403, "no-store")
    assert page.xpath("//textarea[@readonly]/text()") == [TYPED]
    (sign_in,) = page.xpath("//a[contains(@class, 'btn-primary')]/@href")
    assert sign_in == f"{reverse('account_login')}?next=/organizations/%3Fq%3Da"
    assert not Draft.objects.exists()


def test_form_without_texts_leads_to_sign_in_and_back_to_its_page(world: World):
    answer = send(world, {"choice": "1"})
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next=/organizations/%3Fq%3Da")


@pytest.mark.parametrize("came_from", [None, "http://evil.example/", "http://evil.example//testserver/"])
def test_what_another_site_sends_is_not_shown(world: World, came_from: str | None):
    answer = send(world, {"words": TYPED}, came_from)
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next={ADDRESS}")
