"""Cases in numbers, as lists show them: the columns that the services settle, written by sets."""

from datetime import date
from typing import Any

from django.utils import timezone

from members.recruitment.engine.steps import XZ26
from members.recruitment.models import Case
from portal.organizations.models import Organization, Standing
from tests.factories.people import make_people


def fill(node: Organization, how_many: int = 1, **columns: Any) -> list[Case]:
    """Open ``how_many`` cases in ``node`` with the given columns; without records behind them."""
    today = timezone.localdate()
    values = {"edition": XZ26, "opened_on": date(today.year - 1, 1, 1), "settled_on": today, **columns}
    people = make_people(node, how_many, standing=Standing.APPLICANT)
    return Case.objects.bulk_create([Case(person=person, organization=node, **values) for person in people])
