"""Verbs on belonging: place one person, or move everyone chosen at once."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.web.refusals import RuleError

from ..models import Affiliation, Organization
from ..signals import changed, changed_many, placed
from .locking import lock_open


@transaction.atomic
def affiliate(user: User, organization: Organization, *, standing: str, on: date, by: User | None) -> Affiliation:
    """Place ``user`` in ``organization`` with ``standing`` from ``on``; the earlier affiliation ends the day before.

    Placing someone where they already stand changes nothing. Raises ``RuleError`` for a closed node, and when ``on``
    lies before the day the current affiliation began.
    """
    organization = lock_open(organization, on=on)
    current = Affiliation.objects.select_for_update().filter(user=user, until=None).first()
    if current and current.organization_id == organization.pk and current.standing == standing:
        return current
    if current:
        if on < current.since:
            raise RuleError(_("The new affiliation cannot begin before the present one."))
        if on == current.since:
            current.delete()
        else:
            current.until = on - timedelta(days=1)
            current.save(update_fields=["until"])
    created = Affiliation.objects.create(user=user, organization=organization, standing=standing, since=on)
    changed.send(
        Affiliation,
        verb="organizations.affiliated",
        instance=created,
        by=by,
        changes={
            "organization": [str(current.organization) if current else "", str(organization)],
            "standing": [current.standing if current else "", standing],
        },
    )
    return created


@transaction.atomic
def depart(user: User, *, on: date, by: User | None) -> Affiliation | None:
    """End the present affiliation of ``user`` without another: ``on`` is the first day elsewhere.

    Returns what ended, or ``None`` when the person belonged nowhere. Raises ``RuleError`` for a day before it began.
    """
    current = (
        Affiliation.objects.select_for_update(of=("self",))
        .select_related("organization", "user")
        .filter(user=user, until=None)
        .first()
    )
    if current is None:
        return None
    if on < current.since:
        raise RuleError(_("Nobody leaves before having come."))
    current.until = max(on - timedelta(days=1), current.since)
    current.save(update_fields=["until"])
    changed.send(
        Affiliation,
        verb="organizations.departed",
        instance=current,
        by=by,
        changes={"organization": [str(current.organization), ""], "standing": [current.standing, ""]},
    )
    return current


@transaction.atomic
def move_people(people: Iterable[Affiliation], organization: Organization, *, on: date, by: User, reason: str) -> int:
    """Let the current affiliations ``people`` go on in ``organization`` from ``on``; return how many moved.

    Standings stay. The caller holds the rows locked, with ``user`` and ``organization`` loaded. The number of
    statements does not depend on the number of people. Raises ``RuleError`` when someone came later than ``on``.
    """
    people = list(people)
    if late := sum(person.since > on for person in people):
        raise RuleError(_("Some people came later than this day (%(count)d). Choose a later one.") % {"count": late})
    # Whoever came on the very day never was in the earlier place: the row is corrected instead of ended.
    begun = Affiliation.objects.filter(pk__in=[person.pk for person in people if person.since == on])
    begun.update(organization=organization)
    earlier = [person for person in people if person.since < on]
    Affiliation.objects.filter(pk__in=[person.pk for person in earlier]).update(until=on - timedelta(days=1))
    Affiliation.objects.bulk_create(
        Affiliation(user_id=person.user_id, organization=organization, standing=person.standing, since=on)
        for person in earlier
    )
    placed.send(Affiliation, user_ids=[person.user_id for person in people], organization=organization, on=on, by=by)
    changed_many.send(
        Affiliation,
        verb="organizations.affiliated",
        rows=[
            (
                Affiliation,
                person.pk,
                f"{person.user} · {organization}",
                person.user_id,
                {"organization": [str(person.organization), str(organization)]},
                organization.pk,
            )
            for person in people
        ],
        by=by,
        reason=reason,
    )
    return len(people)
