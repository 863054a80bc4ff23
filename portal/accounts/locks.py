"""Five wrong passwords in a row lock one account for ten minutes, wherever they come from (trust.md T-10).

The count belongs to the account, so neither another spelling of the name nor a forged address starts a new one, and
somebody else at the same gateway is not held up. A name that nobody has locks in the same way.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from .models import SignInLock, User

TRIES = 5
LOCK_MINUTES = 10


def account_called(name: str) -> User | None:
    """Return the account that ``name`` (a number or an e-mail address) belongs to."""
    found = get_user_by_username(name)
    if found is None and "@" in name:
        found = next(iter(filter_users_by_email(name, prefer_verified=True)), None)
    return found


def hash_of_name(name: str) -> str:
    """Return a keyed hash of a typed name: the same name gives the same hash, the hash does not give the name."""
    folded = name.strip().casefold().encode("utf-8", "replace")
    return hmac.new(f"sign-in-name:{settings.INDEX_KEY}".encode(), folded, hashlib.sha256).hexdigest()


def key_of(user: User | None, name: str) -> str:
    return f"user:{user.pk}" if user else f"name:{hash_of_name(name)}"


def claim_try(key: str, *, now: datetime) -> int:
    """Count one try before it is made and return its number; 0 when the account is locked and none may be made.

    Counting first keeps parallel guesses within the limit. ``forgive`` wipes the count after a right password.
    """
    try:
        with transaction.atomic():
            return _claim(key, now)
    except IntegrityError:  # two first tries at once: the other one made the row
        with transaction.atomic():
            return _claim(key, now)


def _claim(key: str, now: datetime) -> int:
    lock = SignInLock.objects.select_for_update().filter(key=key).first() or SignInLock(key=key, tried_at=now)
    if lock.until and lock.until > now:
        return 0
    if lock.until or lock.tried_at < now - timedelta(minutes=LOCK_MINUTES):
        lock.tries, lock.until = 0, None
    lock.tries += 1
    lock.tried_at = now
    if lock.tries >= TRIES:
        lock.until = now + timedelta(minutes=LOCK_MINUTES)
    lock.save()
    return lock.tries


def forgive(user: User) -> bool:
    """Lift the lock and wipe the count of ``user``; say whether there was any."""
    return bool(SignInLock.objects.filter(key=key_of(user, "")).delete()[0])


def is_locked(user: User) -> bool:
    return SignInLock.objects.filter(key=key_of(user, ""), until__gt=timezone.now()).exists()


def sweep_locks(now: datetime) -> int:
    """Remove what no longer counts; the table stays as small as one day's mistakes."""
    return SignInLock.objects.filter(tried_at__lt=now - timedelta(days=1)).delete()[0]
