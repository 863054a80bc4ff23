"""Numbered receipts to print, and taking a payment back."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from portal.access.policy import fetch, may, scope
from portal.documents.responses import paper_response
from portal.documents.services import Format
from portal.organizations.models import Organization
from portal.web.views import add_refusal, refused

from .. import services
from ..forms import ReasonForm
from ..models import DuesPayment, PaymentKind
from ..months import as_text
from ..printing import RECEIPT, slips_of
from .addressing import month_in, node_of
from .branches import address

RECEIPTS_MAX = 300


@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one receipt to the payer and the clerk."""
    payment = fetch(request.user, "view", DuesPayment, queryset=_rows(), pk=pk)
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
    branch, found = _asked(request, request.GET, today)
    wanted = found[0].month if found else month_in(request.GET, today)
    context = {
        "token": request.GET.get("token", ""),
        "month_text": as_text(wanted),
        "branch": branch,
        "payments": found,
        "total": sum(row.amount for row in found),
        "back_url": address("month", branch, month=as_text(wanted)),
    }
    return render(request, "members/dues/receipt_list.html", context)


@require_POST
def receipt_print(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one receipt as a PDF, to the payer and the clerk."""
    payment = fetch(request.user, "view", DuesPayment, queryset=_rows(), pk=pk)
    services.record_receipts([payment], by=request.user)
    return paper_response(RECEIPT, slips_of([payment]), format=Format.PDF, name=f"党费收据-{payment.receipt_no}")


@require_POST
def receipt_list_print(request: HttpRequest) -> HttpResponse:
    """Send the receipts of one collection or of a branch's month as one PDF, to be cut apart."""
    branch, found = _asked(request, request.POST, timezone.localdate())
    if not found:
        return refused(request, [_("No payment is recorded here.")])
    services.record_receipts(found, by=request.user)
    name = f"党费收据-{branch.name}-{as_text(found[0].month)}"
    return paper_response(RECEIPT, slips_of(found), format=Format.PDF, name=name)


def _rows() -> Any:
    return DuesPayment.objects.select_related("person__user", "organization", "recorded_by", "reverses", "reversal")


def _asked(
    request: HttpRequest, parameters: Mapping[str, str], today: date
) -> tuple[Organization, list[DuesPayment]]:
    """Return the branch that is named and its payments: those of one form by its token, else those of a month."""
    branch = node_of(request.user, parameters)
    rows = scope(request.user, "view", DuesPayment).filter(organization=branch)
    rows = rows.select_related("person__user", "organization", "recorded_by", "reverses", "reversal")
    if token := parameters.get("token"):
        try:
            rows = rows.filter(token=uuid.UUID(token))
        except ValueError as error:
            raise Http404 from error
    else:
        rows = rows.standing().filter(month=month_in(parameters, today))
    return branch, list(rows.order_by("receipt_year", "receipt_serial")[:RECEIPTS_MAX])


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
