"""The bound volume of a year on its way: asked for, bound by a worker, kept for a week."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.organizations.models import Organization


class VolumeState(models.TextChoices):
    WAITING = "waiting", _("waiting for its turn")
    BINDING = "binding", _("being bound")
    READY = "ready", _("bound")
    FAILED = "failed", _("failed")


class VolumeFailure(models.TextChoices):
    """Why a volume could not be bound."""

    DUTY_ENDED = "duty_ended", _("You no longer keep or see the meetings of this organization.")
    NOTHING = "nothing", _("No minutes of this year are sealed yet.")
    NOT_KEPT = "not_kept", _("The file could not be kept: the storage is full or out of order.")
    GAVE_UP = "gave_up", _("Binding was begun several times and never came to its end.")


UNDER_WAY = (VolumeState.WAITING, VolumeState.BINDING)
_TONES = {VolumeState.READY: "success", VolumeState.FAILED: "danger"}


class BoundVolume(models.Model):
    """A year's minutes of one branch, bound for one person; ``done`` of ``total`` links of the chain are checked."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("asked for by")
    )
    asked_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    state = models.CharField(_("state"), max_length=8, choices=VolumeState, default=VolumeState.WAITING)
    failure = models.CharField(_("why it failed"), max_length=10, choices=VolumeFailure, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # What stands in it, said on the page: how many records, and whether the chain held on the day.
    records = models.PositiveIntegerField(_("records"), default=0)
    holds = models.BooleanField(_("the chain held"), null=True)
    # Rises with every worker that takes it up, so that a late one stops.
    claim = models.PositiveIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(_("bound at"), null=True, blank=True)

    files = GenericRelation("files.StoredFile")

    class Meta:
        verbose_name = _("bound volume")
        verbose_name_plural = _("bound volumes")
        ordering = ["-pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["asked_by", "-id"], name="volume_by")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year", "asked_by"],
                condition=Q(state__in=["waiting", "binding"]),
                name="volume_once_under_way",
            ),
            models.CheckConstraint(name="volume_state_known", condition=Q(state__in=VolumeState.values)),
            models.CheckConstraint(
                name="volume_failed_says_why",
                condition=Q(state="failed", failure__in=VolumeFailure.values) | ~Q(state="failed") & Q(failure=""),
            ),
            models.CheckConstraint(name="volume_progress_in_bounds", condition=Q(done__lte=F("total"))),
            models.CheckConstraint(
                name="volume_ready_whole", condition=~Q(state="ready") | Q(ready_at__isnull=False, holds__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("members:minutes:volume-detail", args=[self.pk])

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def tone(self) -> str:
        return _TONES.get(VolumeState(self.state), "waiting")
