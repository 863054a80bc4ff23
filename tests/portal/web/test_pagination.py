"""Cursor pages: every row once, in either direction, whatever the address holds."""

import base64
import json

import pytest
from django.db.models import Value
from django.db.models.functions import Concat, Length

from portal.accounts.models import User
from portal.web.pagination import COUNT_LIMIT, KeysetPaginator, per_page_of

pytestmark = pytest.mark.django_db
ORDERS = [("pk",), ("-pk",), ("name", "-number"), ("-name", "pk"), ("-date_joined", "-pk"), ("length", "number")]


@pytest.fixture
def people():
    User.objects.bulk_create(
        User(number=f"n{n:03}", name=f"name {n % 7}", password="!") for n in range(45)
    )  # fmt: skip
    return User.objects.annotate(length=Length(Concat("name", Value("!"))))


def cursor_of(values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 7, 20, 45, 50])
def test_pages_forwards_and_back_hold_every_row_once_in_order(people, order, size):
    expected = list(people.order_by(*order))
    paginator = KeysetPaginator(people, order, size)
    page, forwards = paginator.page({}), []
    while True:
        forwards.append(page)
        if not page.after:
            break
        page = paginator.page({"after": page.after})
    assert [row for one in forwards for row in one] == expected
    backwards = [page]
    while page.before:
        page = paginator.page({"before": page.before})
        backwards.append(page)
    assert [row for one in reversed(backwards) for row in one] == expected


def test_page_stays_where_it_was_while_rows_are_added(people):
    paginator = KeysetPaginator(people, ("-pk",), 20)
    first = paginator.page({})
    expected = list(paginator.page({"after": first.after}))
    User.objects.create(number="late", name="late", password="!")
    assert list(paginator.page({"after": first.after})) == expected


def test_page_whose_rows_are_gone_becomes_the_first(people):
    paginator = KeysetPaginator(people, ("pk",), 20)
    after = paginator.page({}).after
    people.filter(pk__gt=paginator.page({}).object_list[19].pk).delete()
    assert len(paginator.page({"after": after})) == 20


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "%%%", "a" * 5000, cursor_of([]), cursor_of({}), cursor_of([1, 2]), cursor_of(["a\x00b"]),
        cursor_of([None]), cursor_of([2**63]), cursor_of([10**400]), cursor_of([{"a": 1}]), cursor_of([[1]]),
        cursor_of(["1e999"]), "é", "[" * 900,
    ],
)  # fmt: skip
def test_broken_cursor_gives_the_first_page(people, cursor):
    paginator = KeysetPaginator(people, ("pk",), 20)
    first = list(paginator.page({}))
    assert [list(paginator.page({name: cursor})) for name in ("after", "before")] == [first, first]


def test_page_is_one_query_and_its_count_one_more(people, django_assert_num_queries):
    with django_assert_num_queries(2):
        page = KeysetPaginator(people, ("pk",), 20).page({})
        assert page.count_words == "45"


def test_count_of_a_single_page_asks_nothing(people, django_assert_num_queries):
    page = KeysetPaginator(people, ("pk",), 50).page({})
    with django_assert_num_queries(0):
        assert page.count_words == "45"


def test_count_stops_at_a_thousand(people):
    User.objects.bulk_create(User(number=f"m{n}", name="many", password="!") for n in range(COUNT_LIMIT))
    assert KeysetPaginator(people, ("pk",), 20).page({}).count_words == "1000+"


@pytest.mark.parametrize("given, size", [("20", 20), ("50", 50), ("100", 100), ("1000000", 20), ("x", 20), ("", 20)])
def test_per_page_offers_three_sizes(given, size):
    assert per_page_of({"per_page": given}) == size
