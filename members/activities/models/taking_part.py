"""Who takes part, alone or in a team, what they hand in, and what the jury gives for it."""

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.files.models import StoredFile

from .kinds import EnrolmentState

TEXT_MAX = 8000


class Team(models.Model):
    activity = models.ForeignKey(
        "activities.Activity", on_delete=models.CASCADE, related_name="teams", verbose_name=_("activity")
    )
    name = models.CharField(_("name of the team"), max_length=40)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "name"],
                name="team_name_once",
                violation_error_message=_("A team has this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """One person's place, or place in the queue; who withdraws and comes back stands at its end."""

    activity = models.ForeignKey(
        "activities.Activity", on_delete=models.CASCADE, related_name="enrolments", verbose_name=_("activity")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments_in_activities",
        verbose_name=_("person"),
    )  # fmt: skip
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="enrolments", verbose_name=_("team")
    )
    state = models.CharField(_("state"), max_length=10, choices=EnrolmentState)
    # The order of the queue; ties of the clock are broken by it as well, because it counts.
    place = models.PositiveIntegerField(_("number"), editable=False)
    enrolled_at = models.DateTimeField(_("enrolled at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    # Unknown until the organizer has said.
    attended = models.BooleanField(_("was there"), null=True, blank=True)

    class Meta:
        verbose_name = _("enrolment in an activity")
        verbose_name_plural = _("enrolments in activities")
        ordering = ["place", "pk"]
        indexes = [models.Index(fields=["user", "state"], name="enrolment_by_person")]
        constraints = [
            models.UniqueConstraint(fields=["activity", "user"], name="enrolment_once"),
            models.UniqueConstraint(fields=["activity", "place"], name="enrolment_place_once"),
            models.CheckConstraint(name="enrolment_state_known", condition=Q(state__in=EnrolmentState.values)),
            models.CheckConstraint(
                name="enrolment_withdrawn_has_time",
                condition=Q(state=EnrolmentState.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=EnrolmentState.WITHDRAWN) & Q(withdrawn_at=None)),
            ),
            models.CheckConstraint(
                name="enrolment_only_who_was_in_attended",
                condition=Q(attended=None) | Q(attended=False) | Q(state=EnrolmentState.ENROLLED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.activity}"


class Contribution(models.Model):
    """What somebody, or a team, hands in: a speech, a text, a work; the jury scores it, the audience votes on it."""

    activity = models.ForeignKey(
        "activities.Activity", on_delete=models.CASCADE, related_name="contributions", verbose_name=_("activity")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("handed in by")
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), blank=True, validators=[MaxLengthValidator(TEXT_MAX)])
    file = models.ForeignKey(
        StoredFile, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    handed_in_at = models.DateTimeField(_("handed in at"))
    # Frozen when the scores are closed: hundredths of a point, so that nothing is lost to fractions.
    score = models.PositiveIntegerField(_("average of the jury, in hundredths"), null=True, blank=True)
    votes = models.PositiveIntegerField(_("votes of the audience"), null=True, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "user"], condition=Q(team=None), name="contribution_once_a_person"
            ),
            models.UniqueConstraint(
                fields=["activity", "team"], condition=Q(team__isnull=False), name="contribution_once_a_team"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("members:activities:contribution-detail", args=[self.pk])

    @property
    def whose(self) -> str:
        return self.team.name if self.team else self.user.name


class Score(models.Model):
    """What one juror gives one contribution for one criterion."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="scores", verbose_name=_("contribution")
    )
    criterion = models.ForeignKey(
        "activities.Criterion", on_delete=models.CASCADE, related_name="+", verbose_name=_("criterion")
    )
    juror = models.ForeignKey(
        "activities.Juror", on_delete=models.CASCADE, related_name="scores", verbose_name=_("juror")
    )
    points = models.PositiveSmallIntegerField(_("points"))

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["contribution", "criterion", "juror"], name="score_once"),
            models.CheckConstraint(name="score_in_bounds", condition=Q(points__lte=100)),
        ]

    def __str__(self) -> str:
        return str(self.points)
