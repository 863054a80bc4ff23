"""What a node's page and its space show of its duties: doors to them, its lights, its calendar, the year in figures."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.access.rights import AnyUser, Rights, rights_of
from portal.extensions.registry import (
    CalendarItem,
    CalendarSource,
    Light,
    LightSource,
    Panel,
    RecordBlock,
    RecordSource,
    SpaceTab,
    calendar_sources,
    panels,
    record_sources,
    space_lights,
    space_tabs,
)
from portal.organizations.models import Organization

from .addresses import board_url, duty_url, year_url
from .engine.evaluate import Status
from .engine.periods import Period, Span
from .kinds import OWING_TYPES, SITTINGS
from .policies import SEEING
from .queries.one import reading_of
from .queries.places import Place, windows_of
from .queries.reading import read
from .wording import period_words

STILL = (Status.PLANNED, Status.DUE, Status.LATER)


def _sees(rights: Rights, node: Organization) -> bool:
    return any(rights.holds_on(duty, node.path) for duty in SEEING)


def doors(organization: Organization, reader: AnyUser) -> dict[str, Any] | None:
    """Lead to the year and the board of a node without asking the database."""
    if not _sees(rights_of(reader), organization):
        return None
    links = [{"label": _("Due board"), "url": board_url(organization, Period.of(Span.MONTH, timezone.localdate()))}]
    if organization.org_type in OWING_TYPES:
        links.insert(0, {"label": _("Its year, month by month"), "url": year_url(organization)})
    return {"links": links}


def tab_address(organization: Organization, rights: Rights) -> str:
    return year_url(organization) if _sees(rights, organization) else ""


def lights(nodes: Iterable[Organization], reader: AnyUser, on: date) -> dict[int, Light]:
    """Say of each node that the reader watches how many duties were missed or are due: three queries."""
    rights = rights_of(reader)
    seen = [node for node in nodes if node.org_type in OWING_TYPES and _sees(rights, node)]
    if not seen:
        return {}
    reading = read(Place(tuple(node.path for node in seen), exact=True), windows_of(on, on), on=on)
    found = {}
    for node in seen:
        if node.pk not in reading.units:
            continue
        stand = [owed.status for owed in reading.owed_now(node, on)]
        missed, due = stand.count(Status.OVERDUE), stand.count(Status.DUE)
        if missed:
            words, tone = ngettext("%(count)d missed", "%(count)d missed", missed) % {"count": missed}, "danger"
        elif due:
            words, tone = ngettext("%(count)d due", "%(count)d due", due) % {"count": due}, "warning"
        else:
            words, tone = _("nothing left to plan") if Status.PLANNED in stand else _("all held"), "success"
        if stand:
            found[node.pk] = Light(words, tone, year_url(node))
    return found


def due_days(organization: Organization, reader: AnyUser, first: date, last: date) -> list[CalendarItem]:
    """Return the last days of what a node still owes, for whoever sees its duties: two queries."""
    if organization.org_type not in OWING_TYPES or not _sees(rights_of(reader), organization):
        return []
    today = timezone.localdate()
    reading = read(Place((organization.path,), exact=True), windows_of(first, last), on=today, kinds=SITTINGS)
    if organization.pk not in reading.units:
        return []
    return [
        CalendarItem(
            on=owed.due_on,
            title=_("Last day: %(kind)s") % {"kind": owed.kind.label},
            url=duty_url(organization, owed),
            note=period_words(owed.period),
            icon="calendar-check",
        )
        for owed in reading.owed(organization, first, last, SITTINGS)
        if owed.status in (Status.DUE, Status.OVERDUE, Status.LATER) and first <= owed.due_on <= last
    ]


def year_in_figures(organization: Organization, reader: AnyUser, year: int) -> RecordBlock | None:
    """Return how many duties of a year were met and missed: three queries."""
    if organization.org_type not in OWING_TYPES or not _sees(rights_of(reader), organization):
        return None
    reading = reading_of(organization, year, on=timezone.localdate())
    if organization.pk not in reading.units:
        return None
    owed = reading.owed(organization, date(year, 1, 1), date(year, 12, 31))
    stand = [row.status for row in owed]
    here = year_url(organization, year)
    return RecordBlock(
        figures=(
            (_("duties met"), stand.count(Status.MET), here),
            (_("duties missed"), stand.count(Status.OVERDUE), here),
            (_("still to be held"), sum(stand.count(status) for status in STILL), here),
        ),
        more_url=here,
    )


def register() -> None:
    label = gettext_lazy("Duties of organizational life")
    panels.register(
        Panel("obligations", label, "members/obligations/_organization_panel.html", doors, order=16)
    )
    space_tabs.register(SpaceTab("obligations", gettext_lazy("What is due"), tab_address, order=60))
    space_lights.register(LightSource("obligations", label, lights, order=20))
    calendar_sources.register(CalendarSource("obligations", label, due_days, order=40))
    record_sources.register(RecordSource("obligations", label, year_in_figures, order=40))
