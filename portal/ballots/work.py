"""Open ballots on a person's workbench."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.access.prepared import ask_as
from portal.access.rights import AnyUser
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources

from .models import Ballot
from .queries import open_for

SHOWN = 5


def ballots_to_vote_in(user: User, on: date) -> WorkGroup:
    rows = ask_as(user, _open, SHOWN)
    items = [WorkItem(title=row.title, url=reverse("ballots:ballot-vote", args=[row.pk])) for row in rows]
    return WorkGroup(items, len(items))


def _open(user: AnyUser, limit: int) -> QuerySet[Ballot]:
    return open_for(user)[:limit]


def register() -> None:
    work_sources.register(
        WorkSource(
            "ballots-open", _("Votes under way"), ballots_to_vote_in, 5, waits=lambda user, on, now: _open(user, 1)
        )
    )
