"""Who leads and records a sitting when it turns out differently on the day, and papers that were put up by mistake."""

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit import services as audit
from portal.files.models import StoredFile
from portal.files.services import discard
from portal.web.refusals import RuleError

from ..models import AgendaItem, Meeting, MeetingState
from . import telling
from .planning import held, refuse_wrong_leaders


@transaction.atomic
def change_leaders(meeting: Meeting, *, chair: User, recorder: User, by: User) -> Meeting:
    """Let somebody else chair or record: also when the hour has come, and while the sitting goes on.

    Raises ``RuleError`` once it has ended, for then its minutes name those who did, and for people who may not.
    """
    meeting = held(meeting)
    if meeting.state in (MeetingState.ENDED, MeetingState.CANCELLED):
        raise RuleError(_("The meeting is over; its minutes name who chaired and recorded it."))
    before = {"chair": meeting.chair.name, "recorder": meeting.recorder.name}
    was = {meeting.chair_id, meeting.recorder_id}
    meeting.chair, meeting.recorder = chair, recorder
    refuse_wrong_leaders(meeting, list(meeting.parts.values_list("kind", flat=True)))
    after = {"chair": chair.name, "recorder": recorder.name}
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if not changes:
        return meeting
    meeting.save(update_fields=["chair", "recorder"])
    audit.record("meetings.leaders_changed", meeting, by=by, changes=changes)
    if meeting.state != MeetingState.PLANNED:
        telling.leading(meeting, {chair.pk, recorder.pk} - was, by=by)
    return meeting


@transaction.atomic
def remove_paper(meeting: Meeting, file: StoredFile, *, by: User) -> None:
    """Take a paper off the sitting, or off a matter that has not been taken up.

    Raises ``RuleError`` when it has become part of the record.
    """
    meeting = held(meeting)
    if meeting.state in (MeetingState.ENDED, MeetingState.CANCELLED):
        raise RuleError(_("The meeting is over; its papers stand."))
    items = AgendaItem.objects.filter(meeting=meeting, files=file.pk)
    if not items.exists() and not meeting.files.filter(pk=file.pk).exists():
        raise RuleError(_("This paper has been taken off already."))
    if items.filter(started_at__isnull=False).exists():
        raise RuleError(_("The matter of this paper has been taken up; it stands as it is."))
    name = file.name
    discard(file)
    audit.record("meetings.paper_removed", meeting, by=by, changes={"paper": [name, ""]})
