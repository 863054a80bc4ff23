"""In which capacities somebody acts in a case: from duties on the tree, and from being contact or sponsor."""

from collections.abc import Iterable

from members.development.models import CultivationContact
from members.models import Member
from portal.access.rights import AnyUser, ancestor_paths, rights_of
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Organization

from ..engine.people import Role
from ..models import Case, Sponsor


def superiors_of(branches: Iterable[Organization]) -> dict[int, Organization]:
    """Return the nearest committee above each branch that can approve members, by the branch's key; one query."""
    branches = list(branches)
    paths = ancestor_paths(branch.path for branch in branches)
    by_path = {node.path: node for node in Organization.objects.filter(path__in=paths, can_approve_members=True)}
    found = {}
    for branch in branches:
        above = [path for path in ancestor_paths([branch.path]) if path in by_path and path != branch.path]
        if above:
            found[branch.pk] = by_path[above[-1]]
    return found


def superior_of(branch: Organization) -> Organization | None:
    """Return the nearest committee above ``branch`` that can approve members."""
    return superiors_of([branch]).get(branch.pk)


def roles_in(cases: Iterable[Case], user: User) -> dict[int, frozenset[Role]]:
    """Return in which capacities ``user`` may act in each case; the candidate is nothing but that. Three queries.

    The cases come with person and organization.
    """
    cases = list(cases)
    rights = rights_of(user)
    superiors = superiors_of({case.organization_id: case.organization for case in cases}.values())
    accompanied = set(
        CultivationContact.objects.current()
        .filter(contact__user=user, person__in=[case.person_id for case in cases])
        .values_list("person_id", flat=True)
    )
    vouched = set(
        Sponsor.objects.current()
        .filter(sponsor__user=user, case__in=[case.pk for case in cases])
        .values_list("case_id", flat=True)
    )
    found = {}
    for case in cases:
        path, superior = case.organization.path, superiors.get(case.organization_id)
        roles = set()
        if rights.holds_on(Duty.RECRUIT, path):
            roles.add(Role.BRANCH)
        if superior and rights.holds_on(Duty.APPROVE_MEMBERS, superior.path):
            roles |= {Role.SUPERIOR, Role.TRAINER}
        if rights.holds_on(Duty.KEEP_COURSES, path):
            roles.add(Role.TRAINER)
        if case.person_id in accompanied:
            roles.add(Role.CONTACT)
        if case.pk in vouched:
            roles.add(Role.SPONSOR)
        found[case.pk] = frozenset({Role.APPLICANT}) if case.person.user_id == user.pk else frozenset(roles)
    return found


def may_open_for(reader: AnyUser, member: Member) -> bool:
    """Say whether ``reader`` keeps the recruitment of the branch ``member`` belongs to; nobody opens the own case."""
    branch = member.organization
    return (
        branch is not None
        and branch.is_branch
        and member.user_id != reader.pk
        and rights_of(reader).holds_on(Duty.RECRUIT, branch.path)
    )
