"""What people's archives hear: a merger or split has moved many at once, and their archives follow."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from portal.organizations.models import Organization
from portal.organizations.signals import placed

from .models import Member


def people_placed(sender: Any, *, user_ids: Sequence[int], organization: Organization, **kwargs: Any) -> None:
    """Let the archives point where ``services.place`` would have let each point; the standing is the one they had."""
    Member.objects.filter(user_id__in=user_ids).update(organization=organization, updated_at=timezone.now())


def register() -> None:
    placed.connect(people_placed, dispatch_uid="members.people_placed")
