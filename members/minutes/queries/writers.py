"""Who else has begun to write the same minutes: told to those who write them, without a word of what they write."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from portal.access.policy import holders
from portal.access.rights import AnyUser
from portal.drafts.models import Draft

from ..models import Minutes

# A page saves its draft at most this long after a key is pressed; who has not typed for longer is not writing just now.
JUST_NOW = timedelta(minutes=2)
# Older drafts were forgotten, and nobody waits for them.
REMEMBERED = timedelta(days=7)
MOST = 5


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody with text for the minutes that is not saved into them yet."""

    name: str
    saved_at: datetime
    is_writing: bool


def draft_key(minutes: Minutes) -> str:
    """Return the key under which everybody keeps the own draft of ``minutes``."""
    return f"minutes:{minutes.pk}"


def others_writing(minutes: Minutes, user: AnyUser, *, now: datetime) -> list[Writer]:
    """Return who besides ``user`` has an unsaved draft of ``minutes``, the latest first: one statement."""
    leads = [minutes.chair_id, minutes.recorder_id]
    rows = (
        Draft.objects.filter(Q(user__in=leads) | Q(user__in=holders("write", minutes)), key=draft_key(minutes))
        .filter(saved_at__gte=now - REMEMBERED)
        .exclude(user=user.pk)
        .order_by("-saved_at")
        .values_list("user__name", "saved_at")
    )
    return [Writer(name, at, at >= now - JUST_NOW) for name, at in rows[:MOST]]
