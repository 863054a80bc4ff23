"""The block about recruitment on a person's archive: the case, or the way to open one for a letter on paper."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.access.policy import scope
from portal.access.rights import AnyUser, rights_of
from portal.accounts.models import User
from portal.extensions.registry import PersonPanel, person_panels
from portal.organizations.models import Standing

from .models import Case
from .navigation import handles
from .queries.acting import may_open_for

SHOWN = 5


def case_of(person: User, reader: AnyUser) -> dict[str, Any] | None:
    """Lead whoever keeps or decides the person's cases to them; hidden from everybody else, the person first."""
    if person.pk == reader.pk or not handles(rights_of(reader)):
        return None
    member = person.member
    cases = list(scope(reader, "view", Case).filter(person=member).with_people()[:SHOWN])
    may_open = member.standing != Standing.FULL_MEMBER and may_open_for(reader, member)
    is_open = any(case.closed_on is None for case in cases)
    open_url = reverse("members:recruitment:case-create", args=[member.pk]) if may_open and not is_open else ""
    return {"cases": cases, "open_url": open_url} if cases or open_url else None


def register() -> None:
    person_panels.register(
        PersonPanel(
            code="recruitment",
            label=_("Recruitment"),
            template="members/recruitment/_person_panel.html",
            context=case_of,
            order=5,
        )
    )
