"""A prepared query answers what the built one answers, to each person their own."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from forum.models import Board, Post
from members.queries import everybody
from members.recruitment.models import SealedFile
from news.models import Article
from portal.access.policy import fetch, policies, scope
from portal.access.prepared import PreparedRows, ask_as, count_as
from portal.accounts.models import User
from portal.files.models import StoredFile
from portal.organizations.models import Appointment
from portal.organizations.services import dismiss
from portal.web.prepared import NotPreparable, _prepare, ask, ask_count
from tests.world import CAST

ACTORS = [*CAST, "admin", "auditor", "outsider"]


def _numbered(*, number: str) -> QuerySet[User]:
    return User.objects.filter(number=number)


def _none(*, number: str) -> QuerySet[User]:
    return User.objects.filter(pk__in=[])


def _recent(*, pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk, date_joined__lte=timezone.now())


def _doubled(*, pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk * 2)


def _spliced(*, pk: int) -> QuerySet[User]:
    return User.objects.extra(where=[f"id = {pk}"])  # noqa: S610


def _visible(user, model) -> QuerySet:
    return scope(user, "view", model).order_by("pk")


def _articles(user) -> QuerySet[Article]:
    return Article.objects.select_related("column")


def test_ask_fills_each_value_into_the_kept_statement(ground):
    for person in User.objects.order_by("pk")[:3]:
        assert ask(_numbered, number=person.number) == [person]
        assert ask_count(_numbered, number=person.number) == 1
    assert ask(_numbered, number="' OR 1=1 --") == []


def test_ask_of_an_impossible_condition_asks_nothing(ground, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert ask(_none, number="1") == []
        assert ask_count(_none, number="1") == 0


@pytest.mark.parametrize("build", [_recent, _doubled, _spliced])
def test_a_query_that_depends_on_more_is_not_prepared(build, ground):
    with pytest.raises(NotPreparable):
        _prepare(build, (), (("pk", int),), timezone.localdate())


@pytest.mark.logs_errors
def test_a_query_that_cannot_be_prepared_is_built(ground):
    person = User.objects.earliest("pk")
    assert ask(_recent, pk=person.pk) == [person]
    assert ask_count(_recent, pk=person.pk) == 1


def _models():
    """Yield every model; what may be seen for some minutes after a look is built each time, and the log says so."""
    for model in sorted(policies(), key=lambda model: model._meta.label):
        marks = [pytest.mark.logs_errors] if model in (SealedFile, StoredFile) else []
        yield pytest.param(model, marks=marks, id=model.__name__)


@pytest.mark.parametrize("model", list(_models()))
def test_everybody_sees_through_a_prepared_query_what_they_see_without(model, ground):
    for user in [AnonymousUser(), *(ground.world.user(name) for name in ACTORS)]:
        expected = [row.pk for row in _visible(user, model)]
        assert [row.pk for row in ask_as(user, _visible, model)] == expected, user
        assert count_as(user, _visible, model) == len(expected), user


def test_people_with_equal_rights_share_the_statement_and_not_the_rows(ground):
    peers = [ground.world.user("author"), ground.world.user("peer")]
    kept = _prepare.cache_info().currsize
    lists = [PreparedRows(user, everybody).first(("pk",), 100) for user in peers]
    assert _prepare.cache_info().currsize <= kept + 1
    assert [[row.user_id for row in rows] for rows in lists] == [[user.pk] for user in peers]


def test_rights_taken_away_change_the_next_answer(ground):
    before = count_as(ground.world.user("secretary"), everybody)
    held = Appointment.objects.get(user=ground.world.users["secretary"], ended_at=None)
    dismiss(held, on=timezone.localdate() - timedelta(days=1), by=ground.world.user("committee"))
    assert (before > 1, count_as(ground.world.user("secretary"), everybody)) == (True, 1)


def test_fetch_by_a_prepared_query_refuses_like_the_built_one(ground):
    stranger, editor = ground.world.user("stranger"), ground.world.user("editor")
    for article in Article.objects.all():
        for user in (AnonymousUser(), stranger, editor):
            seen = scope(user, "view", Article).filter(pk=article.pk).exists()
            if seen:
                assert fetch(user, "view", Article, queryset=_articles, pk=article.pk) == article
            else:
                with pytest.raises(Http404):
                    fetch(user, "view", Article, queryset=_articles, pk=article.pk)


@pytest.mark.parametrize("pk", [0, -1, 2**63, 10**30])
def test_a_number_that_no_key_can_be_is_not_found(pk, ground):
    with pytest.raises(Http404):
        fetch(ground.world.user("editor"), "view", Article, queryset=_articles, pk=pk)


def test_an_author_is_offered_to_correct_a_post_as_long_as_the_policy_lets(ground):
    from forum.queries import posts_on

    for board in Board.objects.all():
        for thread in board.threads.all():
            for name in ACTORS:
                user = ground.world.user(name)
                for post in posts_on(thread, 1, user):
                    assert post.may_change == scope(user, "change", Post).filter(pk=post.pk).exists(), (name, post)
