"""The block about the organization relation on a person's archive: who answers today, what is under way."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.policy import scope
from portal.access.rights import AnyUser, rights_of
from portal.accounts.models import User
from portal.extensions.registry import PersonPanel, person_panels
from portal.organizations.duties import Duty

from .models import RelationPeriod, Transfer
from .queries.people import responsible_for
from .rules.checks import MEMBERS


def relation(person: User, reader: AnyUser) -> dict[str, Any] | None:
    """Say who answers for the person today; hidden from those who only see the row of a list."""
    member = person.member
    rights = rights_of(reader)
    own = rights.user_id == person.pk
    keeps = member.organization is not None and rights.holds_on(Duty.TRANSFER, member.organization.path)
    if not (own or keeps):
        return None
    today = timezone.localdate()
    transfers = scope(reader, "view", Transfer).filter(person=member).with_sides().order_by("-pk")[:5]
    found = responsible_for(member, transfers, on=today)
    clock = found.transfer.clock(today) if found.transfer else None
    return {
        "responsible": found,
        "clock": clock,
        "own": own,
        "relation_url": f"{reverse('members:transfers:relation-list')}?words={person.number}" if keeps else "",
        "start_url": ""
        if found.transfer or not keeps or own
        else reverse("members:transfers:transfer-create", args=[member.pk]),
        "relation_new_url": reverse("members:transfers:relation-create", args=[member.pk])
        if keeps and not own and member.standing in MEMBERS
        else "",
    }


def register() -> None:
    person_panels.register(
        PersonPanel(
            code="relation",
            label=_("Organization relation"),
            template="members/transfers/_relation_panel.html",
            context=relation,
            order=10,
        )
    )
    person_panels.register(
        PersonPanel(
            code="relation-away",
            label=_("Away"),
            template="members/transfers/_away_panel.html",
            context=away,
            order=11,
        )
    )


def away(person: User, reader: AnyUser) -> dict[str, Any] | None:
    """Show the state a relation is in when it is not simply in place."""
    row = scope(reader, "view", RelationPeriod).current().filter(person__user=person).first()
    return {"row": row} if row else None
