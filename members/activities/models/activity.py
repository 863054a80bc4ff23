"""An activity that a member starts, who judges it and by what, and whether a node wants to approve such."""

from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audiences.models import AudienceMixin
from portal.ballots.models import Ballot
from portal.hours.models import HourKind
from portal.organizations.models import Organization
from portal.reviews.models import Review

from .kinds import SHOWN, ActivityKind, EnrolmentState, Mode, Phase, State

WORDS_MAX = 4000
LIMIT_MAX = 5000
POINTS_MAX = 100
TEAM_MAX = 20
# A day of activity credits at most a day.
CREDIT_MAX = 24 * 60


class ActivityQuerySet(models.QuerySet):
    def with_counts(self) -> "ActivityQuerySet":
        """Put beside each row how many are enrolled and how many wait."""
        return self.annotate(enrolled=_count(EnrolmentState.ENROLLED), waiting=_count(EnrolmentState.WAITING))

    def with_people(self) -> "ActivityQuerySet":
        return self.select_related("organization", "author", "review")

    def open_at(self, now: datetime) -> "ActivityQuerySet":
        """Keep those into which one can enrol at a moment."""
        return self.filter(state=State.APPROVED, closed_at=None, enrol_from__lte=now, enrol_until__gt=now)


def _count(state: str) -> Coalesce:
    from .taking_part import Enrolment  # points here itself

    rows = Enrolment.objects.filter(activity=OuterRef("pk"), state=state).order_by().values("activity")
    return Coalesce(Subquery(rows.annotate(count=Count("pk")).values("count"), output_field=IntegerField()), 0)


class Activity(AudienceMixin, models.Model):
    """What a member starts for an organization, from the first line to the story of how it went."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="activities", verbose_name=_("organization")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="activities", verbose_name=_("started by")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ActivityKind)
    title = models.CharField(_("title"), max_length=80)
    words = models.TextField(_("what the activity is about"), validators=[MaxLengthValidator(WORDS_MAX)])
    mode = models.CharField(_("how people meet"), max_length=10, choices=Mode, default=Mode.ON_SITE)
    place = models.CharField(_("meeting place"), max_length=120, blank=True)
    online_url = models.URLField(_("link of the online meeting"), max_length=300, blank=True)
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    enrol_from = models.DateTimeField(_("enrolment opens"))
    enrol_until = models.DateTimeField(_("enrolment closes"))
    limit = models.PositiveIntegerField(
        _("number of places"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LIMIT_MAX)]
    )
    has_waiting_list = models.BooleanField(_("with a waiting list"), default=True)
    team_size = models.PositiveSmallIntegerField(
        _("people in a team, at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2), MaxValueValidator(TEAM_MAX)],
    )
    hour_kind = models.CharField(_("hours count as"), max_length=12, choices=HourKind, blank=True)
    minutes = models.PositiveIntegerField(
        _("minutes credited"), default=0, validators=[MaxValueValidator(CREDIT_MAX)]
    )
    takes_contributions = models.BooleanField(_("people hand something in"), default=False)
    audience_votes = models.BooleanField(_("the audience votes"), default=False)

    # The vote of the audience, from the moment it is opened.
    ballot = models.OneToOneField(
        Ballot, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("vote of the audience"),
    )  # fmt: skip

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    # Counts the edits, so that two windows notice each other.
    version = models.PositiveIntegerField(default=1, editable=False)
    review = models.OneToOneField(
        Review, on_delete=models.PROTECT, editable=False, related_name="+", verbose_name=_("review")
    )
    created_at = models.DateTimeField(_("started at"), editable=False)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("enrolment closed early at"), null=True, blank=True, editable=False)
    scored_at = models.DateTimeField(_("scores closed at"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True, editable=False)
    story = models.TextField(_("how it went"), blank=True, validators=[MaxLengthValidator(WORDS_MAX)])
    cancel_words = models.CharField(_("why called off"), max_length=300, blank=True)
    pictures = GenericRelation("files.StoredFile")

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["begins_at", "pk"]
        indexes = [
            models.Index(fields=["state", "begins_at"], name="activity_by_state"),
            models.Index(fields=["author", "-begins_at"], name="activity_by_author"),
        ]
        constraints = [
            models.CheckConstraint(name="activity_kind_known", condition=Q(kind__in=ActivityKind.values)),
            models.CheckConstraint(name="activity_mode_known", condition=Q(mode__in=Mode.values)),
            models.CheckConstraint(name="activity_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="activity_ends_after_it_begins",
                condition=Q(ends_at__gt=F("begins_at")),
                violation_error_message=_("The end must come after the beginning."),
            ),
            models.CheckConstraint(
                name="activity_enrolment_in_order",
                condition=Q(enrol_until__gt=F("enrol_from")),
                violation_error_message=_("Enrolment must close after it opens."),
            ),
            models.CheckConstraint(
                name="activity_enrolment_before_end",
                condition=Q(enrol_until__lte=F("ends_at")),
                violation_error_message=_("Enrolment must close before the activity ends."),
            ),
            models.CheckConstraint(
                name="activity_has_a_place",
                condition=(Q(mode=Mode.ONLINE) | ~Q(place="")) & (Q(mode=Mode.ON_SITE) | ~Q(online_url="")),
                violation_error_message=_("Say where: a place, a link, or both, as the form of the activity asks."),
            ),
            models.CheckConstraint(
                name="activity_limit_positive", condition=Q(limit=None) | Q(limit__gte=1, limit__lte=LIMIT_MAX)
            ),
            models.CheckConstraint(
                name="activity_minutes_have_a_kind",
                condition=Q(hour_kind="", minutes=0) | (~Q(hour_kind="") & Q(minutes__gte=1, minutes__lte=CREDIT_MAX)),
                violation_error_message=_("Say what the hours count as and how many minutes, or leave both empty."),
            ),
            models.CheckConstraint(
                name="activity_vote_needs_contributions",
                condition=Q(audience_votes=False) | Q(takes_contributions=True),
                violation_error_message=_("The audience can only vote on what people hand in."),
            ),
            models.CheckConstraint(
                name="activity_approved_has_time", condition=~Q(state__in=SHOWN) | Q(approved_at__isnull=False)
            ),
            models.CheckConstraint(
                name="activity_finished_has_time",
                condition=Q(state=State.FINISHED, finished_at__isnull=False)
                | (~Q(state=State.FINISHED) & Q(finished_at=None)),
            ),
            models.CheckConstraint(
                name="activity_cancelled_with_words", condition=~Q(state=State.CANCELLED) | ~Q(cancel_words="")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("members:activities:activity-detail", args=[self.pk])

    def phase(self, now: datetime) -> Phase:
        """Return where the activity is at a moment."""
        if self.state != State.APPROVED:
            return Phase(self.state)
        if self.closed_at is not None or now >= self.enrol_until:
            return Phase.CLOSED
        return Phase.OPEN if now >= self.enrol_from else Phase.APPROVED


class Criterion(models.Model):
    """What the jury looks at, and the most points it gives for it."""

    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, related_name="criteria", verbose_name=_("activity")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=60)
    most = models.PositiveSmallIntegerField(
        _("points at most"), validators=[MinValueValidator(1), MaxValueValidator(POINTS_MAX)]
    )

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="criterion_number_once"),
            models.CheckConstraint(name="criterion_points_in_bounds", condition=Q(most__gte=1, most__lte=POINTS_MAX)),
        ]

    def __str__(self) -> str:
        return self.title


class Juror(models.Model):
    """A person invited to judge."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="jurors", verbose_name=_("activity"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("juror")
        verbose_name_plural = _("jurors")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["activity", "user"], name="juror_once")]

    def __str__(self) -> str:
        return str(self.user)


class ApprovalRule(models.Model):
    """Whether activities of a node, and of all below it that have no rule of their own, wait for an approval."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    is_needed = models.BooleanField(_("activities need an approval"), default=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("rule on approving activities")
        verbose_name_plural = _("rules on approving activities")

    def __str__(self) -> str:
        return str(self.organization)
