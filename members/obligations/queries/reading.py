"""Everything that the duties of some nodes follow from, in three statements however many nodes, people and meetings."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from members.help.rules.talks import TalkKind
from portal.organizations.models import Organization
from portal.rulesets.editions import edition_on
from portal.rulesets.values import RuleSet, merge

from ..engine.evaluate import LifeRules, Obligation, Record, Talks, Unit, obligations
from ..engine.periods import Span
from ..kinds import DUTIES, DutyKind
from .facts import SETTING
from .few import facts_at, nodes_at
from .places import Place, Windows
from .talks import tallies
from .units import lectures_by_node, records_of, units_of, waivers_of

REGULATION, ORGANIZATION, CARE = "organizational_life", "organization", "care"


@dataclass(slots=True)
class Reading:
    """What was read: ``nodes`` by their place in the tree, and what the engine asks of each by its key."""

    on: date
    nodes: list[Organization]
    ruleset: RuleSet
    rules: LifeRules
    units: dict[int, Unit]
    records: Mapping[int, list[Record]]
    waivers: Mapping[int, Mapping[tuple[str, str], int]]
    parts: Mapping[int, Mapping[int, int]] = field(default_factory=dict)

    def owed(
        self, node: Organization, first: date, last: date, kinds: Iterable[str] = tuple(DUTIES)
    ) -> list[Obligation]:
        """Return what a node owes in the periods between two days."""
        unit, pk = self.units[node.pk], node.pk
        records, waived = self.records.get(pk, ()), self.waivers.get(pk, {})
        return list(obligations(unit, records, waived, self.rules, first=first, last=last, on=self.on, kinds=kinds))

    def owed_now(self, node: Organization, day: date, kinds: Iterable[str] = tuple(DUTIES)) -> list[Obligation]:
        """Return what a node owes in the month, quarter and year of ``day``."""
        return self.owed(node, day, day, kinds)


def read(place: Place, windows: Windows, *, on: date, kinds: Collection[str] = tuple(DUTIES)) -> Reading:
    """Return what the duties in ``windows`` follow from, for the nodes of ``place``: three statements at most.

    ``kinds`` leaves out the meetings that no duty asked for needs; without talks among them it is two.
    """
    first, last = min(day for day, _last in windows.values()), max(day for _first, day in windows.values())
    found = list(nodes_at(place, first, last))
    life, organization = edition_on(last, REGULATION), edition_on(last, ORGANIZATION)
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for tag, *fact in facts_at(place.known(found), windows, first, kinds, on):
        rows[tag].append(tuple(fact))
    amounts: dict[str, dict[str, int]] = defaultdict(dict)
    for _node, edition, code, _day, amount, *_rest in rows[SETTING]:
        amounts[edition][code] = amount
    ruleset = merge(life, amounts[life.code])
    care = merge(edition_on(last, CARE), amounts[edition_on(last, CARE).code])
    committee_from = merge(organization, amounts[organization.code]).amount("branch.committee_from")
    return Reading(
        on=on,
        nodes=found,
        ruleset=ruleset,
        rules=LifeRules.of(ruleset, care["heart_talk.committee_member"].article),
        units=units_of(found, rows, committee_from, _talks(place, found, windows, care, kinds, on)),
        records=records_of(found, rows),
        waivers=waivers_of(rows),
        parts=lectures_by_node(rows),
    )


def _talks(
    place: Place, nodes: list[Organization], windows: Windows, care: RuleSet, kinds: Collection[str], on: date
) -> Mapping[tuple[str, int], Talks]:
    """Return the talks of the years asked for; nothing is asked where no node owes any."""
    owing = DUTIES[DutyKind.HEART_TALKS].owed_by
    if DutyKind.HEART_TALKS not in kinds or not any(node.org_type in owing for node in nodes):
        return {}
    first, last = windows[Span.YEAR]
    times = {kind: care[f"heart_talk.{kind.value}"].amount for kind in TalkKind}
    years = range(first.year, last.year + 1)
    return tallies(place.known(nodes), len(nodes), years, times, on=on)
