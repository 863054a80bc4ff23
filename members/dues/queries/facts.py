"""Everything the dues of some people follow from, read in a constant number of statements whatever their number."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Max, Q

from members.models import Member
from portal.imports import bulk  # noqa: F401 - brings the lookup "among"
from portal.organizations.models import Affiliation
from portal.rulesets.queries import rules_for

from ..editions import DuesRules, edition_of, rules_of
from ..models import DuesLedger, DuesPayment, DuesStandard, Reduction, ReductionState
from ..months import last_day, month_of
from ..rules import PaidFact, PersonFacts, ReductionFact, StandardFact, Stay
from .owing import collecting_path


def rules_on(day: date) -> DuesRules:
    """Return the edition in force on ``day`` with the settings of the university: one statement."""
    edition = edition_of(day)
    return rules_of(edition, rules_for(edition.code))


def facts_of(
    people: Iterable[int],
    first: date,
    last: date,
    *,
    rules: DuesRules | None = None,
    paid_from: date | None = None,
) -> dict[int, PersonFacts]:
    """Return the facts by the key of the person for the months from ``first`` to ``last``.

    ``people`` are keys of archives: whoever has them by a long condition asks it once. ``paid_from`` leaves earlier
    payments out. Nodes are those of the collecting branches.
    """
    keys = list(people)
    rules = rules or rules_on(last)
    found = {
        pk: PersonFacts(kind, standing, joined, stays=[], standards=[], reductions=[], paid={}, ledgers={}, rules=rules)
        for pk, kind, standing, joined in Member.objects.filter(id__among=keys).values_list(
            "pk", "person_kind", "standing", "joined_on"
        )
    }
    ledgers = {path: (pk, since) for path, pk, since in _ledgers()}
    _add_stays(found, keys, first, last, ledgers)
    standards = DuesStandard.objects.filter(person_id__among=keys, voided_at=None, valid_from__lte=last)
    for pk, begun, until, amount in standards.filter(Q(until=None) | Q(until__gte=first)).values_list(
        "person_id", "valid_from", "until", "amount"
    ):
        _list(found, pk, "standards").append(StandardFact(begun, until and month_of(until), amount))
    reductions = Reduction.objects.filter(person_id__among=keys, state=ReductionState.APPROVED)
    for pk, begun, ended, amount in reductions.filter(first__lte=last, last__gte=first).values_list(
        "person_id", "first", "last", "amount"
    ):
        _list(found, pk, "reductions").append(ReductionFact(begun, ended, amount))
    paid = DuesPayment.objects.standing().filter(
        person_id__among=keys, month__gte=paid_from or first, month__lte=last
    )
    for person, *fact in paid.order_by().values_list(
        "person_id", "month", "amount", "receipt_no", "paid_on", "channel", "pk"
    ):
        if person in found:
            found[person].paid[fact[0]] = PaidFact(*fact)
    return found


def last_paid_of(people: Iterable[int], first: date, last: date) -> dict[int, date]:
    """Return the latest month that each person has paid of those from ``first`` to ``last``."""
    paid = DuesPayment.objects.standing().filter(person_id__among=list(people), month__gte=first, month__lte=last)
    return dict(paid.order_by().values("person_id").annotate(latest=Max("month")).values_list("person_id", "latest"))


def _add_stays(
    found: dict[int, PersonFacts], keys: list[int], first: date, last: date, ledgers: dict[str, tuple[int, date]]
) -> None:
    stays = (
        Affiliation.objects.filter(user__member__id__among=keys, since__lte=last_day(last))
        .filter(Q(until=None) | Q(until__gte=first))
        .annotate(collecting=collecting_path())
        .order_by("since")
    )
    for pk, path, standing, since, until in stays.values_list(
        "user__member__pk", "collecting", "standing", "since", "until"
    ):
        if pk not in found or path not in ledgers:
            continue
        node, opened = ledgers[path]
        found[pk].ledgers[node] = opened
        _list(found, pk, "stays").append(Stay(node, standing, since, until))


def _list(found: dict[int, PersonFacts], pk: int, name: str) -> list[Any]:
    """Return the list of one person's facts; somebody who appeared between two statements is left out."""
    rows: list[Any] = getattr(found[pk], name) if pk in found else []
    return rows


def _ledgers() -> Iterable[tuple[str, int, date]]:
    return DuesLedger.objects.order_by().values_list("organization__path", "organization_id", "since")
