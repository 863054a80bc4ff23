"""Meetings and approvals that deal with many people at once, and the year's plan of a branch."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Organization


class BatchKind(models.TextChoices):
    MEETING = "meeting", _("meeting of the branch or its committee")
    APPROVAL = "approval", _("decision of the superior")
    FILING = "filing", _("filing list")
    NOTICE = "notice", _("publicity notice")
    TRAINING = "training", _("training class")
    TAKEOVER = "takeover", _("cases taken over from paper")


class Batch(models.Model):
    """One meeting, notice, list or class that left a record in several cases; each is checked by itself."""

    kind = models.CharField(_("kind"), max_length=10, choices=BatchKind)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization")
    )
    on = models.DateField(_("on"))
    step = models.CharField(_("step"), max_length=24)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    made_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("batch of records")
        verbose_name_plural = _("batches of records")
        ordering = ["-on", "-pk"]
        constraints = [models.CheckConstraint(name="batch_kind_known", condition=Q(kind__in=BatchKind.values))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.on:%Y-%m-%d}"


class Quota(models.Model):
    """How many people a node plans to admit in a year."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="recruitment_quotas", verbose_name=_("organization")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    planned = models.PositiveSmallIntegerField(_("planned admissions"))

    class Meta:
        verbose_name = _("year's plan")
        verbose_name_plural = _("year's plans")
        ordering = ["-year", "organization"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year"],
                name="quota_once_a_year",
                violation_error_message=_("There is a plan for this year already."),
            ),
            models.CheckConstraint(name="quota_year_in_range", condition=Q(year__gte=2000, year__lte=2100)),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.year}"
