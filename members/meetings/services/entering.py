"""Enter a sitting that was held without the portal: on paper, in the field, before the branch worked here."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.organizations.models import Organization
from portal.organizations.services import lock_open
from portal.search.services import touch
from portal.web.refusals import RuleError

from .. import signals
from ..models import Meeting, MeetingState
from ..queries.circles import seats_on
from .held import Held, record_held
from .planning import Matter, refuse


@transaction.atomic
def enter_held(
    organization: Organization,
    *,
    kinds: Sequence[str],
    planned_at: datetime,
    planned_until: datetime,
    chair: User,
    recorder: User,
    agenda: Iterable[Matter] = (),
    by: User,
    at: datetime,
    **facts: Any,
) -> Meeting:
    """Write a sitting that ended before ``at``, its circle as of its day and nobody noted as present yet.

    The chair's list and the minutes are then written as after any sitting. That it was entered afterwards stays to be
    seen: ``convened_at`` is empty. ``facts`` are ``title``, ``words``, ``place`` and ``with_observers``.

    Raises ``RuleError`` for one that has not ended or stands here already, and for whatever ``plan`` refuses;
    ``ValidationError`` by field for what does not fit its column.
    """
    on = timezone.localdate(planned_at)
    organization = lock_open(organization, on=on)
    kinds = list(dict.fromkeys(kinds))
    meeting = Meeting(
        organization=organization, planned_at=planned_at, planned_until=planned_until, chair=chair, recorder=recorder,
        title=facts["title"].strip(), words=facts.get("words", "").strip(), place=facts.get("place", "").strip(),
        with_observers=facts.get("with_observers", True),
    )  # fmt: skip
    if planned_until > at:
        raise RuleError(_("This sitting has not ended. Plan it instead; only what was held is entered afterwards."))
    refuse(meeting, kinds)
    _refuse_twice(meeting, kinds)
    seats = seats_on(organization, kinds, on=on, with_observers=meeting.with_observers)
    lines = [(matter.kind, matter.title, matter.minutes or 0) for matter in agenda if matter.kind in kinds]
    held = Held(
        organization=organization, kinds=kinds, title=meeting.title, began=planned_at, ended=planned_until,
        chair_id=chair.pk, recorder_id=recorder.pk, seats=seats, came={}, agenda=lines, place=meeting.place,
        words=meeting.words, was_convened=False,
    )  # fmt: skip
    (made,) = record_held([held], by=by)
    touch(made)
    signals.closed.send(Meeting, meeting=made, by=by)
    return made


def _refuse_twice(meeting: Meeting, kinds: Sequence[str]) -> None:
    """Raise ``RuleError`` when a sitting of one of the kinds stands in the book at that time."""
    known = (
        Meeting.objects.filter(
            organization=meeting.organization, parts__kind__in=kinds, planned_at__lt=meeting.planned_until,
            planned_until__gt=meeting.planned_at,
        )
        .exclude(state=MeetingState.CANCELLED)
        .first()
    )  # fmt: skip
    if known is not None:
        raise RuleError(
            _("“%(title)s” stands here at this time already. Open it and write its list and its minutes.")
            % {"title": known.title}
        )
