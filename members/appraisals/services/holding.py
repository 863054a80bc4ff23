"""Hold an appraisal for a step, and tell those it concerns."""

from typing import Any

from portal.accounts.models import User
from portal.notifications.services import post

from ..models import Appraisal


def hold(appraisal: Appraisal) -> Appraisal:
    """Hold the row until the transaction ends, with what belongs to it."""
    return Appraisal.objects.select_for_update(of=("self",)).with_places().get(pk=appraisal.pk)


def tell_all(appraisal: Appraisal, kind: str, params: dict[str, Any], *, mark: str = "", url: str = "") -> None:
    """Tell every participant; ``mark`` tells one notice of a kind from the next."""
    post(
        kind,
        key=f"appraisal:{appraisal.pk}:{kind}" + (f":{mark}" if mark else ""),
        recipients=User.objects.filter(appraisals__appraisal=appraisal),
        params={"branch": str(appraisal.organization), "year": appraisal.year, **params},
        url=url or appraisal.get_absolute_url(),
    )
