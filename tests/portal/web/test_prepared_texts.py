"""Prepared statements: a moment as a value, placeholders that are numbered, one Redis client for a process."""

from datetime import timedelta

from django.core.cache.backends.redis import RedisCache
from django.db import connection
from django.db.models import QuerySet
from django.middleware.csrf import _does_token_match
from django.utils import timezone

from portal.accounts.models import User
from portal.web.caches import shared_redis_cache
from portal.web.page_cache import _with_token
from portal.web.prepared import Instant, Text, ask, ask_count


def _joined_by(*, at: int) -> QuerySet[User]:
    return User.objects.filter(date_joined__lte=Instant(at)).order_by("pk")


def test_a_moment_is_a_value_of_a_prepared_query(django_user_model, db):
    now = timezone.now()
    earlier = User.objects.create(number="earlier", name="Earlier", date_joined=now - timedelta(days=2))
    later = User.objects.create(number="later", name="Later", date_joined=now)
    for moment, people in (
        (now - timedelta(days=3), []),
        (now - timedelta(days=1), [earlier]),
        (now + timedelta(days=1), [earlier, later]),
    ):
        assert ask(_joined_by, at=int(moment.timestamp())) == people
        assert ask_count(_joined_by, at=int(moment.timestamp())) == len(people)


def test_placeholders_are_numbered_and_a_percent_sign_stays_one():
    assert Text("SELECT %s WHERE a LIKE '10%%' AND b = %s").numbered == "SELECT $1 WHERE a LIKE '10%' AND b = $2"


def test_a_text_answers_each_set_of_values_anew(db):
    text = Text("SELECT number FROM accounts_user WHERE number LIKE %s || '%%' ORDER BY number")
    for number in ("a1", "a2", "b1"):
        User.objects.create(number=number, name=number)
    assert [row[0] for row in text.rows(connection, ["a"])] == ["a1", "a2"]
    assert [row[0] for row in text.rows(connection, ["b"])] == ["b1"]


def test_a_process_keeps_one_cache_and_one_client_for_a_server():
    first, second = (shared_redis_cache("redis://127.0.0.1:1/0", {}) for _time in range(2))
    assert first is second and isinstance(first, RedisCache)
    assert first._cache.get_client("a") is first._cache.get_client("b")


def test_a_kept_page_gets_the_token_of_its_visitor(rf):
    request = rf.get("/")
    _before, _mark, rest = _with_token(request, b'<input name="csrfmiddlewaretoken" value="">').partition(b'value="')
    assert _does_token_match(rest.removesuffix(b'">').decode(), request.META["CSRF_COOKIE"])
    assert _with_token(rf.get("/"), b"<p>no form</p>") == b"<p>no form</p>"
