"""Whom the schedule tells of a case: offices of its branch and of those above, and the people who accompany it.

Everything is read for many branches or cases at once; nobody is asked about one case alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from members.development.models import CultivationContact
from portal.access.rights import ancestor_paths
from portal.organizations.duties import Duty
from portal.organizations.models import Organization, OrganizationUserObjectPermission

from ..engine.people import Role
from ..models import Case, Sponsor
from .acting import superiors_of

People = frozenset[int]
NOBODY: People = frozenset()
_DUTIES = (Duty.RECRUIT, Duty.APPROVE_MEMBERS, Duty.KEEP_COURSES)


@dataclass(frozen=True, slots=True)
class Office:
    """Who holds a duty on the nearest node, and who answers one node higher: told when a week has passed."""

    people: People = NOBODY
    above: People = NOBODY

    def at(self, level: int) -> People:
        return self.people | self.above if level else self.people


Offices = Mapping[Role, Office]


def offices_of(branches: Iterable[Organization], on: date) -> dict[int, Offices]:
    """Return the offices that act for each branch, by its key; two statements.

    Of the branch itself those are told who keep recruitment there; where nobody does, the nearest node that has
    somebody. A committee's office is that of the nearest committee that can approve members.
    """
    branches = list(branches)
    superiors = superiors_of(branches)
    held = _held(branches, on)
    found: dict[int, Offices] = {}
    for branch in branches:
        superior = superiors.get(branch.pk)
        keeping, kept_at = _nearest(held, (Duty.RECRUIT,), branch.path)
        deciding, decided_at = _nearest(held, (Duty.APPROVE_MEMBERS,), superior.path) if superior else (NOBODY, "")
        training, _there = _nearest(held, (Duty.KEEP_COURSES,), branch.path)
        found[branch.pk] = {
            Role.BRANCH: Office(keeping, _above(held, (Duty.RECRUIT, Duty.APPROVE_MEMBERS), kept_at)),
            Role.SUPERIOR: Office(deciding, _above(held, (Duty.APPROVE_MEMBERS,), decided_at)),
            Role.TRAINER: Office(training or deciding),
        }
    return found


def _held(branches: Iterable[Organization], on: date) -> dict[tuple[str, str], set[int]]:
    rows = (
        OrganizationUserObjectPermission.objects.filter(
            permission__codename__in=[str(duty) for duty in _DUTIES],
            content_object__path__in=ancestor_paths(branch.path for branch in branches),
            user__is_active=True,
        )
        .exclude(until__lt=on)
        .values_list("permission__codename", "content_object__path", "user_id")
    )
    held: dict[tuple[str, str], set[int]] = {}
    for duty, path, user_id in rows:
        held.setdefault((duty, path), set()).add(user_id)
    return held


def _nearest(held: Mapping[tuple[str, str], set[int]], duties: Iterable[Duty], path: str) -> tuple[People, str]:
    """Return who holds one of ``duties`` on the nearest node at or above ``path``, and where that is."""
    duties = list(duties)
    for there in reversed(ancestor_paths([path]) if path else []):
        if people := set().union(*(held.get((str(duty), there), ()) for duty in duties)):
            return frozenset(people), there
    return NOBODY, ""


def _above(held: Mapping[tuple[str, str], set[int]], duties: Iterable[Duty], path: str) -> People:
    return _nearest(held, duties, path[: -Organization.steplen])[0] if path else NOBODY


@dataclass(frozen=True, slots=True)
class Circle:
    """Everybody whom reminders of one case can reach. The candidate is told as candidate and in no other capacity."""

    candidate: int
    offices: Offices
    contacts: People = NOBODY
    sponsors: People = NOBODY

    def told(self, role: Role, level: int = 0) -> People:
        """Return whom a reminder for ``role`` reaches; what a companion leaves undone is told to the branch."""
        if role is Role.APPLICANT:
            return frozenset({self.candidate})
        if role in (Role.CONTACT, Role.SPONSOR):
            people = self.contacts if role is Role.CONTACT else self.sponsors
            if level or not people:
                people |= self.offices[Role.BRANCH].people
        else:
            people = self.offices[role].at(level)
        return people - {self.candidate}

    def roles_of(self, user_id: int) -> frozenset[Role]:
        """Return in which capacities ``user_id`` is told in due time."""
        roles = (Role.APPLICANT, Role.BRANCH, Role.SUPERIOR, Role.TRAINER, Role.CONTACT, Role.SPONSOR)
        return frozenset(role for role in roles if user_id in self.told(role))


def circles_of(cases: Iterable[Case], on: date, *, offices: Mapping[int, Offices] | None = None) -> dict[int, Circle]:
    """Return the circle of each case, by its key; four statements, two where the offices are known.

    The cases come with person and organization.
    """
    cases = list(cases)
    if offices is None:
        offices = offices_of({case.organization_id: case.organization for case in cases}.values(), on)
    contacts = _by_key(
        CultivationContact.objects.current()
        .filter(person__in=[case.person_id for case in cases])
        .values_list("person_id", "contact__user_id")
    )
    sponsors = _by_key(
        Sponsor.objects.current()
        .filter(case__in=[case.pk for case in cases])
        .values_list("case_id", "sponsor__user_id")
    )
    return {
        case.pk: Circle(
            case.person.user_id,
            offices[case.organization_id],
            contacts.get(case.person_id, NOBODY),
            sponsors.get(case.pk, NOBODY),
        )
        for case in cases
    }


def _by_key(rows: Iterable[tuple[int, int]]) -> dict[int, People]:
    found: dict[int, set[int]] = {}
    for key, user_id in rows:
        found.setdefault(key, set()).add(user_id)
    return {key: frozenset(people) for key, people in found.items()}
