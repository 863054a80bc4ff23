"""Who belongs where with which standing, who holds which post, and the duties that follow."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from ..duties import Post
from .tree import Organization


class Standing(models.TextChoices):
    """Where a person stands on the way into the party (domain.md 2, 12)."""

    MASS = "mass", _("non-member")
    APPLICANT = "applicant", _("applicant")
    ACTIVIST = "activist", _("activist")
    DEVELOPMENT_TARGET = "development_target", _("development target")
    PROBATIONARY = "probationary", _("probationary member")
    FULL_MEMBER = "full_member", _("full member")


class OrganizationUserObjectPermission(UserObjectPermissionBase):
    """A duty that a person holds on a node, as django-guardian's direct row; only ``sync_rights`` writes it."""

    content_object = models.ForeignKey(Organization, on_delete=models.CASCADE)
    # The last day on which the duty counts; a row past it is ignored before it is swept.
    until = models.DateField(null=True, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("duty held")
        verbose_name_plural = _("duties held")


class DatedQuerySet(models.QuerySet):
    """Rows that hold from a day until a day, both inclusive; ``until`` empty means still."""

    def on(self, day: date) -> "DatedQuerySet":
        return self.filter(since__lte=day).filter(Q(until=None) | Q(until__gte=day))


class Affiliation(models.Model):
    """Where a person belongs, and with which standing, from a day until a day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="affiliations", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="affiliations", verbose_name=_("organization")
    )
    standing = models.CharField(_("standing"), max_length=20, choices=Standing)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        indexes = [
            models.Index(fields=["organization", "standing"], condition=Q(until=None), name="affiliation_current"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(until=None),
                name="affiliation_one_current",
                violation_error_message=_("This person already belongs to an organization."),
            ),
            models.CheckConstraint(
                name="affiliation_dates_in_order",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("The end cannot come before the beginning."),
            ),
            models.CheckConstraint(name="affiliation_standing_known", condition=Q(standing__in=Standing.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization}"


class AppointmentMode(models.TextChoices):
    ELECTED = "elected", _("elected")
    APPOINTED = "appointed", _("appointed")
    BY_ELECTION = "by_election", _("by-election")


class AppointmentQuerySet(DatedQuerySet):
    def in_force(self, day: date) -> "AppointmentQuerySet":
        """Keep the posts held on ``day`` and not ended since: a dismissal counts from its minute on."""
        return self.on(day).filter(ended_at=None)

    def as_of(self, day: date) -> "AppointmentQuerySet":
        """Keep the posts that were in force at the end of ``day``, whatever happened to them later."""
        return self.on(day).filter(Q(ended_at=None) | Q(ended_at__date__gt=day))


class Appointment(models.Model):
    """A post held on a node from a day until a day."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="appointments", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("organization")
    )
    post = models.CharField(_("post"), max_length=30, choices=Post)
    mode = models.CharField(
        _("how it came about"), max_length=12, choices=AppointmentMode, default=AppointmentMode.APPOINTED
    )
    approval_doc_no = models.CharField(_("number of the approving document"), max_length=60, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organization", "post"],
                condition=Q(ended_at=None),
                name="appointment_one_open",
                violation_error_message=_("This person already holds this post here."),
            ),
            models.CheckConstraint(
                name="appointment_dates_in_order",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("The end cannot come before the beginning."),
            ),
            models.CheckConstraint(
                name="appointment_ended_has_day", condition=Q(ended_at=None) | Q(until__isnull=False)
            ),
            models.CheckConstraint(name="appointment_post_known", condition=Q(post__in=Post.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_post_display()} · {self.organization}"
