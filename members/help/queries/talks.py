"""The plan of talks of a branch and a year: what is planned, what was held, who is still without."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.organizations.models import Organization
from portal.rulesets.words import article_words

from ..models import HeartTalk, TalkState
from ..rules.talks import MissingTalk, TalkKind, missing_talks, wanted_talks
from .limits import wants_on
from .places import committee_of, party_members


@dataclass(frozen=True, slots=True)
class Gap:
    """A pair or a member without enough talks, in words."""

    words: str
    is_planned: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of talk in a year: what is asked, how much of it is done, and the gaps."""

    label: Any
    asked: str
    article: str
    gaps: list[Gap]
    wanted: int

    @property
    def done(self) -> int:
        return self.wanted - len(self.gaps)


@dataclass(slots=True)
class YearPlan:
    """A branch's year of talks."""

    branch: Organization
    year: int
    members: dict[int, User]
    committee: set[int]
    missing: list[MissingTalk]
    talks: list[HeartTalk]
    parts: list[Part] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return not self.missing


def talks_of(branch: Organization, year: int) -> QuerySet[HeartTalk]:
    """Return the talks of a branch and year, without what was said in them."""
    return HeartTalk.objects.without_record().filter(organization=branch, year=year).order_by("state", "pk")


def year_plan(branch: Organization, year: int, *, on: date) -> YearPlan:
    """Return what a year of ``branch`` holds and lacks as of ``on``; four queries for any number of people.

    A year that has passed is asked as of its last day.
    """
    last = date(year, 12, 31)
    day = last if last < on else on
    members = party_members(branch, on=last if last < on else None)
    committee = committee_of(branch, on=day) & set(members)
    talks = list(talks_of(branch, year))
    counted = [talk.pair for talk in talks if talk.is_confirmed]
    wants = wants_on(day)
    missing = missing_talks(committee, set(members), counted, wants)
    plan = YearPlan(branch, year, members, committee, missing, talks)
    wanted = wanted_talks(committee, set(members))
    pending = {talk.pair for talk in talks if talk.state == TalkState.PLANNED}
    for kind, want in wants.items():
        gaps = [_gap(gap, plan, pending) for gap in missing if gap.kind == kind]
        asked = _("at least %(times)d a year") % {"times": want.times}
        plan.parts.append(Part(kind.label, asked, article_words(want.article), gaps, wanted[kind]))
    return plan


def _gap(gap: MissingTalk, plan: YearPlan, pending: set[tuple[int, int]]) -> Gap:
    words = " · ".join(plan.members[pk].name for pk in gap.people)
    if gap.kind == TalkKind.COMMITTEE_COMMITTEE:
        planned = tuple(gap.people) in pending
    else:
        with_committee = gap.kind == TalkKind.COMMITTEE_MEMBER
        person = gap.people[0]
        others = [other for pair in pending if person in pair for other in pair if other != person]
        planned = any((other in plan.committee) == with_committee for other in others)
    return Gap(words, planned)


def own_talks(user: Any) -> QuerySet[HeartTalk]:
    """Return one's own talks, newest first, without the records."""
    return HeartTalk.objects.without_record().of_person(user.pk).order_by("-year", "state", "-pk")
