"""Weigh the ways that files on paper tell, before any of them is taken over: who may, whose, and what the rules say."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.fields import SENSITIVE
from members.models import Member
from portal.access.rights import rights_of
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, Standing
from portal.rulesets.editions import edition_on
from portal.rulesets.queries import calendar as kept_calendar
from portal.rulesets.queries import rulebook

from ..engine.details import Details
from ..engine.facts import CaseFacts, Document, Fact, in_order
from ..engine.people import Named, Role
from ..engine.takeover import Judged, judge
from ..models import Case
from ..queries.acting import superiors_of
from ..queries.facts import facts_of, named_at, people_in, resolved
from ..records import to_json
from . import effects
from .recording import Filed

# The side whose paper a record is; who enters it from the file is written beside it.
SIDES = (Role.BRANCH, Role.SUPERIOR, Role.TRAINER)
WAY = [standing.value for standing in Standing]

OBSTACLES: dict[str, Promise] = {
    "no_branch": _("This person belongs to no branch that is open: only a branch keeps cases."),
    "not_allowed": _("You neither keep the recruitment of this person's branch nor decide on it."),
    "superior_needed": _(
        "This file holds decisions of the committee that approves members; only that committee takes it over."
    ),
    "case_present": _("A case of this person has been running since %(day)s: record there what is missing."),
    "archive_days": _("With this file the archive would name %(second)s before %(first)s: one of the two is wrong."),
    "full_member": _("The portal knows this person as a full member, but the file does not prove the conversion."),
    "standing_behind": _(
        "The file proves “%(proved_standing)s”, but the portal knows this person as “%(known_standing)s”: "
        "bring the roster up to date first."
    ),
}


@dataclass(frozen=True, slots=True)
class Past:
    """One record as paper tells it; ``documents`` are the papers of it that are in the file."""

    step: str
    on: date
    details: Details
    documents: tuple[Filed, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """The way of one person so far; the first record is the application."""

    person_id: int
    records: tuple[Past, ...]
    leaves_on: date | None = None

    @property
    def begun_on(self) -> date:
        return min(past.on for past in self.records)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a file is not taken over, other than by the rules of recruitment; standings are given by their codes."""

    code: str
    params: Mapping[str, Any]

    def __str__(self) -> str:
        return str(OBSTACLES[self.code]) % in_words(self.params)


def in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of an obstacle with standings in the reader's language."""
    return {
        name: Standing(value).label if name.endswith("_standing") else value for name, value in params.items()
    }


@dataclass(frozen=True, slots=True)
class Weighed:
    """What became of one file: taken over is one without bars and obstacles that is not there already."""

    history: History
    person: Member
    edition: str
    facts: CaseFacts | None = None
    judged: Judged | None = None
    obstacles: tuple[Obstacle, ...] = ()
    is_known: bool = False

    @property
    def is_takeable(self) -> bool:
        return self.judged is not None and not (self.judged.bars or self.obstacles or self.is_known)

    @property
    def reasons(self) -> list[str]:
        """Return in words what stands against it."""
        bars = [str(finding) for finding in self.judged.bars] if self.judged else []
        return [*map(str, self.obstacles), *bars]


def weigh(histories: Iterable[History], *, by: User, on: date) -> dict[int, Weighed]:
    """Weigh each file by its person's key; the same number of statements for one as for thousands."""
    by_person = {history.person_id: history for history in histories}
    # Nothing here reads what is kept encrypted.
    people = Member.objects.select_related("user", "organization").defer(*SENSITIVE).in_bulk(list(by_person))
    running = {case.person_id: case for case in Case.objects.open().filter(person__in=people)}
    there = facts_of(running.values()) if running else {}
    grounds = facts_of(_drafts(by_person, people))
    named = named_at(
        (key, past.on)
        for history in by_person.values()
        for past in history.records
        for key in people_in(past.details)
    )
    sides = sides_of(by, {member.organization for member in people.values() if member.organization})
    book, calendar = rulebook(), kept_calendar()
    found = {}
    for key, person in people.items():
        history = by_person[key]
        edition = edition_on(history.begun_on).code
        branch = person.organization
        if branch is None or not branch.is_branch or (branch.closed_on and branch.closed_on <= on):
            found[key] = Weighed(history, person, edition, obstacles=(Obstacle("no_branch", {}),))
            continue
        records = in_order(_fact(past, named, by, on) for past in history.records)
        facts = replace(grounds[-key], records=records)
        judged = judge(facts, book.rules(edition, branch.pk), calendar, on)
        case = running.get(key)
        is_known = case is not None and essence(records) <= essence(there[case.pk].records)
        obstacles = tuple(_obstacles(person, judged, records, sides[branch.pk], None if is_known else case))
        found[key] = Weighed(history, person, edition, facts, judged, obstacles, is_known)
    return found


def sides_of(user: User, branches: Iterable[Organization]) -> dict[int, frozenset[Role]]:
    """Return for which sides ``user`` may take files of each branch over, by the branch's key; one query."""
    branches = list(branches)
    rights, superiors = rights_of(user), superiors_of(branches)
    found = {}
    for branch in branches:
        superior = superiors.get(branch.pk)
        if superior and rights.holds_on(Duty.APPROVE_MEMBERS, superior.path):
            found[branch.pk] = frozenset(SIDES)
        elif rights.holds_on(Duty.RECRUIT, branch.path):
            found[branch.pk] = frozenset({Role.BRANCH})
        else:
            found[branch.pk] = frozenset()
    return found


def side_of(details: Details) -> Role:
    """Return whose paper a kind of record is."""
    return next(side for side in SIDES if side in type(details).recorders)


def essence(records: Iterable[Fact]) -> set[tuple[str, str, date, str]]:
    """Return what records say apart from how people stood on their days: equal for the same list brought again."""
    return {(fact.step, fact.kind, fact.on, repr(_bare(to_json(fact.step, fact.details)))) for fact in records}


def _bare(data: Any) -> Any:
    if isinstance(data, dict):
        return data["key"] if "key" in data and "standing" in data else {name: _bare(data[name]) for name in data}
    return [_bare(part) for part in data] if isinstance(data, list) else data


def _drafts(histories: Mapping[int, History], people: Mapping[int, Member]) -> list[Case]:
    """Return cases that nobody has stored, under keys that none has: what the facts ask of person and branch."""
    return [
        Case(
            pk=-key,
            person=person,
            organization=person.organization,
            opened_on=histories[key].begun_on,
            leaves_on=histories[key].leaves_on,
            edition=edition_on(histories[key].begun_on).code,
        )
        for key, person in people.items()
        if person.organization is not None
    ]


def _fact(past: Past, named: Mapping[tuple[int, date], Named], by: User, on: date) -> Fact:
    there = {key: named[key, past.on] for key in people_in(past.details) if (key, past.on) in named}
    details = resolved(past.details, there)
    papers = tuple(
        Document(kind=paper.kind, dated_on=paper.dated_on, is_signed=paper.is_signed, states=paper.states)
        for paper in past.documents
    )
    return Fact(past.step, past.on, by.pk, side_of(details), details, recorded_on=on, documents=papers)


def _obstacles(
    person: Member, judged: Judged, records: Sequence[Fact], sides: frozenset[Role], case: Case | None
) -> Iterable[Obstacle]:
    if not sides:
        yield Obstacle("not_allowed", {})
    elif any(fact.role not in sides for fact in records):
        yield Obstacle("superior_needed", {})
    if case is not None:
        yield Obstacle("case_present", {"day": case.opened_on.isoformat()})
    proved = judged.course.standing[0].value
    if WAY.index(person.standing) < WAY.index(proved):
        yield Obstacle("standing_behind", {"proved_standing": proved, "known_standing": person.standing})
    elif person.standing == Standing.FULL_MEMBER and proved != Standing.FULL_MEMBER:
        yield Obstacle("full_member", {})
    yield from _archive(person, judged)


def _archive(person: Member, judged: Judged) -> Iterable[Obstacle]:
    """Yield the obstacle that the archive's days would contradict each other once the file's are written into it."""
    decided = effects.days_of(judged.course)
    days = {"birth_date": person.birth_date} | {
        name: decided[name] or getattr(person, name) for name in effects.DATES
    }
    for first, second in itertools.pairwise(days):
        if (early := days[first]) and (late := days[second]) and late < early:
            yield Obstacle("archive_days", {"first": f"{early}", "second": f"{late}"})
