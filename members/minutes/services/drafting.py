"""Begin the minutes of a sitting that is over, and read what the meeting itself recorded."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.meetings.models import MeetingPart, MeetingState
from portal.accounts.models import User
from portal.audit import services as audit
from portal.notifications.posting import Posting, post_many
from portal.web.refusals import RuleError

from ..models import KEPT_CLOSE, WRITTEN_OF, Minutes, MinutesState, Readers
from ..queries.sittings import OF_COMMITTEE, sittings_of
from ..rules import draft


def facts_now(minutes: Minutes) -> dict[str, Any]:
    """Return what the meeting itself says now; of sealed minutes, what it said then."""
    if minutes.is_sealed:
        return dict(minutes.facts)
    return draft(sittings_of([minutes.part])[minutes.part_id])


def readers_of(kind: str, *, is_joint: bool) -> Readers:
    """Return who reads minutes of ``kind`` for having been asked to come.

    A committee that sat within a greater sitting is read by itself: the attendances are those of all.
    """
    if kind in KEPT_CLOSE:
        return Readers.KEEPERS
    return Readers.COMMITTEE if kind in OF_COMMITTEE and is_joint else Readers.CIRCLE


@transaction.atomic
def begin(parts: Iterable[MeetingPart], *, by: User | None) -> list[Minutes]:
    """Begin the minutes of parts of sittings that have none yet; return the new ones.

    A sitting that is still on can be written down as it goes; its recorder is told when it ends (``ask_to_write``).
    Raises ``RuleError`` for a sitting that has not begun. The number of statements does not grow with the parts.
    """
    keys = sorted({part.pk for part in parts})
    # The sittings are held, so that two who begin at once do not both do.
    wanted = list(
        MeetingPart.objects.select_for_update(of=("self",))
        .filter(pk__in=keys, minutes=None)
        .select_related("meeting__organization")
        .order_by("meeting_id", "number")
    )
    if any(part.meeting.state not in WRITTEN_OF for part in wanted):
        raise RuleError(_("Minutes are written from the moment the meeting is opened."))
    made = Minutes.objects.bulk_create(new_rows(wanted), batch_size=200)
    audit.record_many(
        "minutes.begun",
        [(Minutes, row.pk, row.title, None, {}, row.organization_id) for row in made],
        by=by,
    )
    ask_to_write(row for row in made if row.meeting.state == MeetingState.ENDED)
    return made


def ask_to_write(rows: Iterable[Minutes]) -> None:
    """Tell the recorders of sittings that have ended that the minutes wait for them; nobody is told twice."""
    post_many(
        Posting(
            kind="minutes_to_write",
            key=f"minutes-write:{row.pk}",
            recipients=frozenset({row.recorder_id}),
            params={"title": row.title, "day": row.held_on},
            url=row.get_absolute_url(),
        )
        for row in rows
    )


def new_rows(parts: Sequence[MeetingPart]) -> list[Minutes]:
    """Return drafts of the minutes of ``parts``, not yet written down."""
    known = sittings_of(parts)
    sizes: dict[int, int] = {}
    for meeting_id in MeetingPart.objects.filter(
        meeting__in={part.meeting_id for part in parts}
    ).values_list("meeting_id", flat=True):
        sizes[meeting_id] = sizes.get(meeting_id, 0) + 1
    rows = []
    for part in parts:
        meeting = part.meeting
        held_at = meeting.started_at or meeting.planned_at
        readers = readers_of(part.kind, is_joint=sizes[meeting.pk] > 1)
        rows.append(
            Minutes(
                part=part,
                meeting=meeting,
                organization=meeting.organization,
                kind=part.kind,
                title=meeting.title,
                held_at=held_at,
                held_on=timezone.localdate(held_at),
                chair_id=meeting.chair_id,
                recorder_id=meeting.recorder_id,
                readers=readers,
                disclosure="none" if readers == Readers.KEEPERS else "title",
                state=MinutesState.DRAFT,
                facts=draft(known[part.pk]),
            )
        )
    return rows
