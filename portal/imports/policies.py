"""Who may see and decide an import: the person who brought it, as long as the duty lasts."""

from django.db.models import Q

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, rights_of, under
from portal.organizations.duties import Duty

from .models import ImportRow, ImportRun


def _mine(user: AnyUser, prefix: str = "") -> Q:
    """Return the imports that ``user`` brought in, where the duty to import is still held."""
    held = rights_of(user).duties.get(Duty.IMPORT_ROSTERS, ())
    if not held:
        return NOTHING
    return Q(**{f"{prefix}by_id": user.pk}) & under(f"{prefix}organization", held)


@policy_for(ImportRun)
class ImportRunPolicy(Policy):
    """A list in preparation is private to the one who brought it: it may hold what the archive will not."""

    more_actions = ("view", "change")

    def own(self, user: AnyUser, action: str) -> Q:
        return _mine(user)


@policy_for(ImportRow)
class ImportRowPolicy(Policy):
    more_actions = ("view",)

    def own(self, user: AnyUser, action: str) -> Q:
        return _mine(user, "run__")
