"""What minutes and resolutions put on a person's workbench."""

from datetime import date

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.prepared import ask_as
from portal.access.rights import AnyUser, Rights
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources

from .models import Minutes, MinutesState, Resolution, ResolutionState
from .policies import MEMBERS

SHOWN = 5
COUNTED = 50


def minutes_to_finish(user: User, on: date) -> WorkGroup:
    """Name the minutes that wait for the person: to write as recorder, or to confirm."""
    rows = ask_as(user, _waiting, COUNTED)
    items = [
        WorkItem(
            title=(_("Confirm the minutes of “%(title)s”") if row.state == MinutesState.CONFIRMED
                   else _("Write and confirm the minutes of “%(title)s”")) % {"title": row.title},
            url=row.get_absolute_url(),
            note=f"{row.held_on:%Y-%m-%d}",
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
    return WorkGroup(items, len(rows), f"{reverse('members:minutes:minutes-list')}?state=open")


def _waiting(user: AnyUser, limit: int) -> QuerySet[Minutes]:
    unsealed = Minutes.objects.exclude(state=MinutesState.SEALED)
    mine = (
        Q(recorder=user.pk, recorder_confirmed_by=None) & ~Q(chair=F("recorder"))
        | Q(recorder=user.pk, chair=F("recorder"), chair_confirmed_by=None)
        | Q(chair=user.pk, state=MinutesState.CONFIRMED, chair_confirmed_by=None)
    )
    return unsealed.filter(mine).order_by("held_at", "pk")[:limit]


def my_resolutions(user: User, on: date) -> WorkGroup:
    """Name what the person is to see to, the earliest due first."""
    rows = ask_as(user, _mine, COUNTED)
    items = [
        WorkItem(title=row.words, url=row.get_absolute_url(), due_on=row.due_on, note=str(row.organization))
        for row in rows[:SHOWN]
    ]
    return WorkGroup(items, len(rows), f"{reverse('members:minutes:resolution-list')}?whose=mine&state=open")


def _mine(user: AnyUser, limit: int) -> QuerySet[Resolution]:
    rows = Resolution.objects.filter(owner=user.pk, state=ResolutionState.OPEN)
    return rows.select_related("organization").order_by("due_on", "pk")[:limit]


def _is_member(rights: Rights) -> bool:
    return rights.standing in MEMBERS


def _belongs(rights: Rights) -> bool:
    return rights.organization_id is not None


def register() -> None:
    for source in (
        WorkSource("minutes-to-finish", gettext_lazy("Minutes"), minutes_to_finish, 25, _is_member,
                   waits=lambda user, on, now: _waiting(user, 1)),
        WorkSource("my-resolutions", gettext_lazy("Resolutions I see to"), my_resolutions, 15, _belongs,
                   waits=lambda user, on, now: _mine(user, 1)),
    ):  # fmt: skip
        work_sources.register(source)
