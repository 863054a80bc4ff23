"""Where the pages of a node's duties are, and where a missing meeting is planned."""

from datetime import date, timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from portal.access.rights import AnyUser, rights_of
from portal.organizations.duties import Duty as Right
from portal.organizations.models import Organization

from .engine.evaluate import Obligation, Status
from .engine.periods import Period
from .kinds import DUTIES

AHEAD = timedelta(days=7)


def board_url(node: Organization, month: Period, **filters: Any) -> str:
    query = {"node": node.pk, "month": month.code, **{name: value for name, value in filters.items() if value}}
    return f"{reverse('members:obligations:board')}?{urlencode(query)}"


def year_url(node: Organization, year: int | None = None) -> str:
    address = reverse("members:obligations:year", args=[node.pk])
    return f"{address}?year={year}" if year else address


def duty_url(node: Organization, owed: Obligation) -> str:
    return f"{year_url(node)}{owed.kind}/{owed.period.code}/"


def calendar_url(node: Organization, month: Period) -> str:
    """Return the address of the calendar of a node's space, where meetings and last days stand together."""
    return f"{reverse('spaces:calendar', args=[node.pk])}?{urlencode({'month': month.code})}"


def talks_url(user: AnyUser, node: Organization, year: int) -> str:
    """Return the address of the year of talks of a branch; nothing for who does not plan them there."""
    if not rights_of(user).holds_on(Right.HEAR_MEMBERS, node.path):
        return ""
    try:
        address = reverse("members:help:talk-list")
    except NoReverseMatch:  # an installation without the pages of talks
        return ""
    return f"{address}?{urlencode({'organization': node.pk, 'year': year})}"


def plan_url(user: AnyUser, node: Organization, owed: Obligation, on: date) -> str:
    """Return the address of the form in which the missing meeting is planned, filled in; nothing for who may not."""
    if owed.status not in (Status.DUE, Status.LATER) or not rights_of(user).holds_on(Right.HOLD_MEETINGS, node.path):
        return ""
    if DUTIES[owed.kind].meeting is None:
        return talks_url(user, node, owed.period.first.year)
    try:
        address = reverse("members:meetings:meeting-create")
    except NoReverseMatch:  # an installation without the pages of meetings
        return ""
    day = min(max(on + AHEAD, owed.earliest), owed.due_on)
    meeting = str(DUTIES[owed.kind].meeting)
    # The kind is also the name of the template from which a meeting of that kind is drafted.
    query = {"organization": node.pk, "kind": meeting, "template": meeting, "on": day.isoformat()}
    return f"{address}?{urlencode(query)}"


def held_url(user: AnyUser, node: Organization, owed: Obligation) -> str:
    """Return where a meeting that was held without the portal is entered for a duty; nothing for who may not."""
    begun = owed.status in (Status.DUE, Status.PLANNED, Status.OVERDUE)
    if not begun or DUTIES[owed.kind].meeting is None or not rights_of(user).holds_on(Right.HOLD_MEETINGS, node.path):
        return ""
    try:
        address = reverse("members:meetings:held-enter")
    except NoReverseMatch:  # an installation without the pages of meetings
        return ""
    return f"{address}?{urlencode({'organization': node.pk, 'kind': str(DUTIES[owed.kind].meeting)})}"
