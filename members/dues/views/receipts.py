"""Numbered receipts to print, and taking a payment back."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from portal.access.policy import fetch, may, scope
from portal.web.views import add_refusal

from .. import services
from ..forms import ReasonForm
from ..models import DuesPayment, PaymentKind
from ..months import as_text
from .addressing import month_in, node_of
from .branches import address

RECEIPTS_MAX = 300


@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one receipt to the payer and the clerk."""
    rows = DuesPayment.objects.select_related("person__user", "organization", "recorded_by", "reverses", "reversal")
    payment = fetch(request.user, "view", DuesPayment, queryset=rows, pk=pk)
    taken_back = hasattr(payment, "reversal")
    context = {
        "payment": payment,
        "taken_back": taken_back,
        "is_own": payment.person.user_id == request.user.pk,
        "may_correct": payment.kind == PaymentKind.PAYMENT and not taken_back and may(request.user, "correct", payment),
    }
    return render(request, "members/dues/receipt.html", context)


@require_GET
def receipt_list(request: HttpRequest) -> HttpResponse:
    """Show the receipts of one collection or of a branch's month, to be printed together."""
    today = timezone.localdate()
    branch = node_of(request.user, request.GET)
    rows = scope(request.user, "view", DuesPayment).filter(organization=branch)
    rows = rows.select_related("person__user", "recorded_by")
    if token := request.GET.get("token"):
        try:
            rows = rows.filter(token=uuid.UUID(token))
        except ValueError as error:
            raise Http404 from error
    else:
        rows = rows.standing().filter(month=month_in(request.GET, today))
    found = list(rows.order_by("receipt_year", "receipt_serial")[:RECEIPTS_MAX])
    wanted = found[0].month if found else month_in(request.GET, today)
    context = {
        "branch": branch,
        "payments": found,
        "total": sum(row.amount for row in found),
        "back_url": address("month", branch, month=as_text(wanted)),
    }
    return render(request, "members/dues/receipt_list.html", context)


def payment_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reason, then take a payment back by a reversal."""
    rows = DuesPayment.objects.select_related("person__user", "organization")
    payment = fetch(request.user, "correct", DuesPayment, queryset=rows, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.correct_payment(
                payment, reason=form.cleaned_data["reason"], by=request.user, on=timezone.localdate()
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(
                request,
                _("Receipt %(receipt)s is taken back; the month can be recorded anew.")
                % {"receipt": payment.receipt_no},
            )
            return redirect(made.get_absolute_url())
    return render(request, "members/dues/payment_correct.html", {"payment": payment, "form": form})
