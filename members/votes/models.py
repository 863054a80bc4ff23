"""A vote of a meeting: which matter it decides, about whom, and what was done with its result."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.meetings.models import AgendaItem, Meeting, MeetingPart
from members.recruitment.models import Case, StepRecord
from portal.ballots.models import Ballot

from .rules import ELECTIVE, PROPOSED, STEPS, Purpose, Waits

_POSTS = [(post.value, post.label) for post in ELECTIVE]
_CODES = [post.value for post in ELECTIVE]


class MeetingVote(models.Model):
    """One ballot held in a sitting. Admission, conversion and the committee's opinion are about one case each."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="votes", verbose_name=_("meeting"))
    # The circle that votes is that of the kind of meeting; both may go while the meeting is being planned.
    part = models.ForeignKey(
        MeetingPart, on_delete=models.SET_NULL, null=True, related_name="votes", verbose_name=_("kind of meeting")
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.SET_NULL, null=True, related_name="votes", verbose_name=_("matter on the agenda")
    )
    ballot = models.OneToOneField(
        Ballot, on_delete=models.PROTECT, related_name="meeting_vote", verbose_name=_("ballot")
    )
    purpose = models.CharField(_("about"), max_length=12, choices=Purpose)
    subject_case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="votes", verbose_name=_("case")
    )
    # The step of recruitment that the result is recorded in.
    step = models.CharField(_("step"), max_length=24, blank=True)
    # What is proposed to the congress on a conversion, and for how long an extension.
    proposed = models.CharField(_("proposed"), max_length=10, blank=True, choices=PROPOSED)
    months = models.PositiveSmallIntegerField(_("extended by months"), default=0)
    # The record the result was entered in.
    record = models.OneToOneField(
        StepRecord, on_delete=models.SET_NULL, null=True, blank=True, related_name="vote", editable=False
    )
    post = models.CharField(_("post"), max_length=32, blank=True, choices=_POSTS)
    # A vote on those who were level, or on posts that stayed empty.
    again = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="repeats", editable=False
    )
    # What is still to be done with the result: record it in the case, or have the election approved.
    waits_for = models.CharField(max_length=8, blank=True, choices=Waits, editable=False)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("approval recorded by"),
    )  # fmt: skip
    approval_number = models.CharField(_("number of the approval"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("vote of a meeting")
        verbose_name_plural = _("votes of meetings")
        ordering = ["meeting", "pk"]
        indexes = [models.Index(fields=["waits_for"], condition=~Q(waits_for=""), name="vote_waiting")]
        constraints = [
            models.CheckConstraint(name="vote_purpose_known", condition=Q(purpose__in=Purpose.values)),
            models.CheckConstraint(name="vote_waits_known", condition=Q(waits_for__in=["", *Waits.values])),
            models.CheckConstraint(
                name="vote_case_where_it_is_about_one",
                condition=Q(purpose__in=list(STEPS), subject_case__isnull=False, step__in=sum(STEPS.values(), ()))
                | (~Q(purpose__in=list(STEPS)) & Q(subject_case=None, step="")),
            ),
            models.CheckConstraint(
                name="vote_post_where_one_is_filled",
                condition=Q(purpose="election", post__in=_CODES)
                | (~Q(purpose="election") & Q(post="")),
            ),
            models.CheckConstraint(
                name="vote_conversion_proposes",
                condition=Q(purpose="conversion", proposed__in=["passed", "extended", "cancelled"])
                | (~Q(purpose="conversion") & Q(proposed="")),
            ),
            models.CheckConstraint(
                name="vote_months_of_extension",
                condition=Q(proposed="extended", months__range=(1, 60)) | (~Q(proposed="extended") & Q(months=0)),
            ),
            models.CheckConstraint(
                name="vote_approved_whole",
                condition=Q(approved_on=None, approved_by=None)
                | Q(purpose="election", approved_on__isnull=False, approved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.ballot)

    def get_absolute_url(self) -> str:
        return reverse("members:votes:vote-detail", args=[self.pk])
