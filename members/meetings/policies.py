"""Who sees meetings, convenes them, and answers (domain.md 5; duties on the tree)."""

from django.db.models import Exists, OuterRef, Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser
from portal.organizations.duties import Duty

from .models import (
    AgendaItem,
    Attendance,
    CalendarFeed,
    CheckInNote,
    Meeting,
    MeetingPart,
    MeetingState,
    MeetingTemplate,
    SeatRemark,
)


def _invited(user: AnyUser, meeting: str) -> Q:
    """Return the condition that ``user`` is in the circle of a convened meeting, whose key is ``meeting``."""
    return Q(Exists(Attendance.objects.filter(meeting=OuterRef(meeting), user=user.pk)))


@policy_for(Meeting)
class MeetingPolicy(Policy):
    """Who is invited sees a meeting from its convening on; chair and recorder lead it; duties see and keep."""

    node = "organization"
    more_actions = ("answer",)
    duties = {
        "view": (Duty.SEE_MEETINGS, Duty.HOLD_MEETINGS),
        "hold": Duty.HOLD_MEETINGS,
        "lead": Duty.HOLD_MEETINGS,
        "grant_leave": Duty.HOLD_MEETINGS,
        "export": Duty.EXPORT_LISTS,
    }

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        leads = Q(chair=user.pk) | Q(recorder=user.pk)
        if action == "view":
            return leads | (_invited(user, "pk") & ~Q(state=MeetingState.PLANNED))
        if action == "lead":
            return leads
        if action == "answer":
            return _invited(user, "pk") & ~Q(state=MeetingState.PLANNED)
        return NOTHING


class _OfMeeting(Policy):
    """What hangs on a meeting is seen and led by whoever sees and leads it."""

    node = "meeting__organization"
    duties = {"view": (Duty.SEE_MEETINGS, Duty.HOLD_MEETINGS), "lead": Duty.HOLD_MEETINGS}

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        leads = Q(meeting__chair=user.pk) | Q(meeting__recorder=user.pk)
        if action == "view":
            return leads | (_invited(user, "meeting_id") & ~Q(meeting__state=MeetingState.PLANNED))
        return leads if action == "lead" else NOTHING


@policy_for(MeetingPart)
class MeetingPartPolicy(_OfMeeting):
    """The kinds of a sitting."""


@policy_for(AgendaItem)
class AgendaItemPolicy(_OfMeeting):
    """The agenda, with its papers."""


@policy_for(Attendance)
class AttendancePolicy(Policy):
    """Each person sees the own row; those who lead and keep the meeting see the list."""

    node = "meeting__organization"
    more_actions = ("answer",)
    duties = {
        "view": (Duty.SEE_MEETINGS, Duty.HOLD_MEETINGS),
        "lead": Duty.HOLD_MEETINGS,
        "grant_leave": Duty.HOLD_MEETINGS,
    }

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        mine = Q(user=user.pk) & ~Q(meeting__state=MeetingState.PLANNED)
        leads = Q(meeting__chair=user.pk) | Q(meeting__recorder=user.pk)
        return {"view": mine | leads, "answer": mine, "lead": leads}.get(action, NOTHING)


@policy_for(CheckInNote)
class CheckInNotePolicy(Policy):
    """For those who lead the meeting alone."""

    node = "meeting__organization"
    duties = {"view": Duty.HOLD_MEETINGS, "lead": Duty.HOLD_MEETINGS}

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated or action not in ("view", "lead"):
            return NOTHING
        return Q(meeting__chair=user.pk) | Q(meeting__recorder=user.pk)


@policy_for(MeetingTemplate)
class MeetingTemplatePolicy(Policy):
    node = "organization"
    duties = {"view": Duty.HOLD_MEETINGS, "hold": Duty.HOLD_MEETINGS}


@policy_for(CalendarFeed)
class CalendarFeedPolicy(Policy):
    """Each person sees and revokes the own feeds."""

    more_actions = ("view", "revoke")

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(user=user.pk) if user.is_authenticated and action in self.more_actions else NOTHING


@policy_for(SeatRemark)
class SeatRemarkPolicy(Policy):
    """Kept and seen by those who convene; each person sees the own."""

    node = "organization"
    duties = {"view": Duty.HOLD_MEETINGS, "hold": Duty.HOLD_MEETINGS}

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(user=user.pk) if user.is_authenticated and action == "view" else NOTHING
