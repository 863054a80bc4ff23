"""Cultivation contacts, thought reports and the showcase of those whose authors agreed."""

import secrets
from datetime import date

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Member
from portal.organizations.models import Standing
from portal.reviews.models import Review, Version
from portal.web.addresses import address

from .rules import FIRST_YEAR, HANDED_IN, LAST_YEAR, Quarter

# Letters and digits that handwriting does not confuse.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8


class ContactQuerySet(models.QuerySet):
    def current(self) -> "ContactQuerySet":
        return self.filter(until=None)


class CultivationContact(models.Model):
    """A full member who accompanies a person on the way into the party (XZ26 art. 9)."""

    person = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("person"))
    contact = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="cultivated", verbose_name=_("contact"))
    # First or second contact: lets the database itself refuse a third.
    place = models.PositiveSmallIntegerField(_("place"), choices=[(1, _("first contact")), (2, _("second contact"))])
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("cultivation contact")
        verbose_name_plural = _("cultivation contacts")
        ordering = ["person", "place", "pk"]
        indexes = [
            models.Index(fields=["contact", "person"], condition=Q(until=None), name="contact_of_now"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "place"],
                condition=Q(until=None),
                name="contact_at_most_two",
                violation_error_message=_(
                    "A person has at most two cultivation contacts (XZ26 art. 9); end one first."
                ),
            ),
            models.UniqueConstraint(
                fields=["person", "contact"],
                condition=Q(until=None),
                name="contact_once",
                violation_error_message=_("This contact is assigned already."),
            ),
            models.CheckConstraint(name="contact_place_known", condition=Q(place__in=[1, 2])),
            models.CheckConstraint(
                name="contact_not_oneself",
                condition=~Q(person=F("contact")),
                violation_error_message=_("Nobody is their own cultivation contact."),
            ),
            models.CheckConstraint(
                name="contact_dates_in_order",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("The end cannot come before the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} → {self.person}"


class ReportQuerySet(models.QuerySet):
    """Reads on reports by quarter and state."""

    def of(self, quarter: Quarter) -> "ReportQuerySet":
        return self.filter(year=quarter.year, quarter=quarter.number)

    def handed_in(self) -> "ReportQuerySet":
        """Keep what is with the readers or answered: not begun, not withdrawn."""
        return self.filter(review__state__in=HANDED_IN)

    def waiting(self) -> "ReportQuerySet":
        return self.filter(review__state__in=["submitted", "under_review"])

    def with_people(self) -> "ReportQuerySet":
        """Bring along what every list shows."""
        return self.select_related("author__user", "author__organization", "review")

    def listed(self) -> "ReportQuerySet":
        """Bring what a row of a list shows and nothing else: an archive has sixty columns."""
        return self.with_people().only(
            "author_id", "year", "quarter", "title", "first_submitted_on", "code",
            "review__state", "review__due_on", "review__decided_at",
            "author__user__name", "author__user__number", "author__organization__name",
            "author__organization__short_name",
        )  # fmt: skip


def new_token() -> str:
    return secrets.token_urlsafe(16)


def new_code() -> str:
    """Return a code for the copy sheet by which a scan finds its report."""
    return "".join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH))


class ThoughtReport(models.Model):
    """What a person reports of their thinking for one quarter (domain.md 4.1); ``review`` holds the text."""

    author = models.ForeignKey(
        Member, on_delete=models.PROTECT, related_name="thought_reports", verbose_name=_("author")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    review = models.OneToOneField(
        Review, on_delete=models.PROTECT, related_name="thought_report", verbose_name=_("review")
    )
    standing_at_submission = models.CharField(_("standing when handed in"), max_length=20, choices=Standing, blank=True)
    title = models.CharField(_("title"), max_length=200, blank=True)
    characters = models.PositiveIntegerField(_("characters"), default=0)
    first_submitted_on = models.DateField(_("first handed in on"), null=True, blank=True)
    # The largest share of the text that another report holds too, in percent; advice only.
    likeness = models.PositiveSmallIntegerField(_("likeness"), null=True, blank=True)
    code = models.CharField(_("code of the copy sheet"), max_length=12, unique=True, default=new_code, editable=False)
    files = GenericRelation("files.StoredFile")

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("thought report")
        verbose_name_plural = _("thought reports")
        ordering = ["-year", "-quarter", "-pk"]
        indexes = [models.Index(fields=["-year", "-quarter", "-id"], name="report_by_quarter")]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "year", "quarter"],
                name="report_one_per_quarter",
                violation_error_message=_("There is a report for this quarter already."),
            ),
            models.CheckConstraint(name="report_quarter_known", condition=Q(quarter__gte=1, quarter__lte=4)),
            models.CheckConstraint(name="report_year_known", condition=Q(year__gte=FIRST_YEAR, year__lte=LAST_YEAR)),
            models.CheckConstraint(name="report_likeness_percent", condition=Q(likeness=None) | Q(likeness__lte=100)),
            models.CheckConstraint(
                name="report_handed_in_whole",
                condition=Q(first_submitted_on=None, standing_at_submission="")
                | Q(first_submitted_on__isnull=False, standing_at_submission__in=Standing.values),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} · {self.period}"

    def get_absolute_url(self) -> str:
        return address("members:development:thought-report-detail", self.pk)

    @property
    def period(self) -> Quarter:
        return Quarter(self.year, self.quarter)

    def is_late(self) -> bool:
        """Say whether it was first handed in after its quarter."""
        return self.first_submitted_on is not None and self.first_submitted_on > self.period.last_day

    def is_overdue(self, on: date) -> bool:
        return self.review.is_overdue(on)


class ShingleHash(models.Model):
    """One hash of a handed-in version: versions that share hashes are candidates for a comparison."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="+")
    hash = models.BigIntegerField()

    class Meta:
        verbose_name = _("trace of a text")
        verbose_name_plural = _("traces of texts")
        constraints = [models.UniqueConstraint(fields=["hash", "version"], name="shingle_once")]

    def __str__(self) -> str:
        return f"{self.version_id}:{self.hash}"


class ShowcaseState(models.TextChoices):
    PROPOSED = "proposed", _("waits for the author's consent")
    CONSENTED = "consented", _("waits to be published")
    DECLINED = "declined", _("declined by the author")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ShowcaseEntry(models.Model):
    """An accepted report that others may read, in the words and under the name that its author agreed to."""

    report = models.OneToOneField(
        ThoughtReport, on_delete=models.PROTECT, related_name="showcase", verbose_name=_("report")
    )
    # A random key: the address of an anonymous text says nothing of its author or its place in the order.
    token = models.CharField(max_length=22, unique=True, default=new_token, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=ShowcaseState, default=ShowcaseState.PROPOSED)
    words = models.TextField(_("why it deserves readers"), blank=True)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"))
    is_named = models.BooleanField(_("with the author's name"), default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    consented_at = models.DateTimeField(_("consented at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    published_on = models.DateField(_("published on"), null=True, blank=True)

    class Meta:
        verbose_name = _("showcase entry")
        verbose_name_plural = _("showcase entries")
        indexes = [
            models.Index(fields=["-published_on", "-id"], condition=Q(state="published"), name="showcase_published")
        ]
        constraints = [
            models.CheckConstraint(name="showcase_state_known", condition=Q(state__in=ShowcaseState.values)),
            models.CheckConstraint(
                name="showcase_needs_consent",
                condition=~Q(state__in=["consented", "published"]) | Q(consented_at__isnull=False),
                violation_error_message=_("Nothing is published without the author's consent."),
            ),
            models.CheckConstraint(
                name="showcase_published_whole",
                condition=~Q(state="published") | Q(published_by__isnull=False, published_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("members:development:showcase-detail", args=[self.token])
