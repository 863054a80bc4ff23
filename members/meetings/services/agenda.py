"""Draft the agenda of a meeting: add, change, order and strike matters until they are dealt with."""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.files.models import StoredFile
from portal.files.services import attach
from portal.web.refusals import RuleError

from ..models import AgendaItem, Meeting, MeetingPart, MeetingState
from .planning import MATTERS_MAX, held

UP, DOWN = "up", "down"


def _open_agenda(meeting: Meeting) -> Meeting:
    """Hold the meeting; raise ``RuleError`` when its agenda has become part of the record."""
    meeting = held(meeting)
    if meeting.state in (MeetingState.ENDED, MeetingState.CANCELLED):
        raise RuleError(_("The meeting is over; its agenda stands."))
    return meeting


@transaction.atomic
def add_item(
    meeting: Meeting,
    *,
    part: MeetingPart,
    title: str,
    minutes: int | None = None,
    presenter: User | None = None,
    words: str = "",
    files: Iterable[StoredFile] = (),
    first: bool = False,
    by: User | None,
) -> AgendaItem:
    """Add a matter at the end of the agenda, or as its first one."""
    meeting = _open_agenda(meeting)
    if part.meeting_id != meeting.pk:
        raise RuleError(_("This kind is not part of the meeting."))
    if meeting.agenda.count() >= MATTERS_MAX:
        raise RuleError(_("An agenda has at most %(most)s matters.") % {"most": MATTERS_MAX})
    if first:
        meeting.agenda.update(number=F("number") + 1)
        number = 1
    else:
        number = (meeting.agenda.aggregate(last=Max("number"))["last"] or 0) + 1
    item = AgendaItem(
        meeting=meeting, part=part, number=number, title=title.strip(), minutes=minutes, presenter=presenter,
        words=words.strip(),
    )  # fmt: skip
    item.full_clean()
    item.save()
    for file in files:
        attach(file, item)
    audit.record("meetings.agenda_changed", meeting, by=by, changes={"matter": ["", item.title]})
    return item


@transaction.atomic
def edit_item(
    item: AgendaItem, *, files: Iterable[StoredFile] = (), seen: str | None = None, by: User | None, **fields: Any
) -> AgendaItem:
    """Change a matter that has not been taken up; papers are added to those it has.

    Refuses with ``seen`` (``fingerprint_of_item``) when somebody else changed it since the page was opened.
    """
    meeting = _open_agenda(item.meeting)
    item = meeting.agenda.select_for_update(of=("self",)).get(pk=item.pk)
    if item.started_at is not None:
        raise RuleError(_("This matter has been taken up; it stands as it is."))
    if seen is not None and seen != fingerprint_of_item(item):
        raise RuleError(_("Somebody else has changed this matter meanwhile. Look at it again, then change it."))
    before = {name: getattr(item, name) for name in fields}
    for name, value in fields.items():
        setattr(item, name, value.strip() if isinstance(value, str) else value)
    if item.part.meeting_id != meeting.pk:
        raise RuleError(_("This kind is not part of the meeting."))
    item.full_clean()
    item.save(update_fields=list(fields))
    for file in files:
        attach(file, item)
    changes = {name: [str(before[name] or ""), str(getattr(item, name) or "")] for name in fields
               if before[name] != getattr(item, name)}  # fmt: skip
    if changes or files:
        audit.record("meetings.agenda_changed", meeting, by=by, changes=changes)
    return item


def fingerprint_of_item(item: AgendaItem) -> str:
    """Return what an edit of a matter began from: another edit in between changes it."""
    facts = [item.title, item.words, item.minutes, item.part_id, item.presenter_id]
    return blake2b(repr(facts).encode(), digest_size=8).hexdigest()


@transaction.atomic
def move_item(item: AgendaItem, way: str, *, by: User | None) -> None:
    """Let a matter change places with its neighbor, ``UP`` or ``DOWN``; at the end nothing happens."""
    if way not in (UP, DOWN):
        raise RuleError(_("A matter moves up or down."))
    meeting = _open_agenda(item.meeting)
    rows = list(meeting.agenda.order_by("number", "pk"))
    place = next((index for index, row in enumerate(rows) if row.pk == item.pk), None)
    if place is None:
        raise RuleError(_("This matter is not on the agenda any more."))
    other = place - 1 if way == UP else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows, start=1):
        row.number = number
    AgendaItem.objects.bulk_update(rows, ["number"])
    audit.record("meetings.agenda_changed", meeting, by=by, changes={"moved": ["", f"{item.title}: {way}"]})


@transaction.atomic
def remove_item(item: AgendaItem, *, by: User | None) -> None:
    """Strike a matter that has not been taken up, with its papers."""
    meeting = _open_agenda(item.meeting)
    row = meeting.agenda.select_for_update(of=("self",)).filter(pk=item.pk).first()
    if row is None:
        return
    if row.started_at is not None:
        raise RuleError(_("This matter has been taken up; it stands as it is."))
    title = row.title
    row.delete()
    audit.record("meetings.agenda_changed", meeting, by=by, changes={"matter": [title, ""]})
