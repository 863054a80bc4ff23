"""The two letters a candidate writes: the application, and after the probation the conversion application."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.models import Member
from portal.encryption.fields import EncryptedTextField
from portal.reviews.models import Review, Version
from portal.reviews.rules import WAITING

from .cases import Case


class LetterKind(models.TextChoices):
    ADMISSION = "admission", _("application letter")
    CONVERSION = "conversion", _("conversion application")


class Carrier(models.TextChoices):
    """How the signed letter itself is made; the portal never replaces it (domain.md 4.2)."""

    HANDWRITTEN = "handwritten", _("written by hand")
    SIGNED_PRINT = "signed_print", _("printed and signed")


class LetterQuerySet(models.QuerySet):
    def open(self) -> "LetterQuerySet":
        """Keep what no branch has received yet: drafts, letters that wait, returned and withdrawn ones."""
        return self.filter(case=None)

    def waiting(self) -> "LetterQuerySet":
        return self.filter(review__state__in=sorted(state.value for state in WAITING))

    def with_people(self) -> "LetterQuerySet":
        """Bring along what every list shows."""
        return self.select_related("person__user", "person__organization", "review", "case")


class Letter(models.Model):
    """A candidate's letter; ``review`` holds the text, ``tables`` the rows beside it. Receipt gives it its case."""

    kind = models.CharField(_("kind"), max_length=12, choices=LetterKind)
    person = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="recruitment_letters", verbose_name=_("person")
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("case")
    )
    review = models.OneToOneField(
        Review, on_delete=models.PROTECT, related_name="recruitment_letter", verbose_name=_("review")
    )
    # The day written on the version handed in last: it is the day of the application.
    submitted_on = models.DateField(_("handed in on"), null=True, blank=True)
    received_on = models.DateField(_("received on"), null=True, blank=True)
    carrier = models.CharField(_("the letter itself is"), max_length=12, choices=Carrier, blank=True)
    is_declared = models.BooleanField(_("declared to be of one's own free will"), default=False)
    # Résumé, family and social relations as JSON: other people's data, so encrypted like the archive's.
    tables = EncryptedTextField(_("résumé and relations"), blank=True)
    # The largest share of the text that another letter holds too, in percent; advice only.
    likeness = models.PositiveSmallIntegerField(_("likeness"), null=True, blank=True)
    files = GenericRelation("files.StoredFile")

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter of a candidate")
        verbose_name_plural = _("letters of candidates")
        ordering = ["-submitted_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(case=None),
                name="letter_one_open_per_kind",
                violation_error_message=_("There is a letter of this kind already."),
            ),
            models.CheckConstraint(name="letter_kind_known", condition=Q(kind__in=LetterKind.values)),
            models.CheckConstraint(name="letter_carrier_known", condition=Q(carrier__in=["", *Carrier.values])),
            models.CheckConstraint(
                name="letter_handed_in_whole",
                condition=Q(submitted_on=None) | Q(Q(is_declared=True), ~Q(carrier="")),
                violation_error_message=_("A letter is handed in with the declaration and the way it is made."),
            ),
            models.CheckConstraint(
                name="letter_received_whole",
                condition=Q(case=None, received_on=None)
                | Q(case__isnull=False, submitted_on__isnull=False, received_on__gte=models.F("submitted_on")),
                violation_error_message=_("A letter that was received has a case, and days in their order."),
            ),
            models.CheckConstraint(name="letter_likeness_percent", condition=Q(likeness=None) | Q(likeness__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.person}"

    def get_absolute_url(self) -> str:
        return reverse("members:recruitment:letter-detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.case_id is None


class LetterTrace(models.Model):
    """One hash of a letter handed in: letters that share hashes are candidates for a comparison."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    hash = models.BigIntegerField()

    class Meta:
        verbose_name = _("trace of a letter")
        verbose_name_plural = _("traces of letters")
        constraints = [models.UniqueConstraint(fields=["hash", "version"], name="letter_trace_once")]

    def __str__(self) -> str:
        return f"{self.version_id}:{self.hash}"
