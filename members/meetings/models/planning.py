"""What meetings are planned from, and the calendars that show them elsewhere."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Organization


class MeetingTemplate(models.Model):
    """A meeting that comes again: its kinds, its agenda, and on which days; none: only to plan from by hand."""

    class Recurrence(models.TextChoices):
        NEVER = "", _("does not recur")
        MONTHLY_DAY = "monthly_day", _("each month on a day of the month")
        MONTHLY_WEEKDAY = "monthly_weekday", _("each month on a weekday")
        QUARTERLY = "quarterly", _("each quarter on a weekday of its last month")

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="meeting_templates", verbose_name=_("organization")
    )
    title = models.CharField(_("title"), max_length=120)
    words = models.TextField(_("what it is about"), max_length=4000, blank=True)
    # Codes of ``MeetingKind`` in order.
    kinds = models.JSONField(_("kinds"), default=list)
    # ``[{"kind": …, "title": …, "minutes": …}, …]``
    agenda = models.JSONField(_("agenda"), default=list, blank=True)
    recurrence = models.CharField(_("comes again"), max_length=16, choices=Recurrence, blank=True)
    day = models.PositiveSmallIntegerField(
        _("day of the month"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    # 1 the first … 4 the fourth, 5 the last.
    week = models.PositiveSmallIntegerField(_("week of the month"), null=True, blank=True)
    # 0 Monday … 6 Sunday.
    weekday = models.PositiveSmallIntegerField(_("weekday"), null=True, blank=True)
    begins = models.TimeField(_("begins"))
    lasts_minutes = models.PositiveSmallIntegerField(_("lasts (minutes)"), default=90)
    place = models.CharField(pgettext_lazy("meeting", "place"), max_length=120, blank=True)
    online_url = models.URLField(_("link of the online meeting"), max_length=300, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("chair"),
    )  # fmt: skip
    recorder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("recorder"),
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("meeting template")
        verbose_name_plural = _("meeting templates")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="meeting_template_day_fits",
                condition=(
                    Q(recurrence="")
                    | Q(recurrence="monthly_day", day__range=(1, 31))
                    | Q(recurrence__in=["monthly_weekday", "quarterly"], week__range=(1, 5), weekday__range=(0, 6))
                ),
                violation_error_message=_("Say on which day it comes again."),
            ),
            models.CheckConstraint(name="meeting_template_lasts", condition=Q(lasts_minutes__range=(5, 720))),
        ]

    def __str__(self) -> str:
        return self.title


class CalendarFeed(models.Model):
    """A calendar that a phone or a mail program subscribes to; whoever has the address reads it until it is revoked.

    Only a digest of the address is kept. With an organization it shows that node's meetings, otherwise the person's
    own. What it shows is asked anew with the rights of its owner each time.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_feeds"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    asked_on = models.DateField(_("last asked on"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization"], condition=Q(revoked_at=None), name="calendar_feed_one_per_node"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at=None, organization=None), name="calendar_feed_one_own"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization or ''}"
