"""Where somebody may start an activity, and whether it then waits for an approval."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from portal.access.rights import AnyUser, ancestor_paths, rights_of, under
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, OrganizationUserObjectPermission

from ..models import Activity, ApprovalRule


def startable(user: AnyUser) -> QuerySet[Organization]:
    """Return the open nodes for which ``user`` may start an activity: the own ones and all above them."""
    paths = ancestor_paths(rights_of(user).belongs_to)
    return Organization.objects.filter(path__in=paths, closed_on=None).order_by("-path")


def approval_needed(organization: Organization) -> bool:
    """Say whether activities of a node wait for an approval: as the nearest rule says, and without one they do."""
    above = ancestor_paths([organization.path])
    rule = ApprovalRule.objects.filter(organization__path__in=above).order_by("-organization__path").first()
    return rule is None or rule.is_needed


def nearest_approvers(activity: Activity) -> set[int]:
    """Return whom to tell that an activity waits: who may approve it on the nearest node that has such people."""
    held = (
        OrganizationUserObjectPermission.objects.filter(
            permission__codename=str(Duty.APPROVE_ACTIVITIES),
            content_object__path__in=ancestor_paths([activity.organization.path]),
            user__is_active=True,
        )
        .exclude(until__lt=timezone.localdate())
        .exclude(user=activity.author_id)
        .values_list("content_object__path", "user_id")
    )
    rows = list(held)
    nearest = max((path for path, _user in rows), key=len, default="")
    return {user for path, user in rows if path == nearest}


def rule_of(organization: Organization) -> bool | None:
    """Return what a node says of itself, ``None`` where it says nothing."""
    return ApprovalRule.objects.filter(organization=organization).values_list("is_needed", flat=True).first()


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A node of one's own, and what it says about approvals; ``None``: as the node above."""

    node: Organization
    is_needed: bool | None


# The nodes of one's own and what lies directly below them: more is set on their pages.
RULES_SHOWN = 60


def rules_shown(user: AnyUser) -> list[RuleRow]:
    """Return the nodes on which ``user`` approves and those directly below, with their rules: two queries."""
    paths = rights_of(user).duties.get(str(Duty.APPROVE_ACTIVITIES), ())
    depths = {len(path) // Organization.steplen for path in paths}
    nodes = Organization.objects.filter(under("", paths), closed_on=None, depth__lte=min(depths, default=0) + 1)
    said = dict(ApprovalRule.objects.filter(under("organization", paths)).values_list("organization", "is_needed"))
    return [RuleRow(node, said.get(node.pk)) for node in nodes.order_by("path")[:RULES_SHOWN]]
