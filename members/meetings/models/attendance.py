"""Who is due at a meeting, what they answered, and how they came in (domain.md 5.3)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Standing

from .meetings import Meeting


class Capacity(models.TextChoices):
    """As what somebody comes."""

    DUE = "due", pgettext_lazy("meeting", "due")
    OBSERVER = "observer", _("observer")


class Answer(models.TextChoices):
    ATTEND = "attend", _("will attend")
    LEAVE = "leave", _("asks for leave")


class LeaveState(models.TextChoices):
    ASKED = "asked", _("waiting for an answer")
    APPROVED = "approved", _("granted")
    REFUSED = "refused", _("refused")


class AttendanceState(models.TextChoices):
    """What became of it, empty before the meeting has ended; one on leave or exempt stays in the base of a vote."""

    PRESENT = "present", pgettext_lazy("meeting", "present")
    LATE = "late", pgettext_lazy("meeting", "late")
    LEAVE = "leave", _("on leave")
    ABSENT = "absent", _("absent")
    MADE_UP = "made_up", _("made up")
    EXEMPT = "exempt", _("exempt")


# Who was in the room.
CAME = (AttendanceState.PRESENT, AttendanceState.LATE)


class CheckInMeans(models.TextChoices):
    QR = "qr", _("code on the screen")
    TYPED = "typed", _("typed code")
    SENT_LATER = "sent_later", _("code kept by a phone without signal")
    LIST = "list", _("the chair's list")
    ONLINE = "online", _("online meeting")


class Attendance(models.Model):
    """One person of the circle of a meeting: as it was settled when the meeting was convened, and what came of it.

    ``may_vote`` is taken from the standing of the day of the meeting and frozen with each vote anew.
    """

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="attendances", verbose_name=_("meeting")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attendances", verbose_name=_("person")
    )
    capacity = models.CharField(_("as"), max_length=10, choices=Capacity, default=Capacity.DUE)
    standing = models.CharField(_("standing"), max_length=20, choices=Standing)
    may_vote = models.BooleanField(_("may vote"), default=False)
    exempt_words = models.CharField(_("why exempt"), max_length=200, blank=True)
    # As what somebody from outside the circle was asked to come; such a guest stays whatever becomes of the circle.
    guest_words = models.CharField(_("asked to come as"), max_length=100, blank=True)
    # Left out of the base of votes with the superior's agreement (domain.md 3.3).
    excluded_words = models.CharField(_("why not counted as due"), max_length=200, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    leave_words = models.CharField(_("reason for leave"), max_length=300, blank=True)
    leave_state = models.CharField(_("leave"), max_length=10, choices=LeaveState, blank=True)
    leave_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    leave_decided_at = models.DateTimeField(_("leave decided at"), null=True, blank=True)
    state = models.CharField(_("attendance"), max_length=10, choices=AttendanceState, blank=True)
    checked_in_at = models.DateTimeField(_("came in at"), null=True, blank=True)
    means = models.CharField(_("checked in by"), max_length=12, choices=CheckInMeans, blank=True)
    # A keyed digest that holds for this meeting alone, and only until it ends.
    device = models.CharField(max_length=64, blank=True, editable=False)
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)
    made_up_words = models.CharField(_("how it was made up"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        indexes = [
            models.Index(fields=["user", "meeting"], name="attendance_by_person"),
            models.Index(fields=["meeting", "device"], condition=~Q(device=""), name="attendance_by_device"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="attendance_once"),
            models.CheckConstraint(name="attendance_standing_known", condition=Q(standing__in=Standing.values)),
            # Only full members vote (XJ20 5).
            models.CheckConstraint(
                name="attendance_voter_is_due_full_member",
                condition=Q(may_vote=False) | Q(capacity=Capacity.DUE, standing=Standing.FULL_MEMBER),
            ),
            models.CheckConstraint(
                name="attendance_guest_listens", condition=Q(guest_words="") | Q(capacity=Capacity.OBSERVER)
            ),
            models.CheckConstraint(
                name="attendance_answer_has_time",
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="attendance_leave_has_words",
                condition=Q(leave_state="") | (~Q(leave_words="") & Q(answer=Answer.LEAVE)),
            ),
            models.CheckConstraint(
                name="attendance_leave_decided",
                condition=~Q(leave_state__in=["approved", "refused"]) | Q(leave_decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="attendance_check_in_has_means",
                condition=Q(checked_in_at=None, means="") | (Q(checked_in_at__isnull=False) & ~Q(means="")),
            ),
            models.CheckConstraint(
                name="attendance_made_up_has_words", condition=~Q(state="made_up") | ~Q(made_up_words="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.meeting}"


class CheckInNote(models.Model):
    """Something unusual about a check-in, for the chair to look at; it is never held against anybody by itself."""

    class Kind(models.TextChoices):
        SAME_DEVICE = "same_device", _("one device, several people")
        AFTER_WINDOW = "after_window", _("code sent after its window")
        NOT_INVITED = "not_invited", _("not in the circle of the meeting")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="check_in_notes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    # A keyed digest that holds for this meeting alone, so that no device can be followed from one to the next.
    device = models.CharField(max_length=64, blank=True, editable=False)
    at = models.DateTimeField(_("noticed at"))
    # When the screen showed the code that was sent later.
    code_at = models.DateTimeField(_("code shown at"), null=True, blank=True, editable=False)
    seen_at = models.DateTimeField(_("looked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("remark on a check-in")
        verbose_name_plural = _("remarks on check-ins")
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user", "kind"], name="check_in_note_once"),
            models.CheckConstraint(
                name="check_in_note_later_has_code",
                condition=~Q(kind="after_window") | Q(code_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
