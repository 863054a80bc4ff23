"""What the trail hears: changes on the tree, signing in and out, keys of an account."""

from collections.abc import Iterable
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out

from portal.accounts import signals as accounts
from portal.accounts.models import User
from portal.organizations import signals as organizations

from .services import record, record_many


def tree_changed(
    sender: Any, *, verb: str, instance: Any, by: User | None, changes: dict, reason: str = "", **kwargs: Any
) -> None:
    record(verb, instance, by=by, changes=changes, reason=reason, about=getattr(instance, "user", None))


def tree_changed_for_many(
    sender: Any, *, verb: str, rows: Iterable[tuple], by: User | None, reason: str, **kwargs: Any
) -> None:
    record_many(verb, rows, by=by, reason=reason)


def account_told(
    sender: Any, *, verb: str, user: User | None, by: User | None, outcome: str, changes: dict, **kwargs: Any
) -> None:
    record(verb, user, by=by, changes=changes, about=user, outcome=outcome)


def signed_in(sender: Any, *, user: User, **kwargs: Any) -> None:
    record("accounts.signed_in", user, by=user, about=user)


def signed_out(sender: Any, *, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record("accounts.signed_out", user, by=user, about=user)


def password_changed(sender: Any, *, user: User, **kwargs: Any) -> None:
    record("accounts.password_changed", user, by=user, about=user)


def password_reset(sender: Any, *, user: User, **kwargs: Any) -> None:
    record("accounts.password_reset", user, by=user, about=user)


def email_confirmed(sender: Any, *, email_address: Any, **kwargs: Any) -> None:
    record("accounts.email_confirmed", email_address.user, by=email_address.user, about=email_address.user)


def email_touched(sender: Any, *, user: User, **kwargs: Any) -> None:
    record("accounts.email_changed", user, by=user, about=user)


def factor_added(sender: Any, *, user: User, authenticator: Any, **kwargs: Any) -> None:
    record("accounts.factor_added", user, by=user, about=user, changes={"type": ["", str(authenticator.type)]})


def factor_removed(sender: Any, *, user: User, authenticator: Any, **kwargs: Any) -> None:
    record("accounts.factor_removed", user, by=user, about=user, changes={"type": [str(authenticator.type), ""]})


def listen() -> None:
    """Connect every listener once; called when the app is ready."""
    for signal, listener in (
        (organizations.changed, tree_changed),
        (organizations.changed_many, tree_changed_for_many),
        (accounts.happened, account_told),
        (user_logged_in, signed_in),
        (user_logged_out, signed_out),
        (account.password_changed, password_changed),
        (account.password_set, password_changed),
        (account.password_reset, password_reset),
        (account.email_confirmed, email_confirmed),
        (account.email_added, email_touched),
        (account.email_changed, email_touched),
        (account.email_removed, email_touched),
        (mfa.authenticator_added, factor_added),
        (mfa.authenticator_removed, factor_removed),
        (mfa.authenticator_reset, factor_added),
    ):
        signal.connect(listener, dispatch_uid=f"audit.{listener.__name__}.{id(signal)}")
