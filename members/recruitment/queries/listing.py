"""The table of cases: filters and orders of the address, as querysets."""

from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import Case, CaseState
from .boards import PROBATION_DAYS, READY_DAYS

DUE_DAYS = 30
# Where a day is wanting, the case comes last; the cursor of a page holds no NULL.
NEVER = date(9999, 12, 31)

WAITS: dict[str, Promise] = {
    "branch": _("the branch"),
    "superior": _("the committee that approves"),
    "applicant": _("the candidate"),
    "school": _("the party school"),
    "nobody": _("nobody: only time is wanting"),
}
SOON: dict[str, Promise] = {
    "due": _("due within 30 days"),
    "eligible": _("cultivated long enough, not yet proposed"),
    "ready": _("cultivated long enough within half a year"),
    "ending": _("probation ends within 90 days"),
}
SORTS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "due": (_("what is due first"), ("due_or_never", "pk")),
    "overdue": (_("what is late longest"), ("late_or_never", "pk")),
    "missing": (_("what lacks most"), ("-gap_count", "pk")),
    "branch": (_("branch"), ("organization__path", "pk")),
    "name": (_("name"), ("person__user__name", "pk")),
    "opened": (_("latest application"), ("-opened_on", "-pk")),
}
USUAL = "due"


def ordered(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Mark each case with what the orders need."""
    never = Value(NEVER, DateField())
    return cases.annotate(
        due_or_never=Coalesce("next_due", never, output_field=DateField()),
        late_or_never=Coalesce("overdue_since", never, output_field=DateField()),
    )


def filtered(
    cases: QuerySet[Case],
    *,
    on: date,
    words: str = "",
    stage: str = "",
    step: str = "",
    waits: str = "",
    soon: str = "",
    overdue: bool = False,
    missing: bool = False,
    edition: str = "",
    state: str = "",
    due_on: date | None = None,
    sort: str = "",
) -> QuerySet[Case]:
    """Narrow cases by what the address says; without a ``state`` to those under way. ``sort`` is not looked at."""
    if state != "all":
        cases = cases.filter(state=state or CaseState.OPEN)
    if words:
        cases = cases.filter(Q(person__user__name__icontains=words) | Q(person__user__number__istartswith=words))
    exact: dict[str, Any] = {"stage": stage, "current_step": step, "edition": edition, "next_due": due_on}
    cases = cases.filter(**{name: value for name, value in exact.items() if value})
    if overdue:
        cases = cases.filter(overdue_since__lte=on)
    if missing:
        cases = cases.filter(gap_count__gt=0)
    if waits:
        cases = cases.filter(_waiting(waits))
    if soon:
        cases = cases.filter(_soon(soon, on))
    return cases


def _waiting(whom: str) -> Q:
    if whom != "nobody":
        return Q(**{f"waits_for_{whom}": True})
    return Q(state=CaseState.OPEN, **{f"waits_for_{name}": False for name in WAITS if name != "nobody"})


def _soon(what: str, on: date) -> Q:
    return {
        "due": Q(next_due__lte=on + timedelta(DUE_DAYS)),
        "eligible": Q(ready_on__lte=on),
        "ready": Q(ready_on__gt=on, ready_on__lte=on + timedelta(READY_DAYS)),
        "ending": Q(probation_ends_on__gte=on, probation_ends_on__lte=on + timedelta(PROBATION_DAYS)),
    }[what]


def waiting_for(case: Case) -> list[str]:
    """Say in words whom a case waits for."""
    return [str(WAITS[name]) for name in WAITS if getattr(case, f"waits_for_{name}", False)]
