"""What was recorded in a case: the append-only records, and of some of them the numbers the database holds itself."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models import Member
from portal.files.models import StoredFile

from ..engine.details import KINDS
from ..engine.people import Role
from ..engine.steps import STEPS
from ..engine.vocabulary import KIND_LABELS, PAPER_LABELS
from .cases import Case, ClosedReason
from .planning import Batch


class RecordQuerySet(models.QuerySet):
    def valid(self) -> "RecordQuerySet":
        """Keep what counts: not corrected by a later row, not the taking back of one, nor of a list taken back."""
        return self.filter(~Q(case__closed_reason=ClosedReason.UNDONE), correction=None, is_annulment=False)


class StepRecord(models.Model):
    """One record of a step; a wrong one is corrected by a new row that names it, the database refuses changes.

    ``details`` holds what ``records.to_json`` made of the engine's dataclass of ``kind``. ``round`` counts the records
    of a kind in a step: a rejected congress is followed by another.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="records", verbose_name=_("case"))
    step = models.CharField(_("step"), max_length=24)
    kind = models.CharField(_("kind of record"), max_length=24)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    on = models.DateField(_("on"))
    role = models.CharField(_("in the capacity of"), max_length=12)
    details = models.JSONField(_("details"), default=dict)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="correction", verbose_name=_("corrects")
    )
    is_annulment = models.BooleanField(_("takes the corrected record back"), default=False)
    reason = models.CharField(_("reason of the correction"), max_length=500, blank=True)
    batch = models.ForeignKey(
        Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="records", verbose_name=_("batch")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of a step")
        verbose_name_plural = _("records of steps")
        ordering = ["on", "pk"]
        indexes = [
            models.Index(fields=["on"], condition=Q(step="approve"), name="record_approved"),
            models.Index(fields=["on"], condition=Q(kind="publicity"), name="record_posted"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step", "kind", "round"],
                condition=Q(corrects=None),
                name="step_record_once_per_round",
                violation_error_message=_("This is recorded already."),
            ),
            models.CheckConstraint(name="step_record_step_known", condition=Q(step__in=list(STEPS))),
            models.CheckConstraint(name="step_record_kind_known", condition=Q(kind__in=list(KINDS))),
            models.CheckConstraint(
                name="step_record_role_known", condition=Q(role__in=[role.value for role in Role])
            ),
            models.CheckConstraint(
                name="step_record_correction_whole",
                condition=Q(corrects=None, is_annulment=False, reason="")
                | Q(Q(corrects__isnull=False), ~Q(reason="")),
                violation_error_message=_("A correction names what it corrects and gives the reason."),
            ),
            models.CheckConstraint(name="step_record_not_itself", condition=Q(corrects=None) | ~Q(corrects=F("id"))),
        ]

    def __str__(self) -> str:
        return f"{STEPS[self.step].label} · {KIND_LABELS[self.kind]}"


class Paper(models.Model):
    """A paper that a record leaves in the file: its date and signature as written on it, and its scan."""

    record = models.ForeignKey(StepRecord, on_delete=models.CASCADE, related_name="papers", verbose_name=_("record"))
    kind = models.CharField(_("kind of paper"), max_length=32)
    dated_on = models.DateField(_("date on the paper"), null=True, blank=True)
    is_signed = models.BooleanField(_("signed"), default=False)
    # The days the paper repeats of other steps: [[step, day], …].
    states = models.JSONField(_("dates of other steps it names"), default=list, blank=True)
    file = models.OneToOneField(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )

    class Meta:
        verbose_name = _("paper of the file")
        verbose_name_plural = _("papers of the file")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="paper_kind_known", condition=Q(kind__in=list(PAPER_LABELS))),
        ]

    def __str__(self) -> str:
        return str(PAPER_LABELS[self.kind])


class Ballot(models.Model):
    """The count of a branch congress (XZ26 art. 19, 20); ``yes`` and ``no`` include ``written`` opinions."""

    record = models.OneToOneField(StepRecord, on_delete=models.CASCADE, related_name="ballot", verbose_name=_("record"))
    due = models.PositiveSmallIntegerField(_("should attend"))
    present = models.PositiveSmallIntegerField(_("present"))
    issued = models.PositiveSmallIntegerField(_("ballots issued"))
    returned = models.PositiveSmallIntegerField(_("ballots returned"))
    yes = models.PositiveSmallIntegerField(_("in favor"))
    no = models.PositiveSmallIntegerField(_("against"))
    abstain = models.PositiveSmallIntegerField(_("abstained"))
    invalid = models.PositiveSmallIntegerField(_("invalid"), default=0)
    written = models.PositiveSmallIntegerField(_("written opinions"), default=0)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.CheckConstraint(
                name="ballot_present_within_due",
                condition=Q(due__gte=F("present") + F("written")),
                violation_error_message=_("More people took part than may."),
            ),
            models.CheckConstraint(
                name="ballot_issued_within_present",
                condition=Q(issued__lte=F("present")),
                violation_error_message=_("More ballots were issued than people were present."),
            ),
            models.CheckConstraint(
                name="ballot_returned_within_issued",
                condition=Q(returned__lte=F("issued")),
                violation_error_message=_("More ballots came back than were issued: the vote is void."),
            ),
            models.CheckConstraint(
                name="ballot_adds_up",
                condition=Q(returned=F("yes") + F("no") + F("abstain") + F("invalid") - F("written")),
                violation_error_message=_("The votes do not add up."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.yes}/{self.due}"


class SponsorQuerySet(models.QuerySet):
    def current(self) -> "SponsorQuerySet":
        return self.filter(until=None)


class Sponsor(models.Model):
    """One of the two full members who vouch for a candidate (XZ26 art. 14)."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="sponsors", verbose_name=_("case"))
    person = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="sponsored_by", verbose_name=_("person"))
    sponsor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="sponsors_of", verbose_name=_("sponsor"))
    # First or second: lets the database itself refuse a third.
    place = models.PositiveSmallIntegerField(_("place"), choices=[(1, _("first sponsor")), (2, _("second sponsor"))])
    record = models.ForeignKey(StepRecord, on_delete=models.PROTECT, related_name="+", verbose_name=_("record"))
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = SponsorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sponsor")
        verbose_name_plural = _("sponsors")
        ordering = ["case", "place", "pk"]
        indexes = [models.Index(fields=["sponsor", "case"], condition=Q(until=None), name="sponsor_of_now")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "place"],
                condition=Q(until=None),
                name="sponsor_two_places",
                violation_error_message=_("A candidate has exactly two sponsors (XZ26 art. 14)."),
            ),
            models.UniqueConstraint(
                fields=["case", "sponsor"],
                condition=Q(until=None),
                name="sponsor_once",
                violation_error_message=_("The same person is named twice as sponsor."),
            ),
            models.CheckConstraint(name="sponsor_place_known", condition=Q(place__in=[1, 2])),
            models.CheckConstraint(
                name="sponsor_not_oneself",
                condition=~Q(person=F("sponsor")),
                violation_error_message=_("Nobody is their own sponsor."),
            ),
            models.CheckConstraint(
                name="sponsor_dates_in_order",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("The end cannot come before the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sponsor} → {self.person}"
