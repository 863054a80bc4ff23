import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.audit.services import history_of
from portal.reviews import services
from portal.reviews.models import Review, Version
from portal.reviews.rules import State
from portal.web.refusals import RuleError


@pytest.fixture
def review(world):
    return services.open_review("essay", author=world.user("author"))


def hand_in(review, world, body="one\ntwo", **more):
    return services.submit(review, title="T", body=body, by=world.user("author"), **more)


def test_submit_makes_numbered_versions_and_promises_a_day(review, world):
    due = timezone.localdate() + timedelta(days=7)
    assert hand_in(review, world, due_on=due).number == 1
    services.return_(review, "More.", world.user("contact"))
    assert hand_in(review, world, body="one\nthree", due_on=due).number == 2
    review.refresh_from_db()
    assert (review.state, review.version_count, review.due_on, review.decided_by) == ("submitted", 2, due, None)
    assert not review.is_overdue(due)
    assert review.is_overdue(due + timedelta(days=1))
    assert list(Review.objects.overdue(due + timedelta(days=1))) == [review]


def test_submit_twice_with_one_text_is_one_version(review, world):
    assert hand_in(review, world).pk == hand_in(review, world).pk
    assert review.versions.count() == 1
    with pytest.raises(RuleError):
        hand_in(review, world, body="another text")


def test_submit_without_text_is_refused(review, world):
    with pytest.raises(RuleError):
        hand_in(review, world, body="\u3000\n")
    assert review.versions.count() == 0


def test_take_up_keeps_the_first_mark(review, world):
    hand_in(review, world)
    services.take_up(review, world.user("contact"))
    services.take_up(review, world.user("secretary"))
    review.refresh_from_db()
    assert (review.state, review.taken_up_by) == (State.UNDER_REVIEW, world.user("contact"))
    assert review.steps.filter(verb="take_up").count() == 1


def test_second_answer_is_told_who_was_first(review, world):
    hand_in(review, world)
    services.accept(review, "Good.", world.user("contact"))
    with pytest.raises(RuleError) as refusal:
        services.return_(review, "No.", world.user("secretary"))
    assert refusal.value.messages[0].startswith("Contact")
    review.refresh_from_db()
    assert (review.state, review.decided_by, review.taken_up_by) == (
        "accepted",
        world.user("contact"),
        world.user("contact"),
    )


def test_answer_to_an_older_version_is_refused(review, world):
    hand_in(review, world)
    services.return_(review, "More.", world.user("contact"), version=1)
    hand_in(review, world, body="newer")
    with pytest.raises(RuleError):
        services.accept(review, "Good.", world.user("secretary"), version=1)
    review.refresh_from_db()
    assert (review.state, review.taken_up_at) == ("submitted", None)


def test_return_needs_words(review, world):
    hand_in(review, world)
    with pytest.raises(RuleError):
        services.return_(review, "  ", world.user("contact"))


def test_accepted_text_takes_no_new_version_and_no_withdrawal(review, world):
    hand_in(review, world)
    services.accept(review, "Good.", world.user("contact"))
    with pytest.raises(RuleError):
        hand_in(review, world, body="new")
    with pytest.raises(RuleError):
        services.withdraw(review, world.user("author"))
    services.publish(review, world.user("editor"))
    review.refresh_from_db()
    assert review.state == State.PUBLISHED


def test_every_step_leaves_a_row_in_the_trail(review, world):
    hand_in(review, world)
    services.take_up(review, world.user("contact"))
    services.return_(review, "More.", world.user("contact"))
    services.withdraw(review, world.user("author"))
    verbs = list(history_of(review).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["reviews.submit", "reviews.take_up", "reviews.return", "reviews.withdraw"]


@pytest.mark.parametrize("paragraph", [0, 3, 10**6])
def test_comment_needs_its_paragraph(review, world, paragraph):
    hand_in(review, world)
    with pytest.raises(RuleError):
        services.comment(review, paragraph=paragraph, body="x", visibility="author", by=world.user("contact"))


def test_comments_are_seen_by_level(review, world):
    hand_in(review, world)
    for level in ("author", "readers", "all"):
        services.comment(review, paragraph=1, body=level, visibility=level, by=world.user("contact"))

    def seen(name, answers):
        found = services.visible_comments(review, reader=world.user(name), answers=answers)
        return sorted(found.values_list("body", flat=True))

    assert seen("author", False) == ["all", "author"]
    assert seen("contact", True) == ["all", "author", "readers"]
    assert seen("peer", False) == ["all"]


def test_comment_is_settled_once(review, world):
    hand_in(review, world)
    made = services.comment(review, paragraph=1, body="x", visibility="author", by=world.user("contact"))
    first = services.resolve(made, world.user("author"))
    assert services.resolve(made, world.user("contact")).resolved_by == first.resolved_by == world.user("author")


def test_database_never_changes_a_version(review, world):
    version = hand_in(review, world)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(body="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(review=review, number=1, title="T", body="again")


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "lost"},
        {"state": "submitted"},
        {"state": "accepted", "version_count": 1, "submitted_at": timezone.now()},
        {"decided_at": timezone.now()},
        {"taken_up_at": timezone.now()},
    ],
)
def test_database_refuses_half_a_state(review, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(**broken)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_readers_at_once_give_one_answer(world):
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    review = services.open_review("essay", author=world.user("author"))
    hand_in(review, world)
    barrier, outcomes = threading.Barrier(2), []

    def answer(act, name):
        user = world.user(name)
        barrier.wait()
        try:
            act(review, "Words.", user)
            outcomes.append("answered")
        except RuleError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=answer, args=pair)
        for pair in ((services.accept, "contact"), (services.return_, "secretary"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["answered", "refused"]
