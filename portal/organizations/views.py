"""Pages of the tree: the whole, one node, its posts, and the forms of those who keep them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django.views.generic import FormView

from portal.access.policy import fetch, scope, with_power
from portal.access.rights import rights_of
from portal.accounts.models import User
from portal.extensions.registry import panels
from portal.web.pagination import numbered_page
from portal.web.views import ServiceFormMixin

from . import queries, services
from .duties import Duty
from .forms import DESCRIPTION, AppointForm, CloseForm, DayForm, DismissForm, MoveForm, OrganizationForm
from .models import Appointment, Organization

SUGGESTIONS = 10


@require_GET
def organization_tree(request: HttpRequest) -> HttpResponse:
    """Show the tree as of a day, whole when it is small, otherwise two levels under ``?top=``."""
    form = DayForm(request.GET)
    day = form.day
    top = None
    if request.GET.get("top"):
        top = fetch(request.user, "view", Organization, pk=request.GET["top"])
    nodes = scope(request.user, "view", Organization)
    nodes = nodes.on(day) if day else nodes.filter(closed_on=None)
    rows = queries.tree_rows(nodes, top=top, on=day or timezone.localdate())
    return render(
        request, "portal/organizations/organization_tree.html", {"rows": rows, "form": form, "day": day, "top": top}
    )


@require_GET
def organization_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one node: what it is, its posts, what lies below, and the blocks of the rooms."""
    nodes = scope(request.user, "view", Organization)
    for action in ("change", "add", "appoint"):
        nodes = with_power(nodes, request.user, action)
    node = fetch(request.user, "view", Organization, queryset=nodes, pk=pk)
    context = {
        "node": node,
        "around": queries.around(node, on=timezone.localdate()),
        "panels": [
            (panel, render_to_string(panel.template, shown, request))
            for panel in panels
            if (shown := panel.context(node, request.user)) is not None
        ],
    }
    for name, may in (("create", node.may_add), ("edit", node.may_change)):
        context[f"{name}_url"] = reverse(f"organizations:organization-{name}", args=[pk]) if may else ""
    return render(request, "portal/organizations/organization_detail.html", context)


@require_GET
def post_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who held which post on a node, ever or as of a day."""
    node = fetch(request.user, "view", Organization, pk=pk)
    form = DayForm(request.GET)
    held = queries.posts_of(scope(request.user, "view", Appointment), node, on=form.day)
    context = {"node": node, "form": form, "day": form.day, "page_obj": numbered_page(request, held)}
    return render(request, "portal/organizations/post_history.html", context)


@require_GET
def person_suggest(request: HttpRequest) -> JsonResponse:
    """Return a few people whom the reader may see and may want to appoint, for the field's list of suggestions."""
    words = request.GET.get("words", "").strip()
    if len(words) < 2 or not rights_of(request.user).holds(Duty.APPOINT):
        return JsonResponse({"people": []})
    seen = scope(request.user, "view", User).filter(is_active=True)
    found = seen.filter(name__startswith=words) | seen.filter(number__startswith=words)
    rows = found.order_by("number").values_list("number", "name")[:SUGGESTIONS]
    return JsonResponse({"people": [{"number": number, "name": name} for number, name in rows]})


class _NodeView(ServiceFormMixin, FormView):
    """A form about one node, on which the reader must be allowed to ``action``."""

    action = "change"
    node: Organization

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        self.node = fetch(request.user, self.action, Organization, pk=pk)
        return super().dispatch(request, *args, pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(node=self.node, **kwargs)

    def get_success_url(self) -> str:
        return self.node.get_absolute_url()


class OrganizationCreateView(_NodeView):
    """Add a node under the one in the address."""

    form_class, template_name = OrganizationForm, "portal/organizations/organization_create.html"
    action = "add"
    success_message = _("%(name)s was created.")

    def perform(self, **data: Any) -> Organization:
        return services.create_organization(parent=self.node, by=self.request.user, **data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class OrganizationEditView(_NodeView):
    form_class, template_name = OrganizationForm, "portal/organizations/organization_edit.html"
    success_message = _("%(name)s was saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.node}

    def perform(self, **data: Any) -> Organization:
        return services.update_organization(
            self.node, by=self.request.user, **{name: data[name] for name in DESCRIPTION}
        )


class OrganizationMoveView(_NodeView):
    """Hang a node elsewhere; the form offers only places on which the reader may add."""

    form_class, template_name = MoveForm, "portal/organizations/organization_move.html"
    success_message = _("It now stands under %(parent)s.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user, "node": self.node}

    def perform(self, parent: Organization) -> Organization:
        return services.move_organization(self.node, parent=parent, by=self.request.user)


class OrganizationCloseView(_NodeView):
    form_class, template_name = CloseForm, "portal/organizations/organization_close.html"
    success_message = _("The organization was closed.")

    def perform(self, status: str, on: Any) -> Organization:
        return services.close_organization(self.node, status=status, on=on, by=self.request.user)


class AppointView(_NodeView):
    form_class, template_name = AppointForm, "portal/organizations/appoint.html"
    action = "appoint"
    success_message = _("%(person)s was appointed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}

    def perform(self, person: User, **data: Any) -> Appointment:
        return services.appoint(person, self.node, by=self.request.user, **data)


class DismissView(ServiceFormMixin, FormView):
    form_class, template_name = DismissForm, "portal/organizations/dismiss.html"
    success_message = _("The post has ended.")

    def dispatch(self, request: HttpRequest, *args: Any, pk: int) -> HttpResponse:
        held = Appointment.objects.select_related("user", "organization")
        self.appointment = fetch(request.user, "change", Appointment, queryset=held, pk=pk, ended_at=None)
        return super().dispatch(request, *args, pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(appointment=self.appointment, **kwargs)

    def perform(self, on: Any) -> Appointment:
        return services.dismiss(self.appointment, on=on, by=self.request.user)

    def get_success_url(self) -> str:
        return self.appointment.organization.get_absolute_url()
