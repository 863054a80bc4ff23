"""A year's plan of admissions against what has become of it: planned, admitted, in the pipeline."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet
from django.db.models.functions import Left

from portal.access.policy import policy_of, scope
from portal.access.rights import AnyUser
from portal.organizations.models import Organization

from ..engine.details import ApprovalFact, Outcome
from ..engine.steps import Stage
from ..models import Quota, StepRecord
from .boards import kept_by

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One node in a year.

    ``own`` is what was planned for the node itself, ``below`` the sum of the plans under it, ``None`` without any.
    ``admitted`` counts the approvals of the year, ``coming`` the cases that are in the stage of admission today.
    """

    node: Organization
    own: int | None
    below: int | None
    admitted: int
    coming: int

    @property
    def planned(self) -> int | None:
        """Return what counts: the node's own plan, or else the sum of those below."""
        return self.below if self.own is None else self.own

    @property
    def left(self) -> int | None:
        """Return how many of the plan are still open; negative when more were admitted."""
        return None if self.planned is None else self.planned - self.admitted

    @property
    def is_told(self) -> bool:
        """Say whether there is any figure to show."""
        return bool(self.planned or self.admitted or self.coming)

    @property
    def is_short(self) -> bool:
        """Say whether the plan would be passed if all that are under way were admitted."""
        return self.left is not None and self.coming > self.left

    @property
    def is_shared_out(self) -> bool:
        """Say whether the plans below add up to more than the node's own."""
        return self.own is not None and self.below is not None and self.below > self.own


def plan_of(user: AnyUser, node: Organization, year: int, *, coming: int) -> PlanRow:
    """Return the plan of one node where it is known how many are in the stage of admission; two queries."""
    plans = _plans(user, node, year)
    admitted = _admitted(user, node, year).count()
    return PlanRow(node, plans.get(node.path), _sum_below(plans, node.path), admitted, coming)


def plans_of(user: AnyUser, nodes: Iterable[Organization], year: int) -> list[PlanRow]:
    """Return the plan of each of ``nodes`` (one and those directly below it); three queries."""
    nodes = list(nodes)
    top = min(nodes, key=lambda node: len(node.path))
    length = len(top.path) + Organization.steplen
    plans = _plans(user, top, year)
    admitted = dict(_by_part(_admitted(user, top, year), "case__organization__path", length))
    underway = kept_by(user).open().filter(organization__path__startswith=top.path, stage=Stage.ADMISSION.value)
    coming = dict(_by_part(underway, "organization__path", length))
    return [
        PlanRow(
            node=node,
            own=plans.get(node.path),
            below=_sum_below(plans, node.path),
            admitted=sum(count for path, count in admitted.items() if path.startswith(node.path)),
            coming=sum(count for path, count in coming.items() if path.startswith(node.path)),
        )
        for node in nodes
    ]


def _plans(user: AnyUser, top: Organization, year: int) -> dict[str, int]:
    there = scope(user, "view", Quota).filter(organization__path__startswith=top.path, year=year)
    return dict(there.order_by("organization__path").values_list("organization__path", "planned"))


def _sum_below(plans: dict[str, int], path: str) -> int | None:
    """Add up the highest plans under ``path``: what a committee shares out is not counted again below it."""
    found, counted = [], ""
    for other, planned in plans.items():
        if other == path or not other.startswith(path) or (counted and other.startswith(counted)):
            continue
        found.append(planned)
        counted = other
    return sum(found) if found else None


def _admitted(user: AnyUser, top: Organization, year: int) -> QuerySet[StepRecord]:
    """Return the approvals of admission of a year; the engine let none through without its congress."""
    held = policy_of(StepRecord).by_duty(user, "view")
    records = StepRecord.objects.valid().filter(held) if held is not None else StepRecord.objects.none()
    return records.filter(
        step="approve",
        kind=ApprovalFact.kind,
        on__range=(date(year, 1, 1), date(year, 12, 31)),
        details__outcome=Outcome.PASSED.value,
        case__organization__path__startswith=top.path,
    )


def _by_part(rows: QuerySet, path: str, length: int) -> QuerySet:
    return rows.order_by().annotate(part=Left(path, length)).values_list("part").annotate(found=Count("pk"))


def quota_of(user: AnyUser, node: Organization, year: int) -> Quota | None:
    """Return the plan of a node for a year, or ``None``."""
    return scope(user, "view", Quota).filter(organization=node, year=year).first()
