"""What transfers put on a person's workbench."""

from datetime import date, timedelta

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.access.policy import scope
from portal.access.prepared import ask_as, count_as
from portal.access.rights import AnyUser, Rights, rights_of
from portal.accounts.models import User
from portal.extensions.registry import WorkGroup, WorkItem, WorkSource, work_sources
from portal.organizations.duties import Duty
from portal.organizations.models import Standing
from portal.rulesets.days import add_months

from .models import RelationPeriod, Transfer
from .queries.limits import limits_on
from .queries.lists import waiting_for
from .rules.clocks import ABROAD_CONTACT_LEADS, RelationState
from .rules.states import LETTER_OUT

SHOWN = 5
COUNTED = 100


def transfers_to_handle(user: User, on: date) -> WorkGroup:
    rows = ask_as(user, _waiting, SHOWN + 1)
    count = len(rows) if len(rows) <= SHOWN else count_as(user, _waiting, COUNTED)
    items = [
        WorkItem(
            title=_("Transfer of %(name)s: %(sender)s → %(receiver)s")
            % {"name": row.person.name, "sender": row.sender, "receiver": row.receiver},
            url=row.get_absolute_url(),
            due_on=row.expires_on,
            note=row.get_state_display(),
        )
        for row in rows[:SHOWN]
    ]
    return WorkGroup(items, count, reverse("members:transfers:transfer-list") + "?turn=on")


def _waiting(user: AnyUser, limit: int) -> QuerySet[Transfer]:
    return waiting_for(user)[:limit]


def my_letter(user: User, on: date) -> WorkGroup:
    """Return the letter that the person still has to hand in."""
    rows = ask_as(user, _mine, SHOWN)
    items = [
        WorkItem(
            title=_("Hand in your transfer letter at %(receiver)s") % {"receiver": row.receiver},
            url=reverse("members:transfers:my-transfer"),
            due_on=row.expires_on,
        )
        for row in rows
    ]
    return WorkGroup(items, len(items))


def _mine(user: AnyUser, limit: int) -> QuerySet[Transfer]:
    states = sorted(state.value for state in LETTER_OUT)
    mine = Transfer.objects.filter(person__user_id=user.pk, state__in=states, destination=None)
    return mine.order_by("pk")[:limit]


def people_to_contact(user: User, on: date) -> WorkGroup:
    """Return the people away whom someone must ask after within the month."""
    limits = limits_on(on)
    rows = ask_as(user, _silent, add_months(_contact_until(on), -limits.abroad_contact_months), SHOWN)
    for row in rows:
        row.limits = limits
    items = [
        WorkItem(
            title=_("Get in touch with %(name)s") % {"name": row.person.name},
            url=row.get_absolute_url(),
            due_on=row.contact_due,
            note=row.get_state_display(),
        )
        for row in rows
    ]
    # Whoever only keeps in touch with somebody has no list of the people away.
    is_keeper = rights_of(user).holds(Duty.TRANSFER)
    return WorkGroup(items, len(items), reverse("members:transfers:relation-list") if is_keeper else "")


def _contact_until(on: date) -> date:
    return on + timedelta(days=max(ABROAD_CONTACT_LEADS))


def _silent(user: AnyUser, before: date, limit: int) -> QuerySet[RelationPeriod]:
    rows = scope(user, "contact", RelationPeriod).current().exclude(state=RelationState.LOST).with_person()
    heard = Coalesce("last_contact_on", "since")
    return rows.annotate(heard=heard).filter(heard__lte=before).order_by("heard", "pk")[:limit]


def _handles(rights: Rights) -> bool:
    return rights.holds(Duty.TRANSFER) or rights.holds(Duty.ISSUE_LETTERS)


def _is_member(rights: Rights) -> bool:
    return rights.standing in (Standing.PROBATIONARY, Standing.FULL_MEMBER)


def register() -> None:
    for source in (
        WorkSource("transfers-to-handle", gettext_lazy("Transfers to handle"), transfers_to_handle, 40, _handles,
                   waits=lambda user, on, now: _waiting(user, 1)),
        WorkSource("my-transfer-letter", gettext_lazy("My transfer letter"), my_letter, 41, _is_member,
                   waits=lambda user, on, now: _mine(user, 1)),
        WorkSource("people-to-contact", gettext_lazy("People away"), people_to_contact, 42, _is_member,
                   waits=lambda user, on, now: _silent(user, add_months(_contact_until(on), -1), 1)),
    ):  # fmt: skip
        work_sources.register(source)
