"""What an open page is told of the inbox, by stream and by polling alike."""

from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Notice
from .queries import read_out
from .services import shown_count

TITLE_LENGTH = 120


def payload_of(unread: int, latest: int, news: Notice | None) -> dict[str, Any]:
    """Return the count, as number and in words, and the notice that has just come, in the active language."""
    label = ngettext("Inbox, %(count)d unread notice", "Inbox, %(count)d unread notices", unread) % {"count": unread}
    return {
        "unread": unread,
        "shown": shown_count(unread),
        "label": label if unread else _("Inbox, nothing unread"),
        "latest": latest,
        "notice": None
        if news is None
        else {
            "title": Truncator(read_out(news.message).title).chars(TITLE_LENGTH),
            "url": reverse("notifications:notice", args=[news.pk]),
            "heading": _("New notice:"),
            "close": _("Close this message"),
        },
    }
