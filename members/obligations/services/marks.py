"""Say of a lecture that was held that it was one on integrity, or given by a secretary; and take it back."""

from django.db import transaction
from django.utils.translation import gettext as _

from members.meetings.models import MeetingPart, MeetingState
from portal.accounts.models import User
from portal.audit import services as audit
from portal.web.refusals import RuleError

from ..kinds import DUTIES, NAMED
from ..models import LectureMark


@transaction.atomic
def mark_lecture(part: MeetingPart, kind: str, *, by: User | None) -> LectureMark:
    """Let a lecture count for ``kind`` too; saying it twice changes nothing."""
    if kind not in NAMED or part.kind != DUTIES[kind].meeting:
        raise RuleError(_("Only a lecture can count for this."))
    if part.meeting.state != MeetingState.ENDED:
        raise RuleError(_("The lecture has not been held yet."))
    mark, is_new = LectureMark.objects.get_or_create(part=part, kind=kind, defaults={"by": by})
    if is_new:
        audit.record("obligations.lecture_marked", part.meeting, by=by, changes={"kind": ["", kind]})
    return mark


@transaction.atomic
def unmark_lecture(part: MeetingPart, kind: str, *, by: User | None) -> None:
    """Take back what was said of a lecture; what nobody said stays as it is."""
    gone, _rows = LectureMark.objects.filter(part=part, kind=kind).delete()
    if gone:
        audit.record("obligations.lecture_unmarked", part.meeting, by=by, changes={"kind": [kind, ""]})
