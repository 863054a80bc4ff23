"""T-20, T-27: whatever stands in an address, a parameter or a field, the answer is a page and never a failure."""

from urllib.parse import quote

import pytest
from django.db import transaction
from django.urls import reverse

from tests.access.matrix import MATRIX
from tests.access.walking import address, method_of

PARAMETERS = [
    "q", "words", "page", "per_page", "after", "before", "on", "year", "quarter", "organization", "top", "node", "kind",
    "state", "standing", "field", "version", "newer", "older", "next", "quote", "only", "show", "cursor", "month",
    "day",
    "from", "to", "person", "verb", "o", "p", "e", "s", "_popup", "_to_field", "_changelist_filters", "app_label",
    "model_name", "field_name", "term", "size", "number", "sort", "without", "place",
]  # fmt: skip
# Already escaped, so that what is no text can be sent too.
VALUES = [
    "", "%00", "a%00b", "9" * 30, "-1", "-" + "9" * 20, str(2**63), str(2**31), "1e999", "NaN", "%FF%FE", "%C3%28",
    "%ED%A0%80", "%F0%9F%98%80" * 50, quote("张" * 300), "x" * 3000, "'%22%3E%3Cscript%3E", "%25s%25d%25%28x%29s",
    "..%2F..%2Fetc%2Fpasswd", "0", "0000-00-00", "9999-12-31", "2024-02-30", "%D9%A1%D9%A2", "%C2%B2",
    "%0D%0ASet-Cookie:x",
    "[]", "%7B%22a%22:1%7D", "1,2,3", "%E2%80%AE", "()((((((((((((((", "%EF%BC%91", "true",
]  # fmt: skip
TEXTS = [
    "\x00", "a\x00b", "9" * 40, "-1", str(2**63), "x" * 100_000, "😀" * 5000, "‮\u2028\ufeff", "0000-00-00",
    "9999-99-99",
    "[]", '{"a": [1]}', "<script>alert(1)</script>", "\r\nX: y", "١٢", "²", "张三" * 2000,
]  # fmt: skip
FIELDS = [
    "title", "body", "words", "reason", "version", "name", "number", "email", "organization", "organizations",
    "standing",
    "on", "since", "until", "post", "person", "contact", "state", "answer", "field", "kind", "dated_on", "paragraph",
    "visibility", "quote", "token", "draft_version", "data", "sequence", "device", "newest", "quarter",
    "audience_organizations",
    "audience_standings", "text", "key", "parent", "position", "wanted", "verb", "decision", "up", "language",
    "next", "take",
    "create", "column", "columns", "hours", "minutes", "slug", "id_no", "mobile", "birth_date", "action",
    "_selected_action",
    "_save", "code", "short_name", "established_on", "login", "password", "oldpassword", "password1", "is_named",
    "place",
]  # fmt: skip


def rows():
    return [(*method_of(key), what) for key, (what, *_columns) in MATRIX.items()]


@pytest.mark.logs_errors
@pytest.mark.parametrize("name", ["visitor", "author", "committee"])
def test_parameters_of_every_page_break_nothing(ground, clients, name):
    client, broken = clients[name], []
    for turn, (route, method, what) in enumerate(rows()):
        if method != "GET":
            continue
        url = address(route, what, ground.plots["branch"])
        for step in range(4):  # every value meets every parameter over the routes, each request carries all of them
            pairs = [(p, VALUES[(i + turn * 7 + step * 5) % len(VALUES)]) for i, p in enumerate(PARAMETERS)]
            if step == 3:
                pairs = [(p, v) for p, v in pairs if "%00" not in v and "%FF" not in v and "%C3%28" not in v
                         and "%ED%A0" not in v and len(v) < 400]  # fmt: skip
            for part in ([pairs] if step < 3 else [pairs[:11], pairs[11:22], pairs[22:33], pairs[33:]]):
                broken += failure(client, "GET", f"{url}?{'&'.join(f'{p}={v}' for p, v in part)}")
    assert broken == []


@pytest.mark.logs_errors
@pytest.mark.parametrize("name", ["author", "committee", "admin"])
def test_fields_of_every_form_break_nothing(ground, clients, name):
    client, broken = clients[name], []
    for turn, (route, _method, what) in enumerate(rows()):
        url = address(route, what, ground.plots["branch"])
        for step in range(3):
            times = 2 if step == 2 else 1
            data = {f: [TEXTS[(i + turn + step * 5) % len(TEXTS)]] * times for i, f in enumerate(FIELDS)}
            broken += failure(client, "POST", url, data)
        broken += failure(client, "POST", url, b"\xff\xfe=%00&a=%ED%A0%80&&&===", "application/x-www-form-urlencoded")
        broken += failure(client, "POST", url, b'{"a": [[[[[', "application/json")
        broken += failure(client, "POST", url, b"--x\r\nbroken", "multipart/form-data; boundary=x")
    assert broken == []


def failure(client, method, url, data=None, content_type=None):
    """Return the request when it fails, and nothing when it is answered."""
    try:
        with transaction.atomic():
            if method == "GET":
                response = client.get(url)
            elif content_type:
                response = client.generic("POST", url, data, content_type=content_type)
            else:
                response = client.post(url, data)
            transaction.set_rollback(True)
    except Exception as fault:  # noqa: BLE001
        return [f"{method} {url[:300]}: {type(fault).__name__}: {str(fault)[:150]}"]
    return [f"{method} {url[:300]}: {response.status_code}"] if response.status_code >= 500 else []


IDS = ["0", str(2**31), str(2**63 - 1), str(2**63), "9" * 30, "-1", "a", "%00", "1_2", "_5F", "%F0%9F%98%80", "1/../2"]


def disguises(known):
    """Return what Python reads as the same number although no address is written so."""
    return [f"+{known}", f"%20{known}", f"0_{known}"] if known.isdigit() else []


@pytest.mark.parametrize("name", ["author", "secretary", "admin"])
def test_ids_of_nothing_are_unknown(ground, clients, name):
    broken = []
    for route, method, what in rows():
        if not what or what == "year quarter":
            continue
        known = address(route, what, ground.plots["branch"])
        parts = known.rstrip("/").split("/")
        spots = [i for i, part in enumerate(parts) if part.isdigit() or len(part) in (32, 36)]
        for spot in spots:
            for wrong in [*IDS, *disguises(parts[spot])]:
                url = "/".join([*parts[:spot], wrong, *parts[spot + 1 :]]) + ("/" if known.endswith("/") else "")
                broken += failure(clients[name], "GET" if method == "GET" else "POST", url, {})
    assert broken == []


DEEP = ["page=1000000000", "per_page=1000000000", "page=-1", "page_size=1000000000", "p=1000000000",
        "after=999999999999999999999", "all="]  # fmt: skip


@pytest.mark.parametrize("query", DEEP)
def test_deep_pages_are_answered(ground, clients, query):
    """T-27: a page beyond the last and a length beyond the limit are cheap answers."""
    for route, method, what in rows():
        if method == "GET" and route.endswith(("list", "tree", "inbox", "history", "search", "changelist", "thread")):
            url = address(route, what, ground.plots["branch"])
            assert clients["committee"].get(f"{url}?{query}").status_code in (200, 302, 400, 403, 404), url


LISTS = ["members:member-list", "notifications:inbox", "audit:history", "members:development:thought-report-list"]


@pytest.mark.parametrize("route", LISTS)
def test_no_list_is_longer_than_its_limit(ground, clients, route):
    from tests.factories.people import make_people

    make_people(ground.world.branch, 250)
    text = clients["committee"].get(reverse(route), {"per_page": 10**9}).content.decode()
    assert text.count("<tr") < 220
