"""What recruitment hears from the archives, the tree, transfers and cultivation, and answers inside the transaction."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction

from members.development.signals import cared
from members.models import Member
from members.signals import leaving
from members.transfers.signals import accepting, transferred
from members.transfers.sources import MatterSource, matter_sources
from portal.accounts.models import User
from portal.organizations.models import Organization
from portal.organizations.signals import placed

from .queries.matters import open_matters
from .services.following import close_for_leaver, follow_people, follow_transfer, hold_case, reckon_anew


def person_accepting(sender: Any, *, person: Member, **kwargs: Any) -> None:
    hold_case(person)


def person_transferred(
    sender: Any,
    *,
    person: Member,
    destination: Organization | None,
    on: date,
    by: User | None,
    transfer: Any,
    **kwargs: Any,
) -> None:
    follow_transfer(person, destination, on=on, is_handed_over=transfer.file_checked, by=by)


def person_leaving(sender: Any, *, person: Member, kind: str, on: date, by: User | None, **kwargs: Any) -> None:
    close_for_leaver(person, kind=kind, on=on, by=by)


def people_placed(
    sender: Any, *, user_ids: Sequence[int], organization: Organization, on: date, by: User | None, **kwargs: Any
) -> None:
    follow_people(user_ids, organization, on=on, by=by)


def person_cared_for(sender: Any, *, person_id: int, **kwargs: Any) -> None:
    """Reckon after the commit: the case is held before the person, and here the person is held already."""
    transaction.on_commit(partial(reckon_anew, person_id))


def register() -> None:
    accepting.connect(person_accepting, dispatch_uid="recruitment.person_accepting")
    transferred.connect(person_transferred, dispatch_uid="recruitment.person_transferred")
    leaving.connect(person_leaving, dispatch_uid="recruitment.person_leaving")
    placed.connect(people_placed, dispatch_uid="recruitment.people_placed")
    cared.connect(person_cared_for, dispatch_uid="recruitment.person_cared_for")
    matter_sources.register(MatterSource(code="recruitment", find=open_matters))
