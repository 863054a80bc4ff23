"""The votes of a meeting, drawn from the meeting alone wherever ``members/votes/_votes.html`` is included."""

from typing import Any

from django import template

from members.meetings.models import Meeting, MeetingState
from portal.access.policy import may

from ..queries import votes_of

register = template.Library()


@register.simple_tag(takes_context=True, name="meeting_votes")
def votes_in(context: template.Context, meeting: Meeting) -> dict[str, Any]:
    """Return the votes as the reader may see them, and the matters on which whoever leads may prepare another."""
    request = getattr(context, "request", None) or context["request"]
    leads = meeting.may_lead if hasattr(meeting, "may_lead") else may(request.user, "lead", meeting)
    is_coming = meeting.state in (MeetingState.PLANNED, MeetingState.CONVENED, MeetingState.IN_SESSION)
    items = list(meeting.agenda.order_by("part__number", "number", "pk")) if leads and is_coming else []
    return {"lines": votes_of(meeting, request.user), "items": items}
