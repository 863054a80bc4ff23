"""Policies of the ground floor: accounts, the tree, affiliations and appointments."""

from allauth.usersessions.models import UserSession
from django.db.models import Exists, OuterRef, Q

from portal.accounts.models import AccountMail, KnownDevice, SignInLock, User
from portal.organizations.duties import Duty
from portal.organizations.models import (
    BRANCH_TYPES,
    Affiliation,
    Appointment,
    Organization,
    OrganizationLink,
    OrganizationParent,
)

from .policy import EVERYTHING, NOTHING, Policy, policy_for
from .rights import AnyUser, ancestor_paths, rights_of, under


@policy_for(Organization)
class OrganizationPolicy(Policy):
    """Every signed-in person sees the tree; what stands on a node is guarded by its own policy."""

    node = ""
    more_actions = ("view",)
    duties = {
        "see_people": Duty.SEE_PEOPLE,
        "change": Duty.KEEP_TREE,
        "add": Duty.KEEP_TREE,
        "appoint": Duty.APPOINT,
        "import": Duty.IMPORT_ROSTERS,
        "export": Duty.EXPORT_LISTS,
        "notify": Duty.SEND_NOTICES,
        "keep_boards": Duty.KEEP_BOARDS,
        "write_news": Duty.WRITE_NEWS,
        "keep_courses": Duty.KEEP_COURSES,
        "set_rules": Duty.KEEP_RULES,
        "see_life": (Duty.SEE_MEETINGS, Duty.HOLD_MEETINGS, Duty.SUPERVISE_LIFE),
        "supervise_life": Duty.SUPERVISE_LIFE,
        "hold_meetings": Duty.HOLD_MEETINGS,
        "write_in_space": (Duty.SEND_NOTICES, Duty.KEEP_BOARDS),
        "keep_documents": (Duty.SEND_NOTICES, Duty.KEEP_BOARDS),
    }

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        if action == "write_in_space":
            # The people of a node; those of the groups of a branch in the branch as well.
            paths = rights_of(user).belongs_to
            return Q(path__in=paths) | Q(path__in=ancestor_paths(paths), org_type__in=BRANCH_TYPES)
        return EVERYTHING if action == "view" else NOTHING


@policy_for(Affiliation)
class AffiliationPolicy(Policy):
    node = "organization"
    duties = {
        "view": Duty.SEE_PEOPLE,
        "add": Duty.KEEP_RECORDS,
        "change": Duty.KEEP_RECORDS,
        "export": Duty.EXPORT_LISTS,
    }

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(user_id=user.pk) if action == "view" and user.is_authenticated else NOTHING


@policy_for(Appointment)
class AppointmentPolicy(Policy):
    """Posts are known to all who are signed in; they are given and taken by those who appoint."""

    node = "organization"
    more_actions = ("view",)
    duties = {"add": Duty.APPOINT, "change": Duty.APPOINT}

    def own(self, user: AnyUser, action: str) -> Q:
        return EVERYTHING if action == "view" and user.is_authenticated else NOTHING


@policy_for(OrganizationLink)
class OrganizationLinkPolicy(Policy):
    """What became of a node is part of the tree: known to all who are signed in."""

    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        return EVERYTHING if action == "view" and user.is_authenticated else NOTHING


@policy_for(OrganizationParent)
class OrganizationParentPolicy(Policy):
    """Where a node hung earlier is part of the tree: known to all who are signed in."""

    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        return EVERYTHING if action == "view" and user.is_authenticated else NOTHING


@policy_for(User)
class UserPolicy(Policy):
    """An account is seen where its person belongs; it is kept by those who keep accounts."""

    node = None
    more_actions = ("view", "change", "add")

    def own(self, user: AnyUser, action: str) -> Q:
        if not user.is_authenticated:
            return NOTHING
        rights = rights_of(user)
        kept = rights.duties.get(Duty.KEEP_ACCOUNTS, ())
        if action in ("change", "add"):
            return EVERYTHING if kept else NOTHING
        if action != "view":
            return NOTHING
        if kept:
            return EVERYTHING
        here = Affiliation.objects.filter(user=OuterRef("pk"), until=None).filter(
            under("organization", rights.duties.get(Duty.SEE_PEOPLE, ()))
        )
        return Q(pk=user.pk) | Q(Exists(here))


@policy_for(SignInLock)
class SignInLockPolicy(Policy):
    """Seen by nobody: a lock is lifted through the account."""


@policy_for(KnownDevice)
class KnownDevicePolicy(Policy):
    """Seen by nobody: the portal compares it, people see their sessions."""


@policy_for(AccountMail)
class AccountMailPolicy(Policy):
    """Seen by nobody: it holds links that open an account."""


@policy_for(UserSession)
class UserSessionPolicy(Policy):
    """Each person sees and ends their own sessions; those of others do not exist for them."""

    more_actions = ("end",)

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(user_id=user.pk) if user.is_authenticated else NOTHING
