"""The appraisal held in a meeting, drawn from the meeting alone by ``members/appraisals/_meeting.html``."""

from typing import Any

from django import template
from django.urls import reverse

from members.meetings.models import Meeting
from portal.access.policy import may, scope
from portal.ballots.queries import figures_of

from ..models import Appraisal
from ..rules import ADVANCING, Stage
from ..stages import advance_words

register = template.Library()


@register.simple_tag(takes_context=True, name="appraisal_in")
def appraisal_in(context: template.Context, meeting: Meeting) -> dict[str, Any] | None:
    """Return the appraisal of a meeting as the reader may see it, with the next thing to do; ``None`` without one."""
    request = getattr(context, "request", None) or context["request"]
    row = scope(request.user, "view", Appraisal).with_places().filter(meeting=meeting.pk).first()
    if row is None:
        return None
    ballot = row.ballot if row.state == Stage.BALLOT else None
    may_advance = row.state in ADVANCING and may(request.user, "hold", row)
    votes = ballot is not None and ballot.is_open and may(request.user, "vote", ballot)
    return {
        "row": row,
        "ballot": ballot,
        "figures": figures_of([ballot])[ballot.pk] if ballot is not None else None,
        "vote_url": reverse("ballots:ballot-vote", args=[ballot.pk]) if ballot is not None and votes else "",
        "advance_url": reverse("members:appraisals:advance", args=[row.pk]) if may_advance else "",
        "advance_label": advance_words(row)[0],
    }
