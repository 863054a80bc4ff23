"""What the pages of imports read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.access.policy import scope
from portal.access.prepared import ask_as
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem
from portal.organizations.models import Organization

from .models import ImportRow, ImportRun, RowState, State
from .registry import ImportKind, Outcome, Severity, Words

FILTERS = (*Outcome.values, "suspicious", "left", "kept")


@dataclass(frozen=True, slots=True)
class Difference:
    label: Any
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A staged row as the preview shows it."""

    number: int
    key: str
    label: str
    place: str
    outcome: str
    outcome_label: Any
    tone: str
    findings: list[Words]
    differences: list[Difference]


_TONES = {Outcome.NEW: "success", Outcome.CHANGED: "info", Outcome.SAME: "neutral", Outcome.ERROR: "danger"}


def rows_of(run: ImportRun, chosen: str = "", words: str = "") -> QuerySet[ImportRow]:
    """Return the rows of ``run``, narrowed to an outcome, to those to be checked, or to those left out or kept."""
    rows = ImportRow.objects.filter(run=run).order_by("number")
    if chosen in Outcome.values:
        rows = rows.filter(outcome=chosen)
    elif chosen == "suspicious":
        rows = rows.filter(suspicious=True)
    elif chosen in ("left", "kept"):
        rows = rows.filter(state=RowState.LEFT if chosen == "left" else RowState.KEPT)
    if words := words.replace("\0", "").strip()[:40]:
        rows = rows.filter(Q(key__icontains=words) | Q(label__icontains=words))
    return rows


def shown_rows(run: ImportRun, rows: Sequence[ImportRow]) -> list[ShownRow]:
    """Return rows ready for the page: sensitive values masked, codes in words; one query for the names of places."""
    spec = run.spec
    names = unit_names(run, rows)
    order = {column.code: place for place, column in enumerate(spec.columns)}
    return [
        ShownRow(
            number=row.number,
            key=row.key,
            label=row.label,
            place=row.data.get("unit_name", ""),
            outcome=row.outcome,
            outcome_label=Outcome(row.outcome).label,
            tone="warning" if row.suspicious else _TONES[Outcome(row.outcome)],
            findings=words_of(spec, row),
            differences=[
                Difference(spec.label_of(code), spec.show(code, before, names), spec.show(code, after, names))
                for code, (before, after) in sorted(row.diff.items(), key=lambda pair: order.get(pair[0], 99))
            ],
        )
        for row in rows
    ]


def words_of(spec: ImportKind, row: ImportRow) -> list[Words]:
    """Return the findings of a row, the gravest first, and why it was left out or kept."""
    found = spec.words([*row.findings, *([row.note] if row.note else [])])
    return sorted(found, key=lambda words: list(Severity).index(words.severity))


def unit_names(run: ImportRun, rows: Sequence[ImportRow]) -> dict[int, str]:
    ids = {value for row in rows for value in row.diff.get("unit", ()) if isinstance(value, int)}
    here = Organization.objects.below(run.organization)
    return dict(here.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def counts_of(run: ImportRun) -> Mapping[str, int]:
    """Return how many rows each filter shows, from the run itself."""
    return {
        "new": run.new_count, "changed": run.changed_count, "same": run.same_count, "error": run.error_count,
        "suspicious": run.suspicious_count, "left": run.left_count, "kept": run.kept_count,
    }  # fmt: skip


def _waiting(user: AnyUser) -> QuerySet[ImportRun]:
    waiting = scope(user, "view", ImportRun).filter(state__in=(State.READY, State.UNCLEAR))
    return waiting.only("pk", "filename", "state", "created_at").order_by("-pk")[:21]


def waiting_for(user: User, today: date) -> WorkGroup:
    """Return the imports that wait for ``user``: to be confirmed, or their columns to be named."""
    runs = ask_as(user, _waiting)
    items = [
        WorkItem(
            title=run.filename,
            url=reverse("imports:run", args=[run.pk]),
            due_on=(run.created_at + timedelta(days=7)).date(),
            note=_("Name the columns") if run.state == State.UNCLEAR else _("Check the preview and confirm"),
        )
        for run in runs[:5]
    ]
    return WorkGroup(items=items, count=len(runs), more_url=reverse("imports:list"))
