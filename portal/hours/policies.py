"""Who sees hours: the person; and who sees learning records or keeps the archive where the person belongs today."""

from collections.abc import Mapping
from typing import ClassVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.access.policy import NOTHING, Policy, policy_for
from portal.access.rights import AnyUser, ancestor_paths, rights_of, under
from portal.accounts.models import User
from portal.organizations.duties import Duty
from portal.organizations.models import Affiliation, OrganizationUserObjectPermission

from .models import HourEntry

READING = (Duty.SEE_LEARNING, Duty.KEEP_RECORDS)


def people_read(user: AnyUser) -> QuerySet[User]:
    """Return the people whose hours ``user`` may see by duty, whether they have any or not."""
    paths = {path for duty in READING for path in rights_of(user).duties.get(str(duty), ())}
    there = Affiliation.objects.filter(under("organization", sorted(paths)), user=OuterRef("pk"), until=None)
    return User.objects.filter(Exists(there))


@policy_for(HourEntry)
class HourEntryPolicy(Policy):
    """An entry hangs on its person, not on whoever held the occasion: it is kept where the person belongs."""

    duties: ClassVar[Mapping[str, str | tuple[str, ...]]] = {
        "view": READING,
        "annul": Duty.KEEP_RECORDS,
    }

    def own(self, user: AnyUser, action: str) -> Q:
        return Q(person=user.pk) if user.is_authenticated and action == "view" else NOTHING

    def condition(self, user: AnyUser, action: str) -> Q:
        if action not in self.actions:
            return NOTHING
        return self.own(user, action) | (self.by_duty(user, action) or NOTHING)

    def by_duty(self, user: AnyUser, action: str) -> Q | None:
        paths = sorted({path for duty in self._needed(action) for path in rights_of(user).duties.get(duty, ())})
        if not paths:
            return None
        there = Affiliation.objects.filter(under("organization", paths), user=OuterRef("person"), until=None)
        found = Q(Exists(there))
        # Nobody takes back what counts for oneself.
        return found if action == "view" else found & ~Q(person=user.pk)

    def holders(self, obj: Model, action: str) -> QuerySet[User]:
        assert isinstance(obj, HourEntry)
        paths = Affiliation.objects.filter(user=obj.person_id, until=None).values_list("organization__path", flat=True)
        held = OrganizationUserObjectPermission.objects.filter(
            permission__codename__in=self._needed(action), content_object__path__in=ancestor_paths(paths)
        ).exclude(until__lt=timezone.localdate())
        people = User.objects.filter(is_active=True, pk__in=held.values("user_id"))
        return people if action == "view" else people.exclude(pk=obj.person_id)

    def _needed(self, action: str) -> tuple[str, ...]:
        needed = self.duties.get(action, ())
        return tuple(str(duty) for duty in ((needed,) if isinstance(needed, str) else needed))
