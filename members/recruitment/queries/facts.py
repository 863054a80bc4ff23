"""Facts for the engine, of any number of cases in a constant number of statements.

Keys of people are those of their accounts. Contacts and thought reports live in ``members.development`` and are read
as facts from there; everything else is what was recorded.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import FilteredRelation, Q
from django.utils import timezone

from members.codes import PoliticalStatus
from members.development.models import CultivationContact, ThoughtReport
from members.models import Member
from portal.organizations.models import Affiliation, Organization, OrganizationType
from portal.organizations.models import Standing as Placed
from portal.reviews.rules import State

from ..engine.course import DAY
from ..engine.details import ContactsFact, Details, ReportFact
from ..engine.facts import CaseFacts, Document, Fact, in_order
from ..engine.people import BranchFacts, ExceptionFact, MoveFact, Named, PersonFacts, Role, Standing
from ..models import Case, CaseMove, ExceptionGrant, Paper, StepRecord
from ..records import from_json

ACCEPTED = (State.ACCEPTED, State.PUBLISHED)
# Rows of values whose number and types the line that asks for them says.
Rows = Iterable[Any]
COMMITTEE_FROM = 7  # full members (ZB ch. 6)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a set of cases: facts by case, and what the rows behind them add."""

    facts: Mapping[int, CaseFacts]
    rounds: Mapping[tuple[int, str, str], int] = field(default_factory=dict)  # records ever made, corrected ones too


def facts_of(cases: Iterable[Case], *, without: Collection[int] = ()) -> dict[int, CaseFacts]:
    """Return what the engine asks of each case, by its key; ``without`` leaves records out by their keys."""
    return dict(known_of(cases, without=without).facts)


def known_of(cases: Iterable[Case], *, without: Collection[int] = ()) -> Known:
    """Return the facts of ``cases`` with the number of rounds of each kind of record; nine statements."""
    by_key = {case.pk: case for case in cases}
    people = _people({case.person_id for case in by_key.values()})
    records, rounds = _records(by_key, without)
    grants, moves = _grants(by_key), _moves(by_key)
    passed = {key for there in moves.values() for move in there for key in (move.from_branch, move.to_branch)}
    branches = _branches({case.organization_id for case in by_key.values()} | passed)
    contacts = _contacts(people)
    reports = _reports(people)
    found = {}
    for key, case in by_key.items():
        own = records[key]
        begun_on = min((fact.on for fact in own), default=case.opened_on)
        later = [*_contacts_since(own, contacts[case.person_id], begun_on), *reports[case.person_id]]
        found[key] = CaseFacts(
            edition=case.edition,
            person=_person(people[case.person_id], case),
            branch=_branch_of(case, moves[key], branches),
            records=in_order((*own, *_placed_in_steps(own, later, begun_on))),
            exceptions=tuple(grants[key]),
            moves=tuple(moves[key]),
        )
    return Known(found, rounds)


@dataclass(frozen=True, slots=True)
class _Candidate:
    user_id: int
    birth_date: date | None
    graduated_on: date | None
    political_status: str


def _people(keys: Collection[int]) -> dict[int, _Candidate]:
    found = Member.objects.filter(pk__in=keys).order_by()
    rows: Rows = found.values_list("pk", "user_id", "birth_date", "graduated_on", "political_status")
    return {key: _Candidate(*others) for key, *others in rows}


def _person(person: _Candidate, case: Case) -> PersonFacts:
    return PersonFacts(
        key=person.user_id,
        birth_date=person.birth_date,
        leaves_on=case.leaves_on or person.graduated_on,
        is_league_member=person.political_status == PoliticalStatus.LEAGUE_MEMBER,
        barred_until=case.barred_until,
    )


def _branches(keys: Collection[int]) -> dict[int, BranchFacts]:
    """Return what the rules ask of each branch: two statements."""
    nodes: dict[int, tuple[str, str]] = {}
    spans: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    full = FilteredRelation("affiliations", condition=Q(affiliations__standing=Placed.FULL_MEMBER))
    there = Organization.objects.filter(pk__in=keys).order_by().annotate(as_full=full)
    rows: Rows = there.values_list("pk", "path", "org_type", "as_full__since", "as_full__until")
    for pk, path, org_type, since, until in rows:
        nodes[pk] = (path, org_type)
        if since:
            spans[pk].append((since, until))
    committees = {pk: committees_in(spans[pk]) for pk in nodes}
    depths = {len(path) + Organization.steplen for path, _type in nodes.values()}
    groups = Organization.objects.filter(
        org_type=OrganizationType.GROUP, closed_on=None, depth__in=[depth // Organization.steplen for depth in depths]
    )
    with_groups = {path[: -Organization.steplen] for path in groups.order_by().values_list("path", flat=True)}
    return {
        pk: BranchFacts(
            key=pk,
            has_committee=committees[pk][-1][1] if committees[pk] else False,
            has_groups=path in with_groups,
            is_temporary=org_type == OrganizationType.TEMPORARY_BRANCH,
            committees=committees[pk],
        )
        for pk, (path, org_type) in nodes.items()
    }


def committees_in(spans: Iterable[tuple[date, date | None]]) -> tuple[tuple[date, bool], ...]:
    """Return from which days on a branch has a committee, or none, by the days its full members came and left."""
    changes: dict[date, int] = defaultdict(int)
    for since, until in spans:
        changes[since] += 1
        if until:
            changes[until + DAY] -= 1
    found: list[tuple[date, bool]] = []
    count = 0
    for day in sorted(changes):
        count += changes[day]
        if not found or found[-1][1] != (count >= COMMITTEE_FROM):
            found.append((day, count >= COMMITTEE_FROM))
    return tuple(found)


def _branch_of(case: Case, moves: Iterable[MoveFact], branches: Mapping[int, BranchFacts]) -> BranchFacts:
    """Return the branch that keeps the case now, with the committees of whichever branch kept it on a day."""
    now = branches[case.organization_id]
    moves = list(moves)
    if not moves:
        return now
    stays = [(date.min, moves[0].from_branch), *((move.on, move.to_branch) for move in moves)]
    ends = [*(day for day, _branch in stays[1:]), date.max]
    found: list[tuple[date, bool]] = []
    for (begins, key), ends_on in zip(stays, ends, strict=True):
        branch = branches[key]
        found.append((begins, branch.has_committee_on(begins)))
        found += [(day, has_committee) for day, has_committee in branch.committees if begins < day < ends_on]
    return replace(now, committees=tuple(found))


def _records(
    cases: Mapping[int, Case], without: Collection[int]
) -> tuple[dict[int, list[Fact]], dict[tuple[int, str, str], int]]:
    """Return the valid records of each case and the rounds of every kind: two statements."""
    rows: Rows = list(
        StepRecord.objects.filter(case__in=list(cases))
        .order_by("on", "pk")
        .values_list(
            "pk", "case_id", "step", "kind", "on", "role", "details", "recorded_by_id", "recorded_at",
            "corrects_id", "is_annulment", "correction__pk", named=True,
        )
    )  # fmt: skip
    papers: dict[int, list[Document]] = defaultdict(list)
    for record_id, paper in _papers(cases):
        papers[record_id].append(paper)
    found: dict[int, list[Fact]] = defaultdict(list)
    rounds: dict[tuple[int, str, str], int] = defaultdict(int)
    left_out = frozenset(without)
    for row in rows:
        if row.corrects_id is None:
            rounds[row.case_id, row.step, row.kind] += 1
        if row.is_annulment or row.correction__pk or row.pk in left_out:
            continue
        found[row.case_id].append(
            Fact(
                step=row.step,
                on=row.on,
                by=row.recorded_by_id,
                role=Role(row.role),
                details=from_json(row.kind, row.details),
                recorded_on=timezone.localdate(row.recorded_at),
                documents=tuple(papers[row.pk]),
                key=row.pk,
            )
        )
    return found, rounds


def _papers(cases: Mapping[int, Case]) -> Iterable[tuple[int, Document]]:
    rows = Paper.objects.filter(record__case__in=list(cases)).order_by("pk")
    for record_id, pk, kind, dated_on, is_signed, states in rows.values_list(
        "record_id", "pk", "kind", "dated_on", "is_signed", "states"
    ):
        stated = tuple((step, date.fromisoformat(day)) for step, day in states)
        yield record_id, Document(kind=kind, key=pk, dated_on=dated_on, is_signed=is_signed, states=stated)


def _grants(cases: Mapping[int, Case]) -> dict[int, list[ExceptionFact]]:
    found: dict[int, list[ExceptionFact]] = defaultdict(list)
    rows = ExceptionGrant.objects.filter(case__in=list(cases)).order_by("on", "pk")
    for case_id, rule, on, by_id, node_id, words in rows.values_list(
        "case_id", "rule", "on", "by_id", "node_id", "words"
    ):
        found[case_id].append(ExceptionFact(rule, on, by_id, node_id, is_superior=True, reason=words))
    return found


def _moves(cases: Mapping[int, Case]) -> dict[int, list[MoveFact]]:
    found: dict[int, list[MoveFact]] = defaultdict(list)
    there = CaseMove.objects.filter(case__in=list(cases)).order_by("on", "pk")
    rows: Rows = there.values_list("case_id", "on", "from_branch_id", "to_branch_id", "is_handed_over")
    for case_id, *values in rows:
        found[case_id].append(MoveFact(*values))
    return found


@dataclass(frozen=True, slots=True)
class _Contact:
    since: date
    until: date | None
    user_id: int
    name: str


def _contacts(people: Collection[int]) -> dict[int, list[_Contact]]:
    found: dict[int, list[_Contact]] = defaultdict(list)
    there = CultivationContact.objects.filter(person__in=list(people)).order_by("since", "place")
    rows: Rows = there.values_list("person_id", "since", "until", "contact__user_id", "contact__user__name")
    for person_id, *values in rows:
        found[person_id].append(_Contact(*values))
    return found


def _contacts_since(own: Iterable[Fact], contacts: list[_Contact], begun_on: date) -> list[Fact]:
    """Return who accompanied the person after each change made on the page of contacts, not as a step of the case."""
    told = {
        fact.on: frozenset(person.key for person in fact.details.contacts)
        for fact in own
        if isinstance(fact.details, ContactsFact)
    }
    found = []
    days = {day for contact in contacts for day in (contact.since, contact.until) if day and day >= begun_on}
    for day in sorted(days):
        there = [
            contact
            for contact in contacts
            if contact.since <= day and (contact.until is None or contact.until > day)
        ]
        keys = frozenset(contact.user_id for contact in there)
        before = max((on for on in told if on <= day), default=None)
        if there and (before is None or told[before] != keys):
            # The page of contacts asked for a full member on that day.
            named = tuple(Named(contact.user_id, contact.name) for contact in there)
            found.append(Fact("assign_contacts", day, 0, Role.BRANCH, ContactsFact(named)))
            told[day] = keys
    return found


def _reports(people: Mapping[int, _Candidate]) -> dict[int, list[Fact]]:
    found: dict[int, list[Fact]] = defaultdict(list)
    accepted = ThoughtReport.objects.filter(author__in=list(people), review__state__in=ACCEPTED).order_by("pk")
    rows: Rows = accepted.exclude(first_submitted_on=None).values_list(
        "author_id", "year", "quarter", "first_submitted_on", "likeness"
    )
    for author_id, year, quarter, on, likeness in rows:
        details = ReportFact(year=year, quarter=quarter, likeness=likeness)
        found[author_id].append(Fact("cultivate", on, people[author_id].user_id, Role.APPLICANT, details))
    return found


def _placed_in_steps(own: Iterable[Fact], later: Iterable[Fact], begun_on: date) -> list[Fact]:
    """Put each report under cultivation, or under probation once the admission was approved.

    What was recorded as a step of the case already is not told twice, nor what came before the case.
    """
    own = list(own)
    approved_on = min((fact.on for fact in own if fact.step == "approve"), default=None)
    quarters = {
        (fact.details.year, fact.details.quarter) for fact in own if isinstance(fact.details, ReportFact)
    }
    found = []
    for fact in later:
        if isinstance(fact.details, ReportFact):
            if fact.on < begun_on or (fact.details.year, fact.details.quarter) in quarters:
                continue
            if approved_on and fact.on >= approved_on:
                fact = replace(fact, step="probation")
        found.append(fact)
    return found


def named_on(keys: Collection[int], on: date) -> dict[int, Named]:
    """Return people by the keys of their accounts, each with the standing of the day ``on``; two statements."""
    return {key: person for (key, _day), person in named_at((key, on) for key in keys).items()}


def named_at(asked: Iterable[tuple[int, date]]) -> dict[tuple[int, date], Named]:
    """Return people by the keys of their accounts and days, each as they stood on that day; two statements.

    Where a roster brought somebody in later than that day, the archive's day of becoming a full member counts.
    """
    days: dict[int, set[date]] = defaultdict(set)
    for key, day in asked:
        days[key].add(day)
    members = Member.objects.filter(user__in=list(days)).order_by()
    placed: dict[int, list[Any]] = defaultdict(list)
    for user_id, *place in (
        Affiliation.objects.filter(user__in=list(days))
        .order_by("since", "pk")
        .values_list("user_id", "since", "until", "standing")
    ):
        placed[user_id].append(place)
    found = {}
    for key, name, now, converted_on, joined_on in members.values_list(
        "user_id", "user__name", "standing", "converted_on", "joined_on"
    ):
        for on in days[key]:
            there = [kept for since, until, kept in placed[key] if since <= on and (until is None or until >= on)]
            standing = there[-1] if there else None
            if standing is None and now == Placed.FULL_MEMBER and converted_on and converted_on <= on:
                standing = Placed.FULL_MEMBER
            elif standing is None and joined_on and joined_on <= on:
                standing = Placed.PROBATIONARY
            found[key, on] = Named(key, name, Standing(standing or Placed.MASS), is_active=standing is not None)
    return found


def resolved(details: Details, people: Mapping[int, Named]) -> Details:
    """Return ``details`` in which every person named stands as known to the portal, not as a form says.

    A sanction that was entered stays: the portal keeps no register of them. Somebody unknown is no full member.
    """
    changes: dict[str, Any] = {}
    for name in _naming(details):
        value = getattr(details, name)
        changes[name] = tuple(_as_known(part, people) for part in value) if isinstance(value, tuple) else _as_known(
            value, people
        )
    return replace(details, **changes) if changes else details


def people_in(details: Details) -> set[int]:
    """Return the keys of the people whom ``details`` name."""
    found: set[int] = set()
    for name in _naming(details):
        value = getattr(details, name)
        found |= {part.key for part in (value if isinstance(value, tuple) else (value,))}
    return found


def _naming(details: Details) -> list[str]:
    return [
        name
        for name in ("talker", "contacts", "author", "sponsors")
        if isinstance(value := getattr(details, name, None), Named)
        or (isinstance(value, tuple) and value and all(isinstance(part, Named) for part in value))
    ]


def _as_known(person: Named, people: Mapping[int, Named]) -> Named:
    known = people.get(person.key)
    if known is None:
        return replace(person, standing=Standing.MASS, is_active=False)
    return replace(known, is_sanctioned=person.is_sanctioned)
