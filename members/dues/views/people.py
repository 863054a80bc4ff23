"""The dues of one person: one's own page, the clerk's, standards and the base behind them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from members.models import Member
from portal.access.policy import fetch, with_power
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.views import add_refusal

from .. import services
from ..channels import online
from ..forms import ReasonForm, StandardForm
from ..models import DuesStandard
from ..months import as_text, month_of, quarter_end
from ..queries.facts import rules_on
from ..queries.people import branch_of, payments_of, people_of, reductions_of, standards_of, year_of
from ..rules import pays_fixed, usual_kind
from .addressing import year_in


@require_GET
def my_dues(request: HttpRequest) -> HttpResponse:
    """Show one's own dues: what is owed, what is paid, the receipts."""
    person = Member.objects.with_person().filter(user=request.user).first()
    if person is None:
        return render(request, "members/dues/my_dues_none.html")
    context = page_of(person, request)
    context |= {"is_own": True, "online": online()}
    return render(request, "members/dues/person_dues.html", context)


@require_GET
def person_dues(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the dues of a person to the clerk."""
    person = clerks_person(request, pk)
    context = page_of(person, request)
    branch = context["branch"]
    context["may_collect"] = branch is not None and rights_of(request.user).holds_on(Duty.COLLECT_DUES, branch.path)
    return render(request, "members/dues/person_dues.html", context)


def clerks_person(request: HttpRequest, pk: int) -> Member:
    """Return a person whose dues the reader keeps; of others they may not know (404)."""
    person = people_of(request.user).filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


def page_of(person: Member, request: HttpRequest) -> dict[str, Any]:
    today = timezone.localdate()
    year = year_in(request.GET, today)
    found = year_of(person, year, on=today)
    return {
        "person": person,
        "place": person.organization.name if person.organization else "",
        "branch": branch_of(person),
        "dues": found,
        "year": year,
        "years": [year - 1, year, year + 1] if year < today.year else [year - 1, year],
        "standards": list(standards_of(person)),
        "payments": list(with_power(payments_of(person, year), request.user, "correct")),
        "reductions": list(reductions_of(person)),
        "fixed": found.facts.rules.student if pays_fixed(person.person_kind) else None,
        "advance": quarter_end(today),
        "standard_url": reverse("members:dues:standard-set", args=[person.pk]),
        "reduction_url": reverse("members:dues:reduction-ask", args=[person.pk]),
        "is_own": False,
        "may_collect": False,
        "online": [],
    }


def standard_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm from which base a person's dues are reckoned."""
    person, today = clerks_person(request, pk), timezone.localdate()
    present = standards_of(person).filter(until=None).first()
    initial = {"kind": present.kind if present else usual_kind(person.person_kind), "month": as_text(month_of(today))}
    form = StandardForm(request.POST or None, on=today, back=rules_on(today).make_up_months, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.set_standard(person, by=request.user, on=today, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(
                request,
                _("%(name)s owes %(amount)s yuan a month (%(article)s).")
                % {"name": person.name, "amount": made.amount, "article": made.article_label},
            )
            return redirect("members:dues:person-dues", pk)
    context = {"person": person, "form": form, "present": present, "rules": rules_on(today)}
    return render(request, "members/dues/standard_set.html", context)


def base_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then show the base on this one answer; one's own is shown without a reason."""
    rows = DuesStandard.objects.select_related("person__user", "person__organization")
    standard = fetch(request.user, "reveal", DuesStandard, queryset=rows, pk=pk)
    if not standard.base:
        raise Http404
    is_own = standard.person.user_id == request.user.pk
    form = None if is_own else ReasonForm(request.POST or None)
    context: dict[str, Any] = {"standard": standard, "person": standard.person, "form": form, "is_own": is_own}
    if request.method == "POST":
        if form is None:
            context["base"] = services.own_base(standard, by=request.user)
        elif form.is_valid():
            context["base"] = services.reveal_base(standard, reason=form.cleaned_data["reason"], by=request.user)
    return render(request, "members/dues/base_reveal.html", context)
