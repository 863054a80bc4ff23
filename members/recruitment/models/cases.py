"""One person's way into the party: the case, what a superior allowed in it, and where it was before."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models import Member
from portal.organizations.models import Organization, Standing

from ..engine.steps import STAGE_LABELS, STEPS, Stage

WORDS_MAX = 500
STAGES = [(stage.value, STAGE_LABELS[stage]) for stage in Stage]


class CaseState(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class ClosedReason(models.TextChoices):
    """How a case ended: the first two follow from the records, the others are decided by the branch.

    ``UNDONE`` is no end of a way: the case was taken over from a list by mistake, and its list was taken back.
    """

    ARCHIVED = "archived", _("completed and archived")
    CANCELLED = "cancelled", _("probationary membership cancelled")
    WITHDRAWN = "withdrawn", _("application withdrawn")
    UNFIT = "unfit", _("found unfit")
    LEFT = "left", _("left the university")
    UNDONE = "undone", _("taken over by mistake")


BY_RECORDS = frozenset({ClosedReason.ARCHIVED, ClosedReason.CANCELLED})
NOT_BY_HAND = BY_RECORDS | {ClosedReason.UNDONE}


class CaseQuerySet(models.QuerySet):
    def open(self) -> "CaseQuerySet":
        return self.filter(state=CaseState.OPEN)

    def with_people(self) -> "CaseQuerySet":
        """Bring along what every list shows."""
        return self.select_related("person__user", "organization")

    def overdue(self, on: date) -> "CaseQuerySet":
        """Keep the cases in which something binding was overdue when they were last settled."""
        return self.open().filter(overdue_since__lte=on)


class Case(models.Model):
    """The recruitment of one person under one edition of the rules, kept by the branch.

    ``stage`` to ``waits_for_school`` are what lists show of the case as it stood on ``settled_on``; ``services`` reckon
    them anew from the records with every change and each night. They tell of undecided matters: never to the candidate.
    """

    person = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="recruitment_cases", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="recruitment_cases", verbose_name=_("branch")
    )
    edition = models.CharField(_("edition"), max_length=40)
    state = models.CharField(_("state"), max_length=8, choices=CaseState, default=CaseState.OPEN)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closed_reason = models.CharField(_("how it ended"), max_length=12, choices=ClosedReason, blank=True)
    closed_words = models.CharField(_("remarks on the end"), max_length=WORDS_MAX, blank=True)
    leaves_on = models.DateField(
        _("leaves the university on"), null=True, blank=True, help_text=_("Expected graduation or departure.")
    )
    barred_until = models.DateField(_("may not apply before"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    stage = models.CharField(_("stage"), max_length=12, choices=STAGES, default=Stage.APPLICATION.value, editable=False)
    standing = models.CharField(
        _("standing decided"), max_length=20, choices=Standing, default=Standing.MASS, editable=False
    )
    current_step = models.CharField(_("current step"), max_length=24, blank=True, editable=False)
    next_due = models.DateField(_("next due on"), null=True, blank=True, editable=False)
    overdue_since = models.DateField(_("overdue since"), null=True, blank=True, editable=False)
    gap_count = models.PositiveSmallIntegerField(_("missing"), default=0, editable=False)
    settled_on = models.DateField(_("reckoned on"), null=True, blank=True, editable=False)
    ready_on = models.DateField(_("cultivated long enough on"), null=True, blank=True, editable=False)
    probation_ends_on = models.DateField(_("probation ends on"), null=True, blank=True, editable=False)
    # Who may record something that is missing now; in a case that only time moves on, nobody.
    waits_for_applicant = models.BooleanField(_("waits for the applicant"), default=False, editable=False)
    waits_for_branch = models.BooleanField(_("waits for the branch"), default=False, editable=False)
    waits_for_superior = models.BooleanField(_("waits for the committee"), default=False, editable=False)
    waits_for_school = models.BooleanField(_("waits for the party school"), default=False, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("recruitment case")
        verbose_name_plural = _("recruitment cases")
        ordering = ["-opened_on", "-pk"]
        indexes = [
            models.Index(fields=["organization", "stage", "id"], condition=Q(state="open"), name="case_open_stage"),
            models.Index(fields=["overdue_since"], condition=Q(state="open"), name="case_overdue"),
            models.Index(fields=["next_due"], condition=Q(state="open"), name="case_due"),
            models.Index(fields=["ready_on"], condition=Q(state="open"), name="case_ready"),
            models.Index(fields=["probation_ends_on"], condition=Q(state="open"), name="case_probation_ends"),
            models.Index(
                fields=["organization"], condition=Q(state="open", waits_for_superior=True), name="case_for_superior"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="open"),
                name="case_one_open_per_person",
                violation_error_message=_("This person already has an open case."),
            ),
            models.CheckConstraint(name="case_state_known", condition=Q(state__in=CaseState.values)),
            models.CheckConstraint(name="case_stage_known", condition=Q(stage__in=[stage.value for stage in Stage])),
            models.CheckConstraint(name="case_standing_known", condition=Q(standing__in=Standing.values)),
            models.CheckConstraint(name="case_step_known", condition=Q(current_step__in=["", *STEPS])),
            models.CheckConstraint(
                name="case_closed_whole",
                condition=Q(state="open", closed_on=None, closed_reason="")
                | Q(state="closed", closed_on__isnull=False, closed_reason__in=ClosedReason.values),
                violation_error_message=_("A closed case has a day and a reason; an open one has neither."),
            ),
            models.CheckConstraint(
                name="case_dates_in_order",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("The end cannot come before the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class CaseMove(models.Model):
    """A change of branch: time goes on only where the material was handed over and checked (XZ26 art. 12)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="moves", verbose_name=_("case"))
    on = models.DateField(_("on"))
    from_branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch before")
    )
    to_branch = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("branch after")
    )
    is_handed_over = models.BooleanField(_("the material was handed over"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("change of branch")
        verbose_name_plural = _("changes of branch")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="case_move_two_branches",
                condition=~Q(from_branch=F("to_branch")),
                violation_error_message=_("The case is in this branch already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.to_branch}"


class ExceptionGrant(models.Model):
    """A superior's recorded leave to pass one rule in one case; the database refuses changes."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exceptions", verbose_name=_("case"))
    rule = models.CharField(_("rule"), max_length=40)
    node = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="+", verbose_name=_("committee that allowed it")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("allowed by")
    )
    on = models.DateField(_("on"))
    words = models.TextField(_("reason"), validators=[MaxLengthValidator(WORDS_MAX)])
    granted_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "rule"],
                name="exception_once_per_rule",
                violation_error_message=_("This exception has been granted already."),
            ),
            models.CheckConstraint(
                name="exception_has_reason",
                condition=~Q(words=""),
                violation_error_message=_("Give the reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} · {self.rule}"
