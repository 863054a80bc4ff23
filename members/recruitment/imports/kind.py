"""Running cases as a kind of import: taken over from the lists and files that branches kept so far."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Member
from portal.access.rights import AnyUser, rights_of
from portal.imports.models import ImportRow, ImportRun, RowState
from portal.imports.registry import ImportKind, kinds
from portal.organizations.duties import Duty
from portal.organizations.models import Standing
from portal.rulesets.words import article_words

from ..engine.steps import STEPS
from ..engine.vocabulary import KIND_LABELS, PAPER_LABELS
from ..models import Batch
from ..services.takeover import begin_takeover, take_back, take_over
from ..services.weighing import History, in_words
from .building import from_plain
from .checking import CaseChecker
from .columns import COLUMNS
from .rules import FINDINGS


class CasesKind(ImportKind):
    """One person in each row, with the days of the way so far."""

    code = "recruitment-cases"
    label = _("Running recruitment cases")
    duty = Duty.IMPORT_ROSTERS
    order = 20
    columns = COLUMNS
    findings = FINDINGS
    instructions = (
        _(
            "One person in each row, with the days as they stand in the file. "
            "The roster comes first: a list of cases changes nobody's standing."
        ),
        _(
            "Only number, name and the day of the application must be given. "
            "What is not given shows as missing in the case."
        ),
        _(
            "Each file is examined under the rules of the day of its application; "
            "what contradicts them is named with its article."
        ),
        _(
            "Decisions of the committee are taken over by the committee; "
            "a branch takes over whom it has up to the activists."
        ),
        _("People are written by number, or by name within the same college."),
        _(
            "For seven days an import can be taken back: cases with which nobody has gone on are closed "
            "and count for nothing."
        ),
    )

    def offered_to(self, user: AnyUser) -> bool:
        rights = rights_of(user)
        return rights.holds(self.duty) and (rights.holds(Duty.RECRUIT) or rights.holds(Duty.APPROVE_MEMBERS))

    def report_url(self, run: ImportRun) -> str:
        batch = _batch_of(run)
        return reverse("members:recruitment:takeover-detail", args=[batch]) if batch else ""

    def checker(self, run: ImportRun) -> CaseChecker:
        return CaseChecker(run)

    def prepare(self, run: ImportRun) -> None:
        batch = begin_takeover(run.organization, by=run.by, on=timezone.localdate())
        run.created.append({"batch": batch.pk})

    def apply(self, run: ImportRun, rows: Sequence[ImportRow]) -> None:
        found = {row.data["person"]: row for row in rows}
        here = Member.objects.filter(pk__in=list(found), organization__path__startswith=run.organization.path)
        still = set(here.values_list("pk", flat=True))
        done = take_over(
            (_history_of(row) for row in rows if row.data["person"] in still),
            batch=Batch.objects.get(pk=_batch_of(run)),
            by=run.by,
        )
        for key, row in found.items():
            taken = done.cases.get(key)
            if taken is None:
                row.state, row.note = RowState.LEFT, ["changed_since", "", {}]
            else:
                row.state, row.object_id = RowState.APPLIED, taken.case.pk
                row.written = {"dates": taken.dates, "contacts": taken.contacts, "shifted": taken.shifted}

    def undo(self, run: ImportRun, rows: Sequence[ImportRow]) -> None:
        written = {row.object_id: row.written for row in rows if row.object_id}
        gone = take_back(written, batch=Batch.objects.get(pk=_batch_of(run)), by=run.by)
        for row in rows:
            is_gone = row.object_id in gone
            row.state = RowState.UNDONE if is_gone else RowState.KEPT
            row.note = [] if is_gone else ["kept_in_use", "", {}]

    def params_in_words(self, params: Mapping[str, Any]) -> Mapping[str, Any]:
        words = in_words(params)
        if "rule_step" in words:
            words["step"] = words.get("step", STEPS[words["rule_step"]].label)
            words["article"] = article_words(words["rule_article"])
        if "part_kind" in words:
            words["part"] = KIND_LABELS[words["part_kind"]]
        if "other_column" in words:
            words["other"] = self.label_of(words["other_column"])
        if "paper_kind" in words:
            words["paper"] = PAPER_LABELS[words["paper_kind"]]
        if "field_name" in words:
            words["field"] = Member._meta.get_field(words["field_name"]).verbose_name
        if "standing_code" in words:
            words["standing"] = Standing(words["standing_code"]).label
            words["at"] = STEPS[words["step_code"]].label
        if "holes" in words:
            words["steps"] = _listed((STEPS[step].label, KIND_LABELS[kind]) for step, kind in words["holes"])
        if "lacking" in words:
            words["papers"] = _listed((PAPER_LABELS[kind], STEPS[step].label) for step, kind in words["lacking"])
        return words


def _listed(pairs: Iterable[tuple[Any, Any]]) -> str:
    """Return things with the place each belongs to, where the name does not say it already."""
    named = ((str(name), str(place)) for name, place in pairs)
    return "; ".join(name if name.lower() == place.lower() else f"{name} ({place})" for name, place in named)


def _history_of(row: ImportRow) -> History:
    leaves_on = row.data["leaves_on"]
    day = date.fromisoformat(leaves_on) if leaves_on else None
    return History(row.data["person"], from_plain(row.data["records"]), day)


def _batch_of(run: ImportRun) -> int | None:
    return next((made["batch"] for made in run.created if "batch" in made), None)


def register() -> None:
    kinds.register(CasesKind())
