"""Reductions: the branch asks, the committee decides."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.policy import fetch, scope, with_power
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.web.pagination import numbered_page
from portal.web.views import add_refusal

from .. import services
from ..forms import AnswerForm, ReductionForm
from ..models import Reduction, ReductionState
from ..months import as_text, in_words, month_of
from ..queries.facts import rules_on
from .people import clerks_person


@require_GET
def reduction_list(request: HttpRequest) -> HttpResponse:
    """Show the reductions of the reader's branches, those that wait first."""
    rights = rights_of(request.user)
    if not (rights.holds(Duty.COLLECT_DUES) or rights.holds(Duty.APPROVE_REDUCTIONS)):
        raise PermissionDenied
    wanted = request.GET.get("state", ReductionState.ASKED)
    wanted = wanted if wanted in ReductionState.values else ""
    rows = scope(request.user, "view", Reduction).select_related("person__user", "organization")
    if wanted:
        rows = rows.filter(state=wanted)
    here = reverse("members:dues:reduction-list")
    tabs = [
        {"label": label, "url": f"{here}?state={value}", "current": value == wanted, "count": 0}
        for value, label in [*ReductionState.choices, ("all", _("all"))]
    ]
    tabs[-1]["current"] = not wanted
    context = {"page": numbered_page(request, rows), "state": wanted, "tabs": tabs}
    return render(request, "members/dues/reduction_list.html", context)


def reduction_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what the branch decided to ask the committee for."""
    person, today = clerks_person(request, pk), timezone.localdate()
    rules = rules_on(today)
    month = as_text(month_of(today))
    form = ReductionForm(
        request.POST or None, on=today, back=rules.make_up_months, ahead=rules.reduction_months,
        initial={"first": month, "last": month, "decided_on": today},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            made = services.ask_reduction(person, by=request.user, on=today, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The committee above has been asked."))
            return redirect(made.get_absolute_url())
    return render(request, "members/dues/reduction_ask.html", {"person": person, "form": form})


def _items(reduction: Reduction) -> list[tuple[str, str]]:
    amount = _("waived") if reduction.is_waiver else _("%(amount)s yuan") % {"amount": reduction.amount}
    months = _("%(first)s to %(last)s") % {"first": in_words(reduction.first), "last": in_words(reduction.last)}
    return [
        (_("Months"), months),
        (_("To pay a month"), amount),
        (_("What the branch found"), reduction.reason),
        (_("The branch decided on"), date_format(reduction.decided_on, "SHORT_DATE_FORMAT")),
        (_("Asked by"), reduction.asked_by.name if reduction.asked_by else ""),
    ]


def reduction_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a reduction; the committee answers it here."""
    rows = Reduction.objects.select_related("person__user", "organization", "asked_by", "answered_by")
    rows = with_power(rows, request.user, "answer")
    reduction = fetch(request.user, "answer" if request.method == "POST" else "view", Reduction, queryset=rows, pk=pk)
    may_answer = reduction.may_answer and reduction.state == ReductionState.ASKED
    form = AnswerForm(request.POST or None) if reduction.may_answer else None
    if request.method == "POST" and form is not None and form.is_valid():
        words, today = form.cleaned_data["words"], timezone.localdate()
        try:
            if form.cleaned_data["decision"] == "approve":
                services.approve_reduction(reduction, words=words, by=request.user, on=today)
            else:
                services.refuse_reduction(reduction, words=words, by=request.user, on=today)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The decision is recorded; the branch and the person are told."))
            return redirect(reduction.get_absolute_url())
    is_own = reduction.person.user_id == request.user.pk
    context = {
        "reduction": reduction,
        "items": _items(reduction),
        "form": form if may_answer or request.method == "POST" else None,
        "is_own": is_own,
    }
    return render(request, "members/dues/reduction_detail.html", context)
