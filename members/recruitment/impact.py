"""What an edit of the university's rules would change in open cases: asked before the edit is saved."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.rulesets.impacts import Change, ImpactRow, ImpactSource, impacts
from portal.rulesets.queries import Rulebook, rulebook
from portal.rulesets.queries import calendar as kept_calendar
from portal.rulesets.values import Edition

from .engine.evaluate import evaluate
from .engine.steps import STEPS
from .engine.verdicts import Position
from .models import Case
from .queries.facts import facts_of

CHUNK = 500
_CULTIVATED = ("nominate", "file_activist", "assign_contacts", "cultivate", "propose_target")
_TARGET = ("consent_publicity", "sponsors", "political_review", "training")
_ADMITTED = ("committee_review", "pre_review", "fill_form", "congress")
_PROBATION = ("file_above", "assign_branch", "oath", "probation", "convert_apply", "convert_congress")
# Value: the current steps of the cases it can touch. Cases beyond have it behind them, the others not yet before them;
# a value that is not named here is asked of every open case.
TOUCHED: dict[str, tuple[str, ...]] = {
    "person.min_age": ("apply", "talk"),
    "talk.after_application": ("talk",),
    "nomination.after_application": ("talk", "nominate"),
    "nomination.league_until": ("nominate",),
    "cultivation.min": _CULTIVATED,
    "inspection.interval": (*_CULTIVATED, *_TARGET, *_ADMITTED, "superior_talk", "approve"),
    "publicity.target": ("propose_target", "consent_publicity"),
    "training.hours": ("training",),
    "training.days": ("training",),
    "congress.after_pre_review": ("fill_form", "congress"),
    "publicity.admission": _ADMITTED,
    "submission.after_congress": ("superior_talk",),
    "approval.within": ("superior_talk", "approve"),
    "approval.hard": (*_ADMITTED, "superior_talk", "approve"),
    "oath.within": _PROBATION,
    "probation.inspection_interval": _PROBATION,
    "thought_report.interval_probation": _PROBATION,
    "publicity.conversion": _PROBATION,
    "conversion.apply_from": _PROBATION,
    "conversion.apply_until": _PROBATION,
    "conversion.apply_late": _PROBATION,
    "conversion.approval_within": (*_PROBATION, "convert_approve"),
}


def rows(edition: Edition, changes: Mapping[str, Change]) -> Iterator[ImpactRow]:
    """Yield one row for each open case of ``edition`` that ``changes`` would touch, those with new gaps first.

    Each case is evaluated under the rules as they are and as they would be; the statements do not depend on the number
    of cases in a chunk.
    """
    if edition.regulation != "recruitment":
        return
    today = timezone.localdate()
    before, calendar = rulebook(), kept_calendar()
    after = _changed(before, edition.code, changes)
    waiting = Case.objects.open().filter(_touched(changes), edition=edition.code)
    keys = list(waiting.order_by("organization__path", "pk").values_list("pk", flat=True))
    found: list[tuple[bool, ImpactRow]] = []
    for start in range(0, len(keys), CHUNK):
        cases = list(Case.objects.filter(pk__in=keys[start : start + CHUNK]).with_people().order_by("pk"))
        facts = facts_of(cases)
        for case in cases:
            was, would_be = (
                evaluate(
                    facts[case.pk], book.rules(case.edition, case.organization_id), calendar, today, with_findings=False
                )
                for book in (before, after)
            )
            if words := differences(was, would_be, today):
                title = _("%(name)s (%(branch)s): %(changes)s") % {
                    "name": case.person.name,
                    "branch": case.organization,
                    "changes": "; ".join(words),
                }
                row = ImpactRow(title, reverse("members:recruitment:case-detail", args=[case.pk]))
                found.append((_late(would_be) > _late(was), row))
    found.sort(key=lambda item: not item[0])
    yield from (row for _worse, row in found)


def _touched(changes: Mapping[str, Change]) -> Q:
    steps: set[str] = set()
    for code in changes:
        if code not in TOUCHED:
            return Q()
        steps.update(TOUCHED[code])
    return Q(current_step__in=sorted(steps))


def _changed(book: Rulebook, edition: str, changes: Mapping[str, Change]) -> Rulebook:
    """Return the rules as they would be; what would loosen the law is left out there as it is everywhere."""
    amounts = {**book.university.get(edition, {}), **{code: change.after for code, change in changes.items()}}
    return replace(book, university={**book.university, edition: amounts}, _merged={})


def differences(was: Position, would_be: Position, on: date) -> list[str]:
    """Say in words what is another in two readings of one case: the step, its days, what is missing, what is late."""
    found = []
    if was.step != would_be.step:
        found.append(_pair(_("current step"), _step(was), _step(would_be)))
    elif was.earliest != would_be.earliest and max(filter(None, (was.earliest, would_be.earliest)), default=on) > on:
        found.append(_pair(_("earliest day"), _day(was.earliest), _day(would_be.earliest)))
    if _due(was) != _due(would_be):
        found.append(_pair(_("next due"), _day(_due(was)), _day(_due(would_be))))
    if was.overdue_since != would_be.overdue_since:
        found.append(_pair(_("overdue since"), _day(was.overdue_since), _day(would_be.overdue_since)))
    if _missing(was) != _missing(would_be):
        found.append(_pair(_("missing"), str(_missing(was)), str(_missing(would_be))))
    return found


def _pair(label: str, before: str, after: str) -> str:
    return _("%(label)s: %(before)s, then %(after)s") % {"label": label, "before": before, "after": after}


def _step(position: Position) -> str:
    return str(STEPS[position.step].label) if position.step else "–"


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else "–"


def _due(position: Position) -> date | None:
    binding = [gap.due for gap in position.gaps if not gap.is_advice]
    days = [position.due, *binding, *(permitted.due for permitted in position.may)]
    return min((day for day in days if day), default=None)


def _missing(position: Position) -> int:
    return sum(not gap.is_advice for gap in position.gaps)


def _late(position: Position) -> int:
    return sum(bool(gap.overdue_since) for gap in position.gaps if not gap.is_advice)


def register() -> None:
    impacts.register(ImpactSource(code="recruitment", label=gettext_lazy("Open recruitment cases"), rows=rows))
