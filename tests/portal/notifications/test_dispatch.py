from uuid import uuid4

import pytest

from portal.accounts.models import User
from portal.audiences.services import Circle
from portal.audit.models import AuditEntry
from portal.notifications import delivery, dispatch, tasks
from portal.notifications.models import MailState, Message, Notice
from portal.notifications.queries import reach_of, read_out, receipts, totals_of
from portal.organizations.duties import Post
from portal.organizations.models import Standing
from portal.web.refusals import RuleError

pytestmark = pytest.mark.django_db


def announce(world, by="secretary", circle=None, key="k", title="Meeting"):
    circle = circle or Circle(organizations=[world.branch])
    return dispatch.announce(title=title, text="Room 5", circle=circle, key=key, by=world.user(by))


def names():
    return set(Notice.objects.values_list("recipient__name", flat=True))


IN_BRANCH = {"Secretary", "Author", "Peer", "Contact", "Probationary", "Applicant", "Target", "Member", "Retired"}


@pytest.mark.parametrize(
    ("by", "circle", "reached"),
    [
        ("secretary", lambda w: Circle(organizations=[w.branch]), IN_BRANCH),
        ("secretary", lambda w: Circle([w.branch], standings=[Standing.ACTIVIST]), {"Author", "Peer"}),
        ("college", lambda w: Circle([w.unit], posts=[Post.SECRETARY]), {"Secretary", "Neighbor"}),
        ("college", lambda w: Circle([w.unit], standings=["applicant"], posts=["secretary"]),
         {"Secretary", "Neighbor", "Applicant"}),
        ("secretary", lambda w: Circle(users=[w.user("author")]), {"Author"}),
    ],
)  # fmt: skip
def test_announce_reaches_the_circle(world, by, circle, reached):
    announce(world, by, circle(world))
    assert names() == reached


@pytest.mark.parametrize(
    ("by", "circle"),
    [
        ("secretary", lambda w: Circle(organizations=[w.sibling])),
        ("secretary", lambda w: Circle(organizations=[w.branch, w.unit])),
        ("secretary", lambda w: Circle(users=[w.user("stranger")])),
        ("college", lambda w: Circle(organizations=[w.far_branch])),
        ("author", lambda w: Circle(organizations=[w.branch])),
        ("retired", lambda w: Circle(organizations=[w.branch])),
        ("admin", lambda w: Circle(organizations=[w.root])),
        ("secretary", lambda w: Circle()),
        ("secretary", lambda w: Circle([w.branch], posts=[Post.EDITOR])),
    ],
)
def test_announce_beyond_ones_duty_or_to_nobody_is_refused(world, by, circle):
    with pytest.raises(RuleError):
        announce(world, by, circle(world))
    assert (Message.objects.count(), Notice.objects.count()) == (0, 0)


def test_announce_twice_with_one_key_is_one(world):
    first, second = announce(world), announce(world, title="Changed meanwhile")
    assert first == second
    assert (Message.objects.count(), Notice.objects.count()) == (1, len(IN_BRANCH))
    assert AuditEntry.objects.filter(verb="notifications.announced").count() == 1


def test_announce_to_many_is_distributed_by_a_worker_and_resumed(world, monkeypatch):
    monkeypatch.setattr(dispatch, "AT_ONCE", 0)
    monkeypatch.setattr(dispatch, "BATCH", 2)
    message = announce(world)
    assert names() == set()
    real, calls = dispatch.leave, []

    def dies(*args):
        calls.append(1)
        if len(calls) == 3:
            raise SystemExit  # killed in the middle of the third batch
        return real(*args)

    monkeypatch.setattr(dispatch, "leave", dies)
    with pytest.raises(SystemExit):
        tasks.fan_out(message.pk)
    assert Notice.objects.count() == 4
    tasks.fan_out(message.pk)
    tasks.fan_out(message.pk)
    assert (names(), Notice.objects.count()) == (IN_BRANCH, len(IN_BRANCH))
    assert Message.objects.get().fanned_out_at is not None


def test_sweep_finishes_what_no_worker_took_up(world, monkeypatch):
    monkeypatch.setattr(dispatch, "AT_ONCE", 0)
    announce(world)
    tasks.sweep_notices()
    tasks.sweep_notices()
    assert (names(), Notice.objects.count()) == (IN_BRANCH, len(IN_BRANCH))
    assert set(Notice.objects.values_list("mail_state", flat=True)) == {"sent"}


def test_fan_out_of_a_withdrawn_or_orphaned_message_ends(world, monkeypatch):
    monkeypatch.setattr(dispatch, "AT_ONCE", 0)
    withdrawn, orphan = announce(world, key="a"), announce(world, key="b")
    dispatch.withdraw(withdrawn, by=world.user("secretary"))
    Message.objects.filter(pk=orphan.pk).update(audience=None)
    assert (dispatch.fan_out(withdrawn.pk), dispatch.fan_out(orphan.pk)) == (0, 0)
    assert Message.objects.filter(fanned_out_at=None).count() == 0


def test_withdraw_hides_unread_marks_read_and_stops_mail(world):
    message = announce(world)
    Notice.objects.filter(recipient=world.user("author")).update(read_at=message.created_at)
    dispatch.withdraw(message, by=world.user("secretary"))
    shown = set(Notice.objects.shown().values_list("recipient__name", flat=True))
    assert shown == {"Author"}
    assert set(Notice.objects.values_list("mail_state", flat=True)) == {MailState.SKIPPED}
    assert delivery.deliver() == 0
    assert AuditEntry.objects.filter(verb="notifications.withdrawn").count() == 1
    with pytest.raises(RuleError):
        dispatch.withdraw(message, by=world.user("secretary"))


def test_reach_counts_people_organizations_and_those_without_mail(world):
    User.objects.filter(pk=world.user("author").pk).update(email=None)
    User.objects.filter(pk=world.user("peer").pk).update(email="")
    found = reach_of(Circle(organizations=[world.unit]))
    assert (found.people, found.branches, found.without_mail) == (len(IN_BRANCH) + 3, 3, 2)


def test_receipts_roll_up_by_node(world, django_assert_num_queries):
    message = announce(world, "committee", Circle(organizations=[world.root]))
    for name in ("author", "stranger"):
        Notice.objects.filter(recipient=world.user(name)).update(read_at=message.created_at)
    with django_assert_num_queries(2):
        top = {row.organization.code: (row.people, row.read, row.has_below) for row in receipts(message, world.root)}
    below = {row.organization.code: (row.people, row.read, row.has_below) for row in receipts(message, world.unit)}
    assert top == {"office": (5, 0, False), "unit": (len(IN_BRANCH) + 2, 2, True)}
    assert below == {"branch": (len(IN_BRANCH), 1, False), "sibling": (2, 1, False)}
    assert totals_of([message])[message.pk].read == 2


def test_reason_names_whom_it_was_sent_to(world):
    message = announce(world, "college", Circle([world.unit, world.branch], standings=["activist"]))
    from django.utils import translation

    with translation.override("en"):
        reason = read_out(message).reason
    assert reason == "It was sent to unit, branch (activist), and you are one of them."


def test_common_node_is_the_lowest_above_all(world):
    assert announce(world, key="1").organization == world.branch
    both = Circle(organizations=[world.branch, world.sibling])
    assert announce(world, "college", both, key=str(uuid4())).organization == world.unit
