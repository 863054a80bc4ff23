"""What the papers of a case are filled from, for any number of cases in a constant number of statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from members.models import ArchiveDocument, DocumentKind, Member
from portal.organizations.models import Organization
from portal.organizations.queries import secretaries_of
from portal.rulesets.days import Calendar
from portal.rulesets.queries import calendar as kept_calendar
from portal.rulesets.queries import rulebook
from portal.rulesets.values import RuleSet

from ..engine.course import Course
from ..engine.facts import CaseFacts, Fact
from ..letters import Tables, tables_from_text
from ..models import Case
from .acting import superiors_of
from .facts import facts_of, people_in

# A paper that needs one of them asks for it by itself: a list never decrypts anything.
_PROTECTED = ("id_no", "mobile", "home_address", "current_address")


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter that the candidate handed in through the portal, as its last version says it."""

    body: str
    tables: Tables
    submitted_on: date | None
    received_on: date | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One case with its records, the people it names by the keys of their accounts, and its offices, on a day."""

    case: Case
    facts: CaseFacts
    rules: RuleSet
    calendar: Calendar
    on: date
    people: Mapping[int, Member] = field(default_factory=dict)
    branches: Mapping[int, str] = field(default_factory=dict)
    superior: str = ""
    secretary: str = ""
    awards: tuple[str, ...] = ()
    letter: LetterText | None = None  # read by the one paper that prints it, see ``with_letter``

    @property
    def person(self) -> Member:
        return self.people[self.facts.person.key]

    def course(self, on: date | None = None) -> Course:
        """Return what counts of the case at the end of ``on``."""
        return Course.of(self.facts, self.rules, self.calendar, on or self.on)

    def branch(self, on: date | None = None) -> str:
        """Return the full name of the branch that kept the case on ``on``."""
        key = self.case.organization_id
        for move in reversed(self.facts.moves):
            if on is not None and on < move.on:
                key = move.from_branch
        return self.branches[key]

    def records_of(self, step: str, kind: str) -> list[Fact]:
        return [fact for fact in self.facts.records if fact.step == step and fact.kind == kind]


def file_of(case: Case, *, on: date) -> CaseFile:
    """Return what the papers of one case are filled from."""
    return files_of([case], on=on)[case.pk]


def files_of(cases: Iterable[Case], *, on: date) -> dict[int, CaseFile]:
    """Return the files of ``cases`` by their keys; the cases come with person and organization."""
    cases = list(cases)
    facts, book, calendar = facts_of(cases), rulebook(), kept_calendar()
    branches = {case.organization_id: case.organization for case in cases}
    superiors, secretaries = superiors_of(branches.values()), secretaries_of(branches.values(), on=on)
    people, awards = _people(facts.values()), _awards(cases)
    names = _names(branches, facts.values())
    found = {}
    for case in cases:
        superior = superiors.get(case.organization_id)
        found[case.pk] = CaseFile(
            case=case,
            facts=facts[case.pk],
            rules=book.rules(case.edition, case.organization_id),
            calendar=calendar,
            on=on,
            people=people,
            branches=names,
            superior=superior.name if superior else "",
            secretary=secretaries.get(case.organization_id, ""),
            awards=tuple(awards.get(case.person_id, ())),
        )
    return found


def with_letter(file: CaseFile, kind: str) -> CaseFile:
    """Return ``file`` with the candidate's letter of ``kind``, where it came through the portal: two statements."""
    letter = file.case.letters.filter(kind=kind).select_related("review").order_by("-pk").first()
    version = letter.review.versions.order_by("-number").first() if letter else None
    if letter is None or version is None:
        return file
    return replace(
        file,
        letter=LetterText(version.body, tables_from_text(letter.tables), letter.submitted_on, letter.received_on),
    )


def _people(cases: Iterable[CaseFacts]) -> dict[int, Member]:
    keys: set[int] = set()
    for facts in cases:
        keys.add(facts.person.key)
        for fact in facts.records:
            keys |= people_in(fact.details)
    members = Member.objects.filter(user__in=keys).select_related("user", "organization").defer(*_PROTECTED).order_by()
    return {member.user_id: member for member in members}


def _awards(cases: Iterable[Case]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = ArchiveDocument.objects.filter(
        member__in=[case.person_id for case in cases], kind=DocumentKind.AWARD
    ).order_by("dated_on", "pk")
    for key, title, day in rows.values_list("member_id", "title", "dated_on"):
        found.setdefault(key, []).append(f"{day.year}年{day.month}月 {title}" if day else title)
    return found


def _names(branches: Mapping[int, Organization], cases: Iterable[CaseFacts]) -> dict[int, str]:
    """Return the names of the branches of today and, where a case moved, of those before."""
    names = {key: branch.name for key, branch in branches.items()}
    left = {move.from_branch for facts in cases for move in facts.moves} - names.keys()
    if left:
        names.update(Organization.objects.filter(pk__in=left).values_list("pk", "name"))
    return names
