"""Ask somebody from outside the circle to a sitting: a representative from above, a lecturer, whoever listens."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.access.rights import rights_of
from portal.accounts.models import User
from portal.audit import services as audit
from portal.organizations.models import Standing
from portal.web.refusals import RuleError

from ..models import Attendance, Capacity, Meeting, MeetingState
from . import telling
from .planning import held

GUESTS_MAX = 60
# Until it ends, a sitting takes guests.
_OPEN = (MeetingState.PLANNED, MeetingState.CONVENED, MeetingState.IN_SESSION)


@transaction.atomic
def invite_guest(meeting: Meeting, user: User, *, words: str, by: User) -> Attendance:
    """Give ``user`` a seat without a vote, asked to come as ``words`` say; told at once when the sitting is convened.

    Raises ``RuleError`` for somebody who is in the circle already and for a sitting that is over, ``ValidationError``
    without words.
    """
    meeting = held(meeting)
    _refuse_when_over(meeting)
    words = words.strip()
    if not words:
        raise ValidationError({"words": _("Say as what the guest comes.")})
    if meeting.attendances.filter(user=user).exists():
        raise RuleError({"person": _("%(name)s is invited already.") % {"name": user.name}})
    if meeting.attendances.exclude(guest_words="").count() >= GUESTS_MAX:
        raise RuleError(_("At most %(most)s guests can be invited to one meeting.") % {"most": GUESTS_MAX})
    row = Attendance(
        meeting=meeting, user=user, capacity=Capacity.OBSERVER, guest_words=words,
        standing=rights_of(user).standing or Standing.MASS,
    )  # fmt: skip
    row.full_clean()
    row.save(force_insert=True)
    audit.record("meetings.guest_invited", meeting, by=by, about=user, changes={"guest": ["", words]})
    if meeting.state == MeetingState.CONVENED:
        telling.guest_invited(meeting, user, by=by)
    return row


@transaction.atomic
def withdraw_guest(attendance: Attendance, *, by: User) -> None:
    """Take back that a guest was asked, who has not come in; whoever was told of the sitting is told of this."""
    meeting = held(attendance.meeting)
    _refuse_when_over(meeting)
    row = meeting.attendances.select_for_update(of=("self",)).select_related("user").filter(pk=attendance.pk).first()
    if row is None or not row.guest_words:
        raise RuleError(_("Only a guest's invitation can be taken back: the circle follows from posts and standings."))
    if row.checked_in_at is not None:
        raise RuleError(_("%(name)s has come in already.") % {"name": row.user.name})
    user, words = row.user, row.guest_words
    row.delete()
    audit.record("meetings.guest_withdrawn", meeting, by=by, about=user, changes={"guest": [words, ""]})
    if meeting.state == MeetingState.CONVENED:
        telling.guest_withdrawn(meeting, user, by=by)


def _refuse_when_over(meeting: Meeting) -> None:
    if meeting.state not in _OPEN:
        raise RuleError(_("The meeting is over; nobody is invited any more."))
