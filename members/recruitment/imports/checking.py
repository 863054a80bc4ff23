"""Judge the rows of a list of cases: whom they are about, whom they name, and what the rules say of each file."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone

from members.fields import SENSITIVE
from members.imports.cells import name_of, text_of
from members.imports.units import bare_name
from members.models import Member
from portal.imports import bulk  # noqa: F401 - brings the lookup "among"
from portal.imports.models import ImportRun
from portal.imports.registry import Checker, Outcome, SourceRows, Staged
from portal.organizations.models import Organization
from portal.rulesets.editions import edition_on
from portal.rulesets.queries import Rulebook, rulebook

from ..engine.people import Named, Role
from ..queries.acting import superiors_of
from ..services import effects
from ..services.weighing import History, Weighed, sides_of, weigh
from .building import Builder, plain
from .columns import PEOPLE
from .reading import Draft, read
from .rules import findings_of, of_obstacles

_TOTALS = ("合计", "总计", "小计", "共计", "说明", "注:", "填表", "制表")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a cell may mean."""

    user_id: int
    number: str
    name: str
    path: str


@dataclass
class CaseChecker(Checker):
    """Checks one list; of earlier rows it remembers only whom they were about."""

    run: ImportRun
    today: date = field(default_factory=timezone.localdate)
    _seen: dict[str, int] = field(default_factory=dict)

    def skips(self, rows: SourceRows) -> dict[int, str]:
        return {
            place: "total" if head.startswith(_TOTALS[:4]) else "remark"
            for place, cell in enumerate(rows.cells("number"))
            if (head := text_of(cell).replace(" ", "")).startswith(_TOTALS)
        }

    def check(self, rows: SourceRows) -> list[Staged]:
        drafts = read(rows)
        people = self._people([draft.key for draft in drafts if draft.key])
        branches = {member.organization for member in people.values() if member.organization}
        sides, superiors = sides_of(self.run.by, branches), superiors_of(branches)
        crowd, book = _crowd(drafts), rulebook()
        histories: dict[int, tuple[Draft, History]] = {}
        for draft in drafts:
            member = self._member_of(draft, people)
            if member is None:
                continue
            branch = member.organization
            superior = superiors.get(branch.pk) if branch else None
            named = _named(draft, crowd, near=superior or branch)
            if branch and sides[branch.pk] == {Role.BRANCH} and draft.values.get("filed_on"):
                draft.values["filed_on"] = ""
                draft.values["papers"].discard("activist_filing")
                draft.find("filing_left", "filed_on")
            if not draft.has_errors:
                self._build(draft, member, named, book, histories)
        weighed = weigh((history for _draft, history in histories.values()), by=self.run.by, on=self.today)
        for key, (draft, _history) in histories.items():
            _judge(draft, weighed[key])
        by_number = {draft.number: weighed[key] for key, (draft, _history) in histories.items()}
        return [self._staged(draft, people.get(draft.key), by_number.get(draft.number)) for draft in drafts]

    def _people(self, keys: Collection[str]) -> dict[str, Member]:
        """Return the people of the place of the import by their numbers."""
        found = Member.objects.filter(
            user__number__among=list(keys), organization__path__startswith=self.run.organization.path
        )
        found = found.select_related("user", "organization").defer(*SENSITIVE)
        return {member.user.number: member for member in found}

    def _member_of(self, draft: Draft, people: dict[str, Member]) -> Member | None:
        """Return whom a row is about, unless an earlier one was, or nobody, or somebody else."""
        if not draft.key:
            return None
        earlier = self._seen.setdefault(draft.key, draft.number)
        member = people.get(draft.key)
        if earlier != draft.number:
            draft.find("repeated", "number", row=earlier)
        elif member is None:
            draft.find("person_unknown", "number")
        elif draft.name != name_of(member.user.name):
            draft.find("name_differs", "name")
        else:
            unit = draft.values.get("unit")
            if unit and member.organization and not _is_called(member.organization, unit):
                draft.find("unit_differs", "unit", name=member.organization.name)
            return member
        return None

    def _build(
        self,
        draft: Draft,
        member: Member,
        named: dict[str, tuple[Named, ...]],
        book: Rulebook,
        histories: dict[int, tuple[Draft, History]],
    ) -> None:
        applied_on = draft.day("applied_on")
        assert applied_on
        rules = book.rules(edition_on(applied_on).code, member.organization_id)
        records = Builder(draft, named, rules).records()
        try:
            plain(records)
        except ValidationError as error:
            draft.find("cannot_hold", words=" ".join(error.messages))
            return
        histories[member.pk] = (draft, History(member.pk, records, draft.day("leaves_on")))

    def _staged(self, draft: Draft, member: Member | None, weighed: Weighed | None) -> Staged:
        outcome = Outcome.NEW
        if draft.has_errors or weighed is None:
            outcome = Outcome.ERROR
        elif weighed.is_known:
            outcome = Outcome.SAME
        data: dict[str, Any] = {"unit_name": ""}
        if member is not None and member.organization and not _is_about_another(draft):
            data["unit_name"] = member.organization.name
        if weighed is not None and outcome == Outcome.NEW:
            leaves_on = weighed.history.leaves_on
            data |= {
                "person": weighed.person.pk,
                "records": plain(weighed.history.records),
                "leaves_on": leaves_on.isoformat() if leaves_on else "",
            }
        return Staged(
            number=draft.number,
            outcome=outcome,
            key=draft.key[:40],
            label=draft.name[:80],
            data=data,
            diff={},
            findings=[found.stored() for found in draft.findings],
            suspicious=draft.is_suspicious and outcome == Outcome.NEW,
        )


def _is_about_another(draft: Draft) -> bool:
    return any(found.code in ("name_differs", "repeated") for found in draft.findings)


def _is_called(node: Organization, name: str) -> bool:
    return bare_name(name) in {bare_name(node.name), bare_name(node.short_name)}


def _crowd(drafts: Iterable[Draft]) -> dict[str, list[Person]]:
    """Return everybody whom the cells of the rows can mean, by number and by name; one query."""
    asked = {part for draft in drafts for code in PEOPLE for part in draft.values.get(code, ())}
    found: dict[str, list[Person]] = defaultdict(list)
    if not asked:
        return found
    rows = Member.objects.filter(Q(user__number__among=list(asked)) | Q(user__name__among=list(asked)))
    for user_id, number, name, path in rows.values_list("user_id", "user__number", "user__name", "organization__path"):
        person = Person(user_id, number, name, path or "")
        for word in {number, name} & asked:
            found[word].append(person)
    return found


def _named(
    draft: Draft, crowd: dict[str, list[Person]], *, near: Organization | None
) -> dict[str, tuple[Named, ...]]:
    """Return the people that the cells of a row name: by number anybody, by name those under the same committee."""
    found: dict[str, tuple[Named, ...]] = {}
    for code in PEOPLE:
        people = []
        for part in draft.values[code]:
            there = [
                person
                for person in crowd.get(part, ())
                if person.number == part or (near is not None and person.path.startswith(near.path))
            ]
            if len(there) == 1:
                people.append(Named(there[0].user_id, there[0].name))
            else:
                draft.find("named_ambiguous" if there else "named_unknown", code, value=part[:60])
        found[code] = tuple(people)
    return found


def _judge(draft: Draft, weighed: Weighed) -> None:
    draft.findings += of_obstacles(weighed.obstacles)
    if weighed.is_known:
        draft.find("case_known", "number")
        return
    if weighed.judged is None:
        return
    course, position = weighed.judged.course, weighed.judged.position
    for name, day in effects.days_of(course).items():
        known = getattr(weighed.person, name)
        if day and known and day != known:
            draft.find("archive_differs", field_name=name, known=known.isoformat())
    draft.findings += findings_of(weighed.judged)
    if not draft.has_errors:
        draft.find("proves", standing_code=course.standing[0].value, step_code=position.step or "archive")
