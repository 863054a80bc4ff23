import pytest
from django.db import IntegrityError, transaction

from portal.accounts.models import User
from portal.notifications import services, wake
from portal.notifications.models import MailState, Message, Notice, Preference
from portal.notifications.registry import NoticeKind, kinds
from portal.web.refusals import RuleError

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind():
    """A kind that a person may switch off."""
    found = kinds.register(
        NoticeKind("tried", "trials", "Trial %(name)s", "Body of %(name)s", "You try %(name)s.", order=900)
    )
    yield found
    kinds.unregister("tried")


def say(key, recipients, name="one", url="/somewhere/", kind="tried"):
    return services.post(kind, key=key, recipients=recipients, params={"name": name}, url=url)


def test_post_same_key_again_adds_nothing(world, kind):
    people = [world.user(name).pk for name in ("author", "peer")]
    assert say("k", people) == 2
    assert say("k", people) == 0
    assert say("k", people, name="another text") == 0
    assert say("k", User.objects.filter(pk__in=people)) == 0
    assert list(Notice.objects.values_list("recipient_id", flat=True).order_by("recipient_id")) == sorted(people)


def test_post_same_key_with_text_per_person_gives_each_their_own(world, kind):
    author, peer = world.user("author"), world.user("peer")
    assert say("k", [author.pk], name="A") + say("k", [peer.pk], name="P") == 2
    assert Notice.objects.get(recipient=author).message.params == {"name": "A"}
    assert Notice.objects.get(recipient=peer).message.params == {"name": "P"}


def test_post_later_recipients_of_a_key_join(world, kind):
    author, peer = world.user("author"), world.user("peer")
    assert say("k", [author.pk]) == 1
    assert say("k", [author.pk, peer.pk]) == 1
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "make", [lambda ids: User.objects.filter(pk__in=ids), iter, set], ids=["queryset", "iter", "set"]
)
def test_post_takes_querysets_and_ids(world, kind, make):
    ids = [world.user(name).pk for name in ("author", "peer", "member")]
    assert say("k", make(ids)) == 3


def test_post_odd_querysets_reach_each_person_once(world, kind):
    joined = User.objects.filter(affiliations__organization=world.branch) | User.objects.filter(
        appointments__isnull=False
    )
    expected = set(joined.filter(is_active=True).values_list("pk", flat=True))
    assert say("k", joined.order_by("name")) == len(expected)
    assert say("none", User.objects.none()) == 0
    assert set(Notice.objects.values_list("recipient_id", flat=True)) == expected


def test_post_many_ids_go_in_chunks(world, kind, monkeypatch):
    monkeypatch.setattr(services, "ID_CHUNK", 2)
    ids = [world.user(name).pk for name in ("author", "peer", "member", "contact", "target")]
    assert say("k", ids) == 5


def test_post_is_one_insert_for_any_number(world, kind, django_assert_num_queries):
    some, all_ = User.objects.filter(pk=world.user("author").pk), User.objects.filter(is_active=True)
    say("warm", some)
    for key, people in (("one", some), ("all", all_)):
        with django_assert_num_queries(7):  # savepoints, the text with its own savepoint, and one INSERT … SELECT
            say(key, people)


def test_post_skips_closed_accounts(world, kind):
    assert say("k", [world.user("disabled").pk, world.user("author").pk]) == 1


def test_post_respects_wishes(world, kind):
    silent, unmailed, plain = (world.user(name) for name in ("author", "peer", "member"))
    services.set_preference(silent, kind, in_site=False, email=True)
    services.set_preference(unmailed, kind, in_site=True, email=False)
    User.objects.filter(pk=world.user("target").pk).update(email=None)
    say("k", [person.pk for person in (silent, unmailed, plain, world.user("target"))])
    states = dict(Notice.objects.values_list("recipient__name", "mail_state"))
    assert states == {"Peer": MailState.SKIPPED, "Member": MailState.PENDING, "Target": MailState.SKIPPED}


def test_post_statutory_kind_reaches_those_who_switched_it_off(world):
    author = world.user("author")
    Preference.objects.create(user=author, kind="announcement", in_site=False, email=False)
    params = {"title": "T", "text": "B", "places": [], "narrowed": []}
    assert services.post("announcement", key="k", recipients=[author.pk], params=params) == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"kind": "unheard of"}, LookupError),
        ({"params": {}}, LookupError),
        ({"url": "https://elsewhere.example/"}, ValueError),
        ({"url": "//elsewhere.example/"}, ValueError),
        ({"url": "/\\elsewhere.example/"}, ValueError),
    ],
)
def test_post_refuses_what_could_not_be_shown(world, kind, change, error):
    asked = {"kind": "tried", "params": {"name": "x"}, "url": "/x/"} | change
    with pytest.raises(error):
        services.post(asked.pop("kind"), key="k", recipients=[world.user("author").pk], **asked)


def test_post_rolled_back_by_the_caller_leaves_nothing(world, kind):
    with pytest.raises(RuleError), transaction.atomic():
        say("k", [world.user("author").pk])
        raise RuleError("no")
    assert Notice.objects.count() == 0


def test_post_survives_a_dead_broker(world, kind, monkeypatch, django_capture_on_commit_callbacks, settings):
    from portal.notifications.tasks import deliver_message

    asked = []

    def dead(*args, **kwargs):
        asked.append(args)
        raise OSError("no broker")

    monkeypatch.setattr(deliver_message, "apply_async", dead)
    settings.CELERY_TASK_ALWAYS_EAGER = True  # the nudge in this thread, to see it fail
    with django_capture_on_commit_callbacks(execute=True):
        say("k", [world.user("author").pk])
    assert (len(asked), Notice.objects.count()) == (1, 1)


def test_post_does_not_wait_for_a_broker_that_hangs(world, kind, monkeypatch, django_capture_on_commit_callbacks):
    from threading import Event
    from time import monotonic

    from portal.notifications.tasks import deliver_message

    let_go = Event()
    monkeypatch.setattr(deliver_message, "apply_async", lambda *args, **kwargs: let_go.wait(10))
    began = monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(wake.WAITING_AT_MOST + 5):
            say(f"k{number}", [world.user("author").pk])
    spent = monotonic() - began
    let_go.set()
    assert spent < 5
    assert Notice.objects.count() == wake.WAITING_AT_MOST + 5


def test_unread_count_counts_what_is_unread_and_shown(world, kind, django_assert_num_queries):
    author = world.user("author")
    for key in "abcd":
        say(key, [author.pk, world.user("peer").pk])
    first, second = Notice.objects.filter(recipient=author).order_by("pk")[:2]
    services.mark_read(first)
    Notice.objects.filter(pk=second.pk).update(withdrawn=True)
    with django_assert_num_queries(1):
        assert services.unread_count(author) == 2


def test_mark_read_keeps_the_first_time(world, kind):
    say("k", [world.user("author").pk])
    notice = Notice.objects.get()
    services.mark_read(notice)
    first = Notice.objects.get().read_at
    services.mark_read(notice)
    assert Notice.objects.get().read_at == first


def test_mark_all_read_leaves_what_came_later_and_what_is_others(world, kind):
    author = world.user("author")
    for key in "ab":
        say(key, [author.pk, world.user("peer").pk])
    first = Notice.objects.filter(recipient=author).earliest("pk")
    assert services.mark_all_read(author, up_to=first.pk) == 1
    assert services.mark_all_read(author) == 1
    assert services.unread_count(world.user("peer")) == 2


@pytest.mark.parametrize(("count", "shown"), [(0, "0"), (99, "99"), (100, "99+"), (5000, "99+")])
def test_shown_count(count, shown):
    assert services.shown_count(count) == shown


def test_set_preference_refuses_to_silence_what_is_required(world):
    with pytest.raises(RuleError):
        services.set_preference(world.user("author"), kinds.get("announcement"), in_site=False, email=False)
    assert Preference.objects.count() == 0


@pytest.mark.parametrize(
    "change",
    [
        {"mail_state": "lost"},
        {"mail_state": "sending", "mail_claimed_at": None},
        {"mail_state": "sent"},
        {"mail_due_at": None},
    ],
)
def test_notice_constraints_hold(world, kind, change):
    say("k", [world.user("author").pk])
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.update(**change)


def test_notice_second_row_of_a_key_is_refused_by_the_database(world, kind):
    say("k", [world.user("author").pk])
    row = Notice.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(message=row.message, recipient=row.recipient, key_hash=row.key_hash)


def test_preference_mail_without_inbox_is_refused_by_the_database(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(user=world.user("author"), kind="x", in_site=False, email=True)
