"""The democratic appraisal of a branch and year, and each participant's part in it.

What was marked on a ballot is in no table here: the ballots of ``portal.ballots`` are counters (architecture.md 4).
"""

from fractions import Fraction

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.meetings.models import Meeting
from portal.ballots.models import Ballot
from portal.organizations.models import Organization, Standing

from .rules import BEFORE_BALLOT, WITH_WORDS, Grade, Limit, PeersForm, Stage

TEXT_MAX = 6000


class AppraisalQuerySet(models.QuerySet):
    def with_places(self) -> "AppraisalQuerySet":
        return self.select_related("organization", "superior", "ballot", "meeting")

    def running(self) -> "AppraisalQuerySet":
        return self.exclude(state=Stage.CLOSED)


class Appraisal(models.Model):
    """One branch's appraisal of one year (DJ 18)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="appraisals", verbose_name=_("organization")
    )
    superior = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("who confirms")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    words = models.TextField(
        _("what it is about"), blank=True, max_length=2000, validators=[MaxLengthValidator(2000)]
    )
    state = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.ANNOUNCED)
    peers = models.CharField(_("mutual appraisal"), max_length=8, choices=PeersForm, default=PeersForm.SPOKEN)
    self_until = models.DateField(_("self-appraisals handed in by"))
    ballot_on = models.DateField(_("day of the ballot"))
    # The rules of the day on which it was announced: what began under them stays under them.
    share_amount = models.PositiveSmallIntegerField(editable=False)
    share_of = models.PositiveSmallIntegerField(editable=False)
    share_article = models.CharField(max_length=20, blank=True, editable=False)
    counts_probationary = models.BooleanField(_("probationary members count for the share"), editable=False)
    probationary_grade = models.BooleanField(_("probationary members grade others"), editable=False)
    # Settled when the ballot opens.
    base = models.PositiveIntegerField(_("members the share is taken from"), null=True, editable=False)
    ballot = models.OneToOneField(
        Ballot, on_delete=models.PROTECT, null=True, editable=False, related_name="appraisal",
        verbose_name=_("ballot"),
    )  # fmt: skip
    # The sitting in which members appraise each other and vote; without one the branch votes in the portal alone.
    meeting = models.OneToOneField(
        Meeting, on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="appraisal",
        verbose_name=_("meeting"),
    )  # fmt: skip
    announced_on = models.DateField(_("announced on"), editable=False)
    decided_on = models.DateField(_("committee decided on"), null=True, blank=True)
    reported_on = models.DateField(_("reported on"), null=True, editable=False)
    confirmed_on = models.DateField(_("confirmed on"), null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("confirmed by"),
    )  # fmt: skip
    returned_words = models.TextField(_("why it was returned"), blank=True, max_length=1000)
    closed_on = models.DateField(_("closed on"), null=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = AppraisalQuerySet.as_manager()

    class Meta:
        verbose_name = _("democratic appraisal")
        verbose_name_plural = _("democratic appraisals")
        ordering = ["-year", "-pk"]
        indexes = [
            models.Index(fields=["superior", "state"], name="appraisal_by_superior"),
            models.Index(fields=["state", "year"], name="appraisal_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "year"],
                name="appraisal_once_a_year",
                violation_error_message=_("The appraisal of this branch and year is announced already."),
            ),
            models.CheckConstraint(name="appraisal_state_known", condition=Q(state__in=Stage.values)),
            models.CheckConstraint(name="appraisal_peers_known", condition=Q(peers__in=PeersForm.values)),
            models.CheckConstraint(
                name="appraisal_dates_in_order",
                condition=Q(self_until__gte=F("announced_on"), ballot_on__gte=F("self_until")),
                violation_error_message=_("The ballot comes after the self-appraisals, and both after today."),
            ),
            models.CheckConstraint(
                name="appraisal_ballot_settles_base",
                condition=Q(state__in=["announced", "self", "peers"], base=None, ballot=None)
                | (~Q(state__in=["announced", "self", "peers"]) & Q(base__isnull=False, ballot__isnull=False)),
            ),
            models.CheckConstraint(
                name="appraisal_confirmed_has_day",
                condition=Q(state__in=["confirmed", "closed"], confirmed_on__isnull=False, reported_on__isnull=False)
                | (~Q(state__in=["confirmed", "closed"]) & Q(confirmed_on=None)),
            ),
            models.CheckConstraint(
                name="appraisal_closed_has_day",
                condition=Q(state="closed", closed_on__isnull=False) | (~Q(state="closed") & Q(closed_on=None)),
            ),
            models.CheckConstraint(name="appraisal_share_in_range", condition=Q(share_of__gte=F("share_amount"))),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("members:appraisals:appraisal-detail", args=[self.pk])

    def limit(self, base: int | None = None) -> Limit:
        """Return how many may be excellent; before the ballot settles the base, of ``base``."""
        counted = self.base if base is None else base
        return Limit(counted or 0, Fraction(self.share_amount, self.share_of), self.share_article)

    @property
    def is_before_ballot(self) -> bool:
        return self.state in BEFORE_BALLOT

    @property
    def tone(self) -> str:
        return {"closed": "success", "confirmed": "success", "reported": "waiting"}.get(self.state, "info")


class AppraisalPerson(models.Model):
    """One participant: the own text, and what the committee decided.

    ``grade`` stands here while the committee works; the person reads it when the superior has confirmed and everybody
    is told.
    """

    appraisal = models.ForeignKey(
        Appraisal, on_delete=models.CASCADE, related_name="people", verbose_name=_("democratic appraisal")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appraisals", verbose_name=_("person")
    )
    standing = models.CharField(_("standing"), max_length=20, choices=Standing)
    # The node of the person, by which mutual appraisals are grouped.
    place = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("group"))
    text = models.TextField(
        _("self-appraisal"), blank=True, max_length=TEXT_MAX, validators=[MaxLengthValidator(TEXT_MAX)]
    )
    handed_in_on = models.DateField(_("handed in on"), null=True, editable=False)
    grade = models.CharField(_("grade"), max_length=20, choices=Grade, blank=True)
    words = models.TextField(_("opinion of the committee"), blank=True, validators=[MaxLengthValidator(1000)])
    told_on = models.DateField(_("told on"), null=True, editable=False)

    class Meta:
        verbose_name = _("participant of an appraisal")
        verbose_name_plural = _("participants of appraisals")
        ordering = ["pk"]
        indexes = [models.Index(fields=["user", "-id"], name="appraisal_by_person")]
        constraints = [
            models.UniqueConstraint(fields=["appraisal", "user"], name="appraisal_person_once"),
            models.CheckConstraint(name="appraisal_grade_known", condition=Q(grade="") | Q(grade__in=Grade.values)),
            models.CheckConstraint(
                name="appraisal_probationary_ungraded",
                condition=Q(grade="") | Q(standing=Standing.FULL_MEMBER),
                violation_error_message=_("Probationary members take part and get no grade."),
            ),
            models.CheckConstraint(
                name="appraisal_standing_of_members",
                condition=Q(standing__in=[Standing.PROBATIONARY, Standing.FULL_MEMBER]),
            ),
            models.CheckConstraint(
                name="appraisal_handed_in_has_text", condition=Q(handed_in_on=None) | ~Q(text="")
            ),
            # Told without words of what is missing, nobody could do better.
            models.CheckConstraint(
                name="appraisal_told_in_words",
                condition=Q(told_on=None) | ~Q(grade__in=sorted(grade.value for grade in WITH_WORDS)) | ~Q(words=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.appraisal} · {self.user}"

    def get_absolute_url(self) -> str:
        return reverse("members:appraisals:self-read", args=[self.pk])

    @property
    def is_graded(self) -> bool:
        return self.standing == Standing.FULL_MEMBER

    @property
    def tone(self) -> str:
        tones = {"excellent": "success", "qualified": "info", "basically_qualified": "warning", "unqualified": "danger"}
        return tones.get(self.grade, "neutral")


class PeerBallot(models.Model):
    """The secret mutual appraisal of one group of an appraisal."""

    appraisal = models.ForeignKey(
        Appraisal, on_delete=models.CASCADE, related_name="peer_ballots", verbose_name=_("democratic appraisal")
    )
    ballot = models.OneToOneField(
        Ballot, on_delete=models.PROTECT, related_name="peer_appraisal", verbose_name=_("ballot")
    )
    number = models.PositiveSmallIntegerField(_("group"))

    class Meta:
        verbose_name = _("mutual appraisal of a group")
        verbose_name_plural = _("mutual appraisals of groups")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["appraisal", "number"], name="peer_ballot_number_once")]

    def __str__(self) -> str:
        return f"{self.appraisal} · {self.number}"
