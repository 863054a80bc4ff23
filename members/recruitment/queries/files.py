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
from ..models import Case, Letter, LetterKind
from .acting import superiors_of
from .facts import facts_of, people_in

# A paper that needs one of them asks for it by itself: a list never decrypts anything.
_PROTECTED = ("id_no", "mobile", "home_address", "current_address")


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
    letters: frozenset[str] = frozenset()  # the kinds of those that came through the portal
    letter: Tables | None = None  # read for the papers that repeat it, see ``with_letter``

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
    people, awards, letters = _people(facts.values()), _awards(cases), _letters(cases)
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
            letters=letters.get(case.pk, frozenset()),
        )
    return found


def with_letter(file: CaseFile) -> CaseFile:
    """Return ``file`` with what the candidate wrote beside the application: other people's data, for two papers."""
    letter = letter_of(file.case, LetterKind.ADMISSION)
    return replace(file, letter=tables_from_text(letter.tables)) if letter else file


def letter_of(case: Case, kind: str) -> Letter | None:
    """Return the letter of ``kind`` that was received in ``case``; it is absent where it came on paper alone."""
    return Letter.objects.with_people().select_related("review__decided_by").filter(case=case, kind=kind).last()


def _letters(cases: Iterable[Case]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for key, kind in Letter.objects.filter(case__in=list(cases)).values_list("case_id", "kind").order_by():
        found.setdefault(key, set()).add(kind)
    return {key: frozenset(kinds) for key, kinds in found.items()}


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
