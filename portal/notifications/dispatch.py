"""Send a notice to an audience, distribute it in batches that can be resumed, and take it back."""

from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.rights import rights_of, under
from portal.accounts.models import User
from portal.audiences.services import Circle, may_address, people_in, people_of, save_audience
from portal.audit import services as audit
from portal.organizations.duties import Duty
from portal.organizations.models import Affiliation, Organization
from portal.web.refusals import RuleError

from . import wake
from .models import MailState, Message, Notice
from .notices import ANNOUNCEMENT
from .services import leave, write_message

BATCH = 20_000
AT_ONCE = 2_000


@transaction.atomic
def announce(*, title: str, text: str, circle: Circle, key: str, by: User) -> Message:
    """Send ``title`` and ``text`` to everyone in ``circle``; ``key`` makes a second click the same announcement.

    A small audience has its copies on return, a large one soon after, by a worker. Raises ``RuleError`` when the circle
    is empty, reaches nobody, or goes beyond the nodes on which ``by`` sends notices.
    """
    if circle.is_empty:
        raise RuleError(_("Choose whom to send it to."))
    if not _may_send(by, circle):
        raise RuleError(_("You may send notices only to the organizations where this is your duty."))
    full_key = f"announcement:{by.pk}:{key}"
    known = Message.objects.filter(key=full_key).first()
    if known is not None:
        return known
    people = people_in(circle)
    count = people.count()
    if not count:
        raise RuleError(_("Nobody belongs to this audience."))
    message = write_message(
        ANNOUNCEMENT.code,
        key=full_key,
        params={
            "title": title,
            "text": text,
            "places": [*(str(place) for place in circle.organizations), *(str(person) for person in circle.users)],
            "narrowed": [*circle.standings, *circle.posts],
        },
        by=by,
        audience=save_audience(circle, note=title[:120]),
        organization=_common_node(by, circle),
    )
    audit.record("notifications.announced", message, by=by, changes={"people": [0, count], "title": ["", title]})
    if count <= AT_ONCE:
        leave(message, people)
        Message.objects.filter(pk=message.pk).update(fanned_out_at=timezone.now())
        transaction.on_commit(partial(wake.deliver, message.pk))
    else:
        transaction.on_commit(partial(wake.fan_out, message.pk))
    return message


def fan_out(message_id: int) -> int:
    """Give everyone of the message's audience a copy, one transaction a batch; return how many were written.

    Killed in the middle and run again it goes on: a person who has a copy does not get a second.
    """
    written, last = 0, 0
    while True:
        with transaction.atomic():
            message = Message.objects.select_for_update().filter(pk=message_id, fanned_out_at=None).first()
            if message is None:
                return written
            end = None
            if message.audience is not None and message.withdrawn_at is None:
                people = people_of(message.audience).filter(pk__gt=last)
                end = people.filter(pk__in=people.order_by("pk").values("pk")[:BATCH]).aggregate(end=Max("pk"))["end"]
            if end is None:
                Message.objects.filter(pk=message_id).update(fanned_out_at=timezone.now())
                return written
            written += leave(message, people.filter(pk__lte=end))
            last = end
            transaction.on_commit(partial(wake.deliver, message_id))


def sweep() -> None:
    """Resume every distribution that no worker has finished."""
    unfinished = Message.objects.filter(audience__isnull=False, fanned_out_at=None)
    for message_id in unfinished.order_by("pk").values_list("pk", flat=True)[:20]:
        fan_out(message_id)


@transaction.atomic
def withdraw(message: Message, *, by: User) -> Message:
    """Take ``message`` back; raise ``RuleError`` when that was done before.

    It leaves every inbox where it is unread, stays marked where it was read, and is mailed no more.
    """
    message = Message.objects.select_for_update().get(pk=message.pk)
    if message.withdrawn_at is not None:
        raise RuleError(_("This notice has been withdrawn already."))
    message.withdrawn_at, message.withdrawn_by = timezone.now(), by
    message.save(update_fields=["withdrawn_at", "withdrawn_by"])
    copies = Notice.objects.filter(message=message)
    copies.filter(mail_state=MailState.PENDING).update(mail_state=MailState.SKIPPED, mail_due_at=None)
    unread = copies.filter(read_at=None).update(withdrawn=True)
    audit.record("notifications.withdrawn", message, by=by, changes={"unread": [unread, 0]})
    return message


def _may_send(by: User, circle: Circle) -> bool:
    if not rights_of(by).holds(Duty.SEND_NOTICES) or not may_address(by, circle, Duty.SEND_NOTICES):
        return False
    named = {person.pk for person in circle.users}
    reached = under("organization", rights_of(by).duties.get(Duty.SEND_NOTICES, ()))
    here = Affiliation.objects.filter(reached, until=None, user__in=named).values_list("user_id", flat=True)
    return named <= set(here)


def _common_node(by: User, circle: Circle) -> Organization | None:
    """Return the lowest node above everything addressed: whose senders see how far the notice has come."""
    paths = [place.path for place in circle.organizations]
    paths = paths or list(rights_of(by).duties.get(Duty.SEND_NOTICES, ()))
    shared = paths[0]
    while shared and not all(path.startswith(shared) for path in paths):
        shared = shared[: -Organization.steplen]
    return Organization.objects.filter(path=shared).first()
