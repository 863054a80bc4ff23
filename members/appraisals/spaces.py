"""What appraisals show in the space of a node: their days in the calendar, and the year's in its record."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.access.rights import AnyUser
from portal.extensions.registry import (
    CalendarItem,
    CalendarSource,
    RecordBlock,
    RecordSource,
    TimelineEntry,
    calendar_sources,
    record_sources,
)
from portal.organizations.models import Organization

from .models import Appraisal
from .queries import seen_by

MOST = 60


def days(node: Organization, reader: AnyUser, first: date, last: date) -> Iterable[CalendarItem]:
    """Return until when self-appraisals are handed in and when the branch votes: one query."""
    here = Q(self_until__range=(first, last)) | Q(ballot_on__range=(first, last))
    rows = scope(reader, "view", Appraisal).filter(here, organization=node).order_by("pk")[:MOST]
    found = []
    for row in rows:
        for on, note in ((row.self_until, _("self-appraisals are due")), (row.ballot_on, _("day of the ballot"))):
            if first <= on <= last:
                title = _("Democratic appraisal %(year)d") % {"year": row.year}
                found.append(CalendarItem(on=on, title=title, url=row.get_absolute_url(), note=note, icon="award"))
    return found


def record(node: Organization, reader: AnyUser, year: int) -> RecordBlock | None:
    """Return where the appraisal of the year stands and how many handed in their text: one query."""
    row = seen_by(reader).filter(organization=node, year=year).first()
    if row is None:
        return None
    address = row.get_absolute_url()
    title = _("Democratic appraisal %(year)d") % {"year": row.year}
    return RecordBlock(
        figures=((_("participants"), row.participants, address), (_("self-appraisals"), row.handed_in, address)),
        entries=(
            TimelineEntry(
                on=row.closed_on or row.announced_on,
                title=title,
                url=address,
                note=row.get_state_display(),
                icon="award",
            ),
        ),
    )


def register() -> None:
    calendar_sources.register(
        CalendarSource(code="appraisals", label=gettext_lazy("Democratic appraisal"), find=days, order=60)
    )
    record_sources.register(
        RecordSource(code="appraisals", label=gettext_lazy("Democratic appraisal"), find=record, order=60)
    )
