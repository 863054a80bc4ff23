"""A member's request to the branch for help or a talk, and all that was said and done about it."""

from datetime import date

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.encryption.fields import EncryptedTextField
from portal.organizations.models import Organization

from ..rules.promises import WAITING, HelpState, Urgency

WORDS_MAX = 4000
_WAITING = sorted(state.value for state in WAITING)


class HelpKind(models.TextChoices):
    """What somebody asks the branch for."""

    TALK = "talk", _("a talk")
    STUDY = "study", _("study or work")
    LIFE = "life", _("difficulties in life")
    RELATION = "relation", _("my organization relation or dues")
    RIGHTS = "rights", _("my rights as a member")
    OTHER = "other", _("something else")


class HelpQuerySet(models.QuerySet):
    def waiting(self) -> "HelpQuerySet":
        """Keep those whose promise of an answer still runs."""
        return self.filter(state__in=_WAITING)

    def overdue(self, on: date) -> "HelpQuerySet":
        return self.waiting().filter(promised_on__lt=on)

    def with_people(self) -> "HelpQuerySet":
        return self.select_related("requester", "assignee", "wanted", "organization")


class HelpRequest(models.Model):
    """What a person asked the branch for. What was said stands in its messages, encrypted."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="help_requests", verbose_name=_("organization")
    )
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="help_asked", verbose_name=_("who asks")
    )
    kind = models.CharField(_("what it is about"), max_length=10, choices=HelpKind)
    urgency = models.CharField(_("how urgent"), max_length=8, choices=Urgency, default=Urgency.NORMAL)
    wanted = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who should answer, if there is a wish"),
    )
    state = models.CharField(_("state"), max_length=10, choices=HelpState, default=HelpState.ASKED)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="help_assigned",
        verbose_name=_("who takes care of it"),
    )
    asked_on = models.DateField(_("asked on"))
    promised_on = models.DateField(_("answer promised by"))
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    escalated_on = models.DateField(_("told above on"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times opened again"), default=0)

    objects = HelpQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for help")
        verbose_name_plural = _("requests for help")
        ordering = ["-asked_on", "-pk"]
        indexes = [
            models.Index(fields=["organization", "state", "promised_on"], name="help_by_node"),
            models.Index(fields=["state", "promised_on"], name="help_by_promise"),
            models.Index(fields=["requester", "-asked_on"], name="help_by_requester"),
        ]
        constraints = [
            models.CheckConstraint(name="help_kind_known", condition=Q(kind__in=HelpKind.values)),
            models.CheckConstraint(name="help_urgency_known", condition=Q(urgency__in=Urgency.values)),
            models.CheckConstraint(name="help_state_known", condition=Q(state__in=HelpState.values)),
            models.CheckConstraint(
                name="help_promise_in_order", condition=Q(promised_on__gte=models.F("asked_on"))
            ),
            models.CheckConstraint(
                name="help_taken_up_by_somebody", condition=~Q(state="assigned") | Q(assignee__isnull=False)
            ),
            models.CheckConstraint(
                name="help_closed_has_day",
                condition=Q(state="closed", closed_on__isnull=False) | (~Q(state="closed") & Q(closed_on=None)),
            ),
            models.CheckConstraint(
                name="help_not_by_oneself",
                condition=Q(assignee=None) | ~Q(assignee=models.F("requester")),
                violation_error_message=_("Nobody answers the own request."),
            ),
        ]

    def __str__(self) -> str:
        # Names neither the words nor the matter: labels go into notices and the trail.
        return f"{self._meta.verbose_name} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("members:help:request-detail", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state in _WAITING

    @property
    def tone(self) -> str:
        return {"asked": "warning", "assigned": "waiting", "answered": "info"}.get(self.state, "neutral")

    @property
    def is_urgent(self) -> bool:
        return self.urgency == Urgency.URGENT


class Said(models.TextChoices):
    """What a line of a request's thread is."""

    WORDS = "words", _("wrote")
    ASSIGNED = "assigned", _("gave it to somebody")
    CLOSED = "closed", _("closed the request")
    REOPENED = "reopened", _("opened it again")
    ESCALATED = "escalated", _("told one node higher, because the promised day had passed")


class HelpMessage(models.Model):
    """One line of the thread: words with files, or a step that was taken."""

    request = models.ForeignKey(
        HelpRequest, on_delete=models.CASCADE, related_name="messages", verbose_name=_("request for help")
    )
    said = models.CharField(_("kind"), max_length=10, choices=Said, default=Said.WORDS)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("to whom"),
    )
    words = EncryptedTextField(_("words"), max_length=WORDS_MAX, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    files = GenericRelation("files.StoredFile")

    class Meta:
        verbose_name = _("message of a request")
        verbose_name_plural = _("messages of requests")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="help_said_known", condition=Q(said__in=Said.values))]

    def __str__(self) -> str:
        return f"{self.request} · {self.get_said_display()}"
