"""Who records what for many at once, where, and about whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from portal.access.policy import duty_scope, scope
from portal.access.rights import rights_of
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Organization

from ..engine.details import KINDS
from ..engine.people import Role
from ..engine.steps import STEPS, Stage
from ..models import Case
from .acting import roles_in
from .leave import Leave, leaves_of

PEOPLE_MAX = 100
_DUTIES = {
    Role.BRANCH: (Duty.RECRUIT,),
    Role.SUPERIOR: (Duty.APPROVE_MEMBERS,),
    Role.TRAINER: (Duty.KEEP_COURSES, Duty.APPROVE_MEMBERS),
}
# Steps of which records are made while the person is at a later stage.
_STAGES = {"cultivate": (Stage.ACTIVIST, Stage.TARGET, Stage.ADMISSION)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One person whom a batch could take in, and whether it may."""

    case: Case
    leave: Leave


def records_kind(user: User, kind: str) -> bool:
    """Say whether ``user`` holds, anywhere, a duty by which ``kind`` is recorded."""
    rights = rights_of(user)
    return any(rights.holds(duty) for role in KINDS[kind].recorders for duty in _DUTIES.get(role, ()))


def places_of(user: User, kind: str) -> QuerySet[Organization]:
    """Return the branches that ``user`` keeps, or the committees for which the person decides, as ``kind`` asks."""
    recorders, found = KINDS[kind].recorders, Q(pk=None)
    if Role.BRANCH in recorders:
        kept = duty_scope(user, Duty.RECRUIT).filter(recruitment_cases__state="open")
        found |= Q(pk__in=kept.values("pk"))
    for duty in (duty for role in (Role.SUPERIOR, Role.TRAINER) if role in recorders for duty in _DUTIES[role]):
        found |= Q(pk__in=duty_scope(user, duty).filter(can_approve_members=True).values("pk"))
    return Organization.objects.filter(found, closed_on=None).order_by("path")


def waiting_for(user: User, step: str, kind: str, node: Organization, on: date) -> tuple[list[Waiting], int]:
    """Return the people below ``node`` at or before the stage of ``step``, those at it first, and how many there are.

    Only those for whom ``user`` has a capacity that records ``kind``, never the own case; a constant number of
    statements, at most ``PEOPLE_MAX`` people.
    """
    action = "train" if Role.TRAINER in KINDS[kind].recorders else "view"
    stages = [stage.value for stage in _STAGES.get(step, _stages_before(step))]
    found = scope(user, action, Case).open().filter(organization__path__startswith=node.path, stage__in=stages)
    here = Q(current_step=step)
    total = found.count()
    rows = [*_some(found.filter(here), PEOPLE_MAX)]
    rows += _some(found.exclude(here), PEOPLE_MAX - len(rows))
    roles = roles_in(rows, user)
    rows = [case for case in rows if roles[case.pk] & KINDS[kind].recorders]
    leaves = leaves_of(rows, step, kind, on)
    return [Waiting(case, leaves[case.pk]) for case in rows], total


def _stages_before(step: str) -> set[Stage]:
    """Return the stage of ``step`` and those of the steps it follows: who is not there yet is shown with the reason."""
    return {STEPS[step].stage, *(STEPS[code].stage for code in STEPS[step].requires)}


def _some(cases: QuerySet[Case], most: int) -> Iterable[Case]:
    return cases.select_related("person__user", "organization").order_by("organization__path", "person__user__number")[
        :most
    ]


def at_steps(user: User) -> dict[str, int]:
    """Return how many open cases that ``user`` may see are at each step; one query."""
    rows = scope(user, "view", Case).open().order_by().values_list("current_step").annotate(count=Count("pk"))
    return dict(rows)
