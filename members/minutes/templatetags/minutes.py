"""What the page of a meeting shows of its minutes."""

from collections.abc import Mapping
from typing import Any

from django import template

from members.meetings.models import Meeting

from ..queries.meetings import PartMinutes, parts_of

register = template.Library()


@register.simple_tag(takes_context=True)
def minutes_of(context: Mapping[str, Any], meeting: Meeting) -> list[PartMinutes]:
    """Return each kind of ``meeting`` with its minutes, as far as the reader of the page may see them."""
    return parts_of(context["request"].user, meeting)
