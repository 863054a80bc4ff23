"""What forbids a record by its content: people, numbers and days inside it. One function per kind of details."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

from portal.rulesets.days import add_months, workdays_between

from . import clock
from .ballots import ballot, minutes
from .bans import refuse
from .course import DAY, Course
from .details import (
    ApplicationFact,
    ApprovalFact,
    ConsentFact,
    ContactNoteFact,
    ContactsFact,
    Heard,
    NominationFact,
    OpinionsFact,
    Outcome,
    PoliticalReviewFact,
    PreReviewFact,
    PublicityFact,
    PublicityResultFact,
    ReviewFact,
    SponsorsFact,
    SuperiorTalkFact,
    TalkFact,
    Topic,
    TrainingFact,
)
from .facts import Fact
from .people import Named
from .verdicts import Params, Refusal

TWO_WAYS = frozenset({Outcome.PASSED, Outcome.REJECTED})


def faults(course: Course, fact: Fact) -> list[Refusal]:
    """Return every rule that the content of ``fact`` breaks, exceptions not yet counted."""
    check = _BY_KIND.get(fact.kind)
    return [*check(course, fact, fact.details)] if check else []


def _ordered(course: Course, fact: Fact, *days: date | None) -> Iterator[Refusal]:
    known = [day for day in days if day]
    for first, second in zip(known, known[1:], strict=False):
        if first > second:
            yield refuse(course.rules, fact.step, "dates", first=first, second=second)


def _two_ways(course: Course, fact: Fact, outcome: Outcome) -> Iterator[Refusal]:
    if outcome not in TWO_WAYS:
        yield refuse(course.rules, fact.step, "outcome_unknown")


def _application(course: Course, fact: Fact, details: ApplicationFact) -> Iterator[Refusal]:
    yield from _ordered(course, fact, fact.on, details.received_on)


def _talk(course: Course, fact: Fact, details: TalkFact) -> Iterator[Refusal]:
    if details.talker.key == course.person.key:
        yield refuse(course.rules, fact.step, "talker")
    missing = len(set(Topic) - set(details.topics))
    if missing and "oath.within" in course.rules:  # itemised since the revision of 2026
        yield refuse(course.rules, fact.step, "topics", count=missing)


def _superior_talk(course: Course, fact: Fact, details: SuperiorTalkFact) -> Iterator[Refusal]:
    if details.talker.key == course.person.key:
        yield refuse(course.rules, fact.step, "talker")
    if details.talker.key in {sponsor.key for sponsor in course.sponsors}:
        yield refuse(course.rules, fact.step, "talker_sponsors")


def _nomination(course: Course, fact: Fact, details: NominationFact) -> Iterator[Refusal]:
    yield from _ordered(course, fact, course.day_of("apply"), details.recommended_on, fact.on)
    born, years = course.person.birth_date, course.rules.amount("nomination.league_until")
    is_young = born is not None and fact.on < add_months(born, 12 * years)
    if course.person.is_league_member and is_young and not details.by_league:
        yield refuse(course.rules, fact.step, "league", years=years)
    yield from minutes(course.rules, fact.step, details.minutes, Outcome.PASSED)


def _vouching(course: Course, fact: Fact, people: Iterable[Named], name: str) -> Iterator[Refusal]:
    seen: set[int] = set()
    for person in people:
        if person.key in seen:
            yield refuse(course.rules, fact.step, f"{name}_twice")
        if person.key == course.person.key:
            yield refuse(course.rules, fact.step, f"{name}_self")
        elif not person.may_vouch:
            yield refuse(course.rules, fact.step, f"{name}_not_full", name=person.name)
        seen.add(person.key)


def _contacts(course: Course, fact: Fact, details: ContactsFact) -> Iterator[Refusal]:
    least, most = course.rules.amount("contacts.min"), course.rules.amount("contacts.max")
    if not least <= len(details.contacts) <= most:
        yield refuse(course.rules, fact.step, "contacts_count", count=len(details.contacts), least=least, most=most)
    yield from _vouching(course, fact, details.contacts, "contact")
    yield from _replaced(course, fact, details.contacts, course.contacts)


def _sponsors(course: Course, fact: Fact, details: SponsorsFact) -> Iterator[Refusal]:
    need = course.rules.amount("sponsors.count")
    if len(details.sponsors) != need:
        yield refuse(course.rules, fact.step, "sponsors_count", count=len(details.sponsors), need=need)
    yield from _vouching(course, fact, details.sponsors, "sponsor")
    yield from _replaced(course, fact, details.sponsors, course.sponsors)


def _replaced(course: Course, fact: Fact, new: Iterable[Named], old: Iterable[Named]) -> Iterator[Refusal]:
    if old and {person.key for person in new} == {person.key for person in old}:
        yield refuse(course.rules, fact.step, "already", day=course.day_of(fact.step))


def _contact_note(course: Course, fact: Fact, details: ContactNoteFact) -> Iterator[Refusal]:
    if details.author.key not in {person.key for person in (*course.contacts, *course.sponsors)}:
        yield refuse(course.rules, fact.step, "author", name=details.author.name)


def _opinions(course: Course, fact: Fact, details: OpinionsFact) -> Iterator[Refusal]:
    asked = set(Heard)
    if not course.branch.has_groups:
        asked.discard(Heard.GROUP)
    if fact.step == "convert_congress":
        asked.discard(Heard.CONTACTS)
    if missing := asked - set(details.heard):
        yield refuse(course.rules, fact.step, "opinions", count=len(missing))


def _review(course: Course, fact: Fact, details: ReviewFact) -> Iterator[Refusal]:
    yield from _two_ways(course, fact, details.outcome)
    yield from minutes(course.rules, fact.step, details.minutes, details.outcome)


def _decision(course: Course, fact: Fact, details: ConsentFact | PreReviewFact) -> Iterator[Refusal]:
    yield from _two_ways(course, fact, details.outcome)


def _publicity(course: Course, fact: Fact, details: PublicityFact) -> Iterator[Refusal]:
    if details.purpose is not clock.PURPOSES.get(fact.step):
        yield refuse(course.rules, fact.step, "publicity_purpose")
        return
    yield from _ordered(course, fact, fact.on, details.starts_on, details.ends_on)
    need = clock.publicity_workdays(course, fact.step)
    have, _provisional = workdays_between(details.starts_on, details.ends_on, course.calendar)
    if have < need:
        day, _provisional = clock.publicity_through(details.starts_on, need, course.calendar)
        code = "publicity_short" if fact.step == "consent_publicity" else "publicity_local"
        yield refuse(course.rules, fact.step, code, have=have, need=need, day=day)


def _publicity_result(course: Course, fact: Fact, details: PublicityResultFact) -> Iterator[Refusal]:
    if details.purpose is not clock.PURPOSES.get(fact.step):
        yield refuse(course.rules, fact.step, "publicity_purpose")


def _political_review(course: Course, fact: Fact, details: PoliticalReviewFact) -> Iterator[Refusal]:
    yield from _two_ways(course, fact, details.outcome)
    if unanswered := sum(1 for letter in details.letters if letter.replied_on is None):
        yield refuse(course.rules, fact.step, "letters_open", count=unanswered)
    for letter in details.letters:
        yield from _ordered(course, fact, letter.sent_on, letter.replied_on)
    last = max((letter.replied_on for letter in details.letters if letter.replied_on), default=None)
    if last and last > fact.on:
        yield refuse(course.rules, fact.step, "letters_late", day=fact.on, replied=last)


def _training(course: Course, fact: Fact, details: TrainingFact) -> Iterator[Refusal]:
    yield from _ordered(course, fact, details.starts_on, details.ends_on, fact.on)
    need_hours, need_days = course.rules.amount("training.hours"), course.rules.amount("training.days")
    if details.hours < need_hours and details.days < need_days:
        params: Params = {"hours": details.hours, "days": details.days}
        params |= {"need_hours": need_hours, "need_days": need_days}
        yield refuse(course.rules, fact.step, "training_short", **params)
    if not details.has_passed:
        yield refuse(course.rules, fact.step, "training_failed")


def _approval(course: Course, fact: Fact, details: ApprovalFact) -> Iterator[Refusal]:
    yield from minutes(course.rules, fact.step, details.minutes, details.outcome)
    if fact.step == "approve":
        yield from _admission(course, fact, details)
    else:
        yield from _conversion(course, fact, details)


def _admission(course: Course, fact: Fact, details: ApprovalFact) -> Iterator[Refusal]:
    yield from _two_ways(course, fact, details.outcome)
    held, due, hard = course.day_of("congress"), clock.due(course, "approve"), clock.approval_hard(course)
    if held is None or details.outcome is not Outcome.PASSED:
        return
    if due and fact.on > due and not details.special_reason:
        yield refuse(course.rules, fact.step, "approval_late", due=due, hard=hard)
    last = add_months(held, course.rules.amount("probation.months")) - DAY
    if (details.probation_from, details.probation_to) != (held, last):
        yield refuse(course.rules, fact.step, "probation_dates", first=held, last=last)


def _conversion(course: Course, fact: Fact, details: ApprovalFact) -> Iterator[Refusal]:
    held = course.done.get("convert_congress")
    if held and details.outcome not in (Outcome.REJECTED, getattr(held.details, "outcome", None)):
        yield refuse(course.rules, fact.step, "approval_differs")
    if details.outcome is Outcome.PASSED and course.convert_on and details.standing_from != course.convert_on:
        yield refuse(course.rules, fact.step, "standing_date", day=course.convert_on)


_BY_KIND: dict[str, Callable[[Course, Fact, Any], Iterator[Refusal]]] = {
    "application": _application,
    "talk": _talk,
    "superior_talk": _superior_talk,
    "nomination": _nomination,
    "contacts": _contacts,
    "contact_note": _contact_note,
    "opinions": _opinions,
    "review": _review,
    "consent": _decision,
    "pre_review": _decision,
    "publicity": _publicity,
    "publicity_result": _publicity_result,
    "sponsors": _sponsors,
    "political_review": _political_review,
    "training": _training,
    "ballot": ballot,
    "approval": _approval,
}
