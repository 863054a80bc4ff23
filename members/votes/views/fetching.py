"""How the pages of votes get their rows."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from members.meetings.models import AgendaItem
from portal.access.policy import fetch, with_power
from portal.accounts.models import User
from portal.web.refusals import RuleError

from .. import services
from ..models import MeetingVote


def rows_of(request: HttpRequest) -> Any:
    rows = MeetingVote.objects.select_related(
        "ballot", "meeting__organization", "item", "part__meeting", "subject_case__person__user", "approved_by"
    )
    return with_power(with_power(rows, request.user, "lead"), request.user, "approve")


def person_of(request: HttpRequest) -> User:
    """Return who is signed in; every address here asks for that."""
    assert request.user.is_authenticated
    return request.user


def item_to_vote_on(request: HttpRequest, pk: int) -> AgendaItem:
    """Return a matter on which whoever leads the sitting may still prepare a vote."""
    rows = AgendaItem.objects.select_related("meeting__organization", "part")
    item = fetch(request.user, "lead", AgendaItem, queryset=rows, pk=pk)
    if item.meeting.state not in services.COMING:
        raise RuleError(_("The meeting is over."))
    return item
