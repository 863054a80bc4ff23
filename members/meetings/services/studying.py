"""The hours of lectures: whoever was there has studied for as long, entered once and corrected with the list."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.hours.models import HourKind
from portal.hours.services import Hours, annul_hours, enter_hours, occasion

from ..models import Attendance, Meeting, MeetingKind, MeetingPart
from ..rules.time_spent import Matter, Stay, minutes_of, spans_of

SOURCE = "meetings"
# Of the kinds of meeting, lectures are study (domain.md 7.1); what else is read together counts where it is entered.
STUDIED = (MeetingKind.PARTY_LECTURE,)


def key_of(part: MeetingPart) -> str:
    """Return how the ledger of hours names a lecture."""
    return f"lecture:{part.pk}"


@transaction.atomic
def settle_hours(meeting: Meeting, *, by: User | None) -> None:
    """Make the ledger say what the list of an ended sitting says: who was at its lecture, and for how long.

    Observers and guests have studied like anybody else. Asked again after each correction of the list, it enters what
    is missing, annuls what is not so any more, and leaves the rest alone.
    """
    parts = list(meeting.parts.order_by("number"))
    lectures = [part for part in parts if part.kind in STUDIED]
    if not lectures:
        return
    stays = _stays(meeting)
    matters = [
        Matter(item.part_id, item.minutes, item.started_at, item.ended_at)
        for item in meeting.agenda.order_by("number", "pk")
    ]
    assert meeting.started_at is not None and meeting.ended_at is not None
    for part in lectures:
        spans = spans_of(part.pk, [one.pk for one in parts], matters, meeting.started_at, meeting.ended_at)
        wanted = {user_id: minutes for user_id, stay in stays.items() if (minutes := minutes_of(stay, spans))}
        _enter(meeting, part, wanted, by=by)


def _stays(meeting: Meeting) -> dict[int, Stay]:
    rows = Attendance.objects.filter(meeting=meeting, checked_in_at__isnull=False)
    stays = rows.values_list("user_id", "checked_in_at", "left_at")
    return {pk: Stay(came, left) for pk, came, left in stays if came is not None}


def _enter(meeting: Meeting, part: MeetingPart, wanted: dict[int, int], *, by: User | None) -> None:
    known = dict(occasion(SOURCE, key_of(part)).values_list("person_id", "minutes"))
    wrong = [pk for pk, minutes in known.items() if wanted.get(pk) != minutes]
    if wrong:
        rows = occasion(SOURCE, key_of(part)).filter(person__in=wrong)
        annul_hours(rows, words=_("The attendance list of the meeting was corrected."), by=by)
    missing: Iterable[int] = [pk for pk, minutes in wanted.items() if known.get(pk) != minutes]
    if missing:
        enter_hours(
            (
                Hours(
                    person_id=pk,
                    kind=HourKind.STUDY,
                    minutes=wanted[pk],
                    on=timezone.localdate(meeting.started_at),
                    source=SOURCE,
                    key=key_of(part),
                    title=meeting.title,
                    organization_id=meeting.organization_id,
                    url=meeting.get_absolute_url(),
                )
                for pk in missing
            ),
            by=by,
        )
