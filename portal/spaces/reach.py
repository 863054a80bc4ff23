"""Who may see what stands in a space: one condition for stream, posts, documents, search and files."""

from django.db.models import Q

from portal.access.policy import NOTHING
from portal.access.rights import AnyUser, ancestor_paths, rights_of, under
from portal.audiences.models import Visibility
from portal.audiences.services import visible_to
from portal.organizations.duties import Duty
from portal.organizations.models import Organization

from .models import Reach

# Duties whose holders on a node or above see what its people see.
WATCHING = (Duty.SEE_PEOPLE, Duty.MODERATE, Duty.KEEP_BOARDS)


def in_space(user: AnyUser, prefix: str = "organization") -> Q:
    """Return the condition that ``user`` belongs to the node at ``prefix`` or below it, or watches over it."""
    rights = rights_of(user)
    if rights.user_id is None:
        return NOTHING
    watched = {path for duty in WATCHING for path in rights.duties.get(duty, ())}
    lookup = f"{prefix}__path__in" if prefix else "path__in"
    return Q(**{lookup: ancestor_paths(rights.belongs_to)}) | under(prefix, sorted(watched))


def seen_by(user: AnyUser, *, prefix: str = "") -> Q:
    """Return the condition that a row with ``ReachMixin`` reaches ``user``; ``prefix`` as in ``visible_to``."""
    seen = Q(**{f"{prefix}visibility": Visibility.PUBLIC})
    if user.is_authenticated:
        seen |= Q(**{f"{prefix}visibility": Visibility.INTERNAL})
        seen |= Q(**{f"{prefix}visibility": Reach.SPACE}) & in_space(user, f"{prefix}organization")
    return seen


def entry_seen_by(user: AnyUser) -> Q:
    """Return the condition that an entry of a stream reaches ``user``: audiences of the rooms' contents too."""
    space = Q(visibility=Reach.SPACE) & in_space(user) if user.is_authenticated else NOTHING
    return visible_to(user) | space


def may_publish(user: AnyUser, organization: Organization) -> bool:
    """Say whether ``user`` may show something of the space to people who are not signed in."""
    return rights_of(user).holds_on(Duty.PUBLISH_NEWS, organization.path)
