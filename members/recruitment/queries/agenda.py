"""The calendar of coming steps: what falls into a month, day by day."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.policy import policy_of
from portal.access.rights import AnyUser
from portal.organizations.models import Organization

from ..engine.details import PublicityFact
from ..engine.steps import STEPS
from ..models import Case, CaseState, StepRecord
from ..records import from_json
from .boards import kept_by

LIMIT = 200
# Longer than any notice hangs: one that ends in a month began no earlier than this many days before it.
HANGS_DAYS = 62


class EntryKind(StrEnum):
    DUE = "due"
    NOTICE_BEGINS = "notice_begins"
    NOTICE_ENDS = "notice_ends"
    READY = "ready"
    PROBATION_ENDS = "probation_ends"


ENTRY_LABELS: dict[EntryKind, Promise] = {
    EntryKind.DUE: _("due"),
    EntryKind.NOTICE_BEGINS: _("notice put up"),
    EntryKind.NOTICE_ENDS: _("last day of the notice"),
    EntryKind.READY: _("cultivated long enough"),
    EntryKind.PROBATION_ENDS: _("probation ends"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that falls on a day in one case."""

    kind: EntryKind
    case: Case
    step: str = ""

    @property
    def label(self) -> Promise:
        return ENTRY_LABELS[self.kind]

    @property
    def step_label(self) -> Promise | str:
        return STEPS[self.step].label if self.step in STEPS else ""


@dataclass(slots=True)
class Day:
    """A day of the agenda; ``due`` counts all cases due on it, however many of them are listed."""

    on: date
    due: int = 0
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Agenda:
    days: list[Day]
    is_cut: bool


def month_end(first: date) -> date:
    """Return the last day of the month that begins on ``first``."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def agenda_of(user: AnyUser, node: Organization, first: date) -> Agenda:
    """Return what falls into the month that begins on ``first``, on ``node`` and below; five queries.

    Of each kind of day at most ``LIMIT`` cases are listed; ``is_cut`` says that there were more.
    """
    span = (first, month_end(first))
    here = kept_by(user).open().filter(organization__path__startswith=node.path)
    counts = dict(
        here.filter(next_due__range=span).order_by().values_list("next_due").annotate(found=Count("pk"))
    )
    days = {day: Day(day, due=count) for day, count in counts.items()}
    is_cut = False
    for kind, column in (
        (EntryKind.DUE, "next_due"),
        (EntryKind.READY, "ready_on"),
        (EntryKind.PROBATION_ENDS, "probation_ends_on"),
    ):
        there = here.filter(**{f"{column}__range": span}).with_people()
        found = list(there.order_by(column, "organization__path", "pk")[: LIMIT + 1])
        is_cut |= len(found) > LIMIT
        for case in found[:LIMIT]:
            on = getattr(case, column)
            step = case.current_step if kind is EntryKind.DUE else ""
            days.setdefault(on, Day(on)).entries.append(Entry(kind, case, step))
    notices = list(_notices(user, node, span)[: LIMIT + 1])
    is_cut |= len(notices) > LIMIT
    for on, entry in _notice_entries(notices[:LIMIT], span):
        days.setdefault(on, Day(on)).entries.append(entry)
    return Agenda([days[on] for on in sorted(days)], is_cut)


def _notices(user: AnyUser, node: Organization, span: tuple[date, date]) -> QuerySet[StepRecord]:
    held = policy_of(StepRecord).by_duty(user, "view")
    if held is None:
        return StepRecord.objects.none()
    return (
        StepRecord.objects.valid()
        .filter(held)
        .filter(
            kind=PublicityFact.kind,
            on__range=(span[0] - timedelta(HANGS_DAYS), span[1]),
            case__state=CaseState.OPEN,
            case__organization__path__startswith=node.path,
        )
        .exclude(case__person__user_id=user.pk)
        .select_related("case__person__user", "case__organization")
        .order_by("on", "pk")
    )


def _notice_entries(notices: list[StepRecord], span: tuple[date, date]) -> Iterator[tuple[date, Entry]]:
    for record in notices:
        details = from_json(record.kind, record.details)
        assert isinstance(details, PublicityFact)
        for kind, on in (
            (EntryKind.NOTICE_BEGINS, details.starts_on),
            (EntryKind.NOTICE_ENDS, details.ends_on),
        ):
            if span[0] <= on <= span[1]:
                yield on, Entry(kind, record.case, record.step)
