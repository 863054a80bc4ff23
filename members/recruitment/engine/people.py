"""The people and nodes that a case names, each with the standing of the day in question."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """The codes of ``portal.organizations.models.Standing``, without its database."""

    MASS = "mass"
    APPLICANT = "applicant"
    ACTIVIST = "activist"
    DEVELOPMENT_TARGET = "development_target"
    PROBATIONARY = "probationary"
    FULL_MEMBER = "full_member"


class Role(StrEnum):
    """In which capacity somebody acts in a case."""

    APPLICANT = "applicant"
    BRANCH = "branch"
    COMMITTEE = "committee"  # the branch's own; where there is none, the congress acts
    CONGRESS = "congress"
    CONTACT = "contact"
    SPONSOR = "sponsor"
    TRAINER = "trainer"  # party school of the base-level committee
    SUPERIOR = "superior"  # nearest committee that can approve members
    UPPER = "upper"  # the superior's superior


@dataclass(frozen=True, slots=True)
class Named:
    """A person named in a fact, as they stood on the day of that fact; ``key`` is of the same kind as ``Fact.by``."""

    key: int
    name: str
    standing: Standing = Standing.FULL_MEMBER
    is_sanctioned: bool = False  # observation within the party: no vote, no sponsoring
    is_active: bool = True  # membership neither suspended nor ended

    @property
    def may_vouch(self) -> bool:
        """Say whether this person may be contact or sponsor (XZ26 9, 14)."""
        return self.standing == Standing.FULL_MEMBER and self.is_active and not self.is_sanctioned


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """The candidate; ``leaves_on`` is the expected graduation or leave, ``barred_until`` the end of a bar to rejoin."""

    key: int
    birth_date: date | None
    leaves_on: date | None = None
    is_league_member: bool = False
    barred_until: date | None = None


@dataclass(frozen=True, slots=True)
class BranchFacts:
    """The branch that holds the case: with fewer than seven full members it has no committee and the congress acts.

    ``committees`` says from which day on that was otherwise, oldest first: what a record asked for depends on its day.
    """

    key: int = 0
    has_committee: bool = True
    has_groups: bool = True
    is_temporary: bool = False
    committees: tuple[tuple[date, bool], ...] = ()

    def has_committee_on(self, day: date) -> bool:
        """Say whether there was a committee on ``day``; of earlier times the first that is known counts."""
        found = self.committees[0][1] if self.committees else self.has_committee
        for since, has_committee in self.committees:
            if since <= day:
                found = has_committee
        return found


@dataclass(frozen=True, slots=True)
class MoveFact:
    """A change of unit: cultivation time goes on only where the material was handed over (XZ14 12)."""

    on: date
    from_branch: int
    to_branch: int
    is_handed_over: bool


@dataclass(frozen=True, slots=True)
class ExceptionFact:
    """A superior's recorded leave to pass one rule in this case; ``rule`` is the code of a refusal."""

    rule: str
    on: date
    by: int
    node: int
    is_superior: bool  # the node can approve members and stands above the branch
    reason: str
