"""T-13: no address in a request leads to another host."""

import pytest
from django.urls import reverse

ELSEWHERE = [
    "http://evil.example/", "https://evil.example", "//evil.example", "///evil.example", "////evil.example",
    "/\\evil.example", "\\\\evil.example", "http:evil.example", "https:/evil.example", "javascript:alert(1)",
    "data:text/html,x", "/%09/evil.example", "\t//evil.example", "http://testserver@evil.example",
    "//testserver.evil.example",
    "http:///evil.example", "ftp://testserver/", " //evil.example", "/\t/evil.example", "https://evil.example\\@testserver/",
]  # fmt: skip
DOORS = [
    ("get", "account_login"), ("get", "account_logout"), ("post", "site:care"),
    ("post", "accounts:language"), ("get", "admin:login"), ("get", "account_reauthenticate"), ("get", "mfa_index"),
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize(("method", "route"), DOORS)
def test_next_stays_in_the_house(world, method, route, target):
    for name in (None, "author"):
        client = world.client(name)
        data = {"next": target, "language": "en", "care": "on", "on": "1"}
        response = getattr(client, method)(reverse(route), data, headers={"Referer": target.strip() or "/"})
        where = response.headers.get("Location", "/")
        assert where.startswith("/") and not where.startswith(("//", "/\\"))
        assert not any(character in where for character in "\t\r\n\\")


@pytest.mark.parametrize("target", [target for target in ELSEWHERE if not target.startswith("/%")])
def test_sign_in_and_out_end_in_the_house(world, target):
    user = world.user("author")
    user.set_password("a long enough word")
    user.save()
    client = world.client(None)
    data = {"login": user.number, "password": "a long enough word", "next": target}
    assert client.post(reverse("account_login"), data).headers["Location"] == reverse("home:workbench")
    assert client.post(reverse("account_logout"), {"next": target}).headers["Location"] == reverse("home:landing")
