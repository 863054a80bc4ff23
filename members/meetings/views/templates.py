"""Templates of meetings: what comes again, and what one plans from."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import FormView

from portal.access.policy import fetch, scope
from portal.access.rights import rights_of
from portal.organizations.duties import Duty
from portal.organizations.models import Organization
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin

from .. import forms, services
from ..models import MeetingKind, MeetingTemplate
from ..rules.agenda_text import write_agenda
from ..rules.circles import kinds_for
from ..rules.drafts import draft_for
from .nodes import choose_node, named_node


@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    """Show the templates of the reader's organizations."""
    if not rights_of(request.user).holds(Duty.HOLD_MEETINGS):
        raise PermissionDenied
    rows = scope(request.user, "view", MeetingTemplate).select_related("organization")
    page = numbered_page(request, rows.order_by("-is_active", "organization__path", "title", "pk"))
    labels = dict(MeetingKind.choices)
    context = {
        "page": page,
        "rows": [{"template": row, "kinds": ", ".join(str(labels.get(kind, kind)) for kind in row.kinds)}
                 for row in page],  # fmt: skip
    }
    return render(request, "members/meetings/template_list.html", context)


class _TemplateFormView(ServiceFormMixin, FormView):
    form_class, template_name = forms.TemplateForm, "members/meetings/template_form.html"
    success_url = None
    success_message = _("The template is kept.")
    organization: Organization
    template: MeetingTemplate
    # What an edit began from.
    seen = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"organization": self.organization, "instance": self.template}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "organization": self.organization, "template": self.template if self.template.pk else None,
            "seen": self.request.POST.get("seen") or self.seen,
        }  # fmt: skip

    def perform(self, **data: Any) -> MeetingTemplate:
        # The form has filled its instance already.
        seen = self.request.POST.get("seen") or None
        return services.save_template(self.template, seen=seen, by=self.request.user)

    def get_success_url(self) -> str:
        return reverse("members:meetings:template-list")


class TemplateCreateView(_TemplateFormView):
    """Make a template, from the usual agenda of a kind when the address names one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not rights_of(request.user).holds(Duty.HOLD_MEETINGS):
            raise PermissionDenied
        node = named_node(request)
        if node is None:
            return choose_node(request, _("Make a template"))
        self.organization, self.template = node, MeetingTemplate(organization=node)
        return super().dispatch(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        kinds = kinds_for(self.organization.org_type)
        named = self.request.GET.get("kind", "")
        kind = str(named if named in kinds else kinds[0])
        title, minutes, agenda = draft_for([kind])
        lines = [{"kind": code, "title": matter, "minutes": length} for code, matter, length in agenda]
        labels = {code.value: code.label for code in kinds}
        return {
            "title": title, "kinds": [kind], "lasts_minutes": minutes, "begins": "14:30",
            "agenda": write_agenda(lines, labels),
        }  # fmt: skip


class TemplateEditView(_TemplateFormView):
    """Change a template."""

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        rows = MeetingTemplate.objects.select_related("organization")
        self.template = fetch(request.user, "hold", MeetingTemplate, queryset=rows, pk=pk)
        self.organization = self.template.organization
        self.seen = services.fingerprint_of_template(self.template)
        return super().dispatch(request, *args, pk=pk)

    def get_initial(self) -> dict[str, Any]:
        return {"agenda": write_agenda(self.template.agenda, dict(MeetingKind.choices))}


@require_POST
def template_switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a template out of use, or into use again."""
    template = fetch(request.user, "hold", MeetingTemplate, pk=pk)
    services.switch_template(template, is_active=not template.is_active, by=request.user)
    messages.success(request, _("The template is in use.") if template.is_active else _("The template rests."))
    return HttpResponseRedirect(reverse("members:meetings:template-list"))
