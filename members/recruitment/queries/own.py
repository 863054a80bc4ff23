"""What candidates are told of their own case: what was decided, and the papers that are theirs. Nothing else."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from portal.access.policy import scope
from portal.accounts.models import User
from portal.organizations.models import Standing

from ..models import Case, CaseState, ClosedReason, Paper

_ORDER = (
    Standing.APPLICANT,
    Standing.ACTIVIST,
    Standing.DEVELOPMENT_TARGET,
    Standing.PROBATIONARY,
    Standing.FULL_MEMBER,
)


@dataclass(frozen=True, slots=True)
class OwnWay:
    """A candidate's own way: the standing that was decided and the ones reached before it, the latest last.

    The step a case is at, its gaps and days tell what a branch is deliberating; none of them is here.
    """

    branch: str
    applied_on: date
    is_open: bool
    standing: Standing
    reached: tuple[Standing, ...]


def own_way(user: User) -> OwnWay | None:
    """Return the latest case of ``user`` as the candidate may see it; one query."""
    case = (
        Case.objects.filter(person__user=user)
        .exclude(closed_reason=ClosedReason.UNDONE)
        .select_related("organization")
        .only("organization__name", "organization__short_name", "opened_on", "state", "standing")
        .order_by("-opened_on", "-pk")
        .first()
    )
    if case is None:
        return None
    standing = Standing(case.standing)
    reached = _ORDER[: _ORDER.index(standing) + 1] if standing in _ORDER else ()
    return OwnWay(str(case.organization), case.opened_on, case.state == CaseState.OPEN, standing, reached)


def own_papers(user: User) -> QuerySet[Paper]:
    """Return the papers of the file that the candidate wrote or was handed, the latest first."""
    mine = scope(user, "view", Paper).filter(record__case__person__user=user, record__is_annulment=False)
    return mine.filter(record__correction=None).select_related("file").order_by("-record__on", "-pk")


def own_case_of(user: User) -> Case | None:
    """Return the latest case of ``user``, from which the own papers are printed."""
    mine = Case.objects.with_people().filter(person__user=user).exclude(closed_reason=ClosedReason.UNDONE)
    return mine.order_by("-opened_on", "-pk").first()
