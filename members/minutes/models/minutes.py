"""Minutes of one kind of meeting in a sitting, and the chain that shows whether anything was changed (5.2)."""

from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.meetings.models import Meeting, MeetingKind, MeetingPart, MeetingState
from portal.organizations.models import Organization


class MinutesState(models.TextChoices):
    """How far minutes are; what is sealed is never changed, only added to."""

    DRAFT = "draft", _("draft")
    CONFIRMED = "confirmed", _("confirmed by one of two")
    SEALED = "sealed", _("sealed")


class Readers(models.TextChoices):
    """Who reads sealed minutes for having belonged to the sitting; decided by the kind when they are begun."""

    CIRCLE = "circle", _("all who were asked to come")
    COMMITTEE = "committee", _("members of the committee")
    KEEPERS = "keepers", _("chair, recorder and those who keep meetings")


class Disclosure(models.TextChoices):
    """What the organization at large learns of sealed minutes (GK17)."""

    NONE = "none", _("nothing")
    TITLE = "title", _("title and day")
    FULL = "full", _("members of the organization read them")


# How far a sitting is when its minutes can be written: they can be begun while it is on.
WRITTEN_OF = (MeetingState.IN_SESSION, MeetingState.ENDED)
# Kinds in which people speak of each other's faults: what is said there leaves no trace outside.
KEPT_CLOSE = (MeetingKind.DEMOCRATIC_APPRAISAL,)


class Chain(models.Model):
    """Where the chain of a branch's sealed minutes has got to; whoever seals holds this row."""

    organization = models.OneToOneField(
        Organization, on_delete=models.PROTECT, primary_key=True, related_name="minutes_chain"
    )
    number = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("chain of minutes")
        verbose_name_plural = _("chains of minutes")

    def __str__(self) -> str:
        return f"{self.organization} · {self.number}"


class Minutes(models.Model):
    """What is recorded of one part of a sitting.

    ``facts`` is drafted from what the meeting itself recorded (``rules.draft``) and frozen with the first
    confirmation; the rest is what the recorder wrote. Names stand in the minutes as they were on the day.
    """

    part = models.OneToOneField(
        MeetingPart, on_delete=models.PROTECT, related_name="minutes", verbose_name=_("part of the meeting")
    )
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes", verbose_name=_("meeting"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="minutes", verbose_name=_("organization")
    )
    kind = models.CharField(_("kind"), max_length=30, choices=MeetingKind)
    title = models.CharField(_("title"), max_length=120)
    held_at = models.DateTimeField(_("held at"))
    held_on = models.DateField(_("held on"))
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="minutes_chaired", verbose_name=_("chair")
    )
    recorder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="minutes_recorded", verbose_name=_("recorder")
    )
    readers = models.CharField(_("read by"), max_length=10, choices=Readers, default=Readers.CIRCLE)
    disclosure = models.CharField(
        _("what the organization learns"), max_length=6, choices=Disclosure, default=Disclosure.TITLE
    )
    state = models.CharField(_("state"), max_length=10, choices=MinutesState, default=MinutesState.DRAFT)
    facts = models.JSONField(_("drafted from the meeting"), default=dict)
    # ``[{"person": name, "gist": words}, …]``
    speeches = models.JSONField(_("discussion"), default=list, blank=True)
    decisions = models.TextField(_("decisions"), max_length=20_000, blank=True)
    dissent = models.TextField(_("dissent"), max_length=10_000, blank=True)
    remarks = models.TextField(_("remarks"), max_length=10_000, blank=True)
    # Counts the changes, so that whoever writes over another's text is told.
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("last changed by"),
    )  # fmt: skip
    changed_at = models.DateTimeField(_("last changed at"), null=True, blank=True)
    chair_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("confirmed for the chair by"),
    )  # fmt: skip
    chair_confirmed_at = models.DateTimeField(_("confirmed for the chair at"), null=True, blank=True)
    recorder_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("confirmed for the recorder by"),
    )  # fmt: skip
    recorder_confirmed_at = models.DateTimeField(_("confirmed for the recorder at"), null=True, blank=True)
    sealed_at = models.DateTimeField(_("sealed at"), null=True, blank=True)
    number = models.PositiveIntegerField(_("number in the chain"), null=True, blank=True)
    prev_digest = models.CharField(_("digest before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)

    files = GenericRelation("files.StoredFile")

    class Meta:
        verbose_name = pgettext_lazy("record of a meeting", "minutes")
        verbose_name_plural = pgettext_lazy("record of a meeting", "minutes")
        ordering = ["-held_at", "-pk"]
        indexes = [
            models.Index(fields=["-held_at", "-id"], name="minutes_newest"),
            models.Index(fields=["organization", "-held_at", "-id"], name="minutes_by_node"),
            models.Index(fields=["kind", "-held_at", "-id"], name="minutes_by_kind"),
            models.Index(fields=["chair", "-held_at"], name="minutes_by_chair"),
            models.Index(fields=["recorder", "-held_at"], name="minutes_by_recorder"),
            models.Index(fields=["meeting"], name="minutes_by_meeting"),
            models.Index(fields=["held_at"], condition=~Q(state="sealed"), name="minutes_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="minutes_number_once"),
            models.CheckConstraint(name="minutes_kind_known", condition=Q(kind__in=MeetingKind.values)),
            models.CheckConstraint(name="minutes_state_known", condition=Q(state__in=MinutesState.values)),
            models.CheckConstraint(name="minutes_readers_known", condition=Q(readers__in=Readers.values)),
            models.CheckConstraint(name="minutes_disclosure_known", condition=Q(disclosure__in=Disclosure.values)),
            models.CheckConstraint(
                name="minutes_chair_confirmation_whole",
                condition=Q(chair_confirmed_by=None, chair_confirmed_at=None)
                | Q(chair_confirmed_by__isnull=False, chair_confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="minutes_recorder_confirmation_whole",
                condition=Q(recorder_confirmed_by=None, recorder_confirmed_at=None)
                | Q(recorder_confirmed_by__isnull=False, recorder_confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="minutes_confirmed_by_two",
                condition=Q(chair_confirmed_by=None)
                | Q(recorder_confirmed_by=None)
                | ~Q(chair_confirmed_by=F("recorder_confirmed_by")),
                violation_error_message=_("Two different people confirm minutes."),
            ),
            models.CheckConstraint(
                name="minutes_state_has_confirmations",
                condition=(
                    Q(state="draft", chair_confirmed_by=None, recorder_confirmed_by=None)
                    | Q(state="confirmed", chair_confirmed_by=None, recorder_confirmed_by__isnull=False)
                    | Q(state="confirmed", chair_confirmed_by__isnull=False, recorder_confirmed_by=None)
                    | Q(state="sealed", chair_confirmed_by__isnull=False, recorder_confirmed_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="minutes_sealed_has_digest",
                condition=(
                    Q(state="sealed", sealed_at__isnull=False, number__isnull=False) & ~Q(digest="")
                    | ~Q(state="sealed") & Q(sealed_at=None, number=None, digest="", prev_digest="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("members:minutes:minutes-detail", args=[self.pk])

    @property
    def is_sealed(self) -> bool:
        return self.state == MinutesState.SEALED

    @property
    def tone(self) -> str:
        return {MinutesState.DRAFT: "waiting", MinutesState.CONFIRMED: "info"}.get(MinutesState(self.state), "success")

    def told(self) -> dict[str, Any]:
        """Return all that the recorder wrote, as it is compared and drafted."""
        return {
            "speeches": self.speeches,
            "decisions": self.decisions,
            "dissent": self.dissent,
            "remarks": self.remarks,
            "disclosure": self.disclosure,
        }


class Addendum(models.Model):
    """What was added to sealed minutes: the only way to correct them. It is a link of the same chain."""

    minutes = models.ForeignKey(
        Minutes,
        on_delete=models.PROTECT,
        related_name="addenda",
        verbose_name=pgettext_lazy("record of a meeting", "minutes"),
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization")
    )
    words = models.TextField(_("what is added or corrected"), max_length=10_000)
    reason = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("added by")
    )
    by_name = models.CharField(_("name"), max_length=150)
    at = models.DateTimeField(_("added at"))
    number = models.PositiveIntegerField(_("number in the chain"))
    prev_digest = models.CharField(_("digest before"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="addendum_number_once"),
            models.CheckConstraint(name="addendum_has_words", condition=~Q(words="") & ~Q(reason="") & ~Q(digest="")),
        ]

    def __str__(self) -> str:
        return self.words[:60]

    def get_absolute_url(self) -> str:
        return f"{reverse('members:minutes:minutes-detail', args=[self.minutes_id])}#addendum-{self.pk}"
