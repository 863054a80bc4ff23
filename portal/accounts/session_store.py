"""Sessions in the database, read by a prepared query: every page of somebody signed in begins with one."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from portal.web.prepared import ask


class SessionStore(DatabaseSessionStore):
    """Django's store; only the read differs."""

    def _get_session_from_db(self) -> Session | None:
        found: list[Session] = ask(_session, key=self.session_key)
        if found and found[0].expire_date > timezone.now():
            return found[0]
        self._session_key = None
        return None


def _session(*, key: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key)
