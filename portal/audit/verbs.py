"""What a verb of the trail is called for people. Each app names its own verbs in ``AppConfig.ready``."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

_labels: dict[str, Any] = {}
# What the person it is about does not read on the own page, because it would tell of something undecided.
_withheld: set[str] = set()


def name_verbs(labels: Mapping[str, Any]) -> None:
    """Give verbs (``"app.done"``) their words; raise ``ValueError`` when a verb has some already."""
    if twice := _labels.keys() & labels.keys():
        raise ValueError(f"named already: {sorted(twice)}")
    _labels.update(labels)


def withhold_verbs(verbs: Iterable[str]) -> None:
    """Keep rows of ``verbs`` from the person they are about; auditors read them as any others."""
    _withheld.update(verbs)


def withheld() -> list[str]:
    return sorted(_withheld)


def label_of(verb: str) -> str:
    """Return the words for ``verb``; one that nobody named is shown as it is."""
    return str(_labels.get(verb, verb))


def choices() -> Iterable[tuple[str, str]]:
    return sorted(((verb, str(label)) for verb, label in _labels.items()), key=lambda pair: pair[1])


name_verbs(
    {
        "access.refused": _("was refused a page"),
        "accounts.signed_in": _("signed in"),
        "accounts.signed_out": _("signed out"),
        "accounts.session_ended": _("ended a session of the account"),
        "accounts.sign_in_failed": _("gave a wrong password"),
        "accounts.sign_in_refused": _("tried to sign in while locked"),
        "accounts.locked": _("locked after wrong passwords"),
        "accounts.unlocked": _("lifted the lock on sign-in"),
        "accounts.password_changed": _("changed the password"),
        "accounts.password_reset": _("chose a new password by e-mail"),
        "accounts.reset_sent": _("sent the mail for a new password"),
        "accounts.email_confirmed": _("confirmed the e-mail address"),
        "accounts.email_changed": _("changed the e-mail address"),
        "accounts.factor_added": _("set up a second factor"),
        "accounts.factor_removed": _("removed a second factor"),
        "accounts.created": _("created the account"),
        "accounts.changed": _("changed the account"),
        "accounts.first_administrator": _("appointed the first administrator"),
        "organizations.created": _("created the organization"),
        "organizations.moved": _("moved the organization"),
        "organizations.closed": _("closed the organization"),
        "organizations.affiliated": _("placed a person"),
        "organizations.appointed": _("appointed to a post"),
        "organizations.dismissed": _("ended a post"),
        "audit.exported": _("exported the audit trail"),
    }
)
