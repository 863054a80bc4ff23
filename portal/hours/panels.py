"""What the ledger plugs into the portal: one's own page, a block of the archive, the timeline, words of the trail."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.rights import AnyUser, rights_of
from portal.accounts.models import User
from portal.audit.verbs import name_verbs
from portal.extensions.registry import (
    NavigationItem,
    PersonPanel,
    TimelineEntry,
    TimelineSource,
    navigation,
    person_panels,
    timeline_sources,
)

from .models import HourEntry
from .queries import add_up, in_words, shown_to

SHOWN = 5


def hours(person: User, reader: AnyUser) -> dict[str, Any] | None:
    """Show what a person gave this year and the newest entries; hidden from those who may not see any."""
    today = timezone.localdate()
    rows: list[HourEntry] = list(shown_to(reader, person.pk).filter(on__year=today.year))
    if not rows:
        return None
    for row in rows[:SHOWN]:
        row.words = in_words(row.minutes)  # type: ignore[attr-defined]
    own = rights_of(reader).user_id == person.pk
    return {
        "year": today.year,
        "totals": add_up(rows),
        "entries": rows[:SHOWN],
        "url": reverse("hours:my-hours") if own else reverse("hours:person-hours", args=[person.pk]),
    }


def entries(person: User, reader: AnyUser, limit: int) -> Iterator[TimelineEntry]:
    for row in shown_to(reader, person.pk)[:limit]:
        note = f"{row.get_kind_display()} · {in_words(row.minutes)}"
        yield TimelineEntry(on=row.on, title=row.title, note=note, icon="clock")


def register() -> None:
    navigation.register(
        NavigationItem(
            code="my-hours",
            label=_("My hours"),
            url_name="hours:my-hours",
            section="me",
            group="own",
            order=32,
            icon="clock",
            visible=lambda rights: bool(rights.organization_id),
            prefixes=("/hours/",),
        )
    )
    person_panels.register(
        PersonPanel(
            code="hours",
            label=_("Study and volunteering"),
            template="portal/hours/_person_panel.html",
            context=hours,
            order=60,
        )
    )
    timeline_sources.register(TimelineSource(code="hours", label=_("Study and volunteering"), find=entries, order=60))
    name_verbs(
        {
            "hours.entered": _("entered hours"),
            "hours.annulled": _("annulled an entry of hours"),
            "hours.exported": _("took a list of hours along"),
        }
    )
