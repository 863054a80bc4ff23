"""The sealed part of a file: its list, putting a scan in, opening one with a reason, taking a wrong one out."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from portal.access.policy import fetch, may, scope
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms.cases import SealedReasonForm, SealForm
from ..models import Case, CaseState, SealedFile
from ..policies import SEALED_MINUTES


def _case(request: HttpRequest, action: str, pk: int) -> Case:
    return fetch(request.user, action, Case, queryset=Case.objects.with_people(), pk=pk)


def _list_url(case: Case) -> str:
    return reverse("members:recruitment:sealed-list", args=[case.pk])


@require_GET
def sealed_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which papers are under seal; none of them can be reached from here without a reason."""
    case = _case(request, "unseal", pk)
    rows = scope(request.user, "know", SealedFile).filter(case=case).select_related("filed_by")
    is_kept = may(request.user, "record", case)
    context = {
        "case": case,
        "rows": rows,
        "may_remove": is_kept,
        "add_url": reverse("members:recruitment:sealed-create", args=[pk])
        if is_kept and case.state == CaseState.OPEN
        else "",
    }
    return render(request, "members/recruitment/sealed_list.html", context)


class SealedCreateView(ServiceFormMixin, FormView):
    """The branch puts a letter or a reply under seal."""

    form_class, template_name = SealForm, "members/recruitment/sealed_create.html"
    success_message = gettext_lazy("The paper is under seal.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.case = _case(request, "record", pk)
        return super().dispatch(request, *args, pk=pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"case": self.case, "back_url": _list_url(self.case)}

    def perform(self, **data: Any) -> SealedFile:
        return services.seal_file(self.case, data.pop("file"), by=self.request.user, **data)

    def get_success_url(self) -> str:
        return _list_url(self.case)


class _SealedView(ServiceFormMixin, FormView):
    form_class, action = SealedReasonForm, ""
    sealed: SealedFile

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, sealed_pk: int) -> HttpResponse:
        rows = SealedFile.objects.select_related("case__person__user", "case__organization", "file")
        self.sealed = fetch(request.user, "know", SealedFile, queryset=rows, pk=sealed_pk, case=pk)
        if not may(request.user, self.action, self.sealed):
            raise PermissionDenied  # ``fetch`` would ask ``view``, which holds only after a look
        return super().dispatch(request, *args, pk=pk, sealed_pk=sealed_pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case = self.sealed.case
        shown = {"case": case, "sealed": self.sealed, "back_url": _list_url(case), "minutes": SEALED_MINUTES}
        return super().get_context_data(**kwargs) | shown

    def get_success_url(self) -> str:
        return _list_url(self.sealed.case)


class SealedOpenView(_SealedView):
    """Ask for the reason, then hand out the file for some minutes."""

    template_name, action = "members/recruitment/sealed_open.html", "open"

    def perform(self, reason: str) -> Any:
        return services.open_sealed(self.sealed, reason=reason, by=self.request.user)

    def form_valid(self, form: SealedReasonForm) -> HttpResponse:
        answer = super().form_valid(form)
        if form.errors:
            return answer
        context = self.get_context_data(form=None) | {"files": [self.sealed.file]}
        return render(self.request, "members/recruitment/sealed_opened.html", context)


class SealedRemoveView(_SealedView):
    """Take a wrong scan out, with a reason."""

    template_name, action = "members/recruitment/sealed_remove.html", "remove"
    success_message = gettext_lazy("The paper was taken out and its scan deleted.")

    def perform(self, reason: str) -> None:
        services.remove_sealed(self.sealed, reason=reason, by=self.request.user)
