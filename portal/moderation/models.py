"""What readers reported, why, and what was decided about it."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.organizations.models import Organization


class Reason(models.TextChoices):
    """Why somebody reports something."""

    INSULT = "insult", _("It insults, threatens or harasses somebody")
    PRIVACY = "privacy", _("It shows what is private about somebody")
    SECRET = "secret", _("It tells what is secret or internal")
    UNTRUE = "untrue", _("It is untrue or a rumor")
    ILLEGAL = "illegal", _("It is against the law or Party discipline")
    ADVERTISING = "advertising", _("It is advertising or does not belong here")
    OTHER = "other", _("Something else")


class State(models.TextChoices):
    """How far the decision is."""

    OPEN = "open", pgettext_lazy("report", "waits for a decision")
    DISMISSED = "dismissed", pgettext_lazy("report", "left as it is")
    TAKEN_DOWN = "taken_down", pgettext_lazy("report", "taken down")
    APPEALED = "appealed", pgettext_lazy("report", "taken down, the author asks for another look")
    UPHELD = "upheld", pgettext_lazy("report", "stays taken down")
    RESTORED = "restored", pgettext_lazy("report", "shown again")
    GONE = "gone", pgettext_lazy("report", "removed by its author")


WAITING = (State.OPEN, State.APPEALED)
# The content is hidden from its readers by those who moderate.
DOWN = (State.TAKEN_DOWN, State.APPEALED, State.UPHELD)
TONES = {State.OPEN: "waiting", State.APPEALED: "warning", State.TAKEN_DOWN: "danger", State.UPHELD: "danger"}


class FlaggedContent(models.Model):
    """One piece of content that was reported, or taken down without a report, and the way of the decision.

    ``decides`` is the node whose moderators decide: the content's own or the nearest above; an appeal moves it up.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    content = GenericForeignKey("content_type", "object_id")
    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    # What was reported may be rewritten afterwards; decided is about what readers saw.
    quoted = models.TextField(_("as it stood when it was reported"), blank=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("organization")
    )
    decides = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(_("reported"))
    due_on = models.DateField(_("decision promised by"), null=True, blank=True)
    told_higher_on = models.DateField(null=True, blank=True, editable=False)
    flag_count = models.PositiveIntegerField(_("reports"), default=0)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )
    words = models.CharField(_("reason"), max_length=200, blank=True)
    appealed_at = models.DateTimeField(_("another look asked for"), null=True, blank=True)
    appeal = models.CharField(_("what the author says"), max_length=1000, blank=True)
    final_at = models.DateTimeField(_("decided finally"), null=True, blank=True)
    final_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("decided finally by"),
    )
    final_words = models.CharField(_("reason of the final decision"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("reported content")
        verbose_name_plural = _("reported contents")
        indexes = [
            models.Index(fields=["content_type", "object_id", "-id"], name="flagged_of_content"),
            models.Index(fields=["due_on", "id"], condition=Q(state__in=WAITING), name="flagged_waiting"),
        ]
        constraints = [
            models.CheckConstraint(name="flagged_state_known", condition=Q(state__in=State.values)),
            models.UniqueConstraint(
                name="flagged_once_open", fields=["content_type", "object_id"], condition=Q(state=State.OPEN)
            ),
            models.CheckConstraint(
                name="flagged_waits_with_a_promise", condition=~Q(state__in=WAITING) | Q(due_on__isnull=False)
            ),
            models.CheckConstraint(
                name="flagged_decided_has_words", condition=Q(decided_at=None) | ~Q(words="")
            ),
            models.CheckConstraint(
                name="flagged_appeal_has_words",
                condition=Q(appealed_at=None, appeal="") | (Q(appealed_at__isnull=False) & ~Q(appeal="")),
            ),
            models.CheckConstraint(
                name="flagged_in_order",
                condition=(Q(appealed_at=None) | Q(decided_at__lte=F("appealed_at")))
                & (Q(final_at=None) | Q(appealed_at__lte=F("final_at"))),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("moderation:flagged-detail", args=[self.pk])

    @property
    def tone(self) -> str:
        return TONES.get(State(self.state), "neutral")

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING


class Flag(models.Model):
    """What one person reported; the name is for those who read the trail, never for the author."""

    flagged = models.ForeignKey(FlaggedContent, on_delete=models.CASCADE, related_name="flags")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("reported by")
    )
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    words = models.CharField(_("words"), max_length=500, blank=True)
    at = models.DateTimeField(_("reported"))

    class Meta:
        verbose_name = pgettext_lazy("abuse", "report")
        verbose_name_plural = pgettext_lazy("abuse", "reports")
        constraints = [
            models.UniqueConstraint(fields=["flagged", "by"], name="flag_once"),
            models.CheckConstraint(name="flag_reason_known", condition=Q(reason__in=Reason.values)),
            models.CheckConstraint(name="flag_other_has_words", condition=~Q(reason=Reason.OTHER) | ~Q(words="")),
        ]
        indexes = [models.Index(fields=["by", "-at"], name="flag_of_person")]

    def __str__(self) -> str:
        return str(self.get_reason_display())
