"""What people decide about duties: that one is waived, and that a lecture was one on integrity or by a secretary."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.meetings.models import MeetingPart
from portal.organizations.models import Organization

from .engine.periods import Period
from .kinds import NAMED, DutyKind

REASON_MAX = 300


class Waiver(models.Model):
    """A superior's decision that a node need not do something in a period; taken back it stays as a record."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="life_waivers", verbose_name=_("organization")
    )
    kind = models.CharField(_("duty"), max_length=30, choices=DutyKind)
    period = models.CharField(_("period"), max_length=7)
    reason = models.CharField(_("reason"), max_length=REASON_MAX)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("waived by")
    )
    on = models.DateField(_("waived on"))
    revoked_on = models.DateField(_("taken back on"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_words = models.CharField(_("why it was taken back"), max_length=REASON_MAX, blank=True)

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "period"],
                condition=Q(revoked_on=None),
                name="life_waiver_once",
                violation_error_message=_("This is waived already."),
            ),
            models.CheckConstraint(name="life_waiver_kind_known", condition=Q(kind__in=DutyKind.values)),
            models.CheckConstraint(name="life_waiver_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="life_waiver_revoked_has_words",
                condition=Q(revoked_on=None, revoked_words="") | (Q(revoked_on__isnull=False) & ~Q(revoked_words="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.period} · {self.organization}"

    @property
    def kept_period(self) -> Period | None:
        return Period.read(self.period)


class LectureMark(models.Model):
    """What a lecture was besides: on integrity, or given by a secretary whom its agenda does not name."""

    part = models.ForeignKey(
        MeetingPart, on_delete=models.CASCADE, related_name="lecture_marks", verbose_name=_("part of a meeting")
    )
    kind = models.CharField(_("counts as"), max_length=30, choices=DutyKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("said by")
    )
    at = models.DateTimeField(_("said at"), auto_now_add=True)

    class Meta:
        verbose_name = _("mark of a lecture")
        verbose_name_plural = _("marks of lectures")
        constraints = [
            models.UniqueConstraint(fields=["part", "kind"], name="lecture_mark_once"),
            models.CheckConstraint(name="lecture_mark_kind_named", condition=Q(kind__in=sorted(NAMED))),
        ]

    def __str__(self) -> str:
        return f"{self.part} · {self.get_kind_display()}"
