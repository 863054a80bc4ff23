"""Verbs on accounts for those who keep them; nobody here ever chooses a password for somebody else."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from portal.web.refusals import RuleError

from . import locks
from .models import User
from .signals import happened

KEPT_FIELDS = ("number", "name", "email", "is_active")


@transaction.atomic
def create_account(*, number: str, name: str, email: str | None = None, by: User | None) -> User:
    """Make an account without a password: its person chooses one by e-mail. Raises ``ValidationError`` by field."""
    user = User(number=number, name=name, email=email or None)
    user.set_unusable_password()
    user.full_clean()
    user.save()
    _tell("accounts.created", user, by=by, changes={"number": ["", number], "name": ["", name]})
    return user


@transaction.atomic
def change_account(user: User, *, by: User, **fields: Any) -> User:
    """Change the kept fields of an account; a new address ends the trust put in the old ones.

    Raises ``RuleError`` when people would shut out themselves, ``ValidationError`` when a field does not fit.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    changes = {}
    for name in KEPT_FIELDS:
        if name in fields and fields[name] != getattr(user, name):
            changes[name] = [getattr(user, name), fields[name]]
            setattr(user, name, fields[name])
    if not changes:
        return user
    if user.pk == by.pk and not user.is_active:
        raise RuleError(_("You cannot close your own account."))
    user.email = user.email or None
    user.full_clean(exclude=["password"])
    user.save(update_fields=list(changes))
    if "email" in changes:
        EmailAddress.objects.filter(user=user).delete()
        changes["email"] = ["***", "***"]
    _tell("accounts.changed", user, by=by, changes=changes)
    return user


def unlock(user: User, *, by: User | None) -> bool:
    """Lift the lock after wrong passwords; say whether there was one."""
    lifted = locks.forgive(user)
    if lifted:
        _tell("accounts.unlocked", user, by=by)
    return lifted


def reset_sent(user: User, *, by: User) -> None:
    """Tell the trail that ``by`` had the mail for a new password sent to ``user``."""
    _tell("accounts.reset_sent", user, by=by)


def _tell(verb: str, user: User, *, by: User | None, changes: dict[str, list[Any]] | None = None) -> None:
    happened.send(User, verb=verb, user=user, by=by, outcome="done", changes=changes or {})
