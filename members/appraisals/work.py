"""What appraisals put on a person's workbench; the open ballots themselves come from ``portal.ballots``."""

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.prepared import ask_as
from portal.access.rights import AnyUser, rights_of
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources

from .models import Appraisal, AppraisalPerson
from .navigation import holds, takes_part
from .queries import confirming, held_by
from .rules import Stage

SHOWN = 5


def self_to_write(user: User, on: date) -> WorkGroup:
    """Return the self-appraisals that one has still to hand in."""
    rows = ask_as(user, _unwritten, SHOWN)
    items = [
        WorkItem(
            title=_("Write your self-appraisal of %(year)d") % {"year": row.appraisal.year},
            url=reverse("members:appraisals:self-write", args=[row.pk]),
            due_on=row.appraisal.self_until,
        )
        for row in rows
    ]
    return WorkGroup(items, len(items), reverse("members:appraisals:my-appraisals"))


def _unwritten(user: AnyUser, limit: int) -> QuerySet[AppraisalPerson]:
    rows = AppraisalPerson.objects.filter(user=user.pk, handed_in_on=None, appraisal__state=Stage.SELF)
    return rows.select_related("appraisal").order_by("appraisal__self_until", "pk")[:limit]


def to_confirm(user: User, on: date) -> WorkGroup:
    """Return the reports of branches that wait for the superior."""
    rows = ask_as(user, _reported, SHOWN)
    items = [
        WorkItem(
            title=_("Confirm the appraisal of %(branch)s") % {"branch": row.organization},
            url=row.get_absolute_url(),
            note=row.get_state_display(),
        )
        for row in rows
    ]
    return WorkGroup(items, len(items), reverse("members:appraisals:appraisal-list"))


def _reported(user: AnyUser, limit: int) -> QuerySet[Appraisal]:
    return confirming(user).order_by("reported_on", "pk")[:limit]


def to_go_on(user: User, on: date) -> WorkGroup:
    """Return the running appraisals of the own branch that wait for the next step."""
    rows = ask_as(user, _running, SHOWN)
    items = [
        WorkItem(
            title=_("Democratic appraisal of %(branch)s") % {"branch": row.organization},
            url=row.get_absolute_url(),
            due_on=row.self_until if row.state == Stage.SELF else row.ballot_on if row.state == Stage.BALLOT else None,
            note=row.get_state_display(),
        )
        for row in rows
    ]
    return WorkGroup(items, len(items), reverse("members:appraisals:appraisal-list"))


def _running(user: AnyUser, limit: int) -> QuerySet[Appraisal]:
    held = rights_of(user).organization_path
    return held_by(user).filter(organization__path=held).order_by("-year", "pk")[:limit]


def register() -> None:
    for source in (
        WorkSource("appraisal-self", gettext_lazy("My self-appraisal"), self_to_write, 25, takes_part,
                   waits=lambda user, on, now: _unwritten(user, 1)),
        WorkSource("appraisal-confirm", gettext_lazy("Appraisals to confirm"), to_confirm, 33, holds,
                   waits=lambda user, on, now: _reported(user, 1)),
        WorkSource("appraisal-running", gettext_lazy("Appraisal of my branch"), to_go_on, 34, holds,
                   waits=lambda user, on, now: _running(user, 1)),
    ):  # fmt: skip
        work_sources.register(source)
