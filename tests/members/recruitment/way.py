"""A lawful way of one person of the world through all steps, as calls of the services on the days they happen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import time_machine
from django.conf import settings
from django.test import Client

from members.models import Member
from members.recruitment import services
from members.recruitment.engine.details import (
    ApplicationFact,
    ContactNoteFact,
    ContactsFact,
    Details,
    SponsorsFact,
    SuperiorTalkFact,
    TalkFact,
)
from members.recruitment.engine.facts import CaseFacts, Fact
from members.recruitment.engine.people import Named, Role
from members.recruitment.models import Case, StepRecord
from members.recruitment.services import Filed
from portal.accounts.models import User
from portal.organizations.models import Standing
from portal.rulesets.queries import calendar
from tests.factories.dossiers import FIRST, SECOND, TALKER, clean_dossier
from tests.factories.people import make_member
from tests.world import World

APPLIED_ON = date(2027, 3, 1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(day: date) -> time_machine.travel:
    """Return a journey to the noon of a day."""
    return time_machine.travel(datetime.combine(day, time(12), SHANGHAI), tick=False)


@dataclass
class Cast:
    """Who acts: the branch's secretary, the committee's staff, the party school, and four full members."""

    world: World
    person: Member
    people: dict[int, Member]

    def actor(self, role: Role) -> User:
        names = {Role.BRANCH: "secretary", Role.SUPERIOR: "college", Role.TRAINER: "lecturer"}
        if role is Role.APPLICANT:
            return User.objects.get(pk=self.person.user_id)
        if role in names:
            return self.world.user(names[role])
        return User.objects.get(pk=self.people[FIRST.key].user_id)

    def client_of(self, user: User) -> Client:
        """Return a browser in which ``user`` is signed in."""
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return client

    def named(self, details: Details) -> Details:
        """Return ``details`` with the people of the world in place of those of the dossier."""
        if isinstance(details, ContactsFact):
            return replace(details, contacts=tuple(map(self._named, details.contacts)))
        if isinstance(details, SponsorsFact):
            return replace(details, sponsors=tuple(map(self._named, details.sponsors)))
        if isinstance(details, (TalkFact, SuperiorTalkFact)):
            return replace(details, talker=self._named(details.talker))
        if isinstance(details, ContactNoteFact):
            return replace(details, author=self._named(details.author))
        return details

    def _named(self, person: Named) -> Named:
        member = self.people[person.key]
        return Named(member.user_id, member.user.name)


def make_cast(world: World, since: date | None = None) -> Cast:
    """Give the branch seven full members and an applicant-to-be of nineteen years."""
    day = since or world.since
    people = {
        key: make_member(world.branch, Standing.FULL_MEMBER, on=day) for key in (FIRST.key, SECOND.key, TALKER.key)
    }
    person = make_member(world.branch, Standing.MASS, on=day, birth_date=date(2007, 1, 1))
    make_member(world.branch, Standing.FULL_MEMBER, on=day)
    return Cast(world, person, people)


def dossier(applied_on: date = APPLIED_ON) -> CaseFacts:
    return clean_dossier(applied_on, calendar=calendar())


def papers_of(fact: Fact) -> tuple[Filed, ...]:
    return tuple(Filed(paper.kind, paper.dated_on, paper.is_signed) for paper in fact.documents)


def take(cast: Cast, case: Case | None, fact: Fact) -> StepRecord:
    """Record ``fact`` on its own day by whose turn it is; the first opens the case."""
    details, by = cast.named(fact.details), cast.actor(fact.role)
    if isinstance(details, ApplicationFact):
        person = Member.objects.select_related("user", "organization").get(pk=cast.person.pk)
        opened = services.open_case(person, on=fact.on, details=details, by=by, documents=papers_of(fact))
        return opened.records.get()
    assert case is not None
    return services.record(case, fact.step, on=fact.on, details=details, by=by, documents=papers_of(fact))


def walk(cast: Cast, facts: CaseFacts, through: str | None = None, before: str | None = None) -> Iterator[StepRecord]:
    """Record the dossier day by day; stop after step ``through``, or before the first record of ``before``."""
    case = None
    last = max((n for n, fact in enumerate(facts.records) if fact.step == through), default=len(facts.records))
    for fact in facts.records[: last + 1]:
        if fact.step == before:
            return
        with at(fact.on):
            row = take(cast, case, fact)
        case = row.case
        yield row


def case_at(cast: Cast, *, through: str | None = None, before: str | None = None) -> Case:
    """Return the case as it stands after a step of the lawful way, or just before one."""
    for row in walk(cast, dossier(), through=through, before=before):
        last = row
    return Case.objects.with_people().get(pk=last.case_id)
