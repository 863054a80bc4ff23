"""What the people part of the room tells."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds

from .models import CorrectionState, Member


def _in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the stored name of a field and the stored outcome into words."""
    words = dict(params)
    name = params.get("field", "")
    words["field"] = Member._meta.get_field(name).verbose_name if name else _("the archive")
    if "state" in params:
        words["state"] = CorrectionState(params["state"]).label
    return words


REVEALED = NoticeKind(
    code="members.revealed",
    label=_("someone opened a sensitive field of mine"),
    title=_("%(who)s looked at your archive: %(field)s"),
    body=_("Reason given: %(words)s"),
    reason=_("You are told whenever a sensitive field of your archive is opened."),
    statutory=True,
    words=_in_words,
)
CORRECTION_ASKED = NoticeKind(
    code="members.correction_asked",
    label=_("requests to correct an archive"),
    title=_("%(who)s asks for a correction: %(field)s"),
    body="%(words)s",
    reason=_("You keep the personal archives of this person's organization."),
    words=_in_words,
)
CORRECTION_ANSWERED = NoticeKind(
    code="members.correction_answered",
    label=_("answers to my requests for correction"),
    title=_("Your request for correction was answered: %(field)s, %(state)s"),
    body="%(words)s",
    reason=_("You asked for this correction."),
    statutory=True,
    words=_in_words,
)


def register() -> None:
    for kind in (REVEALED, CORRECTION_ASKED, CORRECTION_ANSWERED):
        kinds.register(kind)
