"""What votes put on a workbench: results that are not recorded yet, elections that wait for their approval."""

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.access.prepared import ask_as
from portal.access.rights import AnyUser, Rights
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources
from portal.organizations.duties import Duty

from .models import MeetingVote
from .queries import still_to_record
from .rules import Waits

SHOWN = 5


def results_to_record(user: User, on: date) -> WorkGroup:
    rows = ask_as(user, _unrecorded, SHOWN)
    items = [
        WorkItem(title=_("Record the result: %(title)s") % {"title": row.ballot.title}, url=row.get_absolute_url())
        for row in rows
    ]
    return WorkGroup(items, len(items))


def _unrecorded(user: AnyUser, limit: int) -> QuerySet[MeetingVote]:
    return still_to_record(scope(user, "lead", MeetingVote)).select_related("ballot").order_by("pk")[:limit]


def elections_to_approve(user: User, on: date) -> WorkGroup:
    rows = ask_as(user, _unapproved, SHOWN)
    items = [
        WorkItem(title=_("Approve the election: %(title)s") % {"title": row.ballot.title}, url=row.get_absolute_url())
        for row in rows
    ]
    return WorkGroup(items, len(items))


def _unapproved(user: AnyUser, limit: int) -> QuerySet[MeetingVote]:
    rows = scope(user, "approve", MeetingVote).filter(waits_for=Waits.APPROVE)
    return rows.select_related("ballot").order_by("pk")[:limit]


def _holds(rights: Rights) -> bool:
    return rights.holds(Duty.HOLD_MEETINGS)


def _supervises(rights: Rights) -> bool:
    return rights.holds(Duty.SUPERVISE_LIFE)


def register() -> None:
    for source in (
        WorkSource("votes-to-record", gettext_lazy("Results of votes"), results_to_record, 31, _holds,
                   waits=lambda user, on, now: _unrecorded(user, 1)),
        WorkSource("elections-to-approve", gettext_lazy("Elections"), elections_to_approve, 32, _supervises,
                   waits=lambda user, on, now: _unapproved(user, 1)),
    ):  # fmt: skip
        work_sources.register(source)
