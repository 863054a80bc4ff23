"""The dated tree, who belongs where with which standing, and who holds which post."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from .duties import Duty, Post
from .rules import LONGEST_TERM_YEARS, term_end


class OrganizationType(models.TextChoices):
    """Kinds of node (domain.md 1.1)."""

    UNIVERSITY_COMMITTEE = "university_committee", _("university party committee")
    COLLEGE_COMMITTEE = "college_committee", _("college party committee")
    GENERAL_BRANCH = "general_branch", _("general party branch")
    DIRECT_BRANCH = "direct_branch", _("directly affiliated party branch")
    BRANCH = "branch", _("party branch")
    JOINT_BRANCH = "joint_branch", _("joint party branch")
    TEMPORARY_BRANCH = "temporary_branch", _("temporary party branch")
    FUNCTIONAL_BRANCH = "functional_branch", _("functional party branch")
    FLOATING_BRANCH = "floating_branch", _("floating party branch")
    GROUP = "group", _("party group")


BRANCH_TYPES = frozenset(
    {
        OrganizationType.DIRECT_BRANCH,
        OrganizationType.BRANCH,
        OrganizationType.JOINT_BRANCH,
        OrganizationType.TEMPORARY_BRANCH,
        OrganizationType.FUNCTIONAL_BRANCH,
        OrganizationType.FLOATING_BRANCH,
    }
)


class OrganizationStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    MERGED = "merged", _("merged")
    DISSOLVED = "dissolved", _("dissolved")
    SUSPENDED = "suspended", _("suspended")


class Standing(models.TextChoices):
    """Where a person stands on the way into the party (domain.md 2, 12)."""

    MASS = "mass", _("non-member")
    APPLICANT = "applicant", _("applicant")
    ACTIVIST = "activist", _("activist")
    DEVELOPMENT_TARGET = "development_target", _("development target")
    PROBATIONARY = "probationary", _("probationary member")
    FULL_MEMBER = "full_member", _("full member")


def standing_on(day: date) -> Q:
    """Return the condition that a node stood on ``day``."""
    return (Q(established_on=None) | Q(established_on__lte=day)) & (Q(closed_on=None) | Q(closed_on__gt=day))


class OrganizationQuerySet(MP_NodeQuerySet):
    """Reads on the tree as of a day, by subtree."""

    def on(self, day: date) -> "OrganizationQuerySet":
        """Keep the nodes that stood on ``day``."""
        return self.filter(standing_on(day))

    def below(self, node: "Organization") -> "OrganizationQuerySet":
        """Keep ``node`` and everything under it."""
        return self.filter(path__startswith=node.path)

    def branches(self) -> "OrganizationQuerySet":
        return self.filter(org_type__in=BRANCH_TYPES)


class OrganizationManager(MP_NodeManager.from_queryset(OrganizationQuerySet)):  # type: ignore[misc]
    """treebeard's manager with the portal's reads; nodes come in the order of the tree."""

    def get_queryset(self) -> OrganizationQuerySet:
        return OrganizationQuerySet(self.model, using=self._db).order_by("path")


class Organization(MP_Node):
    """One node of the party's tree in the university."""

    org_type = models.CharField(_("type"), max_length=24, choices=OrganizationType)
    name = models.CharField(_("full name"), max_length=120, help_text=_("As on the seal."))
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    code = models.CharField(
        _("code"), max_length=30, unique=True, help_text=_("Unique; used in imports and addresses.")
    )
    established_on = models.DateField(_("established on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    approval_doc_no = models.CharField(_("number of the approving document"), max_length=60, blank=True)
    term_started_on = models.DateField(_("term began on"), null=True, blank=True)
    term_years = models.PositiveSmallIntegerField(_("years of a term"), null=True, blank=True)
    can_approve_members = models.BooleanField(_("holds authority to approve members"), default=False)
    host_unit = models.CharField(_("host unit"), max_length=120, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=OrganizationStatus, default=OrganizationStatus.ACTIVE)

    objects = OrganizationManager()
    # Siblings stand in the order in which they were added; moves keep it.
    node_order_by: list[str] = []

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["path"]
        default_permissions = ()
        permissions = [(duty.value, duty.name) for duty in Duty]
        constraints = [
            models.CheckConstraint(
                name="organization_dates_in_order",
                condition=Q(closed_on=None) | Q(established_on=None) | Q(closed_on__gte=F("established_on")),
                violation_error_message=_("An organization cannot close before it was established."),
            ),
            models.CheckConstraint(name="organization_type_known", condition=Q(org_type__in=OrganizationType.values)),
            models.CheckConstraint(
                name="organization_term_in_range",
                condition=Q(term_years=None) | Q(term_years__range=(1, LONGEST_TERM_YEARS)),
                violation_error_message=_("A term lasts from one to ten years."),
            ),
            models.CheckConstraint(
                name="organization_closed_has_day",
                condition=Q(status=OrganizationStatus.ACTIVE)
                | Q(status=OrganizationStatus.SUSPENDED)
                | Q(closed_on__isnull=False),
                violation_error_message=_("Give the day on which the organization was merged or dissolved."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def get_absolute_url(self) -> str:
        return reverse("organizations:organization-detail", args=[self.pk])

    @property
    def is_branch(self) -> bool:
        return self.org_type in BRANCH_TYPES

    def stood_on(self, day: date) -> bool:
        """Say whether the node stood on ``day``, as ``standing_on`` asks of rows."""
        return (self.established_on or day) <= day and (self.closed_on is None or self.closed_on > day)

    @property
    def term_ends_on(self) -> date | None:
        """Return the day by which the next election is due, or ``None`` when no term runs."""
        return term_end(self.org_type, self.term_started_on, self.term_years)


class LinkKind(models.TextChoices):
    MERGED = "merged", _("merged into")
    SPLIT = "split", _("split off")


class OrganizationLink(models.Model):
    """What became of a node: ``earlier`` was merged into ``later``, or ``later`` was split off from ``earlier``."""

    kind = models.CharField(_("kind"), max_length=8, choices=LinkKind)
    earlier = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="links_onward", verbose_name=_("earlier organization")
    )
    later = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="links_back", verbose_name=_("later organization")
    )
    on = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=300)
    people = models.PositiveIntegerField(_("people who moved"))

    class Meta:
        verbose_name = _("merger or split")
        verbose_name_plural = _("mergers and splits")
        constraints = [
            models.CheckConstraint(name="organization_link_kind_known", condition=Q(kind__in=LinkKind.values)),
            models.CheckConstraint(
                name="organization_link_two_nodes",
                condition=~Q(earlier=F("later")),
                violation_error_message=_("An organization cannot be merged into itself."),
            ),
            models.CheckConstraint(
                name="organization_link_has_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Give the reason."),
            ),
            models.UniqueConstraint(
                fields=["earlier"],
                condition=Q(kind=LinkKind.MERGED),
                name="organization_link_merged_once",
                violation_error_message=_("This organization has been merged already."),
            ),
            models.UniqueConstraint(
                fields=["later"],
                condition=Q(kind=LinkKind.SPLIT),
                name="organization_link_split_once",
                violation_error_message=_("This organization has been split off already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.earlier} → {self.later}"


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
