"""How the pages of votes get their rows."""

from typing import Any

from django.http import HttpRequest

from members.meetings.models import AgendaItem
from portal.access.policy import with_power
from portal.accounts.models import User

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


def items() -> Any:
    return AgendaItem.objects.select_related("meeting__organization", "part")
