"""What recruitment puts on a person's workbench: what is late in the own branches, what waits for the committee."""

from datetime import date

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.access.prepared import ask_as, count_as
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources
from portal.organizations.duties import Duty

from .engine.people import Role
from .engine.steps import STEPS
from .models import Case

SHOWN = 5
COUNTED = 100


def overdue_cases(user: User, on: date) -> WorkGroup:
    """Name the cases of the own branches in which something binding is late, the longest first."""
    rows = ask_as(user, _overdue, SHOWN + 1)
    return WorkGroup(
        [_item(case, _late_words(case), due_on=case.overdue_since) for case in rows[:SHOWN]],
        len(rows) if len(rows) <= SHOWN else count_as(user, _overdue, COUNTED),
        f"{reverse('members:recruitment:case-list')}?overdue=on&sort=overdue",
    )


def _overdue(user: AnyUser, limit: int) -> QuerySet[Case]:
    late = scope(user, "record", Case).open().filter(overdue_since__isnull=False)
    return late.with_people().order_by("overdue_since", "pk")[:limit]


def cases_to_decide(user: User, on: date) -> WorkGroup:
    """Name the cases in which the reader's committee may record what comes next, the earliest due first."""
    rows = ask_as(user, _deciding, SHOWN + 1)
    return WorkGroup(
        [_item(case, _turn_words(case), due_on=case.next_due) for case in rows[:SHOWN]],
        len(rows) if len(rows) <= SHOWN else count_as(user, _deciding, COUNTED),
        f"{reverse('members:recruitment:case-list')}?waits=superior",
    )


def _deciding(user: AnyUser, limit: int) -> QuerySet[Case]:
    waiting = scope(user, "decide", Case).open().filter(waits_for_superior=True)
    return waiting.with_people().order_by(F("next_due").asc(nulls_last=True), "pk")[:limit]


def _step_words(case: Case) -> str:
    return _("%(name)s: %(step)s") % {"name": case.person.name, "step": STEPS[case.current_step].label}


def _late_words(case: Case) -> str:
    return _step_words(case) if case.current_step in STEPS else case.person.name


def _turn_words(case: Case) -> str:
    """Name the step where it is the committee's; a case may wait for it while the branch owes an earlier one."""
    step = STEPS.get(case.current_step)
    if step and step.actor is Role.SUPERIOR:
        return _step_words(case)
    return _("%(name)s waits for the committee") % {"name": case.person.name}


def _item(case: Case, title: str, *, due_on: date | None) -> WorkItem:
    return WorkItem(
        title=title,
        url=reverse("members:recruitment:case-detail", args=[case.pk]),
        due_on=due_on,
        note=str(case.organization),
    )


def register() -> None:
    for source in (
        WorkSource(
            "recruitment-to-decide", gettext_lazy("Recruitment that waits for the committee"), cases_to_decide, 20,
            lambda rights: rights.holds(Duty.APPROVE_MEMBERS), waits=lambda user, on, now: _deciding(user, 1),
        ),
        WorkSource(
            "recruitment-overdue", gettext_lazy("Recruitment that is overdue"), overdue_cases, 21,
            lambda rights: rights.holds(Duty.RECRUIT), waits=lambda user, on, now: _overdue(user, 1),
        ),
    ):  # fmt: skip
        work_sources.register(source)
