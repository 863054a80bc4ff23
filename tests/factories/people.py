"""People in numbers, for lists and their query counts."""

from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from members.models import Member
from members.services import create_member
from portal.accounts.models import User
from portal.organizations.models import Affiliation, Organization, Standing

_numbers = count(1)


def make_member(organization: Organization | None = None, standing: str = Standing.FULL_MEMBER, **fields) -> Member:
    """Take one person in through the service; name and number are made up unless given."""
    n = next(_numbers)
    fields.setdefault("number", f"F{n:07}")
    fields.setdefault("name", f"Person {n}")
    fields.setdefault("on", timezone.localdate() - timedelta(days=100))
    return create_member(by=None, organization=organization, standing=standing, **fields)


def make_people(
    organization: Organization, how_many: int, *, standing: str = Standing.ACTIVIST, since: date | None = None
) -> list[Member]:
    """Put ``how_many`` people into a node by sets, as an import would; without an audit trail."""
    since = since or timezone.localdate() - timedelta(days=100)
    numbers = [next(_numbers) for _ in range(how_many)]
    users = User.objects.bulk_create([User(number=f"F{n:07}", name=f"Person {n}", password="!") for n in numbers])
    Affiliation.objects.bulk_create(
        [Affiliation(user=user, organization=organization, standing=standing, since=since) for user in users]
    )
    return Member.objects.bulk_create(
        [Member(user=user, organization=organization, standing=standing, standing_since=since) for user in users]
    )
