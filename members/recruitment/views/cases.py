"""The page of one case: for those who keep or decide it everything, for contacts and sponsors what is theirs."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal.access.policy import fetch, with_power

from ..models import Case


def rows(request: HttpRequest) -> QuerySet[Any]:
    """Return the cases with what their head shows."""
    return with_power(Case.objects.with_people(), request.user, "view")


@require_GET
def case_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a case."""
    case = fetch(request.user, "accompany", Case, queryset=rows(request), pk=pk)
    return render(request, "members/recruitment/case_detail.html", {"case": case})
