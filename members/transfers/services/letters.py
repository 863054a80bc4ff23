"""Write letters: numbers of a year and a committee, one in force for each transfer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Max

from portal.accounts.models import User
from portal.organizations.models import Organization

from ..models import Letter, Transfer
from ..queries.limits import limits_on
from ..rules.clocks import expires_on

# How the receiver reaches whoever issued the letter; printed on it.
REACHING = ("handler", "contact_phone", "fax", "address")


def usual_days(on: date) -> int:
    """Return for how many days letters of this university usually hold."""
    return limits_on(on).letter_days_usual


def next_number(committee: Organization, year: int) -> int:
    """Return the next number of ``committee`` in ``year``; the caller holds the committee with ``lock_open``."""
    taken = Letter.objects.filter(organization=committee, year=year).aggregate(last=Max("number"))["last"]
    return (taken or 0) + 1


def draft_letter(
    transfer: Transfer,
    *,
    number: int,
    valid_days: int,
    on: date,
    by: User | None,
    reaching: Mapping[str, Any],
    explanation: str = "",
) -> Letter:
    """Return the letter of ``transfer`` with ``number``, ready to be saved."""
    receiver = transfer.receiver_committee
    return Letter(
        transfer=transfer,
        organization=transfer.sender_committee,
        year=on.year,
        number=number,
        issued_on=on,
        valid_days=valid_days,
        expires_on=expires_on(on, valid_days),
        explanation=explanation,
        standing=transfer.standing,
        dues_paid_to=transfer.dues_paid_to,
        to_committee=receiver.name if receiver else transfer.outside_committee,
        from_unit=transfer.organization.name if transfer.organization else "",
        to_unit=transfer.destination.name if transfer.destination else transfer.outside_unit,
        issued_by=by,
        **{name: reaching.get(name, "") for name in REACHING},
    )


def last_reaching(committee: Organization) -> dict[str, str]:
    """Return how the committee was reached by its last letter, so that nobody types it twice."""
    last = Letter.objects.filter(organization=committee).order_by("-pk").values(*REACHING).first()
    return last or dict.fromkeys(REACHING, "")
