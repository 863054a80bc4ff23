"""How a session finds its person again: every page of somebody signed in asks for it."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from portal.web.prepared import ask

from .models import User


class AccountBackend(AuthenticationBackend):
    """Allauth's; the person of a session is read by a prepared query."""

    def get_user(self, user_id: int) -> User | None:
        found: list[User] = ask(_person, pk=int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None


def _person(*, pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)
