"""Forms of those who keep the tree: create, edit, move and close a node, appoint and dismiss."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from portal.access.policy import fetch
from portal.accounts.models import User
from portal.web.views import ServiceFormMixin

from .. import services
from ..forms import DESCRIPTION, AppointForm, CloseForm, DismissForm, MoveForm, OrganizationForm
from ..models import Appointment, Organization, OrganizationStatus


class NodeView(ServiceFormMixin, FormView):
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


class OrganizationCreateView(NodeView):
    """Add a node under the one in the address."""

    form_class, template_name = OrganizationForm, "portal/organizations/organization_create.html"
    action = "add"
    success_message = _("%(name)s was created.")

    def perform(self, **data: Any) -> Organization:
        return services.create_organization(parent=self.node, by=self.request.user, **data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class OrganizationEditView(NodeView):
    form_class, template_name = OrganizationForm, "portal/organizations/organization_edit.html"
    success_message = _("%(name)s was saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.node}

    def perform(self, **data: Any) -> Organization:
        return services.update_organization(
            self.node, by=self.request.user, **{name: data[name] for name in DESCRIPTION}
        )


class OrganizationMoveView(NodeView):
    """Hang a node elsewhere; the form offers only places on which the reader may add."""

    form_class, template_name = MoveForm, "portal/organizations/organization_move.html"
    success_message = _("It now stands under %(parent)s.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user, "node": self.node}

    def perform(self, parent: Organization) -> Organization:
        return services.move_organization(self.node, parent=parent, by=self.request.user)


class OrganizationCloseView(NodeView):
    form_class, template_name = CloseForm, "portal/organizations/organization_close.html"
    success_message = _("The organization was closed.")

    def perform(self, on: Any) -> Organization:
        return services.close_organization(self.node, status=OrganizationStatus.DISSOLVED, on=on, by=self.request.user)


class AppointView(NodeView):
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
