"""What the ledger tells people: that an entry of theirs counts no more, and why."""

from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import NoticeKind, kinds

ANNULLED = NoticeKind(
    code="hours_annulled",
    label=_("hours of mine that were taken back"),
    title=_("Hours taken back: %(title)s"),
    body="%(words)s",
    reason=_("The hours had been entered for you."),
)


def register() -> None:
    kinds.register(ANNULLED)
