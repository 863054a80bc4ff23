"""Verbs around a case: open it for a letter on paper, end it, hand it on, allow an exception in it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from members.models import Member
from portal.access.policy import fetch, may, scope
from portal.organizations.models import Standing
from portal.web.views import ServiceFormMixin, refused

from .. import services
from ..engine.details import ApplicationFact
from ..forms.cases import CaseCloseForm, CaseCreateForm, CaseMoveForm, ExceptionForm
from ..models import Case, CaseState, ExceptionGrant
from ..queries.acting import may_open_for, superior_of
from ..services.cases import BEFORE_ADMISSION


def address_of(case: Case) -> str:
    return reverse("members:recruitment:case-detail", args=[case.pk])


class CaseCreateView(ServiceFormMixin, FormView):
    """The branch opens the case of somebody who handed in the letter on paper."""

    form_class, template_name = CaseCreateForm, "members/recruitment/case_create.html"
    success_message = gettext_lazy("The case is open. Somebody of the branch now talks with the applicant.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.member = fetch(request.user, "view", Member, queryset=Member.objects.with_person(), pk=pk)
        if not may_open_for(request.user, self.member):
            raise Http404
        held = Case.objects.open().filter(person=self.member).only("pk").first()
        if held is not None:
            return refused(request, [_("This person already has an open case.")])
        if self.member.standing == Standing.FULL_MEMBER:
            return refused(request, [_("A full member does not apply for membership.")])
        return super().dispatch(request, *args, pk=pk)

    def get_form_kwargs(self) -> dict[str, Any]:
        today = timezone.localdate()
        initial = {"received_on": today, "leaves_on": self.member.graduated_on}
        return super().get_form_kwargs() | {"by": self.request.user, "initial": initial}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"member": self.member}

    def perform(
        self, *, on: Any, received_on: Any, is_signed: bool, scan: Any, leaves_on: Any, barred_until: Any
    ) -> Case:
        paper = services.Filed("application_letter", dated_on=on, is_signed=is_signed, file=scan)
        return services.open_case(
            self.member, on=on, details=ApplicationFact(received_on=received_on), by=self.request.user,
            documents=[paper], leaves_on=leaves_on, barred_until=barred_until,
        )  # fmt: skip

    def get_success_url(self) -> str:
        return address_of(self.result)


class _CaseFormView(ServiceFormMixin, FormView):
    """A form about one open case; what follows is said before anything is done."""

    action = ""
    case: Case

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.case = fetch(request.user, self.action, Case, queryset=Case.objects.with_people(), pk=pk)
        if self.case.state != CaseState.OPEN:
            return refused(request, [_("This case is closed.")])
        return super().dispatch(request, *args, pk=pk)

    def effects(self) -> list[str]:
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"case": self.case, "effects": self.effects(), "back_url": address_of(self.case)}
        return super().get_context_data(**kwargs) | shown

    def get_success_url(self) -> str:
        return address_of(self.case)


class CaseCloseView(_CaseFormView):
    form_class, template_name, action = CaseCloseForm, "members/recruitment/case_close.html", "close"
    success_message = gettext_lazy("The case is closed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"case": self.case}

    def effects(self) -> list[str]:
        names = {"name": self.case.person.name}
        found = [
            _("Nothing more can be recorded; the file stays as it is and can be read."),
            _("A new application begins a new case."),
        ]
        if self.case.standing in BEFORE_ADMISSION:
            found.insert(0, _("If the application is withdrawn or %(name)s is found unfit, the standing ends.") % names)
        else:
            found.append(_("Only the congress decides on a probationary member (XZ26 art. 31)."))
        return found

    def perform(self, **data: Any) -> Case:
        return services.close(self.case, by=self.request.user, **data)


class CaseMoveView(_CaseFormView):
    """Hand the case to the branch its person belongs to by now; a transfer takes it along by itself."""

    form_class, template_name, action = CaseMoveForm, "members/recruitment/case_move.html", "record"

    @property
    def destination(self) -> Any:
        branch = self.case.person.organization
        is_elsewhere = branch is not None and branch.pk != self.case.organization_id and branch.is_branch
        return branch if is_elsewhere else None

    def effects(self) -> list[str]:
        if self.destination is None:
            return []
        names = {"branch": self.destination, "before": self.case.organization, "name": self.case.person.name}
        return [
            text % names
            for text in (
                _("From that day %(branch)s keeps the case of %(name)s; %(before)s no longer sees it."),
                _("Where the material was handed over and checked, the time of cultivation goes on."),
                _("Where it was not, cultivation begins anew on that day (XZ26 art. 12)."),
            )
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"destination": self.destination}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.destination is None:
            return refused(request, [_("A case goes where its person goes: first place the person in a branch.")])
        return super().post(request, *args, **kwargs)

    def perform(self, *, on: Any, is_handed_over: bool) -> Case:
        return services.move_case(
            self.case, self.destination, on=on, is_handed_over=is_handed_over, by=self.request.user
        )

    def get_success_message(self, data: dict[str, Any]) -> str:
        return _("%(branch)s keeps this case now.") % {"branch": self.result.organization}

    def get_success_url(self) -> str:
        is_seen = may(self.request.user, "view", self.result)
        return address_of(self.result) if is_seen else reverse("members:recruitment:case-list")


class ExceptionGrantView(_CaseFormView):
    """The superior lets one case pass one rule, with the reason on record."""

    form_class, template_name, action = ExceptionForm, "members/recruitment/exception_grant.html", "except"
    success_message = gettext_lazy("The exception is on record; the branch has been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        initial = {"rule": self.request.GET.get("rule", "")}
        granted = scope(self.request.user, "view", ExceptionGrant).filter(case=self.case).values_list("rule", flat=True)
        return super().get_form_kwargs() | {"granted": granted, "initial": initial}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"superior": superior_of(self.case.organization)}

    def effects(self) -> list[str]:
        return [
            _("The one rule no longer stands in the way in this case; every other rule does, as before."),
            _("What the nation fixes cannot be passed by anybody; it is not offered here."),
            _("The exception cannot be taken back, and is shown beside what rests on it."),
        ]

    def perform(self, **data: Any) -> Any:
        return services.grant_exception(self.case, by=self.request.user, **data)
