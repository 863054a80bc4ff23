"""Take cases over from paper in the middle of their way, many at once, and take a list back that was a mistake.

The records are written as ``recording`` writes them, the whole way of a person in one go: checked by the engine first,
settled, audited. Nobody is told of what happened long ago, and nobody's standing changes: that is the roster's.
Records cannot be deleted; a list that is taken back leaves closed cases whose records count for nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from members.development.models import CultivationContact
from members.models import Member
from portal.accounts.models import User
from portal.audit import services as audit
from portal.imports import bulk
from portal.organizations.models import Organization, Standing
from portal.organizations.services import lock_open
from portal.rulesets.queries import calendar as kept_calendar
from portal.rulesets.queries import rulebook

from ..engine.course import Course
from ..engine.details import BallotFact, SponsorsFact
from ..engine.facts import Fact
from ..models import (
    Ballot,
    Batch,
    BatchKind,
    Case,
    CaseState,
    ClosedReason,
    Paper,
    Sponsor,
    StepRecord,
)
from ..queries.facts import facts_of
from ..records import to_json
from . import effects
from .settling import FIELDS, position_of, rest, settle
from .weighing import History, Weighed, weigh


@dataclass(slots=True)
class Taken:
    """One case that was taken over, and what taking it back must restore."""

    case: Case
    weighed: Weighed
    dates: dict[str, str] = field(default_factory=dict)  # of the archive, as they were
    contacts: list[int] = field(default_factory=list)  # assignments made
    shifted: list[tuple[int, str]] = field(default_factory=list)  # assignments whose first day was set right


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of each file, by the key of its person."""

    cases: Mapping[int, Taken]
    weighed: Mapping[int, Weighed]


def begin_takeover(organization: Organization, *, by: User, on: date) -> Batch:
    """Return the batch that marks what a list brings: its records were taken over from paper, not made that day."""
    batch = Batch(kind=BatchKind.TAKEOVER, organization=organization, on=on, step="apply", made_by=by)
    batch.full_clean()
    batch.save()
    return batch


@transaction.atomic
def take_over(histories: Iterable[History], *, batch: Batch, by: User) -> TakenOver:
    """Open the cases of ``histories`` with all their records; what the engine bars is left out and named."""
    today = timezone.localdate()
    by_person = {history.person_id: history for history in histories}
    _hold(by_person, today)
    weighed = weigh(by_person.values(), by=by, on=today)
    taken = {key: Taken(_case_of(found), found) for key, found in weighed.items() if found.is_takeable}
    Case.objects.bulk_create([each.case for each in taken.values()])
    _write_records(taken.values(), batch, by)
    _keep_contacts(taken.values(), today)
    _keep_dates(taken.values(), by)
    _settle(taken.values(), today)
    audit.record_many(
        "recruitment.taken_over",
        (
            (Case, each.case.pk, str(each.weighed.person), each.weighed.person.user_id, _told(each),
             each.case.organization_id)
            for each in taken.values()
        ),
        by=by,
        at=batch.organization,
    )  # fmt: skip
    return TakenOver(taken, weighed)


def _hold(histories: Mapping[int, History], on: date) -> None:
    """Hold the branches, then the people: a case opened meanwhile is found, a merger waits."""
    branches = Organization.objects.filter(members__in=list(histories)).exclude(closed_on__lte=on)
    for branch in branches.distinct().order_by("pk"):
        lock_open(branch, on=on)
    list(Member.objects.select_for_update().filter(pk__in=list(histories)).order_by("pk").values_list("pk"))


def _case_of(weighed: Weighed) -> Case:
    return Case(
        person=weighed.person,
        organization=weighed.person.organization,
        edition=weighed.edition,
        opened_on=weighed.history.begun_on,
        leaves_on=weighed.history.leaves_on,
    )


def _told(each: Taken) -> dict[str, list[str]]:
    return {past.step: ["", past.on.isoformat()] for past in each.weighed.history.records}


def _write_records(taken: Iterable[Taken], batch: Batch, by: User) -> None:
    rows: list[tuple[Taken, Fact, StepRecord]] = []
    for each in taken:
        rounds: dict[tuple[str, str], int] = defaultdict(int)
        assert each.weighed.facts is not None
        for fact in each.weighed.facts.records:
            rounds[fact.step, fact.kind] += 1
            row = StepRecord(
                case=each.case, step=fact.step, kind=fact.kind, round=rounds[fact.step, fact.kind], on=fact.on,
                role=fact.role.value, details=to_json(fact.step, fact.details), recorded_by=by, batch=batch,
            )  # fmt: skip
            rows.append((each, fact, row))
    StepRecord.objects.bulk_create([row for _each, _fact, row in rows])
    Paper.objects.bulk_create(
        Paper(record=row, kind=paper.kind, dated_on=paper.dated_on, is_signed=paper.is_signed)
        for _each, fact, row in rows
        for paper in fact.documents
    )
    # Where the file does not give every number there is no count to hold the database to.
    Ballot.objects.bulk_create(
        effects.ballot_of(row, fact.details)
        for _each, fact, row in rows
        if isinstance(fact.details, BallotFact) and effects.is_counted(fact.details)
    )
    _keep_sponsors([(each, fact, row) for each, fact, row in rows if isinstance(fact.details, SponsorsFact)])


def _keep_sponsors(rows: list[tuple[Taken, Fact, StepRecord]]) -> None:
    """Let the sponsors that a file names last be those of its case."""
    last = {each.case.pk: (fact, row) for each, fact, row in rows}
    people = {
        person.key: person
        for fact, _row in last.values()
        if isinstance(fact.details, SponsorsFact)
        for person in fact.details.sponsors
    }
    members = dict(Member.objects.filter(user__in=list(people)).values_list("user_id", "pk"))
    Sponsor.objects.bulk_create(
        Sponsor(
            case=row.case, person_id=row.case.person_id, sponsor_id=members[person.key], place=place, record=row,
            since=row.on,
        )
        for fact, row in last.values()
        if isinstance(fact.details, SponsorsFact)
        for place, person in enumerate(fact.details.sponsors, start=1)
        if person.key in members
    )  # fmt: skip


def _keep_contacts(taken: Iterable[Taken], today: date) -> None:
    """Let the contacts that a file names be the person's; only who is a full member today accompanies from now on."""
    by_person = {each.case.person_id: each for each in taken}
    wanted: dict[int, dict[int, date]] = {}
    for key, each in by_person.items():
        course = each.weighed.judged.course if each.weighed.judged else None
        day = course.day_of("assign_contacts") if course else None
        if course and day:
            wanted[key] = {person.key: day for person in course.contacts}
    keys = {user_id for days in wanted.values() for user_id in days}
    full = dict(
        Member.objects.filter(user__in=list(keys), standing=Standing.FULL_MEMBER).values_list("user_id", "pk")
    )
    present = defaultdict(list)
    rows = CultivationContact.objects.select_for_update(of=("self",)).current().filter(person__in=list(wanted))
    for row in rows.select_related("contact"):
        present[row.person_id].append(row)
    made: list[CultivationContact] = []
    shifted: list[CultivationContact] = []
    for key, days in wanted.items():
        each, places = by_person[key], {row.place for row in present[key]}
        for row in present[key]:
            day = days.get(row.contact.user_id)
            if day and day != row.since:
                each.shifted.append((row.pk, row.since.isoformat()))
                row.since = day
                shifted.append(row)
        there = {row.contact.user_id for row in present[key]}
        free = [place for place in (1, 2) if place not in places]
        new = [user_id for user_id in days if user_id in full and user_id not in there]
        made += [
            CultivationContact(person_id=key, contact_id=full[user_id], place=place, since=days[user_id])
            for user_id, place in zip(new, free, strict=False)
        ]
    CultivationContact.objects.bulk_create(made)
    CultivationContact.objects.bulk_update(shifted, ["since"])
    for contact in made:
        by_person[contact.person_id].contacts.append(contact.pk)


def _keep_dates(taken: Iterable[Taken], by: User) -> None:
    """Write the days that the files decide into the archives."""
    names = effects.DATES
    rows, trail = [], []
    for each in taken:
        assert each.weighed.judged is not None
        member, days = each.weighed.person, effects.days_of(each.weighed.judged.course)
        changes = {
            name: [str(getattr(member, name) or ""), day.isoformat()]
            for name, day in days.items()
            if day and getattr(member, name) != day
        }
        if not changes:
            continue
        each.dates = {name: before for name, (before, _after) in changes.items()}
        for name in changes:
            setattr(member, name, days[name])
        member.version += 1
        rows.append((member.pk, *(getattr(member, name) for name in names), member.version, timezone.now()))
        trail.append((Member, member.pk, str(member), member.user_id, changes, member.organization_id))
    bulk.update(Member, (*names, "version", "updated_at"), rows)
    audit.record_many("members.changed", trail, by=by)


def _settle(taken: Iterable[Taken], on: date) -> None:
    cases = [each.case for each in taken]
    facts, book, calendar = facts_of(cases), rulebook(), kept_calendar()
    for case in cases:
        settle(case, position_of(facts[case.pk], book.rules(case.edition, case.organization_id), calendar, on), on=on)
    Case.objects.bulk_update(cases, FIELDS)


def untouched(cases: Iterable[int], batch: Batch) -> set[int]:
    """Return those of ``cases`` in which nothing has been done since they were taken over."""
    keys = set(cases)
    still = set(Case.objects.open().filter(pk__in=keys, version=1).values_list("pk", flat=True))
    used: set[int] = set()
    for relation in Case._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": keys})
        if relation.related_model is StepRecord:
            rows = rows.exclude(batch=batch)
        elif relation.related_model is Sponsor:
            rows = rows.exclude(record__batch=batch)
        used |= set(rows.values_list(f"{relation.field.name}_id", flat=True))
    return still - used


@transaction.atomic
def take_back(written: Mapping[int, Mapping[str, Any]], *, batch: Batch, by: User) -> set[int]:
    """Take cases back as far as nobody has gone on with them; return the keys of those that were.

    ``written`` holds by case what taking over changed: ``dates``, ``contacts`` and ``shifted`` of ``Taken``.
    """
    today = timezone.localdate()
    held = Case.objects.select_for_update(of=("self",)).filter(pk__in=list(written)).select_related("person__user")
    cases = {case.pk: case for case in held.order_by("pk")}
    going = untouched(cases, batch)
    for key in going:
        case = cases[key]
        case.state, case.closed_on, case.closed_reason = CaseState.CLOSED, today, ClosedReason.UNDONE
        case.version += 1
        rest(case)
    Case.objects.bulk_update(
        [cases[key] for key in going], [*FIELDS, "state", "closed_on", "closed_reason", "version"]
    )
    Paper.objects.filter(record__case__in=going).delete()
    Sponsor.objects.filter(case__in=going).delete()
    made = [pk for key in going for pk in written[key].get("contacts", ())]
    CultivationContact.objects.current().filter(pk__in=made).delete()
    first_days = {pk: date.fromisoformat(day) for key in going for pk, day in written[key].get("shifted", ())}
    rows = list(CultivationContact.objects.current().filter(pk__in=first_days))
    for row in rows:
        row.since = first_days[row.pk]
    CultivationContact.objects.bulk_update(rows, ["since"])
    _restore_dates([cases[key] for key in going], written, by)
    audit.record_many(
        "recruitment.takeover_undone",
        (
            (Case, key, str(cases[key].person), cases[key].person.user_id, {}, cases[key].organization_id)
            for key in going
        ),
        by=by,
        at=batch.organization,
    )
    return going


def _restore_dates(cases: Iterable[Case], written: Mapping[int, Mapping[str, Any]], by: User) -> None:
    """Give the archives the days back that they had, unless somebody has changed them since."""
    rows, trail = [], []
    facts = facts_of(cases := list(cases))
    book, calendar, today = rulebook(), kept_calendar(), timezone.localdate()
    for case in cases:
        before = written[case.pk].get("dates", {})
        rules = book.rules(case.edition, case.organization_id)
        days = effects.days_of(Course.of(facts[case.pk], rules, calendar, today))
        member, changes = case.person, {}
        for name, was in before.items():
            if getattr(member, name) == days[name]:
                changes[name] = [str(getattr(member, name) or ""), was]
                setattr(member, name, date.fromisoformat(was) if was else None)
        if changes:
            member.version += 1
            rows.append((member.pk, *(getattr(member, name) for name in effects.DATES), member.version, timezone.now()))
            trail.append((Member, member.pk, str(member), member.user_id, changes, case.organization_id))
    bulk.update(Member, (*effects.DATES, "version", "updated_at"), rows)
    audit.record_many("members.changed", trail, by=by)
