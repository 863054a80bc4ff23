"""A text on its way: its state, its unchangeable versions, the steps it took and the comments on its paragraphs."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .rules import DECIDED, ICONS, WAITING, WRITABLE, State, Verb, Visibility


class ReviewQuerySet(models.QuerySet):
    """Reads on the flow: what waits, and what waits too long."""

    def waiting(self) -> "ReviewQuerySet":
        """Keep the texts that wait for a reader's answer."""
        return self.filter(state__in=WAITING)

    def overdue(self, on) -> "ReviewQuerySet":
        """Keep the texts whose answer was promised for a day before ``on``."""
        return self.waiting().filter(due_on__lt=on)


class Review(models.Model):
    """One text in the flow. A room's record points to it by ``OneToOneField``; ``kind`` says which room's."""

    kind = models.CharField(_("kind"), max_length=40)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.DRAFT)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("author")
    )
    version_count = models.PositiveSmallIntegerField(_("versions"), default=0)
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    # The promise: by this day the author has an answer.
    due_on = models.DateField(_("answer due on"), null=True, blank=True)
    taken_up_at = models.DateTimeField(_("read at"), null=True, blank=True)
    taken_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("read by"),
    )
    decided_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [
            models.Index(
                fields=["kind", "due_on"], condition=Q(state__in=["submitted", "under_review"]), name="review_waiting"
            ),
        ]
        constraints = [
            models.CheckConstraint(name="review_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="review_decided_pair",
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="review_taken_up_pair",
                condition=Q(taken_up_at=None, taken_up_by=None)
                | Q(taken_up_at__isnull=False, taken_up_by__isnull=False),
            ),
            models.CheckConstraint(
                name="review_submitted_has_version",
                condition=Q(state__in=["draft", "withdrawn"]) | Q(version_count__gte=1, submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_decided_has_reader",
                condition=~Q(state__in=["returned", "accepted", "published"]) | Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} · {self.get_state_display()}"

    @property
    def state_words(self) -> str:
        """Return the word of the state; a list asks for it in each row, and Django's way translates all of them."""
        return str(State(self.state).label)

    @property
    def icon(self) -> str:
        """Return the icon that stands beside the word of the state."""
        return ICONS.get(State(self.state), "hourglass-split")

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def is_decided(self) -> bool:
        return self.state in DECIDED

    @property
    def is_writable(self) -> bool:
        return self.state in WRITABLE

    def is_overdue(self, on) -> bool:
        """Say whether the promised day has passed on ``on`` without an answer."""
        return self.is_waiting and self.due_on is not None and self.due_on < on


class Version(models.Model):
    """What was handed in, word for word. It is never changed: the database refuses (migration 0002)."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="versions", verbose_name=_("review"))
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["review", "number"],
                name="version_one_per_number",
                violation_error_message=_("This version exists already."),
            ),
            models.CheckConstraint(name="version_number_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class Step(models.Model):
    """One step of the history: who did what, when, with which words."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="steps", verbose_name=_("review"))
    verb = models.CharField(_("step"), max_length=10, choices=Verb)
    number = models.PositiveSmallIntegerField(_("version"))
    words = models.TextField(_("words"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="step_verb_known", condition=Q(verb__in=Verb.values)),
            models.CheckConstraint(
                name="step_return_has_words",
                condition=~Q(verb="return") | ~Q(words=""),
                violation_error_message=_("Say what should be rewritten."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} · {self.by}"


class Comment(models.Model):
    """A remark on one paragraph of one version; ``quote`` keeps the place when the paragraph is long."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="comments", verbose_name=_("review"))
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="comments", verbose_name=_("version"))
    paragraph = models.PositiveSmallIntegerField(_("paragraph"), help_text=_("Counted from 1."))
    quote = models.CharField(_("quoted passage"), max_length=300, blank=True)
    body = models.TextField(_("comment"))
    visibility = models.CharField(_("who sees it"), max_length=8, choices=Visibility, default=Visibility.AUTHOR)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now, editable=False)
    resolved_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("settled by"),
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["paragraph", "made_at", "pk"]
        constraints = [
            models.CheckConstraint(name="comment_visibility_known", condition=Q(visibility__in=Visibility.values)),
            models.CheckConstraint(name="comment_paragraph_from_one", condition=Q(paragraph__gte=1)),
            models.CheckConstraint(
                name="comment_resolved_pair",
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="comment_dates_in_order", condition=Q(resolved_at=None) | Q(resolved_at__gte=F("made_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} · {self.paragraph}"
