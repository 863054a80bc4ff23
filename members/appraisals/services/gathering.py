"""The appraisal and its meeting are one event: chosen once, its ballot opens to those who came, its minutes say so."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from members.meetings.models import Meeting, MeetingState
from members.minutes import services as minutes
from members.minutes.models import Minutes
from portal.accounts.models import User
from portal.audit import services as audit
from portal.ballots.models import BallotState
from portal.ballots.services import admit_present
from portal.web.refusals import RuleError

from ..models import Appraisal
from ..queries.gathering import COMING, KIND, outcome_of, room_of
from ..rules import BEFORE_BALLOT, Stage
from .holding import hold


@transaction.atomic
def hold_in(appraisal: Appraisal, meeting: Meeting, *, by: User | None) -> Appraisal:
    """Let an appraisal be held in a meeting of its branch; the day of the ballot is that of the meeting.

    Raises ``RuleError`` once the ballot is open, and for a meeting that is over, of somebody else, of other kinds, or
    before the day until which self-appraisals are handed in.
    """
    meeting = _held(Meeting.objects.filter(pk=meeting.pk)).get()
    appraisal = _before_ballot(appraisal)
    if flaw := _flaw(appraisal, meeting):
        raise RuleError({"meeting": flaw})
    if appraisal.meeting_id == meeting.pk:
        return appraisal
    before, appraisal.meeting = appraisal.meeting, meeting
    appraisal.ballot_on = timezone.localdate(meeting.planned_at)
    appraisal.version += 1
    appraisal.save(update_fields=["meeting", "ballot_on", "version"])
    audit.record(
        "appraisals.meeting_chosen", appraisal, by=by,
        changes={"meeting": [str(before or ""), str(meeting)], "ballot_on": [None, appraisal.ballot_on]},
    )  # fmt: skip
    return appraisal


def _flaw(appraisal: Appraisal, meeting: Meeting) -> str:
    """Return why an appraisal cannot be held in ``meeting``, ``""`` when it can."""
    if meeting.organization_id != appraisal.organization_id or not meeting.parts.filter(kind=KIND).exists():
        return _("This meeting holds no democratic appraisal of this branch.")
    if meeting.state not in COMING:
        return _("This meeting is over or was called off. Choose one to come.")
    if timezone.localdate(meeting.planned_at) < appraisal.self_until:
        return _(
            "The meeting is held before the last day for self-appraisals. Choose a later meeting, or let the "
            "self-appraisals be handed in earlier."
        )
    if Appraisal.objects.filter(meeting=meeting).exclude(pk=appraisal.pk).exists():
        return _("Another appraisal is held in this meeting.")
    return ""


@transaction.atomic
def hold_without(appraisal: Appraisal, *, by: User) -> Appraisal:
    """Take an appraisal out of its meeting: the branch votes in the portal alone."""
    appraisal = _before_ballot(appraisal)
    if appraisal.meeting is None:
        return appraisal
    before, appraisal.meeting = appraisal.meeting, None
    appraisal.version += 1
    appraisal.save(update_fields=["meeting", "version"])
    audit.record("appraisals.meeting_chosen", appraisal, by=by, changes={"meeting": [str(before), ""]})
    return appraisal


def choose_by_itself(meeting: Meeting, *, by: User | None) -> None:
    """Let the running appraisal of a branch be held in the meeting that was just convened for it, if it has none."""
    rows = Appraisal.objects.filter(organization=meeting.organization_id, state__in=BEFORE_BALLOT)
    free = [row for row in rows.with_places() if row.meeting is None or row.meeting.state not in COMING]
    if len(free) == 1 and not _flaw(free[0], meeting):
        hold_in(free[0], meeting, by=by)


def refuse_while_open(meeting: Meeting) -> None:
    """Raise ``RuleError`` while the ballot of an appraisal that is held in ``meeting`` is open."""
    rows = Appraisal.objects.filter(meeting=meeting, state=Stage.BALLOT, ballot__state=BallotState.OPEN)
    if rows.exists():
        raise RuleError(_("The ballot of the democratic appraisal is open. Close it before the meeting ends."))


@transaction.atomic
def admit_latecomers(appraisal: Appraisal, *, by: User) -> int:
    """Let those vote who came in after the ballot was opened; return how many."""
    appraisal = hold(appraisal)
    if appraisal.state != Stage.BALLOT or appraisal.ballot is None or appraisal.meeting is None:
        raise RuleError(_("People are let in while the ballot is open in a meeting."))
    late = admit_present(appraisal.ballot, room_of(appraisal.meeting).here, by=by)
    if not late:
        raise RuleError(_("Nobody who may vote has come in since."))
    return late


def hold_meeting(appraisal: Appraisal) -> None:
    """Hold the meeting of an appraisal before the appraisal itself: convening and closing hold them in this order."""
    list(_held(Meeting.objects.filter(appraisal=appraisal.pk)))


def in_session(meeting: Meeting) -> Meeting:
    """Return the meeting in which a ballot is to be opened; raise ``RuleError`` when it is not in session."""
    if meeting.state == MeetingState.IN_SESSION:
        return meeting
    if meeting.state in COMING:
        words = _("The ballot is held in the meeting “%(title)s”. It can be opened once the meeting is in session.")
    else:
        words = _("The meeting “%(title)s” is over or was called off. Choose another, or hold the ballot without one.")
    raise RuleError(words % {"title": meeting.title})


def _held(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    return rows.select_for_update(no_key=True, of=("self",)).order_by("pk")


def tell_minutes(appraisal: Appraisal, *, by: User) -> None:
    """Add what the superior confirmed to the minutes of the meeting, when they were sealed before that."""
    if appraisal.meeting_id is None:
        return
    assert appraisal.confirmed_on is not None  # a constraint of the table
    sealed = Minutes.objects.filter(part__meeting=appraisal.meeting_id, part__kind=KIND).first()
    if sealed is None or not sealed.is_sealed:
        return
    # Minutes are read by everybody: they are written in the language of the university.
    with override("zh-hans"):
        reason = _("The superior confirmed the appraisal on %(day)s, after the minutes were sealed.")
        said = reason % {"day": date_format(appraisal.confirmed_on, "Y-m-d")}
        minutes.add(sealed, words=outcome_of(appraisal), reason=said, by=by)


def _before_ballot(appraisal: Appraisal) -> Appraisal:
    appraisal = hold(appraisal)
    if not appraisal.is_before_ballot:
        raise RuleError(_("The ballot has been opened; day and meeting stay as they are."))
    return appraisal
