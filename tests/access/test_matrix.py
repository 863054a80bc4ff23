"""Every route × every actor × own and foreign object answers as the matrix says (trust.md T-01 to T-04)."""

import pytest
from django.db import transaction
from django.http import HttpResponseForbidden, HttpResponseNotFound

from portal import urls

from .matrix import MATRIX, WORDS
from .walking import ACTORS, address, ask, expected, method_of, places, routes, row_counts

# One test for each part of the house, so that they spread over processes.
PARTS = sorted({key.removeprefix("POST ").partition("_")[0] if "admin:" in key else
                key.removeprefix("POST ").rpartition(":")[0] for key in MATRIX})  # fmt: skip


# In foreign places a bare POST is tried by those who might gain by it; at home by everybody.
TRYING = {"visitor", "author", "secretary", "neighbor", "college", "editor", "admin"}


@pytest.fixture(autouse=True)
def plain_refusals(monkeypatch) -> None:
    """Refuse in no words: the pages that say it are tested elsewhere, and drawing them takes a third of the time."""
    monkeypatch.setattr(urls, "handler403", lambda request, exception: HttpResponseForbidden())
    monkeypatch.setattr(urls, "handler404", lambda request, exception: HttpResponseNotFound())


def rows_of(part: str) -> list[str]:
    found = []
    for key in MATRIX:
        route, _method = method_of(key)
        own = route.partition("_")[0] if route.startswith("admin:") else route.rpartition(":")[0]
        if own == part:
            found.append(key)
    return found


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    found = {name for name in routes() if "<" not in name}
    assert {method_of(key)[0] for key in MATRIX} == found


def test_parts_hold_every_row() -> None:
    assert sorted(key for part in PARTS for key in rows_of(part)) == sorted(MATRIX)


@pytest.mark.parametrize("part", PARTS)
def test_everybody_meets_what_the_matrix_says(ground, clients, part: str) -> None:
    """Ask in the way of the row; what was refused is tried again by a bare POST, which must be refused as well."""
    wrong, before = [], row_counts()
    for key in rows_of(part):
        (route, method), what = method_of(key), MATRIX[key][0]
        for place in places(what, ground):
            url, wanted = address(route, what, ground.plots[place]), expected(MATRIX[key], place)
            for name in ACTORS:
                with transaction.atomic():
                    met = ask(clients[name], method, url, WORDS.get(route))
                    transaction.set_rollback(True)
                if met != wanted[name]:
                    wrong.append(f"{key} {place} {name}: {met}, not {wanted[name]}")
                if wanted[name] != "ok" and method == "GET" and (place == "branch" or name in TRYING):
                    met = ask(clients[name], "POST", url)
                    if met not in ("sign-in", "403", "404", "405"):
                        wrong.append(f"bare POST {key} {place} {name}: {met}")
    assert wrong == []
    assert row_counts() == before


METHODS = ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "HEAD", "get", "Post", "PURGE", "PROPFIND", "CONNECT"]
DISGUISES = [
    {"X-HTTP-Method-Override": "DELETE"}, {"X-Method-Override": "PUT"}, {"X-HTTP-Method": "PATCH"},
    {"X-Original-URL": "/admin/"}, {"X-Rewrite-URL": "/admin/"}, {"X-Forwarded-Prefix": "/admin"},
    {"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-User": "admin"}, {"Remote-User": "20240018"},
]  # fmt: skip


@pytest.mark.parametrize("name", ["author", "secretary"])
def test_odd_methods_change_nothing(ground, clients, name: str) -> None:
    """T-03. ``TRACE`` and the like are answered, and no row comes or goes."""
    wrong, before = [], row_counts()
    for turn, (key, row) in enumerate(MATRIX.items()):
        (route, _method), what = method_of(key), row[0]
        url = address(route, what, ground.plots["sibling" if len(places(what, ground)) > 1 else "branch"])
        for method in (METHODS[turn % len(METHODS)], METHODS[(turn + 4) % len(METHODS)]):
            if route == "drafts:draft" and method == "Post":
                continue  # saves a draft of one's own, which is what the address is for
            status = clients[name].generic(method, url).status_code
            if status >= 500:
                wrong.append(f"{method} {key}: {status}")
    assert wrong == []
    assert row_counts() == before


@pytest.mark.parametrize("headers", DISGUISES, ids=lambda headers: next(iter(headers)))
def test_disguises_open_nothing(ground, clients, headers: dict[str, str]) -> None:
    """T-03: no header names another address, another method or another person."""
    before = row_counts()
    for key in ("members:member-detail", "members:member-edit", "imports:run"):
        url = address(key, MATRIX[key][0], ground.plots["sibling"])
        for data in ({}, {"_method": "DELETE"}, {"_method": "GET"}):
            assert clients["secretary"].post(url, data, headers=headers).status_code in (404, 405)
        assert clients["secretary"].get(url, headers=headers).status_code == 404
        assert clients["visitor"].get(url, headers=headers).status_code == 302
    assert row_counts() == before


SPELLINGS = ["{}/", "/{}", "{}?", "{}#x", "{}//", "{}%20", "{};x=1", "{}.html", "{}%2f", "{}/.", "{}/../x"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spelling_opens_nothing(ground, clients, spelling: str) -> None:
    """T-03: an address spelled otherwise is the same page or none."""
    for key in ("members:member-detail", "members:development:thought-report-detail", "imports:run"):
        url = address(key, MATRIX[key][0], ground.plots["sibling"]).rstrip("/")
        for name in ("secretary", "author", "visitor"):
            assert ask(clients[name], "GET", spelling.format(url)) in ("404", "sign-in", "ok")
            response = clients[name].get(spelling.format(url), follow=True)
            assert response.status_code == 404 or "login" in response.redirect_chain[-1][0]
