"""What every page of every actor is looked through for: T-05, T-09, T-34, T-71, T-74 and the headers of T-70."""

import re
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.urls import reverse

from tests.access.ground import ID_NUMBERS, MOBILES, STAGED_MOBILE, STAGED_NUMBER
from tests.access.matrix import MATRIX
from tests.access.walking import address, method_of, outcome

LOOKERS = ["visitor", "author", "secretary", "committee", "admin"]
NAME = "Xqzplanted Personname"
FOREIGN = re.compile(r"""(?:src|href|action|srcset|poster|data-src)=["'](?:https?:)?//([^/"']+)""")
LOADED = re.compile(r"""<(?:script|link|img|iframe|video|audio|source|object|embed|form)\b[^>]*(?:https?:)?//[^>]*>""")


@dataclass(frozen=True)
class Page:
    actor: str
    route: str
    url: str
    status: int
    headers: dict[str, str]
    text: str


@pytest.fixture(scope="module")
def crawl(laid, django_db_blocker) -> list[Page]:
    """Return every page that each looker may open, of every node."""
    ground, clients = laid
    pages = []
    with django_db_blocker.unblock():
        for key, (what, *_columns) in MATRIX.items():
            route, method = method_of(key)
            if method != "GET":
                continue
            url = address(route, what, ground.plots["branch"])
            for name in LOOKERS:
                with transaction.atomic():
                    response = clients[name].get(url)
                    transaction.set_rollback(True)
                if outcome(response) == "ok":
                    content = b"".join(response) if response.streaming else response.content
                    text = content.decode("utf-8", "replace")
                    pages.append(Page(name, route, url, response.status_code, dict(response.headers), text))
    return pages


def test_no_page_shows_a_number_in_full(crawl):
    """T-05: numbers are masked on every page, in the admin and in what is downloaded as text."""
    secrets = [*ID_NUMBERS.values(), *MOBILES.values(), STAGED_NUMBER, STAGED_MOBILE]
    assert [(page.actor, page.route) for page in crawl if any(secret in page.text for secret in secrets)] == []


def test_no_address_holds_what_is_personal(crawl):
    """T-34: addresses and links carry keys, never a name, number, mobile or mail address."""
    personal = re.compile(r'(?:href|action|src)="[^"]*(?:example\.org|\b2024\d{4}\b|139111100|110105)[^"]*"')
    assert [(page.actor, page.route, hit) for page in crawl for hit in personal.findall(page.text)[:1]
            if "mailto:" not in hit] == []  # fmt: skip


def test_pages_load_nothing_from_elsewhere(crawl):
    """T-71: no picture, script, style, frame or form reaches another host."""
    found = {(page.route, hit) for page in crawl for hit in LOADED.findall(page.text) if "//testserver" not in hit}
    assert {(route, hit) for route, hit in found if "canonical" not in hit and "http-equiv" not in hit} == set()


def test_pages_behind_sign_in_are_for_no_robot_and_no_cache(crawl):
    """T-74, ASVS 14.3.2."""
    html = [page for page in crawl if page.headers.get("Content-Type", "").startswith("text/html")]
    signed_in = [page for page in html if page.actor != "visitor"]
    assert {p.route for p in signed_in if "noindex" not in p.headers.get("X-Robots-Tag", "")} == set()
    assert {p.route for p in signed_in if "no-store" not in p.headers.get("Cache-Control", "")} == set()


def test_every_answer_carries_the_headers(crawl):
    missing = {
        (page.route, header)
        for page in crawl
        for header in ("X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "Permissions-Policy",
                       "Cross-Origin-Opener-Policy", "Content-Security-Policy")
        if header not in page.headers
    }  # fmt: skip
    assert missing == set()


def test_robots_are_told_what_is_private(client, db):
    text = client.get("/robots.txt").content.decode()
    for prefix in ("/admin/", "/members/", "/accounts/", "/audit/", "/organizations/"):
        assert f"Disallow: {prefix}" in text


@pytest.fixture
def planted(ground):
    """Give a person of another college a name that nobody else has, in every text a search could find."""
    from members.services import create_member
    from portal.search.services import touch

    member = create_member(
        number="ZZ99887766", name=NAME, email="zz99887766@example.org", by=None, organization=ground.world.far_branch,
        standing="activist", on=ground.world.since,
    )  # fmt: skip
    touch(member)
    return member


# route: the parameters by which a page looks people up
SEARCHES = {
    "search:search": ("q", "words"),
    "members:member-list": ("q", "words"),
    "organizations:person-suggest": ("q", "words", "term"),
    "members:development:thought-report-list": ("words", "q"),
    "members:development:contact-list": ("words",),
    "audit:history": ("words", "q", "person", "who"),
    "admin:search": ("s", "q"),
    "admin:members_member_changelist": ("q",),
    "admin:accounts_user_changelist": ("q",),
    "admin:organizations_affiliation_changelist": ("q",),
    "admin:partyschool_enrolment_changelist": ("q",),
}


@pytest.mark.parametrize("word", [NAME, "Xqzplanted", "ZZ99887766", "zz99887766@example.org"])
def test_name_of_another_branch_is_found_nowhere(ground, clients, planted, word):
    """T-09."""
    for route, parameters in SEARCHES.items():
        for name in ("author", "secretary", "neighbor", "editor", "moderator", "lecturer", "outsider"):
            for parameter in parameters:
                text = clients[name].get(reverse(route), {parameter: word}).content.decode()
                # What was asked for stands in the field again; a row says more than that.
                for part in (NAME, "ZZ99887766", "zz99887766@example.org"):
                    assert part == word or part not in text, (route, name, parameter)


@pytest.mark.parametrize("model", ["members.member", "accounts.user", "organizations.appointment"])
def test_autocomplete_of_the_admin_offers_nobody_of_another_branch(ground, clients, planted, model):
    app, name = model.split(".")
    for field in ("user", "member", "organization", "person", "contact", "by"):
        query = {"app_label": app, "model_name": name, "field_name": field, "term": "Xqz"}
        for actor in ("secretary", "neighbor", "author"):
            response = clients[actor].get(reverse("admin:autocomplete"), query)
            assert NAME not in response.content.decode()
