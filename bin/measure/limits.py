"""The limits that pages are measured against: the least that Django itself can do, in one small application.

``/b/`` is default middleware, session and a template of 20 rows without database; ``/bl/`` the same for somebody signed
in; ``/list/`` 20 rows with author and a count in plain markup; ``/thread/`` 20 texts with author, date and three links.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application

if not settings.configured:
    settings.configure(
        SECRET_KEY="limits-only-measure-nothing-secret",  # noqa: S106 - holds nothing worth keeping
        DEBUG=False,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": environ.Env.db_url_config(os.environ["LIMITS_DATABASE_URL"]) | {"CONN_MAX_AGE": 60}},
        USE_TZ=True,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).parent / "templates"],
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
    )
application = get_wsgi_application()

from django.contrib.auth import get_user_model  # noqa: E402 - settings come first
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402

ROWS = [
    {"number": n, "title": f"Row number {n}", "at": datetime(2026, 1, 1, tzinfo=UTC), "author": "Somebody"}
    for n in range(20)
]


def b(request: HttpRequest) -> HttpResponse:
    return render(request, "limits/rows.html", {"rows": ROWS})


def bl(request: HttpRequest) -> HttpResponse:
    return render(request, "limits/rows.html", {"rows": ROWS, "name": request.user.get_username()})


def _query(statement: str) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def bare_list(request: HttpRequest) -> HttpResponse:
    rows = _query("SELECT number, title, at, author FROM bare_thread ORDER BY id DESC LIMIT 20")
    count = _query("SELECT posts FROM bare_board WHERE id = 1")
    return render(request, "limits/rows.html", {"rows": rows, "count": count, "name": request.user.get_username()})


def bare_thread(request: HttpRequest) -> HttpResponse:
    rows = _query("SELECT number, body, at, author FROM bare_post WHERE thread = 1 ORDER BY number LIMIT 20")
    title = _query("SELECT title FROM bare_thread WHERE id = 1")
    return render(request, "limits/thread.html", {"rows": rows, "title": title, "name": request.user.get_username()})


urlpatterns = [path("b/", b), path("bl/", bl), path("list/", bare_list), path("thread/", bare_thread)]

TABLES = """
CREATE TABLE bare_board (id serial PRIMARY KEY, posts integer);
CREATE TABLE bare_thread (id serial PRIMARY KEY, number integer, title text, at timestamptz, author text);
CREATE TABLE bare_post (id serial PRIMARY KEY, thread integer, number integer, body text, at timestamptz, author text);
INSERT INTO bare_board (posts) VALUES (1000);
INSERT INTO bare_thread (number, title, at, author)
  SELECT n, 'Title of thread ' || n, now(), 'Somebody' FROM generate_series(1, 2500) n;
INSERT INTO bare_post (thread, number, body, at, author)
  SELECT 1, n, repeat('Words of a post. ', 15), now(), 'Somebody' FROM generate_series(1, 20) n;
CREATE INDEX ON bare_post (thread, number);
"""


def prepare() -> str:
    """Lay the tables, sign somebody in and return the session key."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    user = get_user_model().objects.create_user("somebody")
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    sys.stdout.write(prepare())
