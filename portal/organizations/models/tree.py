"""The dated tree: its nodes, where each hung and since when, and what became of those that are no more."""

from datetime import date

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from ..duties import Duty
from ..rules import LONGEST_TERM_YEARS, term_end


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


def standing_on(day: date) -> Q:
    """Return the condition that a node stood on ``day``."""
    return (Q(established_on=None) | Q(established_on__lte=day)) & (Q(closed_on=None) | Q(closed_on__gt=day))


def held_on(day: date, prefix: str = "") -> Q:
    """Return the condition that a row of a node's parent held on ``day``; the first one has held ever since."""
    began = Q(**{f"{prefix}since": None}) | Q(**{f"{prefix}since__lte": day})
    return began & (Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": day}))


class OrganizationQuerySet(MP_NodeQuerySet):
    """Reads on the tree as of a day, by subtree."""

    def on(self, day: date) -> "OrganizationQuerySet":
        """Keep the nodes that stood on ``day``."""
        return self.filter(standing_on(day))

    def placed(self, day: date) -> "OrganizationQuerySet":
        """Mark each node with ``path_then`` and ``since_then``: where it hung on ``day`` (``OrganizationParent``)."""
        there = FilteredRelation("parents", condition=held_on(day, "parents__"))
        return self.annotate(parent_then=there).annotate(
            path_then=F("parent_then__path"), since_then=F("parent_then__since")
        )

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


class OrganizationParentQuerySet(models.QuerySet):
    def on(self, day: date) -> "OrganizationParentQuerySet":
        return self.filter(held_on(day))

    def below(self, node: Organization, day: date) -> "OrganizationParentQuerySet":
        """Keep where, on ``day``, ``node`` and what was under it then hung."""
        there = type(self)(self.model, using=self._db).on(day).filter(organization=node).values("path")[:1]
        return self.on(day).filter(path__startswith=models.Subquery(there))


class OrganizationParent(models.Model):
    """Under which node a node hung from a day until a day, both inclusive, and its path meanwhile.

    The first row of a node has no beginning: it holds for every day before the first move. The open rows repeat the
    tree of today, so that the tree of any day is read in one way. ``path`` is made of keys from the root down to the
    node, ``STEP`` digits each: the paths of treebeard are given to another node when one has moved away.
    """

    STEP = 8

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="parents", verbose_name=_("organization")
    )
    parent = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children_ever",
        verbose_name=_("organization above"),
    )
    path = models.CharField(max_length=255, editable=False)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = OrganizationParentQuerySet.as_manager()

    class Meta:
        verbose_name = _("place in the tree")
        verbose_name_plural = _("places in the tree")
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(until=None), name="organization_parent_one_open"
            ),
            models.UniqueConstraint(
                fields=["organization"], condition=Q(since=None), name="organization_parent_one_first"
            ),
            models.CheckConstraint(
                name="organization_parent_dates_in_order",
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
            ),
            models.CheckConstraint(
                name="organization_parent_not_itself", condition=Q(parent=None) | ~Q(parent=F("organization"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} ← {self.parent or ''}"

    @classmethod
    def path_below(cls, path: str, pk: int) -> str:
        """Return the path of the node ``pk`` that hangs under the one at ``path`` (``""``: under none)."""
        return f"{path}{pk:0{cls.STEP}}"

    @classmethod
    def keys_of(cls, path: str) -> list[int]:
        """Return the keys on ``path``, from the root down."""
        return [int(path[start : start + cls.STEP]) for start in range(0, len(path), cls.STEP)]


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
