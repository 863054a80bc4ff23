"""The candidate's own page: what was decided, and what the rules say to everybody at that point. Nothing else is read.

What a branch is deliberating (the step a case is at, what is missing, since when) has no way in here.
"""

from dataclasses import dataclass
from datetime import date

from members.development.models import CultivationContact
from members.models import Member
from portal.accounts.models import User
from portal.organizations.models import Standing

from ..letters import Probation, talk_due
from ..models import Case, CaseState, Letter, LetterKind, Paper, Sponsor, StepRecord
from ..records import from_json
from .letters import own_letters, probation_of, rules_on
from .own import OwnWay, own_papers, own_way


@dataclass(frozen=True, slots=True)
class MyWay:
    """All that is shown to the person ``member`` of the own way."""

    member: Member
    way: OwnWay | None
    standing: Standing
    letters: tuple[Letter, ...]
    papers: tuple[Paper, ...]
    contacts: tuple[Member, ...]
    sponsors: tuple[Member, ...]
    probation: Probation | None
    talk_by: date | None
    talk_article: str

    def letter(self, kind: str) -> Letter | None:
        """Return the letter of ``kind`` that is under way."""
        return next((letter for letter in self.letters if letter.kind == kind and letter.is_open), None)

    @property
    def admission(self) -> Letter | None:
        return self.letter(LetterKind.ADMISSION)

    @property
    def conversion(self) -> Letter | None:
        return self.letter(LetterKind.CONVERSION)


def member_of(user: User) -> Member | None:
    """Return the archive of ``user``; accounts of the portal's own service have none."""
    return Member.objects.with_person().filter(user=user).first()


def my_way(user: User, *, on: date) -> MyWay | None:
    """Return the own way of ``user`` on a day; ``None`` for an account without an archive."""
    member = member_of(user)
    if member is None:
        return None
    way = own_way(user)
    case = Case.objects.filter(person=member, state=CaseState.OPEN).select_related("organization").first()
    standing = Standing(way.standing if way and way.is_open else member.standing)
    letters = tuple(own_letters(user))
    talk_by, article = _talk(member, case, letters, on)
    return MyWay(
        member=member,
        way=way,
        standing=standing,
        letters=letters,
        papers=tuple(own_papers(user)),
        contacts=tuple(_contacts(member)),
        sponsors=tuple(_sponsors(case)) if case and standing == Standing.PROBATIONARY else (),
        probation=probation_of(case, on=on),
        talk_by=talk_by,
        talk_article=article,
    )


def _contacts(member: Member) -> list[Member]:
    rows = CultivationContact.objects.current().filter(person=member).order_by("place")
    return [row.contact for row in rows.select_related("contact__user", "contact__organization")]


def _sponsors(case: Case) -> list[Member]:
    """Return who vouched for a probationary member: the congress that admitted them heard both."""
    rows = Sponsor.objects.current().filter(case=case).order_by("place")
    return [row.sponsor for row in rows.select_related("sponsor__user", "sponsor__organization")]


def _talk(member: Member, case: Case | None, letters: tuple[Letter, ...], on: date) -> tuple[date | None, str]:
    """Return by when the branch owes an applicant the talk, and the article; whether it was held does not matter."""
    waiting = next((row for row in letters if row.is_open and row.kind == LetterKind.ADMISSION), None)
    received = None
    if case is not None and case.standing == Standing.APPLICANT:
        row = StepRecord.objects.valid().filter(case=case, step="apply").order_by("pk").last()
        received = from_json(row.kind, row.details).received_on if row else None  # type: ignore[attr-defined]
    elif case is None and waiting and waiting.review.is_waiting:
        received = waiting.submitted_on
    if received is None:
        return None, ""
    rule = rules_on(member, received)["talk.after_application"]
    return talk_due(received, rule.amount), rule.article
