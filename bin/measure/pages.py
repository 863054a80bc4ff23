"""Run inside a portal whose database is laid: say what each page costs in statements and bytes, or lay the data.

``python -m measure.pages lay PEOPLE`` lays the data and prints the pages as JSON; ``costs`` reads them from standard
input and prints statements, writes and sizes.
"""

import gzip
import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django comes first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection, reset_queries  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from measure import seed as laying  # noqa: E402
from portal.accounts.models import User  # noqa: E402


@dataclass(frozen=True)
class Page:
    """One page to measure: its goal as ratio to limit (b), statements, and kilobytes plain and compressed."""

    name: str
    path: str
    signed_in: bool
    ratio: float
    statements: int
    kilobytes: int
    compressed: int


def pages(seed: laying.Seed) -> list[Page]:
    """Return the pages of the goal table (docs/performance.md)."""
    assert seed.article and seed.board and seed.thread and seed.course and seed.branch
    article, column = seed.article.get_absolute_url(), reverse("news:column", args=[seed.article.column.slug])
    board, thread = reverse("forum:board", args=[seed.board.slug]), reverse("forum:thread", args=[seed.thread.pk])
    return [
        Page("article, visitor", article, False, 0.25, 4, 40, 8),
        Page("article, signed in", article, True, 0.20, 6, 40, 8),
        Page("column, visitor", column, False, 0.17, 4, 60, 10),
        Page("threads, visitor", board, False, 0.15, 4, 40, 6),
        Page("threads, signed in", board, True, 0.10, 8, 40, 6),
        Page("thread, visitor", thread, False, 0.13, 4, 60, 10),
        Page("thread, signed in", thread, True, 0.10, 8, 60, 10),
        Page("boards (100), signed in", reverse("forum:board-list"), True, 0.05, 6, 60, 8),
        Page("people", reverse("members:member-list"), True, 0.12, 7, 50, 7),
        Page("reports", reverse("members:development:thought-report-list"), True, 0.12, 7, 50, 7),
        Page("branch", reverse("organizations:organization-detail", args=[seed.branch.pk]), True, 0.12, 7, 50, 7),
        Page("workbench", reverse("home:workbench"), True, 0.10, 12, 60, 9),
        Page("course of 40 lessons", reverse("partyschool:course", args=[seed.course.pk]), True, 0.10, 8, 60, 9),
    ]


def session_of(user: User) -> str:
    """Sign ``user`` in without a browser and return the session key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def lay(people: int) -> None:
    seed = laying.lay(people)
    assert seed.reader
    facts = {
        "session": session_of(seed.reader),
        "cookie": settings.SESSION_COOKIE_NAME,
        "pages": [asdict(page) for page in pages(seed)],
    }
    facts["branches"] = seed.branches
    sys.stdout.write(json.dumps(facts))


def more(people: int) -> None:
    """Grow what is there to ``people`` people and as many threads."""
    facts = json.load(sys.stdin)
    from forum.models import Board, Thread

    seed = laying.Seed(
        board=Board.objects.order_by("pk").first(),
        thread=Thread.objects.order_by("pk").first(),
        people=User.objects.filter(number__startswith="B").count(),
        branches=facts["branches"],
    )
    laying.grow(seed, people)
    laying.threads(seed, people)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def costs() -> None:
    facts = json.load(sys.stdin)
    found = []
    for page in facts["pages"]:
        client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
        if page["signed_in"]:
            client.cookies[facts["cookie"]] = facts["session"]
        client.get(page["path"], {"cold": "1"})
        reset_queries()
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page["path"], {"cold": "1"})
        # A prepared statement is logged without its text; those that write are never prepared.
        texts = [query["sql"] or "SELECT" for query in queries]
        statements = [text for text in texts if not text.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
        writes = sum(statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) for statement in statements)
        seconds = sum(float(query["time"]) for query in queries)
        found.append(
            {
                "name": page["name"],
                "status": answer.status_code,
                "statements": len(statements),
                "writes": writes,
                "sql_ms": round(seconds * 1000, 1),
                "bytes": len(answer.content),
                "compressed": len(gzip.compress(answer.content, 6)),
            }
        )
    sys.stdout.write(json.dumps(found))


def times() -> None:
    """Print the median milliseconds that each page takes inside the process, of nine askings."""
    facts = json.load(sys.stdin)
    found = {}
    for page in facts["pages"]:
        client = Client(HTTP_HOST=settings.ALLOWED_HOSTS[0])
        if page["signed_in"]:
            client.cookies[facts["cookie"]] = facts["session"]
        taken = []
        for _number in range(11):
            began = time.perf_counter()
            client.get(page["path"], {"cold": "1"})
            taken.append((time.perf_counter() - began) * 1000)
        found[page["name"]] = statistics.median(taken[2:])
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    {"lay": lambda: lay(int(rest[0])), "more": lambda: more(int(rest[0])), "costs": costs, "times": times}[verb]()
