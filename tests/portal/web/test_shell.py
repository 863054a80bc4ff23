"""Head, foot, switches, the files that machines ask for, and the headers of every answer."""

import pytest
from django.urls import reverse
from lxml import html

PUBLIC = ["about", "accessibility", "privacy", "terms", "sitemap"]


def tree(answer):
    return html.document_fromstring(answer.content.decode())


@pytest.mark.parametrize("name", PUBLIC)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_statement_costs_a_visitor_no_query(client, settings, name, language, django_assert_num_queries, db):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    with django_assert_num_queries(0):
        answer = client.get(reverse(f"site:{name}"))
    assert answer.status_code == 200
    assert "X-Robots-Tag" not in answer
    assert answer["Cache-Control"] == "no-cache"


def test_page_of_a_person_is_neither_kept_nor_indexed(world):
    answer = world.client("author").get("/about/")
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Permissions-Policy"].startswith("accelerometer=()")


def test_sign_in_page_is_not_indexed(client, db):
    assert client.get(reverse("account_login"))["X-Robots-Tag"] == "noindex, nofollow"


def test_menus_follow_rights(world):
    def menu(name):
        page = tree(world.client(name).get("/about/"))
        return set(page.xpath("//nav[@class='work-bar']//a/@href"))

    assert reverse("members:member-list") in menu("secretary")
    assert menu("author") == set()


def test_care_switch_is_remembered_and_can_be_undone(client, db):
    answer = client.post("/care/", {"care": "1", "next": "/about/"}, follow=True)
    assert answer.redirect_chain == [("/about/", 302)]
    assert tree(answer).get("class") == "care"
    answer = client.post("/care/", {"care": "0", "next": "/about/"}, follow=True)
    assert tree(answer).get("class") is None


@pytest.mark.parametrize("wanted", ["//evil.example/", "http://evil.example/", "javascript:alert(1)", ""])
def test_switch_leads_to_no_other_host(client, db, wanted):
    assert client.post("/care/", {"care": "1", "next": wanted})["Location"] == reverse("home:landing")


def test_switch_refuses_to_be_read(client, db):
    assert [client.get(path).status_code for path in ("/care/", "/account/language/")] == [405, 405]


def test_robots_are_kept_from_what_is_behind_sign_in(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /members/"} <= set(lines)


@pytest.mark.parametrize(
    "contact, shown",
    [("party@example.edu.cn", "mailto:party@example.edu.cn"), ("Room 5", "https://party.example/about/")],
)
def test_security_txt_names_a_contact_and_a_day(client, settings, contact, shown):
    settings.SITE_CONTACT, settings.SITE_ADDRESS = contact, "https://party.example"
    lines = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").content.decode().splitlines())
    assert lines["Contact"] == shown
    assert sorted(lines) == ["Canonical", "Contact", "Expires", "Preferred-Languages"]


def test_manifest_and_favicon_are_served(client):
    assert client.get("/manifest.webmanifest").json()["theme_color"] == "#a6131b"
    assert client.get("/favicon.ico")["Location"].endswith("img/favicon.ico")
