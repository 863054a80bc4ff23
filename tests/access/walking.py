"""How the matrix is walked: every route of the resolver, the address of an object, and what an answer means."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.world import CAST

from .ground import PLACES, Ground, Plot
from .matrix import GROUPS, Row

SIGNED_IN = [*CAST, "admin", "auditor", "outsider"]
ACTORS = ["visitor", *SIGNED_IN]
# A closed account is nobody: the session it still has opens no more than a visitor's.
NOBODY = {"visitor", "disabled"}


def routes(resolver: URLResolver | None = None, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the full name of every route; one without a name by its pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, (*spaces, entry.namespace) if entry.namespace else spaces)
        else:
            yield ":".join([*spaces, entry.name or f"<{entry.pattern}>"])


def arguments(what: str, plot: Plot) -> list[Any]:
    """Return what the address of ``what`` is made of: ``"member"`` its id, ``"report comment"`` two ids."""
    special = {
        "board": lambda: [plot["board"].slug],
        "board_pk": lambda: [plot["board"].pk],
        "shown_pk": lambda: [plot["shown"].pk],
        "column_pk": lambda: [plot["column"].pk],
        "year quarter": lambda: [plot["report"].year, plot["report"].quarter],
        "shown": lambda: [plot["shown"].token],
        "column": lambda: [plot["column"].slug],
        "transfer transfer_verb": lambda: [plot["transfer"].pk, "check"],
        "photo": lambda: [plot["photo"].token, "card"],
        "scan": lambda: [plot["scan"].token, plot["scan"].name],
    }
    if what in special:
        return special[what]()
    return [plot[word].pk if word in plot.objects else word for word in what.split()]


def places(what: str, ground: Ground) -> tuple[str, ...]:
    """Return the nodes in which the question differs: one for a route that takes no object."""
    if what.startswith("column"):  # columns belong to the whole site
        return PLACES[:1]
    known = ground.plots["branch"].objects
    return PLACES if any(word.removesuffix("_pk") in known for word in what.split()) else PLACES[:1]


def address(route: str, what: str, plot: Plot) -> str:
    return reverse(route, args=arguments(what, plot) if what else [])


def method_of(key: str) -> tuple[str, str]:
    """Return route and method of a row."""
    return (key.removeprefix("POST "), "POST") if key.startswith("POST ") else (key, "GET")


def outcome(response: Any) -> str:
    """Return ``ok``, ``sign-in``, ``403``, ``404``, ``405`` or, for what should not be, the bare status.

    ``ok`` reached the page, whatever it said: 401 is the page of a sign-in elsewhere that failed, 400, 409 and 422 are
    what was sent coming back.
    """
    status = response.status_code
    if status in (301, 302):
        where = response.headers["Location"]
        if where.startswith(reverse("admin:login")):  # the administration's own door: it signs nobody in
            return "sign-in" if response.wsgi_request.user.is_anonymous else "403"
        return "sign-in" if where.startswith(resolve_url(settings.LOGIN_URL)) else "ok"
    return "ok" if status in (200, 204, 304, 400, 401, 409, 422) else str(status)


def ask(client: Client, method: str, url: str, data: Any = None) -> str:
    response = client.post(url, data or {}) if method == "POST" else client.generic(method, url)
    if response.streaming:
        response.close()
    return outcome(response)


def expected(row: Row, place: str) -> dict[str, str]:
    """Return what each actor meets, by the row."""
    _object, *columns = row
    turn = PLACES.index(place)
    named = [
        {name for word in column.split() for name in GROUPS.get(word, (word,) * 3)[turn].split()} for column in columns
    ]
    may, sees, unknown = named
    rest = next((answer for answer, names in zip(ANSWERS, named, strict=True) if "*" in names), "sign-in")
    found = {}
    for name in ACTORS:
        asked = "visitor" if name in NOBODY else name
        found[name] = (
            "ok" if asked in may
            else "404" if asked in unknown
            else "403" if asked in sees
            else "sign-in" if asked == "visitor"
            else rest
        )  # fmt: skip
    return found


ANSWERS = ("ok", "403", "404")


def row_counts() -> dict[str, int]:
    """Return how many rows each table has, by one statement; sessions and the audit trail may grow."""
    tables = [table for table in connection.introspection.table_names() if not table.startswith(_GROWING)]
    parts = [f"SELECT '{table}', COUNT(*) FROM {connection.ops.quote_name(table)}" for table in sorted(tables)]  # noqa: S608
    with connection.cursor() as cursor:
        found: dict[str, int] = {}
        for start in range(0, len(parts), 50):
            cursor.execute(" UNION ALL ".join(parts[start : start + 50]))
            found |= dict(cursor.fetchall())
    return found


# allauth notes the address of an account when its page of addresses is first looked at.
_GROWING = ("django_session", "audit_", "usersessions_", "django_migrations", "account_emailaddress")
