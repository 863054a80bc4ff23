"""Coming in: by the code on the screen, by the typed one, or by what a phone without signal kept.

One UPDATE decides who comes in, so that two taps, two servers and a server that died in between count once. What is
unusual is noted for the chair and never refused for that reason; only the lack of a genuine, current code is.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.audit.services import record
from portal.web.refusals import RuleError

from .. import signals
from ..models import Attendance, CheckInMeans, CheckInNote, Meeting, MeetingState
from ..rules.codes import KEPT_FOR, Verdict, device_digest, is_scanned, read, read_kept
from ..rules.day import HELD_AT_LATEST_AFTER, OPENS_BEFORE, window_of
from . import tries


class NotInvited(RuleError):
    """Somebody with a genuine code who is not in the circle of the meeting."""


@dataclass(frozen=True, slots=True)
class CameIn:
    """What became of a check-in; ``attendance`` stands as it is now, ``waits`` for the chair when it came later."""

    attendance: Attendance
    is_new: bool = False
    waits: bool = False


def check_in(meeting: Meeting, user: User, *, means: str, at: datetime, device: str = "") -> CameIn:
    """Let ``user`` come in at ``at``; who is in already stays in since then.

    ``device`` is the token of the browser, kept as a mark that holds for this meeting alone. Raises ``NotInvited`` for
    somebody outside the circle, and ``RuleError`` when nobody can come in at the moment.
    """
    mark = device_digest(bytes(meeting.code_secret), device)
    with transaction.atomic():
        came = (
            Attendance.objects.filter(_is_open(at), meeting=meeting.pk, user=user.pk, checked_in_at=None, state="")
            .update(checked_in_at=at, means=means, device=mark)
        )  # fmt: skip
        attendance = Attendance.objects.filter(meeting=meeting.pk, user=user.pk).first()
        if came and attendance is not None:
            record("meetings.checked_in", meeting, by=user, about=user, changes={"means": ["", means]})
            _note_device(meeting, attendance, mark, at)
            signals.checked_in.send(Meeting, meeting=meeting, attendance=attendance, by=user)
    if attendance is None:
        raise _not_invited(meeting, user, at)
    if not came and attendance.checked_in_at is None:
        raise _not_now(meeting, at)
    if attendance.left_at is not None:
        _come_back(meeting, attendance, by=user)
    return CameIn(attendance, is_new=bool(came))


def come_by_code(
    meeting: Meeting, user: User, code: str, *, at: datetime, device: str = "", shown_at: datetime | None = None
) -> CameIn:
    """Check in by a code that was scanned or typed.

    ``shown_at`` says that this browser proved the code when it was current: signing in takes longer than the code
    lasts. Raises ``RuleError`` for a wrong code, one that is over, and after too many wrong ones.
    """
    if not tries.may_try(meeting.pk, user.pk):
        raise RuleError(
            _("Too many wrong codes. Wait ten minutes, or ask the chair to note you on the list."), code="tries"
        )
    reading = read(bytes(meeting.code_secret), code, now=at)
    if shown_at is None and reading.verdict is not Verdict.CURRENT:
        if reading.verdict is Verdict.WRONG:
            tries.note_wrong(meeting.pk, user.pk)
            raise RuleError(_("This is no code of this meeting that the screen shows now."), code="wrong")
        raise RuleError(
            _("This code is over. Scan or type the one that the screen shows now."), code="past"
        )
    means = CheckInMeans.QR if is_scanned(code) else CheckInMeans.TYPED
    return check_in(meeting, user, means=means, at=shown_at or at, device=device)


def send_later(
    meeting: Meeting, user: User, code: str, *, noted_at: datetime, at: datetime, device: str = ""
) -> CameIn:
    """Hand in a code that a phone kept while it had no signal; the chair says whether it counts.

    ``noted_at`` is when the phone saw it, by its own clock. A code that is current after all counts at once.
    """
    if not tries.may_try(meeting.pk, user.pk):
        raise RuleError(
            _("Too many wrong codes. Wait ten minutes, or ask the chair to note you on the list."), code="tries"
        )
    reading = read_kept(bytes(meeting.code_secret), code, noted_at=noted_at, now=at)
    if reading.verdict is Verdict.CURRENT:
        return come_by_code(meeting, user, code, at=at, device=device)
    if reading.shown_at is None:
        tries.note_wrong(meeting.pk, user.pk)
        raise RuleError(_("This is no code that the screen of this meeting showed at that time."), code="wrong")
    if at - reading.shown_at > KEPT_FOR:
        raise RuleError(_("A code can be sent until a day after it was shown."), code="past")
    if reading.shown_at < meeting.planned_at - OPENS_BEFORE or (
        meeting.ended_at is not None and reading.shown_at > meeting.ended_at
    ):
        raise RuleError(_("The meeting was not open when this code was shown."), code="closed")
    attendance = Attendance.objects.filter(meeting=meeting.pk, user=user.pk).first()
    if attendance is None:
        raise _not_invited(meeting, user, at)
    if attendance.checked_in_at is not None:
        return CameIn(attendance)
    note, is_new = CheckInNote.objects.get_or_create(
        meeting=meeting,
        user=user,
        kind=CheckInNote.Kind.AFTER_WINDOW,
        defaults={
            "at": at,
            "code_at": reading.shown_at,
            "device": device_digest(bytes(meeting.code_secret), device),
        },
    )
    if note.seen_at is not None:
        raise RuleError(_("The chair has looked at your code already. Speak with the chair."), code="seen")
    return CameIn(attendance, is_new=is_new, waits=True)


def _is_open(at: datetime) -> Q:
    """Return the condition that the meeting of an attendance lets people in at ``at``."""
    held = Q(state=MeetingState.IN_SESSION) | Q(
        state=MeetingState.CONVENED,
        planned_at__lte=at + OPENS_BEFORE,
        planned_until__gte=at - HELD_AT_LATEST_AFTER,
    )
    return Q(Exists(Meeting.objects.filter(held, pk=OuterRef("meeting"))))


def _not_now(meeting: Meeting, at: datetime) -> RuleError:
    """Return why nobody comes in now."""
    state = Meeting.objects.values_list("state", flat=True).get(pk=meeting.pk)
    if state == MeetingState.ENDED:
        return RuleError(_("The meeting has ended. Ask the chair, if you were there."), code="closed")
    if state == MeetingState.CANCELLED:
        return RuleError(_("The meeting was called off."), code="closed")
    first = timezone.localtime(window_of(meeting.planned_at, meeting.planned_until).first)
    if state == MeetingState.CONVENED and at < first:
        return RuleError(
            _("Checking in begins at %(time)s on %(day)s."),
            code="closed",
            params={"time": f"{first:%H:%M}", "day": first.date().isoformat()},
        )
    return RuleError(_("Nobody can check in to this meeting now."), code="closed")


def _not_invited(meeting: Meeting, user: User, at: datetime) -> NotInvited:
    """Note for the chair that somebody from outside the circle came, and return the words for that person."""
    CheckInNote.objects.bulk_create(
        [CheckInNote(meeting=meeting, user_id=user.pk, kind=CheckInNote.Kind.NOT_INVITED, at=at)],
        ignore_conflicts=True,
    )
    return NotInvited(
        _("You are not in the circle of this meeting. The chair has been told that you are here and can let you in."),
        code="not_invited",
    )


def _note_device(meeting: Meeting, attendance: Attendance, mark: str, at: datetime) -> None:
    """Note for the chair that one browser brought several people in: shown, and never held against anybody."""
    if not mark:
        return
    others = Attendance.objects.filter(meeting=meeting.pk, device=mark).exclude(pk=attendance.pk)
    if people := list(others.values_list("user_id", flat=True)):
        CheckInNote.objects.bulk_create(
            [
                CheckInNote(meeting=meeting, user_id=person, kind=CheckInNote.Kind.SAME_DEVICE, device=mark, at=at)
                for person in [attendance.user_id, *people]
            ],
            ignore_conflicts=True,
        )


@transaction.atomic
def _come_back(meeting: Meeting, attendance: Attendance, *, by: User) -> None:
    """Take back that somebody left, who has shown a current code again."""
    if Attendance.objects.filter(pk=attendance.pk, state="").exclude(left_at=None).update(left_at=None):
        attendance.left_at = None
        record("meetings.came_back", meeting, by=by, about=by)
