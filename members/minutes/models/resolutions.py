"""What was resolved, who sees to it, until when, and how it went on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Organization

from .minutes import Minutes


class ResolutionState(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class Resolution(models.Model):
    """A resolution of a meeting; open ones come first at the next meeting of the same organization."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="resolutions", verbose_name=_("organization")
    )
    minutes = models.ForeignKey(
        Minutes,
        on_delete=models.PROTECT,
        related_name="resolutions",
        verbose_name=pgettext_lazy("record of a meeting", "minutes"),
    )
    words = models.CharField(_("resolution"), max_length=500)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="resolutions", verbose_name=_("seen to by")
    )
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=8, choices=ResolutionState, default=ResolutionState.OPEN)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("closed by"),
    )  # fmt: skip
    closed_words = models.CharField(_("how it ended"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("noted by")
    )
    created_at = models.DateTimeField(_("noted at"), auto_now_add=True)

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["organization", "state", "due_on", "id"], name="resolution_by_node"),
            models.Index(fields=["owner", "state", "due_on", "id"], name="resolution_by_owner"),
            models.Index(fields=["due_on"], condition=Q(state="open"), name="resolution_open"),
        ]
        constraints = [
            models.CheckConstraint(name="resolution_state_known", condition=Q(state__in=ResolutionState.values)),
            models.CheckConstraint(name="resolution_has_words", condition=~Q(words="")),
            models.CheckConstraint(
                name="resolution_closed_whole",
                condition=Q(state="open", closed_on=None, closed_words="")
                | Q(state__in=["done", "dropped"], closed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="resolution_dropped_has_words", condition=~Q(state="dropped") | ~Q(closed_words="")
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def get_absolute_url(self) -> str:
        return reverse("members:minutes:resolution-detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return {"open": "waiting", "done": "success", "dropped": "neutral"}[self.state]


class ResolutionNote(models.Model):
    """How it goes on with a resolution, noted by whoever sees to it or keeps the minutes."""

    resolution = models.ForeignKey(
        Resolution, on_delete=models.CASCADE, related_name="notes", verbose_name=_("resolution")
    )
    words = models.CharField(_("progress"), max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("progress note")
        verbose_name_plural = _("progress notes")
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(name="resolution_note_has_words", condition=~Q(words=""))]

    def __str__(self) -> str:
        return self.words[:60]
