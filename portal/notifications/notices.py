"""The kinds of notice of the ground floor."""

from django.utils.translation import gettext_lazy as _

from .registry import NoticeKind, kinds

ANNOUNCEMENT = NoticeKind(
    code="announcement",
    label=_("announcements"),
    title="%(title)s",
    body="%(text)s",
    reason=_("It was sent to %(audience)s, and you are one of them."),
    statutory=True,
    order=10,
)


def register() -> None:
    kinds.register(ANNOUNCEMENT)
