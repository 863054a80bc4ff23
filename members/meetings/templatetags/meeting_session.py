"""What the page of a meeting offers on its day, drawn from the meeting alone wherever ``_session.html`` is included."""

from typing import Any

from django import template

from portal.access.policy import may

from ..models import Meeting
from ..views.session import session_panel

register = template.Library()


@register.simple_tag(takes_context=True, name="session_panel")
def panel_of(context: template.Context, meeting: Meeting) -> dict[str, Any]:
    """Return where one can go now, and how one is noted; two statements, one when the meeting says who leads it."""
    request = getattr(context, "request", None) or context["request"]
    leads = meeting.may_lead if hasattr(meeting, "may_lead") else may(request.user, "lead", meeting)
    return session_panel(request, meeting) | {"leads": leads}
