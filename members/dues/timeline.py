"""The dues in a person's archive: a block of how they stand, and what happened on the timeline."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Max, Sum
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Member
from portal.access.policy import scope
from portal.access.rights import AnyUser, rights_of
from portal.accounts.models import User
from portal.extensions.registry import (
    PersonPanel,
    TimelineEntry,
    TimelineSource,
    person_panels,
    timeline_sources,
)
from portal.organizations.duties import Duty

from .models import DuesPayment, DuesStandard
from .months import in_words
from .rules import MEMBERS


def payments(person: User, reader: AnyUser, limit: int) -> Iterator[TimelineEntry]:
    """Tell how many months of each year were paid, on the day of the last."""
    seen = scope(reader, "view", DuesPayment).filter(pk__in=DuesPayment.objects.standing().values("pk"))
    years = (
        seen.filter(person__user=person)
        .order_by()
        .values(year=ExtractYear("month"))
        .annotate(count=Count("pk"), amount=Sum("amount"), latest=Max("paid_on"))
        .order_by("-latest")
    )
    for row in years[:limit]:
        yield TimelineEntry(
            on=row["latest"],
            title=_("Dues of %(year)d: %(count)d months paid") % {"year": row["year"], "count": row["count"]},
            url=_address(person, reader),
            icon="cash-coin",
        )


def standards(person: User, reader: AnyUser, limit: int) -> Iterator[TimelineEntry]:
    """Tell from when which amount has been owed."""
    rows = scope(reader, "view", DuesStandard).filter(person__user=person, voided_at=None).order_by("-valid_from")
    for row in rows.only("valid_from", "amount")[:limit]:
        yield TimelineEntry(
            on=row.valid_from,
            title=_("Dues confirmed: %(amount)s yuan a month") % {"amount": row.amount},
            url=_address(person, reader),
            icon="cash-coin",
        )


def block(person: User, reader: AnyUser) -> dict[str, Any] | None:
    """Say up to which month dues are paid, to the clerk and the person: one statement."""
    member: Member | None = getattr(person, "member", None)
    if member is None or member.standing not in MEMBERS or not _may_open(member, reader):
        return None
    latest = DuesPayment.objects.standing().filter(person=member).order_by("-month").first()
    return {"latest": latest, "paid_to": in_words(latest.month) if latest else "", "url": _address(person, reader)}


def _may_open(member: Member, reader: AnyUser) -> bool:
    if member.user_id == reader.pk:
        return True
    place = member.organization
    return place is not None and rights_of(reader).holds_on(Duty.COLLECT_DUES, place.path)


def _address(person: User, reader: AnyUser) -> str:
    member: Member | None = getattr(person, "member", None)
    if person.pk == reader.pk:
        return reverse("members:dues:my-dues")
    if member is None or not _may_open(member, reader):
        return ""
    return reverse("members:dues:person-dues", args=[member.pk])


def register() -> None:
    timeline_sources.register(TimelineSource(code="dues", label=gettext_lazy("Party dues"), find=payments, order=60))
    timeline_sources.register(
        TimelineSource(code="dues-standards", label=gettext_lazy("Standards of dues"), find=standards, order=61)
    )
    person_panels.register(
        PersonPanel(
            code="dues",
            label=gettext_lazy("Party dues"),
            template="members/dues/_person_panel.html",
            context=block,
            order=50,
        )
    )
