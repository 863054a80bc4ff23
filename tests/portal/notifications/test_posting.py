"""Many notices at once: as one at a time would be left, with statements that do not grow with their number."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import User
from portal.notifications.models import MailState, Message, Notice
from portal.notifications.posting import Posting, post_many
from portal.notifications.registry import kinds
from portal.notifications.services import post, set_preference

pytestmark = pytest.mark.django_db


def posting(key, *people, name="Li", kind="recruitment_applied"):
    return Posting(kind, key, frozenset(person.pk for person in people), {"name": name}, "/work/")


def inbox(person):
    return sorted(person.notices.values_list("message__key", flat=True))


def test_post_many_leaves_each_once(world):
    one, two = world.users["member"], world.users["peer"]
    assert post_many([posting("a", one, two), posting("b", one), posting("c")]) == 3
    assert (inbox(one), inbox(two)) == (["a", "b"], ["a"])
    assert post_many([posting("a", one, two), posting("b", one, two)]) == 1
    assert (inbox(one), inbox(two)) == (["a", "b"], ["a", "b"])
    assert Message.objects.get(key="b").url == "/work/"


def test_post_many_knows_what_post_has_left(world):
    one = world.users["member"]
    post("recruitment_applied", key="a", recipients=[one.pk], params={"name": "Li"})
    assert post_many([posting("a", one, name="Another text")]) == 0
    assert inbox(one) == ["a"]


def test_first_of_two_texts_with_one_key_counts(world):
    one = world.users["member"]
    assert post_many([posting("a", one, name="First"), posting("a", one, name="Second")]) == 1
    assert Notice.objects.get(recipient=one).message.params == {"name": "First"}


def test_post_many_heeds_wishes_addresses_and_closed_accounts(world):
    User.objects.filter(pk=world.users["member"].pk).update(email="m@example.org")
    User.objects.filter(pk=world.users["peer"].pk).update(email=None)
    one, two, closed = (world.user(name) for name in ("member", "peer", "disabled"))
    assert post_many([posting("a", one, two, closed)]) == 2
    states = dict(Notice.objects.values_list("recipient_id", "mail_state"))
    assert states == {one.pk: MailState.PENDING, two.pk: MailState.SKIPPED}
    quiet = next(kind for kind in kinds if kind.code == "recruitment_corrected")
    set_preference(one, quiet, in_site=False, email=False)
    params = {"name": "Li", "what": "talk", "words": "Typed wrong."}
    assert post_many([Posting(quiet.code, "q", frozenset({one.pk, two.pk}), params)]) == 1
    assert inbox(one) == ["a"]


def test_post_many_refuses_what_post_refuses(world):
    people = frozenset({world.users["member"].pk})
    with pytest.raises(LookupError):
        post_many([Posting("no_such_kind", "a", people)])
    with pytest.raises(KeyError):
        post_many([Posting("recruitment_applied", "a", people)])
    with pytest.raises(ValueError):
        post_many([Posting("recruitment_applied", "a", people, {"name": "Li"}, "https://example.org/")])
    assert not Notice.objects.exists()


def test_post_many_asks_as_often_for_many_as_for_few(world):
    people = [world.users[name] for name in ("member", "peer", "author", "contact")]

    def statements(prefix, count):
        with CaptureQueriesContext(connection) as seen:
            assert post_many([posting(f"{prefix}{number}", *people) for number in range(count)]) == count * 4
        return len(seen)

    assert statements("few", 2) == statements("many", 15)
