"""The rules in force and the calendar of working days: shown to everybody, changed in the administration."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.policy import scope
from portal.access.rights import rights_of

from . import words
from .editions import EDITIONS
from .lines import lines_of
from .models import CalendarDay, CalendarYear, RuleSetting
from .policies import keeps_for_all
from .queries import rulebook
from .values import Edition


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Show one edition: each rule as it holds, who set it so, and the law it stands on."""
    edition = EDITIONS.get(request.GET.get("edition", ""), next(iter(EDITIONS.values())))
    lines = lines_of(rulebook().rules(edition.code, rights_of(request.user).organization_id))
    addresses = _addresses(request, edition)
    context = {
        "edition": edition,
        "title": words.EDITION_TITLES[edition.code],
        "rows": [(line, addresses.get(line.code, "") if line.is_open else "") for line in lines],
        "may_set": bool(addresses),
        "has_habits": any(line.habit for line in lines),
        "tabs": [
            {
                "label": words.EDITION_TITLES[other.code],
                "url": "?" + urlencode({"edition": other.code}),
                "current": other is edition,
            }
            for other in EDITIONS.values()
        ],
    }
    return render(request, "portal/rulesets/rules.html", context)


def _addresses(request: HttpRequest, edition: Edition) -> dict[str, str]:
    """Return where each rule is set for the university, for those who may."""
    if not keeps_for_all(request.user):
        return {}
    settings = scope(request.user, "change", RuleSetting).filter(edition=edition.code, organization__depth=1)
    kept = dict(settings.values_list("code", "pk"))
    add = reverse("admin:rulesets_rulesetting_add")
    return {
        value.code: reverse("admin:rulesets_rulesetting_change", args=[kept[value.code]])
        if value.code in kept
        else f"{add}?{urlencode({'value': f'{edition.code}:{value.code}'})}"
        for value in edition.values
    }


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the days of a year that are not what their weekday says."""
    years = list(scope(request.user, "view", CalendarYear).order_by("year"))
    asked = request.GET.get("year", "") or str(timezone.localdate().year)
    year = next((kept for kept in years if str(kept.year) == asked), None)
    if year is None and "year" in request.GET:
        raise Http404
    days = scope(request.user, "view", CalendarDay).filter(year=year).order_by("day") if year else ()
    tabs: list[dict[str, Any]] = [
        {"label": str(kept.year), "url": f"?year={kept.year}", "current": kept is year} for kept in years
    ]
    context = {"year": year, "days": days, "tabs": tabs, "label": _("Years"), "may_keep": keeps_for_all(request.user)}
    return render(request, "portal/rulesets/calendar.html", context)
