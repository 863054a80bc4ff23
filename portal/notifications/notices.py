"""The kinds of notice of the ground floor."""

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from portal.organizations.duties import Post
from portal.organizations.models import Standing

from .registry import NoticeKind, Params, kinds


def announcement_words(params: Params) -> Params:
    """Say in words whom an announcement addresses."""
    separator = pgettext("between the items of a list", ", ")
    labels = {str(code): label for code, label in [*Standing.choices, *Post.choices]}
    places = separator.join(map(str, params.get("places") or []))
    narrowed = separator.join(str(labels.get(code, code)) for code in params.get("narrowed") or [])
    if narrowed:
        places = gettext("%(places)s (%(who)s)") % {"places": places, "who": narrowed}
    return {**params, "audience": places}


ANNOUNCEMENT = NoticeKind(
    code="announcement",
    label=_("announcements"),
    title="%(title)s",
    body="%(text)s",
    reason=_("It was sent to %(audience)s, and you are one of them."),
    statutory=True,
    order=10,
    words=announcement_words,
)


def register() -> None:
    kinds.register(ANNOUNCEMENT)
