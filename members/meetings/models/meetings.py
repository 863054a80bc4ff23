"""A sitting, the kinds of meeting held in it, and its agenda."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Organization

from .kinds import MeetingKind


class MeetingState(models.TextChoices):
    """How far a sitting is; it only goes on, or is called off before it has begun."""

    PLANNED = "planned", _("planned")
    CONVENED = "convened", _("convened")
    IN_SESSION = "in_session", _("in session")
    ENDED = "ended", _("ended")
    CANCELLED = "cancelled", _("called off")


class Meeting(models.Model):
    """One sitting of an organization: when, where, led by whom; its kinds are its parts (domain.md 5.2)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="meetings", verbose_name=_("organization")
    )
    title = models.CharField(_("title"), max_length=120)
    words = models.TextField(_("what it is about"), max_length=4000, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=MeetingState, default=MeetingState.PLANNED)
    planned_at = models.DateTimeField(_("begins"))
    planned_until = models.DateTimeField(_("ends"))
    started_at = models.DateTimeField(_("opened at"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    place = models.CharField(pgettext_lazy("meeting", "place"), max_length=120, blank=True)
    online_url = models.URLField(_("link of the online meeting"), max_length=300, blank=True)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="meetings_chaired", verbose_name=_("chair")
    )
    recorder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="meetings_recorded", verbose_name=_("recorder")
    )
    template = models.ForeignKey(
        "meetings.MeetingTemplate",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("template"),
    )
    # For which day the template proposed it, wherever it was moved since: so that nothing is proposed twice.
    template_on = models.DateField(null=True, blank=True, editable=False)
    with_observers = models.BooleanField(
        _("those who are cultivated may listen"),
        default=True,
        help_text=_("Activists and development targets are invited too, without a vote."),
    )
    # From this the rotating codes follow; whoever has it can make them, so that it never leaves the server.
    code_secret = models.BinaryField(max_length=32, editable=False)
    convened_at = models.DateTimeField(_("convened at"), null=True, blank=True, editable=False)
    cancelled_words = models.CharField(_("why it was called off"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("planned by")
    )
    created_at = models.DateTimeField(_("planned at"), auto_now_add=True)

    files = GenericRelation("files.StoredFile")

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-planned_at", "-pk"]
        indexes = [
            models.Index(fields=["organization", "-planned_at"], name="meeting_by_node"),
            models.Index(fields=["planned_at"], name="meeting_by_time"),
            models.Index(fields=["state", "planned_at"], name="meeting_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["template", "template_on"], name="meeting_once_per_day_of_template"),
            models.CheckConstraint(
                name="meeting_times_in_order",
                condition=Q(planned_until__gt=F("planned_at")),
                violation_error_message=_("The meeting cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="meeting_held_times_in_order",
                condition=Q(ended_at=None) | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
            ),
            models.CheckConstraint(name="meeting_state_known", condition=Q(state__in=MeetingState.values)),
            models.CheckConstraint(
                name="meeting_state_has_times",
                condition=(
                    Q(state__in=["planned", "convened"], started_at=None)
                    | Q(state="in_session", started_at__isnull=False, ended_at=None)
                    | Q(state="ended", ended_at__isnull=False)
                    | Q(state="cancelled")
                ),
            ),
            models.CheckConstraint(
                name="meeting_cancelled_has_words", condition=~Q(state="cancelled") | ~Q(cancelled_words="")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("members:meetings:meeting-detail", args=[self.pk])


class MeetingPart(models.Model):
    """One kind of meeting within a sitting; a record counts for the duty of its kind, and has minutes of its own."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="parts", verbose_name=_("meeting"))
    kind = models.CharField(_("kind"), max_length=30, choices=MeetingKind)
    number = models.PositiveSmallIntegerField(_("number"))

    class Meta:
        verbose_name = _("part of a meeting")
        verbose_name_plural = _("parts of a meeting")
        ordering = ["meeting", "number"]
        indexes = [models.Index(fields=["kind", "meeting"], name="meeting_part_by_kind")]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "kind"], name="meeting_part_once_per_kind"),
            models.UniqueConstraint(fields=["meeting", "number"], name="meeting_part_number_once"),
            models.CheckConstraint(name="meeting_part_kind_known", condition=Q(kind__in=MeetingKind.values)),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class AgendaItem(models.Model):
    """One matter on the agenda, in its part of the sitting, and when it was dealt with."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda", verbose_name=_("meeting"))
    part = models.ForeignKey(MeetingPart, on_delete=models.CASCADE, related_name="agenda", verbose_name=_("kind"))
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("matter"), max_length=160)
    words = models.TextField(_("details"), max_length=4000, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes planned"), null=True, blank=True)
    presenter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("presented by"),
    )
    started_at = models.DateTimeField(_("taken up at"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)

    files = GenericRelation("files.StoredFile")

    class Meta:
        verbose_name = _("matter on the agenda")
        verbose_name_plural = _("matters on the agenda")
        ordering = ["meeting", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(started_at__isnull=False, ended_at=None),
                name="agenda_one_open_matter",
                violation_error_message=_("Another matter is being dealt with."),
            ),
            models.CheckConstraint(
                name="agenda_times_in_order",
                condition=Q(ended_at=None) | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.title
