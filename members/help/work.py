"""What talks and requests put on a person's workbench."""

from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.prepared import ask_as, count_as
from portal.access.rights import AnyUser, Rights, rights_of
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources
from portal.organizations.duties import Duty
from portal.organizations.models import Standing

from .models import HeartTalk, HelpRequest, TalkState
from .queries.requests import asked_by, to_answer
from .queries.talks import own_talks
from .rules.promises import HelpState

SHOWN = 5
COUNTED = 100


def requests_to_answer(user: User, on: date) -> WorkGroup:
    """Return the requests that wait for an answer, the promise that ends first on top."""
    rows = ask_as(user, _waiting, SHOWN + 1)
    count = len(rows) if len(rows) <= SHOWN else count_as(user, _waiting, COUNTED)
    items = [
        WorkItem(
            title=_("Answer %(name)s: %(kind)s") % {"name": row.requester.name, "kind": row.get_kind_display()},
            url=row.get_absolute_url(),
            due_on=row.promised_on,
            note=row.get_state_display(),
        )
        for row in rows[:SHOWN]
    ]
    more = reverse("members:help:request-list") if rights_of(user).holds(Duty.HEAR_MEMBERS) else ""
    return WorkGroup(items, count, more)


def _waiting(user: AnyUser, limit: int) -> QuerySet[HelpRequest]:
    return to_answer(user)[:limit]


def my_answers(user: User, on: date) -> WorkGroup:
    """Return one's own requests that were answered and not closed."""
    rows = ask_as(user, _answered, SHOWN)
    items = [
        WorkItem(
            title=_("Is your request settled? %(kind)s") % {"kind": row.get_kind_display()},
            url=row.get_absolute_url(),
            note=row.get_state_display(),
        )
        for row in rows
    ]
    return WorkGroup(items, len(items), reverse("members:help:my-help"))


def _answered(user: AnyUser, limit: int) -> QuerySet[HelpRequest]:
    return asked_by(user).filter(state=HelpState.ANSWERED)[:limit]


def my_talks(user: User, on: date) -> WorkGroup:
    """Return one's own talks that are planned, or wait for one's confirmation."""
    rows = ask_as(user, _talks, SHOWN)
    items = []
    for row in rows:
        partner = row.other_of(user.pk).name
        words = _("Talk with %(name)s") if row.state == TalkState.PLANNED else _("Confirm your talk with %(name)s")
        items.append(
            WorkItem(
                title=words % {"name": partner},
                url=row.get_absolute_url(),
                due_on=row.planned_on if row.state == TalkState.PLANNED else None,
                note=str(row.state_words),
            )
        )
    return WorkGroup(items, len(items), reverse("members:help:my-help"))


def _talks(user: AnyUser, limit: int) -> QuerySet[HeartTalk]:
    mine = Q(first=user.pk, first_confirmed_on=None) | Q(second=user.pk, second_confirmed_on=None)
    waits = Q(state=TalkState.PLANNED) | Q(state=TalkState.HELD) & mine
    return own_talks(user).filter(waits).order_by("state", "planned_on", "pk")[:limit]


def _belongs(rights: Rights) -> bool:
    return bool(rights.organization_id)


def _may_answer(rights: Rights) -> bool:
    return rights.holds(Duty.HEAR_MEMBERS) or rights.standing == Standing.FULL_MEMBER


def _is_member(rights: Rights) -> bool:
    return rights.standing in (Standing.PROBATIONARY, Standing.FULL_MEMBER)


def register() -> None:
    for source in (
        WorkSource("help-to-answer", gettext_lazy("Requests for help"), requests_to_answer, 30, _may_answer,
                   waits=lambda user, on, now: _waiting(user, 1)),
        WorkSource("my-help-answers", gettext_lazy("Answers to my requests"), my_answers, 60, _belongs,
                   waits=lambda user, on, now: _answered(user, 1)),
        WorkSource("my-heart-talks", gettext_lazy("Heart-to-heart talks"), my_talks, 61, _is_member,
                   waits=lambda user, on, now: _talks(user, 1)),
    ):  # fmt: skip
        work_sources.register(source)
