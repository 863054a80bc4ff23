"""What is known of candidates' letters: to whoever writes one, and to the branch that answers them."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Max, Q, QuerySet

from members.models import Member
from portal.access.policy import scope
from portal.access.rights import AnyUser, rights_of
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Standing
from portal.rulesets.days import add_months
from portal.rulesets.editions import edition_on
from portal.rulesets.queries import calendar as kept_calendar
from portal.rulesets.queries import rulebook
from portal.rulesets.values import RuleSet

from ..engine.check import check_record, lifted_rules
from ..engine.clock import convert_apply_from
from ..engine.course import DAY, Course
from ..engine.details import ApplicationFact
from ..engine.facts import CaseFacts, Fact
from ..engine.people import PersonFacts, Role
from ..engine.verdicts import Refusal
from ..letters import Probation, Writer, talk_due
from ..models import Case, Letter, LetterKind
from .facts import facts_of

# Days before the promised answer from which those above the branch see a letter among their work.
LATE_LEAD_DAYS = 7


def own_letters(user: User) -> QuerySet[Letter]:
    """Return every letter of ``user``, the newest first."""
    return scope(user, "write", Letter).select_related("review").order_by("-pk")


def open_letter(user: User, kind: str) -> Letter | None:
    """Return the letter of ``kind`` that ``user`` writes or that waits for its answer."""
    return scope(user, "write", Letter).open().filter(kind=kind).with_people().first()


def letters_for(user: AnyUser) -> QuerySet[Letter]:
    """Return the letters that ``user`` answers for a branch, as a list shows them."""
    shown = scope(user, "answer", Letter).with_people()
    return shown.only(
        "kind", "submitted_on", "received_on", "likeness", "case_id", "review__state", "review__due_on",
        "review__decided_at", "person__user__name", "person__user__number", "person__organization__name",
        "person__organization__short_name",
    )  # fmt: skip


def letters_that_wait(user: AnyUser, on: date, limit: int) -> QuerySet[Letter]:
    """Return what waits for ``user``: letters to the own branch, and others below once their answer is nearly due."""
    paths = rights_of(user).duties.get(str(Duty.RECRUIT), ())
    mine = Q(person__organization__path__in=paths) | Q(review__due_on__lt=on + timedelta(days=LATE_LEAD_DAYS))
    return letters_for(user).waiting().filter(mine).order_by("submitted_on", "pk")[:limit]


def rules_on(person: Member, on: date) -> RuleSet:
    """Return the rules under which an application of day ``on`` begins; one query."""
    return rulebook().rules(edition_on(on).code, person.organization_id)


def bar_of(person: Member) -> date | None:
    """Return until when an earlier case bars ``person`` from applying anew."""
    day: date | None = Case.objects.filter(person=person).aggregate(day=Max("barred_until"))["day"]
    return day


def application_refusals(person: Member, *, on: date) -> tuple[Refusal, ...]:
    """Return what forbids an application of ``person`` on day ``on``: the engine's answer for an empty file."""
    rules = rules_on(person, on)
    known = PersonFacts(key=person.user_id, birth_date=person.birth_date, barred_until=bar_of(person))
    facts = CaseFacts(edition=rules.edition.code, person=known)
    fact = Fact("apply", on, person.user_id, Role.APPLICANT, ApplicationFact(received_on=on))
    return check_record(facts, rules, kept_calendar(), fact, on)


def answer_due(person: Member, kind: str, *, on: date, probation: Probation | None) -> date | None:
    """Return by when the branch acts on a letter handed in ``on``: by talking within a month, by a congress in time."""
    if kind == LetterKind.ADMISSION:
        return talk_due(on, rules_on(person, on).amount("talk.after_application"))
    return max(probation.convert_on, on) if probation else None


def probation_of(case: Case | None, *, on: date) -> Probation | None:
    """Return the probation in ``case`` as it was decided by day ``on``; ``None`` for everybody else.

    Nothing of it rests on what is still being decided: an extension counts from its approval.
    """
    return probation_in(case, on=on) if case and case.standing == Standing.PROBATIONARY else None


def probation_in(case: Case, *, on: date) -> Probation | None:
    """Return the probation in ``case`` by the records through day ``on``, whatever has become of it since."""
    rules = rulebook().rules(case.edition, case.organization_id)
    facts = facts_of([case])[case.pk]
    course = Course.of(facts, rules, kept_calendar(), on)
    held, convert_on = course.day_of("congress"), course.convert_on
    if held is None or convert_on is None:
        return None
    apply_from = convert_apply_from(convert_on, course)
    if "convert_apply_early" in lifted_rules(facts, on):
        apply_from = min(apply_from, on)
    return Probation(
        since=held,
        convert_on=convert_on,
        apply_from=apply_from,
        apply_until=convert_on - timedelta(days=rules.amount("conversion.apply_until")),
        late_until=add_months(convert_on, rules.amount("conversion.apply_late")) - DAY,
        is_extended=course.extensions > 0,
        has_applied="convert_apply" in course.done,
    )


def open_case_of(person: Member) -> Case | None:
    return Case.objects.open().with_people().filter(person=person).first()


def writer_of(person: Member, *, on: date) -> Writer:
    """Return ``person`` as the rules on letters ask."""
    case = open_case_of(person)
    return Writer(
        has_branch=person.organization is not None and person.organization.is_branch,
        standing=person.standing,
        has_open_case=case is not None,
        probation=probation_of(case, on=on),
    )


def is_waiting(letters: Iterable[Letter], kind: str) -> bool:
    return any(letter.kind == kind and letter.is_open and letter.review.is_waiting for letter in letters)
