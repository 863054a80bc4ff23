"""Where an account is signed in, and how one of its sessions is ended from another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.web.refusals import RuleError

from .devices import Device, device_of
from .models import User
from .signals import happened

# Keys of the session: when it began and when its person was last there, in seconds since 1970.
BEGAN, SEEN = "session_began", "session_seen"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where the account is signed in, as its person sees it."""

    pk: int
    device: Device
    address: str
    began_at: datetime
    seen_at: datetime
    is_here: bool


def open_sessions(user: User, *, here: str, at: datetime) -> list[OpenSession]:
    """Return the sessions of ``user`` that still open a page, the one with the key ``here`` first, then the latest.

    Two statements, however many there are. What has run out, or was signed in with a former password, is left out.
    """
    rows = {row.session_key: row for row in UserSession.objects.filter(user_id=user.pk)}
    found = []
    for session in Session.objects.filter(session_key__in=list(rows), expire_date__gt=at):
        data, row = session.get_decoded(), rows[session.session_key]
        seen_at = datetime.fromtimestamp(data[SEEN], UTC) if SEEN in data else row.last_seen_at
        idle = at - seen_at > timedelta(minutes=settings.SESSION_IDLE_MINUTES)
        is_here = row.session_key == here
        if is_here or (data.get(HASH_SESSION_KEY) == user.get_session_auth_hash() and not idle):
            device = device_of(row.user_agent)
            found.append(OpenSession(row.pk, device, row.ip, row.created_at, seen_at, is_here))
    return sorted(found, key=lambda one: (one.is_here, one.seen_at), reverse=True)


@transaction.atomic
def end_session(session: UserSession, *, here: str, by: User) -> None:
    """Sign the account out of ``session`` at once; raise ``RuleError`` for the one with the key ``here``."""
    if session.session_key == here:
        raise RuleError(_("This is the session you are using. Sign out to end it."))
    _end([session], by=by)


@transaction.atomic
def end_other_sessions(user: User, *, here: str) -> int:
    """Sign ``user`` out everywhere but in the session with the key ``here``; return how many sessions that ended."""
    others = list(UserSession.objects.filter(user_id=user.pk).exclude(session_key=here))
    alive = {one.pk for one in open_sessions(user, here=here, at=timezone.now()) if not one.is_here}
    if others:
        _end(others, by=user, told=[row for row in others if row.pk in alive])
    return len(alive)


def _end(rows: list[UserSession], *, by: User, told: Iterable[UserSession] | None = None) -> None:
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    UserSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows if told is None else told:
        device = device_of(row.user_agent)
        changes = {"session": [f"{device.browser} {device.system}".strip(), ""]}
        happened.send(User, verb="accounts.session_ended", user=by, by=by, outcome="done", changes=changes)
